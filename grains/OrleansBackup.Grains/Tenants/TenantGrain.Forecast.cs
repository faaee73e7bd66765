using OrleansBackup.GrainInterfaces.Tenants;

namespace OrleansBackup.Grains.Tenants;

/// <summary>When the first backups end. Kept for a minute: whoever watches asks again and again, and a large tenant has much to add up.</summary>
internal sealed partial class TenantGrain
{
    private const int DoneLookedAt = 2_000;
    private static readonly TimeSpan ForecastKept = TimeSpan.FromMinutes(1);

    private TenantForecastReport? _forecast;

    public Task<TenantForecastReport> GetForecast(CancellationToken cancellation)
    {
        RequireOnboarded();
        return ForecastAsync(cancellation);
    }

    private async Task<TenantForecastReport> ForecastAsync(CancellationToken cancellation)
    {
        if (_forecast is { } known && Now - known.AsOf is var age && age >= TimeSpan.Zero && age < ForecastKept)
            return known;
        var parts = await AskPartsAsync((part, _) => part.ListFirstBackups(Math.Max(20, DoneLookedAt / State.Parts), cancellation));
        return _forecast = await prospect.ForetellAsync(Tenant, [.. parts.SelectMany(part => part.Left)], [.. parts.SelectMany(part => part.Done)], cancellation);
    }
}
