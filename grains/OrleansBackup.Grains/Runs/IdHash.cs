using System.Security.Cryptography;
using System.Text;

namespace OrleansBackup.Grains.Runs;

/// <summary>16 bytes that stand for an item id, so that a set of a million ids takes tens of megabytes and not hundreds.</summary>
/// <remarks>A cryptographic hash: two ids of one mailbox do not collide, by accident or on purpose.</remarks>
internal static class IdHash
{
    public static UInt128 Of(string itemId)
    {
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(Encoding.UTF8.GetBytes(itemId), hash);
        return BitConverter.ToUInt128(hash);
    }
}
