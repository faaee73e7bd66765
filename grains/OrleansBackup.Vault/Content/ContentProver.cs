using System.Security.Cryptography;
using System.Text;

namespace OrleansBackup.Vault.Content;

/// <summary>Compares what is stored of an item with what the backup wrote down when it stored it.</summary>
internal static class ContentProver
{
    private const int BufferBytes = 1 << 16;

    public static async Task<ContentProof> ProveAsync(ItemVersion item, ContentReader reader, CancellationToken cancellation)
    {
        using var recorded = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var found = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var whole = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var (bytes, buffer) = (0L, new byte[BufferBytes]);
        foreach (var (role, content) in item.Contents.OrderBy(content => content.Key, StringComparer.Ordinal))
        {
            Add($"{role}\n", $"{role}\n");
            foreach (var piece in content.Pieces)
                if (piece.IsInPack)
                    Add(piece.Hash.ToString(), reader.NameOf(await ReadAsync(reader, piece, cancellation)).ToString());
                else
                    await foreach (var chunk in reader.ChunksOfAsync(piece, cancellation))
                        Add(chunk.Hash.ToString(), reader.NameOf(await reader.ReadChunkAsync(chunk, cancellation)).ToString());
            await using var stream = await reader.OpenAsync(content, cancellation);
            while (await stream.ReadAsync(buffer, cancellation) is var read and > 0)
            {
                whole.AppendData(buffer, 0, read);
                bytes += read;
            }
        }
        return new(bytes, Hex(recorded), Hex(found), Hex(whole));

        void Add(string? was, string? now)
        {
            recorded.AppendData(Encoding.UTF8.GetBytes(was!));
            found.AppendData(Encoding.UTF8.GetBytes(now!));
        }
    }

    private static async Task<byte[]> ReadAsync(ContentReader reader, ContentReference piece, CancellationToken cancellation)
    {
        await using var stream = await reader.OpenAsync(piece, cancellation);
        var bytes = new byte[checked((int)piece.Length)];
        await stream.ReadExactlyAsync(bytes, cancellation);
        return bytes;
    }

    private static string Hex(IncrementalHash hash) => Convert.ToHexStringLower(hash.GetHashAndReset());
}
