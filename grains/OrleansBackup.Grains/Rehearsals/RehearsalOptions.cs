using System.ComponentModel.DataAnnotations;

namespace OrleansBackup.Grains.Rehearsals;

/// <summary>How often what is stored is proved to come back. Configuration section <c>Rehearsals</c>.</summary>
public sealed record RehearsalOptions
{
    public const string Section = "Rehearsals";

    /// <summary>Rehearsals of the whole estate in a year: 1, 2, 4 or 12. Default 4, as the plan <c>accensys</c> promises; 0: none by themselves.</summary>
    [AllowedValues(0, 1, 2, 4, 12)]
    public int PerYear { get; init; } = 4;

    /// <summary>At least so many items, if there are so many. Default 50, as that plan promises.</summary>
    [Range(1, 100_000)]
    public int MinimumItems { get; init; } = 50;

    /// <summary>How often it is looked whether one is due. Default 6 hours.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "7.00:00:00")]
    public TimeSpan LookEvery { get; init; } = TimeSpan.FromHours(6);
}
