using OrleansBackup.Vault;

namespace OrleansBackup.VaultReader;

/// <summary>From the command line to what it asks for.</summary>
internal static class Commands
{
    /// <param name="openContent">Opened only by <c>cat</c>, which writes bytes and no text.</param>
    public static async Task<ExitCode> RunAsync(CommandLine line, StoreAccess access, TextWriter output, Func<Stream> openContent, CancellationToken cancellation)
    {
        var table = new TableWriter(output, line.Json);
        if (line.Verb == CommandLine.VerifyDeletion)
            return await VerifyDeletionCommand.RunAsync(line, table, cancellation);
        if (line.Verb == CommandLine.Audit)
            return await VerifyAuditCommand.RunAsync(line, table, cancellation);
        if (line.Verb == CommandLine.VerifyExport)
            return await VerifyExportCommand.RunAsync(line, table, cancellation);
        if (line.Verb == CommandLine.Rehearsal)
            return await VerifyRehearsalCommand.RunAsync(line, table, cancellation);
        var (store, key) = (access.OpenStore(line.Options), access.OpenKey(line.Options));
        using var connection = store as IDisposable; // a folder has none, nor has a key file
        using var keyConnection = key as IDisposable;
        var repository = new VaultRepository(store, key, new VaultOptions(), TimeProvider.System);
        switch (line.Verb)
        {
            case "ls":
                await new ListCommand(repository, table).RunAsync(line, cancellation);
                return ExitCode.Done;
            case "cat":
                await using (var target = openContent())
                    await CatAsync(repository, line, target, cancellation);
                return ExitCode.Done;
            case "verify":
                return await VerifyCommand.RunAsync(repository, table, line, cancellation);
            default:
                return await ExportCommand.RunAsync(repository, table, line, cancellation);
        }
    }

    private static async Task CatAsync(VaultRepository repository, CommandLine line, Stream target, CancellationToken cancellation)
    {
        await using var point = await Places.OpenPointAsync(repository, line, cancellation);
        var item = await Places.FindAsync(point, line.Target[3], cancellation);
        var role = line.Options.GetValueOrDefault("role") ?? (item.Contents.Count == 1 ? item.Contents.Keys.First() : "mime");
        if (!item.Contents.TryGetValue(role, out var content))
            throw new CommandException(ExitCode.NotFound, $"'{item.Name}' has no content '{role}'; it has: {string.Join(", ", item.Contents.Keys)}.");
        await using var stream = await point.OpenContentAsync(content, cancellation);
        await stream.CopyToAsync(target, cancellation);
    }
}
