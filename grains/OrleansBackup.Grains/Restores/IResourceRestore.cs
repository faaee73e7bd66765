using System.Collections.Immutable;
using OrleansBackup.Domain.Identity;
using OrleansBackup.GrainInterfaces.Restores;

namespace OrleansBackup.Grains.Restores;

/// <summary>The work of a restore job, for one kind of resource. Plain: no actor.</summary>
internal interface IResourceRestore
{
    ResourceKind Kind { get; }

    /// <summary>Refuses, before anything starts, what could not be carried out: point, selection or target that is not there.</summary>
    Task CheckAsync(RestoreRequest request, CancellationToken cancellation);

    /// <summary>Puts back what is left of the job and keeps the ledger. Called again after a crash with the same ledger.</summary>
    Task RunAsync(RestoreRequest request, RestoreJobId job, IRestoreLedger ledger, CancellationToken cancellation);
}

/// <summary>What a job has asked for and done; every entry is durable when its call returns.</summary>
internal interface IRestoreLedger
{
    /// <summary>Pages of outcomes that stand already.</summary>
    int PagesDone { get; }

    /// <summary>True when an earlier attempt may have put items of the next page back without saying so.</summary>
    bool Interrupted { get; }

    /// <summary>True when <see cref="AskAsync"/> was done by an earlier attempt.</summary>
    bool Counted { get; }

    /// <summary>A page that stands already.</summary>
    Task<ImmutableArray<ItemOutcome>> ReadPageAsync(int page);

    Task AskAsync(long items);

    Task AddPageAsync(ImmutableArray<ItemOutcome> outcomes);

    void Step(string what);

    /// <summary>Something that is no item could not be put back; the job ends with failures and says so.</summary>
    void Warn(string what);
}

/// <summary>The checks of a restore request, by the kind of the resource.</summary>
internal sealed class RestoreAdmission(IEnumerable<IResourceRestore> restores)
{
    public Task CheckAsync(RestoreRequest request, CancellationToken cancellation)
    {
        if (request.TargetResource is { } target && target.Kind != request.Point.Resource.Kind)
            throw new GrainInterfaces.InvalidRequestException("target.resource", "The target is of another kind than what is restored.");
        if (!Enum.IsDefined(request.Conflict))
            throw new GrainInterfaces.InvalidRequestException("conflict", "Say what to do with items that are still there: skip, copy or overwrite.");
        return Of(request.Point.Resource.Kind).CheckAsync(request, cancellation);
    }

    public IResourceRestore Of(ResourceKind kind) => restores.Single(restore => restore.Kind == kind);
}
