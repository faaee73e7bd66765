using System.Collections.Concurrent;
using OrleansBackup.Vault.Format;

namespace OrleansBackup.Vault.Content;

/// <summary>The buffers in which blocks are gathered, used again: half a MiB for each new block is what fills the large object heap.</summary>
/// <remarks>There are never more than blocks under way, and one that is open.</remarks>
internal sealed class BlockBuffers(int capacity)
{
    private readonly ConcurrentBag<FieldWriter> _free = [];

    public FieldWriter Take() => _free.TryTake(out var buffer) ? buffer : new(capacity);

    public void Return(FieldWriter buffer)
    {
        buffer.Clear();
        _free.Add(buffer);
    }
}
