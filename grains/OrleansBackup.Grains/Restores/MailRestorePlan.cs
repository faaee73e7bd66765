using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using OrleansBackup.GrainInterfaces.Restores;
using OrleansBackup.Grains.Mailboxes;
using OrleansBackup.Grains.Runs;
using OrleansBackup.Vault;

namespace OrleansBackup.Grains.Restores;

/// <summary>Which items of a point a selection names, always in the same order, so that an interrupted job finds its place again.</summary>
/// <remarks>What the point owes (an item that Microsoft 365 never handed over) is named too: it was asked for and will count as failed.</remarks>
internal sealed class MailRestorePlan(PointReader point, FolderTree folders, RestoreSelection selection)
{
    /// <summary>The folders that the selection names, parents before children; empty ones are put back too.</summary>
    public ImmutableArray<FolderItem> Folders() => selection.Everything
        ? folders.InOrder()
        : [.. selection.FolderIds.SelectMany(id => folders.Subtree(id)).Distinct()];

    public async IAsyncEnumerable<ItemVersion> ItemsAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        if (selection.Everything)
        {
            await foreach (var item in WithDebtsAsync(null, cancellation))
                yield return item;
            yield break;
        }
        var chosen = ImmutableHashSet.CreateBuilder<string>(StringComparer.Ordinal);
        foreach (var folder in selection.FolderIds.SelectMany(id => folders.Subtree(id)))
        {
            if (!chosen.Add(folder.Id))
                continue; // two chosen folders, one below the other
            await foreach (var item in WithDebtsAsync(folder.Id, cancellation))
                yield return item;
        }
        foreach (var id in selection.ItemIds.Distinct(StringComparer.Ordinal))
        {
            var item = await FindAsync(id, cancellation);
            if (item is not null && !(item.ParentId is { } parent && chosen.Contains(parent)))
                yield return item;
        }
    }

    /// <summary>The message, or the debt that stands for it, or null.</summary>
    public async Task<ItemVersion?> FindAsync(string id, CancellationToken cancellation)
    {
        if (await point.FindAsync(id, cancellation) is { Kind: ItemKinds.Message } message)
            return message;
        return await point.FindAsync(DebtItem.IdOf(id), cancellation);
    }

    private async IAsyncEnumerable<ItemVersion> WithDebtsAsync(string? folderId, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var item in point.ItemsAsync(new ItemFilter(ItemKinds.Message, folderId), cancellation))
            yield return item;
        await foreach (var debt in point.ItemsAsync(new ItemFilter(ItemKinds.Debt, folderId), cancellation))
            if (await point.FindAsync(DebtItem.Read(debt).ItemId, cancellation) is not { Kind: ItemKinds.Message })
                yield return debt; // otherwise an older state is there and is what is restored
    }
}
