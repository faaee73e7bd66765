using System.Collections.Immutable;
using Spectre.Console;

namespace OrleansBackup.Demo.Output;

/// <summary>A terminal: colours, bars that move, tables with lines.</summary>
internal sealed class TerminalOutput(IAnsiConsole console) : IDemoOutput
{
    public void Heading(string text)
    {
        console.WriteLine();
        console.Write(new Rule($"[bold]{Markup.Escape(text)}[/]") { Justification = Justify.Left });
    }

    public void Line(string text) => console.MarkupLineInterpolated($"   {text}");

    public void Table(string title, ImmutableArray<string> columns, ImmutableArray<ImmutableArray<string>> rows)
    {
        var table = new Table { Title = new TableTitle(Markup.Escape(title)), Border = TableBorder.Rounded };
        foreach (var (column, index) in columns.Select((column, index) => (column, index)))
            table.AddColumn(new TableColumn(Markup.Escape(column)) { Alignment = TableShape.IsOfFigures(rows, index) ? Justify.Right : Justify.Left });
        foreach (var row in rows)
            table.AddRow([.. row.Select(Markup.Escape)]);
        console.Write(table);
    }

    public Task ProgressAsync(Func<IProgressBoard, Task> work) => console.Progress()
        .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new SpinnerColumn())
        .StartAsync(context => work(new Board(context)));

    private sealed class Board(ProgressContext context) : IProgressBoard
    {
        private readonly Dictionary<string, ProgressTask> _bars = new(StringComparer.Ordinal);

        public void Show(string name, double done, double of, string note)
        {
            if (!_bars.TryGetValue(name, out var bar))
                _bars.Add(name, bar = context.AddTask(Markup.Escape(name)));
            bar.Description = Markup.Escape($"{name} {note}");
            bar.MaxValue = Math.Max(1, of);
            bar.Value = Math.Min(done, bar.MaxValue);
        }
    }
}
