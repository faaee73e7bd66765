using Spectre.Console;

namespace OrleansBackup.CommandLine;

/// <summary>All that the command takes from its process and machine, so that a test can give it others.</summary>
internal sealed record Surroundings
{
    /// <summary>Narrower than this no table can be read; a terminal that says less is taken to be this wide.</summary>
    private const int NarrowestTerminal = 40;

    public required TextWriter Out { get; init; }

    public required TextWriter Error { get; init; }

    public required TextReader In { get; init; }

    /// <summary>Downloads to standard output go here, byte for byte.</summary>
    public required Func<Stream> OpenOut { get; init; }

    public required Func<string, string?> Variable { get; init; }

    /// <summary>Where the profile file is.</summary>
    public required string ConfigurationFolder { get; init; }

    public required TimeProvider Time { get; init; }

    /// <summary>Somebody reads along: widths are fitted, bars are drawn.</summary>
    public required bool IsTerminal { get; init; }

    /// <summary>Standard input is a file or pipe: nobody can be asked.</summary>
    public required bool IsInputRedirected { get; init; }

    /// <summary>Columns of the terminal.</summary>
    public required int Width { get; init; }

    public bool HasColour => IsTerminal && string.IsNullOrEmpty(Variable("NO_COLOR")) && Variable("TERM") != "dumb";

    public static Surroundings OfThisProcess() => new()
    {
        Out = Console.Out,
        Error = Console.Error,
        In = Console.In,
        OpenOut = Console.OpenStandardOutput,
        Variable = Environment.GetEnvironmentVariable,
        // XDG_CONFIG_HOME or ~/.config; %APPDATA% on Windows.
        ConfigurationFolder = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData, Environment.SpecialFolderOption.DoNotVerify), "orleansbackup"),
        Time = TimeProvider.System,
        IsTerminal = !Console.IsOutputRedirected,
        IsInputRedirected = Console.IsInputRedirected,
        Width = Console.IsOutputRedirected ? int.MaxValue : Math.Max(NarrowestTerminal, Console.WindowWidth),
    };

    /// <summary>A console that draws on <paramref name="target"/>; colours and cursor movements only where somebody wants them.</summary>
    public IAnsiConsole Draw(TextWriter target, int width)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = HasColour ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = HasColour ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
            Interactive = IsTerminal ? InteractionSupport.Yes : InteractionSupport.No,
            Out = new AnsiConsoleOutput(target),
        });
        console.Profile.Width = width;
        return console;
    }
}
