namespace OrleansBackup.Vault.Stores;

/// <summary>Retention in a folder: a promise of this code, marked on the file itself so that it moves with it.</summary>
public sealed partial class FolderBlobStore
{
    private const UnixFileMode Writable = UnixFileMode.UserWrite | UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    public Task<bool> PutIfAbsentAsync(BlobName name, ReadOnlyMemory<byte> bytes, DateTimeOffset retainUntil, CancellationToken cancellation)
    {
        var path = PathOf(name);
        return Task.Run(() => PutIfAbsentAsync(path, (file, _) => Write(file, bytes), ObjectRetention.RoundUp(retainUntil), cancellation), cancellation);
    }

    public Task<ObjectRetention?> GetRetentionAsync(BlobName name, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var path = PathOf(name);
        return Task.FromResult(File.Exists(path) ? RetentionOf(path) : null);
    }

    public Task<bool> ExtendRetentionAsync(BlobName name, DateTimeOffset retainUntil, CancellationToken cancellation)
    {
        var path = PathOf(name);
        return Task.Run(() =>
        {
            if (!File.Exists(path))
                return false;
            var until = ObjectRetention.RoundUp(retainUntil);
            if (!RetentionOf(path).Covers(until))
            {
                Retain(path, until);
                DurableFiles.SyncFile(path);
            }
            return true;
        }, cancellation);
    }

    private static ObjectRetention RetentionOf(string path)
    {
        var file = new FileInfo(path);
        return file.IsReadOnly ? new(new DateTimeOffset(file.LastWriteTimeUtc, TimeSpan.Zero), RetentionStrength.ByThisProduct) : ObjectRetention.None;
    }

    private static void Retain(string path, DateTimeOffset until)
    {
        if (OperatingSystem.IsWindows())
            File.SetAttributes(path, File.GetAttributes(path) & ~FileAttributes.ReadOnly); // its time could not be set otherwise
        File.SetLastWriteTimeUtc(path, until.UtcDateTime);
        if (OperatingSystem.IsWindows())
            File.SetAttributes(path, File.GetAttributes(path) | FileAttributes.ReadOnly);
        else
            File.SetUnixFileMode(path, File.GetUnixFileMode(path) & ~Writable);
    }
}
