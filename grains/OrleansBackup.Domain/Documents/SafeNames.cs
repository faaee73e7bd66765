using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace OrleansBackup.Domain.Documents;

/// <summary>File names made from what a stranger wrote: the same on every file system, and never a way out of the folder.</summary>
public static class SafeNames
{
    private const int LongestName = 80;
    private const string Forbidden = "/\\:*?\"<>|";
    private static readonly HashSet<string> Devices = new(StringComparer.OrdinalIgnoreCase)
    {
        "CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$", "COM0", "COM1", "COM2", "COM3", "COM4", "COM5", "COM6", "COM7", "COM8", "COM9", "COM\u00B9", "COM\u00B2", "COM\u00B3",
        "LPT0", "LPT1", "LPT2", "LPT3", "LPT4", "LPT5", "LPT6", "LPT7", "LPT8", "LPT9", "LPT\u00B9", "LPT\u00B2", "LPT\u00B3",
    };

    /// <returns>One part of a path: not empty, no dots or blanks at its ends, no device's name, and nothing that is not seen: a mark that turns the direction of writing makes <c>exe.txt</c> of <c>txt.exe</c>.</returns>
    public static string Of(string given, string ifEmpty)
    {
        var text = new StringBuilder();
        foreach (var rune in given.EnumerateRunes()) // half a surrogate pair becomes the replacement character
        {
            if (Rune.GetUnicodeCategory(rune) is UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator)
                continue;
            if (text.Length + rune.Utf16SequenceLength > LongestName)
                break;
            text.Append(Rune.IsControl(rune) || (rune.IsAscii && Forbidden.Contains((char)rune.Value)) ? "_" : rune.ToString());
        }
        var name = text.ToString();
        var (from, to) = (0, name.Length);
        while (from < to && IsDotOrBlank(name[from]))
            from++;
        while (to > from && IsDotOrBlank(name[to - 1]))
            to--;
        var safe = name[from..to];
        if (safe.Length == 0)
            return ifEmpty;
        return Devices.Contains(safe.Split('.')[0].TrimEnd()) ? "_" + safe : safe;
    }

    private static bool IsDotOrBlank(char character) => character == '.' || char.IsWhiteSpace(character);

    /// <summary>Eight letters that tell items of one name apart.</summary>
    public static string Mark(string id) => Convert.ToHexStringLower(SHA256.HashData(Encoding.Unicode.GetBytes(id)))[..8];

    /// <exception cref="InvalidOperationException">The path leads out of the folder: a fault in this code, whatever the names were.</exception>
    public static string Within(string root, string path)
    {
        var full = Path.GetFullPath(Path.Combine(root, path));
        return full.StartsWith(Path.GetFullPath(root) + Path.DirectorySeparatorChar, StringComparison.Ordinal)
            ? full : throw new InvalidOperationException($"'{path}' leads out of the target folder.");
    }
}
