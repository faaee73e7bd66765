namespace OrleansBackup.Domain.Forecast;

/// <summary>What the first backups of one kind that have begun tell of those that wait: what they took, and how that follows from the size that was told before.</summary>
/// <remarks>
/// Those under way count too, with what is foretold of them: of those done alone the small ones would be too many. What Microsoft 365 tells of sizes is off in the same way
/// for all of a kind (old versions, folders below folders), so what was told of those done and what they had in the end corrects it.
/// </remarks>
internal sealed class KindHistory
{
    private const int EnoughToCorrect = 3;

    private readonly List<Sample> _samples = [];
    private readonly double _toldToTrue;

    public KindHistory(IReadOnlyList<FirstBackup> begun)
    {
        var told = begun.Where(backup => backup is { Stage: FirstBackupStage.Done, Told: { IsTold: true, Main: > 0 } } && backup.Told.MainOf(backup) > 0).ToList();
        _toldToTrue = told.Count < EnoughToCorrect ? 1 : Math.Clamp(told.Sum(backup => (double)backup.Told.MainOf(backup)) / told.Sum(backup => (double)backup.Told.Main), 0.05, 20);
        foreach (var backup in begun.Where(backup => backup.Worked > TimeSpan.Zero))
        {
            if (backup.Stage == FirstBackupStage.Done)
                _samples.Add(new Sample(backup.Told, new RunCost(Unhindered(backup), backup.Requests)));
            else if (OwnRest(backup) is { } rest)
                _samples.Add(new Sample(backup.Told, new RunCost(Unhindered(backup) + rest.Seconds, backup.Requests + rest.Requests)));
            else
                _samples.Add(new Sample(backup.Told, new RunCost(Unhindered(backup), backup.Requests)) { HasEnded = false });
        }
    }

    public IReadOnlyList<Sample> Samples => _samples;

    /// <summary>The rest of a run under way, as it goes itself; null: it cannot tell.</summary>
    public RunCost? OwnRest(FirstBackup backup)
    {
        if (backup.Left is not { } left || backup.Worked <= TimeSpan.Zero)
            return null;
        var share = left / backup.Worked;
        var (told, done) = (backup.Told.Main, backup.Told.MainOf(backup));
        if (backup.Told.IsTold && told > done)
            share *= Math.Max(0.02 * done, (told * _toldToTrue) - done) / (told - done);
        return new RunCost(Unhindered(backup) * share, backup.Requests * share);
    }

    public static double Unhindered(FirstBackup backup) => Math.Max(0.01 * backup.Worked.TotalSeconds, (backup.Worked - backup.Waited).TotalSeconds);
}

/// <summary>What a run takes.</summary>
/// <param name="Seconds">If Microsoft 365 granted every request at once.</param>
internal readonly record struct RunCost(double Seconds, double Requests)
{
    public static RunCost operator *(RunCost cost, double factor) => new(cost.Seconds * factor, cost.Requests * factor);
}

/// <summary>One first backup that has begun.</summary>
/// <param name="Cost">Of all of it, what is foretold included.</param>
internal sealed record Sample(ToldSize Told, RunCost Cost)
{
    /// <summary>False: it is under way and nobody knows for how long; the cost is what it has taken so far.</summary>
    public bool HasEnded { get; init; } = true;
}
