using System.Collections.Immutable;
using OrleansBackup.GrainInterfaces.Restores;

namespace OrleansBackup.Grains.Restores;

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
