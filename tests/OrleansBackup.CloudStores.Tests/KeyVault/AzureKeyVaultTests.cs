using OrleansBackup.CloudStores.KeyVault;
using OrleansBackup.CloudStores.Transient;
using OrleansBackup.Vault;
using OrleansBackup.Vault.Keys;
using OrleansBackup.Vault.Stores;
using OrleansBackup.Vault.Tests.Given;

namespace OrleansBackup.CloudStores.Tests.KeyVault;

/// <summary>Wrapping with a key that never leaves its vault, against a server of our own that does real RSA.</summary>
public sealed class AzureKeyVaultTests : IAsyncLifetime
{
    private const string Token = "a token of the tests";
    private static readonly RetryOptions Quick = new() { Attempts = 4, FirstPause = TimeSpan.FromMilliseconds(1), LongestPause = TimeSpan.FromMilliseconds(5) };

    private readonly KeyVaultStubServer _server = new(Token);
    private readonly FixedToken _credential = new(Token, DateTimeOffset.MaxValue);
    private readonly TemporaryFolder _folder = new();
    private AzureKeyVault _key = null!;

    public async Task InitializeAsync()
    {
        await _server.StartAsync();
        _server.NewVersion();
        _key = Open(_credential);
    }

    public async Task DisposeAsync()
    {
        _key.Dispose();
        _folder.Dispose();
        await _server.DisposeAsync();
    }

    [Theory]
    [InlineData(32)]
    [InlineData(5_000)] // longer than RSA alone can wrap: a client secret, for example
    public async Task What_it_wrapped_it_unwraps(int bytes)
    {
        var secret = AVault.Bytes(1, bytes, compressible: false);
        Assert.Equal(secret, await _key.UnwrapAsync(await _key.WrapAsync(secret, "contoso", default), "contoso", default));
        Assert.Equal(1, _credential.Asked); // the token is kept
    }

    [Fact]
    public async Task It_opens_for_its_own_tenant_only_and_unchanged_only()
    {
        var wrapped = await _key.WrapAsync(new byte[32], "contoso", default);
        await Assert.ThrowsAsync<WrongKeyException>(() => _key.UnwrapAsync(wrapped, "fabrikam", default));
        await Assert.ThrowsAsync<WrongKeyException>(() => _key.UnwrapAsync(ReadOnlyMemory<byte>.Empty, "contoso", default));
        for (var at = 0; at < wrapped.Length; at += 5)
        {
            var changed = wrapped.ToArray();
            changed[at] ^= 1;
            await Assert.ThrowsAnyAsync<VaultException>(() => _key.UnwrapAsync(changed, "contoso", default));
        }
    }

    [Fact]
    public async Task A_new_version_opens_what_earlier_ones_wrapped_while_they_exist()
    {
        var first = await _key.IdentifyAsync(default);
        var wrapped = await _key.WrapAsync(new byte[32], "contoso", default);
        _server.NewVersion();
        Assert.NotEqual(first, await _key.IdentifyAsync(default));
        Assert.Equal(new byte[32], await _key.UnwrapAsync(wrapped, "contoso", default));
        _server.Remove(first.Split('/')[^1]);
        await Assert.ThrowsAsync<StoreMissingException>(() => _key.UnwrapAsync(wrapped, "contoso", default));
    }

    [Fact]
    public async Task A_tenant_rotates_from_a_key_file_to_a_key_vault_and_on_to_its_next_version()
    {
        var file = KeyFile.Create(_folder.Of("key"));
        var store = new FolderBlobStore(_folder.Of("vault"));
        var vault = await AVault.OnAsync(store, key: file);
        await using (var run = await vault.BeginAsync())
        {
            await run.PutAsync("a", AVault.Bytes(1, 500));
            await run.SealAsync();
        }
        Assert.True((await vault.Repository.RotateKeyAsync("contoso", _key, default)).Wrapped);
        var version = await _key.IdentifyAsync(default);
        _server.NewVersion();
        Assert.Equal(new KeyRotationResult(Wrapped: true, Removed: 1), await AVault.Existing(store, key: _key).Repository.RotateKeyAsync("contoso", _key, default));
        _server.Remove(version.Split('/')[^1]); // nothing needs it any more
        Assert.Single(await (await AVault.Existing(store, key: _key).OpenAsync()).ListPointsAsync(default));
        await Assert.ThrowsAsync<WrongKeyException>(() => AVault.Existing(store, key: file).OpenAsync());
    }

    [Fact]
    public async Task A_wrapped_key_that_names_another_server_gets_no_token()
    {
        await using var other = new KeyVaultStubServer(Token);
        await other.StartAsync();
        other.NewVersion();
        using var stranger = new AzureKeyVault(other.Key, _credential, Quick, TimeProvider.System);
        var wrapped = await stranger.WrapAsync(new byte[32], "contoso", default);
        var asked = other.Requests.Count;
        await Assert.ThrowsAsync<WrongKeyException>(() => _key.UnwrapAsync(wrapped, "contoso", default));
        Assert.Equal(asked, other.Requests.Count);
    }

    [Fact]
    public async Task A_token_that_is_refused_and_a_vault_that_is_busy_are_told_apart()
    {
        using var refused = Open(new FixedToken("another", DateTimeOffset.MaxValue));
        await Assert.ThrowsAsync<StoreAccessRefusedException>(() => refused.WrapAsync(new byte[32], "contoso", default));
        _server.Play(_ => true, StubFault.Throttled, StubFault.Failed);
        await _key.WrapAsync(new byte[32], "contoso", default);
        Assert.True(_server.AllFaultsPlayed);
        _server.Play(_ => true, StubFault.Throttled, StubFault.Throttled, StubFault.Throttled, StubFault.Throttled);
        await Assert.ThrowsAsync<StoreThrottledException>(() => _key.WrapAsync(new byte[32], "contoso", default));
    }

    private AzureKeyVault Open(FixedToken credential) => new(_server.Key, credential, Quick, TimeProvider.System);
}
