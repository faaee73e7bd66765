using System.Globalization;
using System.Text.RegularExpressions;
using OrleansBackup.GraphSimulator.Generation;
using OrleansBackup.GraphSimulator.Http;
using OrleansBackup.GraphSimulator.Ids;
using OrleansBackup.GraphSimulator.World;

namespace OrleansBackup.GraphSimulator.Drives;

/// <summary>Download addresses that carry their own permission, expire, and lie on another host than Graph.</summary>
internal sealed partial class DriveDownloads(SimulatedWorld world)
{
    public const string PathStart = "/personal/_layouts/15/download.aspx";

    /// <param name="version">The newest, or an old one when <paramref name="isOld"/>: the address of a file serves whatever its newest bytes are.</param>
    public string Address(GraphRequest request, Drive drive, DriveItemVersion version, bool isOld = false)
    {
        var expires = (world.Clock.Real.GetUtcNow() + world.Limits.Current.DownloadLifetime).UtcTicks;
        var token = OpaqueToken.Pack(request.Tenant.Id.ToString(), drive.Id, version.Item.Id, Format(isOld ? version.ContentNumber : 0), Format(expires), Format(drive.DownloadEpoch));
        return $"{FileHost(request.ServiceRoot)}{PathStart}?UniqueId={StableHash.Of(version.Item.Id):x16}&tempauth={token}";
    }

    /// <summary>Files lie on another host name than Graph: a client that sends its token along gives it to a stranger.</summary>
    public static string FileHost(string serviceRoot)
    {
        var root = new Uri(serviceRoot);
        return $"https://{(root.Host == "localhost" ? "127.0.0.1" : root.Host)}:{root.Port.ToString(CultureInfo.InvariantCulture)}";
    }

    /// <summary>On whose behalf an address was made; null when it is none.</summary>
    public CallerIdentity? FindCaller(string token) =>
        OpaqueToken.TryUnpack(token, 6, out var fields) && world.TryFindTenant(fields[0], out var tenant)
            ? new CallerIdentity(tenant, tenant.App.ClientId, tenant.Permissions) : null;

    public GraphResponse Answer(string token, bool hasAuthorization, string range, string accept)
    {
        var response = Read(token, hasAuthorization, range, accept);
        world.Statistics.Count("GET", PathStart, response.Status, response.Content?.Length ?? 0);
        return response;
    }

    private GraphResponse Read(string token, bool hasAuthorization, string range, string accept)
    {
        if (hasAuthorization || !OpaqueToken.TryUnpack(token, 6, out var fields) || !world.TryFindTenant(fields[0], out var tenant) || tenant.Drives.Find(fields[1]) is not { } drive)
            return Refuse(401, "unauthenticated");
        if (world.Limits.TakeFiles(new CallerIdentity(tenant, tenant.App.ClientId, tenant.Permissions), 1) is { } throttled)
            throw throttled;
        if (long.Parse(fields[4], CultureInfo.InvariantCulture) < world.Clock.Real.GetUtcNow().UtcTicks || fields[5] != Format(drive.DownloadEpoch))
            return Refuse(401, "unauthenticated");
        if (drive.Find(fields[2]) is not { } item)
            return Refuse(404, "itemNotFound");
        var version = item.Latest;
        var wanted = int.Parse(fields[3], CultureInfo.InvariantCulture);
        while (wanted > 0 && version.ContentNumber > wanted && version.Previous is { } older)
            version = older;
        if (RefusalOf(item.Latest) is { } refusal)
            return Refuse(refusal.Status, refusal.Code);
        return Serve(drive, version, range, accept);
    }

    /// <summary>Why the bytes of a file are not given; null when they are.</summary>
    public static GraphErrorException? RefusalOf(DriveItemVersion version) => version.Oddities switch
    {
        var odd when odd.HasFlag(FileOddities.Malware) => new GraphErrorException(403, "malwareDetected", "Malware detected"),
        var odd when odd.HasFlag(FileOddities.Locked) => DriveAccess.Locked(),
        var odd when odd.HasFlag(FileOddities.NeverServed) => new GraphErrorException(503, "serviceNotAvailable", "The service is not available. Try the request again after a delay."),
        _ => null,
    };

    private static GraphResponse Serve(Drive drive, DriveItemVersion version, string range, string accept)
    {
        var content = version.Content!;
        var response = new GraphResponse(200) { ContentType = MimeTypes.Of(version.Name), Content = new ContentPart(content, 0, content.Length) }
            .With("ETag", DriveItemJson.ETag(version)).With("Accept-Ranges", "bytes");
        if (version.Oddities.HasFlag(FileOddities.InfectedHeader))
            response = response.With("X-Virus-Infected", "true");
        if (range.Length == 0 || drive.Quirks.IgnoresRanges)
            return response;
        var match = Range().Match(range);
        if (!match.Success || accept.Length == 0)
            return new GraphResponse(416).With("Content-Range", $"bytes */{Format(content.Length)}");
        var from = long.Parse(match.Groups["from"].Value, CultureInfo.InvariantCulture);
        var to = match.Groups["to"].Value is { Length: > 0 } end ? Math.Min(long.Parse(end, CultureInfo.InvariantCulture), content.Length - 1) : content.Length - 1;
        if (from > to)
            return new GraphResponse(416).With("Content-Range", $"bytes */{Format(content.Length)}");
        return (response with { Status = 206, Content = new ContentPart(content, from, to - from + 1) })
            .With("Content-Range", $"bytes {Format(from)}-{Format(to)}/{Format(content.Length)}");
    }

    private static GraphResponse Refuse(int status, string code) => GraphResponse.Json(status, json =>
    {
        json.WriteStartObject();
        json.WriteStartObject("error");
        json.WriteString("code", code);
        json.WriteString("message", code);
        json.WriteEndObject();
        json.WriteEndObject();
    });

    private static string Format(long number) => number.ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^bytes=(?<from>\d{1,15})-(?<to>\d{0,15})$", RegexOptions.ExplicitCapture, 2000)]
    private static partial Regex Range();
}
