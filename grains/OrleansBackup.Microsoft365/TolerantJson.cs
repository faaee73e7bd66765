using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace OrleansBackup.Microsoft365;

/// <summary>Reads JSON as Graph really sends it: raw control characters and lone surrogates occur inside strings.</summary>
/// <remarks>
/// A repair changes how a character is written, not which: a raw 0x01 becomes <c>\u0001</c>, a surrogate half written in three
/// bytes becomes <c>\ud83d</c>. Only bytes that are no character at all become U+FFFD.
/// </remarks>
public static class TolerantJson
{
    private static readonly JsonReaderOptions Strict = new() { MaxDepth = 128 };

    /// <summary>The same document in valid form; the same memory when nothing had to be repaired.</summary>
    /// <exception cref="JsonException">Cut short, or not JSON.</exception>
    public static ReadOnlyMemory<byte> Repair(ReadOnlyMemory<byte> json)
    {
        if (json.Span.StartsWith("\uFEFF"u8)) json = json[3..];
        if (Utf8.IsValid(json.Span) && IsWellFormed(json.Span)) return json;
        ReadOnlyMemory<byte> repaired = Rewrite(json.Span);
        Validate(repaired.Span);
        return repaired;
    }

    /// <summary>A string property, with U+FFFD for lone surrogates; null when absent, null or no string.</summary>
    public static string? GetText(JsonElement parent, string property) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(property, out var value) ? GetText(value) : null;

    /// <inheritdoc cref="GetText(JsonElement, string)"/>
    public static string? GetText(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.String) return null;
        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            return Unescape(Encoding.UTF8.GetString(JsonMarshal.GetRawUtf8Value(value)[1..^1]));
        }
    }

    private static bool IsWellFormed(ReadOnlySpan<byte> json)
    {
        try
        {
            Validate(json);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static void Validate(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, Strict);
        while (reader.Read())
        {
        }
    }

    private static byte[] Rewrite(ReadOnlySpan<byte> json)
    {
        var output = new ArrayBufferWriter<byte>(json.Length + 256);
        var inString = false;
        for (var at = 0; at < json.Length;)
        {
            var value = json[at];
            if (value < 0x80)
            {
                if (inString && value < 0x20) WriteEscape(output, value);
                else output.Write(json.Slice(at, 1));
                if (value == '\\' && inString && at + 1 < json.Length && json[at + 1] is >= 0x20 and < 0x80)
                {
                    output.Write(json.Slice(++at, 1));
                }
                else if (value == '"')
                {
                    inString = !inString;
                }

                at++;
            }
            else if (Rune.DecodeFromUtf8(json[at..], out _, out var length) == OperationStatus.Done)
            {
                output.Write(json.Slice(at, length));
                at += length;
            }
            else if (value == 0xED && at + 2 < json.Length && json[at + 1] is >= 0xA0 and <= 0xBF && json[at + 2] is >= 0x80 and <= 0xBF)
            {
                WriteEscape(output, 0xD000 | ((json[at + 1] & 0x3F) << 6) | (json[at + 2] & 0x3F));
                at += 3;
            }
            else
            {
                WriteEscape(output, 0xFFFD);
                at += Math.Max(1, length);
            }
        }

        return output.WrittenSpan.ToArray();
    }

    private static void WriteEscape(ArrayBufferWriter<byte> output, int unit) =>
        output.Write(Encoding.ASCII.GetBytes($"\\u{unit:x4}"));

    private static string Unescape(string raw)
    {
        var text = new StringBuilder(raw.Length);
        for (var at = 0; at < raw.Length; at++)
        {
            if (raw[at] != '\\' || at + 1 == raw.Length)
            {
                text.Append(raw[at]);
                continue;
            }

            var kind = raw[++at];
            if (kind == 'u' && at + 4 < raw.Length + 0 && ushort.TryParse(raw.AsSpan(at + 1, 4), System.Globalization.NumberStyles.HexNumber, null, out var unit))
            {
                text.Append((char)unit);
                at += 4;
            }
            else
            {
                text.Append(kind switch { 'n' => '\n', 'r' => '\r', 't' => '\t', 'b' => '\b', 'f' => '\f', _ => kind });
            }
        }

        // A round trip through UTF-8 leaves U+FFFD where half a pair stands alone, and pairs as they are.
        return Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text.ToString()));
    }
}
