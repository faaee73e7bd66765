using System.Collections.Immutable;
using Orleans;
using OrleansBackup.GrainInterfaces.Operations;

namespace OrleansBackup.Grains.Operations;

/// <summary>The board of the processes. One that falls silent stays for a while, marked, so that an operator sees which it was.</summary>
/// <remarks>All times are this grain's own: the clocks of the processes may differ.</remarks>
internal sealed class ProcessBoardGrain(TimeProvider time) : Grain, IProcessBoardGrain
{
    /// <summary>Three rounds missed.</summary>
    internal static readonly TimeSpan SilentAfter = TimeSpan.FromSeconds(15);

    internal static readonly TimeSpan GoneAfter = TimeSpan.FromMinutes(10);

    private const int MostProcesses = 1_000;

    private readonly Dictionary<string, (ProcessSnapshot Snapshot, long HeardAt)> _processes = new(StringComparer.Ordinal);

    public Task Tell(ProcessSnapshot snapshot, CancellationToken cancellation)
    {
        DropGone();
        if (_processes.ContainsKey(snapshot.Name) || _processes.Count < MostProcesses)
            _processes[snapshot.Name] = (snapshot, time.GetTimestamp());
        return Task.CompletedTask;
    }

    public Task Leave(string process, CancellationToken cancellation)
    {
        _processes.Remove(process);
        return Task.CompletedTask;
    }

    public Task<ImmutableArray<ProcessOnBoard>> Read(CancellationToken cancellation)
    {
        DropGone();
        return Task.FromResult<ImmutableArray<ProcessOnBoard>>([.. _processes.Values
            .OrderBy(process => process.Snapshot.StartedAt).ThenBy(process => process.Snapshot.Name, StringComparer.Ordinal)
            .Select(process => new ProcessOnBoard(process.Snapshot, time.GetElapsedTime(process.HeardAt) is var ago && ago >= SilentAfter ? ago : null))]);
    }

    private void DropGone()
    {
        foreach (var (name, process) in _processes)
            if (time.GetElapsedTime(process.HeardAt) >= GoneAfter)
                _processes.Remove(name);
    }
}
