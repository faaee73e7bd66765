using System.Collections.Immutable;
using OrleansBackup.GrainInterfaces.Restores;
using OrleansBackup.Vault;

namespace OrleansBackup.Grains.Restores;

/// <summary>Puts back one part of a resource: its mail, its calendars, its files. Called page by page by a <see cref="RestoreRun"/>.</summary>
internal interface IPartRestore
{
    /// <summary>What is asked of this part, items and debts, always in the same order.</summary>
    IAsyncEnumerable<ItemVersion> ItemsAsync(CancellationToken cancellation);

    /// <summary>An earlier attempt of the job has this outcome already.</summary>
    void Remember(ItemOutcome outcome);

    /// <summary>Puts a page of items back, none more than once. An exception of the whole (no connection, no permission) leaves the page for another attempt.</summary>
    /// <param name="interrupted">An earlier attempt may have put some of them back without saying so.</param>
    /// <returns>One outcome for each item, in their order.</returns>
    Task<ImmutableArray<ItemOutcome>> RestoreAsync(IReadOnlyList<ItemVersion> page, bool interrupted, CancellationToken cancellation);

    /// <summary>What is no item and is put back beside them: folders that were empty, members, permissions. Safe to repeat.</summary>
    Task CompleteAsync(IRestoreLedger ledger, CancellationToken cancellation);
}
