using System.Text;

namespace OrleansBackup.GraphSimulator.Content;

/// <summary>Undoes content transfer encodings, taking what can be understood of broken ones.</summary>
public static class TransferEncoding
{
    public static ReadOnlyMemory<byte> Decode(string? encoding, ReadOnlyMemory<byte> body) =>
        encoding?.Trim().Split(';')[0].Trim().Trim('"').ToLowerInvariant() switch
        {
            "base64" => DecodeBase64(body.Span),
            "quoted-printable" => DecodeQuotedPrintable(body.Span),
            "x-uuencode" or "uuencode" or "x-uue" or "uue" => DecodeUuencode(body.Span),
            _ => body,
        };

    /// <summary>Reads base64 and skips what does not belong; stops at padding that ends it.</summary>
    public static byte[] DecodeBase64(ReadOnlySpan<byte> text)
    {
        var result = new byte[text.Length / 4 * 3 + 3];
        int length = 0, bits = 0, count = 0;
        foreach (var character in text)
        {
            var value = character switch
            {
                >= (byte)'A' and <= (byte)'Z' => character - 'A',
                >= (byte)'a' and <= (byte)'z' => character - 'a' + 26,
                >= (byte)'0' and <= (byte)'9' => character - '0' + 52,
                (byte)'+' => 62,
                (byte)'/' => 63,
                _ => -1,
            };
            if (character == '=')
            {
                count = 0; // padding ends a group; some senders join several encoded blocks
                bits = 0;
            }
            if (value < 0)
                continue;
            bits = (bits << 6) | value;
            count++;
            if (count == 1)
                continue;
            // The second, third and fourth character complete a byte and leave 4, 2 and 0 bits over.
            var left = 8 - 2 * count;
            result[length++] = (byte)(bits >> left);
            bits &= (1 << left) - 1;
            if (count == 4)
                count = 0;
        }
        return result[..length];
    }

    public static byte[] DecodeQuotedPrintable(ReadOnlySpan<byte> text)
    {
        var result = new List<byte>(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '=')
            {
                result.Add(text[i]);
                continue;
            }
            if (i + 2 < text.Length && text[i + 1] == '\r' && text[i + 2] == '\n')
                i += 2;
            else if (i + 1 < text.Length && text[i + 1] == '\n')
                i++;
            else if (i + 2 < text.Length && char.IsAsciiHexDigit((char)text[i + 1]) && char.IsAsciiHexDigit((char)text[i + 2]))
            {
                result.Add((byte)(Convert.ToInt32(((char)text[i + 1]).ToString(), 16) << 4 | Convert.ToInt32(((char)text[i + 2]).ToString(), 16)));
                i += 2;
            }
            else
                result.Add(text[i]);
        }
        return [.. result];
    }

    public static byte[] DecodeUuencode(ReadOnlySpan<byte> text)
    {
        var result = new List<byte>(text.Length);
        var inside = false;
        foreach (var line in Encoding.Latin1.GetString(text).Split('\n'))
        {
            var content = line.TrimEnd('\r');
            if (content.StartsWith("begin ", StringComparison.Ordinal))
                inside = true;
            else if (content is "end")
                break;
            else if (inside && content.Length > 1)
            {
                var expected = Six(content, 0);
                for (var i = 1; expected > 0; i += 4)
                {
                    var bits = Six(content, i) << 18 | Six(content, i + 1) << 12 | Six(content, i + 2) << 6 | Six(content, i + 3);
                    for (var shift = 16; shift >= 0 && expected > 0; shift -= 8, expected--)
                        result.Add((byte)(bits >> shift));
                }
            }
        }
        return [.. result];

        static int Six(string line, int at) => at < line.Length ? (line[at] - ' ') & 0x3F : 0;
    }
}
