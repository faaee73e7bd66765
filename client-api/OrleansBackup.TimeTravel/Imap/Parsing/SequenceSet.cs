using System.Collections.Immutable;
using System.Globalization;

namespace OrleansBackup.TimeTravel.Imap.Parsing;

/// <summary>Numbers of messages, such as <c>1,3:5,7:*</c>. The star is the last there is.</summary>
/// <remarks>Source: RFC 3501, section 9, sequence-set. In an opened point a message's UID is its number: nothing ever comes or goes.</remarks>
internal sealed record SequenceSet(ImmutableArray<(uint From, uint To)> Ranges)
{
    private const int MostRanges = 10_000;
    private const uint Star = 0;

    public static SequenceSet Parse(string text)
    {
        var parts = text.Split(',', MostRanges + 1);
        if (parts.Length > MostRanges)
            throw new ImapSyntaxException($"A set has at most {MostRanges} parts.");
        return new([.. parts.Select(part => part.Split(':', 3) switch
        {
            [var one] => (Number(one), Number(one)),
            [var from, var to] => (Number(from), Number(to)),
            _ => throw new ImapSyntaxException("A set of messages cannot be read."),
        })]);
    }

    /// <summary>Those that exist, in order and each once, however the set names them.</summary>
    /// <param name="last">The number of the last message; 0: there is none.</param>
    public IEnumerable<int> In(int last)
    {
        var (next, ranges) = (1u, Ranges.Select(range => Order(range, last)).OrderBy(range => range.From).ToList());
        foreach (var (from, to) in ranges)
        {
            for (var at = Math.Max(from, next); at <= to && at <= last; at++)
                yield return (int)at;
            next = Math.Max(next, to == uint.MaxValue ? to : to + 1);
        }
    }

    public bool Holds(int number, int last) => Ranges.Any(range => Order(range, last) is var (from, to) && from <= number && number <= to);

    private static (uint From, uint To) Order((uint From, uint To) range, int last)
    {
        var (from, to) = (range.From == Star ? (uint)last : range.From, range.To == Star ? (uint)last : range.To);
        return from <= to ? (from, to) : (to, from);
    }

    private static uint Number(string text) => text == "*" ? Star
        : uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number
        : throw new ImapSyntaxException("A set of messages cannot be read.");
}
