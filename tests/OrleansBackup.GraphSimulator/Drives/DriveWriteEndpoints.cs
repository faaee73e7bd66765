using System.Globalization;
using System.Text.Json.Nodes;
using OrleansBackup.GraphSimulator.Http;
using OrleansBackup.GraphSimulator.Identity;
using OrleansBackup.GraphSimulator.World;

namespace OrleansBackup.GraphSimulator.Drives;

/// <summary>Writing to drives: folders, small files, upload sessions, changes and deletions.</summary>
internal sealed class DriveWriteEndpoints(DriveUploads uploads, DriveDownloads downloads)
{
    public const string Application = "SharePoint App";

    public IEnumerable<GraphRoute> Routes =>
    [
        Route("POST", "/drives/{drive}/root/children", CreateFolder),
        Route("POST", "/drives/{drive}/items/{item}/children", CreateFolder),
        Route("PUT", "/drives/{drive}/items/{parent}:/{name}:/content", Put),
        Route("PUT", "/drives/{drive}/items/{item}/content", PutOver),
        Route("POST", "/drives/{drive}/items/{parent}:/{name}:/createUploadSession", CreateSession),
        Route("POST", "/drives/{drive}/items/{item}/createUploadSession", CreateSessionOver),
        Route("PATCH", "/drives/{drive}/items/{item}", Patch),
        Route("DELETE", "/drives/{drive}/items/{item}", Delete),
        Route("POST", "/drives/{drive}/items/{item}/permanentDelete", Delete),
    ];

    private static GraphRoute Route(string method, string template, GraphHandler handle) =>
        new(method, template, GraphService.Files, KnownPermissions.FilesWrite, handle) { Cost = 2 };

    private GraphResponse CreateFolder(GraphRequest request)
    {
        var drive = DriveAccess.Drive(request);
        var parent = DriveAccess.Folder(request, drive, "item");
        var body = request.JsonBody();
        if ((string?)body["name"] is not { } name || body["folder"] is not JsonObject)
            throw new GraphErrorException(400, "invalidRequest", "A folder needs a name and the folder facet.");
        var conflict = (string?)body["@microsoft.graph.conflictBehavior"] ?? "fail";
        return drive.Read(() =>
        {
            DriveAccess.CheckName(drive, parent, name);
            if (drive.Child(parent, name) is { } existing)
            {
                if (conflict == "replace" && existing.HoldsItems)
                    return Created(request, drive, existing, 200);
                name = conflict == "rename" ? FreeName(drive, parent, name) : throw DriveAccess.NameTaken();
            }
            var folder = drive.CreateFolder(parent, name, by: Application);
            if (Dates(body["fileSystemInfo"]) is var (created, modified))
                drive.SetDates(folder, created ?? folder.Latest.Created, modified ?? folder.Latest.Modified);
            return Created(request, drive, folder, 201);
        });
    }

    private GraphResponse Put(GraphRequest request)
    {
        var drive = DriveAccess.Drive(request);
        var parent = DriveAccess.Folder(request, drive, "parent");
        // A simple upload overwrites unless told otherwise.
        var conflict = request.Option("@microsoft.graph.conflictBehavior") ?? "replace";
        return drive.Read(() =>
        {
            var (item, isNew) = Store(drive, parent, request.Values["name"], conflict, new HeldFile(request.Body.ToArray()), dates: null);
            return Created(request, drive, item, isNew ? 201 : 200);
        });
    }

    private GraphResponse PutOver(GraphRequest request)
    {
        var drive = DriveAccess.Drive(request);
        return drive.Read(() =>
        {
            var item = DriveAccess.Item(request, drive);
            CheckMatch(request, item);
            StoreOver(drive, item, new HeldFile(request.Body.ToArray()), dates: null);
            return Created(request, drive, item, 200);
        });
    }

    private GraphResponse CreateSession(GraphRequest request)
    {
        var drive = DriveAccess.Drive(request);
        return uploads.Create(request, drive, DriveAccess.Folder(request, drive, "parent"), request.Values["name"], over: null);
    }

    private GraphResponse CreateSessionOver(GraphRequest request)
    {
        var drive = DriveAccess.Drive(request);
        var item = DriveAccess.Item(request, drive);
        CheckMatch(request, item);
        return uploads.Create(request, drive, item.Latest.Parent!, item.Latest.Name, item);
    }

