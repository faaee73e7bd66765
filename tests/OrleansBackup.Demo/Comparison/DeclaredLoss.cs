using OrleansBackup.Demo.Clients;

namespace OrleansBackup.Demo.Comparison;

/// <summary>Which differences a loss that a restore declared can excuse: those of the property that it speaks of, and no others.</summary>
/// <remarks>A loss of a kind that is not in this table excuses nothing, so that a vague or a new one cannot hide a defect: a new kind is a decision and comes in here.</remarks>
public static class DeclaredLoss
{
    private static readonly Dictionary<string, string[]> Known = new(StringComparer.Ordinal)
    {
        ["draftDates"] = ["receivedDateTime", "sentDateTime"],
        ["flagDates"] = ["flag.startDateTime", "flag.dueDateTime", "flag.completedDateTime"],
        ["textAttached"] = ["body", "attachments", "hasAttachments"],
        ["messageId"] = ["internetMessageId"],
        ["attachedItemBytes"] = ["attachments.bytes"],
        ["attachmentName"] = ["attachments.name"],
        ["attachment"] = ["attachments", "hasAttachments"],
        ["attachedItemAsFile"] = ["attachments", "hasAttachments"],
        ["folderName"] = ["path"],
    };

    public static bool Covers(LossAnswer loss, string property)
    {
        ArgumentNullException.ThrowIfNull(loss);
        ArgumentNullException.ThrowIfNull(property);
        if (loss.Kind == "addresses")
            return loss.Name is { Length: > 0 } name && IsOrIsBelow(property, name);
        return Known.TryGetValue(loss.Kind, out var covered) && covered.Any(some => IsOrIsBelow(property, some));
    }

    private static bool IsOrIsBelow(string property, string covered) =>
        property.StartsWith(covered, StringComparison.Ordinal) && (property.Length == covered.Length || property[covered.Length] is '.' or '[');
}
