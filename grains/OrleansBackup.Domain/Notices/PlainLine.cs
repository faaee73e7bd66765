using System.Globalization;
using System.Text;

namespace OrleansBackup.Domain.Notices;

/// <summary>Names come from customers, and from whoever may make an account there. In a notice they stand on one line and cannot pass for anything else.</summary>
public static class PlainLine
{
    public const int Longest = 200;

    /// <summary>The text without line ends, control characters and marks that turn the direction of reading; cut to <see cref="Longest"/> characters.</summary>
    public static string Of(string? text)
    {
        var line = new StringBuilder();
        foreach (var rune in (text ?? "").EnumerateRunes())
        {
            var category = Rune.GetUnicodeCategory(rune);
            var isPlain = category is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
                or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned);
            if (isPlain && !Rune.IsWhiteSpace(rune))
                line.Append(rune);
            else if (line.Length > 0 && line[^1] != ' ' && category != UnicodeCategory.Format)
                line.Append(' ');
            if (line.Length >= Longest)
                return line.ToString().TrimEnd() + "…";
        }
        return line.ToString().TrimEnd();
    }
}
