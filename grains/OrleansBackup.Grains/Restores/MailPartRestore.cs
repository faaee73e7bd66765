using System.Collections.Immutable;
using OrleansBackup.Domain.Identity;
using OrleansBackup.GrainInterfaces.Restores;
using OrleansBackup.Grains.Mailboxes;
using OrleansBackup.Grains.Runs;
using OrleansBackup.Microsoft365;
using OrleansBackup.Microsoft365.Mail;
using OrleansBackup.Vault;

namespace OrleansBackup.Grains.Restores;

/// <summary>Puts messages back: looks what is there, and puts back what is not.</summary>
/// <remarks>
/// A page is judged before anything of it is created, so that two equal messages of the backup never take each other for "still there". Every
/// message carries a marker of this job, so a page that was interrupted finds what it had created and never doubles it.
/// </remarks>
internal sealed class MailPartRestore(
    RestoreJobId job, ConflictPolicy conflict, RestorePlan plan, PointReader point, TargetFolders targets, MailboxWriter writer, ImportWay? import = null) : IPartRestore
{
    private const int FailuresUntilGivingUp = 20;

    private readonly HashSet<string> _created = new(StringComparer.Ordinal);
    private int _failuresInARow;

    public IAsyncEnumerable<ItemVersion> ItemsAsync(CancellationToken cancellation) => plan.ItemsAsync(cancellation);

    public void Remember(ItemOutcome outcome)
    {
        if (outcome.NewId is { } id)
            _created.Add(id);
    }

    public static ImmutableArray<LossFact> Foresee(ItemVersion item) => item.Kind != ItemKinds.Message ? [] : [.. LossesOfBackup(MailItem.Read(item)).Select(FactOf)];

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
                ledger.Warn($"Folder '{folder.Name}' could not be made again: {exception.Message}");
            }
        }
    }

    public async Task<ImmutableArray<ItemOutcome>> RestoreAsync(IReadOnlyList<ItemVersion> page, bool interrupted, CancellationToken cancellation) =>
        await JudgedPage.PutBackAsync(await JudgeAsync(page, interrupted, cancellation), import, RestoreAsync, Remember, cancellation);

    private async Task<List<JudgedItem>> JudgeAsync(IReadOnlyList<ItemVersion> items, bool interrupted, CancellationToken cancellation)
    {
        var messages = items.Where(item => item.Kind == ItemKinds.Message).ToList();
        IReadOnlyDictionary<string, ExistingMessage> present = targets.InPlace && messages.Count > 0
            ? await writer.FindByIdAsync([.. messages.Select(item => item.Id)], cancellation)
            : new Dictionary<string, ExistingMessage>();
        var judged = new List<JudgedItem>(items.Count);
        foreach (var item in items)
            judged.Add(item.Kind == ItemKinds.Message
                ? await PlaceAsync(item, interrupted, cancellation)
                : new JudgedItem(null, item, "", null, null, null, null));
        // Only when every message of the page that an interrupted attempt made is known: one of them is no reason to skip an equal one.
        for (var index = 0; index < judged.Count; index++)
            if (judged[index] is { Mail: { } mail, Problem: null } placed)
                judged[index] = placed with { Existing = await ExistingAsync(mail, placed.Folder, present.GetValueOrDefault(mail.Id), cancellation) };
        return judged;
    }

    private async Task<JudgedItem> PlaceAsync(ItemVersion item, bool interrupted, CancellationToken cancellation)
    {
        var mail = MailItem.Read(item);
        var marker = Marker(mail.Id);
        try
        {
            var folder = await targets.ResolveAsync(mail.FolderId, cancellation);
            var earlier = interrupted ? await writer.FindByMarkerAsync(folder, marker, cancellation) : null;
            var isImported = false;
            if (interrupted && earlier is null && CanImport(item, mail))
                isImported = (earlier = await FindImportedAsync(folder, mail, cancellation)) is not null;
            if (earlier is not null)
                _created.Add(earlier.Id);
            return new JudgedItem(mail, item, folder, earlier, null, marker, null) { IsImported = isImported };
        }
        catch (Exception exception) when (exception is GraphRefusedException or FolderGoneException)
        {
            return new JudgedItem(mail, item, "", null, null, marker, $"Its folder could not be made again: {exception.Message}");
        }
    }

    /// <summary>An import leaves no marker, so only what can be known again by its message id may go this way: a lost reply must not double it.</summary>
    private bool CanImport(ItemVersion item, MailItem mail) => import?.IsFor(item) == true && !string.IsNullOrEmpty(mail.InternetMessageId);

    // Some minutes before the job began: Microsoft's clock need not be ours.
    private Task<ExistingMessage?> FindImportedAsync(string folder, MailItem mail, CancellationToken cancellation) => writer.FindMadeSinceAsync(
        folder, mail.InternetMessageId!, mail.Received, job.AskedAt.AddMinutes(-10), _created.ToImmutableHashSet(StringComparer.Ordinal).Add(mail.Id), cancellation);

    // Where the message belongs now, not where it lay: a folder that was deleted takes its messages with it, and there they are not "still there".
    private async Task<ExistingMessage?> ExistingAsync(MailItem mail, string folder, ExistingMessage? same, CancellationToken cancellation) =>
        same is not null && (same.FolderId == folder || targets.IsLive(same.FolderId)) ? same : await FindCopyAsync(mail, folder, cancellation);

    private async Task<ExistingMessage?> FindCopyAsync(MailItem mail, string folder, CancellationToken cancellation)
    {
        if (conflict == ConflictPolicy.Copy)
            return null;
        if (string.IsNullOrEmpty(mail.InternetMessageId))
            return await writer.FindRestoredAsync(folder, Origin(mail.Id), _created, cancellation); // the service gave what an earlier restore made an id of its own
        // A restored draft is dated anew, so its date says nothing about whether it is the same.
        return await writer.FindSameAsync(folder, mail.InternetMessageId, mail.IsDraft ? null : mail.Received, _created, cancellation);
    }

    private async Task<ItemOutcome> RestoreAsync(JudgedItem judged, CancellationToken cancellation)
    {
        if (judged.Mail is not { } mail)
            return Failed(DebtItem.Read(judged.Item).ItemId, judged.Item.Name,
                $"Microsoft 365 never handed this over ({DebtItem.Read(judged.Item).Error}); it is on the debt list of the backup.");
        if (judged.Problem is { } problem)
            return Failed(mail.Id, mail.Subject, problem);
        if (judged.Existing is { } still && judged.Earlier is null && conflict == ConflictPolicy.Skip)
            return new ItemOutcome(mail.Id, OutcomeKind.Skipped, mail.Subject, null, StillThere(mail, still), []);
        try
        {
            var (restored, attempt) = await PutBackAsync(judged, mail, cancellation);
            if (judged.Existing is { } replaced && conflict == ConflictPolicy.Overwrite)
                await writer.DeleteAsync(replaced.Id, cancellation); // only after the other is there
            Interlocked.Exchange(ref _failuresInARow, 0);
            ImmutableArray<Loss> losses = [.. restored.Losses, .. attempt.NewId is null ? LossesOfBackup(mail) : [], .. targets.LossOf(mail.FolderId) is { } lost ? [lost] : Array.Empty<Loss>()];
            return new ItemOutcome(mail.Id, OutcomeKind.Restored, mail.Subject, restored.Id, null, [.. losses.Select(loss => loss.Text)])
            {
                LossFacts = [.. losses.Select(FactOf)],
                Way = attempt.Way,
                WayReason = attempt.Reason,
            };
        }
        catch (Exception exception) when (exception is GraphTransientException or GraphRefusedException or ItemUnreadableException or ItemGoneException
            or FolderGoneException or DamagedObjectException)
        {
            if (exception is GraphTransientException && Interlocked.Increment(ref _failuresInARow) >= FailuresUntilGivingUp)
                throw; // not bad items but a bad day: the job rests and goes on later
            return Failed(mail.Id, mail.Subject, exception.Message);
        }
    }

    private async Task<(RestoredMessage Restored, ImportAttempt Attempt)> PutBackAsync(JudgedItem judged, MailItem mail, CancellationToken cancellation)
    {
        if (judged.Earlier is { } earlier)
            return judged.IsImported
                ? (new RestoredMessage(earlier.Id, []), new ImportAttempt(earlier.Id, null))
                : (new RestoredMessage(earlier.Id, [new(LossKinds.NotWrittenDown, "It was put back just before the job was interrupted; what it may have lost then was not written down.")]),
                    new ImportAttempt(null, null));
        var attempt = import is null ? new ImportAttempt(null, null)
            : import.IsFor(judged.Item) && !CanImport(judged.Item, mail) ? new ImportAttempt(null, "It has no message id, by which an import could be known again.")
            : await import.TryAsync(judged.Item, judged.Folder, async token => (await FindImportedAsync(judged.Folder, mail, token))?.Id, cancellation);
        return attempt.NewId is { } id
            ? (new RestoredMessage(id, []), attempt)
            : (await writer.CreateAsync(judged.Folder, await StoredAsync(mail, cancellation), judged.Marker!, cancellation), attempt);
    }

    private async Task<StoredMessage> StoredAsync(MailItem mail, CancellationToken cancellation)
    {
        var attachments = ImmutableArray.CreateBuilder<StoredAttachment>(mail.Attachments.Length);
        for (var index = 0; index < mail.Attachments.Length; index++)
        {
            var bytes = mail.Contents.GetValueOrDefault(MailItem.AttachmentContent(index));
            attachments.Add(new StoredAttachment(await ReadAsync(mail.Contents[MailItem.AttachmentProperties(index)], cancellation),
                bytes is null ? null : Opener(bytes), bytes?.Length ?? 0));
        }
        var mime = mail.Contents.GetValueOrDefault(MailItem.MimeContent);
        return new StoredMessage(await ReadAsync(mail.Contents[MailItem.MessageContent], cancellation), mime is null ? null : Opener(mime), attachments.ToImmutable()) { Origin = Origin(mail.Id) };
    }

    private Func<CancellationToken, Task<Stream>> Opener(ContentReference content) => token => point.OpenContentAsync(content, token);

    private async Task<ReadOnlyMemory<byte>> ReadAsync(ContentReference content, CancellationToken cancellation)
    {
        await using var stream = await point.OpenContentAsync(content, cancellation);
        using var buffer = new MemoryStream((int)content.Length);
        await stream.CopyToAsync(buffer, cancellation);
        return buffer.ToArray();
    }

    private static IEnumerable<Loss> LossesOfBackup(MailItem mail)
    {
        foreach (var warning in mail.Warnings)
            yield return new(LossKinds.NotBackedUp, $"Microsoft 365 did not hand over all of it when it was backed up: {warning}");
        if (string.IsNullOrEmpty(mail.InternetMessageId))
            yield return new(LossKinds.MessageId, "The message had no message id; the service gives it one.");
    }

    private static LossFact FactOf(Loss loss) => new(loss.Kind, loss.Name, loss.Count);

    private static string StillThere(MailItem mail, ExistingMessage still) => still.Id == mail.Id
        ? still.FolderId == mail.FolderId ? "It is still in its folder." : "It is still in the mailbox, in another folder."
        : "The same message is in the target folder already.";

    private static ItemOutcome Failed(string itemId, string subject, string reason) => new(itemId, OutcomeKind.Failed, subject, null, reason, []);

    private string Marker(string itemId) => $"{job.Value:N}-{Origin(itemId)}";

    private static string Origin(string itemId) => $"{IdHash.Of(itemId):x32}";

    /// <param name="Mail">Null for a debt.</param>
    /// <param name="Earlier">What an interrupted attempt of this job had made of it already, or null.</param>
    /// <param name="Existing">What stands in the way of a plain creation, or null.</param>
    /// <param name="Problem">Why it cannot even be tried, or null.</param>
    private sealed record JudgedItem(
        MailItem? Mail, ItemVersion Item, string Folder, ExistingMessage? Earlier, ExistingMessage? Existing, string? Marker, string? Problem)
    {
        /// <summary><see cref="Earlier"/> was imported, so it is exactly as it was.</summary>
        public bool IsImported { get; init; }
    }
}
