using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using OrleansBackup.Vault;
using OrleansBackup.Vault.Keys;
using OrleansBackup.Vault.Stores;

namespace OrleansBackup.Benchmarks.Vault;

/// <summary>Messages in memory become items of one restore point in a folder; everything that is stored counts.</summary>
internal static class FirstBackupMeasurement
{
    private const int WarmUps = 6;
    private const int AtOnce = 4; // as a mailbox's run reads messages
    private static readonly ResourceName Mailbox = new("benchmark", "mailbox-1");

    private sealed record Cost(double Seconds, double ProcessorSeconds, long AllocatedBytes);

    public static async Task<IReadOnlyList<Figure>> RunAsync(IReadOnlyList<byte[]> messages, int repeats, CancellationToken cancellation)
    {
        var options = new VaultOptions();
        var sourceBytes = messages.Sum(m => (double)m.Length);
        using var ceiling = new Ceiling(options);
        var (ours, least) = (new List<Cost>(), new List<Cost>());
        ImmutableSortedDictionary<string, long> stored = ImmutableSortedDictionary<string, long>.Empty;
        for (var i = -WarmUps; i < repeats; i++)
        {
            var folder = Directory.CreateTempSubdirectory("vault-benchmark-").FullName;
            try
            {
                var cost = await MeasureAsync(() => BackUpAsync(messages, folder, options, cancellation));
                var leastCost = await MeasureAsync(() => Task.Run(() => ceiling.Run(messages), cancellation));
                stored = StoredBytes(Path.Combine(folder, "vault"));
                if (i < 0)
                    continue; // the first ones are compilation
                ours.Add(cost);
                least.Add(leastCost);
            }
            finally { Directory.Delete(folder, recursive: true); }
        }
        var (median, medianLeast) = (Median(ours, c => c.ProcessorSeconds), Median(least, c => c.ProcessorSeconds));
        return
        [
            new("source", Megabytes(sourceBytes)),
            new("stored", Megabytes(stored.Values.Sum())),
            new("stored / source", Number(stored.Values.Sum() / sourceBytes)),
            .. stored.Select(kind => new Figure($"  of that: {kind.Key}", Megabytes(kind.Value))),
            new("MB/s of source", Number(sourceBytes / 1e6 / Median(ours, c => c.Seconds))),
            new("MB/s of source per processor second", Number(sourceBytes / 1e6 / median)),
            new("ceiling: hash, compress, encrypt; MB/s per processor second", Number(sourceBytes / 1e6 / medianLeast)),
            new("share of the ceiling", Number(medianLeast / median * 100) + " %", "80 % or more"),
            new("allocated bytes per byte of source", Number(Median(ours, c => c.AllocatedBytes) / sourceBytes)),
        ];
    }

    private static async Task BackUpAsync(IReadOnlyList<byte[]> messages, string folder, VaultOptions options, CancellationToken cancellation)
    {
        var vault = new VaultRepository(new FolderBlobStore(Path.Combine(folder, "vault")), KeyFile.Create(Path.Combine(folder, "key")), options, TimeProvider.System);
        await vault.CreateTenantAsync(Mailbox.Tenant, cancellation);
        await using var run = await (await vault.OpenAsync(Mailbox, cancellation)).BeginRunAsync(Guid.NewGuid(), TimeProvider.System.GetUtcNow(), cancellation);
        var next = 0;
        foreach (var some in messages.Chunk(AtOnce))
            foreach (var content in await Task.WhenAll(some.Select(m => run.StoreMailAsync(new MemoryStream(m), cancellation).AsTask())))
                await run.UpsertAsync(new($"message-{next++:d6}", "inbox", "message", "", content.Length, null,
                    ImmutableSortedDictionary<string, string>.Empty, ImmutableSortedDictionary<string, ContentReference>.Empty.Add("mime", content)), cancellation);
        await run.SealAsync("", ImmutableSortedDictionary<string, string>.Empty, cancellation);
    }

    private static async Task<Cost> MeasureAsync(Func<Task> work)
    {
        GC.Collect();
        using var process = Process.GetCurrentProcess();
        var (processor, allocated, started) = (process.TotalProcessorTime, GC.GetTotalAllocatedBytes(), Stopwatch.GetTimestamp());
        await work();
        var elapsed = Stopwatch.GetElapsedTime(started);
        process.Refresh();
        return new(elapsed.TotalSeconds, (process.TotalProcessorTime - processor).TotalSeconds, GC.GetTotalAllocatedBytes() - allocated);
    }

    /// <summary>By kind of object: the part of the name after the resource, or the tenant.</summary>
    private static ImmutableSortedDictionary<string, long> StoredBytes(string folder) =>
        new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories)
            .GroupBy(file => Path.GetRelativePath(folder, file.FullName).Split(Path.DirectorySeparatorChar) is [_, "resources", _, var kind, ..] ? kind
                : Path.GetRelativePath(folder, file.FullName).Split(Path.DirectorySeparatorChar)[1])
            .ToImmutableSortedDictionary(kind => kind.Key, kind => kind.Sum(file => file.Length), StringComparer.Ordinal);

    private static double Median(List<Cost> costs, Func<Cost, double> of) => costs.Select(of).Order().ElementAt(costs.Count / 2);

    private static string Megabytes(double bytes) => Number(bytes / 1e6) + " MB";

    private static string Number(double value) => value.ToString(value < 10 ? "0.00" : "0.0", CultureInfo.InvariantCulture);
}
