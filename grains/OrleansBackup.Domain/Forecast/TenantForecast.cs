using System.Collections.Immutable;
using OrleansBackup.Domain.Identity;

namespace OrleansBackup.Domain.Forecast;

/// <summary>Says when the first backup of a whole tenant ends, from what waits, what is under way, how it has gone so far, the places and what Microsoft 365 grants.</summary>
/// <remarks>
/// Pure: equal input gives an equal answer. What waits is guessed many times from what has begun, each time from other samples of it, and put through the places and the
/// granted requests in its order (<see cref="PlacesAndPermits"/>). The middle guess is the answer, and where eight of ten guesses lie is how sure it is.
/// </remarks>
public static class TenantForecast
{
    private const int MostGuesses = 100, FewestGuesses = 20, MostRunsGuessed = 200_000;

    // Of fewer nothing is said: it would be a guess at the rest from one or two.
    private const int FewestSamples = 3;

    // What explains so much of the time is the one to name.
    private const double OneExplains = 0.85, MostOfIt = 0.5;

    public static TenantOutlook Foretell(TenantWork work)
    {
        ArgumentNullException.ThrowIfNull(work);
        var left = work.Backups.Where(backup => backup.Stage != FirstBackupStage.Done).ToList();
        if (left.Count == 0)
            return new TenantOutlook(TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero, Bottleneck.None, null, Kinds(work, null));
        var histories = work.Backups.GroupBy(backup => backup.Kind).ToDictionary(kind => kind.Key, kind => new KindHistory([.. kind.Where(backup => backup.Stage != FirstBackupStage.Waiting)]));
        var all = histories.Values.SelectMany(history => history.Samples).ToList();
        if (!all.Exists(sample => sample.HasEnded) || (all.Count < FewestSamples && left.Exists(backup => histories[backup.Kind].OwnRest(backup) is null)))
            return new TenantOutlook(null, null, null, Bottleneck.None, null, Kinds(work, null));

        var random = new Random(left.Count); // any will do, so long as an equal question has an equal answer
        var guesses = Enumerable.Range(0, Math.Clamp(MostRunsGuessed / left.Count, FewestGuesses, MostGuesses)).Select(_ => Guess(work, left, histories, all, random)).OrderBy(guess => guess.Seconds).ToList();
        var middle = guesses[guesses.Count / 2];
        var (bottleneck, service) = Judge(work, middle);
        return new TenantOutlook(
            TimeSpan.FromSeconds(middle.Seconds), TimeSpan.FromSeconds(guesses[guesses.Count / 10].Seconds), TimeSpan.FromSeconds(guesses[^((guesses.Count / 10) + 1)].Seconds),
            bottleneck, service, Kinds(work, middle));
    }

    private static GuessedEnd Guess(TenantWork work, List<FirstBackup> left, Dictionary<ResourceKind, KindHistory> histories, List<Sample> all, Random random)
    {
        // A kind of which hardly any has begun is taken to be like the others.
        var guesses = histories.ToDictionary(kind => kind.Key, kind => new KindGuess(kind.Value.Samples.Count >= FewestSamples ? kind.Value.Samples : Untold(all), random));
        var runs = left.Select(backup => (backup.Kind, backup.Stage, Cost: backup.Stage == FirstBackupStage.Waiting
            ? guesses[backup.Kind].Of(backup.Told)
            : histories[backup.Kind].OwnRest(backup) ?? guesses[backup.Kind].RestOf(backup))).ToList();
        var queue = new PlacesAndPermits(work.Places, work.PlacesForMailboxes, work.Flows);
        queue.Run(Of(FirstBackupStage.UnderWay), Of(FirstBackupStage.Waiting));
        return new GuessedEnd(queue.Seconds, queue.Shortest, runs.Max(run => run.Cost.Seconds), runs.GroupBy(run => run.Kind).ToDictionary(kind => kind.Key, kind => kind.Sum(run => run.Cost.Seconds)));

        List<(ResourceKind Kind, RunCost Cost)> Of(FirstBackupStage stage) => [.. runs.Where(run => run.Stage == stage).Select(run => (run.Kind, run.Cost))];
    }

    private static (Bottleneck, LimitedService?) Judge(TenantWork work, GuessedEnd end)
    {
        if (end.Shortest.Seconds > MostOfIt * end.Seconds)
            return (Bottleneck.GraphBudget, end.Shortest.Service);
        if (end.LongestRun >= OneExplains * end.Seconds)
            return (Bottleneck.OneResource, null);
        return (ShareOfBytes(work, end.RunTime) > MostOfIt ? Bottleneck.BytesPerSecond : Bottleneck.Places, null);
    }

    /// <summary>How much of the time that is left goes to bytes and not to items.</summary>
    private static double ShareOfBytes(TenantWork work, Dictionary<ResourceKind, double> runTime)
    {
        var (ofBytes, ofAll) = (0.0, 0.0);
        foreach (var (kind, seconds) in runTime)
        {
            var fit = new CostFit();
            var begun = work.Backups.Where(backup => backup.Kind == kind && backup.Stage != FirstBackupStage.Waiting && backup.Worked > TimeSpan.Zero).ToList();
            foreach (var backup in begun)
                fit.Add(backup.Items, backup.Bytes / 1e6, KindHistory.Unhindered(backup));
            var (perItem, perMegabyte) = fit.Costs();
            var (items, bytes) = (perItem * begun.Sum(backup => (double)backup.Items), perMegabyte * begun.Sum(backup => backup.Bytes / 1e6));
            ofBytes += items + bytes > 0 ? seconds * bytes / (items + bytes) : 0;
            ofAll += seconds;
        }
        return ofAll > 0 ? ofBytes / ofAll : 0;
    }

    private static IReadOnlyList<Sample> Untold(List<Sample> samples) => [.. samples.Select(sample => sample with { Told = default })];

    private static ImmutableArray<KindOutlook> Kinds(TenantWork work, GuessedEnd? middle) => [.. work.Backups.GroupBy(backup => backup.Kind).OrderBy(kind => kind.Key).Select(kind => new KindOutlook(
        kind.Key, kind.Count(backup => backup.Stage == FirstBackupStage.Waiting), kind.Count(backup => backup.Stage == FirstBackupStage.UnderWay), kind.Count(backup => backup.Stage == FirstBackupStage.Done),
        kind.Sum(backup => backup.Items), kind.Sum(backup => backup.Bytes), kind.Sum(backup => backup.Requests), new TimeSpan(kind.Sum(backup => backup.Worked.Ticks)),
        middle is not null ? TimeSpan.FromSeconds(middle.RunTime.GetValueOrDefault(kind.Key)) : kind.All(backup => backup.Stage == FirstBackupStage.Done) ? TimeSpan.Zero : null))];

    private sealed record GuessedEnd(double Seconds, (LimitedService Service, double Seconds) Shortest, double LongestRun, Dictionary<ResourceKind, double> RunTime);
}
