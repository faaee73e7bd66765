namespace OrleansBackup.CloudStores.Transient;

/// <summary>Runs attempts until one succeeds, fails for good, or none is left.</summary>
internal sealed class Retrying(RetryOptions options, TimeProvider time)
{
    /// <param name="attempt">Gets the number of the attempt, from 0, and a token that also ends when the attempt takes too long. Throws
    /// <see cref="PassingFailureException"/> for what may pass.</param>
    /// <param name="timedOut">What an attempt that took too long is.</param>
    public async Task<T> RunAsync<T>(Func<int, CancellationToken, Task<T>> attempt, Func<Exception, Exception> timedOut, CancellationToken cancellation)
    {
        for (var failures = 0; ;)
        {
            PassingFailureException failure;
            using var limit = new CancellationTokenSource(options.AttemptTimeout, time);
            using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellation, limit.Token);
            try { return await attempt(failures, both.Token); }
            catch (PassingFailureException e) { failure = e; }
            catch (OperationCanceledException e) when (limit.IsCancellationRequested && !cancellation.IsCancellationRequested)
            {
                failure = new($"no answer within {options.AttemptTimeout}", null, timedOut, e);
            }
            failures++;
            // Not a secret: only spreads clients over time.
#pragma warning disable CA5394
            if (RetryPlan.Next(failures, failure.RetryAfter, options, Random.Shared.NextDouble()) is not { } pause)
                throw failure.Final();
#pragma warning restore CA5394
            await Task.Delay(pause, time, cancellation);
        }
    }
}
