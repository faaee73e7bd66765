using OrleansBackup.GraphSimulator.Content;
using OrleansBackup.GraphSimulator.Http;
using OrleansBackup.GraphSimulator.World;

namespace OrleansBackup.GraphSimulator.Mail;

/// <summary>Changes the attachments of a message; each change is a new version of it.</summary>
internal static class MessageAttachments
{
    /// <param name="mailbox">The message's mailbox.</param>
    /// <param name="message">The message.</param>
    /// <param name="make">Makes the attachment from its key and the message's seed.</param>
    public static (MessageVersion Version, MailAttachment Added) Add(Mailbox mailbox, MailMessage message, Func<int, ulong, MailAttachment> make)
    {
        MailAttachment added = null!;
        var version = mailbox.Change(message, before =>
        {
            var content = ComposedContent.From(before.Content, (ulong)message.Number);
            var key = content.Detail.Attachments.Select(attachment => attachment.Key).DefaultIfEmpty().Max() + 1;
            added = make(key, content.Seed);
            return before with { Content = content.With(content.Detail with { Attachments = content.Detail.Attachments.Add(added) }) };
        });
        return (version, added);
    }

    /// <exception cref="GraphErrorException">404: no such attachment.</exception>
    public static void Remove(Mailbox mailbox, MailMessage message, int key)
    {
        if (!message.Latest.Content.Detail.Attachments.Any(attachment => attachment.Key == key))
            throw GraphErrors.ItemNotFound();
        mailbox.Change(message, before =>
        {
            var content = ComposedContent.From(before.Content, (ulong)message.Number);
            return before with { Content = content.With(content.Detail with { Attachments = content.Detail.Attachments.RemoveAll(attachment => attachment.Key == key) }) };
        });
    }
}
