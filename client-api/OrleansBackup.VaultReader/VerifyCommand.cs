using OrleansBackup.Vault;

namespace OrleansBackup.VaultReader;

/// <summary><c>vault verify</c>: checks everything, or one tenant or resource, and names the items that damage touches.</summary>
internal static class VerifyCommand
{
    private const int ItemsShown = 20;

    public static async Task<ExitCode> RunAsync(VaultRepository repository, TableWriter table, CommandLine line, CancellationToken cancellation)
    {
        var depth = line.Options.ContainsKey("structure") ? CheckDepth.Structure : CheckDepth.Full;
        var (rows, isSound) = (new List<object?[]>(), true);
        foreach (var tenant in line.Target is [var asked, ..] ? [asked] : await repository.ListTenantsAsync(cancellation).ToListAsync(cancellation))
        {
            if (line.Target.Count < 2)
            {
                var damaged = await LedgerAsync(repository, tenant, cancellation);
                isSound &= damaged.Count == 0;
                rows.AddRange(damaged.Select(damage => new object?[] { tenant, "ledger", "damaged", null, null, null, damage.Name.Value, damage.What, "" }));
            }
            string[] resources = line.Target is [_, var one] ? [one] : await Places.ResourcesAsync(repository, tenant, cancellation).ToArrayAsync(cancellation);
            foreach (var resource in resources)
            {
                var report = await CheckAsync(repository, tenant, resource, depth, cancellation);
                isSound &= report.IsSound;
                rows.Add([tenant, resource, report.IsSound ? "sound" : "damaged", report.Points, report.Objects, report.BytesRead, "", "", ""]);
                foreach (var finding in report.Findings.Where(f => f.Kind != CheckFindingKind.Leftover))
                    rows.Add([tenant, resource, finding.Kind.ToString().ToLowerInvariant(), null, null, null, finding.Name.Value, finding.What, NamesOf(finding)]);
            }
        }
        await table.WriteAsync(["tenant", "resource", "result", "points", "objects", "bytes", "object", "what", "items"], rows.ToAsyncEnumerable(), cancellation);
        await table.SayAsync(isSound ? "Everything that was checked is sound." : "Damage was found.");
        return isSound ? ExitCode.Done : ExitCode.Damage;
    }

    private static async Task<IReadOnlyList<DamagedObjectException>> LedgerAsync(VaultRepository repository, string tenant, CancellationToken cancellation)
    {
        try { return await repository.CheckLedgerAsync(tenant, cancellation); }
        catch (Exception e) when (e is WrongKeyException or TenantKeyMissingException)
        {
            return [new(new($"{tenant}/keys"), e.Message)]; // one tenant's lost key is no reason to leave the others unchecked
        }
    }

    private static async Task<CheckReport> CheckAsync(VaultRepository repository, string tenant, string resource, CheckDepth depth, CancellationToken cancellation)
    {
        try { return await (await Places.OpenAsync(repository, tenant, resource, cancellation)).CheckAsync(depth, null, cancellation); }
        catch (Exception e) when (e is WrongKeyException or TenantKeyMissingException)
        {
            // One tenant's lost key is no reason to leave the others unchecked.
            return new(depth, [new(CheckFindingKind.Damaged, new($"{tenant}/keys"), e.Message, [])], 0, 0, 0);
        }
    }

    private static string NamesOf(CheckFinding finding) => finding.Items.Length <= ItemsShown
        ? string.Join(", ", finding.Items) : $"{string.Join(", ", finding.Items.Take(ItemsShown))} and {finding.Items.Length - ItemsShown} more";
}
