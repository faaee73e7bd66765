using System.Text.Json.Nodes;
using OrleansBackup.GraphSimulator.Http;
using OrleansBackup.GraphSimulator.Identity;
using OrleansBackup.GraphSimulator.Items;
using OrleansBackup.GraphSimulator.Mail;
using OrleansBackup.GraphSimulator.World;

namespace OrleansBackup.GraphSimulator.Calendar;

/// <summary>Calendars and their groups. Calendars are flat; those of others that somebody shared are among them.</summary>
internal static class CalendarEndpoints
{
    private static readonly ItemShape CalendarShape = ItemShape.Of("calendar", "name color isDefaultCalendar defaultOnlineMeetingProvider",
        "hexColor changeKey canShare canViewPrivateItems canEdit isTallyingResponses isRemovable owner allowedOnlineMeetingProviders", "");

    private static readonly ItemShape GroupShape = ItemShape.Of("calendarGroup", "name", "classId changeKey", "");
    private static readonly string[] Colors = ["auto", "lightBlue", "lightGreen", "lightOrange", "lightGray", "lightYellow", "lightTeal", "lightPink", "lightBrown", "lightRed", "maxColor"];

    public static IEnumerable<GraphRoute> Routes =>
    [
        Read("/users/{user}/calendars", request => Calendars(request, null)),
        Read("/users/{user}/calendars/{calendar}", Get),
        Read("/users/{user}/calendar", Get),
        Read("/users/{user}/calendarGroups", Groups),
        Read("/users/{user}/calendarGroups/{group}/calendars", request => Calendars(request, request.Values["group"])),
        Write("POST", "/users/{user}/calendars", request => Create(request, "calendargroup")),
        Write("POST", "/users/{user}/calendarGroups/{group}/calendars", request => Create(request, request.Values["group"])),
        Write("POST", "/users/{user}/calendarGroups", CreateGroup),
        Write("PATCH", "/users/{user}/calendars/{calendar}", Update),
        Write("DELETE", "/users/{user}/calendars/{calendar}", Delete),
        Write("POST", "/users/{user}/calendars/{calendar}/permanentDelete", Delete),
        Write("DELETE", "/users/{user}/calendarGroups/{group}", DeleteGroup),
    ];

    private static GraphRoute Read(string template, GraphHandler handle) => new("GET", template, GraphService.Exchange, KnownPermissions.CalendarRead, handle);

    private static GraphRoute Write(string method, string template, GraphHandler handle) => new(method, template, GraphService.Exchange, KnownPermissions.CalendarWrite, handle);

    /// <summary>What a new calendar says of itself beside its name.</summary>
    public static JsonObject Defaults(string name, string ownerName, string ownerAddress) => new()
    {
        ["name"] = name,
        ["color"] = "auto",
        ["hexColor"] = "",
        ["isDefaultCalendar"] = false,
        ["canShare"] = true,
        ["canViewPrivateItems"] = true,
        ["canEdit"] = true,
        ["isRemovable"] = true,
        ["isTallyingResponses"] = false,
        ["allowedOnlineMeetingProviders"] = new JsonArray("teamsForBusiness"),
        ["defaultOnlineMeetingProvider"] = "teamsForBusiness",
        ["owner"] = new JsonObject { ["name"] = ownerName, ["address"] = ownerAddress },
    };

    private static GraphResponse Calendars(GraphRequest request, string? groupName)
    {
        var mailbox = MailAccess.Mailbox(request);
        var group = groupName is null ? null : ItemAccess.Container(mailbox, groupName, ItemKind.CalendarGroup);
        var select = CalendarShape.Select(request);
        var all = mailbox.Read(() => mailbox.Items(ItemKind.Calendar, group).Select(item => item.Latest).ToList());
        return ItemLists.List(request, $"users('{request.Values["user"]}')/calendars", all, version => Show(mailbox, version, select));
    }

    private static GraphResponse Groups(GraphRequest request)
    {
        var mailbox = MailAccess.Mailbox(request);
        var select = GroupShape.Select(request);
        var all = mailbox.Read(() => mailbox.Items(ItemKind.CalendarGroup).Select(item => item.Latest).ToList());
        return ItemLists.List(request, $"users('{request.Values["user"]}')/calendarGroups", all, version => Show(mailbox, version, select));
    }

    private static GraphResponse Get(GraphRequest request)
    {
        var mailbox = MailAccess.Mailbox(request);
        var calendar = ItemAccess.Container(mailbox, request.Values.GetValueOrDefault("calendar") ?? "calendar", ItemKind.Calendar);
        return ItemLists.Json(200, Show(mailbox, calendar.Latest, CalendarShape.Select(request)));
    }

