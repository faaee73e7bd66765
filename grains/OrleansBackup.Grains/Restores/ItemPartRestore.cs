using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using OrleansBackup.GrainInterfaces.Restores;
using OrleansBackup.Grains.Mailboxes.Items;
using OrleansBackup.Grains.Runs;
using OrleansBackup.Microsoft365;
using OrleansBackup.Microsoft365.Exports;
using OrleansBackup.Microsoft365.Items;
using OrleansBackup.Microsoft365.Mail;
using OrleansBackup.Vault;

namespace OrleansBackup.Grains.Restores;

/// <summary>Puts events, contacts or tasks back. Nobody is invited or told anything by it.</summary>
/// <param name="look">Lists a container of the target by what its items are; needed where items are imported.</param>
/// <remarks>A page is judged before anything of it is made, so that two equal items never take each other for "still there".</remarks>
internal sealed class ItemPartRestore(ItemPartKind kind, RestoreSource source, RestorePlan plan, TargetContainers targets, IItemTarget target, ImportWay? import = null, Func<string, CancellationToken, Task<ContainerIndex>>? look = null) : IPartRestore
{
    private const int FailuresUntilGivingUp = 20;

    private readonly ConflictPolicy _conflict = source.Request.Conflict;
    private readonly HashSet<string> _made = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ContainerIndex> _looked = new(StringComparer.Ordinal);
    private int _failuresInARow;

    public IAsyncEnumerable<ItemVersion> ItemsAsync(CancellationToken cancellation) => plan.ItemsAsync(cancellation);

    public void Remember(ItemOutcome outcome)
    {
        if (outcome.NewId is { } id)
            _made.Add(id);
    }

    /// <summary>What is known beforehand not to come back as it was.</summary>
    public static ImmutableArray<LossFact> Foresee(ItemVersion item)
    {
        if (item.Kind == ItemKinds.Debt)
            return [];
        var losses = ImmutableArray.CreateBuilder<LossFact>();
        var facts = item.Properties;
        if (item.Kind == ItemKinds.Event && facts.TryGetValue("attendees", out var attendees))
            losses.Add(new LossFact(ItemLossKind.Attendees, null, int.Parse(attendees, System.Globalization.CultureInfo.InvariantCulture)));
        if (facts.ContainsKey("invited"))
            losses.Add(new LossFact(ItemLossKind.Organizer, facts.GetValueOrDefault("from"), null));
        if (facts.ContainsKey("isOnlineMeeting"))
            losses.Add(new LossFact(ItemLossKind.OnlineMeeting, null, null));
        if (facts.ContainsKey("isCancelled"))
            losses.Add(new LossFact(ItemLossKind.Cancelled, null, null));
        losses.AddRange(ItemRecord.AttachmentsOf(item).Where(attachment => attachment.Kind == nameof(AttachmentKind.Reference) || attachment.Problem is not null)
            .Select(attachment => new LossFact(LossKind.Attachment, attachment.Name, null)));
        losses.AddRange(ItemRecord.WarningsOf(item).Select(_ => new LossFact(LossKinds.NotBackedUp, null, null)));
        return losses.ToImmutable();
    }

    public async Task CompleteAsync(IRestoreLedger ledger, CancellationToken cancellation)
    {
        foreach (var folder in plan.Folders())
        {
            try
            {
                await targets.ResolveAsync(folder.Id, cancellation);
            }
            catch (Exception exception) when (exception is GraphRefusedException or FolderGoneException)
            {
                ledger.Warn($"'{folder.Name}' could not be made again: {exception.Message}");
            }
        }
    }

    public async Task<ImmutableArray<ItemOutcome>> RestoreAsync(IReadOnlyList<ItemVersion> page, bool interrupted, CancellationToken cancellation) =>
        await JudgedPage.PutBackAsync(await JudgeAsync(page, interrupted, cancellation), import, RestoreAsync, Remember, cancellation);

    private async Task<List<Judged>> JudgeAsync(IReadOnlyList<ItemVersion> page, bool interrupted, CancellationToken cancellation)
    {
        var wanted = page.Where(item => item.Kind == kind.Item && item.ParentId is not null)
            .Select(item => (ItemIds.GraphIdOf(item.Id), ItemIds.GraphIdOf(item.ParentId!))).ToList();
        var present = targets.InPlace && wanted.Count > 0 ? await target.FindByIdAsync(wanted, cancellation) : ImmutableDictionary<string, ExistingItem>.Empty;
        var judged = new List<Judged>(page.Count);
        foreach (var item in page)
            judged.Add(item.Kind == kind.Item ? await PlaceAsync(item, interrupted, cancellation) : new Judged(item, null, "", null, null));
        for (var i = 0; i < judged.Count; i++)
            if (judged[i] is { Stored: { } stored, Problem: null } placed)
                judged[i] = placed with { Existing = await ExistingAsync(placed, stored, present, cancellation) };
        return judged;
    }

