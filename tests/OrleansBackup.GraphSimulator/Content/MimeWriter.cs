using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace OrleansBackup.GraphSimulator.Content;

/// <summary>Writes a message as MIME, the way the service converts what was not stored as MIME. Equal input gives equal bytes.</summary>
public static class MimeWriter
{
    private const int LineBytes = 57; // 76 characters of base64

    /// <param name="detail">The message.</param>
    /// <param name="seed">Makes the boundaries.</param>
    /// <param name="received">Value of a <c>Received</c> header; null for a draft.</param>
    public static byte[] Write(MessageDetail detail, ulong seed, string? received)
    {
        var size = detail.Body.Length * 3 + 4096 + detail.Attachments.Sum(attachment => attachment.Bytes.Length / 3 * 4 + attachment.Bytes.Length / 40 + 1024);
        var output = new ArrayBufferWriter<byte>(size);
        if (received is not null)
            Header(output, "Received", received);
        Addresses(output, "From", detail.From is null ? [] : [detail.From]);
        if (detail.Sender is not null && detail.Sender != detail.From)
            Addresses(output, "Sender", [detail.Sender]);
        Addresses(output, "To", detail.To);
        Addresses(output, "CC", detail.Cc);
        Addresses(output, "BCC", detail.Bcc);
        Addresses(output, "Reply-To", detail.ReplyTo);
        Header(output, "Subject", Encoded(detail.Subject));
        if (detail.Date is { } date)
            Header(output, "Date", date.ToString("ddd, d MMM yyyy HH:mm:ss +0000", CultureInfo.InvariantCulture));
        Optional(output, "Message-ID", detail.InternetMessageId);
        Optional(output, "In-Reply-To", detail.InReplyTo);
        Optional(output, "References", detail.References);
        if (detail.Importance != "normal")
            Header(output, "Importance", detail.Importance);
        foreach (var header in detail.Headers.Where(header => header.Name.StartsWith("x-", StringComparison.OrdinalIgnoreCase)))
            Header(output, header.Name, Encoded(header.Value));
        Header(output, "MIME-Version", "1.0");
        var inline = detail.Attachments.Where(attachment => attachment.IsInline).ToList();
        var attached = detail.Attachments.Where(attachment => !attachment.IsInline).ToList();
        Multipart(output, "mixed", seed, attached, () => Multipart(output, "related", seed + 1, inline, () => Text(output, detail)));
        return output.WrittenSpan.ToArray();
    }

    private static void Multipart(ArrayBufferWriter<byte> output, string kind, ulong seed, List<MailAttachment> attachments, Action first)
    {
        if (attachments.Count == 0)
        {
            first();
            return;
        }
        var boundary = string.Create(CultureInfo.InvariantCulture, $"_{kind}_{seed:x16}_");
        Header(output, "Content-Type", $"multipart/{kind}; boundary=\"{boundary}\"");
        Line(output, "");
        Line(output, "--" + boundary);
        first();
        foreach (var attachment in attachments)
        {
            Line(output, "--" + boundary);
            Attachment(output, attachment);
        }
        Line(output, $"--{boundary}--");
    }

    private static void Text(ArrayBufferWriter<byte> output, MessageDetail detail)
    {
        Header(output, "Content-Type", $"text/{(detail.BodyType == "html" ? "html" : "plain")}; charset=\"utf-8\"");
        Base64Body(output, Encoding.UTF8.GetBytes(detail.Body));
    }

    private static void Attachment(ArrayBufferWriter<byte> output, MailAttachment attachment)
    {
        var name = Encoded(attachment.Name.Replace("\"", "'", StringComparison.Ordinal));
        if (attachment.Item is not null)
        {
            Header(output, "Content-Type", "message/rfc822");
            Header(output, "Content-Disposition", $"attachment; filename=\"{name}\"");
            Line(output, "");
            output.Write(attachment.Bytes.Read().Span);
            Line(output, "");
            return;
        }
        Header(output, "Content-Type", $"{Clean(attachment.ContentType ?? "application/octet-stream")}; name=\"{name}\"");
        Header(output, "Content-Disposition", $"{(attachment.IsInline ? "inline" : "attachment")}; filename=\"{name}\"");
        if (attachment.ContentId is not null)
            Header(output, "Content-ID", $"<{Clean(attachment.ContentId)}>");
        Base64Body(output, attachment.Bytes.Read().Span);
    }

    private static void Base64Body(ArrayBufferWriter<byte> output, ReadOnlySpan<byte> bytes)
    {
        Header(output, "Content-Transfer-Encoding", "base64");
        Line(output, "");
        while (bytes.Length > 0)
        {
            var line = bytes[..Math.Min(LineBytes, bytes.Length)];
            var target = output.GetSpan(80);
            Base64.EncodeToUtf8(line, target, out _, out var written);
            target[written] = (byte)'\r';
            target[written + 1] = (byte)'\n';
            output.Advance(written + 2);
            bytes = bytes[line.Length..];
        }
    }

    private static void Addresses(ArrayBufferWriter<byte> output, string name, IReadOnlyCollection<MailAddress> addresses)
    {
        if (addresses.Count > 0)
            Header(output, name, string.Join(",\r\n\t", addresses.Select(address => $"{EncodedName(address.Name)} <{Clean(address.Address)}>")));
    }

    private static void Optional(ArrayBufferWriter<byte> output, string name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
            Header(output, name, Clean(value));
    }

    private static void Header(ArrayBufferWriter<byte> output, string name, string value) => Line(output, $"{name}: {value}");

    private static void Line(ArrayBufferWriter<byte> output, string text)
    {
        output.Write(Encoding.UTF8.GetBytes(text));
        output.Write("\r\n"u8);
    }

    private static string EncodedName(string name) =>
        IsPlain(name) ? $"\"{name.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"" : Encoded(name);

    private static string Encoded(string text)
    {
        if (IsPlain(text))
            return text;
        var words = new StringBuilder();
        // 30 characters make at most 120 bytes, so no encoded word is torn inside a character; the words are long but legal to read.
        for (var at = 0; at < text.Length;)
        {
            var length = Math.Min(30, text.Length - at);
            if (char.IsHighSurrogate(text[at + length - 1]) && at + length < text.Length)
                length++;
            words.Append(words.Length > 0 ? "\r\n " : "").Append("=?utf-8?B?").Append(Convert.ToBase64String(Encoding.UTF8.GetBytes(text.Substring(at, length)))).Append("?=");
            at += length;
        }
        return words.ToString();
    }

    private static bool IsPlain(string text) => text.All(character => character is >= ' ' and < (char)127) && !text.Contains("=?", StringComparison.Ordinal);

    private static string Clean(string text) => text.ReplaceLineEndings(" ");
}
