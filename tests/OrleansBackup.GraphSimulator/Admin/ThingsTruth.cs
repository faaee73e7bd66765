using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using OrleansBackup.GraphSimulator.World;

namespace OrleansBackup.GraphSimulator.Admin;

/// <summary>Reads calendars, contacts, tasks and drives of any moment in the form of <see cref="StateThing"/>.</summary>
internal static class ThingsTruth
{
    // Told beside the item, in a form of their own.
    private static readonly string[] ToldApart = ["exceptionOccurrences", "cancelledOccurrences", "checklistItems", "linkedResources"];

    /// <summary>What lies in calendars of other people is not this mailbox's.</summary>
    public static List<StateThing> OfMailbox(Mailbox mailbox, DateTimeOffset at)
    {
        var state = ItemsTruth.Read(mailbox, at);
        var shared = state.Containers.Where(container => container.Properties.TryGetProperty("canEdit", out var edit) && !edit.GetBoolean()).Select(container => container.Id).ToHashSet(StringComparer.Ordinal);
        return
        [
            .. state.Containers.Where(container => !shared.Contains(container.Id)).Select(container => new StateThing(KindOf(container.Kind), container.Id, null, container.Name, Empty, [])),
            .. state.Items.Where(item => !shared.Contains(item.ContainerId)).Select(Show),
        ];
    }

    public static IEnumerable<StateThing> OfDrive(Drive drive, DateTimeOffset at) => DriveTruth.Read(drive, at).Items.Select(item => new StateThing(
        item.Kind is "file" ? "file" : "drive-folder", $"{drive.Id}~{item.Id}", $"{drive.Id}~{item.ParentId}", item.Path[(item.Path.LastIndexOf('/') + 1)..],
        Element(new JsonObject
        {
            ["fileSystemInfo"] = new JsonObject { ["createdDateTime"] = Time(item.Created), ["lastModifiedDateTime"] = Time(item.Modified) },
        }),
        item is { Kind: "file", IsReadable: true } ? [new StateContent("content", item.Sha256)] : []));

    internal static JsonElement Empty { get; } = Element([]);

    internal static JsonElement Element(JsonObject properties) => JsonSerializer.SerializeToElement(properties);

    internal static string Time(DateTimeOffset time) => Http.GraphNodes.Time(time);

    private static StateThing Show(StateItem item)
    {
        var properties = JsonObject.Create(item.Properties)!;
        foreach (var name in ToldApart)
            properties.Remove(name);
        foreach (var part in item.Kind == ItemKind.Task ? ["checklistItems", "linkedResources"] : Array.Empty<string>())
            properties[part] = JsonNode.Parse(item.Held.GetProperty(part).GetRawText());
        if (item.Properties.TryGetProperty("type", out var type) && type.GetString() == "seriesMaster")
        {
            properties["exceptionOccurrences"] = new JsonArray([.. item.Exceptions.Select(exception => JsonNode.Parse(exception.Properties.GetRawText()))]);
            properties["cancelledOccurrences"] = new JsonArray([.. item.Cancelled.Select(day => (JsonNode)day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture))]);
        }
        var contents = item.Attachments.Concat(item.Exceptions.SelectMany(exception => exception.Attachments))
            .Select(attachment => new StateContent($"attachment {attachment.Name}", attachment.Kind is "reference" ? null : attachment.Sha256)).ToList();
        if (item.PhotoSha256 is { } photo)
            contents.Add(new StateContent("photo", photo));
        return new StateThing(KindOf(item.Kind), item.Id, item.ContainerId, null, Element(properties), contents);
    }

    private static string KindOf(ItemKind kind) => kind switch
    {
        ItemKind.Calendar => "calendar",
        ItemKind.Event => "event",
        ItemKind.ContactFolder => "contact-folder",
        ItemKind.Contact => "contact",
        ItemKind.TaskList => "task-list",
        ItemKind.Task => "task",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Not told."),
    };
}
