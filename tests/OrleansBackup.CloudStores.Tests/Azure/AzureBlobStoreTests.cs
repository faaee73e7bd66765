using Microsoft.AspNetCore.Http;
using OrleansBackup.CloudStores.Azure;
using OrleansBackup.Vault;
using OrleansBackup.Vault.Stores;
using OrleansBackup.Vault.Tests.Given;
using OrleansBackup.Vault.Tests.Stores;

namespace OrleansBackup.CloudStores.Tests.Azure;

/// <summary>What Azurite cannot show: immutability, versions and faults. The conformance suite runs here too, signed in with a token.</summary>
public sealed class AzureBlobStoreTests : RetainingBlobStoreContract, IAsyncLifetime
{
    private const string Token = "a token of the tests";
    private const int Attempts = 4;
    private static readonly BlobName Name = new("contoso/log/1");

    private readonly ManualClock _clock = new();
    private readonly AzureStubServer _server;
    private AzureBlobStore _store = null!;

    public AzureBlobStoreTests() => _server = new(Token, _clock);

    protected override IRetainingBlobStore Retaining => _store;

    protected override RetentionStrength Strength => RetentionStrength.ByStore;

    protected override DateTimeOffset Now => _clock.GetUtcNow();

    protected override void Pass(TimeSpan time) => _clock.Advance(time);

    public async Task InitializeAsync()
    {
        await _server.StartAsync();
        _store = Open(Token);
    }

    public async Task DisposeAsync()
    {
        _store.Dispose();
        await _server.DisposeAsync();
    }

    [Theory]
    [InlineData(StubFault.Throttled)]
    [InlineData(StubFault.Failed)]
    [InlineData(StubFault.Dropped)]
    [InlineData(StubFault.AnswerLost)]
    public async Task A_put_that_fails_in_passing_is_done_once_and_known_as_ours(StubFault fault)
    {
        _server.Play(IsPut, fault, fault);
        Assert.True(await _store.PutIfAbsentAsync(Name, "mine"u8.ToArray(), default));
        Assert.True(_server.AllFaultsPlayed);
        Assert.False(await _store.PutIfAbsentAsync(Name, "another"u8.ToArray(), default));
    }

    [Fact]
    public async Task A_put_whose_answer_was_lost_after_somebody_elses_is_not_ours()
    {
        Assert.True(await _store.PutIfAbsentAsync(Name, "theirs"u8.ToArray(), default));
        _server.Play(IsPut, StubFault.AnswerLost);
        Assert.False(await _store.PutIfAbsentAsync(Name, "mine"u8.ToArray(), default));
    }

    [Theory]
    [InlineData(StubFault.Failed)]
    [InlineData(StubFault.AnswerLost)]
    public async Task A_delete_and_a_large_upload_survive_faults_in_each_of_their_requests(StubFault fault)
    {
        const int bytes = 6_000_000;
        _server.Play(request => request.Query["comp"] == "block", fault);
        _server.Play(request => request.Query["comp"] == "blocklist", fault);
        Assert.True(await _store.PutIfAbsentAsync(Name, new PatternStream(bytes), bytes, default));
        _server.Play(request => request.Method == "DELETE", fault);
        Assert.True(await _store.DeleteAsync(Name, default));
        Assert.True(_server.AllFaultsPlayed);
    }

    [Theory]
    [InlineData(StubFault.CutShort, false)]
    [InlineData(StubFault.Altered, false)]
    [InlineData(StubFault.CutShort, true)]
    [InlineData(StubFault.Altered, true)]
    public async Task An_answer_that_breaks_off_or_changed_on_the_way_is_read_again(StubFault fault, bool isRange)
    {
        var bytes = AVault.Bytes(1, 100_000);
        await _store.PutIfAbsentAsync(Name, bytes, default);
        _server.Play(request => request.Method == "GET", fault);
        var read = isRange ? await _store.GetRangeAsync(Name, 0, bytes.Length, default) : await _store.GetAsync(Name, default);
        Assert.Equal(bytes, read!.Value.ToArray());
        Assert.True(_server.AllFaultsPlayed);
    }

    [Theory]
    [InlineData(StubFault.Throttled, typeof(StoreThrottledException))]
    [InlineData(StubFault.Failed, typeof(StoreUnavailableException))]
    public async Task A_fault_that_stays_is_told_in_the_vaults_words(StubFault fault, Type error)
    {
        _server.Play(_ => true, [.. Enumerable.Repeat(fault, Attempts)]);
        var thrown = (VaultException)await Assert.ThrowsAsync(error, () => _store.GetAsync(Name, default));
        Assert.True(thrown.IsTransient);
        Assert.Equal(Attempts, _server.Requests.Count);
    }

    [Fact]
    public async Task A_full_store_and_a_refused_token_are_called_so_at_once()
    {
        _server.Play(IsPut, StubFault.Full);
        await Assert.ThrowsAsync<StoreFullException>(() => _store.PutIfAbsentAsync(Name, new byte[1], default));
        using var refused = Open("another");
        await Assert.ThrowsAsync<StoreAccessRefusedException>(() => refused.GetAsync(Name, default));
        Assert.Equal(2, _server.Requests.Count);
    }

    [Fact]
    public async Task A_deleted_object_leaves_no_version_that_goes_on_taking_space()
    {
        await _store.PutIfAbsentAsync(Name, new byte[10], default);
        await _store.DeleteAsync(Name, default);
        Assert.Empty(_server.EarlierVersions);
    }

    [Fact]
    public async Task A_retained_object_is_not_even_hidden()
    {
        await Retaining.PutIfAbsentAsync(Name, new byte[10], Now + TimeSpan.FromDays(1), default);
        await _store.TryDeleteAsync(Name, default);
        Assert.DoesNotContain(_server.Requests, request => request.StartsWith("DELETE", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_token_never_goes_over_an_unencrypted_connection()
    {
        using var store = AzureBlobStore.WithCredential(new("http://account.blob.example/vault"), new FixedToken(Token, DateTimeOffset.MaxValue), new(), TimeProvider.System);
        await Assert.ThrowsAsync<InvalidOperationException>(() => store.GetAsync(Name, default));
    }

    private static bool IsPut(HttpRequest request) => request.Method == "PUT";

    private AzureBlobStore Open(string token) => AzureBlobStore.WithCredential(
        new(_server.Address, "vault"), new FixedToken(token, DateTimeOffset.MaxValue),
        new()
        {
            BlockBytes = 3 << 20, ListPage = 100,
            Retry = new() { Attempts = Attempts, FirstPause = TimeSpan.FromMilliseconds(1), LongestPause = TimeSpan.FromMilliseconds(5) },
        },
        TimeProvider.System);
}
