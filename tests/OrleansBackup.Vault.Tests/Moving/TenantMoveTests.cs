using OrleansBackup.Vault.Checking;
using OrleansBackup.Vault.Moving;
using OrleansBackup.Vault.Stores;
using OrleansBackup.Vault.Tests.Given;

namespace OrleansBackup.Vault.Tests.Moving;

/// <summary>A tenant moves whole: whatever stops it, the tenant is readable where the journal says, and the next call ends it.</summary>
public sealed class TenantMoveTests
{
    private static readonly string Tenant = AVault.Mailbox.Tenant;

    [Fact]
    public async Task A_moved_tenant_is_whole_at_its_new_place_and_gone_from_the_old()
    {
        var (source, target, journal) = (await ALifeAsync(), new MemoryBlobStore(), new Journal());
        var before = source.Copy().Objects;
        var report = await new TenantMove(Tenant, source, target, journal).RunAsync(default);

        Assert.Equal(before.OrderBy(o => o.Key.Value), target.Objects.OrderBy(o => o.Key.Value));
        Assert.Empty(source.Objects);
        Assert.Equal((before.Count, before.Values.Sum(bytes => (long)bytes.Length)), (report.Verified!.Objects, report.Verified.Bytes));
        Assert.Equal((before.Count, 0L, 0L), (report.Erased, report.Late, report.Retained));
        Assert.Equal(report.Verified, journal.Verified);
        await ReadAllAsync(target);
    }

    [Fact]
    public async Task Another_tenant_stays_where_it_is()
    {
        var (source, target) = (await ALifeAsync(), new MemoryBlobStore());
        await source.PutIfAbsentAsync(new("contoso.other/keys"), new byte[1], default);
        await target.PutIfAbsentAsync(new("fabrikam/keys"), new byte[1], default);
        await new TenantMove(Tenant, source, target, new Journal()).RunAsync(default);
        Assert.Equal(new BlobName("contoso.other/keys"), Assert.Single(source.Objects.Keys));
        Assert.Contains(new("fabrikam/keys"), target.Objects.Keys);
    }

