using System.Buffers.Binary;
using System.Numerics;

namespace OrleansBackup.Vault.Recipes;

/// <summary>CRC-32C (Castagnoli) of a whole content that is put together from pieces, so that a mistake in putting together shows.</summary>
/// <remarks>Against mistakes only: what the pieces are is authenticated by their names. RFC 3720, appendix B.4.</remarks>
internal struct Crc32C()
{
    private uint _state = uint.MaxValue;

    public readonly uint Value => ~_state;

    public void Add(ReadOnlySpan<byte> bytes)
    {
        var state = _state;
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
            state = BitOperations.Crc32C(state, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        foreach (var one in bytes)
            state = BitOperations.Crc32C(state, one);
        _state = state;
    }
}
