using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json;
using OrleansBackup.GraphSimulator.Generation;
using OrleansBackup.GraphSimulator.Http;
using OrleansBackup.GraphSimulator.World;

namespace OrleansBackup.GraphSimulator.Drives;

/// <summary>Writes a version of an item as Graph's <c>driveItem</c>.</summary>
internal sealed class DriveItemJson(Drive drive, DriveDownloads downloads, GraphRequest request, IReadOnlySet<string>? select)
{
    public const string TypeName = "microsoft.graph.driveItem";
    public const string DownloadName = "content.downloadUrl";

    private static readonly FrozenSet<string> Names = new[]
    {
        "id", "name", "size", "eTag", "cTag", "file", "folder", "package", "deleted", "root", "parentReference", "fileSystemInfo", "malware", "shared", "createdBy",
        "lastModifiedBy", "createdDateTime", "lastModifiedDateTime", "remoteItem", "publication", "webUrl", "specialFolder", "image", "photo", "video", "audio", "bundle",
        "description", "searchResult", "webDavUrl", "sharepointIds", "location", DownloadName, "@microsoft.graph.downloadUrl",
    }.ToFrozenSet();

    public static bool IsKnown(string name) => Names.Contains(name);

    /// <summary>In a delta the service leaves out what it leaves out there: the cTag, paths, and most of what is deleted.</summary>
    public bool IsDelta { get; init; }

    /// <summary>The <c>shared</c> facet only where permissions are set, and a mark on items that are listed for a change of them.</summary>
    public bool TellsSharing { get; init; }

    public void Write(Utf8JsonWriter json, DriveItemVersion version)
    {
        json.WriteStartObject();
        json.WriteString("id", version.Item.Id);
        if (version.IsDeleted)
            WriteDeleted(json, version);
        else
            WriteLiving(json, version);
        json.WriteEndObject();
    }

    public static string ETag(DriveItemVersion version) => $"\"{{{Guid(version)}}},{version.ChangeNumber.ToString(CultureInfo.InvariantCulture)}\"";

    private static void WriteDeleted(Utf8JsonWriter json, DriveItemVersion version)
    {
        json.WriteStartObject("deleted");
        json.WriteString("state", "deleted");
        json.WriteEndObject();
        if (version.Parent is { } parent)
        {
            json.WriteStartObject("parentReference");
            json.WriteString("id", parent.Id);
            json.WriteEndObject();
        }
    }

    private void WriteLiving(Utf8JsonWriter json, DriveItemVersion version)
    {
        if (Wants("name")) json.WriteString("name", version.Name);
        if (Wants("eTag")) json.WriteString("eTag", ETag(version));
        if (Wants("cTag") && !IsDelta) json.WriteString("cTag", $"\"c:{{{Guid(version)}}},{version.ContentNumber.ToString(CultureInfo.InvariantCulture)}\"");
        if (Wants("createdDateTime")) json.WriteString("createdDateTime", Time(version.Created));
        if (Wants("lastModifiedDateTime")) json.WriteString("lastModifiedDateTime", Time(version.Modified));
        if (Wants("createdBy")) Identity(json, "createdBy", version.CreatedBy);
        if (Wants("lastModifiedBy")) Identity(json, "lastModifiedBy", version.ModifiedBy);
        if (Wants("parentReference")) Parent(json, version);
        if (Wants("size")) json.WriteNumber("size", Size(version));
        if (Wants("fileSystemInfo")) FileSystemInfo(json, version);
        Facets(json, version);
        if (Wants("shared") && !version.Sharing.IsEmpty) Shared(json, version);
        if (TellsSharing && version.IsSharingChange)
        {
            if (version.Sharing.IsEmpty && Wants("shared"))
            {
                json.WriteStartObject("shared");
                json.WriteEndObject();
            }
            json.WriteString("@microsoft.graph.sharedChanged", "True");
        }
        if (version.Item.Kind == DriveItemKind.File && (select is null || Wants(DownloadName) || Wants("@microsoft.graph.downloadUrl")) && !version.Oddities.HasFlag(FileOddities.Malware))
            json.WriteString("@microsoft.graph.downloadUrl", downloads.Address(request, drive, version));
    }

