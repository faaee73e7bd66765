namespace OrleansBackup.Grains.Admission;

/// <summary>How a process takes on an estate that is overdue as a whole: as much at once as may wait at its gate, the rest bit by bit.</summary>
/// <remarks>After a disaster the first process that is up again owns everything. What has begun costs memory and a place in the database, so no more begins than there is room for.</remarks>
public static class GradualStart
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(10);

    /// <summary>Wakes what is overdue, waits until half of what waits then is done, and wakes again, until everybody was asked and nobody turned away.</summary>
    /// <param name="wakeAsync">Lets everything that is overdue ask at the gate; false: some could not be asked. May be repeated: who is under way or done asks nothing.</param>
    /// <exception cref="OperationCanceledException">The process ends.</exception>
    public static async Task RunAsync(IAdmissionOverviewSource gate, Func<CancellationToken, Task<bool>> wakeAsync, TimeProvider time, CancellationToken cancellation)
    {
        while (true)
        {
            var before = gate.TurnedAway;
            if (await wakeAsync(cancellation) && gate.TurnedAway == before)
                return;
            var full = gate.Overview().WaitingInAll;
            do
                await Task.Delay(Look, time, cancellation);
            while (gate.Overview().WaitingInAll > full / 2);
        }
    }
}
