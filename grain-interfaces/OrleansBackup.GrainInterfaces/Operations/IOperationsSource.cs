using System.Collections.Immutable;
using OrleansBackup.Domain.Identity;

namespace OrleansBackup.GrainInterfaces.Operations;

/// <summary>What the operators' page shows of this process. Not a grain: each process answers for itself.</summary>
public interface IOperationsSource
{
    Task<OperationsSnapshot> ReadAsync(CancellationToken cancellation);
}

/// <summary>One look at a process.</summary>
/// <param name="Engine">Bundled or Orleans.</param>
public sealed record OperationsSnapshot(
    string Engine,
    DateTimeOffset StartedAt,
    DateTimeOffset Now,
    ImmutableArray<ActivationCount> Activations,
    ImmutableArray<CallStatistics> Calls,
    ReminderOverview Reminders,
    AdmissionOverview Admission);

public sealed record ActivationCount(string GrainType, int Active);

public sealed record CallStatistics(string GrainType, string Method, long Calls, long Errors, TimeSpan MeanLatency, TimeSpan WorstLatency);

/// <summary>Reminders known, and those whose moment has passed without a tick. Null: the engine does not tell.</summary>
public sealed record ReminderOverview(long? Registered, long? Overdue);

/// <summary>Runs under way in this process, and those that wait at its gate.</summary>
public sealed record AdmissionOverview(int Limit, ImmutableArray<AdmittedRun> Running, ImmutableArray<AdmittedRun> Waiting);

public sealed record AdmittedRun(ResourceId Resource, string What, DateTimeOffset Since);
