using OrleansBackup.Domain.Audit;

namespace OrleansBackup.VaultReader;

/// <summary><c>vault audit verify</c>: whether an exported audit book is whole, in order and what the provider signed. Needs no store and no key of ours.</summary>
internal static class VerifyAuditCommand
{
    public static async Task<ExitCode> RunAsync(CommandLine line, TableWriter table, CancellationToken cancellation)
    {
        var path = line.Target[1];
        var earlier = line.Options.TryGetValue("earlier", out var before) ? await HeadOfAsync(before, cancellation) : null;
        var verifier = new AuditVerifier(await File.ReadAllTextAsync(line.Options["public-key"], cancellation), earlier);
        await foreach (var text in EvidenceFile.LinesAsync(path, cancellation))
            verifier.Read(text);
        var verdict = verifier.Finish();
        await table.WriteAsync(["book", "entries", "signed at", "hash"],
            new[] { new object?[] { verdict.Book, verdict.Entries, verdict.Head?.SignedAt, verdict.Head?.Hash } }.ToAsyncEnumerable(), cancellation);
        string[] found = [.. verdict.IsValid ? ["valid"] : verdict.Problems, .. earlier is null ? ["no earlier export was compared"] : Array.Empty<string>()];
        await table.WriteAsync(["verdict"], found.Select(problem => new object?[] { problem }).ToAsyncEnumerable(), cancellation);
        return verdict.IsValid ? ExitCode.Done : ExitCode.Damage;
    }

    private static async Task<AuditHead> HeadOfAsync(string path, CancellationToken cancellation)
    {
        var last = Array.Empty<byte>();
        await foreach (var text in EvidenceFile.LinesAsync(path, cancellation))
            last = text;
        return AuditHead.Read(last)?.Head ?? throw new CommandException(ExitCode.NotFound, $"'{path}' does not end with a signed head: it is no export of an audit book, or is cut off.");
    }
}
