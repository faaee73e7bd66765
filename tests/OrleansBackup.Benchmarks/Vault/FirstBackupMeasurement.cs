using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using OrleansBackup.Vault;
using OrleansBackup.Vault.Keys;
using OrleansBackup.Vault.Stores;

namespace OrleansBackup.Benchmarks.Vault;

/// <summary>Messages in memory become items of one restore point in a folder; everything that is stored counts.</summary>
/// <remarks>
/// Processor time, because a machine that is shared has no time of its own; and each backup is compared with the ceilings measured right
/// before and after it, because how fast a processor is depends on its neighbours. Shares are medians of those ratios. The first rounds are
/// compilation. What was stored is deleted at the end only: a file system that has just lost files gives out new ones more slowly.
/// </remarks>
internal static class FirstBackupMeasurement
{
    private const int WarmUps = 25;
    private const int AtOnce = 4, Page = 100; // as a mailbox's run reads messages
    private static readonly ResourceName Mailbox = new("benchmark", "mailbox-1");

    private sealed record Cost(double Seconds, double ProcessorSeconds, long AllocatedBytes);

    private sealed record Round(Cost Folder, Cost Memory, double Ceiling, double CeilingOfPieces);

    public static async Task<IReadOnlyList<Figure>> RunAsync(IReadOnlyList<byte[]> messages, int repeats, CancellationToken cancellation)
    {
        var sourceBytes = messages.Sum(m => (double)m.Length);
        var folder = Directory.CreateTempSubdirectory("vault-benchmark-").FullName;
        try
        {
            var rounds = await MeasureAsync(messages, folder, repeats, cancellation);
            var stored = StoredBytes(Path.Combine(folder, "0", "vault"));
            return
            [
                new("source", Megabytes(sourceBytes)),
                new("stored", Megabytes(stored.Values.Sum())),
                new("stored / source", Number(stored.Values.Sum() / sourceBytes)),
                .. stored.Select(kind => new Figure($"  of that: {kind.Key}", Megabytes(kind.Value))),
                new("MB/s of source", Number(sourceBytes / 1e6 / Median(rounds, r => r.Folder.Seconds))),
                new("MB/s of source per processor second", Number(sourceBytes / 1e6 / Median(rounds, r => r.Folder.ProcessorSeconds))),
                new("ceiling: hash, compress, encrypt; MB/s per processor second", Number(sourceBytes / 1e6 / Median(rounds, r => r.Ceiling))),
                new("share of the ceiling, median of pairs", Share(rounds, r => r.Ceiling / r.Folder.ProcessorSeconds), "80 % or more"),
                new("  stored in memory instead of a folder", Share(rounds, r => r.Ceiling / r.Memory.ProcessorSeconds)),
                new("  of the ceiling of decoded pieces", Share(rounds, r => r.CeilingOfPieces / r.Folder.ProcessorSeconds)),
                new("  of that ceiling, stored in memory", Share(rounds, r => r.CeilingOfPieces / r.Memory.ProcessorSeconds)),
                new("allocated bytes per byte of source", Number(Median(rounds, r => r.Folder.AllocatedBytes) / sourceBytes)),
            ];
        }
        finally { Directory.Delete(folder, recursive: true); }
    }

    private static async Task<List<Round>> MeasureAsync(IReadOnlyList<byte[]> messages, string folder, int repeats, CancellationToken cancellation)
    {
        var options = new VaultOptions();
        var pieces = await Ceiling.PiecesOf(messages, cancellation);
        using var ceiling = new Ceiling(options);
        var rounds = new List<Round>();
        for (var i = -WarmUps; i < repeats; i++)
        {
            var own = Directory.CreateDirectory(Path.Combine(folder, i.ToString(CultureInfo.InvariantCulture))).FullName;
            var before = await LeastAsync(messages);
            var inFolder = await CostAsync(() => BackUpAsync(messages, new FolderBlobStore(Path.Combine(own, "vault")), own, options, cancellation));
            var between = await LeastAsync(messages);
            var inMemory = await CostAsync(() => BackUpAsync(messages, new MemoryBlobStore(), own, options, cancellation));
            var after = await LeastAsync(messages);
            if (i >= 0)
                rounds.Add(new(inFolder, inMemory, (before + between + after) / 3, await LeastAsync(pieces)));
        }
        return rounds;

        async Task<double> LeastAsync(IReadOnlyList<byte[]> contents) => (await CostAsync(() => Task.Run(() => ceiling.Run(contents), cancellation))).ProcessorSeconds;
    }

