using Microsoft.Extensions.Configuration;
using OrleansBackup.Silo.Cluster;
using OrleansBackup.TestCluster;

namespace OrleansBackup.Cluster.Tests.Orleans;

/// <summary>What keeps a server from being a silo is told at its start, all at once, with what to set.</summary>
public sealed class ClusterCheckTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("orleansbackup-check-").FullName;
    private readonly TestAuthority _authority = new("right");
    private readonly Dictionary<string, string?> _settings;

    public ClusterCheckTests()
    {
        _authority.WriteTo(_folder);
        var (certificate, key) = _authority.Issue(_folder, "silo");
        var file = Path.Combine(_folder, "file");
        File.WriteAllText(file, "secret");
        _settings = new()
        {
            ["Cluster:ConnectionString"] = "Host=db;Username=u", ["Cluster:PasswordFile"] = file, ["Cluster:AdvertisedAddress"] = "10.1.2.3",
            ["Cluster:Tls:CertificateFile"] = certificate, ["Cluster:Tls:KeyFile"] = key, ["Cluster:Tls:AuthorityFile"] = Path.Combine(_folder, "authority.pem"),
            ["Vault:Stores:main:Kind"] = "folder", ["Keys:File"] = file, ["Api:KeyFile"] = file, ["Deletion:SigningKeyFile"] = file, ["Deletion:RecordsFolder"] = _folder,
        };
    }

    public void Dispose()
    {
        _authority.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void Settings_that_are_whole_are_taken() => Assert.Empty(Problems());

    [Fact]
    public void Everything_that_is_missing_is_named_at_once()
    {
        _settings.Clear();
        _settings["Cluster:ConnectionString"] = "Host=db";

        var problems = string.Join('\n', Problems());

        foreach (var setting in new[] { "Cluster:AdvertisedAddress", "Vault:Stores", "Keys:File", "Keys:AzureKeyVault", "Api:KeyFile", "Deletion:SigningKeyFile", "Deletion:RecordsFolder" })
            Assert.Contains(setting, problems, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Cluster:ConnectionString", null, "Cluster:ConnectionString is not set")]
    [InlineData("Cluster:ConnectionString", "Hots=db", "cannot be read")]
    [InlineData("Cluster:ConnectionString", "Username=u", "names no Host")]
    [InlineData("Cluster:ConnectionStringFile", "/none", "keep one")]
    [InlineData("Cluster:PasswordFile", "/none", "needs a file that cannot be read")]
    [InlineData("Cluster:AdvertisedAddress", "0.0.0.0", "at which nobody can reach this machine")]
    [InlineData("Cluster:AdvertisedAddress", "no.such.host.invalid", "at which nobody can reach this machine")]
    [InlineData("Cluster:Tls:KeyFile", null, "Cluster:Tls:KeyFile is not set")]
    [InlineData("Cluster:Tls:KeyFile", "/none", "cannot be read")]
    [InlineData("Cluster:Tls:PeerName", "other", "would be refused by the other silos")]
    [InlineData("Keys:File", "/none", "there is no such file")]
    public void A_wrong_setting_is_told_with_what_to_set(string setting, string? value, string told)
    {
        _settings[setting] = value;

        Assert.Contains(Problems(), problem => problem.Contains(told, StringComparison.Ordinal));
        Assert.DoesNotContain(Problems(), problem => problem.Contains("secret", StringComparison.Ordinal));
    }

    [Fact]
    public void Silos_on_a_network_need_TLS_unless_the_network_is_said_to_encrypt()
    {
        foreach (var setting in _settings.Keys.Where(setting => setting.StartsWith("Cluster:Tls:", StringComparison.Ordinal)).ToList())
            _settings.Remove(setting);

        Assert.Contains("Cluster:Tls is not set", Assert.Single(Problems()), StringComparison.Ordinal);
        _settings["Cluster:NetworkIsEncrypted"] = "true";
        Assert.Empty(Problems());
        _settings.Remove("Cluster:NetworkIsEncrypted");
        _settings["Cluster:AdvertisedAddress"] = "127.0.0.1"; // this machine alone
        Assert.Empty(Problems());
    }

    private string[] Problems()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(_settings.Where(setting => setting.Value is not null)).Build();
        var settings = configuration.GetSection(ClusterSettings.Section).Get<ClusterSettings>() ?? new();
        return [.. new ClusterCheck(configuration).Validate(null, settings).Failures ?? []];
    }
}
