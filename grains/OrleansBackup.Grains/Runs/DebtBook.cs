using System.Collections.Immutable;
using System.Runtime.ExceptionServices;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.Grains.Resources;
using OrleansBackup.Microsoft365;
using OrleansBackup.Vault;

namespace OrleansBackup.Grains.Runs;

/// <summary>The debt list of one part of a run: what Microsoft 365 lists and could not hand over.</summary>
/// <remarks>
/// One bad item never fails the run and never holds the checkpoint: it goes to the debt list. Many failures in a row for a passing reason
/// are no bad items but a bad day: then the run fails as a whole, so that a lost network does not turn a resource into debts.
/// </remarks>
internal sealed class DebtBook(string part, RunWriter writer, RunOptions options, TimeProvider time)
{
    private readonly Dictionary<string, ItemDebt> _debts = new(StringComparer.Ordinal);
    private readonly HashSet<string> _resting = new(StringComparer.Ordinal);
    private int _failuresInARow;

    /// <summary>What the part owes from earlier runs.</summary>
    public async Task<ImmutableArray<ItemDebt>> ReadAsync(CancellationToken cancellation)
    {
        var debts = ImmutableArray.CreateBuilder<ItemDebt>();
        await foreach (var item in writer.ItemsAsync(new ItemFilter(ItemKinds.Debt, null), cancellation))
            if (DebtItem.Read(item) is var debt && DebtItem.PartOf(debt.ItemId) == part)
                debts.Add(debt);
        return debts.ToImmutable();
    }

    /// <summary>True: the item is on the debt list, so nobody needs to miss it.</summary>
    public bool Owes(string itemId) => _debts.ContainsKey(itemId);

    /// <summary>True: it is on the list and is not to be tried in this run.</summary>
    public bool Rests(string itemId) => _resting.Contains(itemId);

    /// <summary>Takes over a debt of an earlier run, to try it again.</summary>
    public void Know(ItemDebt debt) => _debts[debt.ItemId] = debt;

    /// <summary>Leaves an item on the list without trying it.</summary>
    public void Rest(ItemDebt debt)
    {
        Know(debt);
        _resting.Add(debt.ItemId);
    }

    /// <summary>Puts an item on the list, or counts one more attempt.</summary>
    public async Task OweAsync(string itemId, string? containerId, string name, string error, CancellationToken cancellation)
    {
        var debt = _debts.TryGetValue(itemId, out var known)
            ? known with { FolderId = containerId ?? known.FolderId, Error = error, Attempts = known.Attempts + 1 }
            : new ItemDebt(itemId, containerId, name, error, time.GetUtcNow(), 1);
        _debts[itemId] = debt;
        await writer.UpsertAsync(DebtItem.Write(debt), cancellation);
    }

    /// <summary>The item is owed no longer, if it was.</summary>
    /// <param name="containerId">Only if it was owed in this container; null: wherever.</param>
    public async Task ForgiveAsync(string itemId, string? containerId, CancellationToken cancellation)
    {
        if (!_debts.TryGetValue(itemId, out var debt) || (containerId is not null && debt.FolderId != containerId))
            return;
        _debts.Remove(itemId);
        _resting.Remove(itemId);
        await writer.RemoveAsync(DebtItem.IdOf(itemId), cancellation);
    }

    /// <summary>Something was handed over, so the day is not as bad as it may have looked.</summary>
    public void CountSuccess() => Interlocked.Exchange(ref _failuresInARow, 0);

    /// <summary>Throws the exception again if it is one too many in a row.</summary>
    public void ThrowOnBadDay(Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        if (exception is GraphTransientException && Interlocked.Increment(ref _failuresInARow) >= options.FailuresUntilGivingUp)
            ExceptionDispatchInfo.Throw(exception);
    }

    /// <summary>Whether a failure is one of the item alone, and not of the run.</summary>
    public static bool IsOfItem(Exception exception) => exception is ItemUnreadableException or GraphTransientException or GraphRefusedException;

    /// <summary>The word under which a failure stands on the list.</summary>
    public static string CodeOf(Exception exception) => exception is GraphException graph ? graph.Code : exception.GetType().Name;
}
