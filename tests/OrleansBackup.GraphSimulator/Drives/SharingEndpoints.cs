using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using OrleansBackup.GraphSimulator.Generation;
using OrleansBackup.GraphSimulator.Http;
using OrleansBackup.GraphSimulator.Identity;
using OrleansBackup.GraphSimulator.World;

namespace OrleansBackup.GraphSimulator.Drives;

/// <summary>Who may see an item: listing, inviting, links and taking back. Five resource units each.</summary>
internal static class SharingEndpoints
{
    private const int Cost = 5;

    public static IEnumerable<GraphRoute> Routes =>
    [
        new("GET", "/drives/{drive}/items/{item}/permissions", GraphService.Files, KnownPermissions.FilesRead, List) { Cost = Cost },
        new("DELETE", "/drives/{drive}/items/{item}/permissions/{permission}", GraphService.Files, KnownPermissions.FilesWrite, Remove) { Cost = Cost },
        new("POST", "/drives/{drive}/items/{item}/invite", GraphService.Files, KnownPermissions.FilesWrite, Invite) { Cost = Cost },
        new("POST", "/drives/{drive}/items/{item}/createLink", GraphService.Files, KnownPermissions.FilesWrite, CreateLink) { Cost = Cost },
    ];

    private static GraphResponse List(GraphRequest request)
    {
        var drive = DriveAccess.Drive(request);
        return drive.Read(() =>
        {
            var item = DriveAccess.Item(request, drive);
            return GraphResponse.Json(200, json =>
            {
                json.WriteStartObject();
                json.WriteStartArray("value");
                Owner(json, drive, item);
                for (var from = item; from is not null; from = from.Latest.Parent)
                {
                    foreach (var permission in from.Latest.Sharing)
                        Write(json, permission, from == item ? null : (drive.Id, from.Id));
                }
                json.WriteEndArray();
                json.WriteEndObject();
            });
        });
    }

    private static GraphResponse Remove(GraphRequest request)
    {
        var drive = DriveAccess.Drive(request);
        return drive.Read(() =>
        {
            var item = DriveAccess.Item(request, drive);
            var permission = item.Latest.Sharing.FirstOrDefault(given => given.Id == request.Values["permission"]) ?? throw DriveAccess.ItemNotFound();
            drive.Share(item, sharing => sharing.Remove(permission));
            return GraphResponse.NoContent;
        });
    }

    private static GraphResponse Invite(GraphRequest request)
    {
        var drive = DriveAccess.Drive(request);
        var body = request.JsonBody();
        var role = (string?)body["roles"]?.AsArray().FirstOrDefault() ?? throw new GraphErrorException(400, "invalidRequest", "roles are needed.");
        var recipients = body["recipients"]?.AsArray() ?? throw new GraphErrorException(400, "invalidRequest", "recipients are needed.");
        return drive.Read(() =>
        {
            var item = DriveAccess.Item(request, drive);
            var added = recipients.Select(recipient => Permission(request, drive, recipient!.AsObject(), role)).ToList();
            if (body["sendInvitation"]?.GetValue<bool>() != false)
                drive.InvitationsSent += added.Count;
            drive.Share(item, sharing => [.. sharing.Where(old => added.TrueForAll(one => one.Id != old.Id)), .. added]);
            return GraphResponse.Json(200, json =>
            {
                json.WriteStartObject();
                json.WriteStartArray("value");
                foreach (var permission in added)
                    Write(json, permission, inherited: null);
                json.WriteEndArray();
                json.WriteEndObject();
            });
        });
    }

    private static SharingPermission Permission(GraphRequest request, Drive drive, JsonObject recipient, string role)
    {
        var email = (string?)recipient["email"];
        var user = request.Tenant.Directory.Find((string?)recipient["objectId"] ?? email ?? "")
            ?? request.Tenant.Directory.Users.FirstOrDefault(candidate => email is not null && email.Equals(candidate.Mail, StringComparison.OrdinalIgnoreCase));
        if (user is null && (email is null || email.EndsWith("@" + request.Tenant.Domain, StringComparison.OrdinalIgnoreCase)))
            throw new GraphErrorException(400, "noResolvedUsers", "No users could be resolved.");
        if (user is null && drive.Quirks.RefusesExternalSharing)
            throw new GraphErrorException(403, "sharingDisabled", "Sharing has been disabled on this site.");
        var name = user?.Id.ToString() ?? email!;
        return new SharingPermission(Id("p", name), role) { UserId = user?.Id.ToString(), Email = user?.Mail ?? email, DisplayName = user?.DisplayName ?? email };
    }

