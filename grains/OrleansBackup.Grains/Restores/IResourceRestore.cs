using System.Collections.Immutable;
using OrleansBackup.Domain.Identity;
using OrleansBackup.GrainInterfaces.Restores;
using OrleansBackup.Grains.Runs;
using OrleansBackup.Microsoft365;
using OrleansBackup.Vault;

namespace OrleansBackup.Grains.Restores;

/// <summary>How the items of one kind of resource are put back: what makes a target good, and the parts.</summary>
internal interface IResourceRestore
{
    ResourceKind Kind { get; }

    /// <summary>Whether what comes from this kind of resource can be put into that one.</summary>
    bool CanRestoreInto(ResourceKind target);

    /// <summary>Refuses, before anything starts, a target that cannot take what is asked for: not there, not permitted, a name that it does not take.</summary>
    Task CheckTargetAsync(RestoreRequest request, GraphClient target, CancellationToken cancellation);

    /// <summary>The parts of the job that something was asked of, always in the same order.</summary>
    Task<IReadOnlyList<IPartRestore>> PartsOfAsync(RestoreSource source, GraphClient target, IRestoreLedger ledger, CancellationToken cancellation);

    /// <summary>The same parts without any target, to say before the job runs what would come back.</summary>
    IReadOnlyList<PartForesight> ForesightsOf(RestoreSource source);
}

/// <summary>What one part of a job would put back.</summary>
/// <param name="Losses">What of an item will not come back as it was, as far as the point tells it before anything is written.</param>
internal sealed record PartForesight(RestorePlan Plan, Func<ItemVersion, ImmutableArray<LossFact>> Losses)
{
    /// <summary>What else will not, for which other items of the point have to be looked at; null: nothing.</summary>
    public Func<ItemVersion, CancellationToken, Task<ImmutableArray<LossFact>>>? LossesAmongOthers { get; init; }
}

/// <summary>Where the items of a job come from.</summary>
/// <param name="Folders">Every container of the point.</param>
internal sealed record RestoreSource(RestoreRequest Request, RestoreJobId Job, PointReader Point, FolderTree Folders)
{
    /// <summary>The resource that they go to.</summary>
    public ResourceId Target => Request.TargetResource ?? Request.Point.Resource;

    public RestorePlan PlanOf(string part, params ImmutableArray<string> kinds) => new(part, kinds, Point, Folders, Request.Selection);
}
