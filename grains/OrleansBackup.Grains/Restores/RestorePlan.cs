using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using OrleansBackup.GrainInterfaces.Restores;
using OrleansBackup.Grains.Runs;
using OrleansBackup.Vault;

namespace OrleansBackup.Grains.Restores;

/// <summary>Which items of one part of a point a selection names, always in the same order, so that an interrupted job finds its place again.</summary>
/// <remarks>What the point owes (an item that Microsoft 365 never handed over) is named too: it was asked for and will count as failed.</remarks>
/// <param name="part">A word of <see cref="ItemIds"/>.</param>
/// <param name="kinds">The kinds of items in that part, in the order in which they are put back.</param>
/// <param name="folders">Every container of the point.</param>
internal sealed class RestorePlan(string part, ImmutableArray<string> kinds, PointReader point, FolderTree folders, RestoreSelection selection)
{
    private readonly RestoreSelection _selection = selection.Everything ? selection : new RestoreSelection(
        false, [.. selection.FolderIds.Where(id => ItemIds.PartOf(id) == part)], [.. selection.ItemIds.Where(id => ItemIds.PartOf(id) == part)]);

    /// <summary>Whether nothing of this part was asked for.</summary>
    public bool IsEmpty => !_selection.Everything && _selection.FolderIds.IsEmpty && _selection.ItemIds.IsEmpty;

    /// <summary>The containers that the selection names, parents before children; empty ones are put back too.</summary>
    public ImmutableArray<FolderItem> Folders() => _selection.Everything
        ? [.. folders.InOrder().Where(folder => ItemIds.PartOf(folder.Id) == part)]
        : [.. _selection.FolderIds.SelectMany(id => folders.Subtree(id)).Distinct()];

    public async IAsyncEnumerable<ItemVersion> ItemsAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        if (_selection.Everything)
        {
            await foreach (var item in WithDebtsAsync(null, cancellation))
                yield return item;
            yield break;
        }
        var chosen = ImmutableHashSet.CreateBuilder<string>(StringComparer.Ordinal);
        foreach (var folder in _selection.FolderIds.SelectMany(id => folders.Subtree(id)))
        {
            if (!chosen.Add(folder.Id))
                continue; // two chosen folders, one below the other
            await foreach (var item in WithDebtsAsync(folder.Id, cancellation))
                yield return item;
        }
        foreach (var id in _selection.ItemIds.Distinct(StringComparer.Ordinal))
        {
            var item = await FindAsync(point, id, cancellation);
            if (item is not null && !(item.ParentId is { } parent && chosen.Contains(parent)))
                yield return item;
        }
    }

    /// <summary>The item, or the debt that stands for it, or null.</summary>
    public static async Task<ItemVersion?> FindAsync(PointReader point, string id, CancellationToken cancellation)
    {
        if (await point.FindAsync(id, cancellation) is { } item && ItemKinds.IsItem(item.Kind))
            return item;
        return await point.FindAsync(DebtItem.IdOf(id), cancellation);
    }

    private async IAsyncEnumerable<ItemVersion> WithDebtsAsync(string? folderId, [EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (var kind in kinds)
            await foreach (var item in point.ItemsAsync(new ItemFilter(kind, folderId), cancellation))
                if (ItemIds.PartOf(item.Id) == part)
                    yield return item;
        await foreach (var debt in point.ItemsAsync(new ItemFilter(ItemKinds.Debt, folderId), cancellation))
            if (DebtItem.Read(debt).ItemId is var owed && DebtItem.PartOf(owed) == part && (await point.FindAsync(owed, cancellation) is not { } older || !ItemKinds.IsItem(older.Kind)))
                yield return debt; // otherwise an older state is there and is what is restored
    }
}
