using Microsoft.IO;

namespace OrleansBackup.Microsoft365.Transport;

/// <summary>Memory for what is received, taken from a pool: messages and attachments are mostly too large for the part of the heap that is
/// cleared cheaply, and a mailbox has many of them.</summary>
internal static class PooledMemory
{
    private const int BlockBytes = 64 * 1024; // below the limit of the large object heap
    private const int KeptOfEachSize = 1024 * 1024;

    private static readonly RecyclableMemoryStreamManager Manager = new(new RecyclableMemoryStreamManager.Options(
        BlockBytes, largeBufferMultiple: 256 * 1024, maximumBufferSize: 4 * 1024 * 1024,
        maximumSmallPoolFreeBytes: 4 * 1024 * 1024, maximumLargePoolFreeBytes: KeptOfEachSize) { UseExponentialLargeBuffer = true });

    /// <summary>An empty stream that grows by blocks of the pool. Disposing it gives them back, and so does the collector
    /// once nothing refers to the stream: nothing may point into it that outlives it.</summary>
    public static RecyclableMemoryStream NewStream() => Manager.GetStream();
}
