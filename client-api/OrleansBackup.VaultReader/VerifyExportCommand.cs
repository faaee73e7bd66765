using OrleansBackup.Domain.Exports;

namespace OrleansBackup.VaultReader;

/// <summary><c>vault verify-export</c>: whether a folder holds an export as the provider signed it. Needs no store and no key of ours.</summary>
internal static class VerifyExportCommand
{
    public static async Task<ExitCode> RunAsync(CommandLine line, TableWriter table, CancellationToken cancellation)
    {
        if (!Directory.Exists(line.Target[0]))
            throw new CommandException(ExitCode.NotFound, $"There is no folder '{line.Target[0]}'.");
        var verdict = await ExportVerifier.VerifyAsync(line.Target[0], await File.ReadAllTextAsync(line.Options["public-key"], cancellation), cancellation);
        await table.WriteAsync(["verdict", "files"], (verdict.IsValid ? ["valid"] : verdict.Problems).Select(problem => new object?[] { problem, verdict.Files }).ToAsyncEnumerable(), cancellation);
        return verdict.IsValid ? ExitCode.Done : ExitCode.Damage;
    }
}
