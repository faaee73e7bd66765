using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Points;
using OrleansBackup.Grains.Mailboxes;
using OrleansBackup.Vault;

namespace OrleansBackup.Grains.Points;

/// <summary>What somebody who looks for a message sees of it: subject, sender, names of attachments.</summary>
internal static class MailSearch
{
    private const int MostWords = 20;
    private const int LongestWord = 200;

    /// <exception cref="InvalidRequestException">It says nothing, or too much.</exception>
    public static ItemQuery Of(ItemSearch search)
    {
        if (search.Words.IsEmpty && search.From is null && search.Until is null)
            throw new InvalidRequestException("text", "Say what to look for: words, or a time from or until.");
        if (search.Words.Length > MostWords || search.Words.Any(word => word.Length is 0 or > LongestWord))
            throw new InvalidRequestException("text", $"Look for at most {MostWords} words of at most {LongestWord} characters.");
        return new ItemQuery(search.Words, MailItem.MessageKind, search.From, search.Until) { Texts = TextsOf };
    }

    private static IEnumerable<string> TextsOf(ItemVersion item)
    {
        yield return item.Name;
        if (item.Properties.GetValueOrDefault(MailItem.FromProperty) is { } from)
            yield return from;
        if (item.Properties.ContainsKey(MailItem.AttachmentsProperty))
            foreach (var attachment in MailItem.Read(item).Attachments)
                yield return attachment.Name;
    }
}