    private void Facets(Utf8JsonWriter json, DriveItemVersion version)
    {
        switch (version.Item.Kind)
        {
            case DriveItemKind.File when Wants("file"):
                File(json, version);
                break;
            case DriveItemKind.Package when Wants("package"):
                json.WriteStartObject("package");
                json.WriteString("type", "oneNote");
                json.WriteEndObject();
                break;
            case DriveItemKind.Shortcut when Wants("remoteItem"):
                json.WriteStartObject("remoteItem");
                json.WriteString("id", "01REMOTE");
                json.WriteStartObject("parentReference");
                json.WriteString("driveId", "b!elsewhere");
                json.WriteEndObject();
                json.WriteEndObject();
                break;
            case DriveItemKind.Root or DriveItemKind.Folder when Wants("folder"):
                json.WriteStartObject("folder");
                json.WriteNumber("childCount", version.Item.Children.Count);
                json.WriteEndObject();
                break;
        }
        if (version.Item.Kind == DriveItemKind.Root && Wants("root"))
        {
            json.WriteStartObject("root");
            json.WriteEndObject();
        }
        if (version.Oddities.HasFlag(FileOddities.Malware) && Wants("malware"))
        {
            json.WriteStartObject("malware");
            json.WriteString("description", "Virus:Simulated/Test");
            json.WriteEndObject();
        }
    }

    private static void File(Utf8JsonWriter json, DriveItemVersion version)
    {
        json.WriteStartObject("file");
        json.WriteString("mimeType", MimeTypes.Of(version.Name));
        // An empty file has no hash, and so have some others.
        if (version.Content!.Length > 0 && !version.Oddities.HasFlag(FileOddities.HashMissing))
        {
            json.WriteStartObject("hashes");
            json.WriteString("quickXorHash", version.Oddities.HasFlag(FileOddities.HashWrong)
                ? Convert.ToBase64String(BitConverter.GetBytes(StableHash.Of(version.Item.Id + version.ContentNumber)).Concat(new byte[12]).ToArray())
                : version.Content.QuickXorHash);
            if (version.Oddities.HasFlag(FileOddities.HasSha256))
                json.WriteString("sha256Hash", version.Content.Sha256.ToUpperInvariant());
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }

    private void Parent(Utf8JsonWriter json, DriveItemVersion version)
    {
        json.WriteStartObject("parentReference");
        json.WriteString("driveType", drive.IsPersonal ? "business" : "documentLibrary");
        json.WriteString("driveId", drive.Id);
        if (version.Parent is { } parent)
        {
            json.WriteString("id", parent.Id);
            if (!IsDelta)
                json.WriteString("path", $"/drives/{drive.Id}/root:{(parent.Kind == DriveItemKind.Root ? "" : "/" + Uri.EscapeDataString(drive.Path(parent)).Replace("%2F", "/", StringComparison.Ordinal))}");
        }
        json.WriteEndObject();
    }

    private static void FileSystemInfo(Utf8JsonWriter json, DriveItemVersion version)
    {
        json.WriteStartObject("fileSystemInfo");
        json.WriteString("createdDateTime", Time(version.Created));
        json.WriteString("lastModifiedDateTime", Time(version.Modified));
        json.WriteEndObject();
    }

    private static void Shared(Utf8JsonWriter json, DriveItemVersion version)
    {
        json.WriteStartObject("shared");
        json.WriteString("scope", version.Sharing.Any(permission => permission.LinkScope == "anonymous") ? "anonymous"
            : version.Sharing.Any(permission => permission.LinkScope == "organization") ? "organization" : "users");
        json.WriteEndObject();
    }

    private static long Size(DriveItemVersion version) => version.Item.Kind == DriveItemKind.File
        ? version.Content!.Length + (version.Oddities.HasFlag(FileOddities.SizeWrong) ? 17 : 0)
        : version.Item.Children.Where(child => child.Kind == DriveItemKind.File).Sum(child => child.Latest.Content!.Length);

    private static void Identity(Utf8JsonWriter json, string property, string name)
    {
        if (name.Length == 0)
            return;
        json.WriteStartObject(property);
        json.WriteStartObject("user");
        json.WriteString("displayName", name);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);

    private static string Guid(DriveItemVersion version) => new Guid((int)version.Item.Number, 0x51, 0x4d,
        BitConverter.GetBytes(StableHash.Of(version.Item.Id))).ToString("D").ToUpperInvariant();

    private bool Wants(string name) => select is null || select.Contains(name);
}
