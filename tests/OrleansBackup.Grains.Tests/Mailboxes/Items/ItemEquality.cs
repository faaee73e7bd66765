using System.Text.Json;
using OrleansBackup.GrainInterfaces.Restores;
using OrleansBackup.GraphSimulator.Admin;
using OrleansBackup.GraphSimulator.World;
using OrleansBackup.Microsoft365.Items;
using OrleansBackup.Microsoft365.Mail;

namespace OrleansBackup.Grains.Tests.Mailboxes.Items;

/// <summary>Compares what was restored with what it was, in everything that Graph lets be written; what differs must be named as lost.</summary>
internal static class ItemEquality
{
    private static readonly string[] OfEvent = ["subject", "isAllDay", "showAs", "sensitivity", "importance", "categories", "isReminderOn", "reminderMinutesBeforeStart", "location", "locations",
        "responseRequested", "allowNewTimeProposals", "hideAttendees"];
    private static readonly string[] OfOccurrence = ["subject", "isAllDay", "showAs", "sensitivity", "importance", "categories", "isReminderOn", "reminderMinutesBeforeStart", "location"];
    private static readonly string[] OfContact = ["displayName", "givenName", "middleName", "surname", "nickName", "initials", "title", "generation", "fileAs", "companyName", "department", "jobTitle",
        "profession", "officeLocation", "manager", "assistantName", "spouseName", "children", "birthday", "personalNotes", "emailAddresses", "imAddresses", "businessPhones", "homePhones", "mobilePhone",
        "homeAddress", "businessAddress", "otherAddress", "businessHomePage", "yomiGivenName", "yomiSurname", "yomiCompanyName", "categories", "primaryEmailAddress"];
    private static readonly string[] OfTask = ["title", "body", "importance", "status", "categories", "isReminderOn", "reminderDateTime", "startDateTime", "dueDateTime", "completedDateTime"];

    public static void AssertRestored(StateItem was, StateItem now, ItemOutcome outcome)
    {
        switch (was.Kind)
        {
            case ItemKind.Event:
                AssertEvent(was, now, outcome);
                break;
            case ItemKind.Contact:
                Same(was.Held, now.Held, OfContact, was.Id);
                Assert.Equal(was.PhotoSha256, now.PhotoSha256);
                Assert.Empty(outcome.Losses);
                break;
            default:
                Same(was.Held, now.Held, OfTask, was.Id);
                if (!Lost(outcome, ItemLossKind.Recurrence))
                    Same(was.Held, now.Held, ["recurrence"], was.Id);
                foreach (var part in new[] { "checklistItems", "linkedResources" })
                    Assert.Equal(Names(was.Held.GetProperty(part)), Names(now.Held.GetProperty(part)));
                AssertAttachments(was.Attachments, now.Attachments, outcome);
                break;
        }
    }

    private static void AssertEvent(StateItem was, StateItem now, ItemOutcome outcome)
    {
        Same(was.Held, now.Held, OfEvent, was.Id);
        Same(was.Properties, now.Properties, ["start", "end"], was.Id);
        AssertZone(was, now, outcome);
        AssertBody(was, now, outcome);
        Assert.Equal(0, now.Held.GetProperty("attendees").GetArrayLength());
        Assert.Equal(was.Held.GetProperty("attendees").GetArrayLength() > 0, Lost(outcome, ItemLossKind.Attendees));
        Assert.Equal(!was.Held.GetProperty("isOrganizer").GetBoolean(), Lost(outcome, ItemLossKind.Organizer));
        AssertAttachments(was.Attachments, now.Attachments, outcome);
        Assert.Equal(was.Cancelled, now.Cancelled);
        var changed = was.Exceptions.ToDictionary(exception => exception.Day);
        // An occurrence that differs in nothing that can be set is none.
        Assert.All(now.Exceptions, exception => Assert.Contains(exception.Day, changed.Keys));
        foreach (var exception in now.Exceptions)
        {
            var original = changed[exception.Day];
            Same(original.Held, exception.Held, OfOccurrence, $"{was.Id} on {exception.Day}");
            Same(original.Properties, exception.Properties, ["start", "end"], $"{was.Id} on {exception.Day}");
            AssertAttachments(original.Attachments, exception.Attachments, outcome);
        }
        Assert.All(was.Exceptions.Where(exception => now.Exceptions.All(other => other.Day != exception.Day)), exception =>
            Assert.Contains(outcome.LossFacts, loss => loss.Kind == ItemLossKind.Occurrence));
    }

