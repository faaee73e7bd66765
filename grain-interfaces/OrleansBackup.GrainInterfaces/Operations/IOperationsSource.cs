using System.Collections.Immutable;
using Orleans;
using OrleansBackup.Domain.Identity;

namespace OrleansBackup.GrainInterfaces.Operations;

/// <summary>What the operators' page asks the process that shows it. Not a grain: each process answers for itself; of the others <see cref="IProcessBoardGrain"/> knows.</summary>
public interface IOperationsSource
{
    Task<ProcessSnapshot> ReadProcessAsync(CancellationToken cancellation);

    /// <summary>Of all processes. Counted now and then and piece by piece, so it may be some minutes old.</summary>
    Task<ReminderOverview> ReadRemindersAsync(CancellationToken cancellation);
}

/// <summary>One look at a process.</summary>
/// <param name="Name">Of this life of the process; one that starts again has another.</param>
/// <param name="Engine">Bundled or Orleans.</param>
/// <param name="Calls">Since it started; the busiest only.</param>
[GenerateSerializer, Immutable, Alias("process-snapshot")]
public sealed record ProcessSnapshot(
    [property: Id(0)] string Name,
    [property: Id(1)] string Engine,
    [property: Id(2)] string Version,
    [property: Id(3)] DateTimeOffset StartedAt,
    [property: Id(4)] DateTimeOffset Now,
    [property: Id(5)] ImmutableArray<ActivationCount> Activations,
    [property: Id(6)] ImmutableArray<CallStatistics> Calls,
    [property: Id(7)] AdmissionOverview Admission);

[GenerateSerializer, Immutable, Alias("activation-count")]
public sealed record ActivationCount([property: Id(0)] string GrainType, [property: Id(1)] int Active);

[GenerateSerializer, Immutable, Alias("call-statistics")]
public sealed record CallStatistics(
    [property: Id(0)] string GrainType,
    [property: Id(1)] string Method,
    [property: Id(2)] long Calls,
    [property: Id(3)] long Errors,
    [property: Id(4)] TimeSpan MeanLatency,
    [property: Id(5)] TimeSpan WorstLatency);

/// <summary>Reminders known, those whose moment has passed without a tick, and those that come within the hour. Null: the engine does not tell, or it is not counted yet.</summary>
public sealed record ReminderOverview(long? Registered, long? Overdue, long? DueWithinTheHour);

/// <summary>Runs under way in a process, and those that wait at its gate.</summary>
/// <param name="Waiting">The first in the line; <paramref name="WaitingInAll"/> counts all.</param>
[GenerateSerializer, Immutable, Alias("admission-overview")]
public sealed record AdmissionOverview(
    [property: Id(0)] int Limit,
    [property: Id(1)] ImmutableArray<AdmittedRun> Running,
    [property: Id(2)] ImmutableArray<AdmittedRun> Waiting,
    [property: Id(3)] int WaitingInAll);

[GenerateSerializer, Immutable, Alias("admitted-run")]
public sealed record AdmittedRun([property: Id(0)] ResourceId Resource, [property: Id(1)] string What, [property: Id(2)] DateTimeOffset Since);
