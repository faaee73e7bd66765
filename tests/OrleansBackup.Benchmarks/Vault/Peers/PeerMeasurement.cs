using System.Globalization;

namespace OrleansBackup.Benchmarks.Vault.Peers;

/// <summary>The same bytes through the vault and through its peers: first backup, daily runs, restores, and what lies in the repository.</summary>
internal static class PeerMeasurement
{
    private const int OneChangedIn = 100;

    private sealed record Steps(IBackupTool Tool, Cost First, Cost Changed, Cost Unchanged, int ObjectsOfUnchanged, Cost One, Cost All, long StoredFirst, long StoredInAll);

    /// <param name="repeats">Of each step but the first and last; medians are printed.</param>
    public static async Task<IReadOnlyList<Figure>> RunAsync(IReadOnlyList<byte[]> messages, int items, int repeats, CancellationToken cancellation)
    {
        var work = Directory.CreateTempSubdirectory("vault-peers-").FullName;
        try
        {
            var all = new List<Steps>();
            foreach (var name in new[] { "warm-up", "ours", "restic", "borg" })
            {
                if (name is "restic" or "borg" && PeerTool.VersionOf(name) is null)
                    continue;
                var material = MailMaterial.Write(Path.Combine(work, name, "material"), messages, items);
                var own = Directory.CreateDirectory(Path.Combine(work, name, "own")).FullName;
                IBackupTool tool = name is "restic" or "borg" ? new PeerTool(name, own, material.Folder) : new OurVault(own, material.Folder);
                var steps = await MeasureAsync(tool, material, Path.Combine(work, name, "restored"), repeats, cancellation);
                if (name != "warm-up") // ours runs in a server that has long been compiled; a peer is a program of its own anyway
                    all.Add(steps);
                Directory.Delete(Path.Combine(work, name), recursive: true);
            }
            var bytes = MailMaterial.Write(Path.Combine(work, "source"), messages, items).Bytes;
            return [new("source", Megabytes(bytes)), .. Rows(all, bytes)];
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }
    }

    private static async Task<Steps> MeasureAsync(IBackupTool tool, MailMaterial material, string restored, int repeats, CancellationToken cancellation)
    {
        await tool.CreateAsync(cancellation);
        var first = await tool.BackUpAsync(null, cancellation);
        var storedFirst = tool.StoredBytes();
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
        return new Steps(tool, first, Median(changed), Median(unchanged), objects, Median(one), all, storedFirst, tool.StoredBytes());
    }

    private static IEnumerable<Figure> Rows(List<Steps> all, long sourceBytes)
    {
        yield return Row("first backup, MB/s of source", all, steps => sourceBytes / 1e6 / steps.First.Elapsed.TotalSeconds);
        yield return Row("first backup, MB/s per processor second", all, steps => sourceBytes / 1e6 / steps.First.Processor.TotalSeconds, "at least 2x restic");
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

    private static Cost Median(List<Cost> costs) => costs.OrderBy(cost => cost.Elapsed).ElementAt(costs.Count / 2);

    private static string Megabytes(double bytes) => Number(bytes / 1e6) + " MB";

    private static string Number(double value) => value.ToString(Math.Abs(value) switch { < 10 => "0.00", < 1000 => "0.0", _ => "0" }, CultureInfo.InvariantCulture);
}
