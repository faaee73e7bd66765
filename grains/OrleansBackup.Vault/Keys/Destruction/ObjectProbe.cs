using System.Buffers.Binary;
using OrleansBackup.Vault.Format;
using OrleansBackup.Vault.Stores;

namespace OrleansBackup.Vault.Keys.Destruction;

/// <summary>Tries a key on an object whose whole bytes are at hand.</summary>
internal static class ObjectProbe
{
    /// <summary>Whether an object of this kind shows by itself whether a key fits: parts of bases need their index to be read.</summary>
    public static bool CanTry(BlobName name, ReadOnlySpan<byte> stored) =>
        stored.Length > ObjectCipher.HeaderBytes + ObjectCipher.TagBytes && stored.StartsWith("OBV"u8)
        && (ObjectKind)stored[4] is ObjectKind.Segment or ObjectKind.BaseIndex or ObjectKind.Chunk or ObjectKind.PruneRecord or ObjectKind.Pack or ObjectKind.Card;

    /// <returns>Null: it opened. Otherwise why not.</returns>
    public static string? Try(BlobName name, ReadOnlySpan<byte> stored, TenantKeys keys)
    {
        try
        {
            var kind = (ObjectKind)stored[4];
            var cipher = ObjectCipher.ForStored(name, kind, stored, keys);
            if (kind == ObjectKind.Pack)
            {
                const int trailer = Content.PackIndex.TrailerBytes;
                var length = BinaryPrimitives.ReadInt32LittleEndian(stored[^trailer..]);
                if (length < 0 || length > stored.Length - trailer - ObjectCipher.HeaderBytes)
                    return "its end is not that of a pack";
                cipher.Decrypt(ObjectCipher.IndexFrame, stored[^(trailer + length)..^trailer]);
            }
            else
                cipher.Decrypt(0, stored[ObjectCipher.HeaderBytes..]);
            return null;
        }
        catch (DamagedObjectException e) { return e.What; } // the answer that is asked for
    }
}
