using OrleansBackup.Vault.Stores;
using OrleansBackup.Vault.Tests.Given;

namespace OrleansBackup.Vault.Tests;

/// <summary>A vault whose objects the store keeps for a time: what is written is kept, the key is not, and prune waits.</summary>
public sealed class RetainedVaultTests : IDisposable
{
    private static readonly VaultOptions Retained = AVault.SmallSizes with { RetainFor = TimeSpan.FromDays(30), GracePeriod = TimeSpan.FromDays(1) };

    private readonly TemporaryFolder _folder = new();
    private readonly ManualClock _clock = new();
    private readonly FolderBlobStore _store;

    public RetainedVaultTests() => _store = new(_folder.Of("vault"), _clock);

    [Fact]
    public async Task Everything_but_the_key_is_kept_and_what_the_store_said_is_reported()
    {
        var vault = await AVault.OnAsync(_store, Retained, clock: _clock);
        Assert.Equal(RetentionReadBack.Nothing, vault.Repository.Retention);
        await RunAsync(vault, 1);
        var names = await _store.ListAsync("", default).ToListAsync();
        foreach (var name in names)
            Assert.Equal(name.Value == "contoso/keys" ? null : _clock.GetUtcNow() + TimeSpan.FromDays(30), (await _store.GetRetentionAsync(name, default))!.Until);
        Assert.Equal(new RetentionReadBack(names.Count - 1, _clock.GetUtcNow() + TimeSpan.FromDays(30), RetentionStrength.ByThisProduct), vault.Repository.Retention);
    }

    [Fact]
    public async Task A_prune_waits_for_what_is_kept_and_deletes_it_when_its_time_has_come()
    {
        var vault = await AVault.OnAsync(_store, Retained, clock: _clock);
        for (var day = 1; day <= 4; day++)
            await RunAsync(vault, day);
        var resource = await vault.OpenAsync();
        var condemned = await resource.PruneAsync(new HashSet<long>(), default);
        Assert.True(condemned.ObjectsCondemned > 0);

        _clock.Advance(TimeSpan.FromDays(2)); // the grace is over, the retention is not
        await RunAsync(vault, 5); // this prune makes another record; the first must go on saying what is still to be deleted
        var waiting = await resource.PruneAsync(new HashSet<long>(), default);
        Assert.Equal((0, condemned.ObjectsCondemned), (waiting.ObjectsDeleted, waiting.ObjectsRetained));
        Assert.Single(await resource.ListPointsAsync(default));

        _clock.Advance(TimeSpan.FromDays(31));
        var deleted = await resource.PruneAsync(new HashSet<long>(), default);
        Assert.Equal((condemned.ObjectsCondemned + waiting.ObjectsCondemned, 0), (deleted.ObjectsDeleted, deleted.ObjectsRetained));
        Assert.Empty((await resource.CheckAsync(CheckDepth.Full, null, default)).Findings.Where(finding => finding.Kind != CheckFindingKind.Leftover));
    }

    [Fact]
    public async Task A_record_stays_as_long_as_something_it_condemned_is_kept()
    {
        var before = await AVault.OnAsync(_store, Retained, clock: _clock);
        for (var day = 1; day <= 4; day++)
            await RunAsync(before, day);
        var vault = AVault.Existing(_store, Retained with { RetainFor = null }, clock: _clock); // the record itself could be deleted at any time
        var condemned = (await (await vault.OpenAsync()).PruneAsync(new HashSet<long>(), default)).ObjectsCondemned;
        Assert.True(condemned > 0);
        for (var day = 5; day < 8; day++)
        {
            _clock.Advance(TimeSpan.FromDays(2));
            await RunAsync(vault, day);
            await (await vault.OpenAsync()).PruneAsync(new HashSet<long>(), default);
        }
        var kept = await KeptAsync();
        Assert.True(kept.Count >= condemned);
        Assert.NotNull(await _store.GetLengthAsync(new("contoso/resources/mailbox-1/prune/0000000001"), default));
        _clock.Advance(TimeSpan.FromDays(31));
        await (await vault.OpenAsync()).PruneAsync(new HashSet<long>(), default);
        Assert.True((await KeptAsync()).Count <= kept.Count - condemned, "what the first record condemned was forgotten");

        async Task<List<BlobName>> KeptAsync() =>
            await _store.ListAsync("contoso/resources/", default).Where(n => !n.Value.Contains("/prune/", StringComparison.Ordinal)).ToListAsync();
    }

