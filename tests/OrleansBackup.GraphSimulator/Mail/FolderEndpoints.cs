using System.Globalization;
using System.Text.Json;
using OrleansBackup.GraphSimulator.Http;
using OrleansBackup.GraphSimulator.Identity;
using OrleansBackup.GraphSimulator.World;

namespace OrleansBackup.GraphSimulator.Mail;

/// <summary>Mail folders: reading, making, changing and deleting them.</summary>
internal static class FolderEndpoints
{
    private const int DefaultPage = 10;
    private const int LargestPage = 1000;

    public static IEnumerable<GraphRoute> Routes =>
    [
        new("GET", "/users/{user}/mailFolders", GraphService.Exchange, KnownPermissions.MailList, request => List(request, null)),
        new("GET", "/users/{user}/mailFolders/{folder}", GraphService.Exchange, KnownPermissions.MailList, Get),
        new("GET", "/users/{user}/mailFolders/{folder}/childFolders", GraphService.Exchange, KnownPermissions.MailList, request => List(request, request.Values["folder"])),
        new("POST", "/users/{user}/mailFolders", GraphService.Exchange, KnownPermissions.MailWrite, request => Create(request, "msgfolderroot")),
        new("POST", "/users/{user}/mailFolders/{folder}/childFolders", GraphService.Exchange, KnownPermissions.MailWrite, request => Create(request, request.Values["folder"])),
        new("PATCH", "/users/{user}/mailFolders/{folder}", GraphService.Exchange, KnownPermissions.MailWrite, Rename),
        new("DELETE", "/users/{user}/mailFolders/{folder}", GraphService.Exchange, KnownPermissions.MailWrite, request => Delete(request, hard: false)),
        new("POST", "/users/{user}/mailFolders/{folder}/permanentDelete", GraphService.Exchange, KnownPermissions.MailWrite, request => Delete(request, hard: true)),
        new("POST", "/users/{user}/mailFolders/{folder}/move", GraphService.Exchange, KnownPermissions.MailWrite, Move),
    ];

    private static GraphResponse List(GraphRequest request, string? parentName)
    {
        var mailbox = MailAccess.Mailbox(request);
        var select = SelectOption.Read(request.Option("$select"), FolderJson.IsKnown, FolderJson.TypeName);
        var parent = parentName is null ? mailbox.WellKnown("msgfolderroot") : MailAccess.Folder(mailbox, parentName);
        var hidden = request.Option("includeHiddenFolders")?.Equals("true", StringComparison.OrdinalIgnoreCase) == true;
        var skip = request.Number("$skip") ?? 0;
        var top = request.Number("$top");
        var page = Math.Min(LargestPage, top ?? request.PreferredPageSize ?? DefaultPage);
        return mailbox.Read(() =>
        {
            var all = mailbox.Children(parent).Where(folder => hidden || !folder.Latest.IsHidden)
                .OrderBy(folder => folder.Latest.DisplayName, StringComparer.Ordinal).ThenBy(folder => folder.Number).ToList();
            return GraphResponse.Json(200, json =>
            {
                json.WriteStartObject();
                json.WriteString("@odata.context", $"{request.ServiceRoot}/$metadata#users('{request.Values["user"]}')/mailFolders");
                if (request.Option("$count") == "true")
                    json.WriteNumber("@odata.count", all.Count);
                json.WriteStartArray("value");
                foreach (var folder in all.Skip(skip).Take(page))
                    FolderJson.Write(json, mailbox, folder, select);
                json.WriteEndArray();
                if (skip + page < all.Count)
                    json.WriteString("@odata.nextLink", Paging.WithOption(request, "$skip", (skip + page).ToString(CultureInfo.InvariantCulture)));
                json.WriteEndObject();
            });
        });
    }

    private static GraphResponse Get(GraphRequest request)
    {
        var mailbox = MailAccess.Mailbox(request);
        var select = SelectOption.Read(request.Option("$select"), FolderJson.IsKnown, FolderJson.TypeName);
        return Show(200, mailbox, MailAccess.Folder(request, mailbox), select);
    }

