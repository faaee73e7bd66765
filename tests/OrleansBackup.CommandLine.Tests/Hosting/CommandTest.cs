using System.Text;

namespace OrleansBackup.CommandLine.Tests.Hosting;

/// <summary>How a call of the command ended and what it said.</summary>
internal sealed record Ran(ExitCode Exit, string Out, string Error, byte[] Bytes);

/// <summary>Runs the command in process against a stub, with surroundings of the test's own.</summary>
public abstract class CommandTest : IAsyncLifetime
{
    internal const string Key = "test-key-0001";

    private StubServer? _server;

    internal StubServer Server => _server!;

    internal HurriedTime Time { get; } = new();

    protected string Folder { get; } = Directory.CreateTempSubdirectory("orleansbackup-cli-").FullName;

    protected Dictionary<string, string> Variables { get; } = new(StringComparer.Ordinal);

    protected bool IsTerminal { get; set; }

    protected int Width { get; set; } = 120;

    protected string Input { get; set; } = "";

    public virtual async Task InitializeAsync()
    {
        _server = await StubServer.StartAsync();
        Variables["ORLEANSBACKUP_SERVER"] = Server.Address.ToString();
        Variables["ORLEANSBACKUP_KEY"] = Key;
    }

    public virtual async Task DisposeAsync()
    {
        await Server.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }

    internal Task<Ran> RunAsync(params string[] words) => RunAsync(CancellationToken.None, words);

    internal async Task<Ran> RunAsync(CancellationToken cancellation, params string[] words)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        using var bytes = new MemoryStream();
        var exit = await Application.RunAsync(words, new Surroundings
        {
            Out = output,
            Error = error,
            In = new StringReader(Input),
            OpenOut = () => bytes,
            Variable = name => Variables.GetValueOrDefault(name),
            ConfigurationFolder = Path.Combine(Folder, "configuration"),
            Time = Time,
            IsTerminal = IsTerminal,
            IsInputRedirected = true,
            Width = Width,
        }, cancellation);
        return new((ExitCode)exit, output.ToString(), error.ToString(), bytes.ToArray());
    }

    /// <summary>A file of the test's own that only its owner may read.</summary>
    protected string FileWith(string text, string name = "file")
    {
        var path = Path.Combine(Folder, name);
        File.WriteAllText(path, text, new UTF8Encoding(false));
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return path;
    }
}
