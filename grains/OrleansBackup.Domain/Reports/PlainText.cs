using System.Globalization;
using System.Text;

namespace OrleansBackup.Domain.Reports;

/// <summary>A name without what would make it read as something else: control characters and marks that turn the direction of reading.</summary>
internal static class PlainText
{
    public static string Of(string text)
    {
        if (text.All(one => one is >= ' ' and < (char)127))
            return text;
        var plain = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
            if (Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator)
                plain.Append(' ');
            else if (Rune.GetUnicodeCategory(rune) is not UnicodeCategory.Format)
                plain.Append(rune);
        return plain.ToString();
    }
}
