using System.Text;

namespace OrleansBackup.Microsoft365.Drives;

/// <summary>Names that a drive takes. What lay in one drive may not be welcome in another.</summary>
/// <remarks>Source: restrictions and limitations in OneDrive and SharePoint.</remarks>
public static class DriveNames
{
    private const int LongestName = 250;
    private static readonly HashSet<string> Reserved = new(["CON", "PRN", "AUX", "NUL", ".lock", "desktop.ini", "forms",
        .. Enumerable.Range(0, 10).SelectMany(number => new[] { $"COM{number}", $"LPT{number}" })], StringComparer.OrdinalIgnoreCase);

    /// <summary>The nearest name that is taken everywhere; the name itself when it is.</summary>
    public static string Acceptable(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var clean = new StringBuilder(name.Length);
        foreach (var character in name)
            clean.Append(char.IsControl(character) || "\"*:<>?/\\|".Contains(character, StringComparison.Ordinal) ? '_' : character);
        var text = clean.ToString().Trim().TrimEnd('.').Replace("_vti_", "_vti-", StringComparison.OrdinalIgnoreCase);
        if (text.StartsWith("~$", StringComparison.Ordinal)) text = "_" + text[2..];
        if (text.Length == 0) text = "Unnamed";
        if (Reserved.Contains(text) || Reserved.Contains(Path.GetFileNameWithoutExtension(text))) text = "_" + text;
        return text.Length <= LongestName ? text : text[..(LongestName - 20)] + Path.GetExtension(text[^19..]);
    }
}
