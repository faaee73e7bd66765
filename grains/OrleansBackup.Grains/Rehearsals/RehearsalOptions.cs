using System.ComponentModel.DataAnnotations;

namespace OrleansBackup.Grains.Rehearsals;

/// <summary>How often what is stored is proved to come back. Configuration section <c>Rehearsals</c>.</summary>
public sealed record RehearsalOptions
{
    public const string Section = "Rehearsals";

    /// <summary>Rehearsals of the whole estate in a year, where no contract in force promises any: 1, 2, 4 or 12; 0: none by themselves. Default 4.</summary>
    [AllowedValues(0, 1, 2, 4, 12)]
    public int PerYear { get; init; } = 4;

    /// <summary>At least so many items, if there are so many, where no contract in force promises a number. Default 50.</summary>
    [Range(1, 100_000)]
    public int MinimumItems { get; init; } = 50;

    /// <summary>How long the trial of an item waits for a backup that is going to end, before the item is only read. Default 30 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "7.00:00:00")]
    public TimeSpan WaitForRun { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>How often it looks meanwhile. Default 15 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "01:00:00")]
    public TimeSpan LookAgainEvery { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a backup that begins waits for the item that is on trial, before the trial is broken off. Default 1 minute.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00")]
    public TimeSpan GiveWayWithin { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How often it is looked whether one is due. Default 6 hours.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "7.00:00:00")]
    public TimeSpan LookEvery { get; init; } = TimeSpan.FromHours(6);
}
