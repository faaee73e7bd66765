using System.CommandLine;
using System.Diagnostics;
using OrleansBackup.Vault;
using OrleansBackup.Vault.Keys;
using OrleansBackup.Vault.Stores;

namespace OrleansBackup.Benchmarks.Vault;

/// <summary>A hundred and twenty days of one mailbox with thirty days of retention: whether stored bytes level off, and what expiry costs a day.</summary>
public static class ReclaimBenchmark
{
    private const int Days = 120, Retention = 30, SweepEvery = 7;

    public static Command Command()
    {
        var items = new Option<int>("--items") { Description = "items in the mailbox", DefaultValueFactory = _ => 5_000 };
        var command = new Command("vault-life", $"{Days} days of one mailbox with {Retention} days of retention, on a clock of its own: stored bytes and the cost of expiry.") { items };
        command.SetAction((parsed, cancellation) => RunAsync(parsed.GetValue(items), cancellation));
        return command;
    }

    public static async Task<int> RunAsync(int items, CancellationToken cancellation)
    {
        var folder = Directory.CreateTempSubdirectory("vault-life-").FullName;
        try
        {
            var time = new DayByDay();
            var store = new FolderBlobStore(Path.Combine(folder, "store"));
            var repository = new VaultRepository(store, KeyFile.Create(Path.Combine(folder, "key")), new VaultOptions(), time);
            var life = new Life(repository, time, Math.Max(items, 100));
            Console.WriteLine($"{Environment.NewLine}{items} items, one in a hundred new and one in a hundred gone each day, one in ten of 100 KB and the others of 6 KB");
            for (var day = 1; day <= Days; day++)
            {
                await life.LiveADayAsync(day, cancellation);
                if (day % 10 == 0 || day == 1)
                    Console.WriteLine($"  {new Figure($"day {day,3}: stored", $"{BytesIn(folder) / 1e6:f1} MB", $"prune {life.LastPrune.TotalMilliseconds:f0} ms")}");
            }
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static long BytesIn(string folder) => new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);

    private sealed class DayByDay : TimeProvider
    {
        private DateTimeOffset _now = new(2026, 1, 1, 2, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => _now;

        public void NextDay() => _now += TimeSpan.FromDays(1);
    }

    private sealed class Life(VaultRepository repository, DayByDay time, int items)
    {
        private static readonly ResourceName Mailbox = new("benchmark", "mailbox-1");
        private readonly Random _random = new(20261121);
        private int _newest;

        public TimeSpan LastPrune { get; private set; }

        public async Task LiveADayAsync(int day, CancellationToken cancellation)
        {
            await repository.CreateTenantAsync(Mailbox.Tenant, cancellation);
            var mailbox = await repository.OpenAsync(Mailbox, cancellation);
            await using (var run = await mailbox.BeginRunAsync(Guid.NewGuid(), time.GetUtcNow(), cancellation))
            {
                for (var change = day == 1 ? items : items / 100; change > 0; change--)
                {
                    await run.UpsertAsync(await NextAsync(run, cancellation), cancellation);
                    if (_newest > items)
                        await run.RemoveAsync($"item-{_newest - items:d8}", cancellation);
                }
                await run.SealAsync("", System.Collections.Immutable.ImmutableSortedDictionary<string, string>.Empty, cancellation);
            }
            var points = await mailbox.ListPointsAsync(cancellation);
            var started = Stopwatch.GetTimestamp();
            await mailbox.PruneAsync([.. points.SkipLast(Retention).Select(point => point.Sequence)], cancellation);
            LastPrune = Stopwatch.GetElapsedTime(started);
            if (day % SweepEvery == 0)
                await repository.SweepAsync(Mailbox.Tenant, cancellation);
            time.NextDay();
        }

        private async Task<ItemVersion> NextAsync(RunWriter run, CancellationToken cancellation)
        {
            var content = new byte[++_newest % 10 == 0 ? 100_000 : 6_000];
            _random.NextBytes(content);
            var reference = await run.StoreAsync(content.AsMemory(), cancellation);
            return new ItemVersion($"item-{_newest:d8}", "inbox", "message", $"Message {_newest}", content.Length, time.GetUtcNow(),
                System.Collections.Immutable.ImmutableSortedDictionary<string, string>.Empty,
                System.Collections.Immutable.ImmutableSortedDictionary<string, ContentReference>.Empty.Add("mime", reference));
        }
    }
}
