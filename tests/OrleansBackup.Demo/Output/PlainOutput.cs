using System.Collections.Immutable;
using System.Diagnostics;

namespace OrleansBackup.Demo.Output;

/// <summary>Plain lines, for a log or a pipe: a bar becomes a line every few seconds and one at its end.</summary>
public sealed class PlainOutput(TextWriter writer) : IDemoOutput
{
    public void Heading(string text) => writer.WriteLine($"{Environment.NewLine}== {text}");

    public void Line(string text) => writer.WriteLine("   " + text);

    public void Table(string title, ImmutableArray<string> columns, ImmutableArray<ImmutableArray<string>> rows)
    {
        writer.WriteLine($"{Environment.NewLine}   {title}");
        var all = rows.Insert(0, columns);
        var widths = columns.Select((_, column) => all.Max(row => row[column].Length)).ToArray();
        foreach (var row in all)
            writer.WriteLine("   " + string.Join("  ", row.Select((cell, column) =>
                TableShape.IsOfFigures(rows, column) ? cell.PadLeft(widths[column]) : cell.PadRight(widths[column]))).TrimEnd());
    }

    public Task ProgressAsync(Func<IProgressBoard, Task> work) => work(new Board(writer));

    private sealed class Board(TextWriter writer) : IProgressBoard
    {
        private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(5);
        private readonly Dictionary<string, (Stopwatch Since, bool Ended)> _bars = new(StringComparer.Ordinal);

        public void Show(string name, double done, double of, string note)
        {
            var ended = done >= of && of > 0;
            var known = _bars.TryGetValue(name, out var bar);
            if (bar.Ended || (known && !ended && bar.Since.Elapsed < Quiet))
                return;
            _bars[name] = (Stopwatch.StartNew(), ended);
            if (known || ended)
                writer.WriteLine($"   {name}: {(of <= 0 ? 0 : Math.Min(100, 100 * done / of)):0} % {note}");
        }
    }
}