    private static async Task BackUpAsync(IReadOnlyList<byte[]> messages, IBlobStore store, string folder, VaultOptions options, CancellationToken cancellation)
    {
        File.Delete(Path.Combine(folder, "key"));
        var vault = new VaultRepository(store, KeyFile.Create(Path.Combine(folder, "key")), options, TimeProvider.System);
        await vault.CreateTenantAsync(Mailbox.Tenant, cancellation);
        await using var run = await (await vault.OpenAsync(Mailbox, cancellation)).BeginRunAsync(Guid.NewGuid(), TimeProvider.System.GetUtcNow(), cancellation);
        using var reads = new SemaphoreSlim(AtOnce);
        var next = 0;
        foreach (var page in messages.Chunk(Page))
            foreach (var content in await Task.WhenAll(page.Select(StoreAsync)))
                await run.UpsertAsync(new($"message-{next++:d6}", "inbox", "message", "", content.Length, null,
                    ImmutableSortedDictionary<string, string>.Empty, ImmutableSortedDictionary<string, ContentReference>.Empty.Add("mime", content)), cancellation);
        await run.SealAsync("", ImmutableSortedDictionary<string, string>.Empty, cancellation);

        async Task<ContentReference> StoreAsync(byte[] message)
        {
            await reads.WaitAsync(cancellation);
            try { return await run.StoreMailAsync(new MemoryStream(message), cancellation); }
            finally { reads.Release(); }
        }
    }

    private static async Task<Cost> CostAsync(Func<Task> work)
    {
        GC.Collect();
        var (processor, allocated, started) = (Environment.CpuUsage.TotalTime, GC.GetTotalAllocatedBytes(), Stopwatch.GetTimestamp());
        await Task.Run(work);
        var elapsed = Stopwatch.GetElapsedTime(started);
        return new(elapsed.TotalSeconds, (Environment.CpuUsage.TotalTime - processor).TotalSeconds, GC.GetTotalAllocatedBytes() - allocated);
    }

    /// <summary>By kind of object: the part of the name after the resource, or the tenant.</summary>
    private static ImmutableSortedDictionary<string, long> StoredBytes(string folder) =>
        new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories)
            .GroupBy(file => Path.GetRelativePath(folder, file.FullName).Split(Path.DirectorySeparatorChar) is [_, "resources", _, var kind, ..] ? kind
                : Path.GetRelativePath(folder, file.FullName).Split(Path.DirectorySeparatorChar)[1])
            .ToImmutableSortedDictionary(kind => kind.Key, kind => kind.Sum(file => file.Length), StringComparer.Ordinal);

    private static string Share(List<Round> rounds, Func<Round, double> of)
    {
        var shares = rounds.Select(of).Order().ToArray();
        return string.Create(CultureInfo.InvariantCulture,
            $"{shares[shares.Length / 2]:0.0 %} (half: {shares[shares.Length / 4]:0.0 %} to {shares[shares.Length * 3 / 4]:0.0 %})");
    }

    private static double Median(List<Round> rounds, Func<Round, double> of) => rounds.Select(of).Order().ElementAt(rounds.Count / 2);

    private static string Megabytes(double bytes) => Number(bytes / 1e6) + " MB";

    private static string Number(double value) => value.ToString(value < 10 ? "0.00" : "0.0", CultureInfo.InvariantCulture);
}
