using System.Security.Cryptography;
using OrleansBackup.Vault;
using OrleansBackup.Vault.Format;
using OrleansBackup.Vault.Keys;
using OrleansBackup.Vault.Recipes;

namespace OrleansBackup.Benchmarks.Vault;

/// <summary>The least that storing can cost: each content hashed, everything compressed in blocks and encrypted, and nothing else: no
/// parsing, no looking for what is there, no item, no store.</summary>
/// <remarks>
/// Same keyed hash, codec, level, block size and cipher as the vault's, on one thread. Of the messages as they come this is what a vault
/// without recipes could at best cost: the goal is stated against it. Of their pieces (<see cref="PiecesOf"/>) it is stricter: fewer bytes are
/// compressed, because base64 parts are decoded, but the work that makes them fewer is not in it. Contents that are there twice count twice in both.
/// </remarks>
internal sealed class Ceiling(VaultOptions options) : IDisposable
{
    private readonly TenantKeys _keys = new("ceiling", RandomNumberGenerator.GetBytes(TenantKeys.DataKeyBytes));
    private readonly BlockCodec _codec = new(options.Compression);
    private readonly AesGcm _cipher = new(RandomNumberGenerator.GetBytes(32), 16);
    private readonly byte[] _nonce = new byte[12];
    private readonly byte[] _tag = new byte[16];

    public void Dispose() => _cipher.Dispose();

    /// <returns>Bytes that were made.</returns>
    public long Run(IReadOnlyList<byte[]> contents)
    {
        var block = new FieldWriter(2 * options.TargetBlockBytes);
        long stored = 0;
        foreach (var content in contents)
        {
            _keys.NameOf(content);
            block.Fixed(content);
            if (block.Length >= options.TargetBlockBytes)
                stored += Seal(block);
        }
        return stored + Seal(block);
    }

    /// <summary>What the vault stores of each message: decoded parts, and the text between them.</summary>
    public static async Task<IReadOnlyList<byte[]>> PiecesOf(IReadOnlyList<byte[]> messages, CancellationToken cancellation)
    {
        var pieces = new List<byte[]>();
        async ValueTask<ContentReference> KeepAsync(Stream content, CancellationToken token)
        {
            using var copy = new MemoryStream();
            await content.CopyToAsync(copy, token);
            if (copy.Length > 0)
                pieces.Add(copy.ToArray());
            return ContentReference.InPack(default, 0, (int)copy.Length, default);
        }
        foreach (var message in messages)
        {
            await using var text = new LiteralStream(new MemoryStream(message), KeepAsync);
            await KeepAsync(text, cancellation);
        }
        return pieces;
    }

    private int Seal(FieldWriter block)
    {
        var compressed = _codec.Encode(block.Written);
        block.Clear();
        BitConverter.TryWriteBytes(_nonce, BitConverter.ToUInt64(_nonce) + 1);
        _cipher.Encrypt(_nonce, compressed, compressed, _tag);
        return compressed.Length + _tag.Length;
    }
}
