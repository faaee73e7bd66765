using OrleansBackup.CloudStores.Azure;
using OrleansBackup.CloudStores.Tests.VaultReader;
using OrleansBackup.Vault.Keys;
using OrleansBackup.Vault.Tests.Given;
using OrleansBackup.VaultReader;

namespace OrleansBackup.CloudStores.Tests.Azure;

/// <summary>The reader on a container of a server that is not ours, with a connection string.</summary>
[Collection(AzuriteCollection.Name)]
public sealed class AzuriteReaderTests(AzuriteServer server) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [AzuriteFact]
    public async Task It_reads_a_container_with_a_connection_string_from_the_environment_or_a_file()
    {
        var container = $"c{Guid.NewGuid():N}";
        using (var store = AzureBlobStore.WithConnectionString(server.ConnectionString, container, new(), TimeProvider.System))
        {
            await store.CreateContainerAsync(default);
            await ReaderRun.BackUpAsync(store, KeyFile.Create(_folder.Of("key")));
        }
        string[] options = ["--azure-container", container, "--key", _folder.Of("key")];
        await ReaderRun.AssertReadsAsync(ReaderRun.With(null, (StoreAccess.ConnectionStringVariable, server.ConnectionString)), _folder.Of("out"), options);
        await File.WriteAllTextAsync(_folder.Of("account"), server.ConnectionString + "\n");
        await ReaderRun.AssertReadsAsync(ReaderRun.With(), _folder.Of("out2"), [.. options, "--azure-connection-string-file", _folder.Of("account")]);
    }
}
