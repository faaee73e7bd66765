using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace OrleansBackup.CloudStores.Transient;

/// <summary>The checksum that Azure Storage and S3 both compare to find bytes that changed on the way. It protects nothing else.</summary>
internal static class TransferChecksum
{
    [SuppressMessage("Security", "CA5351", Justification = "The services' protocols prescribe MD5; objects are authenticated by their encryption.")]
    public static byte[] Of(ReadOnlySpan<byte> bytes) => MD5.HashData(bytes);
}
