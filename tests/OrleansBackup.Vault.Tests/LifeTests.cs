using FsCheck;
using FsCheck.Fluent;
using OrleansBackup.Vault.Tests.Given;

namespace OrleansBackup.Vault.Tests;

/// <summary>Any life of a mailbox, against a model that is a few dictionaries.</summary>
public sealed class LifeTests
{
    /// <summary>A failure prints the shortest life that shows it; the replay makes every run of the test the same.</summary>
    [Fact]
    public void Every_restore_point_of_any_life_reads_back_as_the_model_says() =>
        Prop.ForAll(ArbMap.Default.ArbFor<(byte What, byte Item, byte Content)[]>(), life =>
        {
            // FsCheck calls from a thread of its own, which nothing else needs.
            LiveAsync(life).GetAwaiter().GetResult();
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300).WithEndSize(120).WithReplay(20260301, 17));

    private static async Task LiveAsync((byte What, byte Item, byte Content)[] life)
    {
        var mailbox = await ModelledMailbox.StartAsync();
        foreach (var (what, item, content) in life)
            await mailbox.LiveAsync(what, item, content);
        await mailbox.EndAsync();
    }

    /// <summary>The vault and the truth about it, side by side.</summary>
    private sealed class ModelledMailbox(AVault vault)
    {
        private static readonly int[] Sizes = [0, 3, 90, 700, 1990, 2600, 9000];
        private readonly SortedDictionary<long, SortedDictionary<string, (byte[] Bytes, string Kind)>> _points = [];
        private SortedDictionary<string, (byte[] Bytes, string Kind)> _committed = new(StringComparer.Ordinal);
        private SortedDictionary<string, (byte[] Bytes, string Kind)> _now = new(StringComparer.Ordinal);
        private RunWriter? _run;

        public static async Task<ModelledMailbox> StartAsync() => new(await AVault.OnAsync(new MemoryBlobStore()));

        public async Task LiveAsync(byte what, byte item, byte content)
        {
            var id = $"item-{item % 12:d2}";
            switch (what % 16)
            {
                case < 7:
                    await UpsertAsync(id, content);
                    break;
                case 7 or 8:
                    await (await RunAsync()).RemoveAsync(id, default);
                    _now.Remove(id);
                    break;
                case 9 or 10:
                    await (await RunAsync()).CommitSegmentAsync($"{item}", default);
                    _committed = new(_now, StringComparer.Ordinal);
                    break;
                case 11 or 12:
                    await SealAsync();
                    break;
                case 13:
                    await CrashAsync();
                    break;
                case 14:
                    await PruneAsync(item, content);
                    break;
                default:
                    await LoseToARivalAsync(id, content);
                    break;
            }
        }

        public async Task EndAsync()
        {
            await AssertPointsAsync();
            await CrashAsync();
            await UpsertAsync("last", 5);
            await SealAsync();
            await AssertPointsAsync();
            var report = await (await vault.OpenAsync()).CheckAsync(CheckDepth.Full, null, default);
            Assert.True(report.IsSound, string.Join("\n", report.Findings));
        }

        private async Task<RunWriter> RunAsync() => _run ??= await vault.BeginAsync();

        private async Task UpsertAsync(string id, byte content)
        {
            var bytes = AVault.Bytes(content % 9, Sizes[content % Sizes.Length]);
            var kind = content % 3 == 0 ? "event" : "message";
            await (await RunAsync()).PutAsync(id, bytes, kind, parent: $"folder-{content % 2}");
            _now[id] = (bytes, kind);
        }

        private async Task SealAsync()
        {
            var point = await (await RunAsync()).SealAsync();
            _committed = new(_now, StringComparer.Ordinal);
            _points[point.Sequence] = _committed;
            await _run!.DisposeAsync();
            _run = null;
        }

        private async Task CrashAsync()
        {
            if (_run is not null)
                await _run.DisposeAsync();
            _run = null;
            _now = new(_committed, StringComparer.Ordinal);
        }

        private async Task PruneAsync(byte mask, byte days)
        {
            var keep = _points.Keys.Where((_, i) => (mask >> (i % 8) & 1) == 1).ToHashSet();
            await (await vault.OpenAsync()).PruneAsync(keep, default);
            var newest = _points.Keys.LastOrDefault();
            foreach (var gone in _points.Keys.Where(p => p != newest && !keep.Contains(p)).ToArray())
                _points.Remove(gone);
            if (days % 2 == 0 && _run is null) // the grace period is longer than any run
                vault.Clock.Advance(TimeSpan.FromDays(days % 20));
        }

        private async Task LoseToARivalAsync(string id, byte content)
        {
            var mine = await RunAsync();
            await CommitAsRivalAsync(id, content);
            await Assert.ThrowsAsync<SegmentTakenException>(() => mine.CommitSegmentAsync("late", default));
            await CrashAsync();
        }

        private async Task CommitAsRivalAsync(string id, byte content)
        {
            await using var rival = await vault.BeginAsync();
            var bytes = AVault.Bytes(content, 50);
            await rival.PutAsync(id, bytes);
            await rival.CommitSegmentAsync("rival", default);
            _committed = new(_committed, StringComparer.Ordinal) { [id] = (bytes, "message") };
        }

        private async Task AssertPointsAsync()
        {
            var mailbox = await vault.OpenAsync();
            Assert.Equal(_points.Keys, (await mailbox.ListPointsAsync(default)).Select(p => p.Sequence));
            foreach (var (sequence, state) in _points)
            {
                await using var reader = await mailbox.OpenPointAsync(sequence, default);
                var items = await reader.ItemsAsync(ItemFilter.All, default).ToListAsync();
                Assert.Equal(state.Keys, items.Select(i => i.Id));
                Assert.Equal(state.Values.Sum(s => s.Bytes.Length), reader.Point.LogicalBytes);
                Assert.Equal(state.Values.GroupBy(s => s.Kind).ToDictionary(g => g.Key, g => g.LongCount()), reader.Point.ItemsByKind);
                foreach (var item in items)
                    Assert.Equal(state[item.Id].Bytes, await reader.ReadAllAsync(item.Contents["mime"]));
                Assert.Equal(items.Where(i => i.ParentId == "folder-1"), await reader.ItemsAsync(new(null, "folder-1"), default).ToListAsync());
                Assert.Equal(items.Where(i => i.Kind == "event"), await reader.ItemsAsync(new("event"), default).ToListAsync());
            }
        }
    }
}
