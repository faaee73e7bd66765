using System.Numerics;

namespace OrleansBackup.Vault.Content;

/// <summary>Finds where large content is cut, by the content itself: an insertion moves few cuts, so versions of a file share chunks.</summary>
/// <remarks>FastCDC (Xia et al., USENIX ATC 2016) with normalised chunking: a gear hash over the last 64 bytes, a stricter test
/// before the mean length and a looser one after it. Where the cuts are is no part of the format; it only decides what is shared.</remarks>
internal sealed class ContentCutter(ulong[] table, int least, int mean, int most)
{
    private readonly ulong _strict = HighBits(BitOperations.Log2((uint)mean) + 2);
    private readonly ulong _loose = HighBits(BitOperations.Log2((uint)mean) - 2);

    public int Most => most;

    /// <returns>The length of the first chunk of <paramref name="bytes"/>, which holds all that is left or at least <see cref="Most"/> bytes.</returns>
    public int Cut(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length <= least)
            return bytes.Length;
        var end = Math.Min(bytes.Length, most);
        var turn = Math.Max(least, Math.Min(mean, end));
        ulong hash = 0;
        if (IndexOfCut(bytes[least..turn], _strict, ref hash) is var strict and >= 0)
            return least + strict + 1;
        return IndexOfCut(bytes[turn..end], _loose, ref hash) is var loose and >= 0 ? turn + loose + 1 : end;
    }

    private int IndexOfCut(ReadOnlySpan<byte> bytes, ulong mask, ref ulong hash)
    {
        var gear = table.AsSpan(0, 256); // known to be so long, it is looked up without being asked again for each byte
        var sum = hash;
        for (var i = 0; i < bytes.Length; i++)
        {
            sum = (sum << 1) + gear[bytes[i]];
            if ((sum & mask) == 0)
                return i;
        }
        hash = sum;
        return -1;
    }

    // The high bits have seen the most bytes.
    private static ulong HighBits(int count) => ulong.MaxValue << (64 - Math.Clamp(count, 1, 63));
}
