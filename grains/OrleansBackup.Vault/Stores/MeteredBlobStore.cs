using System.Runtime.CompilerServices;

namespace OrleansBackup.Vault.Stores;

/// <summary>Measures what a store is asked, how long it takes and how many bytes pass. Everything passes through unchanged.</summary>
internal class MeteredBlobStore(IBlobStore inner, TimeProvider time) : IBlobStore
{
    public async Task<bool> PutIfAbsentAsync(BlobName name, ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        var created = await TimedAsync("put", () => inner.PutIfAbsentAsync(name, bytes, cancellation));
        VaultTelemetry.CountWritten(bytes.Length);
        return created;
    }

    public async Task<bool> PutIfAbsentAsync(BlobName name, Stream content, long length, CancellationToken cancellation)
    {
        var created = await TimedAsync("put", () => inner.PutIfAbsentAsync(name, content, length, cancellation));
        VaultTelemetry.CountWritten(length);
        return created;
    }

    public async Task<ReadOnlyMemory<byte>?> GetAsync(BlobName name, CancellationToken cancellation)
    {
        var bytes = await TimedAsync("get", () => inner.GetAsync(name, cancellation));
        VaultTelemetry.CountRead(bytes?.Length ?? 0);
        return bytes;
    }

    public async Task<ReadOnlyMemory<byte>?> GetRangeAsync(BlobName name, long offset, int length, CancellationToken cancellation)
    {
        var bytes = await TimedAsync("get_range", () => inner.GetRangeAsync(name, offset, length, cancellation));
        VaultTelemetry.CountRead(bytes?.Length ?? 0);
        return bytes;
    }

    /// <summary>Opening is measured; what is then read from the stream is not.</summary>
    public Task<Stream?> OpenReadAsync(BlobName name, CancellationToken cancellation) => TimedAsync("open", () => inner.OpenReadAsync(name, cancellation));

    public Task<long?> GetLengthAsync(BlobName name, CancellationToken cancellation) => TimedAsync("head", () => inner.GetLengthAsync(name, cancellation));

    public Task<bool> DeleteAsync(BlobName name, CancellationToken cancellation) => TimedAsync("delete", () => inner.DeleteAsync(name, cancellation));

    public Task<string?> ReportRegionAsync(CancellationToken cancellation) => inner.ReportRegionAsync(cancellation);

    public IAsyncEnumerable<BlobName> ListAsync(string prefix, CancellationToken cancellation) => ListedAsync(inner.ListAsync(prefix, cancellation), cancellation);

    public IAsyncEnumerable<string> ListPartsAsync(string prefix, CancellationToken cancellation) =>
        ListedAsync(inner.ListPartsAsync(prefix, cancellation), cancellation);

    protected async Task<T> TimedAsync<T>(string operation, Func<Task<T>> call)
    {
        var start = time.GetTimestamp();
        var outcome = VaultTelemetry.Failed;
        try
        {
            var answer = await call();
            outcome = VaultTelemetry.Succeeded;
            return answer;
        }
        catch (OperationCanceledException)
        {
            outcome = VaultTelemetry.Cancelled;
            throw;
        }
        finally
        {
            VaultTelemetry.Took(operation, outcome, time.GetElapsedTime(start));
        }
    }

    /// <summary>How long the first name takes; between the others lies the work of whoever reads them.</summary>
    private async IAsyncEnumerable<T> ListedAsync<T>(IAsyncEnumerable<T> names, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var each = names.GetAsyncEnumerator(cancellation);
        if (!await TimedAsync("list", () => each.MoveNextAsync().AsTask()))
            yield break;
        do
            yield return each.Current;
        while (await each.MoveNextAsync());
    }
}
