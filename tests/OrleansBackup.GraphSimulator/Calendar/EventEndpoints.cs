using System.Globalization;
using System.Text.Json.Nodes;
using OrleansBackup.GraphSimulator.Http;
using OrleansBackup.GraphSimulator.Identity;
using OrleansBackup.GraphSimulator.Items;
using OrleansBackup.GraphSimulator.Mail;
using OrleansBackup.GraphSimulator.World;

namespace OrleansBackup.GraphSimulator.Calendar;

/// <summary>Reading events: lists of masters and single events, one event, its exceptions, occurrences and attachments.</summary>
/// <remarks>Only the plain list works app-only, in v1.0 and for any calendar; change tracking exists as a view of a window of the primary calendar.</remarks>
internal sealed class EventEndpoints(SimulatedWorld world)
{
    private static readonly string[] Expandable = ["attachments", "exceptionOccurrences", "singleValueExtendedProperties", "calendar", "instances"];

    public IEnumerable<GraphRoute> Routes =>
    [
        Read("/users/{user}/events", List),
        Read("/users/{user}/calendar/events", List),
        Read("/users/{user}/calendars/{calendar}/events", List),
        Read("/users/{user}/events/{event}", Get),
        Read("/users/{user}/calendars/{calendar}/events/{event}", Get),
        Read("/users/{user}/events/{event}/instances", Instances),
        Read("/users/{user}/events/{event}/attachments", request => With(request, (mailbox, version, day) => ItemAttachments.List(request, mailbox, version, day))),
        Read("/users/{user}/events/{event}/attachments/{attachment}", request => With(request, (mailbox, version, day) => ItemAttachments.Get(request, world, mailbox, version, day))),
        Read("/users/{user}/events/{event}/attachments/{attachment}/$value", request => With(request, (mailbox, version, day) => ItemAttachments.Value(request, world, mailbox, version, day))),
    ];

    private static GraphRoute Read(string template, GraphHandler handle) => new("GET", template, GraphService.Exchange, KnownPermissions.CalendarRead, handle);

    private GraphResponse List(GraphRequest request)
    {
        var mailbox = MailAccess.Mailbox(request);
        var select = EventJson.Shape.Select(request);
        var expand = ItemLists.Expand(request.Option("$expand"), EventJson.Shape.TypeName, Expandable);
        var filter = ItemLists.Filter(request, "iCalUId", "subject");
        var calendar = ItemAccess.Container(mailbox, request.Values.GetValueOrDefault("calendar") ?? "calendar", ItemKind.Calendar);
        var all = mailbox.Read(() => mailbox.Items(ItemKind.Event, calendar).Select(item => item.Latest).Where(filter).ToList());
        return ItemLists.List(request, $"users('{request.Values["user"]}')/events", all, version => Expanded(request, mailbox, version, null, select, expand),
            version => ItemLists.IsBroken(world, mailbox, version));
    }

    private GraphResponse Get(GraphRequest request) => With(request, (mailbox, version, day) =>
    {
        var select = EventJson.Shape.Select(request);
        var expand = ItemLists.Expand(request.Option("$expand"), EventJson.Shape.TypeName, Expandable);
        return ItemLists.Json(200, Expanded(request, mailbox, version, day, select, expand));
    });

    private GraphResponse Instances(GraphRequest request) => With(request, (mailbox, version, _) =>
    {
        var (from, to) = (Bound(request, "startDateTime"), Bound(request, "endDateTime"));
        if (version.Properties["recurrence"] is not JsonObject recurrence)
            throw new GraphErrorException(400, "ErrorInvalidRequest", "The event is no series.");
        var select = EventJson.Shape.Select(request);
        var shown = Recurrence.Days(recurrence).Where(day => !version.Cancelled.Contains(day))
            .Select(day => EventJson.Show(mailbox, version, day, request.WantsImmutableIds))
            .Where(item => Time(item["end"]) > from && Time(item["start"]) < to).ToList();
        var skip = request.Number("$skip") ?? 0;
        var page = Math.Clamp(request.Number("$top") ?? request.PreferredPageSize ?? 10, 1, 1000);
        var answer = new JsonObject { ["value"] = new JsonArray([.. shown.Skip(skip).Take(page).Select(item => ItemShape.Selected(item, select))]) };
        if (skip + page < shown.Count)
            answer["@odata.nextLink"] = Paging.WithOption(request, "$skip", (skip + page).ToString(CultureInfo.InvariantCulture));
        return ItemLists.Json(200, answer);
    });

