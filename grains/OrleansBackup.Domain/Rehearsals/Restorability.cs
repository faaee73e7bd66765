using System.Collections.Immutable;
using Orleans;

namespace OrleansBackup.Domain.Rehearsals;

/// <summary>How sure it is, at a moment, that what is stored of a resource comes back.</summary>
/// <param name="AsOf">The moment.</param>
/// <param name="Share">Of the stored bytes, from 0 to 1: what was read back, decrypted and hashed again within <see cref="Days"/>. Null: there is nothing stored.</param>
/// <param name="Damaged">Objects that were found damaged and are not healed.</param>
/// <param name="LastRestoreAt">When an item of it last was put back into Microsoft 365; null: never.</param>
/// <param name="LastRehearsedAt">When an item of it last was drawn in a rehearsal and came back as it was; null: never.</param>
[GenerateSerializer, Immutable, Alias("restorability")]
public sealed record Restorability(
    [property: Id(0)] DateTimeOffset AsOf, [property: Id(1)] double? Share, [property: Id(2)] int Days, [property: Id(3)] int Damaged, [property: Id(4)] DateTimeOffset? LastRestoreAt,
    [property: Id(5)] DateTimeOffset? LastRehearsedAt)
{
    /// <summary>All bytes are read within so many days (<see cref="Schedule.ScrubSchedule"/>), so less than everything means that readings were missed.</summary>
    public const int WithinDays = 30;

    /// <param name="slices">When each of the equal slices of the stored bytes was last read; those that never were are left out.</param>
    /// <param name="ofSlices">How many there are.</param>
    public static double ShareOf(IEnumerable<DateTimeOffset> slices, int ofSlices, DateTimeOffset now) =>
        Math.Round((double)slices.Count(read => now - read <= TimeSpan.FromDays(WithinDays)) / ofSlices, 4);
}
