using System.Text;

namespace OrleansBackup.GraphSimulator.Generation;

/// <summary>A hash that is the same in every process, unlike <see cref="string.GetHashCode()"/>. FNV-1a, 64 bits.</summary>
public static class StableHash
{
    public static ulong Of(string text) => Of(Encoding.UTF8.GetBytes(text));

    public static ulong Of(ReadOnlySpan<byte> bytes)
    {
        var hash = 14695981039346656037UL;
        foreach (var value in bytes)
            hash = (hash ^ value) * 1099511628211UL;
        return hash;
    }
}
