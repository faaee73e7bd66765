using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using OrleansBackup.GraphSimulator.Http;
using OrleansBackup.GraphSimulator.World;

namespace OrleansBackup.GraphSimulator.Drives;

/// <summary>Upload sessions of drives: pieces of a multiple of 320 KiB, in order, to an address that carries its own permission.</summary>
/// <remarks>Source: driveItem createUploadSession. A piece of another size is taken, and the last one then refused.</remarks>
internal sealed partial class DriveUploads(SimulatedWorld world, DriveDownloads downloads)
{
    public const string PathStart = "/personal/_api/v2.0/upload/";

    private const int PieceUnit = 320 * 1024;
    private const int LargestPiece = 60 * 1024 * 1024;
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);
    private readonly ConcurrentDictionary<string, Session> _sessions = new();

    public GraphResponse Create(GraphRequest request, Drive drive, DriveItem parent, string name, DriveItem? over)
    {
        var item = request.Body.Length == 0 ? null : request.JsonBody()["item"] as JsonObject;
        var conflict = (string?)item?["@microsoft.graph.conflictBehavior"] ?? "replace";
        drive.Read(() =>
        {
            DriveAccess.CheckName(drive, parent, name);
            if (over is null && conflict == "fail" && drive.Child(parent, name) is not null)
                throw DriveAccess.NameTaken();
            return true;
        });
        var id = Guid.NewGuid().ToString("N");
        var session = new Session(drive, parent, name, over, conflict, DriveWriteEndpoints.Dates(item?["fileSystemInfo"]), request.Caller!, request,
            world.Clock.Real.GetUtcNow() + Lifetime);
        _sessions[id] = session;
        return GraphResponse.Json(200, json =>
        {
            json.WriteStartObject();
            json.WriteString("uploadUrl", $"{DriveDownloads.FileHost(request.ServiceRoot)}{PathStart}{id}");
            json.WriteString("expirationDateTime", session.Expires.UtcDateTime);
            json.WriteStartArray("nextExpectedRanges");
            json.WriteStringValue("0-");
            json.WriteEndArray();
            json.WriteEndObject();
        });
    }

    /// <summary>Who made the session of an address; null when there is no such session.</summary>
    public CallerIdentity? FindOwner(string path) => _sessions.TryGetValue(path[PathStart.Length..], out var session) ? session.Owner : null;

    /// <summary>Ends every session, as if its time had come.</summary>
    public void ExpireAll() => _sessions.Clear();

    public GraphResponse Answer(string method, string path, bool hasAuthorization, string contentRange, ReadOnlyMemory<byte> body)
    {
        var id = path[PathStart.Length..];
        GraphResponse response;
        if (hasAuthorization)
            response = Refuse(401, "unauthenticated");
        else if (!_sessions.TryGetValue(id, out var session) || session.Expires < world.Clock.Real.GetUtcNow())
            response = Refuse(404, "uploadSessionNotFound");
        else
        {
            response = method switch
            {
                "PUT" => Take(id, session, contentRange, body),
                "GET" => Progress(session, 200),
                "DELETE" => _sessions.TryRemove(id, out _) ? GraphResponse.NoContent : Refuse(404, "uploadSessionNotFound"),
                _ => Refuse(405, "invalidRequest"),
            };
        }
        world.Statistics.Count(method, PathStart + "{session}", response.Status, response.Body.Length);
        return response;
    }

    private GraphResponse Take(string id, Session session, string contentRange, ReadOnlyMemory<byte> body)
    {
        if (body.Length >= LargestPiece)
            return Refuse(413, "invalidRequest");
        if (ContentRange().Match(contentRange) is not { Success: true } range)
            return Refuse(400, "invalidRange");
        var (from, to, total) = (Number("from"), Number("to"), Number("total"));
        lock (session)
        {
            if (to < from || to - from + 1 != body.Length || to >= total || (session.Total is { } known && known != total))
                return Refuse(400, "invalidRange");
            if (from != session.Content.Length)
                return Refuse(416, from < session.Content.Length ? "fragmentOverlap" : "fragmentOutOfOrder");
            session.Total = total;
            if (to + 1 < total && body.Length % PieceUnit != 0)
                session.HasBadPiece = true;
            session.Content.Append(body.Span);
            return session.Content.Length < total ? Progress(session, 202) : Finish(id, session);
        }

        long Number(string group) => long.Parse(range.Groups[group].Value, CultureInfo.InvariantCulture);
    }

    private GraphResponse Finish(string id, Session session)
    {
        var drive = session.Drive;
        if (session.HasBadPiece)
        {
            _sessions.TryRemove(id, out _);
            drive.Read(() => DriveWriteEndpoints.Store(drive, session.Parent, session.Name, "rename", new HeldFile(default), dates: null)); // what a failed upload leaves behind
            return Refuse(400, "invalidRequest");
        }
        try
        {
            return drive.Read(() =>
            {
                if (session.Over is null && session.Parent.Latest.IsDeleted)
                    return Refuse(404, "itemNotFound");
                var (item, isNew) = (session.Over!, false);
                if (session.Over is null)
                    (item, isNew) = DriveWriteEndpoints.Store(drive, session.Parent, session.Name, session.Conflict, session.Content, session.Dates);
                else
                    DriveWriteEndpoints.StoreOver(drive, session.Over, session.Content, session.Dates);
                _sessions.TryRemove(id, out _);
                var writer = new DriveItemJson(drive, downloads, session.Request, select: null);
                return GraphResponse.Json(isNew ? 201 : 200, json => writer.Write(json, item.Latest));
            });
        }
        catch (GraphErrorException e)
        {
            return Refuse(e.Status, e.Code == "nameAlreadyExists" ? "upload_name_conflict" : e.Code);
        }
    }

    private static GraphResponse Progress(Session session, int status) => GraphResponse.Json(status, json =>
    {
        json.WriteStartObject();
        json.WriteString("expirationDateTime", session.Expires.UtcDateTime);
        json.WriteStartArray("nextExpectedRanges");
        json.WriteStringValue(string.Create(CultureInfo.InvariantCulture, $"{session.Content.Length}-"));
        json.WriteEndArray();
        json.WriteEndObject();
    });

    private static GraphResponse Refuse(int status, string code) => GraphResponse.Json(status, json =>
    {
        json.WriteStartObject();
        json.WriteStartObject("error");
        json.WriteString("code", code);
        json.WriteString("message", code);
        json.WriteEndObject();
        json.WriteEndObject();
    });

    [GeneratedRegex(@"^bytes (?<from>\d{1,15})-(?<to>\d{1,15})/(?<total>\d{1,15})$", RegexOptions.ExplicitCapture, 2000)]
    private static partial Regex ContentRange();

    private sealed record Session(Drive Drive, DriveItem Parent, string Name, DriveItem? Over, string Conflict,
        (DateTimeOffset? Created, DateTimeOffset? Modified)? Dates, CallerIdentity Owner, GraphRequest Request, DateTimeOffset Expires)
    {
        public UploadedContent Content { get; } = new();
        public long? Total { get; set; }
        public bool HasBadPiece { get; set; }
    }
}
