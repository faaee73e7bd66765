using System.Runtime.CompilerServices;
using Microsoft.Win32.SafeHandles;

namespace OrleansBackup.Vault.Stores;

/// <summary>Keeps objects as files beneath one folder: the vault of a single machine.</summary>
/// <remarks>
/// A put writes a temporary file beside the objects (folder <c>.tmp</c>, which no name can reach), makes it durable, links it to
/// its name only if that is free, and makes the folder durable. So an object is there whole or not at all. A crash can leave a
/// temporary file; it is never read.
/// <para>Retention is kept by this code only: the file is read-only and its modification time is the time until which it is kept. Whoever
/// can write to the folder can delete it nevertheless; <see cref="RetentionStrength.ByThisProduct"/> says so.</para>
/// </remarks>
/// <param name="time">Decides whether an object may go yet; the machine's clock if null.</param>
public sealed partial class FolderBlobStore(string root, TimeProvider? time = null) : IRetainingBlobStore
{
    private const int CopyBufferBytes = 1 << 17;

    private const int NoSpace = 28;        // ENOSPC
    private const int QuotaExceeded = 122; // EDQUOT on Linux
    private const int WindowsDiskFull = 112;

    private readonly string _root = Path.GetFullPath(root);
    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private readonly string _temporary = Path.Combine(Path.GetFullPath(root), ".tmp");

    // Making durable blocks its thread for as long as the disk takes; so it is not the caller's.
    public Task<bool> PutIfAbsentAsync(BlobName name, ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        var path = PathOf(name);
        return Task.Run(() => PutIfAbsentAsync(path, (file, _) => Write(file, bytes), null, cancellation), cancellation);
    }

    public Task<bool> PutIfAbsentAsync(BlobName name, Stream content, long length, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(content);
        var path = PathOf(name);
        return Task.Run(() => PutIfAbsentAsync(path, (file, token) => CopyAsync(content, file, length, token), null, cancellation), cancellation);
    }

    public async Task<ReadOnlyMemory<byte>?> GetAsync(BlobName name, CancellationToken cancellation)
    {
        using var file = OpenOrNull(name);
        return file is null ? (ReadOnlyMemory<byte>?)null : await ReadAsync(file, 0, RandomAccess.GetLength(file), cancellation);
    }

    public async Task<ReadOnlyMemory<byte>?> GetRangeAsync(BlobName name, long offset, int length, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        using var file = OpenOrNull(name);
        if (file is null)
            return null;
        var there = Math.Max(0, RandomAccess.GetLength(file) - offset);
        return await ReadAsync(file, offset, Math.Min(length, there), cancellation);
    }

    public Task<long?> GetLengthAsync(BlobName name, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var file = new FileInfo(PathOf(name));
        return Task.FromResult(file.Exists ? file.Length : (long?)null);
    }