    /// <summary>Finds the event or occurrence that a path names; a broken one is refused.</summary>
    private GraphResponse With(GraphRequest request, Func<Mailbox, ItemVersion, DateOnly?, GraphResponse> answer)
    {
        var mailbox = MailAccess.Mailbox(request);
        return mailbox.Read(() =>
        {
            var (version, day) = Find(request, mailbox);
            return ItemLists.IsBroken(world, mailbox, version)
                ? throw new GraphErrorException(500, "ErrorCorruptData", "Data is corrupt., Invalid global object ID: some ID")
                : answer(mailbox, version, day);
        });
    }

    /// <summary>The event that a path names, or the occurrence with its day. One that was cancelled is not found.</summary>
    public static (ItemVersion Version, DateOnly? Day) Find(GraphRequest request, Mailbox mailbox)
    {
        var (version, day) = ItemAccess.Item(mailbox, request.Values["event"], ItemKind.Event);
        if (day is { } on && !EventJson.Has(version, on))
            throw GraphErrors.ItemNotFound();
        if (request.Values.TryGetValue("calendar", out var calendar) && version.Container != ItemAccess.Container(mailbox, calendar, ItemKind.Calendar))
            throw GraphErrors.ItemNotFound();
        return (version, day);
    }

    public static JsonObject Expanded(GraphRequest request, Mailbox mailbox, ItemVersion version, DateOnly? day, IReadOnlySet<string>? select, IReadOnlyDictionary<string, string> expand)
    {
        var immutable = request.WantsImmutableIds;
        var shown = EventJson.Show(mailbox, version, day, immutable, request.WantsTextBody);
        if (day is null && version.Properties["recurrence"] is JsonObject && select?.Contains("cancelledOccurrences") == true)
            shown["cancelledOccurrences"] = new JsonArray([.. version.Cancelled.Select(on => (JsonNode)string.Create(CultureInfo.InvariantCulture, $"OID.{ItemAccess.Id(mailbox, version, immutable)}.{on:yyyy-MM-dd}"))]);
        if (expand.ContainsKey("exceptionOccurrences") && version.Properties["recurrence"] is JsonObject && day is null)
            shown["exceptionOccurrences"] = new JsonArray([.. version.Exceptions.Keys.Select(on => EventJson.Show(mailbox, version, on, immutable, request.WantsTextBody))]);
        if (expand.ContainsKey("attachments"))
            shown["attachments"] = new JsonArray([.. ItemAttachments.Of(version, day).Select(attachment => ItemAttachments.Show(mailbox, version, day, attachment, immutable, null, withBytes: true, withItem: false))]);
        if (expand.ContainsKey("calendar"))
            shown["calendar"] = new JsonObject { ["id"] = ItemAccess.Id(mailbox, version.Container!) };
        ItemLists.AddExtended(shown, version, expand);
        return ItemShape.Selected(shown, select, "exceptionOccurrences", "attachments", "singleValueExtendedProperties", "calendar");
    }

    private static DateTime Bound(GraphRequest request, string name) =>
        DateTime.TryParse(request.Option(name), CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal, out var time)
            ? time
            : throw new GraphErrorException(400, "ErrorInvalidParameter", $"This request requires a time window specified by the query string parameter {name}.");

    private static DateTime Time(JsonNode? zoned) => DateTime.Parse((string)zoned!["dateTime"]!, CultureInfo.InvariantCulture);
}
