using System.Collections.Concurrent;
using Orleans.Runtime;

namespace OrleansBackup.BundledRuntime;

/// <summary>How one grain method has been used since the silo started.</summary>
/// <param name="Interface">The grain interface's name.</param>
/// <param name="Errors">Calls that ended in an exception; they count among <paramref name="Calls"/>.</param>
/// <param name="TotalTime">Sum of the runs, pauses included, time in the queue not.</param>
public sealed record GrainMethodStatistic(string Interface, string Method, long Calls, long Errors, TimeSpan TotalTime, TimeSpan Slowest);

/// <summary>Counts every call of this silo, for the operators' page.</summary>
/// <remarks>Of this engine only: Orleans keeps such figures in its meters and its dashboard.</remarks>
public sealed class CallStatistics
{
    private readonly ConcurrentDictionary<GrainInterface, CallCounters[]> _counters = new();
    private readonly TimeProvider _time;

    internal CallStatistics(TimeProvider time) => _time = time;

    /// <summary>Every method that was called at least once, busiest first.</summary>
    public IReadOnlyList<GrainMethodStatistic> Snapshot() => [.. _counters
        .SelectMany(entry => entry.Value.Select((counters, index) => (Contract: entry.Key, Method: entry.Key.Methods[index], Counters: counters)))
        .Where(one => one.Counters.Calls > 0)
        .Select(one => new GrainMethodStatistic(one.Contract.Name, one.Method.Name, one.Counters.Calls, one.Counters.Errors,
            _time.GetElapsedTime(0, one.Counters.Timestamps), _time.GetElapsedTime(0, one.Counters.Slowest)))
        .OrderByDescending(one => one.Calls)];

    internal CallCounters[] For(GrainInterface contract) => _counters.GetOrAdd(contract, static contract =>
    {
        var counters = new CallCounters[contract.Methods.Count];
        for (var i = 0; i < counters.Length; i++)
            counters[i] = new CallCounters();
        return counters;
    });
}
