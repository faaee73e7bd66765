using System.Text.Json.Nodes;
using OrleansBackup.GraphSimulator.Http;
using OrleansBackup.GraphSimulator.Identity;
using OrleansBackup.GraphSimulator.Items;
using OrleansBackup.GraphSimulator.Mail;
using OrleansBackup.GraphSimulator.World;

namespace OrleansBackup.GraphSimulator.Tasks;

/// <summary>To-do lists and tasks with their steps, links and attachments.</summary>
internal sealed class TaskEndpoints(SimulatedWorld world, UploadSessions uploads)
{
    private const string One = "/users/{user}/todo/lists/{list}/tasks/{task}";
    private static readonly string[] Expandable = ["checklistItems", "linkedResources", "attachments"];

    public IEnumerable<GraphRoute> Routes =>
    [
        Read("/users/{user}/todo/lists", Lists),
        Read("/users/{user}/todo/lists/delta", ListDelta),
        Read("/users/{user}/todo/lists/{list}", request => Shown(200, request, List(request).Latest)),
        Write("POST", "/users/{user}/todo/lists", CreateList),
        Write("PATCH", "/users/{user}/todo/lists/{list}", RenameList),
        Write("DELETE", "/users/{user}/todo/lists/{list}", DeleteList),
        Read("/users/{user}/todo/lists/{list}/tasks", Tasks),
        Read("/users/{user}/todo/lists/{list}/tasks/delta", TaskDelta),
        Read(One, request => With(request, (mailbox, version) => Answer(200, request, mailbox, version))),
        Write("POST", "/users/{user}/todo/lists/{list}/tasks", Create),
        Write("PATCH", One, Update),
        Write("DELETE", One, Delete),
        Read(One + "/checklistItems", request => Parts(request, "checklistItems")),
        Read(One + "/linkedResources", request => Parts(request, "linkedResources")),
        Write("POST", One + "/checklistItems", request => AddPart(request, "checklistItems", TaskJson.StepShape)),
        Write("POST", One + "/linkedResources", request => AddPart(request, "linkedResources", TaskJson.LinkShape)),
        Read(One + "/attachments", request => With(request, (mailbox, version) => ItemAttachments.List(request, mailbox, version, null))),
        Read(One + "/attachments/{attachment}", request => With(request, (mailbox, version) => ItemAttachments.Get(request, world, mailbox, version, null))),
        Read(One + "/attachments/{attachment}/$value", request => With(request, (mailbox, version) => ItemAttachments.Value(request, world, mailbox, version, null))),
        Write("POST", One + "/attachments", request => With(request, (mailbox, version) => ItemAttachments.Add(request, mailbox, version, null))),
        Write("POST", One + "/attachments/createUploadSession", CreateUploadSession),
    ];

    private static GraphRoute Read(string template, GraphHandler handle) => new("GET", template, GraphService.Exchange, KnownPermissions.TaskRead, handle);

    private static GraphRoute Write(string method, string template, GraphHandler handle) => new(method, template, GraphService.Exchange, KnownPermissions.TaskWrite, handle);

    private static MailboxItem List(GraphRequest request) => ItemAccess.Container(MailAccess.Mailbox(request), request.Values["list"], ItemKind.TaskList);

    private static GraphResponse Lists(GraphRequest request)
    {
        var mailbox = MailAccess.Mailbox(request);
        var all = mailbox.Read(() => mailbox.Items(ItemKind.TaskList).Select(item => item.Latest).ToList());
        return ItemLists.List(request, $"users('{request.Values["user"]}')/todo/lists", all, version => ShowList(mailbox, version));
    }

    private GraphResponse ListDelta(GraphRequest request)
    {
        var mailbox = MailAccess.Mailbox(request);
        return ItemLists.Delta(request, world, mailbox, ItemKind.TaskList, null, $"/users('{mailbox.UserId}')/todo/lists/delta", (version, _) => ShowList(mailbox, version));
    }

    private static GraphResponse CreateList(GraphRequest request)
    {
        var mailbox = MailAccess.Mailbox(request);
        return Shown(201, request, mailbox.AddItem(ItemKind.TaskList, null, ListProperties(Name(request))));
    }

    public static JsonObject ListProperties(string name) => new() { ["displayName"] = name, ["isOwner"] = true, ["isShared"] = false, ["wellknownListName"] = "none" };

    private static GraphResponse RenameList(GraphRequest request)
    {
        var mailbox = MailAccess.Mailbox(request);
        var name = Name(request);
        return Shown(200, request, mailbox.ChangeItem(List(request), version =>
        {
            var properties = version.Properties.DeepClone().AsObject();
            properties["displayName"] = name;
            return version with { Properties = properties };
        }));
    }

    private static GraphResponse DeleteList(GraphRequest request)
    {
        var list = List(request);
        if (list.WellKnownName is not null)
            throw new GraphErrorException(400, "invalidRequest", "The default list cannot be deleted.");
        MailAccess.Mailbox(request).DeleteItem(list);
        return GraphResponse.NoContent;
    }

