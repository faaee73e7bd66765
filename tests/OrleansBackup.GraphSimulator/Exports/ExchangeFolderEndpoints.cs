using System.Text.Json.Nodes;
using OrleansBackup.GraphSimulator.Http;
using OrleansBackup.GraphSimulator.Identity;
using OrleansBackup.GraphSimulator.Items;
using OrleansBackup.GraphSimulator.Mail;
using OrleansBackup.GraphSimulator.World;

namespace OrleansBackup.GraphSimulator.Exports;

/// <summary>The mailbox's id, its folders of every kind, and the items in them with their sizes.</summary>
internal sealed class ExchangeFolderEndpoints(SimulatedWorld world)
{
    private const string Root = "/admin/exchange/mailboxes/{mailbox}";
    private const int DefaultPage = 10;
    private const int LargestPage = 1000;

    public IEnumerable<GraphRoute> Routes =>
    [
        // The permission that this needs is in no list; every one of this interface opens it here.
        new("GET", "/users/{user}/settings/exchange", GraphService.Exchange, ExportPermissions.All, Settings),
        new("POST", "/users/{user}/translateExchangeIds", GraphService.Exchange, KnownPermissions.UsersBasic, Translate),
        new("GET", Root + "/folders", GraphService.Exchange, ExportPermissions.Folders, request => Folders(request, null)),
        new("GET", Root + "/folders/{folder}", GraphService.Exchange, ExportPermissions.Folders, Folder),
        new("GET", Root + "/folders/{folder}/childFolders", GraphService.Exchange, ExportPermissions.Folders, request => Folders(request, request.Values["folder"])),
        new("GET", Root + "/folders/{folder}/items", GraphService.Exchange, ExportPermissions.Items, Items),
        new("GET", Root + "/folders/{folder}/items/{item}", GraphService.Exchange, ExportPermissions.Items, Item),
        new("GET", Root + "/folders/{folder}/items/delta", GraphService.Exchange, ExportPermissions.Items, Changes),
    ];

    private static GraphResponse Settings(GraphRequest request)
    {
        if (request.QueryString.Length > 0)
            throw GraphErrors.BadRequest("Query options are not supported here.");
        var mailbox = MailAccess.Mailbox(request);
        return GraphNodes.One(new JsonObject
        {
            ["@odata.context"] = $"{request.ServiceRoot}/$metadata#users('{request.Values["user"]}')/settings/exchange/$entity",
            ["primaryMailboxId"] = ExchangePlaces.IdOf(request.Tenant.Id, mailbox.UserId),
        });
    }

    private static GraphResponse Translate(GraphRequest request)
    {
        var mailbox = MailAccess.Mailbox(request);
        var body = request.JsonBody();
        if (((string?)body["sourceIdType"], (string?)body["targetIdType"]) is not ("restId", "restImmutableEntryId"))
            throw GraphErrors.BadRequest("Only restId to restImmutableEntryId is imitated.");
        if (body["inputIds"] is not JsonArray { Count: <= 1000 } ids)
            throw GraphErrors.BadRequest("inputIds takes up to 1000 ids.");
        return mailbox.Read(() => GraphNodes.One(new JsonObject { ["value"] = new JsonArray([.. ids.Select(id => new JsonObject { ["sourceId"] = (string?)id, ["targetId"] = ExchangePlaces.Item(mailbox, (string?)id ?? "").Id(mailbox, immutable: true) })]) }));
    }

    private static GraphResponse Folders(GraphRequest request, string? parent)
    {
        var mailbox = ExchangePlaces.Mailbox(request);
        return mailbox.Read(() =>
        {
            var top = mailbox.WellKnown("msgfolderroot");
            var above = parent is null ? new ExchangeFolder(top, null) : ExchangePlaces.Folder(mailbox, parent);
            IEnumerable<ExchangeFolder> below = above.Mail is { } folder
                ? mailbox.Children(folder).Where(child => !child.IsSearchFolder).Select(child => new ExchangeFolder(child, null))
                : mailbox.Items(above.Container!.Kind, above.Container).Select(item => new ExchangeFolder(null, item));
            if (above.Mail == top)
                below = below.Concat(mailbox.AllItems.Where(item => item is { IsContainer: true, Kind: not ItemKind.CalendarGroup } && !item.Latest.IsDeleted
                    && item.Latest.Container is null or { Kind: ItemKind.CalendarGroup }).Select(item => new ExchangeFolder(null, item)));
            var type = request.Option("$filter") is { } filter ? TypeIn(filter) : null;
            return Page(request, [.. below.Where(child => type is null || child.Type == type)], child => child.Show(mailbox));
        });
    }