    private static GraphResponse Create(GraphRequest request, string groupName)
    {
        var mailbox = MailAccess.Mailbox(request);
        var given = Checked(request);
        var name = FolderEndpoints.Text(given["name"]);
        if (string.IsNullOrEmpty(name))
            throw new GraphErrorException(400, "ErrorInvalidRequest", "The name of a calendar must not be empty.");
        return mailbox.Read(() =>
        {
            var group = ItemAccess.Container(mailbox, groupName, ItemKind.CalendarGroup);
            RefuseDuplicate(mailbox, group, name, except: null);
            var properties = Defaults(name, request.Tenant.Directory.Find(mailbox.UserId.ToString())?.DisplayName ?? "", mailbox.Address);
            Set(properties, given);
            properties["isDefaultCalendar"] = false;
            return ItemLists.Json(201, Show(mailbox, mailbox.AddItem(ItemKind.Calendar, group, properties), null));
        });
    }

    private static GraphResponse CreateGroup(GraphRequest request)
    {
        var mailbox = MailAccess.Mailbox(request);
        var name = FolderEndpoints.Text(GroupShape.Read(request.JsonBody())["name"]);
        if (string.IsNullOrEmpty(name))
            throw new GraphErrorException(400, "ErrorInvalidRequest", "The name of a calendar group must not be empty.");
        return mailbox.Read(() => mailbox.Items(ItemKind.CalendarGroup).Any(item => Is(item, name))
            ? throw new GraphErrorException(409, "ErrorFolderExists", "A calendar group with the specified name already exists.")
            : ItemLists.Json(201, Show(mailbox, mailbox.AddItem(ItemKind.CalendarGroup, null, GroupProperties(name)), null)));
    }

    public static JsonObject GroupProperties(string name) => new() { ["name"] = name, ["classId"] = "0006f0b7-0000-0000-c000-000000000046" };

    private static GraphResponse Update(GraphRequest request)
    {
        var mailbox = MailAccess.Mailbox(request);
        var given = Checked(request);
        return mailbox.Read(() =>
        {
            var calendar = ItemAccess.Container(mailbox, request.Values["calendar"], ItemKind.Calendar);
            if (FolderEndpoints.Text(given["name"]) is { } name)
                RefuseDuplicate(mailbox, calendar.Latest.Container!, name, calendar);
            var changed = mailbox.ChangeItem(calendar, version =>
            {
                var properties = version.Properties.DeepClone().AsObject();
                Set(properties, given);
                return version with { Properties = properties };
            });
            return ItemLists.Json(200, Show(mailbox, changed, null));
        });
    }

    private static GraphResponse Delete(GraphRequest request)
    {
        var mailbox = MailAccess.Mailbox(request);
        return mailbox.Read(() =>
        {
            var calendar = ItemAccess.Container(mailbox, request.Values["calendar"], ItemKind.Calendar);
            if (calendar.WellKnownName is not null)
                throw new GraphErrorException(400, "ErrorDeleteDistinguishedFolder", "Distinguished folders cannot be deleted.");
            mailbox.DeleteItem(calendar);
            return GraphResponse.NoContent;
        });
    }

    private static GraphResponse DeleteGroup(GraphRequest request)
    {
        var mailbox = MailAccess.Mailbox(request);
        return mailbox.Read(() =>
        {
            var group = ItemAccess.Container(mailbox, request.Values["group"], ItemKind.CalendarGroup);
            if (group.WellKnownName is not null || mailbox.Items(ItemKind.Calendar, group).Any())
                throw new GraphErrorException(400, "ErrorCannotDeleteObject", "Only an empty group that is not the default one can be deleted.");
            mailbox.DeleteItem(group);
            return GraphResponse.NoContent;
        });
    }

    private static JsonObject Checked(GraphRequest request)
    {
        var given = CalendarShape.Read(request.JsonBody());
        ItemShape.Choice(given, "color", "auto", Colors);
        return given;
    }

    private static void Set(JsonObject properties, JsonObject given)
    {
        foreach (var (name, value) in given)
            properties[name] = value?.DeepClone();
    }

    private static void RefuseDuplicate(Mailbox mailbox, MailboxItem group, string name, MailboxItem? except)
    {
        if (mailbox.Items(ItemKind.Calendar, group).Any(item => item != except && Is(item, name)))
            throw new GraphErrorException(409, "ErrorFolderExists", "A calendar with the specified name already exists.");
    }

    private static bool Is(MailboxItem item, string name) => string.Equals((string?)item.Latest.Properties["name"], name, StringComparison.OrdinalIgnoreCase);

    public static JsonObject Show(Mailbox mailbox, ItemVersion version, IReadOnlySet<string>? select)
    {
        var shown = new JsonObject { ["id"] = ItemAccess.Id(mailbox, version.Item), ["changeKey"] = MessageProperties.ChangeKey(mailbox, version.Sequence) };
        Set(shown, version.Properties);
        return ItemShape.Selected(shown, select);
    }
}
