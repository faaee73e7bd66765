using System.Buffers;

namespace OrleansBackup.Microsoft365.Transport;

/// <summary>Receives a content of unknown size: small ones stay in memory, large ones go to a file that has no name any more.</summary>
internal static class SpooledContent
{
    private const int CopyBytes = 64 * 1024;

    /// <param name="progress">Called whenever something came.</param>
    /// <returns>The content at its start; disposing it frees the space.</returns>
    public static async Task<Stream> ReadAsync(Stream source, GraphClientOptions options, Action progress, CancellationToken cancellation)
    {
        Stream spool = PooledMemory.NewStream();
        var buffer = ArrayPool<byte>.Shared.Rent(CopyBytes);
        try
        {
            int read;
            while ((read = await source.ReadAsync(buffer, cancellation)) > 0)
            {
                progress();
                if (spool is not FileStream && spool.Length + read > options.SpoolToFileAbove) spool = await MoveToFileAsync(spool, options, cancellation);
                await spool.WriteAsync(buffer.AsMemory(0, read), cancellation);
            }

            spool.Position = 0;
            return spool;
        }
        catch
        {
            await spool.DisposeAsync();
            throw;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static async Task<Stream> MoveToFileAsync(Stream memory, GraphClientOptions options, CancellationToken cancellation)
    {
        var path = Path.Combine(options.SpoolFolder ?? Path.GetTempPath(), Path.GetRandomFileName());
        var file = new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Share = FileShare.Delete, Options = FileOptions.Asynchronous,
        });
        // Unlinked while open, so that even a killed process leaves no mail behind.
        File.Delete(path);
        memory.Position = 0;
        await memory.CopyToAsync(file, cancellation);
        await memory.DisposeAsync();
        return file;
    }
}