    private static GraphResponse CreateLink(GraphRequest request)
    {
        var drive = DriveAccess.Drive(request);
        var body = request.JsonBody();
        var (type, scope) = ((string?)body["type"] ?? "view", (string?)body["scope"] ?? "organization");
        if (scope == "anonymous" && drive.Quirks.RefusesExternalSharing)
            throw new GraphErrorException(403, "sharingDisabled", "Anonymous links are switched off.");
        return drive.Read(() =>
        {
            var item = DriveAccess.Item(request, drive);
            if (item.Latest.Sharing.FirstOrDefault(old => old.LinkType == type && old.LinkScope == scope) is { } existing)
                return Answer(existing, 200);
            var id = Id("l", $"{item.Id}{type}{scope}{item.Latest.ChangeNumber.ToString(CultureInfo.InvariantCulture)}");
            var link = new SharingPermission(id, type == "edit" ? "write" : "read")
            {
                LinkType = type, LinkScope = scope, LinkAddress = $"https://files.example/:x:/s/{id}",
                Expires = (string?)body["expirationDateTime"] is { } expires ? DateTimeOffset.Parse(expires, CultureInfo.InvariantCulture) : null,
            };
            drive.Share(item, sharing => sharing.Add(link));
            return Answer(link, 201);
        });

        static GraphResponse Answer(SharingPermission link, int status) => GraphResponse.Json(status, json => Write(json, link, inherited: null));
    }

    private static void Owner(Utf8JsonWriter json, Drive drive, DriveItem item)
    {
        var owner = new SharingPermission(Id("o", drive.OwnerKey), "owner") { UserId = drive.IsPersonal ? drive.OwnerKey[5..] : null, SiteGroup = drive.IsPersonal ? null : "Owners", DisplayName = "Owner" };
        Write(json, owner, item.Kind == DriveItemKind.Root ? null : (drive.Id, drive.Root.Id));
    }

    private static void Write(Utf8JsonWriter json, SharingPermission permission, (string Drive, string Item)? inherited)
    {
        json.WriteStartObject();
        json.WriteString("id", permission.Id);
        json.WriteStartArray("roles");
        json.WriteStringValue(permission.Role);
        json.WriteEndArray();
        if (permission.LinkType is { } type)
        {
            json.WriteStartObject("link");
            json.WriteString("type", type);
            json.WriteString("scope", permission.LinkScope);
            json.WriteString("webUrl", permission.LinkAddress);
            json.WriteBoolean("preventsDownload", false);
            json.WriteEndObject();
            json.WriteBoolean("hasPassword", permission.HasPassword);
            if (permission.Expires is { } expires)
                json.WriteString("expirationDateTime", DriveItemJson.Time(expires));
            json.WriteStartArray("grantedToIdentitiesV2");
            foreach (var user in permission.LinkUsers)
                Identity(json, "user", user, null, null);
            json.WriteEndArray();
        }
        else
        {
            json.WritePropertyName("grantedToV2");
            if (permission.SiteGroup is { } group)
                Identity(json, "siteGroup", "3", group, null);
            else
                Identity(json, "user", permission.UserId, permission.DisplayName, permission.Email);
        }
        if (inherited is var (drive, item))
        {
            json.WriteStartObject("inheritedFrom");
            json.WriteString("driveId", drive);
            json.WriteString("id", item);
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }

    private static void Identity(Utf8JsonWriter json, string kind, string? id, string? name, string? email)
    {
        json.WriteStartObject();
        json.WriteStartObject(kind);
        if (id is not null)
            json.WriteString("id", id);
        if (name is not null)
            json.WriteString("displayName", name);
        if (email is not null)
            json.WriteString("email", email);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    internal static string Id(string kind, string of) => string.Create(CultureInfo.InvariantCulture, $"{kind}{StableHash.Of(of):x16}");
}
