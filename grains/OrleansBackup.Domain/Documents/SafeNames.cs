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
        "CON", "PRN", "AUX", "NUL", "COM1", "COM2", "COM3", "COM4", "COM5", "COM6", "COM7", "COM8", "COM9",
        "LPT1", "LPT2", "LPT3", "LPT4", "LPT5", "LPT6", "LPT7", "LPT8", "LPT9",
    };

    /// <returns>One part of a path: not empty, no dots or blanks at its ends, no device's name.</returns>
    public static string Of(string name, string ifEmpty)
    {
        var text = new StringBuilder();
        foreach (var rune in name.EnumerateRunes()) // half a surrogate pair becomes the replacement character
        {
            if (text.Length + rune.Utf16SequenceLength > LongestName)
                break;
            text.Append(Rune.IsControl(rune) || (rune.IsAscii && Forbidden.Contains((char)rune.Value)) ? "_" : rune.ToString());
        }
        var safe = text.ToString().Trim(' ', '.');
        if (safe.Length == 0)
            return ifEmpty;
        return Devices.Contains(safe.Split('.')[0].TrimEnd()) ? "_" + safe : safe;
    }

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
