using System.Buffers.Text;
using System.Globalization;
using System.Text;
using OrleansBackup.GrainInterfaces.Points;
using OrleansBackup.TimeTravel.Imap.Mime;
using OrleansBackup.TimeTravel.Imap.Parsing;

namespace OrleansBackup.TimeTravel.Imap.Mailboxes;

/// <summary>A search that would read more than the server grants.</summary>
internal sealed class SearchTooLargeException : Exception;

/// <summary>Holds messages against what a search looks for: by what is known of each first, and by reading only where that does not decide.</summary>
/// <param name="mostBytes">What may be read in all.</param>
internal sealed class MessageSearch(MessageReader reader, IRestorePointGrain point, MailFolderIndex index, long mostBytes)
{
    private const int LongestText = 4 * 1024 * 1024;

    private readonly long _readBefore = reader.Read;
    private long _texts;

    /// <exception cref="SearchTooLargeException">It would read more than is granted.</exception>
    public async Task<bool> MatchesAsync(SearchKey key, int number, CancellationToken cancellation)
    {
        var message = index.Messages[number - 1];
        switch (key)
        {
            case SearchKey.All: return true;
            case SearchKey.None: return false;
            case SearchKey.Seen(var wanted): return message.IsRead == wanted;
            case SearchKey.Flagged(var wanted): return message.IsFlagged == wanted;
            case SearchKey.Draft(var wanted): return message.IsDraft == wanted;
            case SearchKey.Numbers(var set): return set.Holds(number, index.Messages.Length);
            case SearchKey.Size(var more, var less): return message.Size > more && message.Size < less;
            case SearchKey.Day day: return IsWithin(day, day.BySent ? await SentAsync(message, cancellation) : DateOnly.FromDateTime(message.Date.UtcDateTime));
            case SearchKey.Field field: return await HasAsync(message, field, cancellation);
            case SearchKey.Words words: return await HoldsAsync(message, words, cancellation);
            case SearchKey.Not(var not): return !await MatchesAsync(not, number, cancellation);
            case SearchKey.Or(var one, var other): return await MatchesAsync(one, number, cancellation) || await MatchesAsync(other, number, cancellation);
            case SearchKey.And(var keys):
                foreach (var one in keys.OrderBy(one => one is SearchKey.Words ? 2 : one is SearchKey.Field or SearchKey.And or SearchKey.Or or SearchKey.Not ? 1 : 0)) // the dear ones last
                    if (!await MatchesAsync(one, number, cancellation))
                        return false;
                return true;
            default: throw new InvalidOperationException("Not a key of a search.");
        }
    }

    private static bool IsWithin(SearchKey.Day day, DateOnly? of) => of is { } one && (day.From is not { } from || one >= from) && (day.Before is not { } before || one < before);

    private async Task<DateOnly?> SentAsync(IndexedMessage message, CancellationToken cancellation) =>
        // Section 6.4.4: time and zone do not count, so the day as it was written.
        (await HeaderAsync(message, cancellation)).Value("Date") is { } text && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out var sent)
            ? DateOnly.FromDateTime(sent.DateTime) : null;

    private async Task<bool> HasAsync(IndexedMessage message, SearchKey.Field field, CancellationToken cancellation)
    {
        var known = field.Name switch { "Subject" => message.Subject, "From" => message.From, _ => null };
        if (field.Text.Length > 0 && known is not null && Has(known, field.Text))
            return true;
        return (await HeaderAsync(message, cancellation)).Values(field.Name).Any(value => Has(EncodedWords.Decode(value), field.Text));
    }

    private async Task<bool> HoldsAsync(IndexedMessage message, SearchKey.Words words, CancellationToken cancellation)
    {
        if (words.HeaderToo && Has(EncodedWords.Decode(Encoding.Latin1.GetString(await reader.HeaderAsync(message, cancellation)).Replace("\r\n", "", StringComparison.Ordinal)), words.Text))
            return true;
        return await AnyTextAsync(message, await reader.StructureAsync(message, cancellation), words.Text, cancellation);
    }

    private async Task<bool> AnyTextAsync(IndexedMessage message, MimePart part, string text, CancellationToken cancellation)
    {
        RequireWithin();
        foreach (var child in part.Children)
            if (await AnyTextAsync(message, child, text, cancellation))
                return true;
        if (!part.Children.IsEmpty || part.Type.Type != "text" || part.BodyLength > LongestText)
            return false;
        using var body = new MemoryStream();
        await foreach (var piece in message.ReadAsync(point, part.BodyStart, part.BodyLength, cancellation))
            body.Write(piece.Span);
        _texts += body.Length;
        return Has(TransferEncoding.Decode(body.ToArray(), part), text);
    }

    private async Task<MimeHeader> HeaderAsync(IndexedMessage message, CancellationToken cancellation)
    {
        RequireWithin();
        return MimeHeader.Parse(await reader.HeaderAsync(message, cancellation));
    }

    private void RequireWithin()
    {
        if (reader.Read - _readBefore + _texts > mostBytes)
            throw new SearchTooLargeException();
    }

    private static bool Has(string text, string wanted) => text.Contains(wanted, StringComparison.OrdinalIgnoreCase);
}

/// <summary>The text of a part as a person reads it. Source: RFC 2045, section 6.</summary>
internal static class TransferEncoding
{
    public static string Decode(byte[] body, MimePart part)
    {
        var bytes = (part.Header.Value("Content-Transfer-Encoding") ?? "").Trim().ToLowerInvariant() switch
        {
            "base64" => OfBase64(body),
            "quoted-printable" => OfQuotedPrintable(body),
            _ => body,
        };
        return EncodedWords.Read(bytes, part.Type["charset"] ?? "utf-8") ?? Encoding.Latin1.GetString(bytes);
    }

    private static byte[] OfBase64(byte[] body)
    {
        var characters = body.Where(one => char.IsAsciiLetterOrDigit((char)one) || one is (byte)'+' or (byte)'/').ToArray();
        var padded = new byte[(characters.Length + 3) / 4 * 4];
        Array.Fill(padded, (byte)'=');
        characters.CopyTo(padded, 0);
        var bytes = new byte[padded.Length];
        Base64.DecodeFromUtf8(padded, bytes, out _, out var written);
        return bytes[..written];
    }

    private static byte[] OfQuotedPrintable(byte[] body)
    {
        var bytes = new List<byte>(body.Length);
        for (var at = 0; at < body.Length; at++)
            if (body[at] != '=')
                bytes.Add(body[at]);
            else if (at + 2 < body.Length && char.IsAsciiHexDigit((char)body[at + 1]) && char.IsAsciiHexDigit((char)body[at + 2]))
            {
                bytes.Add(Convert.FromHexString(Encoding.ASCII.GetString(body, at + 1, 2))[0]);
                at += 2;
            }
            else if (at + 1 < body.Length && body[at + 1] is (byte)'\r' or (byte)'\n')
                at += at + 2 < body.Length && body[at + 1] == '\r' && body[at + 2] == '\n' ? 2 : 1; // a line that goes on
        return [.. bytes];
    }
}
