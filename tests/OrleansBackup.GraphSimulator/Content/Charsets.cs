using System.Text;

namespace OrleansBackup.GraphSimulator.Content;

/// <summary>Bytes to text, whatever the label says: an unknown character set is read as UTF-8 or else Latin-1.</summary>
public static class Charsets
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    static Charsets() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    public static string Decode(string? charset, ReadOnlySpan<byte> bytes) =>
        Find(charset) is { } encoding ? encoding.GetString(bytes) : DecodeUnlabelled(bytes);

    /// <summary>UTF-8 if it is valid, else Latin-1, which is always.</summary>
    public static string DecodeUnlabelled(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return StrictUtf8.GetString(bytes);
        }
        catch (DecoderFallbackException) // not UTF-8: the label was missing or wrong
        {
            return Encoding.Latin1.GetString(bytes);
        }
    }

    private static Encoding? Find(string? charset)
    {
        var name = charset?.Trim().Trim('"', '\'').ToLowerInvariant();
        if (string.IsNullOrEmpty(name) || name is "utf-8" or "us-ascii" or "ascii" or "utf-7")
            return null; // ASCII is often a lie, and UTF-7 is not safe to decode
        try
        {
            return Encoding.GetEncoding(name);
        }
        catch (ArgumentException) // a name that nobody knows
        {
            return null;
        }
    }
}
