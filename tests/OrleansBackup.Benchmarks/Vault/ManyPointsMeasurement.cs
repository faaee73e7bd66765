using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using OrleansBackup.Vault;
using OrleansBackup.Vault.Keys;
using OrleansBackup.Vault.Stores;

namespace OrleansBackup.Benchmarks.Vault;

/// <summary>Whether the newest restore point opens as fast after a season of daily runs as after the first.</summary>
/// <remarks>Two vaults, of one point and of many, are opened in turn, and the ratio is the median of those pairs' processor time. A day passes from
/// run to run: what prunes condemned goes when its grace is over, as in life, and is not read again at every opening.</remarks>
internal static class ManyPointsMeasurement
{
    private const int Items = 20_000;
    private const int Points = 120;
    private const int OneChangedIn = 100;
    private const int WarmUps = 100, Opened = 101;
    private static readonly ResourceName Mailbox = new("benchmark", "mailbox-1");

    private sealed record Opening(double Milliseconds, double ProcessorMilliseconds, int Reads);

    private sealed record Subject(VaultRepository Vault, CountingReads Store, Calendar Calendar);

    public static async Task<IReadOnlyList<Figure>> RunAsync(CancellationToken cancellation)
    {
        var folder = Directory.CreateTempSubdirectory("vault-points-").FullName;
        try
        {
            var young = await LiveAsync(Path.Combine(folder, "young"), 1, cancellation);
            var old = await LiveAsync(Path.Combine(folder, "old"), Points, cancellation);
            var pairs = new List<(Opening Young, Opening Old)>();
            for (var i = -WarmUps; i < Opened; i++)
            {
                var pair = (await OpenAsync(young, cancellation), await OpenAsync(old, cancellation));
                if (i >= 0) // before that it is compilation
                    pairs.Add(pair);
            }
            return
            [
                new("opening the newest point after 1 point, median", Text(pairs.Select(p => p.Young))),
                new($"opening the newest point after {Points} points, median", Text(pairs.Select(p => p.Old))),
                new("ratio of processor time, median of pairs",
                    Median(pairs.Select(p => p.Old.ProcessorMilliseconds / p.Young.ProcessorMilliseconds)).ToString("0.00", CultureInfo.InvariantCulture), "at most 1.2"),
            ];
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<Subject> LiveAsync(string folder, int points, CancellationToken cancellation)
    {
        Directory.CreateDirectory(folder);
        var (store, calendar) = (new CountingReads(new FolderBlobStore(Path.Combine(folder, "vault"))), new Calendar());
        var vault = new VaultRepository(store, KeyFile.Create(Path.Combine(folder, "key")), new VaultOptions(), calendar);
        await vault.CreateTenantAsync(Mailbox.Tenant, cancellation);
        for (var day = 0; day < points; day++, calendar.Day++)
        {
            await RunOnceAsync(vault, calendar, everything: day == 0, cancellation);
            if (day > 0)
                await (await vault.OpenAsync(Mailbox, cancellation)).PruneAsync([], cancellation);
        }
        return new(vault, store, calendar);
    }

    private static async Task RunOnceAsync(VaultRepository vault, Calendar calendar, bool everything, CancellationToken cancellation)
    {
        await using var run = await (await vault.OpenAsync(Mailbox, cancellation)).BeginRunAsync(Guid.NewGuid(), calendar.GetUtcNow(), cancellation);
        for (var i = 0; i < Items; i++)
        {
            if (!everything && (i + calendar.Day) % OneChangedIn != 0)
                continue;
            await run.UpsertAsync(new($"item-{i:d6}", "inbox", "message", $"subject {i} of day {calendar.Day}", i, null,
                ImmutableSortedDictionary<string, string>.Empty, ImmutableSortedDictionary<string, ContentReference>.Empty), cancellation);
            if (run.PendingChanges >= 250)
                await run.CommitSegmentAsync("", cancellation);
        }
        await run.SealAsync("", ImmutableSortedDictionary<string, string>.Empty, cancellation);
    }

    /// <summary>A new reader each time: nothing is known from before.</summary>
    private static async Task<Opening> OpenAsync(Subject subject, CancellationToken cancellation)
    {
        subject.Store.Reads = 0;
        var (processor, started) = (Environment.CpuUsage.TotalTime, Stopwatch.GetTimestamp());
        var resource = await subject.Vault.OpenAsync(Mailbox, cancellation);
        await using var point = await resource.OpenPointAsync((await resource.ListPointsAsync(cancellation))[^1].Sequence, cancellation);
        await point.FindAsync("item-010007", cancellation);
        return new(Stopwatch.GetElapsedTime(started).TotalMilliseconds, (Environment.CpuUsage.TotalTime - processor).TotalMilliseconds, subject.Store.Reads);
    }

    private static string Text(IEnumerable<Opening> openings) => string.Create(CultureInfo.InvariantCulture,
        $"{Median(openings.Select(o => o.Milliseconds)):0.0} ms, {Median(openings.Select(o => o.ProcessorMilliseconds)):0.0} ms of processor, {openings.First().Reads} reads");

    private static double Median(IEnumerable<double> values) => values.Order().ToArray() is { Length: > 0 } sorted ? sorted[sorted.Length / 2] : double.NaN;

    /// <summary>The machine's clock, some days later.</summary>
    private sealed class Calendar : TimeProvider
    {
        public int Day { get; set; }

        public override DateTimeOffset GetUtcNow() => System.GetUtcNow().AddDays(Day);
    }

    private sealed class CountingReads(IBlobStore inner) : IBlobStore
    {
        public int Reads { get; set; }

        public Task<bool> PutIfAbsentAsync(BlobName name, ReadOnlyMemory<byte> bytes, CancellationToken cancellation) => inner.PutIfAbsentAsync(name, bytes, cancellation);

        public Task<ReadOnlyMemory<byte>?> GetAsync(BlobName name, CancellationToken cancellation)
        {
            Reads++;
            return inner.GetAsync(name, cancellation);
        }

        public Task<ReadOnlyMemory<byte>?> GetRangeAsync(BlobName name, long offset, int length, CancellationToken cancellation)
        {
            Reads++;
            return inner.GetRangeAsync(name, offset, length, cancellation);
        }

        public Task<long?> GetLengthAsync(BlobName name, CancellationToken cancellation) => inner.GetLengthAsync(name, cancellation);

        public IAsyncEnumerable<BlobName> ListAsync(string prefix, CancellationToken cancellation) => inner.ListAsync(prefix, cancellation);

        public Task<bool> DeleteAsync(BlobName name, CancellationToken cancellation) => inner.DeleteAsync(name, cancellation);
    }
}
