namespace OrleansBackup.Vault.Keys;

/// <summary>The key-encryption key: wraps the data key of each tenant. The blob store never sees it.</summary>
public interface IKeyEncryption
{
    /// <summary>Wraps a data key so that only this key-encryption key, and only for this tenant, gives it back.</summary>
    Task<byte[]> WrapAsync(ReadOnlyMemory<byte> dataKey, string tenant, CancellationToken cancellation);

    /// <exception cref="WrongKeyException">Wrapped by another key, for another tenant, or damaged.</exception>
    Task<byte[]> UnwrapAsync(ReadOnlyMemory<byte> wrapped, string tenant, CancellationToken cancellation);

    /// <summary>Names the key that wraps now. Not secret; stored beside what it wrapped, so that a rotation knows what is done.</summary>
    Task<string> IdentifyAsync(CancellationToken cancellation);
}
