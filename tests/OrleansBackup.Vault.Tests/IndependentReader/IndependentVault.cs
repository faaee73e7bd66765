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

    public IEnumerable<string> Tenants => objects.Keys.Where(n => n.EndsWith("/keys", StringComparison.Ordinal)).Select(n => n[..^5]).Where(t => !t.Contains('/')).Order(StringComparer.Ordinal);

    public IEnumerable<string> Resources(string tenant) => objects.Keys
        .Where(n => n.StartsWith($"{tenant}/resources/", StringComparison.Ordinal)).Select(n => n.Split('/')[2]).Distinct().Order(StringComparer.Ordinal);

    public IndependentResource Open(string tenant, string resource) =>
        new(objects, tenant, resource, TenantSecrets.Unwrap(keyFile, tenant, objects[$"{tenant}/keys"]));
}
