using System.Text.Encodings.Web;
using System.Text.Json;
using OrleansBackup.Domain.Documents;
using OrleansBackup.Vault;

namespace OrleansBackup.VaultReader;

/// <summary>Writes items to the place that their parents give them.</summary>
/// <remarks>An item goes where its chain of parents leads; one whose chain bites its own tail goes to
/// <c>_unplaced</c>, and what lies too deep for a file system to a folder beside the others, so that none is left out.</remarks>
internal sealed class ExportTree(PointReader point, string target, ItemVersion? top)
{
    private const string FolderKind = "folder", Unplaced = "_unplaced", TooDeep = "_deep";
    private const int LongestPath = 600, MostParents = 500;
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Dictionary<string, (string Path, bool IsInside)> _folders = new(StringComparer.Ordinal);
    private readonly HashSet<string> _taken = new(StringComparer.OrdinalIgnoreCase);

    public int Items { get; private set; }
    public int Files { get; private set; }
    public long Bytes { get; private set; }
    public List<(string Item, string Role, string Why)> Failures { get; } = [];

    public async Task WriteAsync(ItemVersion item, CancellationToken cancellation)
    {
        if (item.Kind == FolderKind)
        {
            var (own, isWanted) = await FolderAsync(item.Id, [], cancellation);
            if (isWanted)
                Directory.CreateDirectory(SafeNames.Within(target, own));
            return;
        }
        var (folder, isInside) = item.ParentId is null ? ("", top is null) : await FolderAsync(item.ParentId, [], cancellation);
        if (!isInside && item.Id != top?.Id)
            return;
        Items++;
        var stem = Path.Combine(folder, $"{SafeNames.Of(item.Name, "(no name)")}-{SafeNames.Mark(item.Id)}");
        Directory.CreateDirectory(Path.GetDirectoryName(SafeNames.Within(target, stem))!);
        foreach (var (role, content) in item.Contents)
            await WriteContentAsync(item, SafeNames.Within(target, stem + Ending(role)), role, content, cancellation);
        await using (var facts = new FileStream(SafeNames.Within(target, stem + ".json"), FileMode.CreateNew)) // never over a content
            await JsonSerializer.SerializeAsync(
                facts, new { item.Id, item.ParentId, item.Kind, item.Name, item.Size, item.Time, item.Properties, Contents = item.Contents.Keys }, Indented, cancellation);
        Files++;
    }

    private async Task WriteContentAsync(ItemVersion item, string path, string role, ContentReference content, CancellationToken cancellation)
    {
        try
        {
            await using (var source = await point.OpenContentAsync(content, cancellation))
            await using (var file = new FileStream(path, FileMode.CreateNew))
                await source.CopyToAsync(file, cancellation);
            if (item.Time is { UtcDateTime: var time } && time.Year > 1980)
                File.SetLastWriteTimeUtc(path, time);
            (Files, Bytes) = (Files + 1, Bytes + content.Length);
        }
        catch (DamagedObjectException e)
        {
            File.Delete(path); // half a content must not pass for a whole one
            Failures.Add((item.Name, role, e.Message));
        }
    }

    // The MIME bytes are a mail file; "message" is the item's own JSON, and so is "json" of other kinds: plain .json is what we know of it.
    private static string Ending(string role) => role switch { "mime" => ".eml", "message" => ".message.json", "json" => ".graph.json", _ => $".{SafeNames.Of(role, "content")}" };

    private async ValueTask<(string Path, bool IsInside)> FolderAsync(string id, HashSet<string> below, CancellationToken cancellation)
    {
        if (_folders.TryGetValue(id, out var known))
            return known;
        if (!below.Add(id) || below.Count > MostParents)
            return (Unplaced, top is null);
        (string Path, bool IsInside) place;
        if (await point.FindAsync(id, cancellation) is not { } folder)
            place = ("", top is null);
        else
        {
            var (parent, isInside) = folder.ParentId is null ? ("", top is null) : await FolderAsync(folder.ParentId, below, cancellation);
            var path = Path.Combine(parent, SafeNames.Of(folder.Name, "(no name)"));
            if (path.Length > LongestPath)
                path = $"{TooDeep}-{SafeNames.Mark(id)}";
            place = (_taken.Add(path) ? path : $"{path}-{SafeNames.Mark(id)}", isInside || id == top?.Id);
        }
        return _folders[id] = place;
    }
}
