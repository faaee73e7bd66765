using System.Buffers;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Orleans;
using Orleans.Concurrency;
using Orleans.Runtime;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Points;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.GrainInterfaces.Restores;
using OrleansBackup.Grains.Access;
using OrleansBackup.Grains.Mailboxes;
using OrleansBackup.Grains.Restores;
using OrleansBackup.Grains.Runs;
using OrleansBackup.Vault;

namespace OrleansBackup.Grains.Points;

/// <summary>One opened restore point. Reads only, so its calls interleave freely; it closes when it has been idle.</summary>
[Reentrant]
internal sealed class RestorePointGrain(VaultAccess vault, ResourceRestorer restorer) : Grain, IRestorePointGrain
{
    private const int PieceBytes = 256 * 1024;
    private const int LargestPage = 1_000;
    private const int FoundAtOnce = 20; // few, so that what was found is seen while the search goes on

    private Task<PointReader>? _reader;
    private Task<FolderTree>? _folders;

    private RestorePointId Id => GrainKeys.ParsePoint(this.GetPrimaryKeyString());

    public async Task<RestorePointSummary> GetSummary(CancellationToken cancellation)
    {
        var points = await GrainFactory.Resource(Id.Resource).ListPoints(cancellation);
        return points.FirstOrDefault(point => point.Sequence == Id.Sequence) ?? throw Gone();
    }

    public Task<ImmutableArray<FolderAtPoint>> ListFolders(CancellationToken cancellation) => TranslateAsync(async () =>
    {
        var tree = await TreeAsync();
        return ImmutableArray.CreateRange(tree.InOrder().Select(folder =>
            new FolderAtPoint(folder.Id, folder.ParentId, folder.Name, tree.PathOf(folder.Id), folder.Hidden, folder.WellKnownName)
            {
                Kind = folder.Kind,
            }));
    });

    public Task<ItemPage> ListItems(string folderId, string? after, int limit, CancellationToken cancellation) => TranslateAsync(async () =>
    {
        if (limit is < 1 or > LargestPage)
            throw new InvalidRequestException("limit", $"Ask for between 1 and {LargestPage} items at once.");
        if ((await TreeAsync()).Find(folderId) is null)
            throw new NotFoundException("There is no such folder in this restore point.");
        var reader = await ReaderAsync();
        if (after is not null && (await reader.FindAsync(after, cancellation) is not { } start || !ItemKinds.IsItem(start.Kind)))
            throw new InvalidRequestException("after", "No item of this restore point has this id; start the list again without it.");
        var items = ImmutableArray.CreateBuilder<ItemAtPoint>(Math.Min(limit, 64));
        await foreach (var item in reader.ItemsAsync(new ItemFilter(null, folderId, after), cancellation))
        {
            if (!ItemKinds.IsItem(item.Kind))
                continue;
            if (items.Count == limit)
                return new ItemPage(items.ToImmutable(), items[^1].Id);
            items.Add(PointView.Of(item));
        }
        return new ItemPage(items.ToImmutable(), null);
    });

    public async IAsyncEnumerable<ImmutableArray<ItemAtPoint>> Search(ItemSearch search, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var query = PointSearch.Of(search);
        await using var found = (await TranslateAsync(ReaderAsync)).SearchAsync(query, cancellation).GetAsyncEnumerator(cancellation);
        var part = ImmutableArray.CreateBuilder<ItemAtPoint>(FoundAtOnce);
        while (await TranslateAsync(() => found.MoveNextAsync().AsTask()))
        {
            if (!ItemKinds.IsItem(found.Current.Kind))
                continue;
            part.Add(PointView.Of(found.Current));
            if (part.Count == FoundAtOnce)
                yield return part.DrainToImmutable();
        }
        if (part.Count > 0)
            yield return part.ToImmutable();
    }

    public async IAsyncEnumerable<ImmutableArray<PointChange>> Compare(long other, string? after, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var filter = new ItemFilter(AfterId: after);
        var reader = await TranslateAsync(ReaderAsync);
        await using var second = await TranslateAsync(async () => await (await vault.OpenAsync(Id.Resource, cancellation)).OpenPointAsync(other, cancellation));
        await using var changes = PointComparison.CompareAsync(reader.ItemsAsync(filter, cancellation), second.ItemsAsync(filter, cancellation), cancellation).GetAsyncEnumerator(cancellation);
        var part = ImmutableArray.CreateBuilder<PointChange>(FoundAtOnce);
        while (await TranslateAsync(() => changes.MoveNextAsync().AsTask()))
        {
            part.Add(changes.Current);
            if (part.Count == FoundAtOnce)
                yield return part.DrainToImmutable();
        }
        if (part.Count > 0)
            yield return part.ToImmutable();
    }

    public Task<ItemAtPoint> GetItem(string itemId, CancellationToken cancellation) =>
        TranslateAsync(async () => PointView.Of(await ItemAsync(itemId, cancellation)));

    public Task<ReadOnlyMemory<byte>> GetItemProperties(string itemId, CancellationToken cancellation) => TranslateAsync(async () =>
    {
        var item = await ItemAsync(itemId, cancellation);
        if (!item.Contents.TryGetValue(ContentRoles.Json, out var json) && !item.Contents.TryGetValue(MailItem.MessageContent, out json))
            throw new NotPossibleNowException("Microsoft 365 gave no properties of this item beyond those that are listed.");
        await using var content = await (await ReaderAsync()).OpenContentAsync(json, cancellation);
        using var buffer = new MemoryStream();
        await content.CopyToAsync(buffer, cancellation);
        return (ReadOnlyMemory<byte>)buffer.ToArray();
    });

