using OrleansBackup.Vault;

namespace OrleansBackup.VaultReader;

/// <summary><c>vault export</c>: a restore point as a tree of folders, with one file for each content and one for what is known of the item.</summary>
internal static class ExportCommand
{
    public static async Task<ExitCode> RunAsync(VaultRepository repository, TableWriter table, CommandLine line, CancellationToken cancellation)
    {
        var target = line.Options.GetValueOrDefault("to") ?? throw new CommandException(ExitCode.Usage, "'--to' is missing: the folder to write to.");
        await using var point = await Places.OpenPointAsync(repository, line, cancellation);
        var top = line.Target.Count > 3 ? await Places.FindAsync(point, line.Target[3], cancellation) : null;
        // An empty folder of our own: nothing is overwritten, and no link that somebody left there leads elsewhere.
        if (Path.Exists(target) && (!Directory.Exists(target) || Directory.EnumerateFileSystemEntries(target).Any()))
            throw new CommandException(ExitCode.Refused, $"'{target}' exists and is not an empty folder; an export overwrites nothing.");
        Directory.CreateDirectory(target);

        var tree = new ExportTree(point, target, top);
        await foreach (var item in point.ItemsAsync(ItemFilter.All, cancellation))
            await tree.WriteAsync(item, cancellation);
        await table.WriteAsync(["exported", "files", "bytes", "failed"], new[] { new object?[] { tree.Items, tree.Files, tree.Bytes, tree.Failures.Count } }.ToAsyncEnumerable(), cancellation);
        if (tree.Failures.Count == 0)
            return ExitCode.Done;
        await table.WriteAsync(["not exported", "content", "why"], tree.Failures.Select(f => new object?[] { f.Item, f.Role, f.Why }).ToAsyncEnumerable(), cancellation);
        return ExitCode.Damage;
    }
}
