using System.Globalization;
using System.Text;
using OrleansBackup.GrainInterfaces.Points;

namespace OrleansBackup.TimeTravel.Imap.Mailboxes;

/// <summary>What a mail program sees of a message of which Microsoft 365 never gave MIME: who, when, about what, and where the rest is. The same bytes each time.</summary>
internal static class ReplacementMessage
{
    private const int BytesOfWord = 45; // 75 characters of an encoded word, RFC 2047, less its frame

    public static byte[] Of(ItemAtPoint item, DateTimeOffset sealedAt)
    {
        var text = new StringBuilder()
            .Append("This message stands for one of which Microsoft 365 never handed over the MIME text, so it cannot be shown here as it was.\r\n")
            .Append("The backup has its properties, its body and the attachments listed below: restore it, or download them in the portal.\r\n\r\n");
        foreach (var attachment in item.Attachments)
            text.Append(CultureInfo.InvariantCulture, $"- {OneLine(attachment.Name)} ({attachment.Size} bytes){(attachment.Problem is { } problem ? $": {OneLine(problem)}" : "")}\r\n");
        var head = new StringBuilder()
            .Append(CultureInfo.InvariantCulture, $"Date: {(item.Sent ?? item.Received ?? sealedAt).ToUniversalTime():ddd, dd MMM yyyy HH:mm:ss} +0000\r\n")
            .Append(CultureInfo.InvariantCulture, $"From: {Words(item.From.Length == 0 ? "unknown" : item.From)} <unknown@invalid>\r\n")
            .Append(CultureInfo.InvariantCulture, $"Subject: {Words(item.Subject)}\r\n")
            .Append("MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\nX-OrleansBackup: no MIME in the restore point\r\n\r\n");
        var body = Convert.ToBase64String(Encoding.UTF8.GetBytes(text.ToString()), Base64FormattingOptions.InsertLineBreaks);
        return Encoding.ASCII.GetBytes($"{head}{body}\r\n");
    }

    private static string Words(string text)
    {
        var (words, held, bytes) = (new List<string>(), new StringBuilder(), 0);
        foreach (var rune in OneLine(text).EnumerateRunes())
        {
            if (bytes + rune.Utf8SequenceLength > BytesOfWord)
                Release();
            held.Append(rune.ToString());
            bytes += rune.Utf8SequenceLength;
        }
        Release();
        return string.Join("\r\n ", words);

        void Release()
        {
            if (held.Length > 0)
                words.Add($"=?utf-8?B?{Convert.ToBase64String(Encoding.UTF8.GetBytes(held.ToString()))}?=");
            held.Clear();
            bytes = 0;
        }
    }

    private static string OneLine(string text) => string.Concat(text.Select(character => char.IsControl(character) ? ' ' : character));
}
