using System.Text.Json;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace OrleansBackup.CommandLine.Output;

/// <summary>Everything that the command says: tables and sheets for people, or the API's JSON for programs.</summary>
internal sealed class Printer(Surroundings surroundings, bool json)
{
    /// <summary>Wide enough that nothing is broken over lines where a program reads; Spectre counts columns in an int and adds some.</summary>
    private const int NoLimit = 100_000;

    public bool IsJson => json;

    public void Json(JsonElement element) => surroundings.Out.WriteLine(Output.Json.Written(element));

    /// <summary>One object a line, for what comes bit by bit.</summary>
    public void JsonLine(JsonElement element) => surroundings.Out.WriteLine(Output.Json.Written(element, indented: false));

    /// <summary>A list as the API gave it, or its table.</summary>
    public void List(JsonElement answer, string array, params Column[] columns)
    {
        if (json)
            Json(answer);
        else
            Table(answer.Items(array), columns);
    }

    public void Table(IReadOnlyList<JsonElement> rows, params Column[] columns)
    {
        if (rows.Count == 0)
        {
            Note("None.");
            return;
        }
        var cells = rows.Select(row => Array.ConvertAll(columns, column => SafeText.Of(column.Read(row, surroundings.Time.LocalTimeZone)))).ToArray();
        // A column that says nothing in any row only takes width away from the others.
        var shown = Enumerable.Range(0, columns.Length).Where(c => cells.Any(row => row[c].Length > 0)).ToArray();
        var table = new Table().Border(TableBorder.None).ShowHeaders();
        foreach (var c in shown)
        {
            var column = new TableColumn(new Text(columns[c].Title, Tinted(new Style(decoration: Decoration.Bold)))).PadLeft(0).PadRight(2);
            column.NoWrap = columns[c].IsWhole;
            column.Alignment = columns[c].IsNumber ? Justify.Right : Justify.Left;
            table.AddColumn(column);
        }
        foreach (var row in cells)
            table.AddRow(shown.Select(c => (IRenderable)new Text(row[c], Tinted(Column.StyleOf(row[c])))));
        Draw(table);
    }

    /// <summary>One thing, a line for each of what there is to say of it.</summary>
    public void Sheet(JsonElement thing, params Column[] lines)
    {
        if (json)
        {
            Json(thing);
            return;
        }
        var grid = new Grid().AddColumn(new GridColumn { NoWrap = true, Padding = new Padding(0, 0, 2, 0) }).AddColumn(new GridColumn { Padding = new Padding(0) });
        foreach (var line in lines)
        {
            var value = SafeText.Of(line.Read(thing, surroundings.Time.LocalTimeZone));
            if (value.Length > 0)
                grid.AddRow(new Text(line.Title, Tinted(new Style(decoration: Decoration.Bold))), new Text(value, Tinted(Column.StyleOf(value))));
        }
        Draw(grid);
    }

    /// <summary>A result in words, for people only.</summary>
    public void Say(string text)
    {
        if (!json)
            surroundings.Out.WriteLine(SafeText.Lines(text));
    }

    public void Heading(string text)
    {
        if (!json)
            surroundings.Out.WriteLine($"\n{SafeText.Of(text)}");
    }

    /// <summary>Besides the result: to standard error, so that what is piped stays clean.</summary>
    public void Note(string text) => surroundings.Error.WriteLine(SafeText.Lines(text));

    private Style Tinted(Style style) => surroundings.HasColour ? style : Style.Plain;

    // Drawn into a string first: Spectre fills lines up with blanks, which a program that reads them has no use for.
    private void Draw(IRenderable what)
    {
        using var drawn = new StringWriter();
        surroundings.Draw(drawn, surroundings.IsTerminal ? surroundings.Width : NoLimit).Write(what);
        foreach (var line in drawn.ToString().TrimEnd('\n', '\r').Split('\n'))
            surroundings.Out.WriteLine(line.TrimEnd());
    }
}