    private GraphResponse Tasks(GraphRequest request)
    {
        var mailbox = MailAccess.Mailbox(request);
        var list = List(request);
        var select = TaskJson.Shape.Select(request);
        var expand = ItemLists.Expand(request.Option("$expand"), TaskJson.Shape.TypeName, Expandable);
        var filter = ItemLists.Filter(request, "title", "status");
        var all = mailbox.Read(() => mailbox.Items(ItemKind.Task, list).Select(item => item.Latest).Where(filter).ToList());
        return ItemLists.List(request, $"users('{request.Values["user"]}')/todo/lists('{request.Values["list"]}')/tasks", all,
            version => ItemShape.Selected(TaskJson.Show(mailbox, version, request.WantsImmutableIds, expand), select, Expandable), version => ItemLists.IsBroken(world, mailbox, version));
    }

    private GraphResponse TaskDelta(GraphRequest request)
    {
        var mailbox = MailAccess.Mailbox(request);
        var list = List(request);
        return ItemLists.Delta(request, world, mailbox, ItemKind.Task, list, $"/users('{mailbox.UserId}')/todo/lists('{ItemAccess.Id(mailbox, list)}')/tasks/delta",
            (version, token) => TaskJson.Show(mailbox, version, request.WantsImmutableIds, ItemLists.Expand(token.Expand, TaskJson.Shape.TypeName, Expandable)));
    }

    private static GraphResponse Create(GraphRequest request)
    {
        var mailbox = MailAccess.Mailbox(request);
        var body = request.JsonBody();
        var properties = TaskJson.New(TaskJson.Read(body));
        foreach (var link in body["linkedResources"] as JsonArray ?? [])
            properties["linkedResources"]!.AsArray().Add(Part(link!.AsObject(), TaskJson.LinkShape, properties["linkedResources"]!.AsArray().Count));
        return mailbox.Read(() => Answer(201, request, mailbox, mailbox.AddItem(ItemKind.Task, List(request), properties)));
    }

    private GraphResponse Update(GraphRequest request) => With(request, (mailbox, version) =>
    {
        var given = TaskJson.Read(request.JsonBody());
        return Answer(200, request, mailbox, mailbox.ChangeItem(version.Item, before =>
        {
            var properties = before.Properties.DeepClone().AsObject();
            foreach (var (name, value) in given)
                properties[name] = value?.DeepClone();
            return before with { Properties = properties };
        }));
    });

    private GraphResponse Delete(GraphRequest request) => With(request, (mailbox, version) =>
    {
        mailbox.DeleteItem(version.Item);
        return GraphResponse.NoContent;
    });

    private GraphResponse Parts(GraphRequest request, string property) => With(request, (_, version) =>
        ItemLists.Json(200, new JsonObject { ["value"] = version.Properties[property]?.DeepClone() ?? new JsonArray() }));

    private GraphResponse AddPart(GraphRequest request, string property, ItemShape shape) => With(request, (mailbox, version) =>
    {
        var part = Part(request.JsonBody(), shape, (version.Properties[property] as JsonArray)?.Count ?? 0);
        mailbox.ChangeItem(version.Item, before =>
        {
            var properties = before.Properties.DeepClone().AsObject();
            if (properties[property] is JsonArray parts)
                parts.Add(part.DeepClone());
            else
                properties[property] = new JsonArray(part.DeepClone());
            return before with { Properties = properties };
        });
        return ItemLists.Json(201, part);
    });

    private static JsonObject Part(JsonObject body, ItemShape shape, int number)
    {
        var part = shape.Read(body);
        part["id"] = $"part-{number + 1}";
        return part;
    }

    private GraphResponse CreateUploadSession(GraphRequest request) => With(request, (mailbox, version) =>
    {
        var immutable = request.WantsImmutableIds;
        return uploads.Create(request, mailbox, "attachmentInfo", file => ItemAttachments.Uploaded(mailbox, version.Item, null, file, immutable));
    });

    private GraphResponse With(GraphRequest request, Func<Mailbox, ItemVersion, GraphResponse> answer)
    {
        var mailbox = MailAccess.Mailbox(request);
        return mailbox.Read(() =>
        {
            var (version, _) = ItemAccess.Item(mailbox, request.Values["task"], ItemKind.Task);
            if (version.Container != List(request))
                throw GraphErrors.ItemNotFound();
            return ItemLists.IsBroken(world, mailbox, version) ? throw new GraphErrorException(500, "ErrorCorruptData", "Data is corrupt.") : answer(mailbox, version);
        });
    }

    private static GraphResponse Answer(int status, GraphRequest request, Mailbox mailbox, ItemVersion version)
    {
        var expand = ItemLists.Expand(request.Option("$expand"), TaskJson.Shape.TypeName, Expandable);
        return ItemLists.Json(status, TaskJson.Show(mailbox, version, request.WantsImmutableIds, expand));
    }

    private static string Name(GraphRequest request) => FolderEndpoints.Text(TaskJson.ListShape.Read(request.JsonBody())["displayName"]) is { Length: > 0 } name
        ? name
        : throw new GraphErrorException(400, "invalidRequest", "The display name of a list must not be empty.");

    private static GraphResponse Shown(int status, GraphRequest request, ItemVersion version) => ItemLists.Json(status, ShowList(MailAccess.Mailbox(request), version));

    private static JsonObject ShowList(Mailbox mailbox, ItemVersion version)
    {
        var shown = new JsonObject { ["@odata.etag"] = $"W/\"{MessageProperties.ChangeKey(mailbox, version.Sequence)}\"", ["id"] = ItemAccess.Id(mailbox, version.Item) };
        foreach (var (name, value) in version.Properties)
            shown[name] = value?.DeepClone();
        return shown;
    }
}
