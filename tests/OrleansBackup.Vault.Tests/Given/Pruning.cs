namespace OrleansBackup.Vault.Tests.Given;

/// <summary>Tests mostly say what is to stay.</summary>
internal static class Pruning
{
    /// <summary>Removes every point that is there now and not in <paramref name="keep"/>; the newest stays anyway.</summary>
    public static async Task<PruneResult> PruneAsync(this ResourceVault resource, IReadOnlySet<long> keep, CancellationToken cancellation)
    {
        var points = await resource.ListPointsAsync(cancellation);
        return await resource.PruneAsync([.. points.Select(p => p.Sequence).Where(s => !keep.Contains(s))], cancellation);
    }
}