    private static void AssertZone(StateItem was, StateItem now, ItemOutcome outcome)
    {
        var zone = was.Held.GetProperty("start").GetProperty("timeZone").GetString();
        if (Lost(outcome, ItemLossKind.TimeZone))
            Assert.True(zone is "" or "Customized Time Zone" or "tzone://Microsoft/Custom" || zone!.Contains('/') || !zone.EndsWith("Time", StringComparison.Ordinal), $"{zone} was given up");
        else if (zone is { Length: > 0 }) // one without a name is UTC to everybody
        {
            Assert.Equal(zone, now.Held.GetProperty("start").GetProperty("timeZone").GetString());
            Same(was.Held, now.Held, ["recurrence"], was.Id);
        }
    }

    private static void AssertBody(StateItem was, StateItem now, ItemOutcome outcome)
    {
        var before = was.Held.GetProperty("body") is { ValueKind: JsonValueKind.Object } body ? body.GetProperty("content").GetString()! : "";
        var after = now.Held.GetProperty("body").GetProperty("content").GetString()!;
        if (!Lost(outcome, ItemLossKind.Attendees) && !Lost(outcome, ItemLossKind.Organizer) && !Lost(outcome, ItemLossKind.OnlineMeeting))
            Assert.Equal(before, after);
        else
        {
            Assert.StartsWith(before, after, StringComparison.Ordinal);
            foreach (var attendee in was.Held.GetProperty("attendees").EnumerateArray())
                Assert.Contains(System.Net.WebUtility.HtmlEncode(attendee.GetProperty("emailAddress").GetProperty("address").GetString()!), System.Net.WebUtility.HtmlEncode(System.Net.WebUtility.HtmlDecode(after)), StringComparison.Ordinal);
        }
    }

    private static void AssertAttachments(IReadOnlyList<StateAttachment> was, IReadOnlyList<StateAttachment> now, ItemOutcome outcome)
    {
        Assert.Equal(was.Where(attachment => attachment.Kind == "file").Select(attachment => (attachment.Name, attachment.Sha256)),
            now.Where(attachment => attachment.Kind == "file" && !attachment.Name.EndsWith(".ics", StringComparison.Ordinal)).Select(attachment => (attachment.Name, attachment.Sha256)));
        if (was.Any(attachment => attachment.Kind == "reference"))
            Assert.True(Lost(outcome, LossKind.Attachment), "A link that did not come back was not named.");
    }

    public static bool Lost(ItemOutcome outcome, string kind) => outcome.LossFacts.Any(loss => loss.Kind == kind);

    private static List<string> Names(JsonElement parts) => [.. parts.EnumerateArray().Select(part => part.GetProperty("displayName").GetString()!)];

    private static void Same(JsonElement was, JsonElement now, string[] names, string what)
    {
        foreach (var name in names)
        {
            var (before, after) = (Value(was, name), Value(now, name));
            Assert.True(before.ValueKind == after.ValueKind && (before.ValueKind == JsonValueKind.Undefined || JsonElement.DeepEquals(before, after)), $"{name} of {what} was {before} and is {after}");
        }
    }

    // Null, empty and absent are the same to the service.
    private static JsonElement Value(JsonElement item, string name) => item.TryGetProperty(name, out var value)
        && value is not { ValueKind: JsonValueKind.Null } and not { ValueKind: JsonValueKind.Object, } || value.ValueKind == JsonValueKind.Object && value.EnumerateObject().Any(part => part.Value.ValueKind != JsonValueKind.Null)
            ? value : default;
}
