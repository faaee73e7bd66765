using Amazon.Runtime;
using Microsoft.AspNetCore.Http;
using OrleansBackup.CloudStores.S3;
using OrleansBackup.Vault;
using OrleansBackup.Vault.Stores;
using OrleansBackup.Vault.Tests.Given;
using OrleansBackup.Vault.Tests.Stores;

namespace OrleansBackup.CloudStores.Tests.S3;

/// <summary>The conformance suite, and what can go wrong with S3, on a server of our own that knows the rules.</summary>
public sealed class S3BlobStoreTests : RetainingBlobStoreContract, IAsyncLifetime
{
    private const string Bucket = "vault", AccessKey = "AKIDEXAMPLE", Secret = "a secret of the tests";
    private const int Attempts = 4;
    private static readonly BlobName Name = new("contoso/log/1");

    private readonly ManualClock _clock = new();
    private readonly S3StubServer _server;
    private S3BlobStore _store = null!;

    public S3BlobStoreTests() => _server = new(Bucket, AccessKey, Secret, "eu-central-1", _clock);

    protected override IRetainingBlobStore Retaining => _store;

    protected override RetentionStrength Strength => RetentionStrength.ByStore;

    protected override DateTimeOffset Now => _clock.GetUtcNow();

    protected override void Pass(TimeSpan time) => _clock.Advance(time);

    public async Task InitializeAsync()
    {
        await _server.StartAsync();
        _store = Open();
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
    public async Task A_large_upload_survives_faults_in_each_of_its_requests(StubFault fault)
    {
        const int bytes = 12_000_000;
        _server.Play(request => request.Query.ContainsKey("partNumber"), fault);
        _server.Play(request => request.Method == "POST" && request.Query.ContainsKey("uploadId"), fault);
        Assert.True(await _store.PutIfAbsentAsync(Name, new PatternStream(bytes), bytes, default));
        Assert.True(_server.AllFaultsPlayed);
        Assert.Equal(0, _server.UnfinishedUploads);
    }

    [Fact]
    public async Task An_upload_that_is_given_up_leaves_no_parts()
    {
        await Assert.ThrowsAsync<EndOfStreamException>(() => _store.PutIfAbsentAsync(Name, new PatternStream(10_000_000), 12_000_000, default));
        Assert.Equal(0, _server.UnfinishedUploads);
    }

    [Theory]
    [InlineData(StubFault.CutShort)]
    [InlineData(StubFault.Altered)]
    [InlineData(StubFault.Dropped)]
    public async Task An_answer_that_breaks_off_or_changed_on_the_way_is_read_again(StubFault fault)
    {
        var bytes = AVault.Bytes(1, 100_000);
        await _store.PutIfAbsentAsync(Name, bytes, default);
        _server.Play(request => request.Method == "GET", fault);
        Assert.Equal(bytes, (await _store.GetAsync(Name, default))!.Value.ToArray());
        Assert.True(_server.AllFaultsPlayed);
    }

    [Theory]
    [InlineData(StubFault.Throttled, typeof(StoreThrottledException))]
    [InlineData(StubFault.Failed, typeof(StoreUnavailableException))]
    [InlineData(StubFault.Dropped, typeof(StoreUnavailableException))]
    public async Task A_fault_that_stays_is_told_in_the_vaults_words(StubFault fault, Type error)
    {
        // A connection that ends is tried again by the layers below too, unseen.
        _server.Play(_ => true, [.. Enumerable.Repeat(fault, fault == StubFault.Dropped ? 50 : Attempts)]);
        var thrown = (VaultException)await Assert.ThrowsAsync(error, () => _store.GetAsync(Name, default));
        Assert.True(thrown.IsTransient);
        Assert.True(_server.AllFaultsPlayed || fault == StubFault.Dropped);
        Assert.True(_server.Requests.Count == Attempts || fault == StubFault.Dropped);
    }

    [Fact]
    public async Task A_full_store_is_called_so_at_once()
    {
        _server.Play(IsPut, StubFault.Full);
        await Assert.ThrowsAsync<StoreFullException>(() => _store.PutIfAbsentAsync(Name, new byte[1], default));
        Assert.Null(await _store.GetLengthAsync(Name, default));
    }

    [Fact]
    public async Task A_bucket_that_is_missing_is_called_so()
    {
        using var store = Open(bucket: "nowhere");
        await Assert.ThrowsAsync<StoreMissingException>(() => store.PutIfAbsentAsync(Name, new byte[1], default));
        await Assert.ThrowsAsync<StoreMissingException>(() => store.GetAsync(Name, default));
        await Assert.ThrowsAsync<StoreMissingException>(() => store.GetLengthAsync(Name, default));
        await Assert.ThrowsAsync<StoreMissingException>(() => store.ListAsync("", default).ToListAsync().AsTask());
    }

    [Fact]
    public async Task A_wrong_secret_is_refused_and_not_tried_again()
    {
        using var store = Open(secret: "another");
        await Assert.ThrowsAsync<StoreAccessRefusedException>(() => store.PutIfAbsentAsync(Name, new byte[1], default));
        Assert.Single(_server.Requests);
    }

    [Fact]
    public async Task The_bucket_says_where_it_is()
    {
        Assert.Equal("eu-central-1", await _store.ReportRegionAsync(default));
        _server.Location = "us-east-1";
        Assert.Equal("us-east-1", await _store.ReportRegionAsync(default));
    }

    [Fact]
    public async Task A_service_that_ignores_conditions_is_found_out()
    {
        await _store.CheckAsync(default);
        Assert.Empty(await _store.ListAsync("", default).ToListAsync());
        _server.IgnoresConditions = true;
        await Assert.ThrowsAsync<StoreProtocolException>(() => _store.CheckAsync(default));
    }

    [Fact]
    public async Task A_service_that_ignores_locks_is_found_out_by_reading_back()
    {
        var retaining = new RetainingWrites(_store, TimeSpan.FromDays(30), _clock);
        Assert.True(await retaining.PutIfAbsentAsync(Name, new byte[1], default));
        Assert.Equal(new RetentionReadBack(1, ObjectRetention.RoundUp(Now + TimeSpan.FromDays(30)), RetentionStrength.ByStore), retaining.ReadBack);
        _server.IgnoresLocks = true;
        var failure = await Assert.ThrowsAsync<RetentionNotKeptException>(() => retaining.PutIfAbsentAsync(new("contoso/log/2"), new byte[1], default));
        Assert.Equal(ObjectRetention.None, failure.Found);
    }

    [Fact]
    public async Task A_large_object_is_kept_too()
    {
        var retaining = new RetainingWrites(_store, TimeSpan.FromDays(30), _clock);
        Assert.True(await retaining.PutIfAbsentAsync(Name, new PatternStream(12_000_000), 12_000_000, default));
        Assert.Equal(DeletionOutcome.Retained, await _store.TryDeleteAsync(Name, default));
    }

    private static bool IsPut(HttpRequest request) => request.Method == "PUT";

    private S3BlobStore Open(string bucket = Bucket, string secret = Secret) => new(
        new()
        {
            Bucket = bucket, Endpoint = _server.Address, Region = "eu-central-1", ListPage = 100, PartBytes = 5 << 20,
            Retry = new() { Attempts = Attempts, FirstPause = TimeSpan.FromMilliseconds(1), LongestPause = TimeSpan.FromMilliseconds(5) },
        },
        new BasicAWSCredentials(AccessKey, secret), TimeProvider.System);
}