    private async Task<Judged> PlaceAsync(ItemVersion item, bool interrupted, CancellationToken cancellation)
    {
        try
        {
            var container = await targets.ResolveAsync(item.ParentId, cancellation);
            var stored = await StoredAsync(item, cancellation);
            string? imported = null;
            if (interrupted && await IndexAsync(item, container, cancellation) is { } index)
            {
                // Never deleted: deleting a meeting tells its attendees. It is whole, as an import is whole or nothing.
                imported = index.Find(stored.Json, Marker(stored).Since, _made.ToImmutableHashSet(StringComparer.Ordinal).Add(ItemIds.GraphIdOf(item.Id)));
                if (imported is not null)
                    _made.Add(imported);
            }
            if (interrupted && imported is null)
                await target.RemoveUnfinishedAsync(container, stored, Marker(stored), _made, cancellation);
            return new Judged(item, stored, container, null, null) { Imported = imported };
        }
        catch (Exception exception) when (exception is GraphRefusedException or FolderGoneException or DamagedObjectException)
        {
            return new Judged(item, null, "", null, exception is DamagedObjectException ? exception.Message : $"Its folder could not be made again: {exception.Message}");
        }
    }

    private async Task<ExistingItem?> ExistingAsync(Judged placed, StoredItem stored, IReadOnlyDictionary<string, ExistingItem> present, CancellationToken cancellation)
    {
        if (present.GetValueOrDefault(ItemIds.GraphIdOf(placed.Item.Id)) is { } same && targets.IsThere(same.ContainerId))
            return same;
        if (_conflict == ConflictPolicy.Copy)
            return null;
        if (await target.FindRestoredAsync(placed.Container, stored, _made, cancellation) is { } marked)
            return marked;
        return await IndexAsync(placed.Item, placed.Container, cancellation) is { } index && index.Find(stored.Json, null, _made) is { } equal ? new ExistingItem(equal, placed.Container) : null;
    }

    /// <summary>What lies in a container of the target, looked at once in an attempt; null where nothing is imported.</summary>
    private async Task<ContainerIndex?> IndexAsync(ItemVersion item, string container, CancellationToken cancellation)
    {
        if (look is null || import?.IsFor(item) != true)
            return null;
        if (!_looked.TryGetValue(container, out var index))
            _looked.Add(container, index = await look(container, cancellation));
        return index;
    }

    private async Task<ItemOutcome> RestoreAsync(Judged judged, CancellationToken cancellation)
    {
        var item = judged.Item;
        if (item.Kind == ItemKinds.Debt)
            return Failed(DebtItem.Read(item).ItemId, item.Name, $"Microsoft 365 never handed this over ({DebtItem.Read(item).Error}); it is on the debt list of the backup.");
        if (judged.Stored is not { } stored)
            return Failed(item.Id, item.Name, judged.Problem ?? "It could not be placed.");
        if (judged.Existing is { } still && _conflict == ConflictPolicy.Skip)
            return new ItemOutcome(item.Id, OutcomeKind.Skipped, item.Name, null, still.Id == ItemIds.GraphIdOf(item.Id) ? "It is still there." : "An earlier restore put it here already, or the same is here.", []);
        try
        {
            var (restored, attempt) = await PutBackAsync(judged, stored, cancellation);
            ImmutableArray<Loss> losses = [.. restored.Losses, .. attempt.NewId is null ? LossesOfBackup(item) : [], .. targets.LossOf(item.ParentId) is { } lost ? [lost] : Array.Empty<Loss>()];
            if (judged.Existing is { } replaced && _conflict == ConflictPolicy.Overwrite && !await target.TryDeleteAsync(replaced, cancellation))
                losses = losses.Add(new Loss(ItemLossKind.NotReplaced, "What stood there stays beside it: deleting it would send a cancellation to its attendees."));
            Interlocked.Exchange(ref _failuresInARow, 0);
            return new ItemOutcome(item.Id, OutcomeKind.Restored, item.Name, restored.Id, null, [.. losses.Select(loss => loss.Text)])
            {
                LossFacts = [.. losses.Select(loss => new LossFact(loss.Kind, loss.Name, loss.Count))],
                Way = attempt.Way,
                WayReason = attempt.Reason,
            };
        }
        catch (Exception exception) when (exception is GraphTransientException or GraphRefusedException or ItemUnreadableException or ItemGoneException
            or FolderGoneException or DamagedObjectException)
        {
            if (exception is GraphTransientException && Interlocked.Increment(ref _failuresInARow) >= FailuresUntilGivingUp)
                throw; // not bad items but a bad day: the job rests and goes on later
            return Failed(item.Id, item.Name, exception.Message);
        }
    }

