using System.Text.Json;
using OrleansBackup.Microsoft365.Batching;

namespace OrleansBackup.Microsoft365.Directory;

/// <summary>Reads Graph's words for the kinds of mailbox.</summary>
internal static class MailboxPurposes
{
    /// <summary>Unknown where it was not told: the setting needs a permission of its own, and a mailbox is one without it too.</summary>
    public static MailboxPurpose Read(BatchAnswer answer)
    {
        if (answer.Failure is not null) return MailboxPurpose.Unknown;
        var word = answer.Body.ValueKind == JsonValueKind.String ? TolerantJson.GetText(answer.Body) : TolerantJson.GetText(answer.Body, "value");
        return word switch
        {
            "user" => MailboxPurpose.User,
            "linked" => MailboxPurpose.Linked,
            "shared" => MailboxPurpose.Shared,
            "room" => MailboxPurpose.Room,
            "equipment" => MailboxPurpose.Equipment,
            "others" => MailboxPurpose.Others,
            _ => MailboxPurpose.Unknown,
        };
    }
}
