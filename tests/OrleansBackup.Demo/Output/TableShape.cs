using System.Collections.Immutable;

namespace OrleansBackup.Demo.Output;

/// <summary>How a table stands, alike in a log and in a terminal: figures to the right so that they can be compared, words to the left so that they can be read.</summary>
internal static class TableShape
{
    /// <summary>Whether every cell of the column begins with a digit.</summary>
    public static bool IsOfFigures(ImmutableArray<ImmutableArray<string>> rows, int column) =>
        rows.All(row => row[column] is [>= '0' and <= '9', ..]);
}
