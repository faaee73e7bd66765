using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net.Http.Headers;
using OrleansBackup.Microsoft365.Transport;

namespace OrleansBackup.Microsoft365.Drives;

/// <summary>The one place that spells the addresses of one drive.</summary>
internal sealed class DriveRequests(GraphClient client, string driveId)
{
    private const string LoadPrefix = "drive/";

    /// <summary>Tell of sharing, of what is out of sight, and go on below folders with permissions of their own.</summary>
    private static readonly string[] DeltaPreferences = ["deltashowremovedasdeleted", "deltatraversepermissiongaps", "deltashowsharingchanges", "hierarchicalsharing"];

    private readonly string _root = $"drives/{Uri.EscapeDataString(driveId)}/";

    public string DriveId => driveId;

    /// <summary>What the traffic of a drive is counted under, beside the ids of mailboxes.</summary>
    public static string Load(string driveId) => LoadPrefix + driveId;

    public static bool IsLoad(string mailbox, [NotNullWhen(true)] out string? drive)
    {
        drive = mailbox.StartsWith(LoadPrefix, StringComparison.Ordinal) ? mailbox[LoadPrefix.Length..] : null;
        return drive is not null;
    }

    public Uri Delta(int pageSize) => client.Address(string.Create(CultureInfo.InvariantCulture, $"{_root}root/delta?$select={DriveItem.Select}&$top={pageSize}"));

    public Uri LatestToken(int pageSize) => client.Address(string.Create(CultureInfo.InvariantCulture, $"{_root}root/delta?$select={DriveItem.Select}&$top={pageSize}&token=latest"));

    public Uri Root() => client.Address($"{_root}root?$select={DriveItem.Select}");

    public Uri Item(string itemId) => client.Address($"{ItemPath(itemId)}?$select={DriveItem.Select}");

    public Uri Children(string itemId, int pageSize) => client.Address(string.Create(CultureInfo.InvariantCulture, $"{ItemPath(itemId)}/children?$select={DriveItem.Select}&$top={pageSize}"));

    public Uri Content(string itemId) => client.Address($"{ItemPath(itemId)}/content");

    public string ItemPath(string itemId) => $"{_root}items/{Uri.EscapeDataString(itemId)}";

    public string ChildPath(string parentId, string name) => $"{ItemPath(parentId)}:/{Uri.EscapeDataString(name)}";

    public GraphRequest Read(Uri address, RequestSubject subject, int units = 1) => new()
    {
        Method = HttpMethod.Get,
        Address = address,
        Subject = subject,
        Mailbox = Load(driveId),
        Units = units,
        AnyPermission = GraphPermissions.ReadFiles,
    };

    public GraphRequest ReadDelta(Uri address, int units) => Read(address, RequestSubject.Drive, units) with { Preferences = [.. DeltaPreferences] };

    public GraphRequest Write(HttpMethod method, string path, byte[]? json = null, int units = 2) => new()
    {
        Method = method,
        Address = client.Address(path),
        Subject = RequestSubject.DriveWrite,
        Mailbox = Load(driveId),
        Units = units,
        AnyPermission = GraphPermissions.WriteFiles,
        Body = json is null ? null : () => new ByteArrayContent(json) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } },
        BodyBytes = json?.Length ?? 0,
    };
}