    private async Task<(RestoredItem Restored, ImportAttempt Attempt)> PutBackAsync(Judged judged, StoredItem stored, CancellationToken cancellation)
    {
        if (judged.Imported is { } earlier)
            return (new RestoredItem(earlier, []), new ImportAttempt(earlier, null));
        var attempt = import is null ? new ImportAttempt(null, null) : await import.TryAsync(judged.Item, judged.Container, async token => look is null ? null
            : (await look(judged.Container, token)).Find(stored.Json, Marker(stored).Since, _made.ToImmutableHashSet(StringComparer.Ordinal).Add(ItemIds.GraphIdOf(judged.Item.Id))), cancellation);
        return attempt.NewId is { } id ? (new RestoredItem(id, []), attempt) : (await target.CreateAsync(judged.Container, stored, Marker(stored), cancellation), attempt);
    }

    private async Task<StoredItem> StoredAsync(ItemVersion item, CancellationToken cancellation)
    {
        var entries = ItemRecord.AttachmentsOf(item);
        var attachments = ImmutableArray.CreateBuilder<StoredItemAttachment>(entries.Length);
        for (var index = 0; index < entries.Length; index++)
        {
            var bytes = item.Contents.GetValueOrDefault(ItemRecord.AttachmentContent(index));
            attachments.Add(new StoredItemAttachment(new StoredAttachment(await ReadAsync(item.Contents[ItemRecord.AttachmentProperties(index)], cancellation),
                bytes is null ? null : Opener(bytes), bytes?.Length ?? 0), entries[index].Occurrence));
        }
        var json = await ReadAsync(item.Contents[ContentRoles.Json], cancellation);
        return new StoredItem(source.Request.IsRehearsal ? WithoutReminder(json) : json, attachments.ToImmutable(),
            item.Contents.TryGetValue(ContentRoles.Photo, out var photo) ? Opener(photo) : null, $"{IdHash.Of(item.Id):x32}");
    }

    /// <summary>A copy that is there for a moment must remind nobody.</summary>
    private static ReadOnlyMemory<byte> WithoutReminder(ReadOnlyMemory<byte> json)
    {
        if (JsonNode.Parse(json.Span, documentOptions: new JsonDocumentOptions { MaxDepth = 128 }) is not JsonObject item || item["isReminderOn"] is null)
            return json;
        item["isReminderOn"] = false;
        item.Remove("reminderDateTime");
        return JsonSerializer.SerializeToUtf8Bytes(item);
    }

    private Func<CancellationToken, Task<Stream>> Opener(ContentReference content) => token => source.Point.OpenContentAsync(content, token);

    private async Task<ReadOnlyMemory<byte>> ReadAsync(ContentReference content, CancellationToken cancellation)
    {
        await using var stream = await source.Point.OpenContentAsync(content, cancellation);
        using var buffer = new MemoryStream((int)content.Length);
        await stream.CopyToAsync(buffer, cancellation);
        return buffer.ToArray();
    }

    // Some minutes before it: Microsoft's clock need not be ours.
    private ItemMarker Marker(StoredItem item) => new($"{source.Job.Value:N}-{item.Origin}", source.Job.AskedAt.AddMinutes(-10));

    private static IEnumerable<Loss> LossesOfBackup(ItemVersion item) => ItemRecord.WarningsOf(item)
        .Select(warning => new Loss(LossKinds.NotBackedUp, $"Microsoft 365 did not hand over all of it when it was backed up: {warning}"));

    private static ItemOutcome Failed(string itemId, string name, string reason) => new(itemId, OutcomeKind.Failed, name, null, reason, []);

    /// <param name="Stored">Null for a debt, and for what has a <paramref name="Problem"/>.</param>
    /// <param name="Existing">What stands in the way of a plain creation; null: nothing.</param>
    private sealed record Judged(ItemVersion Item, StoredItem? Stored, string Container, ExistingItem? Existing, string? Problem)
    {
        /// <summary>What an interrupted attempt of this job had imported already.</summary>
        public string? Imported { get; init; }
    }
}
