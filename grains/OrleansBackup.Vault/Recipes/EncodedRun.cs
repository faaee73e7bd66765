using System.Buffers;
using System.Collections.Immutable;

namespace OrleansBackup.Vault.Recipes;

/// <summary>Finds base64 text by what it looks like: lines of one length and nothing else between the same endings.</summary>
/// <remarks>
/// Headers and boundaries are not asked: malformed mail, mail within mail, armoured keys and cards with pictures are found alike, and
/// nothing that is found wrongly does harm, because whatever is decoded was compared with what it is encoded back to.
/// </remarks>
internal static class EncodedRun
{
    /// <summary>Shorter runs stay literal: their reference would cost more than they save.</summary>
    public const int LeastCharacters = 1366; // 1 KiB decoded, without padding

    private const int ShortestLine = 32, LongestLine = 8192;

    private static readonly SearchValues<byte> Alphabet = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"u8);
    private static readonly SearchValues<byte> WithinRuns = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/ \t\r\n"u8);

    /// <summary>The characters at the beginning of <paramref name="text"/> that base64 is written with, padding left out.</summary>
    public static int CharactersAt(ReadOnlySpan<byte> text) => text.IndexOfAnyExcept(Alphabet) is var count and >= 0 ? count : text.Length;

    /// <summary>Looks for the first run that begins a line.</summary>
    /// <param name="atLineStart">Whether <paramref name="ahead"/> begins a line.</param>
    /// <returns>How many bytes come before it, and its layout; or, without a layout, how many bytes have none for certain.</returns>
    public static (int Before, EncodedLayout? Layout) Find(ReadOnlySpan<byte> ahead, bool atLineStart, bool ended)
    {
        // A run must be seen far enough to know it; what begins further on is looked at again.
        var seen = ended ? ahead.Length : ahead.Length - SourceWindow.Sight / 2;
        var at = atLineStart ? 0 : AfterLine(ahead, 0);
        while (at < seen)
        {
            // Whatever begins from here up to a byte that no run has would be too short: text is passed over by its punctuation, not line by line.
            if (ahead[at..Math.Min(at + LeastCharacters, ahead.Length)].LastIndexOfAnyExcept(WithinRuns) is var strange and >= 0)
                at += strange;
            else if (LayoutAt(ahead[at..]) is { } layout)
                return (at, layout);
            at = AfterLine(ahead, at);
        }
        return (ended ? ahead.Length : Math.Min(at, ahead.Length), null);
    }

    private static int AfterLine(ReadOnlySpan<byte> text, int at) =>
        text[at..].IndexOfAny((byte)'\n', (byte)'\r') is var end and >= 0 ? at + end + 1 : text.Length;

    private static EncodedLayout? LayoutAt(ReadOnlySpan<byte> text)
    {
        var line = CharactersAt(text);
        if (line < ShortestLine)
            return null;
        if (line > LongestLine)
            return new(EncodedLayout.Unbroken, [], IsPadded: true);
        var ending = EndingAt(text[line..]);
        if (ending.IsEmpty)
            return line >= LeastCharacters ? new(EncodedLayout.Unbroken, [], IsPadded: true) : null;
        var characters = line;
        for (var at = line; characters < LeastCharacters; at += line)
        {
            if (!text[at..].StartsWith(ending))
                return null;
            at += ending.Length;
            var next = Math.Min(CharactersAt(text[at..]), line);
            characters += next;
            if (next < line && characters < LeastCharacters)
                return null;
        }
        return new(line, [.. ending], IsPadded: true);
    }

    /// <summary>The spaces and the one line ending at the beginning of <paramref name="text"/>; empty if there is none, or a strange one.</summary>
    private static ReadOnlySpan<byte> EndingAt(ReadOnlySpan<byte> text)
    {
        var spaces = text.IndexOfAnyExcept((byte)' ', (byte)'\t');
        if (spaces is < 0 or > EncodedLayout.LongestEnding - 2)
            return [];
        return text[spaces..] switch
        {
            [(byte)'\r', (byte)'\n', ..] => text[..(spaces + 2)],
            [(byte)'\n' or (byte)'\r', ..] => text[..(spaces + 1)],
            _ => [],
        };
    }
}
