using System.Collections.Immutable;
using Orleans;
using Orleans.Concurrency;

namespace OrleansBackup.GrainInterfaces.Operations;

/// <summary>Where every process hangs up how it does, every few seconds, so that any of them can show all to an operator.</summary>
/// <remarks>Key: <see cref="GrainKeys.ProcessBoard"/>. In memory only: a new activation is whole again after one round.</remarks>
[Alias("process-board")]
public interface IProcessBoardGrain : IGrainWithStringKey
{
    [AlwaysInterleave, Alias("tell")]
    Task Tell(ProcessSnapshot snapshot, CancellationToken cancellation);

    /// <summary>The process stops in order; nobody needs to miss it.</summary>
    [AlwaysInterleave, Alias("leave")]
    Task Leave(string process, CancellationToken cancellation);

    /// <summary>All processes in the order of their start, the silent ones among them until they are given up.</summary>
    [AlwaysInterleave, Alias("read")]
    Task<ImmutableArray<ProcessOnBoard>> Read(CancellationToken cancellation);
}

/// <summary>What a process last told.</summary>
/// <param name="SilentFor">How long ago that is; nothing while it is heard of as often as it should be.</param>
[GenerateSerializer, Immutable, Alias("process-on-board")]
public sealed record ProcessOnBoard([property: Id(0)] ProcessSnapshot Snapshot, [property: Id(1)] TimeSpan? SilentFor);
