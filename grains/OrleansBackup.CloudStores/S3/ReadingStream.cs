using System.Runtime.InteropServices;

namespace OrleansBackup.CloudStores.S3;

/// <summary>Bytes in memory as the stream that the S3 client wants, without a copy where that is possible.</summary>
internal static class ReadingStream
{
    public static MemoryStream Of(ReadOnlyMemory<byte> bytes) => MemoryMarshal.TryGetArray(bytes, out var array)
        ? new(array.Array!, array.Offset, array.Count, writable: false) : new(bytes.ToArray(), writable: false);
}
