using System.Security.Cryptography;

namespace OrleansBackup.Demo.Comparison;

/// <summary>Stands for bytes in a comparison: equal bytes have equal fingerprints, and different bytes do not.</summary>
/// <param name="Length">Count of bytes.</param>
/// <param name="Sha256">Lower-case hexadecimal.</param>
public sealed record ContentFingerprint(long Length, string Sha256)
{
    public static ContentFingerprint Of(ReadOnlySpan<byte> bytes) => new(bytes.Length, Convert.ToHexStringLower(SHA256.HashData(bytes)));

    /// <summary>Reads a stream to its end without keeping it.</summary>
    public static async Task<ContentFingerprint> OfAsync(Stream content, CancellationToken cancellation)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[64 * 1024];
        long length = 0;
        for (int read; (read = await content.ReadAsync(buffer, cancellation)) > 0; length += read)
            hash.AppendData(buffer, 0, read);
        return new ContentFingerprint(length, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    public override string ToString() => $"{Length} bytes, sha256 {Sha256[..Math.Min(12, Sha256.Length)]}…";
}