    [Fact]
    public async Task What_a_later_run_names_again_is_kept_as_long_as_what_it_writes()
    {
        var vault = await AVault.OnAsync(_store, Retained, clock: _clock);
        var (small, large) = (AVault.Bytes(1, 500), AVault.Bytes(2, 5_000, compressible: false));
        await PutAsync(("a", small), ("b", large));
        await PutAsync(("other", AVault.Bytes(3, 5_000, compressible: false)));
        var before = (await UntilAsync()).Where(o => !o.Key.Contains("/log/", StringComparison.Ordinal)).ToArray();
        _clock.Advance(TimeSpan.FromDays(20));
        await PutAsync(("c", small), ("d", large));
        var end = _clock.GetUtcNow() + TimeSpan.FromDays(30);
        var after = await UntilAsync();
        var extended = before.Where(o => after[o.Key] == end).Select(o => o.Key).ToArray();
        Assert.Single(extended, name => name.Contains("/packs/", StringComparison.Ordinal));
        Assert.Contains(extended, name => name.Contains("/content/", StringComparison.Ordinal));
        Assert.Contains(before, o => o.Key.Contains("/content/", StringComparison.Ordinal) && after[o.Key] == o.Value); // nobody named the other again
        Assert.Equal(after.Count(o => o.Value == end), vault.Repository.Retention!.Objects - before.Length - 2);

        async Task PutAsync(params (string Id, byte[] Content)[] items)
        {
            await using var run = await vault.BeginAsync();
            foreach (var (id, content) in items)
                await run.PutAsync(id, content);
            await run.SealAsync();
        }
    }

    [Fact]
    public async Task A_sweep_keeps_what_the_newest_points_go_on_naming_and_asks_for_it_no_more_often_than_needed()
    {
        var vault = await AVault.OnAsync(_store, Retained, clock: _clock);
        for (var day = 1; day <= 7; day++)
            await RunAsync(vault, day);
        Assert.True((await SweepAsync(vault)).ObjectsExtended > 0);
        var dropped = await UntilAsync();
        await using (var run = await vault.BeginAsync())
        {
            await run.RemoveAsync("large-0", default);
            await run.SealAsync();
        }
        var weeksOfMany = 0;
        for (var week = 1; week <= 6; week++)
        {
            _clock.Advance(TimeSpan.FromDays(7));
            var extended = (await SweepAsync(vault)).ObjectsExtended;
            await using (var run = await vault.BeginAsync())
                await run.SealAsync();
            var until = await UntilAsync();
            var mailbox = await vault.OpenAsync();
            await using var newest = await mailbox.OpenPointAsync((await mailbox.ListPointsAsync(default))[^1].Sequence, default);
            await foreach (var content in newest.ItemsAsync(ItemFilter.All, default).Select(i => i.Contents["mime"]))
                foreach (var name in content.IsInPack
                    ? [$"contoso/resources/mailbox-1/packs/{content.Pack}"] : content.Chunks.Select(c => $"contoso/content/{$"{c.Hash}"[..2]}/{c.Hash}"))
                    Assert.True(until[name] >= _clock.GetUtcNow() + TimeSpan.FromDays(30), $"week {week}: {name}");
            weeksOfMany += extended > 8 ? 1 : 0; // otherwise it is the few objects that are new
        }
        Assert.InRange(weeksOfMany, 1, 3);
        var end = await UntilAsync();
        Assert.Contains(dropped, o => o.Key.Contains("/content/", StringComparison.Ordinal) && end[o.Key] == o.Value); // only older points name it

        static Task<SweepResult> SweepAsync(AVault vault) => vault.Repository.SweepAsync(AVault.Mailbox.Tenant, default);
    }

    [Fact]
    public void A_store_that_cannot_keep_anything_is_refused_at_once() =>
        Assert.Throws<RetentionNotSupportedException>(() => AVault.Existing(new MemoryBlobStore(), Retained));

    public void Dispose() => _folder.Dispose();

    private async Task<Dictionary<string, DateTimeOffset?>> UntilAsync()
    {
        var until = new Dictionary<string, DateTimeOffset?>(StringComparer.Ordinal);
        await foreach (var name in _store.ListAsync("contoso/", default).Where(n => n.Value != "contoso/keys"))
            until[name.Value] = (await _store.GetRetentionAsync(name, default))!.Until;
        return until;
    }

    private static async Task RunAsync(AVault vault, int day)
    {
        await using var run = await vault.BeginAsync();
        await run.PutAsync($"small-{day % 3}", AVault.Bytes(day, 500));
        await run.PutAsync($"large-{day % 3}", AVault.Bytes(day, 5_000, compressible: false));
        await run.SealAsync();
    }
}
