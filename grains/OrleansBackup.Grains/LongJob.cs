using Orleans;
using Orleans.Runtime;
using Orleans.Storage;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.Vault;

namespace OrleansBackup.Grains;

/// <summary>Keeps a long job of a grain going: one attempt at a time, begun when it is ordered, by a reminder, or by the activation after the process died, until the state says that it is over.</summary>
/// <remarks>
/// How far the job is stands in the grain's state, and the attempt writes it there. What breaks while the process ends (its store, its database, the calls to other
/// grains), or because another process of the cluster did, is no fault of the job: such an attempt writes nothing down, and the next activation goes on.
/// </remarks>
/// <param name="leaving">Cancelled when the activation or the process ends.</param>
internal sealed class LongJob(Grain grain, CancellationToken leaving)
{
    private static readonly TimeSpan Tick = TimeSpan.FromMinutes(1);

    private Task _attempt = Task.CompletedTask;

    public required string Reminder { get; init; }

    /// <summary>By the state.</summary>
    public required Func<bool> IsOpen { get; init; }

    /// <summary>Whether the last attempt is long enough ago. Default: always.</summary>
    public Func<bool> IsTime { get; init; } = () => true;

    public required Func<CancellationToken, Task> Attempt { get; init; }

    /// <summary>Writes down why an attempt failed, and decides whether there is another.</summary>
    public required Func<Exception, Task> Failed { get; init; }

    public bool IsGoing => !_attempt.IsCompleted;

    /// <summary>Ends with the attempt that is going; for an activation that leaves.</summary>
    public Task Going => _attempt;

    /// <summary>After the state says that the job is open.</summary>
    public async Task StartAsync()
    {
        await grain.RegisterOrUpdateReminder(Reminder, Tick, Tick);
        GoOn();
    }

    /// <summary>Begins an attempt, if the job is open and none is going. Waits for nothing: a tick that did would be held until it times out.</summary>
    public void GoOn()
    {
        if (_attempt.IsCompleted && IsOpen())
            _attempt = RunAsync();
    }

    public async Task TickAsync()
    {
        if (!IsOpen())
            await grain.ForgetReminderAsync(Reminder);
        else if (IsTime())
            GoOn();
    }

    /// <summary>What a person is told of an exception.</summary>
    public static string Tell(Exception exception) =>
        exception is VaultException or ServiceException ? exception.Message : $"Unexpected: {exception.GetType().Name}: {exception.Message}";

    /// <param name="last">The end of the last attempt, or null.</param>
    public static bool HasRested(DateTimeOffset? last, TimeSpan rest, DateTimeOffset now) => last is not { } at || now < at || now - at >= rest;

    private async Task RunAsync()
    {
        // Give the caller its turn back, yet go on under the grain's scheduler: state has one thread.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding | ConfigureAwaitOptions.ContinueOnCapturedContext);
        try
        {
            await Attempt(leaving);
        }
        catch (Exception) when (leaving.IsCancellationRequested)
        {
            // the next activation goes on
        }
        catch (InconsistentStateException)
        {
            ((IGrainBase)grain).DeactivateOnIdle(); // a newer activation owns this state, and the job
        }
        catch (Exception exception) when (ClusterFault.Is(exception))
        {
            // Another process died, or the database was away: no fault of the job either. The next minute's tick goes on.
        }
        catch (Exception exception)
        {
            await Failed(exception);
        }
    }
}