    private GraphResponse Patch(GraphRequest request)
    {
        var drive = DriveAccess.Drive(request);
        var body = request.JsonBody();
        return drive.Read(() =>
        {
            var item = DriveAccess.Item(request, drive);
            CheckMatch(request, item);
            if (item.Latest.Oddities.HasFlag(FileOddities.Locked))
                throw DriveAccess.Locked();
            var name = (string?)body["name"] ?? item.Latest.Name;
            var parent = (string?)body["parentReference"]?["id"] is { } id ? DriveAccess.Item(drive, id) : item.Latest.Parent!;
            if (name != item.Latest.Name || parent != item.Latest.Parent)
            {
                for (var above = parent; above is not null; above = above.Latest.Parent)
                {
                    if (above == item)
                        throw new GraphErrorException(400, "invalidRequest", "A folder cannot be moved into itself.");
                }
                DriveAccess.CheckName(drive, parent, name);
                if (drive.Child(parent, name) is { } other && other != item)
                    throw DriveAccess.NameTaken();
                drive.Move(item, parent, name);
            }
            if (Dates(body["fileSystemInfo"]) is var (created, modified))
                drive.SetDates(item, created ?? item.Latest.Created, modified ?? item.Latest.Modified);
            return Created(request, drive, item, 200);
        });
    }

    private static GraphResponse Delete(GraphRequest request)
    {
        var drive = DriveAccess.Drive(request);
        return drive.Read(() =>
        {
            var item = DriveAccess.Item(request, drive);
            CheckMatch(request, item);
            if (item.Kind == DriveItemKind.Root)
                throw new GraphErrorException(403, "accessDenied", "The root cannot be deleted.");
            if (item.Latest.Oddities.HasFlag(FileOddities.Locked))
                throw DriveAccess.Locked();
            drive.Delete(item);
            return GraphResponse.NoContent;
        });
    }

    /// <summary>Puts a whole content under a name, by the rule for a name that is taken. Call within the drive's lock.</summary>
    internal static (DriveItem Item, bool IsNew) Store(Drive drive, DriveItem parent, string name, string conflict, FileContent content, (DateTimeOffset? Created, DateTimeOffset? Modified)? dates)
    {
        DriveAccess.CheckName(drive, parent, name);
        if (drive.Child(parent, name) is { } existing)
        {
            if (conflict == "replace" && existing.Kind == DriveItemKind.File)
            {
                StoreOver(drive, existing, content, dates);
                return (existing, false);
            }
            name = conflict == "rename" ? FreeName(drive, parent, name) : throw DriveAccess.NameTaken();
        }
        var item = drive.CreateFile(parent, name, Enriched(drive, name, content), by: Application);
        if (dates is not null)
            drive.SetDates(item, dates.Value.Created ?? item.Latest.Created, dates.Value.Modified ?? item.Latest.Modified);
        return (item, true);
    }

    internal static void StoreOver(Drive drive, DriveItem item, FileContent content, (DateTimeOffset? Created, DateTimeOffset? Modified)? dates)
    {
        if (item.Latest.Oddities.HasFlag(FileOddities.Locked))
            throw DriveAccess.Locked();
        drive.Write(item, Enriched(drive, item.Latest.Name, content), by: Application);
        if (dates is not null)
            drive.SetDates(item, dates.Value.Created ?? item.Latest.Created, dates.Value.Modified ?? item.Latest.Modified);
    }

    private static FileContent Enriched(Drive drive, string name, FileContent content) =>
        drive.Quirks.EnrichesUploads && content.Length > 0 && MimeTypes.IsEnriched(name) ? new EnrichedFile(content) : content;

    internal static (DateTimeOffset? Created, DateTimeOffset? Modified)? Dates(JsonNode? info) => info is not JsonObject given ? null : (Date(given["createdDateTime"]), Date(given["lastModifiedDateTime"]));

    private static DateTimeOffset? Date(JsonNode? value) => (string?)value is { } text ? DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal) : null;

    private static string FreeName(Drive drive, DriveItem parent, string name)
    {
        var (stem, extension) = (Path.GetFileNameWithoutExtension(name), Path.GetExtension(name));
        for (var number = 1; ; number++)
        {
            var candidate = string.Create(CultureInfo.InvariantCulture, $"{stem} {number}{extension}");
            if (drive.Child(parent, candidate) is null)
                return candidate;
        }
    }

    private static void CheckMatch(GraphRequest request, DriveItem item)
    {
        if (request.Header("If-Match") is { } expected && expected != DriveItemJson.ETag(item.Latest))
            throw new GraphErrorException(412, "resourceModified", "ETag does not match current item's value");
    }

    private GraphResponse Created(GraphRequest request, Drive drive, DriveItem item, int status)
    {
        var writer = new DriveItemJson(drive, downloads, request, select: null);
        return GraphResponse.Json(status, json => writer.Write(json, item.Latest));
    }
}