    public async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadMime(string itemId, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var item = await TranslateAsync(() => ItemAsync(itemId, cancellation));
        if (!item.Contents.TryGetValue(MailItem.MimeContent, out var mime))
            throw new NotPossibleNowException("Microsoft 365 never gave this message as MIME; its properties and attachments are in the point.");
        await foreach (var piece in PiecesAsync(mime, cancellation))
            yield return piece;
    }

    public async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadContent(string itemId, string role, [EnumeratorCancellation] CancellationToken cancellation)
    {
        if (ItemFile.IsMade(role))
        {
            await using var made = ItemFile.MakeAsync(await TranslateAsync(ReaderAsync), await TranslateAsync(TreeAsync), itemId, role, cancellation).GetAsyncEnumerator(cancellation);
            while (await TranslateAsync(() => made.MoveNextAsync().AsTask()))
                yield return made.Current;
            yield break;
        }
        var item = await TranslateAsync(() => ItemAsync(itemId, cancellation));
        if (!item.Contents.TryGetValue(role, out var content))
            throw new NotFoundException($"This item has no content '{role}'; it has: {string.Join(", ", item.Contents.Keys)}.");
        await foreach (var piece in PiecesAsync(content, cancellation))
            yield return piece;
    }

    public async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadStretch(string itemId, string role, long from, long length, [EnumeratorCancellation] CancellationToken cancellation)
    {
        if (from < 0 || length < 0)
            throw new InvalidRequestException("from", "A stretch begins at 0 or later and is not negative.");
        var item = await TranslateAsync(() => ItemAsync(itemId, cancellation));
        if (!item.Contents.TryGetValue(role, out var content))
            throw new NotFoundException($"This item has no content '{role}'; it has: {string.Join(", ", item.Contents.Keys)}.");
        await foreach (var piece in PiecesAsync(content, cancellation, from, length))
            yield return piece;
    }

    public Task<RestorePreview> PreviewRestore(RestoreRequest request, CancellationToken cancellation) => TranslateAsync(() =>
        // Looking through a million items is CPU work that would hold up whoever else reads this point. Touches no grain state.
        Task.Run(() => restorer.PreviewAsync(request with { Point = Id }, cancellation), cancellation));

    public async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAttachment(string itemId, int index, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var item = await TranslateAsync(() => ItemAsync(itemId, cancellation));
        var attachments = PointView.Of(item).Attachments;
        if (index < 0 || index >= attachments.Length)
            throw new NotFoundException($"This item has {attachments.Length} attachments; they are counted from 0.");
        // Messages and all others name these contents alike.
        if (!item.Contents.TryGetValue(MailItem.AttachmentContent(index), out var content))
            throw new NotPossibleNowException($"This attachment has no bytes in the point: {attachments[index].Problem ?? "it only refers to something elsewhere"}.");
        await foreach (var piece in PiecesAsync(content, cancellation))
            yield return piece;
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        if (_reader is { IsCompletedSuccessfully: true } reader)
            await reader.Result.DisposeAsync();
        await base.OnDeactivateAsync(reason, cancellationToken);
    }

    private async IAsyncEnumerable<ReadOnlyMemory<byte>> PiecesAsync(
        ContentReference content, [EnumeratorCancellation] CancellationToken cancellation, long from = 0, long length = long.MaxValue)
    {
        await using var stream = await TranslateAsync(async () => await (await ReaderAsync()).OpenContentAsync(content, from, cancellation));
        var buffer = ArrayPool<byte>.Shared.Rent(PieceBytes);
        try
        {
            while (length > 0)
            {
                var wanted = (int)Math.Min(PieceBytes, length);
                var read = await TranslateAsync(() => stream.ReadAtLeastAsync(buffer.AsMemory(0, wanted), wanted, throwOnEndOfStream: false, cancellation).AsTask());
                if (read == 0)
                    yield break;
                length -= read;
                yield return buffer.AsSpan(0, read).ToArray();
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private Task<PointReader> ReaderAsync() => _reader is { IsFaulted: false, IsCanceled: false } open ? open : _reader = OpenAsync();

    private async Task<PointReader> OpenAsync() =>
        // One open reader serves many callers, so it must not end with the first caller's patience.
        await (await vault.OpenAsync(Id.Resource, CancellationToken.None)).OpenPointAsync(Id.Sequence, CancellationToken.None);

    private Task<FolderTree> TreeAsync() => _folders is { IsFaulted: false, IsCanceled: false } read ? read : _folders = ReadTreeAsync();

    private async Task<FolderTree> ReadTreeAsync() => await FolderTree.ReadAsync(await ReaderAsync(), CancellationToken.None);

    /// <summary>An item, or what items lie in: the columns of a list and the settings of a team are in the point too.</summary>
    private async Task<ItemVersion> ItemAsync(string itemId, CancellationToken cancellation)
    {
        var found = await (await ReaderAsync()).FindAsync(itemId, cancellation);
        return found is not null && found.Kind != ItemKinds.Debt
            ? found
            : throw new NotFoundException("There is no such item in this restore point.");
    }

    private async Task<T> TranslateAsync<T>(Func<Task<T>> read)
    {
        try
        {
            return await read();
        }
        catch (VaultException exception)
        {
            DeactivateOnIdle(); // a pruned or damaged point must not stay open
            throw VaultAccess.Translate(exception);
        }
    }

    private NotFoundException Gone() => new($"Restore point {Id.Sequence} of this resource does not exist, or has expired.");
}
