using OrleansBackup.Domain.Rehearsals;

namespace OrleansBackup.VaultReader;

/// <summary><c>vault rehearsal verify</c>: whether a rehearsal's record is what the provider signed, and its items those that had to be drawn. Needs no store and no key of ours.</summary>
internal static class VerifyRehearsalCommand
{
    public static async Task<ExitCode> RunAsync(CommandLine line, TableWriter table, CancellationToken cancellation)
    {
        var publicKey = await File.ReadAllTextAsync(line.Options["public-key"], cancellation);
        var record = await EvidenceFile.LinesAsync(line.Target[1], cancellation).ToListAsync(cancellation);
        var inventory = line.Options.TryGetValue("inventory", out var file) ? await EvidenceFile.LinesAsync(file, cancellation).ToListAsync(cancellation) : null;
        var earlier = line.Options.TryGetValue("earlier", out var before) ? (await EvidenceFile.LinesAsync(before, cancellation).ToListAsync(cancellation)).FirstOrDefault() ?? [] : null;
        var verdict = RehearsalVerifier.Verify(record, publicKey, inventory, earlier);
        if (verdict.Record is { } said)
            await table.WriteAsync(["scope", "name", "began at", "ended at", "items", "restored", "the same", "not", "not asked"],
                new[] { new object?[] { said.Scope, said.Name, said.BeganAt, said.EndedAt, said.Items.Length, said.Items.Count(item => item.Way != RehearsalWay.Read), said.Items.Count(item => item.IsSame), said.Items.Count(item => !item.IsSame), said.Unreached.Length } }.ToAsyncEnumerable(), cancellation);
        string[] found = [.. verdict.IsValid ? ["valid"] : verdict.Problems, .. verdict.DrawCompared ? Array.Empty<string>() : ["the sample was not drawn again: there is no inventory"]];
        await table.WriteAsync(["verdict"], found.Select(problem => new object?[] { problem }).ToAsyncEnumerable(), cancellation);
        return verdict.IsValid ? ExitCode.Done : ExitCode.Damage;
    }
}
