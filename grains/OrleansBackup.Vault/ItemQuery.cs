using System.Collections.Immutable;
using System.Text;

namespace OrleansBackup.Vault;

/// <summary>What to look for in a restore point: words that all occur in what a person sees of an item, and when it was.</summary>
/// <remarks>
/// There is no index of words: the item table is compressed text of a few hundred bytes an item and is looked through at the speed of memory.
/// Before a block is decoded, its raw bytes must hold the longest run of plain letters and digits of each word, so most blocks never are.
/// </remarks>
/// <param name="Words">Each must occur somewhere, upper and lower case alike; none: any item.</param>
/// <param name="Kind">Items of this kind.</param>
/// <param name="From">Items whose time is this or later.</param>
/// <param name="Until">Items whose time is before this. An item without a time matches neither bound.</param>
public sealed record ItemQuery(ImmutableArray<string> Words, string? Kind, DateTimeOffset? From, DateTimeOffset? Until)
{
    private readonly ImmutableArray<byte[]> _runs =
        [.. Words.Select(LongestRun).Where(run => run.Length > 1).Select(Encoding.ASCII.GetBytes)];

    /// <summary>What a person sees of an item and may look for; its texts stand in its name or properties, letters and digits unchanged.</summary>
    public Func<ItemVersion, IEnumerable<string>> Texts { get; init; } = item => [item.Name];

    public bool Matches(ItemVersion item)
    {
        ArgumentNullException.ThrowIfNull(item);
        if (Kind is not null && Kind != item.Kind)
            return false;
        if ((From is not null && !(item.Time >= From)) || (Until is not null && !(item.Time < Until)))
            return false;
        return Words.All(word => Texts(item).Any(text => text.Contains(word, StringComparison.OrdinalIgnoreCase)));
    }

    /// <returns>False: nothing in these encoded items can match.</returns>
    internal bool MayMatch(ReadOnlySpan<byte> encoded)
    {
        foreach (var run in _runs)
            if (!Holds(encoded, run))
                return false;
        return true;
    }

    /// <summary>Whether the text is there, in UTF-8 or in the UTF-16 of texts with half a character.</summary>
    private static bool Holds(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> run)
    {
        Span<byte> wide = stackalloc byte[2 * run.Length];
        for (var i = 0; i < run.Length; i++)
            (wide[2 * i], wide[(2 * i) + 1]) = (run[i], 0);
        wide = wide[..^1]; // the last zero says nothing
        var (lower, upper) = ((byte)char.ToLowerInvariant((char)run[0]), (byte)char.ToUpperInvariant((char)run[0]));
        for (var at = bytes.IndexOfAny(lower, upper); at >= 0;)
        {
            bytes = bytes[at..];
            if ((bytes.Length >= run.Length && Ascii.EqualsIgnoreCase(bytes[..run.Length], run))
                || (bytes.Length >= wide.Length && Ascii.EqualsIgnoreCase(bytes[..wide.Length], wide)))
                return true;
            bytes = bytes[1..];
            at = bytes.IndexOfAny(lower, upper);
        }
        return false;
    }

    private static string LongestRun(string word)
    {
        var longest = "";
        for (var from = 0; from < word.Length; from++)
        {
            var to = from;
            while (to < word.Length && char.IsAsciiLetterOrDigit(word[to]))
                to++;
            if (to - from > longest.Length)
                longest = word[from..to];
            from = Math.Max(from, to - 1);
        }
        return longest.Length > 200 ? longest[..200] : longest;
    }
}
