using System.Collections.Immutable;
using Orleans;

namespace OrleansBackup.Domain.Reports;

/// <summary>A time in which a resource was protected and that is over. What goes on since then, its tenant's list says.</summary>
[GenerateSerializer, Immutable, Alias("protection-span")]
public sealed record ProtectionSpan([property: Id(0)] DateTimeOffset From, [property: Id(1)] DateTimeOffset Until)
{
    /// <summary>Spans that ended longer ago are in closed reports only.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(400);

    /// <summary>The time of a month in which a resource was protected; null: at no moment of it. Pure.</summary>
    /// <param name="earlier">Times that are over.</param>
    /// <param name="since">Since when it is as it is now.</param>
    /// <param name="now">Whether it is protected now.</param>
    /// <returns>From its first moment of protection, which may lie before the month, to its last; null for an end: it went on beyond the month.</returns>
    public static (DateTimeOffset From, DateTimeOffset? Until)? Within(ImmutableArray<ProtectionSpan> earlier, DateTimeOffset since, bool now, DateTimeOffset begins, DateTimeOffset ends)
    {
        var spans = earlier.Select(span => (span.From, Until: (DateTimeOffset?)span.Until)).Concat(now ? [(since, null)] : [])
            .Where(span => span.From < ends && (span.Until is not { } until || until > begins)).OrderBy(span => span.From).ToList();
        return spans.Count == 0 ? null : (spans[0].From, spans[^1].Until is { } last && last < ends ? last : null);
    }
}
