using System.Collections.Immutable;
using System.Text.Json.Nodes;
using OrleansBackup.GrainInterfaces.Restores;
using OrleansBackup.Grains.Restores;
using OrleansBackup.Grains.Runs;
using OrleansBackup.Microsoft365;
using OrleansBackup.Microsoft365.Mail;
using OrleansBackup.Microsoft365.Sites;
using OrleansBackup.Vault;

namespace OrleansBackup.Grains.Sites;

/// <summary>Puts list items back: looks what is there, and puts back what is not.</summary>
/// <remarks>
/// An item that an interrupted attempt made carries no mark, since a list has no room for one; it is found again because it says the same as the one of
/// the backup and is none that the point itself knows.
/// </remarks>
internal sealed class ListPartRestore(ConflictPolicy conflict, RestorePlan plan, PointReader point, TargetLists targets, SiteReader reader, SiteWriter writer) : IPartRestore
{
    private const int FailuresUntilGivingUp = 20;

    private readonly HashSet<string> _created = new(StringComparer.Ordinal);
    private readonly TargetPresence _presence = new(token => reader.ReadAsync(token));
    private int _failuresInARow;

    public IAsyncEnumerable<ItemVersion> ItemsAsync(CancellationToken cancellation) => plan.ItemsAsync(cancellation);

    public void Remember(ItemOutcome outcome)
    {
        if (outcome.NewId is { } id)
            _created.Add(id);
    }

    /// <summary>What of a list item never comes back.</summary>
    public static ImmutableArray<LossFact> Foresee(ItemVersion item) => item.Kind != ItemKinds.ListItem ? []
        : item.Properties.ContainsKey(SiteItems.AttachmentsProperty)
            ? [new(SiteLossKind.AuthorAndDates, null, null), new(SiteLossKind.ItemAttachments, null, null)] : [new(SiteLossKind.AuthorAndDates, null, null)];

    public async Task<ImmutableArray<ItemOutcome>> RestoreAsync(IReadOnlyList<ItemVersion> page, bool interrupted, CancellationToken cancellation)
    {
        _presence.BeginPage();
        var present = await PresentAsync(page, cancellation);
        var outcomes = ImmutableArray.CreateBuilder<ItemOutcome>(page.Count);
        foreach (var item in page)
        {
            var outcome = await RestoreAsync(item, present, interrupted, cancellation);
            Remember(outcome);
            outcomes.Add(outcome);
        }
        return outcomes.ToImmutable();
    }

    public async Task CompleteAsync(IRestoreLedger ledger, CancellationToken cancellation)
    {
        foreach (var list in plan.Folders().Where(folder => folder.Kind == ItemKinds.List))
        {
            try
            {
                foreach (var loss in (await targets.ResolveAsync(list.Id, cancellation)).Losses)
                    ledger.Step($"List '{list.Name}': {loss.Text}");
            }
            catch (GraphRefusedException exception)
            {
                ledger.Warn($"List '{list.Name}' could not be made again: {exception.Message}");
            }
        }
    }

    /// <summary>The items of the page that are still in their lists, by item id.</summary>
    private async Task<HashSet<string>> PresentAsync(IReadOnlyList<ItemVersion> page, CancellationToken cancellation)
    {
        var present = new HashSet<string>(StringComparer.Ordinal);
        if (!targets.InPlace)
            return present;
        foreach (var list in page.Where(item => item.Kind == ItemKinds.ListItem).GroupBy(item => ItemIds.ContainerIdOf(item.Id)!))
        {
            foreach (var entry in await reader.FetchItemsAsync(list.Key, [.. list.Select(item => ItemIds.GraphIdOf(item.Id))], cancellation))
            {
                if (entry.Problem is not null)
                    await _presence.CheckAsync(cancellation); // a closed site says of every item that it cannot be read, and of none that it is there
                present.Add(SiteItems.ItemId(list.Key, entry.Id));
            }
        }
        return present;
    }

    private async Task<ItemOutcome> RestoreAsync(ItemVersion item, HashSet<string> present, bool interrupted, CancellationToken cancellation)
    {
        if (item.Kind != ItemKinds.ListItem)
            return ItemOutcomes.NeverHandedOver(item);
        var isThere = present.Contains(item.Id);
        if (isThere && conflict == ConflictPolicy.Skip)
            return ItemOutcomes.Skipped(item, "It is still in its list.");
        try
        {
            var target = await targets.ResolveAsync(item.ParentId!, cancellation);
            var (fields, isFolder, losses) = target.Composer.Item(await ItemOutcomes.ReadJsonAsync(point, item, cancellation), targets.SameSite);
            if (isThere && conflict == ConflictPolicy.Overwrite)
                return await ChangeAsync(item, target, fields, losses, cancellation);
            // A copy that was asked for is one more whatever is there, unless an interrupted attempt has just made it.
            var equal = conflict != ConflictPolicy.Copy || interrupted ? await target.TakeEqualAsync(fields, reader, id => IsNoneOfThePointAsync(target, id, cancellation), cancellation) : null;
            if (equal is not null)
                return interrupted
                    ? ItemOutcomes.Restored(item, equal, losses.Add(new Loss(LossKinds.NotWrittenDown, "It was put back just before the job was interrupted; what it may have lost then was not written down.")))
                    : ItemOutcomes.Skipped(item, "An item that says the same is in the target list already.");
            var (id, more) = await writer.CreateItemAsync(target.Id, fields, isFolder, cancellation);
            _failuresInARow = 0;
            return ItemOutcomes.Restored(item, id, [.. losses, .. more, .. target.Losses]);
        }
        catch (Exception exception) when (exception is GraphTransientException or GraphRefusedException or ItemUnreadableException or ItemGoneException or DamagedObjectException)
        {
            if (exception is GraphTransientException && ++_failuresInARow >= FailuresUntilGivingUp)
                throw; // not bad items but a bad day: the job rests and goes on later
            await _presence.DoubtAsync(exception, cancellation);
            return ItemOutcomes.Failed(item, exception.Message);
        }
    }

    /// <summary>The item keeps its id and gets the columns that it had; columns that it did not have are emptied.</summary>
    private async Task<ItemOutcome> ChangeAsync(ItemVersion item, TargetList target, JsonObject fields, ImmutableArray<Loss> losses, CancellationToken cancellation)
    {
        var graphId = ItemIds.GraphIdOf(item.Id);
        foreach (var entry in await reader.FetchItemsAsync(target.Id, [graphId], cancellation))
            if (entry.Problem is null)
                foreach (var (name, _) in target.Composer.Item(entry.Json, sameSite: true).Fields)
                    if (!name.Contains('@', StringComparison.Ordinal) && !fields.ContainsKey(name))
                        fields[name] = null;
        await writer.ChangeItemAsync(target.Id, graphId, fields, cancellation);
        _failuresInARow = 0;
        return ItemOutcomes.Restored(item, graphId, losses);
    }

    private async ValueTask<bool> IsNoneOfThePointAsync(TargetList target, string graphId, CancellationToken cancellation) =>
        !_created.Contains(graphId) && !(targets.SameSite && await point.FindAsync(SiteItems.ItemId(target.Id, graphId), cancellation) is not null);
}
