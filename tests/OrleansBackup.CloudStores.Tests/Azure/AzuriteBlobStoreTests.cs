using OrleansBackup.CloudStores.Azure;
using OrleansBackup.Vault;
using OrleansBackup.Vault.Stores;
using OrleansBackup.Vault.Tests.Given;
using OrleansBackup.Vault.Tests.Stores;

namespace OrleansBackup.CloudStores.Tests.Azure;

/// <summary>The conformance suite, and a whole vault, on a server that is not ours.</summary>
[Collection(AzuriteCollection.Name)]
public sealed class AzuriteBlobStoreTests : BlobStoreContract, IAsyncLifetime
{
    private readonly AzuriteServer _server;
    private readonly AzureBlobStore _store;

    public AzuriteBlobStoreTests(AzuriteServer server)
    {
        _server = server;
        _store = Open(server.ConnectionString, $"c{Guid.NewGuid():N}");
    }

    protected override IBlobStore Store => _store;

    public Task InitializeAsync() => AzuriteServer.WhyNot is null ? _store.CreateContainerAsync(default) : Task.CompletedTask;

    public Task DisposeAsync() => Task.CompletedTask;

    [AzuriteFact]
    public async Task A_container_that_is_missing_is_called_so()
    {
        using var store = Open(_server.ConnectionString, "nowhere");
        await Assert.ThrowsAsync<StoreMissingException>(() => store.PutIfAbsentAsync(new("a/b"), new byte[1], default));
        await Assert.ThrowsAsync<StoreMissingException>(() => store.GetAsync(new("a/b"), default));
        await Assert.ThrowsAsync<StoreMissingException>(() => store.GetLengthAsync(new("a/b"), default));
        await Assert.ThrowsAsync<StoreMissingException>(() => store.DeleteAsync(new("a/b"), default));
        await Assert.ThrowsAsync<StoreMissingException>(() => store.ListAsync("", default).ToListAsync().AsTask());
    }

    [AzuriteFact]
    public async Task A_wrong_key_is_refused_and_not_tried_again()
    {
        var wrong = _server.ConnectionString.Replace("AccountKey=Eby8", "AccountKey=AAAA", StringComparison.Ordinal);
        using var store = Open(wrong, "any");
        var refused = await Assert.ThrowsAsync<StoreAccessRefusedException>(() => store.PutIfAbsentAsync(new("a/b"), new byte[1], default));
        Assert.False(refused.IsTransient);
        Assert.DoesNotContain("AAAA8vdM", refused.ToString(), StringComparison.Ordinal);
    }

    [AzuriteFact]
    public async Task A_container_is_created_once() => await _store.CreateContainerAsync(default);

    [AzuriteFact]
    public async Task A_vault_lives_in_it()
    {
        var vault = await AVault.OnAsync(_store);
        var content = AVault.Bytes(7, 50_000, compressible: false);
        await using (var run = await vault.BeginAsync())
        {
            await run.PutAsync("a", content);
            await run.SealAsync();
        }
        var resource = await vault.OpenAsync();
        var point = Assert.Single(await resource.ListPointsAsync(default));
        var reader = await resource.OpenPointAsync(point.Sequence, default);
        Assert.Equal(content, await reader.ReadAllAsync((await reader.FindAsync("a", default))!.Contents["mime"]));
    }

    protected override void Dispose(bool disposing)
    {
        _store.Dispose();
        base.Dispose(disposing);
    }

    private static AzureBlobStore Open(string connectionString, string container) =>
        AzureBlobStore.WithConnectionString(connectionString, container, new() { BlockBytes = 3 << 20, ListPage = 100 }, TimeProvider.System);
}
