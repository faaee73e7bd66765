using Orleans;

namespace OrleansBackup.Domain.Schedule;

/// <summary>The part of the day in which a tenant's resources start their daily run.</summary>
/// <param name="Start">Time of day, in the contract's time zone.</param>
/// <param name="Length">At most 24 hours; may pass midnight.</param>
[GenerateSerializer, Immutable, Alias("backup-window")]
public sealed record BackupWindow([property: Id(0)] TimeSpan Start, [property: Id(1)] TimeSpan Length)
{
    /// <summary>From 20:00 to 04:00: after office hours, done before them.</summary>
    public static BackupWindow Default { get; } = new(TimeSpan.FromHours(20), TimeSpan.FromHours(8));

    /// <returns>What is wrong with it, or null.</returns>
    public string? Problem() =>
        Start < TimeSpan.Zero || Start >= TimeSpan.FromDays(1) ? "The window's start must be a time of day, from 00:00 up to 24:00."
        : Length <= TimeSpan.Zero || Length > TimeSpan.FromDays(1) ? "The window's length must be more than zero and at most 24 hours."
        : null;
}
