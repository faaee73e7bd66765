using System.ComponentModel.DataAnnotations;

namespace OrleansBackup.CloudStores.Transient;

/// <summary>How often and how patiently a request that failed for a passing reason is sent again.</summary>
public sealed record RetryOptions
{
    /// <summary>The first attempt included. Default 6: about half a minute of a store that is down.</summary>
    [Range(1, 20)]
    public int Attempts { get; init; } = 6;

    /// <summary>Pause before the second attempt, doubled for each one after. Default 0.5 s.</summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>No pause is longer, unless the store asks for it. Default 15 s.</summary>
    public TimeSpan LongestPause { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>A store that asks for a longer pause than this is taken at its word and not asked again. Default 60 s.</summary>
    public TimeSpan LongestAsked { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>An attempt that takes longer has failed. Default 100 s.</summary>
    public TimeSpan AttemptTimeout { get; init; } = TimeSpan.FromSeconds(100);
}

/// <summary>Decides whether and when a failed request is sent again. Pure.</summary>
internal static class RetryPlan
{
    /// <param name="failures">Attempts that failed so far, at least one.</param>
    /// <param name="asked">The pause that the store asked for, or null.</param>
    /// <param name="jitter">0 ≤ jitter &lt; 1: many clients that failed together must not come back together.</param>
    /// <returns>The pause before the next attempt; null to give up.</returns>
    public static TimeSpan? Next(int failures, TimeSpan? asked, RetryOptions options, double jitter)
    {
        if (failures >= options.Attempts)
            return null;
        var doubled = options.FirstPause * Math.Pow(2, Math.Min(failures - 1, 20));
        var own = (doubled < options.LongestPause ? doubled : options.LongestPause) * (0.5 + (jitter / 2));
        if (asked is not { } pause)
            return own;
        return pause > options.LongestAsked ? null : pause > own ? pause : own;
    }
}
