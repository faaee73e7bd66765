namespace OrleansBackup.Microsoft365.Transport;

/// <summary>What was tried for one request so far.</summary>
/// <param name="Failures">Failed attempts, refusals for a limit not counted.</param>
/// <param name="Throttles">Refusals for a limit.</param>
/// <param name="Throttled">Time those have cost.</param>
internal readonly record struct RetryHistory(int Failures, int Throttles, TimeSpan Throttled);

/// <summary>Decides whether a failed request is sent again, and when. Pure.</summary>
internal static class RetryPolicy
{
    /// <summary>"At once" is no answer to a refusal: it would be asked for ever.</summary>
    private static readonly TimeSpan LeastPause = TimeSpan.FromSeconds(1);

    /// <param name="jitter">0 ≤ jitter &lt; 1.</param>
    /// <returns>The wait before the next attempt; null to give up.</returns>
    public static TimeSpan? Decide(GraphFailure failure, Meaning meaning, GraphRequest request, RetryHistory history, GraphClientOptions options, double jitter)
    {
        switch (meaning)
        {
            case Meaning.Throttled:
                // Refused before anything was done, so even what must not happen twice may be sent again.
                var pause = failure.RetryAfter is { } asked ? (asked > LeastPause ? asked : LeastPause) : Backoff(history.Throttles, options, jitter);
                return history.Throttled + pause > options.MaxThrottledTime ? null : pause;
            case Meaning.Passing or Meaning.ServerError:
                var attempts = meaning == Meaning.ServerError
                    ? request.MaxServerErrorAttempts ?? options.MaxServerErrorAttempts : request.MaxPassingAttempts ?? options.MaxAttempts;
                if (!request.IsRepeatable || history.Failures + 1 >= attempts) return null;
                var wait = failure.RetryAfter ?? Backoff(history.Failures, options, jitter);
                return wait > options.MaxThrottledTime ? null : wait;
            default:
                return null;
        }
    }

    private static TimeSpan Backoff(int failuresBefore, GraphClientOptions options, double jitter)
    {
        var doubled = options.FirstBackoff * Math.Pow(2, Math.Min(failuresBefore, 20));
        return (doubled < options.MaxBackoff ? doubled : options.MaxBackoff) * (0.75 + (jitter / 2));
    }
}
