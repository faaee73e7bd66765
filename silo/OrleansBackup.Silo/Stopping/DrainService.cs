using Microsoft.Extensions.Options;
using OrleansBackup.ClientApi.Operations;
using OrleansBackup.Grains.Admission;

namespace OrleansBackup.Silo.Stopping;

/// <summary>What happens between the request to stop and the stop: not ready any more, nothing begins, runs under way hand over. The API answers until then.</summary>
internal sealed partial class DrainService(IServiceDrain work, IOptions<StopOptions> options, TimeProvider time, ILogger<DrainService> log) : IHostedLifecycleService, IReadinessCondition
{
    private volatile bool _draining;

    public Task<bool> HoldsAsync(CancellationToken cancellation) => Task.FromResult(!_draining);

    /// <summary>Called before any part of the server stops.</summary>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        _draining = true;
        LogStopping(log);
        await Task.Delay(TimeSpan.FromSeconds(options.Value.NoticeSeconds), time, cancellationToken);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(options.Value.DrainSeconds), time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            await work.DrainAsync(either.Token);
            LogDrained(log);
        }
        catch (OperationCanceledException) when (either.IsCancellationRequested)
        {
            LogNotDrained(log, options.Value.DrainSeconds);
        }
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(1201, LogLevel.Information, "Asked to stop: not ready any more, nothing begins, runs under way hand over")]
    private static partial void LogStopping(ILogger log);

    [LoggerMessage(1202, LogLevel.Information, "Everything under way has been handed over")]
    private static partial void LogDrained(ILogger log);

    [LoggerMessage(1203, LogLevel.Warning, "Some work was still under way after {Seconds} s and is broken off; it goes on after its last segment")]
    private static partial void LogNotDrained(ILogger log, int seconds);
}
