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
        ["attachedItemBytes"] = ["attachments.bytes", "contents"],
        ["attachmentName"] = ["attachments.name"],
        ["attachment"] = ["attachments", "hasAttachments", "contents"],
        ["attachedItemAsFile"] = ["attachments", "hasAttachments", "contents"],
        ["folderName"] = ["path"],
        ["attendees"] = ["attendees", "body.content"], // they stand in the text
        ["organizer"] = ["body.content"],
        ["onlineMeeting"] = ["body.content"],
        ["timeZone"] = ["start", "end", "recurrence"],
        ["recurrence"] = ["recurrence"],
        ["photo"] = ["contents"],
        ["mentions"] = ["body.content"],
        ["picture"] = ["body.content", "contents"],
        ["time"] = ["createdDateTime"],
    };

    public static bool Covers(LossAnswer loss, string property)
    {
        ArgumentNullException.ThrowIfNull(loss);
        ArgumentNullException.ThrowIfNull(property);
        if (loss.Kind is "column" or "fieldRefused" or "reference")
            return loss.Name is { Length: > 0 } column && (IsOrIsBelow(property, "fields." + column) || property == $"fields.{column}LookupId");
        if (loss.Kind == "addresses")
            return loss.Name is { Length: > 0 } name && IsOrIsBelow(property, name);
        return Known.TryGetValue(loss.Kind, out var covered) && covered.Any(some => IsOrIsBelow(property, some));
    }

    private static bool IsOrIsBelow(string property, string covered) =>
        property.StartsWith(covered, StringComparison.Ordinal) && (property.Length == covered.Length || property[covered.Length] is '.' or '[');
}
