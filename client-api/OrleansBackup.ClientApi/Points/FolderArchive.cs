using System.Collections.Immutable;
using System.IO.Compression;
using System.Text;
using Microsoft.AspNetCore.Http;
using OrleansBackup.ClientApi.Problems;
using OrleansBackup.ClientApi.Streams;
using OrleansBackup.GrainInterfaces.Points;

namespace OrleansBackup.ClientApi.Points;

/// <summary>A folder of a restore point, with all below it, as a .zip of the files that its items are, written while it is read.</summary>
/// <remarks>
/// In memory are one piece of one item and the list of names. Folders keep their path from the asked-for folder down; beside an item lie the
/// attachments and pictures that its own file does not hold. Items that have no file stand in <see cref="NotIncluded"/> with the reason, so that nothing is left out quietly. An error on the way cuts the connection,
/// which leaves an archive that no program opens as whole.
/// </remarks>
internal sealed class FolderArchive : IResult
{
    /// <summary>The text file that lists what is not in the archive; absent when everything is.</summary>
    public const string NotIncluded = "_not-included.txt";

    private const int ItemsAtOnce = 200;

    private readonly IRestorePointGrain _point;
    private readonly FolderAtPoint _top;
    private readonly ILookup<string?, FolderAtPoint> _children;
    private readonly List<string> _notIncluded = [];
    private readonly HashSet<string> _written = new(StringComparer.Ordinal);

    private FolderArchive(IRestorePointGrain point, FolderAtPoint top, ImmutableArray<FolderAtPoint> folders)
    {
        _point = point;
        _top = top;
        _children = folders.ToLookup(folder => folder.ParentId);
    }

    /// <exception cref="ProblemException">The point has no such folder.</exception>
    public static async Task<FolderArchive> OpenAsync(IRestorePointGrain point, string folderId, CancellationToken cancellation)
    {
        var folders = await point.ListFolders(cancellation);
        var top = folders.FirstOrDefault(folder => folder.Id == folderId) ?? throw new ProblemException(Problem.NoSuchFolder(folderId));
        return new FolderArchive(point, top, folders);
    }

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var cancellation = httpContext.RequestAborted;
        var name = SafeFileName.Of(_top.Name, "folder");
        DownloadHeaders.Set(httpContext.Response, "application/zip", $"{name}.zip");
        if (HttpMethods.IsHead(httpContext.Request.Method))
            return;
        // Closed only after the last entry: closing writes the directory that makes the archive whole, which an error must not do.
        var body = new AsyncOnlyStream(httpContext.Response.Body);
        var archive = await ZipArchive.CreateAsync(body, ZipArchiveMode.Create, leaveOpen: true, Encoding.UTF8, cancellation);
        await AddFolderAsync(archive, body, _top, name, cancellation);
        if (_notIncluded.Count > 0)
            await AddTextAsync(archive, cancellation);
        await archive.DisposeAsync();
        await body.FlushAsync(cancellation);
    }

    private async Task AddFolderAsync(ZipArchive archive, AsyncOnlyStream body, FolderAtPoint folder, string path, CancellationToken cancellation)
    {
        if (!_written.Add(folder.Id))
            return; // folders that hold each other would never end
        archive.CreateEntry($"{path}/"); // an empty folder is part of what was there
        var names = new NamesOfOneFolder();
        string? after = null;
        do
        {
            var page = await _point.ListItems(folder.Id, after, ItemsAtOnce, cancellation);
            foreach (var item in page.Items)
            {
                if (ItemDownload.Of(item) is { } file)
                    await AddItemAsync(archive, item, file, path, names, cancellation);
                else
                    _notIncluded.Add($"{path}\t{Line(item.Subject)}\t{item.Id}\t{ItemDownload.Refusal(item)}");
                await body.SendHeldAsync(cancellation);
            }
            after = page.Next;
        }
        while (after is not null);
        foreach (var child in _children[folder.Id])
            await AddFolderAsync(archive, body, child, $"{path}/{names.Take(SafeFileName.Of(child.Name, "folder"), "")}", cancellation);
    }

    private async Task AddItemAsync(ZipArchive archive, ItemAtPoint item, ItemDownload file, string path, NamesOfOneFolder names, CancellationToken cancellation)
    {
        await AddAsync(archive, item, $"{path}/{names.Take(file.Name, file.Extension)}", file.Read(_point, cancellation), cancellation);
        var (files, missing) = ItemDownload.Beside(item, file);
        foreach (var beside in files)
            await AddAsync(archive, item, $"{path}/{names.Take(beside.Name, beside.Extension)}", beside.Read(_point, cancellation), cancellation);
        foreach (var (name, reason) in missing)
            _notIncluded.Add($"{path}\t{Line(name)}\t{item.Id}\t{Line(reason)}");
    }

    private static async Task AddAsync(ZipArchive archive, ItemAtPoint item, string name, IAsyncEnumerable<ReadOnlyMemory<byte>> content, CancellationToken cancellation)
    {
        var entry = archive.CreateEntry(name, CompressionLevel.Fastest);
        if ((item.Received ?? item.Sent) is { Year: >= 1980 and < 2107 } time) // what the format can hold
            entry.LastWriteTime = time;
        await using var pieces = await PieceStream.OpenAsync(content, cancellation);
        await using var target = await entry.OpenAsync(cancellation);
        await pieces.CopyToAsync(target, cancellation);
    }

    private async Task AddTextAsync(ZipArchive archive, CancellationToken cancellation)
    {
        await using var target = await archive.CreateEntry(NotIncluded).OpenAsync(cancellation);
        await using var writer = new StreamWriter(target, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        await writer.WriteAsync("These items of the folder have no file in this archive. Folder, subject, id and reason, with tabs between:\n".AsMemory(), cancellation);
        foreach (var line in _notIncluded)
            await writer.WriteAsync($"{line}\n".AsMemory(), cancellation);
    }

    private static string Line(string subject) => string.Concat(subject.Select(character => char.IsControl(character) ? ' ' : character));
}
