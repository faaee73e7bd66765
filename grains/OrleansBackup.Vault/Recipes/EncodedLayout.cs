using System.Collections.Immutable;
using OrleansBackup.Vault.Format;

namespace OrleansBackup.Vault.Recipes;

/// <summary>How a run of base64 text stands in its lines: what is needed besides the decoded bytes to write it again as it was.</summary>
/// <param name="LineLength">Characters on each line; <see cref="Unbroken"/> if the run is on one line.</param>
/// <param name="Ending">The bytes between two lines: a line ending, with the spaces before it if there are any. Not written after the last line.</param>
/// <param name="IsPadded">Whether the last group is filled up with '='. Without meaning if it is whole.</param>
internal sealed record EncodedLayout(int LineLength, ImmutableArray<byte> Ending, bool IsPadded)
{
    public const int Unbroken = int.MaxValue;
    public const int LongestEnding = 4;

    public bool Equals(EncodedLayout? other) =>
        other is not null && LineLength == other.LineLength && IsPadded == other.IsPadded && Ending.AsSpan().SequenceEqual(other.Ending.AsSpan());

    public override int GetHashCode() => HashCode.Combine(LineLength, IsPadded, Ending.Length);

    /// <summary>The characters that so many bytes become, without line endings.</summary>
    public long CharactersOf(long decodedBytes) =>
        IsPadded ? (decodedBytes + 2) / 3 * 4 : (decodedBytes * 4 + 2) / 3;

    /// <summary>The bytes that so many characters are with the endings between them.</summary>
    /// <param name="column">Characters that stand on the line already.</param>
    public long WrittenBytes(long characters, int column = 0) =>
        characters == 0 ? 0 : characters + (column + characters - 1) / LineLength * Ending.Length;

    /// <summary>The characters on the last line after so many more.</summary>
    public int ColumnAfter(long characters, int column) =>
        characters == 0 ? column : (int)(column + characters - (column + characters - 1) / LineLength * LineLength);

    public void WriteTo(FieldWriter writer)
    {
        writer.Number(LineLength == Unbroken ? 0 : LineLength);
        writer.Bytes(Ending.AsSpan());
        writer.Flag(IsPadded);
    }

    public static EncodedLayout Read(ref FieldReader reader)
    {
        var length = reader.Int() is var line and > 0 ? line : Unbroken;
        var ending = reader.Bytes();
        return ending.Length <= LongestEnding ? new(length, [.. ending], reader.Flag()) : throw new InvalidDataException("a line ending is too long");
    }
}
