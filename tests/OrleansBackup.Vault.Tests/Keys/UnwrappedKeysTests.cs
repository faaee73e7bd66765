using OrleansBackup.Vault.Keys;
using OrleansBackup.Vault.Keys.Destruction;
using OrleansBackup.Vault.Tests.Given;

namespace OrleansBackup.Vault.Tests.Keys;

/// <summary>What a process keeps of unwrapped keys spares the key vault, and opens nothing that the key vault and the store would not.</summary>
public sealed class UnwrappedKeysTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TimedClock _clock = new();
    private readonly MemoryBlobStore _store = new();
    private readonly CountedKey _key;

    public UnwrappedKeysTests() => _key = new CountedKey(KeyFile.Create(_folder.Of("key")));

    [Fact]
    public async Task Opening_again_within_the_time_unwraps_nothing_and_after_it_once_more()
    {
        var repository = await RepositoryAsync();
        for (var times = 0; times < 5; times++)
            await repository.OpenAsync(AVault.Mailbox, default);
        Assert.Equal((1, 1), (_key.Given.Count, repository.TenantKeysInMemory));
        _clock.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(0, repository.TenantKeysInMemory); // although nobody asked again
        await repository.OpenAsync(AVault.Mailbox, default);
        Assert.Equal(2, _key.Given.Count);
    }

    [Fact]
    public async Task What_is_kept_opens_what_was_written_and_nobody_elses_zeroing_hurts_it()
    {
        var keys = new UnwrappedKeys(_key, TimeSpan.FromMinutes(1), 10, _clock);
        var wrapped = await _key.WrapAsync(AVault.Bytes(1, 32), "contoso", default);
        Array.Clear(await keys.UnwrapAsync(wrapped, "contoso", default));
        Assert.Equal(AVault.Bytes(1, 32), await keys.UnwrapAsync(wrapped, "contoso", default));
        await Assert.ThrowsAsync<WrongKeyException>(() => keys.UnwrapAsync(wrapped, "fabrikam", default)); // kept for its tenant only
    }

    [Fact]
    public async Task A_destroyed_key_opens_nothing_any_more_here_or_in_a_process_that_was_not_told()
    {
        var (here, elsewhere) = (await RepositoryAsync(), await RepositoryAsync());
        await here.OpenAsync(AVault.Mailbox, default);
        await elsewhere.OpenAsync(AVault.Mailbox, default);
        using var signer = DeletionSigner.Create(_folder.Of("signer"));
        await new TenantDestruction(_store, "memory", _key, signer, _clock).DestroyAsync("contoso", new DestructionOrder("kim", "The contract ended."), 5, default);
        here.ForgetKey("contoso");
        Assert.Equal((0, 1), (here.TenantKeysInMemory, elsewhere.TenantKeysInMemory));
        await Assert.ThrowsAsync<TenantKeyMissingException>(() => here.OpenAsync(AVault.Mailbox, default));
        await Assert.ThrowsAsync<TenantKeyMissingException>(() => elsewhere.OpenAsync(AVault.Mailbox, default));
        Assert.Equal(0, elsewhere.TenantKeysInMemory);
    }

    [Fact]
    public async Task A_rotated_key_needs_the_new_key_also_where_the_old_one_was_used_a_moment_ago()
    {
        var (here, elsewhere) = (await RepositoryAsync(), await RepositoryAsync());
        await here.OpenAsync(AVault.Mailbox, default);
        await elsewhere.OpenAsync(AVault.Mailbox, default);
        await here.RotateKeyAsync("contoso", KeyFile.Create(_folder.Of("next")), default);
        Assert.Equal(0, here.TenantKeysInMemory);
        await Assert.ThrowsAsync<WrongKeyException>(() => here.OpenAsync(AVault.Mailbox, default));
        await Assert.ThrowsAsync<WrongKeyException>(() => elsewhere.OpenAsync(AVault.Mailbox, default));
    }

    [Fact]
    public async Task At_most_so_many_are_kept_and_the_oldest_goes_first()
    {
        var keys = new UnwrappedKeys(_key, TimeSpan.FromHours(1), 2, _clock);
        byte[][] wrapped = [.. await Task.WhenAll(Enumerable.Range(0, 3).Select(number => _key.WrapAsync(AVault.Bytes(number, 32), $"tenant-{number}", default)))];
        for (var number = 0; number < 3; number++)
            await keys.UnwrapAsync(wrapped[number], $"tenant-{number}", default);
        Assert.Equal((2, 3), (keys.Count, _key.Given.Count));
        await keys.UnwrapAsync(wrapped[2], "tenant-2", default);
        Assert.Equal(3, _key.Given.Count);
        await keys.UnwrapAsync(wrapped[0], "tenant-0", default);
        Assert.Equal(4, _key.Given.Count);
    }

    [Fact]
    public async Task With_no_time_or_no_place_nothing_is_kept()
    {
        var wrapped = await _key.WrapAsync(AVault.Bytes(1, 32), "contoso", default);
        foreach (var keys in new[] { new UnwrappedKeys(_key, TimeSpan.Zero, 10, _clock), new UnwrappedKeys(_key, TimeSpan.FromHours(1), 0, _clock) })
        {
            await keys.UnwrapAsync(wrapped, "contoso", default);
            Assert.Equal(0, keys.Count);
        }
    }

    [Fact]
    public async Task A_key_that_was_being_unwrapped_when_it_was_destroyed_is_not_kept()
    {
        var keys = new UnwrappedKeys(_key, TimeSpan.FromHours(1), 10, _clock);
        var wrapped = await _key.WrapAsync(AVault.Bytes(1, 32), "contoso", default);
        _key.Meanwhile = () => keys.Forget("contoso");
        await keys.UnwrapAsync(wrapped, "contoso", default);
        Assert.Equal(0, keys.Count);
    }

    [Fact]
    public async Task What_is_let_go_is_zeroed()
    {
        var keys = new UnwrappedKeys(_key, TimeSpan.FromHours(1), 10, _clock);
        var wrapped = await _key.WrapAsync(AVault.Bytes(1, 32), "contoso", default);
        await keys.UnwrapAsync(wrapped, "contoso", default);
        var kept = keys.Peek().Single();
        Assert.Equal(AVault.Bytes(1, 32), kept);
        keys.Forget("contoso");
        Assert.Equal(new byte[32], kept);
    }

    public void Dispose() => _folder.Dispose();

    private async Task<VaultRepository> RepositoryAsync()
    {
        var repository = new VaultRepository(_store, _key, AVault.SmallSizes, _clock);
        await repository.CreateTenantAsync("contoso", default);
        return repository;
    }

    /// <summary>A key that remembers each time it unwrapped.</summary>
    private sealed class CountedKey(IKeyEncryption key) : IKeyEncryption
    {
        public List<byte[]> Given { get; } = [];

        public Action? Meanwhile { get; set; }

        public Task<byte[]> WrapAsync(ReadOnlyMemory<byte> dataKey, string tenant, CancellationToken cancellation) => key.WrapAsync(dataKey, tenant, cancellation);

        public async Task<byte[]> UnwrapAsync(ReadOnlyMemory<byte> wrapped, string tenant, CancellationToken cancellation)
        {
            var dataKey = await key.UnwrapAsync(wrapped, tenant, cancellation);
            Meanwhile?.Invoke();
            Given.Add(dataKey);
            return dataKey;
        }

        public Task<string> IdentifyAsync(CancellationToken cancellation) => key.IdentifyAsync(cancellation);
    }

    /// <summary>A clock that a test moves, with timers that fire when it does.</summary>
    private sealed class TimedClock : TimeProvider
    {
        private readonly List<ManualTimer> _timers = [];
        private DateTimeOffset _now = new(2026, 3, 1, 2, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => _now;

        public void Advance(TimeSpan by)
        {
            _now += by;
            foreach (var timer in _timers.Where(timer => timer.DueAt <= _now).ToList())
                timer.Fire();
        }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = new ManualTimer(() => callback(state), _now + dueTime, _timers);
            _timers.Add(timer);
            return timer;
        }

        private sealed class ManualTimer(Action fire, DateTimeOffset dueAt, List<ManualTimer> timers) : ITimer
        {
            public DateTimeOffset DueAt => dueAt;

            public void Fire()
            {
                timers.Remove(this);
                fire();
            }

            public bool Change(TimeSpan dueTime, TimeSpan period) => throw new NotSupportedException();

            public void Dispose() => timers.Remove(this);

            public ValueTask DisposeAsync()
            {
                Dispose();
                return ValueTask.CompletedTask;
            }
        }
    }
}
