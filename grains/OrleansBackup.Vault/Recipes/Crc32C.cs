using System.Buffers.Binary;
using System.Numerics;

namespace OrleansBackup.Vault.Recipes;

/// <summary>CRC-32C (Castagnoli) of a whole content that is put together from pieces, so that a mistake in putting together shows.</summary>
/// <remarks>
/// Against mistakes only: what the pieces are is authenticated by their names. RFC 3720, appendix B.4. Three stretches are summed side by
/// side, because each step of the processor's instruction waits for the one before it; the sums are joined as polynomials are: what comes
/// first is moved on by as many zero bytes as come after it.
/// </remarks>
internal struct Crc32C()
{
    private const int Stretch = 1024;
    private static readonly uint[] Moved = MovedByAStretch();

    private uint _state = uint.MaxValue;

    public readonly uint Value => ~_state;

    public void Add(ReadOnlySpan<byte> bytes)
    {
        var state = _state;
        for (; bytes.Length >= 3 * Stretch; bytes = bytes[(3 * Stretch)..])
        {
            var first = bytes[..Stretch];
            var second = bytes.Slice(Stretch, Stretch);
            var third = bytes.Slice(2 * Stretch, Stretch);
            var (sumOfSecond, sumOfThird) = (0u, 0u);
            for (var at = 0; at < Stretch; at += sizeof(ulong))
            {
                state = BitOperations.Crc32C(state, BinaryPrimitives.ReadUInt64LittleEndian(first[at..]));
                sumOfSecond = BitOperations.Crc32C(sumOfSecond, BinaryPrimitives.ReadUInt64LittleEndian(second[at..]));
                sumOfThird = BitOperations.Crc32C(sumOfThird, BinaryPrimitives.ReadUInt64LittleEndian(third[at..]));
            }
            state = Move(Move(state) ^ sumOfSecond) ^ sumOfThird;
        }
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
            state = BitOperations.Crc32C(state, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        foreach (var one in bytes)
            state = BitOperations.Crc32C(state, one);
        _state = state;
    }

    /// <summary>The state after a stretch of zero bytes.</summary>
    private static uint Move(uint state) =>
        Moved[state & 0xFF] ^ Moved[256 + (state >> 8 & 0xFF)] ^ Moved[512 + (state >> 16 & 0xFF)] ^ Moved[768 + (state >> 24)];

    /// <summary>By each byte of the state: moving is linear, so the parts are looked up one by one.</summary>
    private static uint[] MovedByAStretch()
    {
        var moved = new uint[4 * 256];
        for (var place = 0; place < 4; place++)
            for (var value = 0u; value < 256; value++)
            {
                var state = value << (8 * place);
                for (var at = 0; at < Stretch; at += sizeof(ulong))
                    state = BitOperations.Crc32C(state, 0ul);
                moved[256 * place + value] = state;
            }
        return moved;
    }
}
