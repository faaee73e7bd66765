using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using OrleansBackup.GrainInterfaces.Restores;
using OrleansBackup.Grains.Runs;
using OrleansBackup.Vault;

namespace OrleansBackup.Grains.Restores;

/// <summary>A part of a job that the target tenant does not permit: every item of it fails with the reason, and the other parts are put back.</summary>
internal sealed class RefusedPart(RestorePlan plan, string reason) : IPartRestore
{
    public async IAsyncEnumerable<ItemVersion> ItemsAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var item in plan.ItemsAsync(cancellation))
            yield return item;
    }

    public void Remember(ItemOutcome outcome)
    {
    }

    public Task<ImmutableArray<ItemOutcome>> RestoreAsync(IReadOnlyList<ItemVersion> page, bool interrupted, CancellationToken cancellation) => Task.FromResult<ImmutableArray<ItemOutcome>>(
        [.. page.Select(item => new ItemOutcome(item.Kind == ItemKinds.Debt ? DebtItem.Read(item).ItemId : item.Id, OutcomeKind.Failed, item.Name, null, reason, []))]);

    public Task CompleteAsync(IRestoreLedger ledger, CancellationToken cancellation)
    {
        ledger.Warn(reason);
        return Task.CompletedTask;
    }
}
