using System.Text.RegularExpressions;

namespace OrleansBackup.Demo.Comparison;

/// <summary>Which differences a loss that a restore declared can excuse: those of the property that it speaks of, and no others.</summary>
/// <remarks>
/// The sentences are the server's own, each known by its form. One of an unknown form excuses nothing, so that a vague or a new sentence
/// cannot hide a defect: a new one is a decision and comes into this table.
/// </remarks>
public static partial class DeclaredLoss
{
    private static readonly (Regex Form, string[] Properties)[] Known =
    [
        (Draft(), ["receivedDateTime", "sentDateTime"]),
        (FlagDates(), ["flag.startDateTime", "flag.dueDateTime", "flag.completedDateTime"]),
        (TextAttached(), ["body", "attachments", "hasAttachments"]),
        (NoMessageId(), ["internetMessageId"]),
        (ItemByProperties(), ["attachments.bytes"]),
        (Unnamed(), ["attachments.name"]),
        (Attachment(), ["attachments", "hasAttachments"]),
        (FolderName(), ["path"]),
    ];

    public static bool Covers(string loss, string property)
    {
        ArgumentNullException.ThrowIfNull(loss);
        ArgumentNullException.ThrowIfNull(property);
        if (Address().Match(loss) is { Success: true } address)
            return IsOrIsBelow(property, address.Groups[1].Value);
        return Known.Any(known => known.Form.IsMatch(loss) && known.Properties.Any(covered => IsOrIsBelow(property, covered)));
    }

    private static bool IsOrIsBelow(string property, string covered) =>
        property.StartsWith(covered, StringComparison.Ordinal) && (property.Length == covered.Length || property[covered.Length] is '.' or '[');

    [GeneratedRegex("^It is a draft: the service dates it ")]
    private static partial Regex Draft();

    [GeneratedRegex("^The dates of the flag are not put back")]
    private static partial Regex FlagDates();

    [GeneratedRegex("^The text is attached as ")]
    private static partial Regex TextAttached();

    [GeneratedRegex("^The message had no message id; the service gives it one")]
    private static partial Regex NoMessageId();

    [GeneratedRegex("^An attached item is put back by its properties")]
    private static partial Regex ItemByProperties();

    [GeneratedRegex("An attachment without a name is now called ")]
    private static partial Regex Unnamed();

    [GeneratedRegex("^(An attachment (?!without )|An attached item is put back as a file |An attached item had no content |The service refused an attachment |Attachment ')")]
    private static partial Regex Attachment();

    [GeneratedRegex("^Microsoft 365 does not take the folder's name ")]
    private static partial Regex FolderName();

    [GeneratedRegex(@"^(?:The address in )?'(\w+)' (?:is none that the service takes|lost \d+ of \d+ addresses)")]
    private static partial Regex Address();
}
