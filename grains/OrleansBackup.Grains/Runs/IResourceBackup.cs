using System.Collections.Immutable;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Runs;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.Grains.Resources;
using OrleansBackup.Vault;

namespace OrleansBackup.Grains.Runs;

/// <summary>The work of one run, for a resource of any kind. Plain: no actor, no state but the vault's.</summary>
internal interface IResourceBackup
{
    /// <summary>Brings the resource's state of now into the vault and seals it. What an interrupted run committed is not done again.</summary>
    Task<RunResult> RunAsync(RunRequest request, RunBoard board, CancellationToken cancellation);
}

/// <summary>What a run is to do.</summary>
/// <param name="CompareListing">Compare with an independent listing before sealing.</param>
/// <param name="ToHeal">What to download again whatever the marks say.</param>
internal sealed record RunRequest(ResourceId Resource, RunId Run, DateTimeOffset StartedAt, bool HiddenFolders, bool CompareListing, DamageToHeal ToHeal)
{
    /// <summary>How far the vault must have come at least; null: nobody remembers.</summary>
    public VaultMark? Remembered { get; init; }

    /// <summary>Cancelled when the process is to end: commit what is there, then end as cancelled. The next run goes on after it.</summary>
    public CancellationToken HandOver { get; init; }

    /// <summary>Something of it was erased, and must not come back though Microsoft 365 still has it.</summary>
    public bool HasErased { get; init; }

    /// <summary>Names of stored objects that are known to be damaged.</summary>
    public ImmutableArray<string> Damaged { get; init; } = [];
}

/// <summary>A sealed run.</summary>
internal sealed record RunResult(RestorePoint Point, RunOutcome Outcome, ImmutableArray<string> Warnings)
{
    /// <summary>How far the vault has come with it.</summary>
    public VaultMark? Mark { get; init; }

    /// <summary>Damaged objects that the run went round, because others say the same.</summary>
    public ImmutableArray<DamagedObjectException> GoneRound { get; init; } = [];
}
