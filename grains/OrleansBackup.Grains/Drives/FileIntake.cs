using OrleansBackup.Grains.Resources;
using OrleansBackup.Grains.Runs;
using OrleansBackup.Microsoft365;
using OrleansBackup.Microsoft365.Drives;
using OrleansBackup.Vault;

namespace OrleansBackup.Grains.Drives;

/// <summary>What reading one file brought: the entry with its bytes, or a word for why there are none.</summary>
/// <param name="Entry">Null: the file is gone, or owed.</param>
/// <param name="Debt">The file is to be tried again; null: it is not.</param>
/// <param name="Warning">Worth telling people.</param>
internal sealed record FileOutcome(DriveEntry? Entry, string? Debt = null, string? Warning = null)
{
    /// <summary>The process is to end before the file is read: the run must not go past it.</summary>
    public bool IsHandedOver { get; init; }
}

/// <summary>Brings the bytes of one file into the vault and looks whether they are those that Microsoft 365 speaks of.</summary>
/// <remarks>
/// The size and the hash that the service tells are wrong for some Office files: bytes that differ from them are read once more, and if they are the same
/// again they are kept and the difference is told. Nothing is rejected for a hash.
/// </remarks>
internal sealed class FileIntake(DriveReader reader, RunSession session, DebtBook debts) : IDisposable
{
    private const int MostReads = 4;
    private const string Changing = "FileKeepsChanging";

    /// <summary>Refusals that are meant for ever: no debt is made of them.</summary>
    private static readonly HashSet<string> Refusals = new(["malwareDetected", "virusSuspicious"], StringComparer.OrdinalIgnoreCase);

    public LargeFileIntake Large { get; } = new(reader, session);

    public void Dispose() => Large.Dispose();

    /// <param name="anew">Do not go on with what an earlier run has brought of it.</param>
    public async Task<FileOutcome> ReadAsync(DriveItem item, bool anew, CancellationToken cancellation)
    {
        (string Hash, long Length)? before = null;
        for (var read = 1; ; read++)
        {
            try
            {
                if (item.IsMalware)
                    return Refused(item, "malwareDetected");
                if (await StoreAsync(item, anew, cancellation) is not var (content, hash, length))
                    return new FileOutcome(null) { IsHandedOver = true };
                var fits = item.QuickXorHash is { } told ? told == hash : item.Size == length;
                if (fits || before == (hash, length))
                {
                    debts.CountSuccess();
                    return Held(item, content, hash, length, differs: !fits || item.Size != length);
                }
                before = (hash, length);
            }
            catch (FileChangedException)
            {
                before = null;
            }
            catch (ItemGoneException)
            {
                return new FileOutcome(null); // deleted in the meantime; the next round tells
            }
            catch (ItemUnreadableException exception) when (Refusals.Contains(exception.Code))
            {
                return Refused(item, exception.Code);
            }
            catch (Exception exception) when (DebtBook.IsOfItem(exception))
            {
                debts.ThrowOnBadDay(exception);
                return new FileOutcome(null, DebtBook.CodeOf(exception));
            }
            anew = true;
            if (read == MostReads)
                return new FileOutcome(null, Changing);
            if (await TryReadAsync(item, cancellation) is not { } now)
                return new FileOutcome(null);
            if (now.ETag != item.ETag)
                before = null;
            item = now;
        }
    }

    private async Task<DriveItem?> TryReadAsync(DriveItem item, CancellationToken cancellation)
    {
        try
        {
            return await reader.TryReadAsync(item.Id, cancellation);
        }
        catch (Exception exception) when (DebtBook.IsOfItem(exception))
        {
            return item; // the bytes were handed out: what is told of them is the smaller matter
        }
    }

    private async Task<StoredFile?> StoreAsync(DriveItem item, bool anew, CancellationToken cancellation)
    {
        if (Large.Takes(item))
            return await Large.StoreAsync(item, anew, cancellation);
        var hash = new QuickXorHash();
        await using var stream = new HashingStream(reader.Open(item), hash, () => session.Board.Update(progress => progress));
        var content = await session.Writer.StoreAsync(stream, cancellation);
        session.Board.Count(counts => counts with { DownloadedBytes = counts.DownloadedBytes + content.Length });
        return new StoredFile(content, hash.ToString(), hash.Length);
    }

    private FileOutcome Held(DriveItem item, ContentReference content, string hash, long length, bool differs)
    {
        var entry = DriveEntry.Of(reader.DriveId, item) with { Size = length, QuickXorHash = hash, DiffersFromListing = differs };
        return new FileOutcome(entry with { Contents = entry.Contents.SetItem(ContentRoles.Content, content) },
            Warning: differs ? $"Microsoft 365 tells another size or hash of file {item.Id} than the bytes that it hands out have; they were read twice and kept." : null);
    }

    private FileOutcome Refused(DriveItem item, string code) => new(
        DriveEntry.Of(reader.DriveId, item) with { Problem = code },
        Warning: $"Microsoft 365 does not hand out file {item.Id}: it holds it for harmful ({code}). It is recorded without its bytes.");
}