    private static string TypeIn(string filter) => filter.StartsWith("type eq '", StringComparison.Ordinal) && filter.EndsWith('\'')
        ? filter["type eq '".Length..^1] : throw GraphErrors.BadRequest("Only type eq '…' is supported as a filter of folders.");

    private static GraphResponse Folder(GraphRequest request)
    {
        var mailbox = ExchangePlaces.Mailbox(request);
        return mailbox.Read(() => GraphNodes.One(ExchangePlaces.Folder(mailbox, request.Values["folder"]).Show(mailbox)));
    }

    private static GraphResponse Items(GraphRequest request)
    {
        var mailbox = ExchangePlaces.Mailbox(request);
        var (select, withSize) = Selected(request.Option("$select"));
        return mailbox.Read(() =>
        {
            var folder = ExchangePlaces.Folder(mailbox, request.Values["folder"]);
            List<ExchangeItem> items = folder.Mail is { } mail
                ? [.. mail.Sorted().Select(message => new ExchangeItem(message.Latest, null))]
                : [.. mailbox.Items(folder.Holds!.Value, folder.Container).Select(item => new ExchangeItem(null, item.Latest))];
            return Page(request, items, item => GraphNodes.Selected(item.Show(mailbox, request.WantsImmutableIds, withSize), select));
        });
    }

    private static GraphResponse Item(GraphRequest request)
    {
        var mailbox = ExchangePlaces.Mailbox(request);
        return mailbox.Read(() => GraphNodes.One(ExchangePlaces.Item(mailbox, request.Values["item"]).Show(mailbox, request.WantsImmutableIds, withSize: true)));
    }

    private GraphResponse Changes(GraphRequest request)
    {
        var mailbox = ExchangePlaces.Mailbox(request);
        return mailbox.Read(() =>
        {
            var folder = ExchangePlaces.Folder(mailbox, request.Values["folder"]);
            var token = DeltaToken.Of(request, mailbox, "mailboxItems " + folder.Id(mailbox), 0);
            var (select, withSize) = Selected(token.Select.Length == 0 ? null : token.Select);
            var size = Math.Clamp(request.PreferredPageSize ?? DefaultPage, 1, LargestPage);
            var immutable = request.WantsImmutableIds;
            var (items, position, isLast) = folder.Mail is { } mail ? OfMail() : OfOthers();
            return GraphResponse.Json(200, json =>
            {
                json.WriteStartObject();
                json.WriteStartArray("value");
                foreach (var item in items)
                    item.WriteTo(json);
                json.WriteEndArray();
                token.WriteLink(json, request, mailbox, $"/admin/exchange/mailboxes/{request.Values["mailbox"]}/folders/{folder.Id(mailbox)}/items/delta",
                    isLast ? token.Until : position, isLast, -1, world.Limits.Current.LiveDeltaTokens);
                json.WriteEndObject();
            });

            (List<JsonObject> Items, long Position, bool IsLast) OfMail()
            {
                var page = mailbox.MessageChanges(mail, token.Position, token.Until, token.IsFirstRound, immutable, size);
                return ([.. page.Changes.Select(change => change.Removed
                    ? Removed(MailAccess.MessageId(mailbox, change.Version, change.MutableNumber, immutable))
                    : GraphNodes.Selected(new ExchangeItem(change.Version, null).Show(mailbox, immutable, withSize), select))], page.Position, page.IsLast);
            }

            (List<JsonObject> Items, long Position, bool IsLast) OfOthers()
            {
                var page = mailbox.ItemChanges(folder.Holds!.Value, folder.Container, token.Position, token.Until, token.IsFirstRound, size);
                return ([.. page.Changes.Select(change => change.Removed
                    ? Removed(ItemAccess.Id(mailbox, change.Version, immutable))
                    : GraphNodes.Selected(new ExchangeItem(null, change.Version).Show(mailbox, immutable, withSize), select))], page.Position, page.IsLast);
            }
        });
    }

    private static JsonObject Removed(string id) => new() { ["id"] = id, ["@removed"] = new JsonObject { ["reason"] = "deleted" } };

    private static (IReadOnlySet<string>? Names, bool WithSize) Selected(string? select)
    {
        string[] known = ["id", "createdDateTime", "lastModifiedDateTime", "changeKey", "categories", "type", "size"];
        var names = SelectOption.Read(select, known.Contains, "microsoft.graph.mailboxItem");
        return names is null ? (null, true) : (new HashSet<string>(names, StringComparer.Ordinal) { "id" }, names.Contains("size"));
    }

    private static GraphResponse Page<T>(GraphRequest request, IReadOnlyList<T> all, Func<T, JsonObject> show) =>
        GraphNodes.Page(request, all, show, DefaultPage, LargestPage, request.Number("$top") ?? request.PreferredPageSize);
}
