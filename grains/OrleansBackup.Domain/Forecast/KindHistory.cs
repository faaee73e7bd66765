namespace OrleansBackup.Domain.Forecast;

/// <summary>What the first backups of one kind that have begun tell of those that wait: how long they took, and how that follows from the size that was told before.</summary>
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
        var told = begun.Where(backup => backup is { Stage: FirstBackupStage.Done, ToldSize: > 0 } && backup.DoneSize > 0).ToList();
        _toldToTrue = told.Count < EnoughToCorrect ? 1 : Math.Clamp(told.Sum(backup => (double)backup.DoneSize) / told.Sum(backup => (double)backup.ToldSize!.Value), 0.05, 20);
        foreach (var backup in begun)
        {
            if (backup.Stage == FirstBackupStage.Done)
                _samples.Add(new Sample(backup.ToldSize, backup.Worked.TotalSeconds));
            else if (OwnRest(backup) is { } rest)
                _samples.Add(new Sample(backup.ToldSize, backup.Worked.TotalSeconds + rest));
        }
    }

    public IReadOnlyList<Sample> Samples => _samples;

    /// <summary>The rest of a run under way, in seconds, as it goes itself; null: it cannot tell.</summary>
    public double? OwnRest(FirstBackup backup)
    {
        if (backup.Left is not { } left)
            return null;
        if (backup.ToldSize is not > 0 || backup.ToldSize <= backup.DoneSize)
            return left.TotalSeconds;
        var trueLeft = Math.Max(0.02 * backup.DoneSize, (backup.ToldSize.Value * _toldToTrue) - backup.DoneSize);
        return left.TotalSeconds * trueLeft / (backup.ToldSize.Value - backup.DoneSize);
    }
}

/// <summary>One first backup that has begun.</summary>
/// <param name="Seconds">It took, or is foretold to take, in all.</param>
internal sealed record Sample(long? ToldSize, double Seconds);

/// <summary>One guess at how a kind behaves: as some of its samples do, drawn with repetition. Many such guesses show how sure the whole is.</summary>
internal sealed class KindGuess
{
    private readonly Sample[] _drawn;
    private readonly Random _random;
    private readonly double _perRun, _perSize;
    private readonly double[] _surprises = [];

    public KindGuess(IReadOnlyList<Sample> samples, Random random)
    {
        _random = random;
        _drawn = [.. Enumerable.Range(0, samples.Count).Select(_ => samples[random.Next(samples.Count)])];
        var told = _drawn.Where(sample => sample.ToldSize is not null).ToList();
        if (told.Count == 0)
            return;
        var fit = new CostFit();
        foreach (var sample in told) // each in proportion to itself: one large drive must not decide alone what a small one costs
            fit.Add(1 / sample.Seconds, sample.ToldSize!.Value / 1e3 / sample.Seconds, 1);
        var (perRun, perSize) = fit.Costs();
        var scale = told.Sum(sample => sample.Seconds) / told.Sum(sample => perRun + (perSize * sample.ToldSize!.Value / 1e3));
        (_perRun, _perSize) = (perRun * scale, perSize * scale);
        _surprises = [.. told.Select(sample => sample.Seconds / Expected(sample.ToldSize!.Value))];
    }

    /// <summary>How long one that waits takes.</summary>
    public double Of(long? toldSize) => toldSize is { } size && _surprises.Length > 0
        ? Expected(size) * _surprises[_random.Next(_surprises.Length)]
        : _drawn[_random.Next(_drawn.Length)].Seconds;

    /// <summary>How much longer one takes that has worked for so long and cannot tell itself.</summary>
    public double RestOf(long? toldSize, double worked)
    {
        if (toldSize is not null && _surprises.Length > 0)
            return Math.Max(Of(toldSize) - worked, 0.1 * worked);
        var longer = _drawn.Where(sample => sample.Seconds > worked).ToList();
        return longer.Count > 0 ? longer[_random.Next(longer.Count)].Seconds - worked : worked;
    }

    private double Expected(long toldSize) => Math.Max(1e-3, _perRun + (_perSize * toldSize / 1e3));
}