    public async IAsyncEnumerable<BlobName> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await Task.CompletedTask; // the file system answers at once; the signature is the interface's
        var folder = FolderOf(prefix);
        if (!Directory.Exists(folder))
            yield break;
        foreach (var path in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            cancellation.ThrowIfCancellationRequested();
            if (!path.StartsWith(_temporary, StringComparison.Ordinal))
                yield return new(Path.GetRelativePath(_root, path).Replace(Path.DirectorySeparatorChar, '/'));
        }
    }

    public async IAsyncEnumerable<string> ListPartsAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await Task.CompletedTask; // as above
        var folder = FolderOf(prefix);
        if (!Directory.Exists(folder))
            yield break;
        foreach (var path in Directory.EnumerateDirectories(folder))
        {
            cancellation.ThrowIfCancellationRequested();
            if (path != _temporary && Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories).Any())
                yield return Path.GetFileName(path);
        }
    }

    public Task<bool> DeleteAsync(BlobName name, CancellationToken cancellation)
    {
        var path = PathOf(name);
        return Task.Run(() =>
        {
            if (!File.Exists(path))
                return false;
            if (RetentionOf(path) is { Until: { } until } && until > _time.GetUtcNow())
                throw new ObjectRetainedException(name, until);
            File.Delete(path);
            DurableFiles.SyncFolder(Path.GetDirectoryName(path)!);
            return true;
        }, cancellation);
    }

    private async Task<bool> PutIfAbsentAsync(string path, Func<SafeFileHandle, CancellationToken, ValueTask> write, DateTimeOffset? retainUntil, CancellationToken cancellation)
    {
        var folder = Path.GetDirectoryName(path)!;
        if (File.Exists(path))
        {
            DurableFiles.SyncFolder(folder); // who created it may not have got this far yet
            return false;
        }
        var temporary = Path.Combine(_temporary, Guid.NewGuid().ToString("N"));
        try
        {
            Directory.CreateDirectory(_temporary);
            CreateFolders(folder);
            using (var file = File.OpenHandle(temporary, FileMode.CreateNew, FileAccess.Write))
            {
                await write(file, cancellation);
                if (retainUntil is { } until)
                    Retain(temporary, until);
                RandomAccess.FlushToDisk(file);
            }
            cancellation.ThrowIfCancellationRequested(); // the last moment at which nothing has happened
            var created = DurableFiles.TryLink(temporary, path);
            DurableFiles.SyncFolder(folder);
            return created;
        }
        catch (IOException e) when (IsFull(e))
        {
            throw new StoreFullException(_root, e);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    private static ValueTask Write(SafeFileHandle file, ReadOnlyMemory<byte> bytes)
    {
        RandomAccess.Write(file, bytes.Span, fileOffset: 0);
        return ValueTask.CompletedTask;
    }

    private static async ValueTask CopyAsync(Stream content, SafeFileHandle file, long length, CancellationToken cancellation)
    {
        var buffer = new byte[CopyBufferBytes];
        for (var written = 0L; written < length;)
        {
            var read = await content.ReadAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, length - written)), cancellation);
            if (read == 0)
                throw new EndOfStreamException($"The content ended after {written} of {length} bytes.");
            RandomAccess.Write(file, buffer.AsSpan(0, read), written);
            written += read;
        }
    }

    internal static bool IsFull(IOException failure) => (failure.HResult & 0xFFFF) is NoSpace or QuotaExceeded or WindowsDiskFull;

    private string PathOf(BlobName name)
    {
        name.EnsureValid();
        return Path.Combine(_root, name.Value.Replace('/', Path.DirectorySeparatorChar));
    }

    private string FolderOf(string prefix)
    {
        if (prefix.Length > 0)
            new BlobName(prefix.TrimEnd('/')).EnsureValid();
        return Path.Combine(_root, prefix.Replace('/', Path.DirectorySeparatorChar));
    }

    /// <summary>Creates what is missing from the top down; a folder is durable once its parent's entries are.</summary>
    private static void CreateFolders(string folder)
    {
        if (Directory.Exists(folder))
            return;
        var parent = Path.GetDirectoryName(folder)!;
        CreateFolders(parent);
        Directory.CreateDirectory(folder);
        DurableFiles.SyncFolder(parent);
    }

    private SafeFileHandle? OpenOrNull(BlobName name)
    {
        try { return File.OpenHandle(PathOf(name), options: FileOptions.Asynchronous); }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException) { return null; }
    }

    private static async Task<ReadOnlyMemory<byte>> ReadAsync(SafeFileHandle file, long offset, long length, CancellationToken cancellation)
    {
        var bytes = GC.AllocateUninitializedArray<byte>(checked((int)length));
        var read = 0;
        while (read < bytes.Length)
        {
            var more = await RandomAccess.ReadAsync(file, bytes.AsMemory(read), offset + read, cancellation);
            if (more == 0)
                break; // cut short by somebody; the reader above finds it damaged
            read += more;
        }
        return bytes.AsMemory(0, read);
    }
}
