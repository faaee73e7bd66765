using System.Globalization;
using System.Text.Json;
using OrleansBackup.GrainInterfaces.Points;

namespace OrleansBackup.Portal.Previews;

/// <summary>Reads contents of an item for a preview, and never more of them than a preview may take.</summary>
internal sealed class ItemReading(IRestorePointGrain point, ItemAtPoint item)
{
    private const int LargestJson = 8_000_000, LargestPicture = 1_500_000, MostPictureBytes = 5_000_000, MostPictures = 30, LargestProperties = 65_536;

    /// <summary>All properties as Microsoft Graph gave them; null: there are none, or they are too many for a preview. The caller disposes it.</summary>
    public async Task<JsonDocument?> JsonAsync(CancellationToken cancellation)
    {
        var role = item.Kind == "message" ? "message" : "json";
        if (await BytesAsync(role, LargestJson, cancellation) is not { } bytes)
            return null;
        try
        {
            return JsonDocument.Parse(bytes);
        }
        catch (JsonException)
        {
            return null; // deeper than any item is: it can be downloaded
        }
    }

    /// <returns>Null: it has no such content, or one that is larger.</returns>
    public async Task<byte[]?> BytesAsync(string role, int most, CancellationToken cancellation)
    {
        if (item.Contents.FirstOrDefault(content => content.Role == role) is not { } content || content.Size > most)
            return null;
        using var all = new MemoryStream();
        await foreach (var piece in point.ReadContent(item.Id, role, cancellation))
        {
            if (all.Length + piece.Length > most)
                return null; // more than was said
            all.Write(piece.Span);
        }
        return all.ToArray();
    }

    /// <summary>The beginning of a content.</summary>
    /// <returns>Null: it has no such content.</returns>
    public async Task<(byte[] Bytes, bool IsCut)?> BeginningAsync(string role, int most, CancellationToken cancellation)
    {
        if (item.Contents.FirstOrDefault(content => content.Role == role) is not { } content)
            return null;
        using var all = new MemoryStream();
        await foreach (var piece in point.ReadStretch(item.Id, role, 0, most, cancellation))
            all.Write(piece.Span[..(int)Math.Min(piece.Length, most - all.Length)]);
        return (all.ToArray(), content.Size > all.Length);
    }

    /// <summary>The item's own pictures that lie in its text, by content id. What is no picture, too large or too many is left out.</summary>
    public async Task<Dictionary<string, string>> PicturesAsync(CancellationToken cancellation)
    {
        var (pictures, left) = (new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase), MostPictureBytes);
        for (var at = 0; at < item.Attachments.Length && pictures.Count < MostPictures; at++)
        {
            var role = $"attachment-{at.ToString(CultureInfo.InvariantCulture)}";
            if (!item.Attachments[at].IsInline || await ContentIdAsync($"{role}-properties", cancellation) is not { } id || await BytesAsync(role, Math.Min(left, LargestPicture), cancellation) is not { } bytes)
                continue;
            if (PictureFile.ShowableType(bytes) is not { } type)
                continue;
            left -= bytes.Length;
            pictures[id] = $"data:{type};base64,{Convert.ToBase64String(bytes)}";
        }
        return pictures;
    }

    /// <summary>The pictures that lie in a channel message, by the role of their content, with the same bounds.</summary>
    public async Task<Dictionary<string, string>> HostedPicturesAsync(CancellationToken cancellation)
    {
        var (pictures, left) = (new Dictionary<string, string>(StringComparer.Ordinal), MostPictureBytes);
        foreach (var content in item.Contents.Where(content => content.Role.StartsWith(SafeHtml.HostedRole, StringComparison.Ordinal)).Take(MostPictures))
            if (await BytesAsync(content.Role, Math.Min(left, LargestPicture), cancellation) is { } bytes && PictureFile.ShowableType(bytes) is { } type)
            {
                left -= bytes.Length;
                pictures[content.Role] = $"data:{type};base64,{Convert.ToBase64String(bytes)}";
            }
        return pictures;
    }

    private async Task<string?> ContentIdAsync(string role, CancellationToken cancellation)
    {
        if (await BytesAsync(role, LargestProperties, cancellation) is not { } bytes)
            return null;
        try
        {
            using var json = JsonDocument.Parse(bytes);
            return json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("contentId", out var id) && id.ValueKind == JsonValueKind.String ? id.GetString()!.Trim('<', '>') : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
