using System.Collections.Immutable;
using OrleansBackup.Microsoft365.Transport;

namespace OrleansBackup.Microsoft365.Mail;

/// <summary>Reads one message in every form that the service gives: MIME, properties, attachments. What fails in one form is taken from another.</summary>
internal sealed class MessageFetch(GraphClient client, MailboxRequests requests, MailReadOptions options)
{
    public async Task<FetchedMessage> ReadAsync(MessageSummary message, CancellationToken cancellation)
    {
        var warnings = ImmutableArray.CreateBuilder<string>();
        var (mime, mimeFailure) = await TryMimeAsync(message.Id, cancellation);
        try
        {
            if (mimeFailure is not null) warnings.Add($"The service cannot make the message's MIME form ({mimeFailure.Code}); its properties and attachments are kept.");
            message = await WithBodyAsync(message, mimeFailure, warnings, cancellation);
            var (attachments, areListed) = await AttachmentsAsync(message, mime, mimeFailure, warnings, cancellation);
            foreach (var lost in attachments.Where(a => a.Failure is not null))
            {
                warnings.Add($"Attachment '{lost.Name}' cannot be read ({lost.Failure}).");
            }

            return new FetchedMessage(message, mime, attachments, warnings.ToImmutable()) { LacksAttachments = !areListed || attachments.Any(a => a.Failure is not null) };
        }
        catch
        {
            if (mime is not null) await mime.DisposeAsync();
            throw;
        }
    }

    public async Task<MessageSummary?> TryReadAsync(string messageId, CancellationToken cancellation)
    {
        try
        {
            return MessageSummary.Parse((await client.SendAsync(requests.Read(requests.Message(messageId), RequestSubject.Item), cancellation)).Json);
        }
        catch (ItemGoneException)
        {
            return null;
        }
    }

    private async Task<(Stream? Mime, GraphException? Failure)> TryMimeAsync(string messageId, CancellationToken cancellation)
    {
        try
        {
            // Only this path gives MIME: by way of the folder, or with the dollar sign escaped, the service answers 405.
            var request = requests.Read(client.Address($"{requests.MessagePath(messageId)}/$value"), RequestSubject.Item) with { WantsContent = true };
            return ((await client.SendAsync(request, cancellation)).Content, null);
        }
        catch (GraphException e) when (e is ItemUnreadableException or GraphRefusedException)
        {
            return (null, e);
        }
    }

    private async Task<MessageSummary> WithBodyAsync(MessageSummary message, GraphException? mimeFailure, ImmutableArray<string>.Builder warnings, CancellationToken cancellation)
    {
        if (message.HasBody) return message;
        try
        {
            return await TryReadAsync(message.Id, cancellation) ?? throw new ItemGoneException($"Mailbox '{requests.UserId}': the item is gone.", "ErrorItemNotFound", requestId: null);
        }
        catch (GraphException e) when (e is ItemUnreadableException or GraphRefusedException)
        {
            if (mimeFailure is not null) throw new ItemUnreadableException($"Mailbox '{requests.UserId}': the service can read the item in no form ({e.Code}).", e.Code, e.RequestId, e);
            warnings.Add($"The service cannot read the message's properties ({e.Code}); its MIME form is kept.");
            return message;
        }
    }

    private async Task<(ImmutableArray<FetchedAttachment> Attachments, bool AreListed)> AttachmentsAsync(MessageSummary message, Stream? mime, GraphException? mimeFailure, ImmutableArray<string>.Builder warnings, CancellationToken cancellation)
    {
        // A message denies having inline attachments. Its text may refer to them, or only its MIME shows them; without MIME, ask.
        if (!message.HasAttachments && !message.RefersToInlineContent && mime is not null && !await MimeParts.MayHaveAttachmentsAsync(mime, cancellation)) return ([], true);
        try
        {
            return (await new AttachmentFetch(client, requests, options).ReadAllAsync(message.Id, cancellation), true);
        }
        catch (GraphException e) when (e is ItemUnreadableException or GraphRefusedException or GraphTransientException { Status: not null } or GraphTransientException { Code: "TimedOut" })
        {
            warnings.Add($"The message's attachments cannot be listed ({e.Code})" + (mimeFailure is null ? "; its MIME form holds them." : "."));
            return ([], false);
        }
    }
}
