using System.CommandLine;
using System.Globalization;
using System.Text.Json;

namespace OrleansBackup.Benchmarks;

/// <summary>Prints figures as they come, beside those of another engine where they are known, and keeps them for the other's run.</summary>
/// <param name="besideFile">Figures that another run has kept; null: none.</param>
/// <param name="saveFile">Where to keep these; null: nowhere.</param>
public sealed class FigureBook(string engine, string? besideFile, string? saveFile)
{
    private readonly Page? _beside = besideFile is null ? null : JsonSerializer.Deserialize<Page>(File.ReadAllText(besideFile));
    private readonly List<Figure> _told = [];

    public void Tell(string title, IReadOnlyList<Figure> figures)
    {
        Console.WriteLine($"{Environment.NewLine}{title}");
        foreach (var figure in figures)
            Console.WriteLine(Other(figure) is { } other ? $"  {figure.What,-62} {figure.Value,20} {other.Value,20} {Ratio(figure, other),7}{Target(figure)}" : $"  {figure}");
        _told.AddRange(figures);
    }

    /// <summary>A line that says what the columns are.</summary>
    public void Head()
    {
        if (_beside is not null)
            Console.WriteLine($"{Environment.NewLine}  {"",-62} {engine,20} {_beside.Engine,20} {"ratio",7}");
    }

    public void Save()
    {
        if (saveFile is not null)
            File.WriteAllText(saveFile, JsonSerializer.Serialize(new Page(engine, _told)));
    }

    private Figure? Other(Figure figure) => _beside?.Figures.FirstOrDefault(other => other.What == figure.What);

    private static string Ratio(Figure figure, Figure other) =>
        figure.Number is { } mine && other.Number is { } theirs && theirs != 0 ? (mine / theirs).ToString("0.00", CultureInfo.InvariantCulture) : "";

    private static string Target(Figure figure) => figure.Target is null ? "" : $"   ({figure.Target})";

    private sealed record Page(string Engine, IReadOnlyList<Figure> Figures);
}

/// <summary>The options of a command whose figures can stand beside another engine's.</summary>
public sealed class FigureBookOptions
{
    private readonly Option<string?> _beside = new("--beside") { Description = "a file of figures of another engine, to print beside these" };
    private readonly Option<string?> _save = new("--save") { Description = "keep the figures in this file" };

    public void AddTo(Command command)
    {
        ArgumentNullException.ThrowIfNull(command);
        command.Add(_beside);
        command.Add(_save);
    }

    public FigureBook Read(ParseResult parsed)
    {
        ArgumentNullException.ThrowIfNull(parsed);
        return new FigureBook(Engine.EngineOfTheBuild.Name, parsed.GetValue(_beside), parsed.GetValue(_save));
    }
}
