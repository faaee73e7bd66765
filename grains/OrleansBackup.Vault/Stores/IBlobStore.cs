using System.Runtime.CompilerServices;

namespace OrleansBackup.Vault.Stores;

/// <summary>Where the vault keeps its objects: each is written once, whole, and never changed.</summary>
/// <remarks>
/// <para>Durable: when a put returns, true or false, the object under that name survives a crash of the
/// machine. When <see cref="DeleteAsync"/> returns, the object is gone for every later call.</para>
/// <para>Unknown: after any exception from a put or a delete (cancellation included) it may have happened or not. What is never
/// true: an object half written, or two callers that both got <c>true</c> for one name.</para>
/// <para>Calls may run at the same time, from several processes.</para>
/// </remarks>
public interface IBlobStore
{
    /// <summary>Creates the object unless the name is taken.</summary>
    /// <returns>True: created by this call. False: it existed already, and was left as it is.</returns>
    /// <exception cref="StoreFullException">No room; nothing is visible under the name.</exception>
    Task<bool> PutIfAbsentAsync(BlobName name, ReadOnlyMemory<byte> bytes, CancellationToken cancellation);

    /// <returns>The whole object, or null if there is none.</returns>
    Task<ReadOnlyMemory<byte>?> GetAsync(BlobName name, CancellationToken cancellation);

    /// <returns>The bytes from <paramref name="offset"/>, fewer than <paramref name="length"/> if the object ends before; null if there is none.</returns>
    Task<ReadOnlyMemory<byte>?> GetRangeAsync(BlobName name, long offset, int length, CancellationToken cancellation);

    /// <summary>As <see cref="PutIfAbsentAsync(BlobName, ReadOnlyMemory{byte}, CancellationToken)"/>, from a stream. The stores of this
    /// product never hold the whole object; what does not override this gathers it in memory.</summary>
    /// <param name="content">Read to its end; has exactly <paramref name="length"/> bytes.</param>
    /// <exception cref="EndOfStreamException">The stream ended early; nothing is visible under the name.</exception>
    async Task<bool> PutIfAbsentAsync(BlobName name, Stream content, long length, CancellationToken cancellation)
    {
        var bytes = new byte[checked((int)length)];
        await content.ReadExactlyAsync(bytes, cancellation);
        return await PutIfAbsentAsync(name, bytes, cancellation);
    }

    /// <summary>Opens the object for reading from its beginning to its end, in pieces.</summary>
    /// <returns>Null if there is none.</returns>
    async Task<Stream?> OpenReadAsync(BlobName name, CancellationToken cancellation) =>
        await GetLengthAsync(name, cancellation) is { } length ? new RangeReadStream(this, name, length) : null;

    /// <summary>Asks the store itself where it is.</summary>
    /// <returns>The store's own name of its region; null: it cannot say, and what is configured has to be believed.</returns>
    Task<string?> ReportRegionAsync(CancellationToken cancellation) => Task.FromResult<string?>(null);

    /// <returns>The object's length in bytes, or null if there is none.</returns>
    Task<long?> GetLengthAsync(BlobName name, CancellationToken cancellation);

    /// <summary>The objects whose name begins with <paramref name="prefix"/> (which ends in '/' or is empty), in no promised order.
    /// Objects created or deleted meanwhile may be listed or not.</summary>
    IAsyncEnumerable<BlobName> ListAsync(string prefix, CancellationToken cancellation);

    /// <returns>True: there was one and it is gone. False: there was none.</returns>
    /// <exception cref="ObjectRetainedException">It may not go yet; it is still there.</exception>
    Task<bool> DeleteAsync(BlobName name, CancellationToken cancellation);

    /// <summary>The distinct name parts that follow <paramref name="prefix"/> and have objects beneath them: tenants, resources.
    /// A store that can list by delimiter answers without walking all objects.</summary>
    async IAsyncEnumerable<string> ListPartsAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        await foreach (var name in ListAsync(prefix, cancellation))
        {
            var rest = name.Value.AsSpan(prefix.Length);
            var slash = rest.IndexOf('/');
            if (slash > 0 && seen.Add(rest[..slash].ToString()))
                yield return rest[..slash].ToString();
        }
    }
}
