using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;

namespace OrleansBackup.Microsoft365.Sites;

/// <summary>An item of a list as a round tells it.</summary>
/// <param name="Problem">The service fails on the item: its code. Then there is no JSON.</param>
public sealed record ListEntry(string Id, bool IsDeleted, string? ETag, ReadOnlyMemory<byte> Json, string? Problem)
{
    public string? Title { get; private init; }

    public DateTimeOffset? Modified { get; private init; }

    public bool IsFolder { get; private init; }

    /// <summary>Files hang on it, which Graph does not hand out.</summary>
    public bool HasAttachments { get; private init; }

    public static ListEntry Broken(string id, string? eTag, string code) => new(id, IsDeleted: false, eTag, default, code);

    internal static ListEntry? Read(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        var item = document.RootElement;
        if (TolerantJson.GetText(item, "id") is not { Length: > 0 } id) return null;
        if ((item.TryGetProperty("deleted", out var deleted) && deleted.ValueKind == JsonValueKind.Object) || item.TryGetProperty("@removed", out _)) return new ListEntry(id, IsDeleted: true, null, default, null);
        var fields = item.TryGetProperty("fields", out var found) ? found : default;
        var type = item.TryGetProperty("contentType", out var contentType) ? contentType : default;
        return new ListEntry(id, IsDeleted: false, TolerantJson.GetText(item, "eTag"), json.ToArray(), null)
        {
            Title = TolerantJson.GetText(fields, "Title"),
            Modified = DateTimeOffset.TryParse(TolerantJson.GetText(item, "lastModifiedDateTime"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var modified) ? modified : null,
            IsFolder = TolerantJson.GetText(type, "id")?.StartsWith("0x0120", StringComparison.Ordinal) == true,
            HasAttachments = fields.ValueKind == JsonValueKind.Object && fields.TryGetProperty("Attachments", out var attachments) && attachments.ValueKind == JsonValueKind.True,
        };
    }
}

/// <summary>One page of a round over a list, to be applied in order.</summary>
public sealed record ListPage
{
    public required ImmutableArray<ListEntry> Entries { get; init; }

    /// <summary>Where the next round, or an interrupted one, goes on; empty: from nothing.</summary>
    public required string Link { get; init; }

    public required bool IsLast { get; init; }

    /// <summary>The round began anew, from nothing, with this page.</summary>
    public required bool Restarted { get; init; }

    public string? Warning { get; init; }
}
