using System.Text.Json.Nodes;
using OrleansBackup.GraphSimulator.Http;
using OrleansBackup.GraphSimulator.Identity;
using OrleansBackup.GraphSimulator.Items;
using OrleansBackup.GraphSimulator.Mail;
using OrleansBackup.GraphSimulator.World;

namespace OrleansBackup.GraphSimulator.Contacts;

/// <summary>Contact folders. The default one is in no list: it is known by its name and by what lies in it.</summary>
internal sealed class ContactFolderEndpoints(SimulatedWorld world)
{
    private static readonly ItemShape Shape = ItemShape.Of("contactFolder", "displayName parentFolderId", "", "");

    public IEnumerable<GraphRoute> Routes =>
    [
        Read("/users/{user}/contactFolders", request => List(request, "contacts")),
        Read("/users/{user}/contactFolders/delta", Delta),
        Read("/users/{user}/contactFolders/{folder}", Get),
        Read("/users/{user}/contactFolders/{folder}/childFolders", request => List(request, request.Values["folder"])),
        Write("POST", "/users/{user}/contactFolders", request => Create(request, "contacts")),
        Write("POST", "/users/{user}/contactFolders/{folder}/childFolders", request => Create(request, request.Values["folder"])),
        Write("PATCH", "/users/{user}/contactFolders/{folder}", Rename),
        Write("DELETE", "/users/{user}/contactFolders/{folder}", Delete),
        Write("POST", "/users/{user}/contactFolders/{folder}/permanentDelete", Delete),
    ];

    private static GraphRoute Read(string template, GraphHandler handle) => new("GET", template, GraphService.Exchange, KnownPermissions.ContactRead, handle);

    private static GraphRoute Write(string method, string template, GraphHandler handle) => new(method, template, GraphService.Exchange, KnownPermissions.ContactWrite, handle);

    private static GraphResponse List(GraphRequest request, string parentName)
    {
        var mailbox = MailAccess.Mailbox(request);
        var parent = ItemAccess.Container(mailbox, parentName, ItemKind.ContactFolder);
        var select = Shape.Select(request);
        var all = mailbox.Read(() => mailbox.Items(ItemKind.ContactFolder, parent).Select(item => item.Latest).ToList());
        return ItemLists.List(request, $"users('{request.Values["user"]}')/contactFolders", all, version => Show(mailbox, version, select));
    }

    private GraphResponse Delta(GraphRequest request)
    {
        var mailbox = MailAccess.Mailbox(request);
        return ItemLists.Delta(request, world, mailbox, ItemKind.ContactFolder, null, $"/users('{mailbox.UserId}')/contactFolders/delta",
            (version, _) => version.Item.WellKnownName is null ? Show(mailbox, version, null) : null);
    }

    private static GraphResponse Get(GraphRequest request)
    {
        var mailbox = MailAccess.Mailbox(request);
        return ItemLists.Json(200, Show(mailbox, ItemAccess.Container(mailbox, request.Values["folder"], ItemKind.ContactFolder).Latest, Shape.Select(request)));
    }

    private static GraphResponse Create(GraphRequest request, string parentName)
    {
        var mailbox = MailAccess.Mailbox(request);
        var name = Name(request);
        return mailbox.Read(() =>
        {
            var parent = ItemAccess.Container(mailbox, parentName, ItemKind.ContactFolder);
            RefuseDuplicate(mailbox, parent, name, except: null);
            return ItemLists.Json(201, Show(mailbox, mailbox.AddItem(ItemKind.ContactFolder, parent, new JsonObject { ["displayName"] = name }), null));
        });
    }

    private static GraphResponse Rename(GraphRequest request)
    {
        var mailbox = MailAccess.Mailbox(request);
        var name = Name(request);
        return mailbox.Read(() =>
        {
            var folder = Own(request, mailbox);
            RefuseDuplicate(mailbox, folder.Latest.Container!, name, folder);
            return ItemLists.Json(200, Show(mailbox, mailbox.ChangeItem(folder, version => version with { Properties = new JsonObject { ["displayName"] = name } }), null));
        });
    }

    private static GraphResponse Delete(GraphRequest request)
    {
        var mailbox = MailAccess.Mailbox(request);
        return mailbox.Read(() =>
        {
            mailbox.DeleteItem(Own(request, mailbox));
            return GraphResponse.NoContent;
        });
    }

    private static MailboxItem Own(GraphRequest request, Mailbox mailbox)
    {
        var folder = ItemAccess.Container(mailbox, request.Values["folder"], ItemKind.ContactFolder);
        return folder.WellKnownName is null ? folder : throw new GraphErrorException(403, "ErrorDeleteDistinguishedFolder", "Distinguished folders cannot be changed.");
    }

    private static string Name(GraphRequest request) => FolderEndpoints.Text(Shape.Read(request.JsonBody())["displayName"]) is { Length: > 0 } name
        ? name
        : throw new GraphErrorException(400, "ErrorInvalidRequest", "The display name of a folder must not be empty.");

    private static void RefuseDuplicate(Mailbox mailbox, MailboxItem parent, string name, MailboxItem? except)
    {
        if (mailbox.Items(ItemKind.ContactFolder, parent).Any(item => item != except && string.Equals((string?)item.Latest.Properties["displayName"], name, StringComparison.OrdinalIgnoreCase)))
            throw new GraphErrorException(409, "ErrorFolderExists", "A folder with the specified name already exists.");
    }

    private static JsonObject Show(Mailbox mailbox, ItemVersion version, IReadOnlySet<string>? select) => ItemShape.Selected(new JsonObject
    {
        ["id"] = ItemAccess.Id(mailbox, version.Item),
        ["parentFolderId"] = version.Container is { } parent ? ItemAccess.Id(mailbox, parent) : MailAccess.FolderId(mailbox, mailbox.WellKnown("msgfolderroot")),
        ["displayName"] = (string?)version.Properties["displayName"],
    }, select);
}
