using System.Diagnostics;

namespace OrleansBackup.Demo.Processes;

/// <summary>A process that the demonstration starts and is responsible for: its output goes to a file, and it is stopped by its id.</summary>
public sealed class ChildProcess : IAsyncDisposable
{
    private static readonly TimeSpan GraceToEnd = TimeSpan.FromSeconds(15);

    private readonly Process _process;
    private readonly StreamWriter _log;
    private readonly Lock _writing = new();
    private bool _stopping;

    private ChildProcess(string name, string logFile, Process process)
    {
        Name = name;
        LogFile = logFile;
        _process = process;
        _log = new StreamWriter(new FileStream(logFile, FileMode.Append, FileAccess.Write, FileShare.ReadWrite)) { AutoFlush = true };
    }

    public string Name { get; }
    public string LogFile { get; }
    public int Id => _process.Id;

    /// <summary>Whether it has ended, for whatever reason.</summary>
    public bool HasEnded => _process.HasExited;

    /// <summary>Runs a .NET program with the same <c>dotnet</c> that runs this one.</summary>
    /// <exception cref="DemoFailedException">The program was not built.</exception>
    public static ChildProcess StartDotNet(string name, string assembly, IEnumerable<string> arguments, string logFile, IReadOnlyDictionary<string, string>? environment = null)
    {
        if (!File.Exists(assembly))
            throw new DemoFailedException($"{name} is not built: {assembly} does not exist");
        var start = new ProcessStartInfo(Environment.ProcessPath is { } host && Path.GetFileName(host) == "dotnet" ? host : "dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            WorkingDirectory = Path.GetDirectoryName(assembly)!,
        };
        start.ArgumentList.Add(assembly);
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        foreach (var (variable, value) in environment ?? new Dictionary<string, string>())
            start.Environment[variable] = value;
        var child = new ChildProcess(name, logFile, new Process { StartInfo = start });
        child._process.OutputDataReceived += (_, line) => child.Write(line.Data);
        child._process.ErrorDataReceived += (_, line) => child.Write(line.Data);
        child._process.Start();
        child._process.BeginOutputReadLine();
        child._process.BeginErrorReadLine();
        return child;
    }

    /// <exception cref="DemoFailedException">The process has ended although nobody asked it to; the message holds the end of its log.</exception>
    public void ThrowIfEnded()
    {
        if (_stopping || !_process.HasExited)
            return;
        _process.WaitForExit(); // it has ended; this waits for the rest of what it wrote
        throw new DemoFailedException($"{Name} ended by itself with exit status {_process.ExitCode}; the end of {LogFile}:{Environment.NewLine}{LogTail(20)}");
    }

    /// <summary>The last lines of the process's output.</summary>
    public string LogTail(int lines)
    {
        lock (_writing)
        {
            using var reader = new StreamReader(new FileStream(LogFile, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
            return string.Join(Environment.NewLine, reader.ReadToEnd().Split('\n').TakeLast(lines + 1));
        }
    }

    /// <summary>Waits until it has ended by itself and has written all that it wrote.</summary>
    /// <returns>Its exit status.</returns>
    public async Task<int> WaitForEndAsync(CancellationToken cancellation)
    {
        _stopping = true;
        await _process.WaitForExitAsync(cancellation);
        return _process.ExitCode;
    }

    /// <summary>Ends it at once, as a power cut would, and returns when it is gone.</summary>
    public async Task KillAsync(CancellationToken cancellation)
    {
        _stopping = true;
        Signals.Kill(Id);
        await _process.WaitForExitAsync(cancellation);
    }

    /// <summary>Asks it to end, waits until it has, and returns its exit status.</summary>
    public async Task<int> EndAsync(CancellationToken cancellation)
    {
        _stopping = true;
        Signals.AskToEnd(Id);
        await _process.WaitForExitAsync(cancellation);
        return _process.ExitCode;
    }

    /// <summary>Asks it to end; after a while, ends it.</summary>
    public async ValueTask DisposeAsync()
    {
        _stopping = true;
        if (!_process.HasExited)
        {
            Signals.AskToEnd(Id);
            using var grace = new CancellationTokenSource(GraceToEnd);
            try
            {
                await _process.WaitForExitAsync(grace.Token);
            }
            catch (OperationCanceledException)
            {
                Signals.Kill(Id);
                await _process.WaitForExitAsync(CancellationToken.None);
            }
        }
        _process.Dispose();
        lock (_writing)
            _log.Dispose();
    }

    private void Write(string? line)
    {
        if (line is null)
            return;
        lock (_writing)
        {
            if (_log.BaseStream is { CanWrite: true })
                _log.WriteLine(line);
        }
    }
}
