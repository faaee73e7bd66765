using System.Globalization;

namespace OrleansBackup.Benchmarks.Vault.Peers;

/// <summary>The same bytes through the vault and through its peers: first backup, daily runs, restores, and what lies in the repository.</summary>
/// <remarks>First backups are taken in turn, one of each tool into an empty repository, and compared in these rounds: how fast the processor is
/// depends on what else the machine does meanwhile. The last round's repositories live on.</remarks>
internal static class PeerMeasurement
{
    private const int OneChangedIn = 100;

    private sealed record Steps(IBackupTool Tool, IReadOnlyList<Cost> First, Cost Changed, Cost Unchanged, int ObjectsOfUnchanged, Cost One, Cost All, long StoredFirst, long StoredInAll);

    private sealed record Contestant(IBackupTool Tool, MailMaterial Material, string Restored, Cost First, long StoredFirst);

    /// <param name="repeats">Of each step but the last; medians are printed.</param>
    public static async Task<IReadOnlyList<Figure>> RunAsync(IReadOnlyList<byte[]> messages, int items, int repeats, CancellationToken cancellation)
    {
        var work = Directory.CreateTempSubdirectory("vault-peers-").FullName;
        try
        {
            // Ours runs in a server that has long been compiled; a peer is a program of its own anyway.
            await LiveAsync(await BeginAsync("ours", Path.Combine(work, "warm-up"), messages, items, cancellation), 1, cancellation);
            Directory.Delete(Path.Combine(work, "warm-up"), recursive: true);
            var names = new[] { "ours", "restic", "borg" }.Where(name => name == "ours" || PeerTool.VersionOf(name) is not null).ToArray();
            var contestants = new List<Contestant>();
            var firsts = names.Select(_ => new List<Cost>()).ToArray();
            for (var round = 0; round < repeats; round++)
            {
                contestants = [];
                foreach (var name in names)
                    contestants.Add(await BeginAsync(name, Path.Combine(work, $"{name}-{round}"), messages, items, cancellation));
                foreach (var (contestant, costs) in contestants.Zip(firsts))
                    costs.Add(contestant.First);
            }
            var all = new List<Steps>();
            foreach (var (contestant, costs) in contestants.Zip(firsts))
                all.Add(await LiveAsync(contestant, repeats, cancellation) with { First = costs });
            var bytes = MailMaterial.Write(Path.Combine(work, "source"), messages, items).Bytes;
            return [new("source", Megabytes(bytes)), .. Rows(all, bytes)];
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }
    }

    /// <summary>A tool, its material and an empty repository, and the first backup into it.</summary>
    private static async Task<Contestant> BeginAsync(string name, string folder, IReadOnlyList<byte[]> messages, int items, CancellationToken cancellation)
    {
        var material = MailMaterial.Write(Path.Combine(folder, "material"), messages, items);
        var own = Directory.CreateDirectory(Path.Combine(folder, "own")).FullName;
        IBackupTool tool = name == "ours" ? new OurVault(own, material.Folder) : new PeerTool(name, own, material.Folder);
        await tool.CreateAsync(cancellation);
        return new Contestant(tool, material, Path.Combine(folder, "restored"), await tool.BackUpAsync(null, cancellation), tool.StoredBytes());
    }

    private static async Task<Steps> LiveAsync(Contestant contestant, int repeats, CancellationToken cancellation)
    {
        var (tool, material, restored, first, storedFirst) = contestant;
        var (changed, unchanged, one) = (new List<Cost>(), new List<Cost>(), new List<Cost>());
        var objects = 0;
        for (var i = 0; i < repeats; i++)
        {
            changed.Add(await tool.BackUpAsync(material.Change(OneChangedIn), cancellation));
            objects = tool.StoredObjects();
            unchanged.Add(await tool.BackUpAsync([], cancellation));
            objects = tool.StoredObjects() - objects;
            one.Add(await tool.RestoreOneAsync(material.Files[(i * 7919 + 13) % material.Files.Count], Directory.CreateDirectory($"{restored}-{i}").FullName, cancellation));
        }
        var all = await tool.RestoreAllAsync(Directory.CreateDirectory(restored).FullName, cancellation);
        foreach (var file in material.Files)
            if (!File.ReadAllBytes(Path.Combine(restored, file)).AsSpan().SequenceEqual(File.ReadAllBytes(Path.Combine(material.Folder, file))))
                throw new InvalidOperationException($"{tool.Name} did not bring {file} back as it was.");
        return new Steps(tool, [first], Median(changed), Median(unchanged), objects, Median(one), all, storedFirst, tool.StoredBytes());
    }

    private static IEnumerable<Figure> Rows(List<Steps> all, long sourceBytes)
    {
        yield return Row("first backup, MB/s of source", all, steps => sourceBytes / 1e6 / Median(steps.First).Elapsed.TotalSeconds);
        yield return FirstBackups(all, sourceBytes);
        yield return Row("stored after it, MB", all, steps => steps.StoredFirst / 1e6, "at most 0.75x the better peer");
        yield return Row("daily run, 1 % changed, ms", all, steps => steps.Changed.Elapsed.TotalMilliseconds, "at most 0.1x restic");
        yield return Row("run without a change, ms", all, steps => steps.Unchanged.Elapsed.TotalMilliseconds);
        yield return Row("run without a change, processor ms", all, steps => steps.Unchanged.Processor.TotalMilliseconds, "under 5");
        yield return Row("run without a change, new objects", all, steps => steps.ObjectsOfUnchanged, "1: the point");
        yield return Row("restore of one message, ms", all, steps => steps.One.Elapsed.TotalMilliseconds);
        yield return Row("restore of everything, MB/s", all, steps => sourceBytes / 1e6 / steps.All.Elapsed.TotalSeconds);
        yield return Row("stored after all runs, MB", all, steps => steps.StoredInAll / 1e6);
    }

    private static Figure Row(string what, List<Steps> all, Func<Steps, double> of, string? target = null)
    {
        var ours = of(all[0]);
        return new Figure(what, string.Join(" | ", all.Select(steps => $"{steps.Tool.Name} {Number(of(steps))}" + (steps == all[0] ? "" : $" ({Number(ours / of(steps))}x)"))), target);
    }

    /// <summary>The ratio is the median over the rounds, which is not the ratio of the medians.</summary>
    private static Figure FirstBackups(List<Steps> all, long sourceBytes)
    {
        double[] Rates(Steps steps) => [.. steps.First.Select(cost => sourceBytes / 1e6 / cost.Processor.TotalSeconds)];
        var ours = Rates(all[0]);
        return new Figure("first backup, MB/s per processor second", string.Join(" | ", all.Select(steps => $"{steps.Tool.Name} {Number(Median(Rates(steps)))}"
            + (steps == all[0] ? "" : $" ({Number(Median(ours.Zip(Rates(steps), (mine, theirs) => mine / theirs)))}x)"))), "at least 2x restic");
    }

    private static double Median(IEnumerable<double> values) => values.Order().ToArray() is { Length: > 0 } sorted ? sorted[sorted.Length / 2] : double.NaN;

    private static Cost Median(IReadOnlyList<Cost> costs) => costs.OrderBy(cost => cost.Elapsed).ElementAt(costs.Count / 2);

    private static string Megabytes(double bytes) => Number(bytes / 1e6) + " MB";

    private static string Number(double value) => value.ToString(Math.Abs(value) switch { < 10 => "0.00", < 1000 => "0.0", _ => "0" }, CultureInfo.InvariantCulture);
}
