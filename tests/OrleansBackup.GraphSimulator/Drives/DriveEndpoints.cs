using System.Globalization;
using System.Text.Json;
using OrleansBackup.GraphSimulator.Http;
using OrleansBackup.GraphSimulator.Identity;
using OrleansBackup.GraphSimulator.World;

namespace OrleansBackup.GraphSimulator.Drives;

/// <summary>Reading drives: whose they are, their items, children, contents and versions.</summary>
internal sealed class DriveEndpoints(DriveDownloads downloads)
{
    private const int DefaultPage = 200;

    public IEnumerable<GraphRoute> Routes =>
    [
        Route("/users/{user}/drive", UserDrive),
        Route("/sites/{site}/drives", SiteDrives, 2),
        Route("/drives/{drive}", request => Show(DriveAccess.Drive(request))),
        Route("/drives/{drive}/root", Item),
        Route("/drives/{drive}/items/{item}", Item),
        Route("/drives/{drive}/items/{parent}:/{name}", ByName),
        Route("/drives/{drive}/root/children", Children, 2),
        Route("/drives/{drive}/items/{item}/children", Children, 2),
        Route("/drives/{drive}/items/{item}/content", Content),
        Route("/drives/{drive}/items/{item}/versions", Versions, 2),
        Route("/drives/{drive}/items/{item}/versions/{version}/content", VersionContent),
    ];

    private static GraphRoute Route(string template, GraphHandler handle, int cost = 1) =>
        new("GET", template, GraphService.Files, KnownPermissions.FilesRead, handle) { Cost = cost };

    private static GraphResponse UserDrive(GraphRequest request)
    {
        var user = request.Tenant.Directory.Find(request.Values["user"]) ?? throw GraphErrors.DirectoryNotFound(request.Values["user"]);
        if (request.Tenant.Drives.OfUser(user.Id) is not { } drive)
            throw new GraphErrorException(404, "ResourceNotFound", "User's mysite not found.");
        return drive.Refusal is { } refusal ? throw new GraphErrorException(refusal.Status, refusal.Code, refusal.Message) : Show(drive);
    }

    private static GraphResponse SiteDrives(GraphRequest request)
    {
        var drives = request.Tenant.Drives.OfOwner($"site:{request.Values["site"]}");
        if (drives.Count == 0)
            throw new GraphErrorException(404, "itemNotFound", "Requested site could not be found");
        return GraphResponse.Json(200, json =>
        {
            json.WriteStartObject();
            json.WriteString("@odata.context", $"{request.ServiceRoot}/$metadata#drives");
            json.WriteStartArray("value");
            foreach (var drive in drives)
                Write(json, drive);
            json.WriteEndArray();
            json.WriteEndObject();
        });
    }

    private static GraphResponse Show(Drive drive) => GraphResponse.Json(200, json => Write(json, drive));

