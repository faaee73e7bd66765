using System.Security.Cryptography;
using OrleansBackup.Vault;
using OrleansBackup.Vault.Format;
using OrleansBackup.Vault.Keys;

namespace OrleansBackup.Benchmarks.Vault;

/// <summary>The least that storing can cost: each content hashed, everything compressed in blocks and encrypted, and nothing else.</summary>
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

    private int Seal(FieldWriter block)
    {
        var compressed = _codec.Encode(block.Written);
        block.Clear();
        BitConverter.TryWriteBytes(_nonce, BitConverter.ToUInt64(_nonce) + 1);
        _cipher.Encrypt(_nonce, compressed, compressed, _tag);
        return compressed.Length + _tag.Length;
    }
}
