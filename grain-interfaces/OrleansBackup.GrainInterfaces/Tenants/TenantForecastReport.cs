using System.Collections.Immutable;
using Orleans;
using OrleansBackup.Domain.Forecast;

namespace OrleansBackup.GrainInterfaces.Tenants;

/// <summary>When the first backup of a whole tenant ends, and what that was worked out from.</summary>
/// <param name="Places">How many of its runs can be under way at once, over all processes.</param>
/// <param name="Flows">What Microsoft 365 grants it.</param>
[GenerateSerializer, Immutable, Alias("tenant-forecast-report")]
public sealed record TenantForecastReport(
    [property: Id(0)] DateTimeOffset AsOf, [property: Id(1)] TenantOutlook Outlook, [property: Id(2)] int Places, [property: Id(3)] ImmutableArray<PermitFlow> Flows)
{
    /// <summary>Null: nothing is left, or it is too early to say.</summary>
    public DateTimeOffset? ExpectedEnd => EndOf(Outlook.Left);

    public DateTimeOffset? Earliest => EndOf(Outlook.LeftAtLeast);

    public DateTimeOffset? Latest => EndOf(Outlook.LeftAtMost);

    private DateTimeOffset? EndOf(TimeSpan? left) => Outlook.BackupsLeft == 0 || left is not { } time || time > DateTimeOffset.MaxValue - AsOf ? null : AsOf + time;
}
