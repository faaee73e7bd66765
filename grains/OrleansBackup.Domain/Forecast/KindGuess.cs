namespace OrleansBackup.Domain.Forecast;

/// <summary>One guess at how a kind behaves: as some of its samples do, drawn with repetition. Many such guesses show how sure the whole is.</summary>
internal sealed class KindGuess
{
    private readonly Sample[] _drawn;
    private readonly Random _random;
    private readonly SizeCost? _seconds, _requests;
    private readonly (double Seconds, double Requests)[] _surprises = [];

    /// <param name="samples">At least one.</param>
    public KindGuess(IReadOnlyList<Sample> samples, Random random)
    {
        _random = random;
        var drawn = Enumerable.Range(0, samples.Count).Select(_ => samples[random.Next(samples.Count)]).OrderByDescending(sample => sample.Cost.Seconds).ToList();
        // One that goes on without an end in sight is like one of those that took longer; left out, the small ones would be too many.
        for (var i = 0; i < drawn.Count; i++)
            if (!drawn[i].HasEnded)
                drawn[i] = new Sample(default, i > 0 ? drawn[random.Next(i)].Cost : drawn[i].Cost * 2);
        _drawn = [.. drawn];
        var told = _drawn.Where(sample => sample.Told.IsTold).ToList();
        if (told.Count == 0)
            return;
        _seconds = SizeCost.Of([.. told.Select(sample => (sample.Told, sample.Cost.Seconds))]);
        _requests = SizeCost.Of([.. told.Select(sample => (sample.Told, sample.Cost.Requests))]);
        _surprises = [.. told.Select(sample => (sample.Cost.Seconds / _seconds.Of(sample.Told), sample.Cost.Requests / _requests.Of(sample.Told)))];
    }

    /// <summary>What one that waits takes.</summary>
    public RunCost Of(ToldSize told)
    {
        if (!told.IsTold || _surprises.Length == 0)
            return _drawn[_random.Next(_drawn.Length)].Cost;
        var (seconds, requests) = _surprises[_random.Next(_surprises.Length)];
        return new RunCost(_seconds!.Of(told) * seconds, _requests!.Of(told) * requests);
    }

    /// <summary>How much more one takes that is under way and cannot tell itself.</summary>
    public RunCost RestOf(FirstBackup backup)
    {
        var worked = KindHistory.Unhindered(backup);
        var whole = Of(backup.Told);
        if (!backup.Told.IsTold && whole.Seconds <= worked)
        {
            var longer = _drawn.Where(sample => sample.Cost.Seconds > worked).ToList();
            whole = longer.Count > 0 ? longer[_random.Next(longer.Count)].Cost : new RunCost(worked, backup.Requests) * 2;
        }
        return new RunCost(Math.Max(whole.Seconds - worked, 0.05 * worked), Math.Max(whole.Requests - backup.Requests, 0.05 * backup.Requests));
    }
}