    private static void Write(Utf8JsonWriter json, Drive drive)
    {
        json.WriteStartObject();
        json.WriteString("id", drive.Id);
        json.WriteString("driveType", drive.IsPersonal ? "business" : "documentLibrary");
        json.WriteString("name", drive.Name);
        json.WriteString("createdDateTime", DriveItemJson.Time(drive.CreatedAt));
        json.WriteStartObject("owner");
        json.WriteStartObject(drive.IsPersonal ? "user" : "group");
        json.WriteString("id", drive.OwnerKey[5..]);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteStartObject("quota");
        json.WriteNumber("used", drive.Read(() => drive.AllItems.Where(item => !item.Latest.IsDeleted).Sum(item => item.Latest.Content?.Length ?? 0)));
        json.WriteString("state", "normal");
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private GraphResponse Item(GraphRequest request)
    {
        var drive = DriveAccess.Drive(request);
        return One(request, drive, DriveAccess.Item(request, drive));
    }

    private GraphResponse ByName(GraphRequest request)
    {
        var drive = DriveAccess.Drive(request);
        var parent = DriveAccess.Folder(request, drive, "parent");
        return One(request, drive, drive.Child(parent, request.Values["name"]) ?? throw DriveAccess.ItemNotFound());
    }

    private GraphResponse One(GraphRequest request, Drive drive, DriveItem item)
    {
        var writer = new DriveItemJson(drive, downloads, request, Select(request));
        return drive.Read(() => GraphResponse.Json(200, json => writer.Write(json, item.Latest)));
    }

    internal static IReadOnlySet<string>? Select(GraphRequest request) => SelectOption.Read(request.Option("$select"), DriveItemJson.IsKnown, DriveItemJson.TypeName);

    private GraphResponse Children(GraphRequest request)
    {
        var drive = DriveAccess.Drive(request);
        var parent = DriveAccess.Folder(request, drive, "item");
        var top = Math.Clamp(request.Number("$top") ?? DefaultPage, 1, 1000);
        var skip = request.Number("$skiptoken") ?? 0;
        var writer = new DriveItemJson(drive, downloads, request, Select(request));
        return drive.Read(() =>
        {
            var children = parent.Children.OrderBy(child => child.Latest.Name, StringComparer.OrdinalIgnoreCase).Skip(skip).Take(top + 1).ToList();
            return GraphResponse.Json(200, json =>
            {
                json.WriteStartObject();
                json.WriteStartArray("value");
                foreach (var child in children.Take(top))
                    writer.Write(json, child.Latest);
                json.WriteEndArray();
                if (children.Count > top)
                    json.WriteString("@odata.nextLink", Paging.WithOption(request, "$skiptoken", (skip + top).ToString(CultureInfo.InvariantCulture)));
                json.WriteEndObject();
            });
        });
    }

    private GraphResponse Content(GraphRequest request)
    {
        var drive = DriveAccess.Drive(request);
        var item = File(request, drive);
        if (DriveDownloads.RefusalOf(item.Latest) is { } refusal)
            throw refusal;
        if (request.Header("If-None-Match") == DriveItemJson.ETag(item.Latest))
            return new GraphResponse(304);
        return new GraphResponse(302).With("Location", downloads.Address(request, drive, item.Latest));
    }

    private GraphResponse VersionContent(GraphRequest request)
    {
        var drive = DriveAccess.Drive(request);
        var item = File(request, drive);
        var version = Contents(item).FirstOrDefault(version => VersionName(version) == request.Values["version"]) ?? throw DriveAccess.ItemNotFound();
        // The newest version has no address of its own.
        return version.ContentNumber == item.Latest.ContentNumber
            ? throw new GraphErrorException(400, "invalidRequest", "You cannot get the content of the current version.")
            : new GraphResponse(302).With("Location", downloads.Address(request, drive, version, isOld: true));
    }

    private static GraphResponse Versions(GraphRequest request)
    {
        var drive = DriveAccess.Drive(request);
        var item = File(request, drive);
        return GraphResponse.Json(200, json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("value");
            foreach (var version in Contents(item))
            {
                json.WriteStartObject();
                json.WriteString("id", VersionName(version));
                json.WriteNumber("size", version.Content!.Length);
                json.WriteString("lastModifiedDateTime", DriveItemJson.Time(version.Modified));
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        });
    }

    private static string VersionName(DriveItemVersion version) => string.Create(CultureInfo.InvariantCulture, $"{version.ContentNumber}.0");

    private static IEnumerable<DriveItemVersion> Contents(DriveItem file)
    {
        for (var version = file.Latest; version is not null; version = version.Previous)
        {
            if (version.Previous?.ContentNumber != version.ContentNumber)
                yield return version;
        }
    }

    private static DriveItem File(GraphRequest request, Drive drive) => DriveAccess.Item(request, drive) is { Kind: DriveItemKind.File } file
        ? file : throw new GraphErrorException(400, "invalidRequest", "The item has no content.");
}
