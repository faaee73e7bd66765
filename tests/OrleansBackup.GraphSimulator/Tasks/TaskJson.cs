using System.Text.Json.Nodes;
using OrleansBackup.GraphSimulator.Http;
using OrleansBackup.GraphSimulator.Items;
using OrleansBackup.GraphSimulator.Mail;
using OrleansBackup.GraphSimulator.World;

namespace OrleansBackup.GraphSimulator.Tasks;

/// <summary>A to-do task as Graph shows it. Steps and linked resources are part of it and are shown when expanded.</summary>
internal static class TaskJson
{
    public static ItemShape Shape { get; } = ItemShape.Of("todoTask",
        "title body importance status categories isReminderOn reminderDateTime startDateTime dueDateTime completedDateTime recurrence",
        "createdDateTime lastModifiedDateTime bodyLastModifiedDateTime hasAttachments", "");

    public static ItemShape ListShape { get; } = ItemShape.Of("todoTaskList", "displayName", "isOwner isShared wellknownListName", "");
    public static ItemShape StepShape { get; } = ItemShape.Of("checklistItem", "displayName isChecked checkedDateTime createdDateTime", "", "");
    public static ItemShape LinkShape { get; } = ItemShape.Of("linkedResource", "applicationName displayName externalId webUrl", "", "");

    public static JsonObject Show(Mailbox mailbox, ItemVersion version, bool immutable, IReadOnlyDictionary<string, string> expand)
    {
        var shown = new JsonObject
        {
            ["@odata.etag"] = $"W/\"{MessageProperties.ChangeKey(mailbox, version.Sequence)}\"",
            ["id"] = ItemAccess.Id(mailbox, version, immutable),
            ["createdDateTime"] = ItemLists.Time(version.CreatedAt),
            ["lastModifiedDateTime"] = ItemLists.Time(version.At),
            ["bodyLastModifiedDateTime"] = ItemLists.Time(version.At),
            ["hasAttachments"] = !version.Attachments.IsEmpty,
        };
        foreach (var (name, value) in version.Properties)
        {
            if (value is null || (name is "checklistItems" or "linkedResources" && !expand.ContainsKey(name)))
                continue; // the service leaves out what is not set
            shown[name] = value.DeepClone();
        }
        return shown;
    }

    public static JsonObject New(JsonObject given)
    {
        var created = new JsonObject
        {
            ["title"] = "",
            ["importance"] = "normal",
            ["status"] = "notStarted",
            ["isReminderOn"] = false,
            ["categories"] = new JsonArray(),
            ["body"] = new JsonObject { ["content"] = "", ["contentType"] = "text" },
            ["checklistItems"] = new JsonArray(),
            ["linkedResources"] = new JsonArray(),
        };
        foreach (var (name, value) in given)
            created[name] = value?.DeepClone();
        return created;
    }

    public static JsonObject Read(JsonObject body)
    {
        var given = Shape.Read(body, "linkedResources");
        ItemShape.Choice(given, "status", "notStarted", "notStarted", "inProgress", "completed", "waitingOnOthers", "deferred");
        ItemShape.Choice(given, "importance", "normal", "low", "normal", "high");
        foreach (var name in new[] { "reminderDateTime", "startDateTime", "dueDateTime", "completedDateTime" })
        {
            if (given[name] is JsonObject zoned && TimeZones.ToUtc((string?)zoned["dateTime"], (string?)zoned["timeZone"]) is null)
                throw new GraphErrorException(400, "invalidRequest", $"{name} is no time of a known zone.");
        }
        if (given["recurrence"] is JsonObject && given["dueDateTime"] is null)
            throw new GraphErrorException(400, "invalidRequest", "A recurring task needs a due date.");
        return given;
    }
}
