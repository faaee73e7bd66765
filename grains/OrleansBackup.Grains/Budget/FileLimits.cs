namespace OrleansBackup.Grains.Budget;

/// <summary>What SharePoint and OneDrive grant one app in one tenant, by the tenant's licences.</summary>
/// <remarks>Source: "How to avoid getting throttled or blocked in SharePoint Online", resource units per app and tenant.</remarks>
internal static class FileLimits
{
    private static readonly (int Licences, int PerMinute, int PerDay)[] Steps =
        [(1_000, 1_250, 1_200_000), (5_000, 2_500, 2_400_000), (15_000, 3_750, 3_600_000), (50_000, 5_000, 4_800_000), (int.MaxValue, 6_250, 6_000_000)];

    /// <returns>Resource units per minute and per 24 hours.</returns>
    public static (int PerMinute, int PerDay) Of(int licences)
    {
        var step = Array.Find(Steps, step => licences <= step.Licences);
        return (step.PerMinute, step.PerDay);
    }
}
