using System.Collections.Immutable;
using System.Text.Json.Nodes;
using OrleansBackup.GraphSimulator.Http;
using OrleansBackup.GraphSimulator.Identity;
using OrleansBackup.GraphSimulator.Items;
using OrleansBackup.GraphSimulator.Mail;
using OrleansBackup.GraphSimulator.World;

namespace OrleansBackup.GraphSimulator.Contacts;

/// <summary>Contacts and their pictures: lists, change tracking, making, changing, deleting.</summary>
internal sealed class ContactEndpoints(SimulatedWorld world)
{
    private const int LargestPhoto = 4 * 1024 * 1024;

    public IEnumerable<GraphRoute> Routes =>
    [
        Read("/users/{user}/contacts", List),
        Read("/users/{user}/contactFolders/{folder}/contacts", List),
        Read("/users/{user}/contactFolders/{folder}/contacts/delta", Delta),
        Read("/users/{user}/contacts/{contact}", Get),
        Read("/users/{user}/contacts/{contact}/photo", Photo),
        Read("/users/{user}/contacts/{contact}/photo/$value", PhotoValue),
        Write("POST", "/users/{user}/contacts", Create),
        Write("POST", "/users/{user}/contactFolders/{folder}/contacts", Create),
        Write("PATCH", "/users/{user}/contacts/{contact}", Update),
        Write("DELETE", "/users/{user}/contacts/{contact}", Delete),
        Write("POST", "/users/{user}/contacts/{contact}/permanentDelete", Delete),
        Write("PUT", "/users/{user}/contacts/{contact}/photo/$value", SetPhoto),
    ];

    private static GraphRoute Read(string template, GraphHandler handle) => new("GET", template, GraphService.Exchange, KnownPermissions.ContactRead, handle);

    private static GraphRoute Write(string method, string template, GraphHandler handle) => new(method, template, GraphService.Exchange, KnownPermissions.ContactWrite, handle);

    private static MailboxItem Folder(GraphRequest request, Mailbox mailbox) =>
        ItemAccess.Container(mailbox, request.Values.GetValueOrDefault("folder") ?? "contacts", ItemKind.ContactFolder);

    private GraphResponse List(GraphRequest request)
    {
        var mailbox = MailAccess.Mailbox(request);
        var folder = Folder(request, mailbox);
        var select = ContactJson.Shape.Select(request);
        var expand = ItemLists.Expand(request.Option("$expand"), ContactJson.Shape.TypeName, "singleValueExtendedProperties");
        var filter = ItemLists.Filter(request, "displayName");
        var all = mailbox.Read(() => mailbox.Items(ItemKind.Contact, folder).Select(item => item.Latest).Where(filter).ToList());
        return ItemLists.List(request, $"users('{request.Values["user"]}')/contacts", all, version => Show(request, mailbox, version, select, expand), version => ItemLists.IsBroken(world, mailbox, version));
    }

    private GraphResponse Delta(GraphRequest request)
    {
        var mailbox = MailAccess.Mailbox(request);
        var folder = Folder(request, mailbox);
        foreach (var option in new[] { "$expand", "$filter", "$orderby", "$search" })
        {
            if (request.Option(option) is not null)
                throw GraphErrors.BadRequest($"The query option '{option}' is not supported with change tracking of contacts.");
        }
        return ItemLists.Delta(request, world, mailbox, ItemKind.Contact, folder, $"/users('{mailbox.UserId}')/contactFolders('{ItemAccess.Id(mailbox, folder)}')/contacts/delta",
            (version, token) => Show(request, mailbox, version, SelectOption.Read(token.Select, ContactJson.Shape.IsKnown, ContactJson.Shape.TypeName), ImmutableDictionary<string, string>.Empty));
    }

    private GraphResponse Get(GraphRequest request) => With(request, (mailbox, version) => ItemLists.Json(200, Show(request, mailbox, version, ContactJson.Shape.Select(request),
        ItemLists.Expand(request.Option("$expand"), ContactJson.Shape.TypeName, "singleValueExtendedProperties"))));

    private GraphResponse Photo(GraphRequest request) => With(request, (_, version) => version.Photo is null
        ? throw NoPhoto()
        : ItemLists.Json(200, new JsonObject { ["@odata.mediaContentType"] = "image/jpeg", ["id"] = "default", ["height"] = 240, ["width"] = 240 }));

    private GraphResponse PhotoValue(GraphRequest request) => With(request, (_, version) => GraphResponse.Bytes("image/jpeg", version.Photo ?? throw NoPhoto()));

    private GraphResponse SetPhoto(GraphRequest request) => With(request, (mailbox, version) =>
    {
        if (request.Body.IsEmpty || request.Body.Length > LargestPhoto || request.Header("Content-Type")?.StartsWith("image/", StringComparison.OrdinalIgnoreCase) != true)
            throw new GraphErrorException(400, "ErrorInvalidImage", "The photo is no image of a size that is taken.");
        mailbox.ChangeItem(version.Item, before => before with { Photo = request.Body.ToArray() });
        return new GraphResponse(200);
    });

    private static GraphResponse Create(GraphRequest request)
    {
        var mailbox = MailAccess.Mailbox(request);
        var body = request.JsonBody();
        var given = ContactJson.Read(body);
        var extended = MessageReader.Extended(body).ToImmutableDictionary();
        return mailbox.Read(() =>
        {
            var version = mailbox.AddItem(ItemKind.Contact, Folder(request, mailbox), ContactJson.New(given), and: item => item with { Extended = extended });
            return ItemLists.Json(201, ContactJson.Show(mailbox, version, request.WantsImmutableIds));
        });
    }

    private GraphResponse Update(GraphRequest request) => With(request, (mailbox, version) =>
    {
        var body = request.JsonBody();
        var given = ContactJson.Read(body);
        var extended = MessageReader.Extended(body);
        var changed = mailbox.ChangeItem(version.Item, before =>
        {
            var properties = before.Properties.DeepClone().AsObject();
            ContactJson.Set(properties, given);
            return before with { Properties = properties, Extended = before.Extended.SetItems(extended) };
        });
        return ItemLists.Json(200, ContactJson.Show(mailbox, changed, request.WantsImmutableIds));
    });

    private GraphResponse Delete(GraphRequest request) => With(request, (mailbox, version) =>
    {
        mailbox.DeleteItem(version.Item);
        return GraphResponse.NoContent;
    });

    private GraphResponse With(GraphRequest request, Func<Mailbox, ItemVersion, GraphResponse> answer)
    {
        var mailbox = MailAccess.Mailbox(request);
        return mailbox.Read(() =>
        {
            var (version, _) = ItemAccess.Item(mailbox, request.Values["contact"], ItemKind.Contact);
            return ItemLists.IsBroken(world, mailbox, version) ? throw new GraphErrorException(500, "ErrorCorruptData", "Data is corrupt.") : answer(mailbox, version);
        });
    }

    private static JsonObject Show(GraphRequest request, Mailbox mailbox, ItemVersion version, IReadOnlySet<string>? select, IReadOnlyDictionary<string, string> expand)
    {
        var shown = ContactJson.Show(mailbox, version, request.WantsImmutableIds);
        ItemLists.AddExtended(shown, version, expand);
        return ItemShape.Selected(shown, select, "singleValueExtendedProperties");
    }

    private static GraphErrorException NoPhoto() => new(404, "ErrorItemNotFound", "The photo wasn't found.");
}
