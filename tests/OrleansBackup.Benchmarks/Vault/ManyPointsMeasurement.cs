using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using OrleansBackup.Vault;
using OrleansBackup.Vault.Keys;
using OrleansBackup.Vault.Stores;

namespace OrleansBackup.Benchmarks.Vault;

/// <summary>Whether the newest restore point opens as fast after a season of daily runs as after the first.</summary>
internal static class ManyPointsMeasurement
{
    private const int Items = 20_000;
    private const int Points = 120;
    private const int OneChangedIn = 100;
    private const int Opened = 51;
    private static readonly ResourceName Mailbox = new("benchmark", "mailbox-1");

    public static async Task<IReadOnlyList<Figure>> RunAsync(CancellationToken cancellation)
    {
        var folder = Directory.CreateTempSubdirectory("vault-points-").FullName;
        try
        {
            var store = new CountingReads(new FolderBlobStore(Path.Combine(folder, "vault")));
            var vault = new VaultRepository(store, KeyFile.Create(Path.Combine(folder, "key")), new VaultOptions(), TimeProvider.System);
            await vault.CreateTenantAsync(Mailbox.Tenant, cancellation);
            await RunOnceAsync(vault, 0, everything: true, cancellation);
            await OpenAsync(vault, store, cancellation); // compilation
            var (first, firstReads) = await OpenAsync(vault, store, cancellation);
            for (var day = 1; day < Points; day++)
            {
                await RunOnceAsync(vault, day, everything: false, cancellation);
                await (await vault.OpenAsync(Mailbox, cancellation)).PruneAsync([], cancellation);
            }
            var (last, lastReads) = await OpenAsync(vault, store, cancellation);
            return
            [
                new("opening the newest point after 1 point, median", $"{Milliseconds(first)}, {firstReads} reads"),
                new($"opening the newest point after {Points} points, median", $"{Milliseconds(last)}, {lastReads} reads"),
                new("ratio", (last / first).ToString("0.00", CultureInfo.InvariantCulture), "at most 1.2"),
            ];
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task RunOnceAsync(VaultRepository vault, int day, bool everything, CancellationToken cancellation)
    {
        await using var run = await (await vault.OpenAsync(Mailbox, cancellation)).BeginRunAsync(Guid.NewGuid(), TimeProvider.System.GetUtcNow(), cancellation);
        for (var i = 0; i < Items; i++)
        {
            if (!everything && (i + day) % OneChangedIn != 0)
                continue;
            await run.UpsertAsync(new($"item-{i:d6}", "inbox", "message", $"subject {i} of day {day}", i, null,
                ImmutableSortedDictionary<string, string>.Empty, ImmutableSortedDictionary<string, ContentReference>.Empty), cancellation);
            if (run.PendingChanges >= 250)
                await run.CommitSegmentAsync("", cancellation);
        }
        await run.SealAsync("", ImmutableSortedDictionary<string, string>.Empty, cancellation);
    }

    /// <summary>A new reader each time: nothing is known from before.</summary>
    private static async Task<(TimeSpan Median, int Reads)> OpenAsync(VaultRepository vault, CountingReads store, CancellationToken cancellation)
    {
        var times = new List<TimeSpan>();
        for (var i = 0; i < Opened; i++)
        {
            store.Reads = 0;
            var watch = Stopwatch.StartNew();
            var resource = await vault.OpenAsync(Mailbox, cancellation);
            await using var point = await resource.OpenPointAsync((await resource.ListPointsAsync(cancellation))[^1].Sequence, cancellation);
            await point.FindAsync("item-010007", cancellation);
            times.Add(watch.Elapsed);
        }
        times.Sort();
        return (times[Opened / 2], store.Reads);
    }

    private static string Milliseconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:0.0} ms");

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
