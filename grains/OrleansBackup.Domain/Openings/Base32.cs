using System.Text;

namespace OrleansBackup.Domain.Openings;

/// <summary>Bytes as small letters and digits that a person can read out and type: RFC 4648, section 6, without padding.</summary>
internal static class Base32
{
    private const string Alphabet = "abcdefghijklmnopqrstuvwxyz234567";
    private const int BitsOfCharacter = 5, BitsOfByte = 8, LongestText = 256;

    public static string Write(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder((bytes.Length * BitsOfByte + BitsOfCharacter - 1) / BitsOfCharacter);
        int held = 0, bits = 0;
        foreach (var one in bytes)
        {
            held = (held << BitsOfByte | one) & 0xFFFF;
            for (bits += BitsOfByte; bits >= BitsOfCharacter; bits -= BitsOfCharacter)
                text.Append(Alphabet[held >> (bits - BitsOfCharacter) & 31]);
        }
        if (bits > 0)
            text.Append(Alphabet[held << (BitsOfCharacter - bits) & 31]);
        return text.ToString();
    }

    /// <returns>Null: a character that is none of it, or far too long.</returns>
    public static byte[]? TryRead(string text)
    {
        if (text.Length > LongestText)
            return null;
        var bytes = new List<byte>(text.Length);
        int held = 0, bits = 0;
        foreach (var character in text)
        {
            var value = Alphabet.IndexOf(character, StringComparison.Ordinal);
            if (value < 0)
                return null;
            held = (held << BitsOfCharacter | value) & 0xFFFF;
            bits += BitsOfCharacter;
            if (bits < BitsOfByte)
                continue;
            bits -= BitsOfByte;
            bytes.Add((byte)(held >> bits));
        }
        return [.. bytes];
    }
}