    private static GraphResponse Create(GraphRequest request, string parentName)
    {
        var mailbox = MailAccess.Mailbox(request);
        var body = request.JsonBody();
        foreach (var (name, _) in body)
        {
            if (!name.StartsWith('@') && !FolderJson.IsKnown(name))
                throw new GraphErrorException(400, "RequestBodyRead", $"The property '{name}' does not exist on type '{FolderJson.TypeName}'.");
        }
        var displayName = Text(body["displayName"]);
        if (string.IsNullOrEmpty(displayName))
            throw new GraphErrorException(400, "ErrorInvalidRequest", "The display name of a folder must not be empty.");
        return mailbox.Read(() =>
        {
            var parent = MailAccess.Folder(mailbox, parentName);
            RefuseDuplicate(mailbox, parent, displayName, except: null);
            var folder = mailbox.CreateFolder(displayName, parent, body["isHidden"]?.GetValue<bool>() ?? false);
            return Show(201, mailbox, folder, null);
        });
    }

    private static GraphResponse Rename(GraphRequest request)
    {
        var mailbox = MailAccess.Mailbox(request);
        var displayName = Text(request.JsonBody()["displayName"]) ?? throw new GraphErrorException(400, "ErrorInvalidRequest", "Only displayName can be changed.");
        return mailbox.Read(() =>
        {
            var folder = MailAccess.Folder(request, mailbox);
            RefuseWellKnown(folder);
            RefuseDuplicate(mailbox, folder.Latest.Parent!, displayName, folder);
            mailbox.ChangeFolder(folder, displayName);
            return Show(200, mailbox, folder, null);
        });
    }

    private static GraphResponse Delete(GraphRequest request, bool hard)
    {
        var mailbox = MailAccess.Mailbox(request);
        return mailbox.Read(() =>
        {
            var folder = MailAccess.Folder(request, mailbox);
            RefuseWellKnown(folder);
            mailbox.DeleteFolder(folder, hard);
            return GraphResponse.NoContent;
        });
    }

    private static GraphResponse Move(GraphRequest request)
    {
        var mailbox = MailAccess.Mailbox(request);
        var target = Text(request.JsonBody()["destinationId"]) ?? throw new GraphErrorException(400, "ErrorInvalidRequest", "destinationId is missing.");
        return mailbox.Read(() =>
        {
            var folder = MailAccess.Folder(request, mailbox);
            RefuseWellKnown(folder);
            var parent = MailAccess.Folder(mailbox, target);
            for (var above = parent; above is not null; above = above.Latest.Parent)
            {
                if (above == folder)
                    throw new GraphErrorException(400, "ErrorMoveCopyFailed", "A folder cannot be moved into itself.");
            }
            RefuseDuplicate(mailbox, parent, folder.Latest.DisplayName, folder);
            mailbox.ChangeFolder(folder, parent: parent);
            return Show(201, mailbox, folder, null);
        });
    }

    private static GraphResponse Show(int status, Mailbox mailbox, MailFolder folder, IReadOnlySet<string>? select) =>
        mailbox.Read(() => GraphResponse.Json(status, json => FolderJson.Write(json, mailbox, folder, select)));

    private static void RefuseDuplicate(Mailbox mailbox, MailFolder parent, string displayName, MailFolder? except)
    {
        if (mailbox.Children(parent).Any(child => child != except && child.Latest.DisplayName.Equals(displayName, StringComparison.OrdinalIgnoreCase)))
            throw new GraphErrorException(409, "ErrorFolderExists", "A folder with the specified name already exists.");
    }

    private static void RefuseWellKnown(MailFolder folder)
    {
        if (folder.WellKnownName is not null)
            throw new GraphErrorException(403, "ErrorDeleteDistinguishedFolder", "Distinguished folders cannot be changed.");
    }

    internal static string? Text(System.Text.Json.Nodes.JsonNode? node) => node?.GetValueKind() == JsonValueKind.String ? node.GetValue<string>() : null;
}