    /// <summary>Both stores stop at each changing call of each, before it and after it; the journal too.</summary>
    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public async Task A_move_that_was_stopped_anywhere_is_ended_by_the_next_call(bool atSource, bool after)
    {
        var life = await ALifeAsync();
        var fault = after ? Fault.StoppedAfter : Fault.Stopped;
        for (var at = 0; ; at++)
        {
            var (source, target, journal) = (life.Copy(), new MemoryBlobStore(), new Journal());
            var faulty = new FaultyBlobStore(atSource ? source : target, at, fault);
            var move = new TenantMove(Tenant, atSource ? faulty : source, atSource ? target : faulty, journal);
            if (!await IsStoppedAsync(move))
            {
                Assert.True(at > 5, "the harness stopped nothing");
                break;
            }
            await ReadAllAsync(await journal.IsSwitchedAsync(default) ? target : source);
            await new TenantMove(Tenant, source, target, journal).RunAsync(default);
            Assert.Equal(life.Objects.OrderBy(o => o.Key.Value), target.Objects.OrderBy(o => o.Key.Value));
            Assert.Empty(source.Objects);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_switch_whose_answer_was_lost_is_made_once(bool wasMade)
    {
        var (source, target) = (await ALifeAsync(), new MemoryBlobStore());
        var journal = new Journal { StopsOnce = wasMade ? Fault.StoppedAfter : Fault.Stopped };
        Assert.True(await IsStoppedAsync(new TenantMove(Tenant, source, target, journal)));
        await ReadAllAsync(wasMade ? target : source);
        await new TenantMove(Tenant, source, target, journal).RunAsync(default);
        await ReadAllAsync(target);
        Assert.Empty(source.Objects);
    }

    [Fact]
    public async Task What_the_new_store_got_wrong_is_found_before_the_switch()
    {
        var (source, target, journal) = (await ALifeAsync(), new MemoryBlobStore(), new Journal());
        var pack = source.Objects.First(o => o.Key.Value.Contains("/packs/", StringComparison.Ordinal));
        var wrong = pack.Value.ToArray();
        wrong[^1] ^= 1;
        await target.PutIfAbsentAsync(pack.Key, wrong, default);
        var conflict = await Assert.ThrowsAsync<MoveConflictException>(() => new TenantMove(Tenant, source, target, journal).RunAsync(default));
        Assert.Equal(pack.Key, conflict.Name);
        Assert.False(await journal.IsSwitchedAsync(default));
        await ReadAllAsync(source);
    }

    [Fact]
    public async Task A_run_that_committed_to_the_old_store_after_the_switch_is_taken_over()
    {
        var (source, target, journal) = (await ALifeAsync(), new MemoryBlobStore(), new Journal());
        var late = await AVault.Existing(source).BeginAsync();
        await late.PutAsync("late", AVault.Bytes(99, 300));
        journal.AtSwitch = async () =>
        {
            await late.SealAsync();
            await late.DisposeAsync();
        };
        var report = await new TenantMove(Tenant, source, target, journal).RunAsync(default);
        Assert.True(report.Late > 0);
        Assert.Empty(source.Objects);
        var vault = await AVault.Existing(target).OpenAsync();
        var points = await vault.ListPointsAsync(default);
        Assert.NotNull(await (await vault.OpenPointAsync(points[^1].Sequence, default)).FindAsync("late", default));
    }

    [Fact]
    public async Task A_run_that_lost_against_one_in_the_new_store_is_left_and_told()
    {
        var (source, target, journal) = (await ALifeAsync(), new MemoryBlobStore(), new Journal());
        var late = await AVault.Existing(source).BeginAsync();
        await late.PutAsync("late", AVault.Bytes(99, 300));
        journal.AtSwitch = async () =>
        {
            await using var winner = await AVault.Existing(target).BeginAsync();
            await winner.PutAsync("winner", AVault.Bytes(98, 300));
            await winner.SealAsync();
            await late.SealAsync();
            await late.DisposeAsync();
        };
        var report = await new TenantMove(Tenant, source, target, journal).RunAsync(default);
        Assert.Contains(report.Strays, name => name.Value.Contains("/log/", StringComparison.Ordinal));
        await ReadAllAsync(target);
    }

    [Fact]
    public async Task What_was_pruned_or_rotated_in_the_new_store_since_does_not_come_back()
    {
        var (source, target) = (await ALifeAsync(), new MemoryBlobStore());
        var gone = source.Objects.Keys.First(name => name.Value.Contains("/packs/", StringComparison.Ordinal));
        var journal = new Journal();
        var stopping = new FaultyBlobStore(source, 3, Fault.Stopped); // in the middle of erasing
        Assert.True(await IsStoppedAsync(new TenantMove(Tenant, stopping, target, journal)));
        Assert.True(await journal.IsSwitchedAsync(default));
        target.Remove(gone);
        var report = await new TenantMove(Tenant, source, target, journal).RunAsync(default);
        Assert.Equal(0, report.Late);
        Assert.DoesNotContain(gone, target.Objects.Keys);
        Assert.Empty(source.Objects);
    }

    [Fact]
    public async Task What_the_old_store_has_to_keep_is_erased_by_a_later_call()
    {
        using var folder = new TemporaryFolder();
        var (clock, target, journal) = (new ManualClock(), new MemoryBlobStore(), new Journal());
        var source = new FolderBlobStore(folder.Of("old"), clock);
        await LiveAsync(await AVault.OnAsync(source, AVault.SmallSizes with { RetainFor = TimeSpan.FromDays(30) }, clock: clock));
        var first = await new TenantMove(Tenant, source, target, journal).RunAsync(default);
        Assert.True(first.Retained > 0);
        await ReadAllAsync(target);
        clock.Advance(TimeSpan.FromDays(31));
        var second = await new TenantMove(Tenant, source, target, journal).RunAsync(default);
        Assert.Equal((first.Retained, 0L), (second.Erased, second.Retained));
        Assert.Empty(await source.ListAsync("", default).ToListAsync());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_moved_is_kept_by_the_new_store_like_what_is_written_there_but_the_keys(bool isStoppedBefore)
    {
        using var folder = new TemporaryFolder();
        var (clock, source, journal) = (new ManualClock(), await ALifeAsync(), new Journal());
        var target = new FolderBlobStore(folder.Of("new"), clock);
        var writes = new RetainingWrites(target, TimeSpan.FromDays(30), clock);
        if (isStoppedBefore)
        {
            var stopping = new LaxStore(target, extensions: source.Objects.Count - 2, stops: true);
            Assert.True(await IsStoppedAsync(new TenantMove(Tenant, source, stopping, journal, new(stopping, TimeSpan.FromDays(30), clock))));
            for (var prunes = 0; prunes < 2; prunes++) // what goes from the old store now, the new one has to keep
                await (await AVault.Existing(source, AVault.SmallSizes with { GracePeriod = TimeSpan.Zero }).OpenAsync()).PruneAsync(new HashSet<long>(), default);
        }
        await new TenantMove(Tenant, source, target, journal, writes).RunAsync(default);
        var names = await target.ListAsync("", default).ToListAsync();
        Assert.True(names.Count > 5);
        foreach (var name in names)
            Assert.Equal(name.Value == "contoso/keys" ? null : clock.GetUtcNow() + TimeSpan.FromDays(30), (await target.GetRetentionAsync(name, default))!.Until);
        var vault = await AVault.Existing(target).OpenAsync();
        Assert.True((await vault.CheckAsync(CheckDepth.Full, null, default)).IsSound);
        Assert.Equal(isStoppedBefore ? 1 : 3, (await vault.ListPointsAsync(default)).Length);
    }

    [Fact]
    public async Task A_new_store_that_does_not_keep_what_it_was_asked_to_is_noticed_before_the_switch()
    {
        using var folder = new TemporaryFolder();
        var (clock, source, journal) = (new ManualClock(), await ALifeAsync(), new Journal());
        var forgetful = new LaxStore(new FolderBlobStore(folder.Of("new"), clock), extensions: 3, stops: false);
        await Assert.ThrowsAsync<RetentionNotKeptException>(() =>
            new TenantMove(Tenant, source, forgetful, journal, new RetainingWrites(forgetful, TimeSpan.FromDays(30), clock)).RunAsync(default));
        Assert.Null(journal.Verified);
        await ReadAllAsync(source);
    }

    [Fact]
    public async Task What_comes_late_is_kept_as_well()
    {
        using var folder = new TemporaryFolder();
        var (clock, source, journal) = (new ManualClock(), await ALifeAsync(), new Journal());
        var target = new FolderBlobStore(folder.Of("new"), clock);
        journal.AtSwitch = async () => await LiveAsync(AVault.Existing(source));
        var report = await new TenantMove(Tenant, source, target, journal, new RetainingWrites(target, TimeSpan.FromDays(30), clock)).RunAsync(default);
        Assert.True(report.Late > 0);
        await foreach (var name in target.ListAsync("contoso/resources/", default))
            Assert.NotNull((await target.GetRetentionAsync(name, default))!.Until);
    }

    private static async Task<MemoryBlobStore> ALifeAsync()
    {
        var store = new MemoryBlobStore();
        await LiveAsync(await AVault.OnAsync(store));
        return store;
    }

    private static async Task LiveAsync(AVault vault)
    {
        for (var day = 1; day <= 3; day++)
        {
            await using var run = await vault.BeginAsync();
            await run.PutAsync($"small-{day}", AVault.Bytes(day, 500));
            await run.PutAsync($"large-{day}", AVault.Bytes(day, 6_000, compressible: false));
            await run.SealAsync();
        }
    }

    private static async Task ReadAllAsync(IBlobStore store)
    {
        var vault = await AVault.Existing(store).OpenAsync();
        Assert.True((await vault.ListPointsAsync(default)).Length >= 3);
        // What a run that lost leaves, a prune removes.
        Assert.DoesNotContain((await vault.CheckAsync(CheckDepth.Full, null, default)).Findings, finding => finding.Kind != CheckFindingKind.Leftover);
    }

    private static async Task<bool> IsStoppedAsync(TenantMove move)
    {
        try { await move.RunAsync(default); }
        catch (StoppedException) { return true; }
        return false;
    }

    private sealed class Journal : IMoveJournal
    {
        public VerifiedCopy? Verified { get; private set; }

        public Func<Task>? AtSwitch { get; set; }

        public Fault? StopsOnce { get; set; }

        public Task<bool> IsSwitchedAsync(CancellationToken cancellation) => Task.FromResult(Verified is not null);

        public async Task SwitchAsync(VerifiedCopy verified, CancellationToken cancellation)
        {
            var stop = StopsOnce;
            StopsOnce = null;
            if (stop == Fault.Stopped)
                throw new StoppedException();
            Verified = verified;
            if (stop == Fault.StoppedAfter)
                throw new StoppedException();
            if (AtSwitch is not null)
                await AtSwitch();
        }
    }

    /// <summary>Keeps a number of objects longer; then it only says so, or the process ends.</summary>
    private sealed class LaxStore(FolderBlobStore inner, int extensions, bool stops) : DelegatingBlobStore(inner), IRetainingBlobStore
    {
        private int _extensions;

        public Task<bool> PutIfAbsentAsync(BlobName name, ReadOnlyMemory<byte> bytes, DateTimeOffset retainUntil, CancellationToken cancellation) => inner.PutIfAbsentAsync(name, bytes, retainUntil, cancellation);

        public Task<ObjectRetention?> GetRetentionAsync(BlobName name, CancellationToken cancellation) => inner.GetRetentionAsync(name, cancellation);

        public Task<bool> ExtendRetentionAsync(BlobName name, DateTimeOffset retainUntil, CancellationToken cancellation) =>
            _extensions++ < extensions ? inner.ExtendRetentionAsync(name, retainUntil, cancellation) : stops ? throw new StoppedException() : Task.FromResult(true);
    }
}
