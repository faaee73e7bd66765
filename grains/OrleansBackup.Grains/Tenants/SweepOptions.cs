using System.ComponentModel.DataAnnotations;

namespace OrleansBackup.Grains.Tenants;

/// <summary>How often a tenant's shared content is swept. Configuration section <c>Backup:Sweep</c>.</summary>
public sealed record SweepOptions
{
    public const string Section = "Backup:Sweep";

    /// <summary>Every so many days, each tenant at an hour of its own. What a sweep condemns, the next deletes. Default 7.</summary>
    [Range(1, 365)]
    public int EveryDays { get; init; } = 7;
}
