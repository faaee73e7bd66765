namespace OrleansBackup.Vault.Keys;

/// <summary>The key-encryption key in use and those before it: wraps with the first, unwraps with whichever fits. For the time of a rotation.</summary>
public sealed class KeyRing(IKeyEncryption current, IReadOnlyList<IKeyEncryption> earlier) : IKeyEncryption
{
    public Task<byte[]> WrapAsync(ReadOnlyMemory<byte> dataKey, string tenant, CancellationToken cancellation) => current.WrapAsync(dataKey, tenant, cancellation);

    public async Task<byte[]> UnwrapAsync(ReadOnlyMemory<byte> wrapped, string tenant, CancellationToken cancellation)
    {
        WrongKeyException? first = null;
        foreach (var key in earlier.Prepend(current))
        {
            try { return await key.UnwrapAsync(wrapped, tenant, cancellation); }
            catch (WrongKeyException e) { first ??= e; }
        }
        throw first!;
    }

    public Task<string> IdentifyAsync(CancellationToken cancellation) => current.IdentifyAsync(cancellation);
}
