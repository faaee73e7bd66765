using System.Globalization;
using System.Text.Json;

namespace OrleansBackup.Microsoft365.Drives;

/// <summary>What an item of a drive is.</summary>
public enum DriveItemKind
{
    Root,
    Folder,
    File,

    /// <summary>A notebook: its files are listed below it, as a whole it is not handed out.</summary>
    Package,

    /// <summary>A link into another drive; recorded, not followed.</summary>
    Shortcut,
}

/// <summary>An item of a drive as it was listed.</summary>
public sealed record DriveItem
{
    internal const string Select = "id,name,size,eTag,cTag,file,folder,package,deleted,root,parentReference,fileSystemInfo,malware,shared,createdBy,lastModifiedBy,"
        + "createdDateTime,lastModifiedDateTime,remoteItem,publication,content.downloadUrl";

    private const string DownloadUrlName = "@microsoft.graph.downloadUrl";

    public required string Id { get; init; }

    public required DriveItemKind Kind { get; init; }

    /// <summary>Empty for something deleted, of which hardly more than the id is told.</summary>
    public string Name { get; init; } = "";

    public string? ParentId { get; init; }

    public bool IsDeleted { get; init; }

    /// <summary>As the service says, which is wrong now and then for Office files.</summary>
    public long Size { get; init; }

    /// <summary>Changes with every change of content or properties.</summary>
    public string ETag { get; init; } = "";

    /// <summary>The dates of the client's file system; they survive copying.</summary>
    public DateTimeOffset? Created { get; init; }

    public DateTimeOffset? Modified { get; init; }

    public string? MimeType { get; init; }

    public string? QuickXorHash { get; init; }

    public string? Sha256Hash { get; init; }

    /// <summary>Permissions are set on this very item.</summary>
    public bool IsShared { get; init; }

    /// <summary>The item is listed because its permissions changed.</summary>
    public bool SharingChanged { get; init; }

    /// <summary>The scanner holds it for harmful: it is not handed out.</summary>
    public bool IsMalware { get; init; }

    /// <summary>A notebook's file, which the service may refuse for ever.</summary>
    public bool IsNotebookFile => MimeType == "application/msonenote" || IsNotebookName(Name);

    public string? ModifiedBy { get; init; }

    /// <summary>The item as it was sent, but for the download address, which is a key.</summary>
    public ReadOnlyMemory<byte> Json { get; init; }

    /// <summary>Carries its own permission and expires; never stored, never logged.</summary>
    internal string? DownloadUrl { get; init; }

    /// <summary>Null for something without an id.</summary>
    internal static DriveItem? Read(ReadOnlyMemory<byte> raw)
    {
        using var document = JsonDocument.Parse(raw, new JsonDocumentOptions { MaxDepth = 128 });
        var item = document.RootElement;
        if (TolerantJson.GetText(item, "id") is not { Length: > 0 } id) return null;
        item.TryGetProperty("parentReference", out var parent);
        item.TryGetProperty("file", out var file);
        item.TryGetProperty("fileSystemInfo", out var dates);
        var hashes = file.ValueKind == JsonValueKind.Object && file.TryGetProperty("hashes", out var found) ? found : default;
        return new DriveItem
        {
            Id = id,
            Kind = KindOf(item, file),
            Name = TolerantJson.GetText(item, "name") ?? "",
            ParentId = TolerantJson.GetText(parent, "id"),
            IsDeleted = item.TryGetProperty("deleted", out _),
            Size = item.TryGetProperty("size", out var size) && size.ValueKind == JsonValueKind.Number && size.TryGetInt64(out var bytes) ? bytes : 0,
            ETag = TolerantJson.GetText(item, "eTag") ?? "",
            Created = Time(dates, "createdDateTime") ?? Time(item, "createdDateTime"),
            Modified = Time(dates, "lastModifiedDateTime") ?? Time(item, "lastModifiedDateTime"),
            MimeType = TolerantJson.GetText(file, "mimeType"),
            QuickXorHash = TolerantJson.GetText(hashes, "quickXorHash"),
            Sha256Hash = TolerantJson.GetText(hashes, "sha256Hash"),
            IsShared = item.TryGetProperty("shared", out var shared) && shared.ValueKind == JsonValueKind.Object && shared.TryGetProperty("scope", out _),
            SharingChanged = TolerantJson.GetText(item, "@microsoft.graph.sharedChanged") is { } changed && changed.Equals("true", StringComparison.OrdinalIgnoreCase),
            IsMalware = item.TryGetProperty("malware", out var malware) && malware.ValueKind == JsonValueKind.Object,
            ModifiedBy = NameOf(item, "lastModifiedBy"),
            DownloadUrl = TolerantJson.GetText(item, DownloadUrlName) ?? TolerantJson.GetText(item, "@content.downloadUrl"),
            Json = WithoutAddress(item),
        };
    }

    /// <summary>Whether a file of this name belongs to a notebook.</summary>
    public static bool IsNotebookName(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.EndsWith(".one", StringComparison.OrdinalIgnoreCase) || name.EndsWith(".onetoc2", StringComparison.OrdinalIgnoreCase);
    }

    internal static DateTimeOffset? Time(JsonElement parent, string property) =>
        TolerantJson.GetText(parent, property) is { } text && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;

    private static DriveItemKind KindOf(JsonElement item, JsonElement file) =>
        item.TryGetProperty("root", out _) ? DriveItemKind.Root
        : item.TryGetProperty("remoteItem", out _) ? DriveItemKind.Shortcut
        : item.TryGetProperty("package", out _) ? DriveItemKind.Package
        : file.ValueKind == JsonValueKind.Object ? DriveItemKind.File
        : item.TryGetProperty("folder", out _) ? DriveItemKind.Folder
        : DriveItemKind.File;

    private static string? NameOf(JsonElement item, string property) =>
        item.TryGetProperty(property, out var by) && by.ValueKind == JsonValueKind.Object && by.TryGetProperty("user", out var user) ? TolerantJson.GetText(user, "displayName") : null;

    private static byte[] WithoutAddress(JsonElement item)
    {
        var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            foreach (var property in item.EnumerateObject())
            {
                if (property.Name is DownloadUrlName or "@content.downloadUrl") continue;
                json.WritePropertyName(property.Name);
                json.WriteRawValue(System.Runtime.InteropServices.JsonMarshal.GetRawUtf8Value(property.Value), skipInputValidation: true);
            }

            json.WriteEndObject();
        }

        return buffer.ToArray();
    }
}
