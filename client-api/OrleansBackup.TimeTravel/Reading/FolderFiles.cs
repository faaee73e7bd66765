using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text;
using OrleansBackup.ClientApi.Points;
using OrleansBackup.GrainInterfaces.Points;
using OrleansBackup.TimeTravel.Visits;

namespace OrleansBackup.TimeTravel.Reading;

/// <summary>A file of a folder as a program sees it.</summary>
/// <param name="ItemId">Null: a text of ours, not out of the backup.</param>
/// <param name="Made">Made when it is read, and measured before: no stretch of it can be read alone.</param>
internal sealed record PointFile(string Name, string? ItemId, string Role, long Size, string ContentType, DateTimeOffset? Modified, bool Made)
{
    /// <summary>Of a text of ours: the text.</summary>
    public string? Text { get; init; }

    /// <summary>Its bytes from one on, so many.</summary>
    public async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync(IRestorePointGrain point, long from, long length, [EnumeratorCancellation] CancellationToken cancellation)
    {
        if (Text is not null)
        {
            yield return Encoding.UTF8.GetBytes(Text).AsMemory((int)from, (int)length);
            yield break;
        }
        if (!Made)
        {
            await foreach (var piece in point.ReadStretch(ItemId!, Role, from, length, cancellation))
                yield return piece;
            yield break;
        }
        await foreach (var piece in point.ReadContent(ItemId!, Role, cancellation))
        {
            var skipped = (int)Math.Min(from, piece.Length);
            var part = piece[skipped..(int)Math.Min(piece.Length, skipped + length)];
            (from, length) = (from - skipped, length - part.Length);
            if (!part.IsEmpty)
                yield return part;
        }
    }
}

/// <summary>The files of one folder: the same that the API gives out and an archive holds, under the same names.</summary>
internal sealed class FolderFiles
{
    private const int ItemsAtOnce = 1_000, MadeAtOnce = 4;

    private readonly Dictionary<string, PointFile> _byName;

    private FolderFiles(ImmutableArray<PointFile> files) => (Files, _byName) = (files, files.ToDictionary(file => file.Name, StringComparer.Ordinal));

    public ImmutableArray<PointFile> Files { get; }

    public PointFile? Find(string name) => _byName.GetValueOrDefault(name);

    public static Task<FolderFiles> OfAsync(Visit visit, PointFolder folder, KeptReadings kept, CancellationToken cancellation) => folder.Folder is null
        ? Task.FromResult(new FolderFiles([]))
        : kept.GetAsync($"files {visit.Opened.Point} {visit.Opened.Run} {folder.Folder.Id}", () => ReadAsync(visit.Point, folder, visit.Ended), files => files.Files.Length, cancellation);

    private static async Task<FolderFiles> ReadAsync(IRestorePointGrain point, PointFolder folder, CancellationToken cancellation)
    {
        var (names, files, notIncluded) = (new NamesOfOneFolder(), ImmutableArray.CreateBuilder<PointFile>(), new List<string>());
        foreach (var child in folder.Children)
            names.Take(child.Name, "");
        string? after = null;
        do
        {
            var page = await point.ListItems(folder.Folder!.Id, after, ItemsAtOnce, cancellation);
            foreach (var item in page.Items)
            {
                if (ItemDownload.Of(item) is not { } own)
                {
                    notIncluded.Add($"{Line(item.Subject)}\t{item.Id}\t{ItemDownload.Refusal(item)}");
                    continue;
                }
                var (beside, missing) = ItemDownload.Beside(item, own);
                foreach (var file in beside.Prepend(own))
                    files.Add(new PointFile(names.Take(file.Name, file.Extension), item.Id, file.Role, file.Size ?? -1, file.ContentType, item.Received ?? item.Sent, file.Size is null));
                notIncluded.AddRange(missing.Select(one => $"{Line(one.Name)}\t{item.Id}\t{Line(one.Reason)}"));
            }
            after = page.Next;
        }
        while (after is not null);
        await MeasureAsync(point, files, cancellation);
        if (notIncluded.Count > 0)
            files.Add(ListOf(notIncluded, names.Take(Path.GetFileNameWithoutExtension(FolderArchive.NotIncluded), Path.GetExtension(FolderArchive.NotIncluded))));
        return new FolderFiles(files.ToImmutable());
    }

    /// <summary>Programs want to know how long a file is before they read it, also of calendar entries and cards, which are made.</summary>
    private static async Task MeasureAsync(IRestorePointGrain point, ImmutableArray<PointFile>.Builder files, CancellationToken cancellation)
    {
        var made = Enumerable.Range(0, files.Count).Where(at => files[at].Made).ToList();
        var sizes = new long[files.Count];
        await Parallel.ForEachAsync(made, new ParallelOptions { MaxDegreeOfParallelism = MadeAtOnce, CancellationToken = cancellation }, async (at, token) =>
        {
            await foreach (var piece in point.ReadContent(files[at].ItemId!, files[at].Role, token))
                sizes[at] += piece.Length;
        });
        foreach (var at in made)
            files[at] = files[at] with { Size = sizes[at] };
    }

    private static PointFile ListOf(List<string> notIncluded, string name)
    {
        var text = $"These have no file in this folder. Name, id and reason, with tabs between:\n{string.Join('\n', notIncluded)}\n";
        return new PointFile(name, null, "", Encoding.UTF8.GetByteCount(text), "text/plain; charset=utf-8", null, Made: false) { Text = text };
    }

    private static string Line(string text) => string.Concat(text.Select(character => char.IsControl(character) ? ' ' : character));
}
