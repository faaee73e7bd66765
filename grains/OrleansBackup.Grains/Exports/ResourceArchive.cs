using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using OrleansBackup.Domain.Documents;
using OrleansBackup.Domain.Exports;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.Grains.Runs;
using OrleansBackup.Grains.Points;
using OrleansBackup.Vault;

namespace OrleansBackup.Grains.Exports;

/// <summary>Writes one restore point as an archive of files that every program reads: messages as .eml, events and tasks as .ics, contacts as .vcf, files as they were, and beside them
/// everything that is known of an item as the JSON of Microsoft Graph.</summary>
/// <remarks>The file gets its name when it is whole and durable, so a crash leaves none that passes for whole. What cannot be read stands in the archive with the reason.</remarks>
internal sealed class ResourceArchive(PointReader point, FolderTree folders, string path)
{
    private const string Unplaced = "_unplaced";
    private const int LongestFolder = 600, LongestExtension = 16;

    /// <summary>Of what a crash can leave beside the archives.</summary>
    public const string PartEnding = ".part", ContentEnding = ".content";

    private readonly string _beside = path + ContentEnding;

    private readonly Dictionary<string, string> _paths = new(StringComparer.Ordinal);
    private readonly HashSet<string> _taken = new(StringComparer.OrdinalIgnoreCase) { ExportManifest.InArchive, ExportManifest.NotIncluded };
    private readonly StringBuilder _list = new(), _missing = new();

    public long Items { get; private set; }

    public int NotIncluded { get; private set; }

