using System.Collections.Immutable;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.Grains.Mailboxes.Exports;
using OrleansBackup.Grains.Resources;
using OrleansBackup.Grains.Runs;
using OrleansBackup.Microsoft365;
using OrleansBackup.Microsoft365.Mail;
using OrleansBackup.Vault;

namespace OrleansBackup.Grains.Mailboxes;

/// <summary>Takes listed messages into the vault: decides what each asks for, reads several at once, stores, and owes what cannot be read.</summary>
internal sealed class MessageIntake(MailboxReader reader, RunSession session, DebtBook debts, ItemExports? exports = null) : IDisposable
{
    private const string AttachmentsMissing = "AttachmentsMissing";
    private const int AttemptsBeforeRest = 3;

    private readonly SemaphoreSlim _reads = new(session.Options.ItemsAtOnce);
    private readonly RunWriter _writer = session.Writer;
    private readonly RunBoard _board = session.Board;

    public void Dispose() => _reads.Dispose();

    public async Task TakeAsync(string folderId, ImmutableArray<MessageSummary> messages, CancellationToken cancellation)
    {
        var wanted = new List<(MessageSummary Message, MailItem Listed, bool Known)>();
        foreach (var message in messages)
        {
            if (_writer.IsErased(message.Id))
                continue;
            var stored = await _writer.FindAsync(message.Id, cancellation);
            var listed = MailItem.Of(message, folderId);
            // What is owed is read whole, whatever the marks say: the stored state is older than the listed one, or lacks something.
            var decision = Intake.Decide(stored, listed);
            switch (debts.Owes(message.Id) && !(decision == IntakeDecision.Nothing && debts.Rests(message.Id)) ? IntakeDecision.ReadContent : decision)
            {
                case IntakeDecision.KeepContent:
                    var kept = listed.WithContentOf(MailItem.Read(stored!)).Write() with { Contents = await KeptAsync(stored!, listed, message, cancellation) };
                    await _writer.UpsertAsync(kept, cancellation);
                    await WantExportAsync(kept, cancellation);
                    _board.Count(counts => counts with { PropertiesChanged = counts.PropertiesChanged + 1 });
                    break;
                case IntakeDecision.ReadContent:
                    wanted.Add((message, listed, stored is not null));
                    break;
            }
        }
        var outcomes = await Task.WhenAll(wanted.Select(want => ReadAsync(want.Message, want.Listed, cancellation)));
        foreach (var ((message, _, known), outcome) in wanted.Zip(outcomes))
            await ApplyAsync(message, folderId, known, outcome, cancellation);
    }

    /// <summary>Whether there is so little hope for what is owed that a run need not read the whole message again for it: all of it but an attachment is there, and several
    /// runs have tried. It is tried again when the message changes and at each comparison with a listing.</summary>
    public static bool MayRest(ItemDebt debt) => debt is { Error: AttachmentsMissing, Attempts: >= AttemptsBeforeRest };

    /// <summary>Tries an item of the debt list again.</summary>
    public async Task RetryAsync(ItemDebt debt, CancellationToken cancellation)
    {
        debts.Know(debt);
        if (DebtItem.IsOfFolder(debt.ItemId))
            return; // settled by the comparison with a whole listing
        MessageSummary? message;
        try
        {
            message = await reader.TryReadAsync(debt.ItemId, cancellation);
        }
        catch (Exception exception) when (DebtBook.IsOfItem(exception))
        {
            await debts.OweAsync(debt.ItemId, debt.FolderId, debt.Subject, DebtBook.CodeOf(exception), cancellation);
            return;
        }
        if (message is null)
            await debts.ForgiveAsync(debt.ItemId, debt.FolderId, cancellation); // gone from the mailbox: nothing is owed any more
        else
            await TakeAsync(message.FolderId ?? debt.FolderId ?? "", [message], cancellation);
    }

    /// <summary>Takes a message that left one folder and is in another by now. False: it is gone after all.</summary>
    public async Task<bool> TakeMovedAsync(string itemId, string? folderId, CancellationToken cancellation)
    {
        try
        {
            if (await reader.TryReadAsync(itemId, cancellation) is not { } message)
                return false;
            await TakeAsync(message.FolderId ?? folderId ?? "", [message], cancellation);
        }
        catch (Exception exception) when (DebtBook.IsOfItem(exception))
        {
            await debts.OweAsync(itemId, folderId, "", DebtBook.CodeOf(exception), cancellation);
        }
        return true;
    }

    /// <summary>Asks for the one message whether it has left the folder. One that cannot be read has not: it is owed.</summary>
    public async Task<bool> IsGoneAsync(string itemId, string folderId, CancellationToken cancellation)
    {
        try
        {
            return await reader.TryReadAsync(itemId, cancellation) is not { } message || (message.FolderId is { } now && now != folderId);
        }
        catch (Exception exception) when (DebtBook.IsOfItem(exception))
        {
            debts.ThrowOnBadDay(exception);
            await debts.OweAsync(itemId, folderId, "", DebtBook.CodeOf(exception), cancellation);
            return false;
        }
    }

