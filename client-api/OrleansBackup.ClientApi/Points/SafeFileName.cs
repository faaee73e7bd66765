using System.Globalization;
using System.Text;

namespace OrleansBackup.ClientApi.Points;

/// <summary>File names made from what strangers wrote: subjects, folder names, names of attachments.</summary>
/// <remarks>
/// The result opens on Windows, macOS and Linux, cannot leave the folder that it is unpacked into, and shows what it is: characters that turn
/// the direction of writing are dropped, since they make <c>invoice[U+202E]cod.exe</c> look like a document.
/// </remarks>
internal static class SafeFileName
{
    /// <summary>In UTF-8 bytes, so that with a counter and an extension it stays below the 255 that file systems allow.</summary>
    public const int MaxBytes = 180;

    private const string DotsAndSpaces = ". \u00A0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200A\u202F\u205F\u3000";

    private static readonly string[] ReservedOnWindows =
        ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$", .. "0123456789\u00B9\u00B2\u00B3".SelectMany(n => new[] { $"COM{n}", $"LPT{n}" })];

    /// <param name="text">Anything.</param>
    /// <param name="ifNothingIsLeft">The name to take when no character of the text can stand in a name.</param>
    public static string Of(string text, string ifNothingIsLeft)
    {
        var name = new StringBuilder();
        var bytes = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            if (Written(rune) is not { } written)
                continue;
            bytes += written.Utf8SequenceLength;
            if (bytes > MaxBytes)
                break;
            name.Append(written.ToString());
        }
        // Windows drops dots and spaces at the end; one dot or two would name a folder itself or the one above.
        var trimmed = name.ToString().AsSpan().Trim(DotsAndSpaces).ToString();
        return trimmed.Length == 0 ? ifNothingIsLeft : IsReserved(trimmed) ? $"_{trimmed}" : trimmed;
    }

    private static Rune? Written(Rune rune) => rune.Value switch
    {
        '/' or '\\' or ':' or '*' or '?' or '"' or '<' or '>' or '|' => new Rune('_'),
        '\t' or '\r' or '\n' => new Rune(' '),
        0xFFFD => null,
        _ => Rune.GetUnicodeCategory(rune) switch
        {
            UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
                or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned or UnicodeCategory.Surrogate => null,
            _ => rune,
        },
    };

    private static bool IsReserved(string name) =>
        ReservedOnWindows.Contains(name.Split('.')[0].TrimEnd(), StringComparer.OrdinalIgnoreCase);
}

/// <summary>The names given out in one folder, so that no two are the same, also where case does not count.</summary>
internal sealed class NamesOfOneFolder
{
    private readonly HashSet<string> _taken = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, int> _lastCount = new(StringComparer.OrdinalIgnoreCase);

    /// <returns>The name with its extension, and with a number in between when it is taken.</returns>
    public string Take(string name, string extension)
    {
        var candidate = $"{name}{extension}";
        while (!_taken.Add(candidate))
        {
            var count = _lastCount[name] = _lastCount.GetValueOrDefault(name, 1) + 1;
            candidate = string.Create(CultureInfo.InvariantCulture, $"{name} ({count}){extension}");
        }
        return candidate;
    }
}
