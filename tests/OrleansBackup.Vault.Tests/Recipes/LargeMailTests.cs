using System.Runtime.CompilerServices;
using System.Text;
using OrleansBackup.Vault.Stores;
using OrleansBackup.Vault.Tests.Given;

namespace OrleansBackup.Vault.Tests.Recipes;

public sealed class LargeMailTests
{
    private const int LineBytes = 57, Lines = 200_000;

    [Fact]
    public async Task A_large_message_passes_through_and_is_never_held_whole()
    {
        var store = new CountingStore();
        var options = new VaultOptions { SmallContentBytes = 16 << 10, LeastChunkBytes = 8 << 10, MeanChunkBytes = 32 << 10, MostChunkBytes = 64 << 10 };
        var vault = await AVault.OnAsync(store, options);
        await using var run = await vault.BeginAsync();
        long furthest = 0;
        // Random bytes do not compress: what was read and is not stored yet is in memory.
        await using var mime = new LargeMail(read => furthest = Math.Max(furthest, read * 3 / 4 - store.StoredBytes));
        var mail = await run.StoreMailAsync(mime, default);
        Assert.Equal(mime.Read, mail.Length);
        Assert.Equal(LineBytes * (long)Lines, Assert.Single(mail.Parts).Content.Length);
        Assert.InRange(furthest, 1, 1 << 20);
    }

    /// <summary>A header and 15 MB of base64 text, made as it is read.</summary>
    private sealed class LargeMail(Action<long> progress) : MemoryStream
    {
        private readonly Random _random = new(5);
        private byte[] _line = Encoding.ASCII.GetBytes("Content-Transfer-Encoding: base64\r\n\r\n");
        private int _offset, _lines;

        public new long Read { get; private set; }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var count = 0;
            while (count < buffer.Length)
            {
                if (_offset == _line.Length)
                {
                    if (_lines == Lines)
                        break;
                    _lines++;
                    var bytes = new byte[LineBytes];
                    _random.NextBytes(bytes);
                    (_line, _offset) = (Encoding.ASCII.GetBytes(Convert.ToBase64String(bytes) + "\r\n"), 0);
                }
                var some = Math.Min(buffer.Length - count, _line.Length - _offset);
                _line.AsSpan(_offset, some).CopyTo(buffer.Span[count..]);
                (count, _offset) = (count + some, _offset + some);
            }
            Read += count;
            progress(Read);
            return ValueTask.FromResult(count);
        }
    }

    /// <summary>Keeps the key, and of everything else only how much it was.</summary>
    private sealed class CountingStore : IBlobStore
    {
        private readonly MemoryBlobStore _keys = new();
        private long _storedBytes;

        public long StoredBytes => Interlocked.Read(ref _storedBytes);

        public Task<bool> PutIfAbsentAsync(BlobName name, ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
        {
            if (name.Value.EndsWith("/keys", StringComparison.Ordinal))
                return _keys.PutIfAbsentAsync(name, bytes, cancellation);
            Interlocked.Add(ref _storedBytes, bytes.Length);
            return Task.FromResult(true);
        }

        public Task<ReadOnlyMemory<byte>?> GetAsync(BlobName name, CancellationToken cancellation) => _keys.GetAsync(name, cancellation);

        public Task<ReadOnlyMemory<byte>?> GetRangeAsync(BlobName name, long offset, int length, CancellationToken cancellation) =>
            _keys.GetRangeAsync(name, offset, length, cancellation);

        public Task<long?> GetLengthAsync(BlobName name, CancellationToken cancellation) => _keys.GetLengthAsync(name, cancellation);

        public async IAsyncEnumerable<BlobName> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellation)
        {
            await Task.CompletedTask;
            yield break;
        }

        public Task<bool> DeleteAsync(BlobName name, CancellationToken cancellation) => _keys.DeleteAsync(name, cancellation);
    }
}
