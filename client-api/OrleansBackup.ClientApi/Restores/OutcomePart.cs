using System.Collections.Immutable;
using System.Globalization;
using OrleansBackup.ClientApi.Problems;
using OrleansBackup.GrainInterfaces.Restores;

namespace OrleansBackup.ClientApi.Restores;

/// <summary>A part of the outcomes of a restore job, read from the pages in which the job keeps them.</summary>
internal static class OutcomePart
{
    /// <summary>So many pages are read for one answer: who looks for the three failures among a million items gets empty parts, each with its cursor, instead of waiting.</summary>
    private const int PagesRead = 40;

    /// <param name="only">Null: all kinds.</param>
    /// <returns>The part, and where the next begins; null: nothing more is done by now.</returns>
    public static async Task<(ImmutableArray<ItemOutcome> Part, OutcomePlace? Next)> ReadAsync(IRestoreGrain job, OutcomeKind? only, OutcomePlace from, int limit, CancellationToken cancellation)
    {
        var pages = (await job.GetStatus(cancellation)).OutcomePages;
        var part = ImmutableArray.CreateBuilder<ItemOutcome>();
        for (var (page, first) = (from.Page, from.Index); page < pages; (page, first) = (page + 1, 0))
        {
            if (page - from.Page == PagesRead)
                return (part.ToImmutable(), new OutcomePlace(page, 0));
            var outcomes = await job.ListOutcomes(page, cancellation);
            for (var index = first; index < outcomes.Length; index++)
            {
                if (only is not null && outcomes[index].Kind != only)
                    continue;
                if (part.Count == limit)
                    return (part.ToImmutable(), new OutcomePlace(page, index));
                part.Add(outcomes[index]);
            }
        }
        return (part.ToImmutable(), null);
    }
}

/// <summary>Where in the outcomes of a job a part begins. Outcomes are only ever added, so a place stays what it is.</summary>
internal readonly record struct OutcomePlace(int Page, int Index)
{
    /// <exception cref="ProblemException">It is not a place.</exception>
    public static OutcomePlace Read(string? after) => after is null ? default
        : after.Split('.') is [var page, var index] && Number(page) is { } first && Number(index) is { } second ? new(first, second)
        : throw new ProblemException(Problem.InvalidField("after", "'after' must be what the part before gave as next."));

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Page}.{Index}");

    private static int? Number(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
