using OrleansBackup.Grains.Runs;
using OrleansBackup.Microsoft365;
using OrleansBackup.Microsoft365.Drives;
using OrleansBackup.Vault;

namespace OrleansBackup.Grains.Drives;

/// <summary>The bytes of a file as they were stored.</summary>
internal sealed record StoredFile(ContentReference Content, string Hash, long Length);

/// <summary>Brings a file into the vault that is too large to be downloaded twice: what is there of it is committed stretch by stretch, and the next run goes on from there.</summary>
/// <remarks>
/// Several files at once; the writer's item table has one user at a time, so they take turns at it. Nobody else may use that table while a file is read.
/// The file's own item takes the place of the transfer (<see cref="ForgetAsync"/>) in one commit.
/// </remarks>
internal sealed class LargeFileIntake(DriveReader reader, RunSession session) : IDisposable
{
    private readonly SemaphoreSlim _table = new(1);

    private CancellationToken HandOver => session.Request.HandOver;

    public void Dispose() => _table.Dispose();

    public bool Takes(DriveItem file) => file.Size > session.Options.TransferBytes;

    /// <param name="file">As it is listed now.</param>
    /// <param name="anew">Do not go on with what an earlier run brought.</param>
    /// <returns>Null: the process is to end; what has come so far is written down for the next commit.</returns>
    /// <exception cref="FileChangedException">It was saved again while it was read, or since an earlier run read the first part.</exception>
    public async Task<StoredFile?> StoreAsync(DriveItem file, bool anew, CancellationToken cancellation)
    {
        var transfer = (anew ? null : await FindAsync(file, cancellation)) ?? FileTransfer.Begin(reader.DriveId, file);
        var begun = transfer.Length;
        var hash = QuickXorHash.Restore(transfer.HashState);
        await using var download = new HashingStream(reader.Open(file, begun), hash, () => session.Board.Update(progress => progress));
        while (true)
        {
            // What is told to be there is there: only its end is left to be seen, and no transfer ever reaches it.
            var isRead = hash.Length >= file.Size;
            await using var stretch = new StretchStream(download, session.Options.TransferBytes, isRead ? CancellationToken.None : HandOver);
            var content = await session.Writer.StoreStretchAsync(stretch, cancellation);
            session.Board.Count(counts => counts with { DownloadedBytes = counts.DownloadedBytes + content.Length });
            if (content.Length > 0)
                transfer = transfer with { Stretches = transfer.Stretches.Add(content), HashState = hash.Save() };
            if (stretch.IsLast)
                break;
            if (hash.Length >= file.Size)
                continue;
            await KeepAsync(transfer, cancellation);
            if (HandOver.IsCancellationRequested)
                return null;
        }
        // A hash would tell if the file was saved again just before we went on; without one the service has to say that it was not.
        if (begun > 0 && file.QuickXorHash is null && (await reader.TryReadAsync(file.Id, cancellation))?.ETag != file.ETag)
            throw new FileChangedException($"Drive '{reader.DriveId}': a file was saved again between two runs that read it.");
        return new StoredFile(await session.Writer.JoinAsync(transfer.Stretches, cancellation), hash.ToString(), hash.Length);
    }

    /// <summary>The file is there, or is not to be: what was kept of its transfer goes with the same commit. Not while a file is read.</summary>
    public ValueTask ForgetAsync(string graphId, CancellationToken cancellation) => session.Writer.RemoveAsync(FileTransfer.IdOf(reader.DriveId, graphId), cancellation);

    private async Task<FileTransfer?> FindAsync(DriveItem file, CancellationToken cancellation)
    {
        ItemVersion? item;
        await _table.WaitAsync(cancellation);
        try
        {
            item = await session.Writer.FindAsync(FileTransfer.IdOf(reader.DriveId, file.Id), cancellation);
        }
        finally
        {
            _table.Release();
        }
        if (item is null)
            return null;
        var transfer = FileTransfer.Read(item);
        if (!transfer.IsOf(file))
            return null;
        // Going on with what is not there any more would fail at the commit, and again in each run after it.
        foreach (var stretch in transfer.Stretches)
        {
            if (!await session.Writer.HoldsAsync(stretch, cancellation))
                return null;
            session.Board.Update(progress => progress); // a sign of life: there may be a thousand of them
        }
        return transfer;
    }

    private async Task KeepAsync(FileTransfer transfer, CancellationToken cancellation)
    {
        await _table.WaitAsync(cancellation);
        try
        {
            if (transfer.Length > 0)
                await session.Writer.UpsertAsync(transfer.Write(), cancellation);
            if (!HandOver.IsCancellationRequested) // then it is committed with what else there is
                await session.CommitWhenDueAsync(cancellation);
        }
        finally
        {
            _table.Release();
        }
    }
}
