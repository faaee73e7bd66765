using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;
using Npgsql;
using OrleansBackup.ClientApi;
using OrleansBackup.Grains.Composition;
using OrleansBackup.Silo.Hosting;

namespace OrleansBackup.Silo.Cluster;

/// <summary>Every setting that keeps a server from being one of a cluster, at the start, with what to set.</summary>
/// <remarks>What one machine keeps in its data folder all silos must have alike: backups, the keys that open them, the key that signs deletions, their records, the API key.</remarks>
internal sealed class ClusterCheck(IConfiguration configuration) : IValidateOptions<ClusterSettings>
{
    public ValidateOptionsResult Validate(string? name, ClusterSettings options)
    {
        string[] problems = Problems(options).ToArray();
        return problems.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }

    private IEnumerable<string> Problems(ClusterSettings options)
    {
        var section = configuration.GetSection(ClusterSettings.Section);
        if (!section.Exists())
            return [];
        if (!ActorEngine.CanCluster)
            return [$"{ClusterSettings.Section}:* is set, and this is the build for one machine. Use the build for clusters (ActorRuntime=Orleans), or take these settings out: {string.Join(", ", Names(section))}."];
        if (!options.IsCluster)
            return [$"Cluster:ConnectionString is not set, beside {string.Join(", ", Names(section))}: name the PostgreSQL database of the cluster, or take these settings out."];
        return [.. DatabaseProblems(options), .. AddressProblems(options), .. TlsProblems(options), .. SharedProblems()];
    }

    private static IEnumerable<string> Names(IConfigurationSection section) => section.AsEnumerable().Where(setting => setting.Value is not null).Select(setting => setting.Key).Order(StringComparer.Ordinal);

    /// <summary>What keeps the database from being reached at all.</summary>
    public static IEnumerable<string> DatabaseProblems(ClusterSettings options)
    {
        if (options.ConnectionString is not null && options.ConnectionStringFile is not null)
            yield return "Cluster:ConnectionString and Cluster:ConnectionStringFile are both set: keep one.";
        string? problem = null;
        try
        {
            if (new NpgsqlConnectionStringBuilder(ClusterDatabase.ConnectionString(options)) is { Host: null or "" })
                problem = "names no Host";
        }
        catch (Exception error) when (error is ArgumentException or FormatException or KeyNotFoundException)
        {
            problem = "cannot be read"; // the error may quote a part that is secret
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            problem = $"needs a file that cannot be read: {error.Message}";
        }
        if (problem is not null)
            yield return $"Cluster:ConnectionString {problem}: set it like Host=db.example.com;Database=orleansbackup;Username=orleansbackup, with the password there or in Cluster:PasswordFile.";
    }

    private static IEnumerable<string> AddressProblems(ClusterSettings options)
    {
        if (string.IsNullOrWhiteSpace(options.AdvertisedAddress))
        {
            yield return "Cluster:AdvertisedAddress is not set: name the IP address of this machine at which the other silos reach it.";
            yield break;
        }
        IPAddress? address = null;
        try
        {
            address = options.ResolveAddress();
        }
        catch (SocketException)
        {
            // told below
        }
        if (address is null || address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any))
            yield return $"Cluster:AdvertisedAddress is '{options.AdvertisedAddress}', at which nobody can reach this machine: set it to its IP address, or to a name that it resolves to that.";
        else if (!IPAddress.IsLoopback(address) && !options.Tls.IsSet && !options.NetworkIsEncrypted)
            yield return "Cluster:Tls is not set: what silos send each other would cross the network unencrypted, and anybody there could be a silo. Set Cluster:Tls:CertificateFile, "
                + "Cluster:Tls:KeyFile and Cluster:Tls:AuthorityFile, or Cluster:NetworkIsEncrypted=true where a service mesh or a tunnel does both.";
    }

    private static IEnumerable<string> TlsProblems(ClusterSettings options) => options.Tls.IsSet ? SiloCertificates.Problems(options.Tls) : [];

    private IEnumerable<string> SharedProblems()
    {
        var stores = configuration.GetSection($"{StoresOptions.Section}:{nameof(StoresOptions.Stores)}");
        if (!stores.Exists())
            yield return "Vault:Stores is not set: a cluster keeps backups where every silo reaches them. Set Vault:Stores:<name>:Kind to azure or s3, or to folder with a Path that all silos share.";
        var keyVault = configuration["Keys:AzureKeyVault"] is not null;
        if (!keyVault)
        {
            foreach (var problem in FileProblems("Keys:File", "the key that opens the backups", "Keys:AzureKeyVault, or make it once with 'OrleansBackup.Silo make-key <file>' and give every silo a copy"))
                yield return problem;
        }
        foreach (var problem in FileProblems("Api:KeyFile", "the first API key", "it to a file with the same key on every silo; 'OrleansBackup.Silo make-api-key <file>' makes one"))
            yield return problem;
        foreach (var problem in FileProblems("Deletion:SigningKeyFile", "the key that signs deletion records", "it to a file with the same key on every silo; 'OrleansBackup.Silo make-deletion-key <file>' makes one"))
            yield return problem;
        if (configuration["Deletion:RecordsFolder"] is null)
            yield return "Deletion:RecordsFolder is not set: signed records of deletions are evidence and must not lie on one silo. Set it to a folder that all silos share.";
    }

    private IEnumerable<string> FileProblems(string setting, string what, string set)
    {
        if (configuration[setting] is not { } file)
            yield return $"{setting} is not set: each silo would make {what} for itself. Set {set}.";
        else if (!File.Exists(file))
            yield return $"{setting} is '{file}', and there is no such file: a silo of a cluster does not make {what} by itself. Set {set}.";
    }
}