    /// <summary>When this returns the file is durable under its name.</summary>
    /// <returns>Its hash and length.</returns>
    public async Task<(string Sha256, long Bytes)> WriteAsync(CancellationToken cancellation)
    {
        var part = path + PartEnding;
        await using var file = new FileStream(part, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.ReadWrite, Share = FileShare.None });
        await using (var zip = await ZipArchive.CreateAsync(file, ZipArchiveMode.Create, leaveOpen: true, Encoding.UTF8, cancellation))
        {
            await foreach (var item in point.ItemsAsync(ItemFilter.All, cancellation))
                if (ItemKinds.IsItem(item.Kind))
                    await AddItemAsync(zip, item, cancellation);
            if (NotIncluded > 0)
                await AddTextAsync(zip, ExportManifest.NotIncluded, $"What could not be read: file and reason, with a tab between.\n{_missing}", listed: true, cancellation);
            await AddTextAsync(zip, ExportManifest.InArchive, _list.ToString(), listed: false, cancellation);
        }
        file.Flush(flushToDisk: true);
        file.Position = 0;
        var result = (Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellation)), file.Length);
        File.Move(part, path, overwrite: true);
        return result;
    }

    private async Task AddItemAsync(ZipArchive zip, ItemVersion item, CancellationToken cancellation)
    {
        Items++;
        var contents = item.Contents.Where(one => one.Key != ContentRoles.Export).ToList(); // Exchange's own form is no open one
        var stem = Free(FolderOf(item.ParentId, 0), item, [.. contents.Select(content => Ending(content.Key))]);
        foreach (var (role, content) in contents)
            await AddAsync(zip, stem + Ending(role), item.Time, async target =>
            {
                await using var source = await point.OpenContentAsync(content, cancellation);
                await source.CopyToAsync(target, cancellation);
            }, cancellation);
        if (item.Kind is ItemKinds.Event or ItemKinds.Task or ItemKinds.Contact)
        {
            var role = item.Kind == ItemKinds.Contact ? ItemFile.Card : ItemFile.Calendar;
            await AddAsync(zip, $"{stem}.{role}", item.Time, async target =>
            {
                await foreach (var piece in ItemFile.MakeAsync(point, folders, item.Id, role, cancellation))
                    await target.WriteAsync(piece, cancellation);
            }, cancellation);
        }
    }

    private async Task AddAsync(ZipArchive zip, string name, DateTimeOffset? time, Func<Stream, Task> write, CancellationToken cancellation)
    {
        // Made whole before it is put into the archive: half a content must not pass for a whole one.
        await using var content = new FileStream(_beside, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.ReadWrite, Options = FileOptions.DeleteOnClose | FileOptions.Asynchronous });
        try
        {
            await write(content);
        }
        catch (Exception damage) when (damage is DamagedObjectException or NotFoundException)
        {
            NotIncluded++;
            _missing.Append(name).Append('\t').Append(damage.Message).Append('\n');
            return;
        }
        content.Position = 0;
        var hash = Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancellation));
        content.Position = 0;
        var entry = zip.CreateEntry(name, CompressionLevel.Fastest);
        if (time is { Year: >= 1980 and < 2107 } known) // what the format can hold
            entry.LastWriteTime = known;
        await using (var target = await entry.OpenAsync(cancellation))
            await content.CopyToAsync(target, cancellation);
        _list.Append(ExportManifest.Line(new(hash, content.Length, name)));
    }

    private async Task AddTextAsync(ZipArchive zip, string name, string text, bool listed, CancellationToken cancellation)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        await using (var target = await zip.CreateEntry(name).OpenAsync(cancellation))
            await target.WriteAsync(bytes, cancellation);
        if (listed)
            _list.Append(ExportManifest.Line(new(Convert.ToHexStringLower(SHA256.HashData(bytes)), bytes.Length, name)));
    }

    /// <summary>A name that none of the item's files shares with another, also where case does not count: a file <c>a.json</c> beside the JSON of a file <c>a</c>, or one that is called like our own list.</summary>
    private string Free(string folder, ItemVersion item, IReadOnlyList<string> endings)
    {
        var isFile = item.Contents.ContainsKey(ContentRoles.Content);
        var (name, extension) = isFile ? FileName(item.Name) : ($"{SafeNames.Of(item.Name, item.Kind)}-{SafeNames.Mark(item.Id)}", "");
        var stem = $"{folder}{name}{extension}";
        if (!endings.All(ending => IsFree(stem + ending)))
            stem = $"{folder}{name}-{SafeNames.Mark(item.Id)}{extension}";
        foreach (var ending in endings)
            _taken.Add(stem + ending);
        return stem;
    }

    private bool IsFree(string path) => !_taken.Contains(path) && !_taken.Contains($"{path}/");

    /// <summary>A long name keeps its extension, without which nothing opens it.</summary>
    private static (string Name, string Extension) FileName(string given) =>
        Path.GetExtension(given) is { Length: > 1 and <= LongestExtension } extension && extension.Length < given.Length
            ? (SafeNames.Of(given[..^extension.Length], "file"), $".{SafeNames.Of(extension[1..], "bin")}") : (SafeNames.Of(given, "file"), "");

    /// <summary>Where the chain of containers leads, with '/' behind it; two of one name stay apart.</summary>
    private string FolderOf(string? id, int depth)
    {
        if (id is null || folders.Find(id) is not { } folder)
            return "";
        if (_paths.TryGetValue(id, out var known))
            return known;
        var path = depth > 200 ? $"{Unplaced}/" : $"{FolderOf(folder.ParentId, depth + 1)}{SafeNames.Of(folder.Name, "folder")}/";
        if (path.Length > LongestFolder)
            path = $"{Unplaced}/";
        return _paths[id] = (!_taken.Contains(path[..^1]) && _taken.Add(path)) || path == $"{Unplaced}/" ? path : $"{path[..^1]}-{SafeNames.Mark(id)}/";
    }

    private static string Ending(string role) => role switch
    {
        "mime" => ".eml", "message" or ContentRoles.Json => ".json", ContentRoles.Content => "", ContentRoles.Photo => ".photo.jpg", ContentRoles.Permissions => ".permissions.json",
        _ => $".{SafeNames.Of(role, "content")}",
    };
}
