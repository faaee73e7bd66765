using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using OrleansBackup.GraphSimulator.Generation;

namespace OrleansBackup.GraphSimulator.Ids;

/// <summary>Packs what a next or delta link must remember into one word that clients cannot read or change.</summary>
public static class OpaqueToken
{
    private const char Separator = '\u001f';

    public static string Pack(params ReadOnlySpan<string> fields)
    {
        var text = string.Join(Separator, fields.ToArray());
        var check = StableHash.Of(text).ToString("x16", CultureInfo.InvariantCulture);
        return Convert.ToBase64String(Encoding.UTF8.GetBytes(check + Separator + text)).Replace('+', '-').Replace('/', '_').TrimEnd('=');
    }

    /// <summary>False for anything that <see cref="Pack"/> did not make.</summary>
    public static bool TryUnpack(string token, int fieldCount, [NotNullWhen(true)] out string[]? fields)
    {
        fields = null;
        var padded = token.Replace('-', '+').Replace('_', '/');
        padded += new string('=', (4 - padded.Length % 4) % 4);
        var bytes = new byte[padded.Length];
        if (!Convert.TryFromBase64String(padded, bytes, out var length))
            return false;
        var text = Encoding.UTF8.GetString(bytes, 0, length);
        if (text.Length < 17 || text[..16] != StableHash.Of(text[17..]).ToString("x16", CultureInfo.InvariantCulture))
            return false;
        fields = text[17..].Split(Separator);
        return fields.Length == fieldCount;
    }
}
