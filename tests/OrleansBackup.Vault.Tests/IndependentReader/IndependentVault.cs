namespace OrleansBackup.Vault.Tests.IndependentReader;

/// <summary>A second reader of the vault, written from FORMAT.md alone with the cryptography of .NET: what it and the product read alike,
/// somebody else can read too. It shares no reading code with the product, so that a mistake in one is not a mistake in both.</summary>
/// <remarks>Takes a whole store as names and bytes. Whatever is not as the page says ends in an exception; it does not try to go on.</remarks>
internal sealed class IndependentVault(IReadOnlyDictionary<string, byte[]> objects, string keyFile)
{
    public IReadOnlyDictionary<string, byte[]> Objects => objects;

    public static IndependentVault OfFolder(string folder, string keyFile) => new(
        Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .ToDictionary(f => Path.GetRelativePath(folder, f).Replace('\\', '/'), File.ReadAllBytes)
            .Where(f => !f.Key.StartsWith(".tmp/", StringComparison.Ordinal)).ToDictionary(), keyFile);

    public IEnumerable<string> Tenants =>
        objects.Keys.Select(n => n.Split('/')).Where(n => n is [_, "keys"] or [_, "key-copies", _]).Select(n => n[0]).Distinct().Order(StringComparer.Ordinal);

    public IEnumerable<string> Resources(string tenant) => objects.Keys
        .Where(n => n.StartsWith($"{tenant}/resources/", StringComparison.Ordinal)).Select(n => n.Split('/')[2]).Distinct().Order(StringComparer.Ordinal);

    public IndependentResource Open(string tenant, string resource) => new(objects, tenant, resource, SecretsOf(tenant));

    public string Card(string tenant) => ReadCard(objects, $"{tenant}/card/", SecretsOf(tenant));

    public string Document(string tenant, string document) => ReadNewest(objects, $"{tenant}/ledger/{document}/", 12, SecretsOf(tenant));

    /// <summary>The newest card whose name begins so.</summary>
    public static string ReadCard(IReadOnlyDictionary<string, byte[]> objects, string prefix, TenantSecrets secrets) => ReadNewest(objects, prefix, 10, secrets);

    private static string ReadNewest(IReadOnlyDictionary<string, byte[]> objects, string prefix, byte kind, TenantSecrets secrets)
    {
        var newest = objects.Keys.Where(n => n.StartsWith(prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal).Last();
        var f = secrets.OpenWhole(newest, kind, objects[newest]);
        f.Time();
        return f.Text();
    }

    private TenantSecrets SecretsOf(string tenant) => TenantSecrets.Unwrap(keyFile, tenant, KeysOf(tenant));

    /// <summary>The newest copy of the tenant's key first, that from its beginning last.</summary>
    private IEnumerable<byte[]> KeysOf(string tenant) => objects.Where(o => o.Key == $"{tenant}/keys" || o.Key.StartsWith($"{tenant}/key-copies/", StringComparison.Ordinal))
        .OrderByDescending(o => o.Key.Split('/') is [_, _, var number] ? int.Parse(number, System.Globalization.CultureInfo.InvariantCulture) : 0).Select(o => o.Value);
}
