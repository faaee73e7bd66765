using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Points;
using OrleansBackup.Grains.Mailboxes;
using OrleansBackup.Grains.Runs;
using OrleansBackup.Vault;

namespace OrleansBackup.Grains.Points;

/// <summary>What somebody who looks for an item sees of it: name or subject, sender, names of attachments.</summary>
internal static class PointSearch
{
    /// <exception cref="InvalidRequestException">It says nothing, or too much.</exception>
    public static ItemQuery Of(ItemSearch search)
    {
        if (search.Words.IsEmpty && search.From is null && search.Until is null)
            throw new InvalidRequestException("text", "Say what to look for: words, or a time from or until.");
        if (search.WrongWords is { } wrong)
            throw new InvalidRequestException("text", wrong);
        return new ItemQuery(search.Words, null, search.From, search.Until) { Texts = TextsOf };
    }

    private static IEnumerable<string> TextsOf(ItemVersion item)
    {
        yield return item.Name;
        if (item.Properties.GetValueOrDefault(MailItem.FromProperty) is { } from)
            yield return from;
        if (item.Kind == ItemKinds.Message && item.Properties.ContainsKey(MailItem.AttachmentsProperty))
            foreach (var attachment in MailItem.Read(item).Attachments)
                yield return attachment.Name;
    }
}
