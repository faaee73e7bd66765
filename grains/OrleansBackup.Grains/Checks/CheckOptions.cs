using System.ComponentModel.DataAnnotations;

namespace OrleansBackup.Grains.Checks;

/// <summary>How checks and reports are made where a tenant's plan says nothing, and how hard they may work. Configuration section <c>Checks</c>.</summary>
public sealed record CheckOptions
{
    public const string Section = "Checks";

    /// <summary>The hour of the check of tenants without a contract, on the contract's clock.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "23:00:00")]
    public TimeSpan At { get; init; } = TimeSpan.FromHours(9);

    /// <summary>How long after its moment a backup of such a tenant may still come.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan Grace { get; init; } = TimeSpan.FromHours(6);

    /// <summary>So many daily moments in a row without a good backup are critical.</summary>
    [Range(1, 30)]
    public int CriticalAfterMissed { get; init; } = 2;

    /// <summary>So many tenants are asked at once.</summary>
    [Range(1, 64)]
    public int TenantsAtOnce { get; init; } = 8;

    /// <summary>So many resources of a tenant are asked at once for its report.</summary>
    [Range(1, 64)]
    public int ResourcesAtOnce { get; init; } = 8;

    /// <summary>Reports of a month are made within so long after its end, each tenant's at an hour of its own.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "23:00:00")]
    public TimeSpan ReportsWithin { get; init; } = TimeSpan.FromHours(12);

    /// <summary>So many checks are kept: at least a year of working days.</summary>
    [Range(20, 2_600)]
    public int Kept { get; init; } = 520;
}
