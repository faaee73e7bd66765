using System.Globalization;
using System.Text;

namespace OrleansBackup.CommandLine.Output;

/// <summary>Text that strangers wrote (subjects, file names, display names), made fit for a terminal.</summary>
/// <remarks>
/// A subject can hold escape sequences that move the cursor, rename the window or paste into a shell, and marks that turn reading direction round.
/// None reaches the terminal: each is shown as <c>\u001b</c> is written. Spectre's markup needs nothing here, since cells are never read as markup.
/// </remarks>
internal static class SafeText
{
    private const char ZeroWidthNonJoiner = '\u200c', ZeroWidthJoiner = '\u200d';

    public static string Of(string? text)
    {
        if (string.IsNullOrEmpty(text))
            return "";
        var safe = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes()) // half a surrogate pair becomes the replacement character
        {
            if (IsSafe(rune))
                safe.Append(rune);
            else
                safe.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:x4}");
        }
        return safe.ToString();
    }

    /// <summary>The same for text of several lines and the server's own: line breaks stay.</summary>
    public static string Lines(string? text) => string.Join('\n', (text ?? "").Split('\n').Select(line => Of(line.TrimEnd('\r'))));

    private static bool IsSafe(Rune rune) => rune.Value is ZeroWidthNonJoiner or ZeroWidthJoiner // emoji and some scripts need them
        || Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
}