    private async Task<ReadOutcome> ReadAsync(MessageSummary message, MailItem listed, CancellationToken cancellation)
    {
        await _reads.WaitAsync(cancellation);
        try
        {
            await using var fetched = await reader.FetchAsync(message, cancellation);
            if (!message.HasBody)
                listed = MailItem.Of(fetched.Message, listed.FolderId); // the listing had to be cut down around this item
            var item = await StoreAsync(listed, fetched, cancellation);
            debts.CountSuccess();
            return new ReadOutcome(item, fetched.LacksAttachments ? AttachmentsMissing : null);
        }
        catch (ItemGoneException)
        {
            return new ReadOutcome(null, null); // deleted in the meantime; the next round tells
        }
        catch (Exception exception) when (DebtBook.IsOfItem(exception))
        {
            debts.ThrowOnBadDay(exception);
            return new ReadOutcome(null, DebtBook.CodeOf(exception));
        }
        finally
        {
            _reads.Release();
        }
    }

    private async Task<MailItem> StoreAsync(MailItem listed, FetchedMessage fetched, CancellationToken cancellation)
    {
        var contents = ImmutableSortedDictionary.CreateBuilder<string, ContentReference>(StringComparer.Ordinal);
        contents[MailItem.MessageContent] = await _writer.StoreAsync(fetched.Message.Json, cancellation);
        if (fetched.Mime is { } mime)
            contents[MailItem.MimeContent] = await _writer.StoreMailAsync(mime, cancellation);
        var attachments = ImmutableArray.CreateBuilder<AttachmentEntry>();
        foreach (var attachment in fetched.Attachments)
        {
            long size = 0;
            contents[MailItem.AttachmentProperties(attachments.Count)] = await _writer.StoreAsync(attachment.Json, cancellation);
            if (attachment.Content is { } content)
            {
                // Another item is MIME, iCalendar or vCard, and may hold files of its own.
                var reference = attachment.Kind == AttachmentKind.Item
                    ? await _writer.StoreMailAsync(content, cancellation)
                    : await _writer.StoreAsync(content, cancellation);
                contents[MailItem.AttachmentContent(attachments.Count)] = reference;
                size = reference.Length;
            }
            attachments.Add(new AttachmentEntry(attachment.Name, attachment.ContentType ?? "", attachment.Kind.ToString(), size,
                attachment.IsInline, attachment.ContentId, attachment.Failure));
        }
        var stored = contents.ToImmutable();
        var logicalSize = stored.TryGetValue(MailItem.MimeContent, out var whole) ? whole.Length : stored.Values.Sum(reference => reference.Length);
        _board.Count(counts => counts with { DownloadedBytes = counts.DownloadedBytes + logicalSize });
        return listed with { Size = logicalSize, Attachments = attachments.ToImmutable(), Warnings = fetched.Warnings, Contents = stored };
    }

    private async Task ApplyAsync(MessageSummary message, string folderId, bool known, ReadOutcome outcome, CancellationToken cancellation)
    {
        if (outcome.Item is { } item)
        {
            var version = item.Write();
            await _writer.UpsertAsync(version, cancellation);
            await WantExportAsync(version, cancellation);
            _board.Count(counts => known ? counts with { Changed = counts.Changed + 1 } : counts with { Added = counts.Added + 1 });
        }
        if (outcome.Error is { } error)
            await debts.OweAsync(message.Id, message.FolderId ?? folderId, message.Subject ?? "", error, cancellation);
        else if (outcome.Item is not null)
            await debts.ForgiveAsync(message.Id, null, cancellation);
    }

    // The properties are read back as JSON at a restore, so they follow the marks even where the content stays.
    private async Task<ImmutableSortedDictionary<string, ContentReference>> KeptAsync(
        ItemVersion stored, MailItem listed, MessageSummary message, CancellationToken cancellation)
    {
        // An export holds the marks too; the folder is not in it.
        var kept = MailItem.Read(stored).PropertiesPrint == listed.PropertiesPrint ? stored.Contents : stored.Contents.Remove(ContentRoles.Export);
        return message.HasBody ? kept.SetItem(MailItem.MessageContent, await _writer.StoreAsync(message.Json, cancellation)) : kept;
    }

    private async Task WantExportAsync(ItemVersion item, CancellationToken cancellation)
    {
        if (exports is not null && !item.Contents.ContainsKey(ContentRoles.Export))
            await exports.WantAsync(item.Id, item.Size, cancellation);
    }

    /// <summary>Both: the item lacks attachments, which are owed.</summary>
    private sealed record ReadOutcome(MailItem? Item, string? Error);
}
