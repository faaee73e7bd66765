using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Npgsql;

namespace OrleansBackup.PostgresServer;

/// <summary>A PostgreSQL server of its own for tests: a temporary folder, a free loopback port, a password made up for it.</summary>
/// <remarks>It can be stopped, killed and started again on its data, as in an outage. Not safe against power cuts: it never waits for the disk.</remarks>
public sealed partial class TestPostgres : IAsyncDisposable
{
    private const string User = "orleansbackup";
    private const int Interrupt = 2, Quit = 3; // to PostgreSQL: end the sessions and stop in order; stop as in a crash
    private static readonly TimeSpan TimeToStart = TimeSpan.FromSeconds(60);

    private readonly string _folder;
    private readonly string _password = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
    private Process? _server;

    private TestPostgres(string folder) => _folder = folder;

    public int Port { get; private set; }

    public bool IsRunning => _server is not null;

    /// <summary>Made by <see cref="StartAsync"/>; fails where <see cref="PostgresPrograms.Problem"/> says why.</summary>
    public static async Task<TestPostgres> StartAsync(CancellationToken cancellation)
    {
        if (PostgresPrograms.Problem is { } problem)
            throw new InvalidOperationException(problem);
        var folder = Directory.CreateTempSubdirectory("orleansbackup-postgres-").FullName;
        var server = new TestPostgres(folder);
        try
        {
            await server.MakeClusterAsync(cancellation);
            await server.StartAgainAsync(cancellation);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>For one database of this server. Pooling is on, with few connections.</summary>
    public string ConnectionString(string database) => new NpgsqlConnectionStringBuilder
    {
        Host = IPAddress.Loopback.ToString(), Port = Port, Username = User, Password = _password, Database = database, MaxPoolSize = 20, Timeout = 5,
    }.ConnectionString;

    /// <summary>A new, empty database; its connection string.</summary>
    public async Task<string> CreateDatabaseAsync(CancellationToken cancellation)
    {
        var name = $"t{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8))}";
        await using var source = NpgsqlDataSource.Create(ConnectionString("postgres"));
        await using var command = source.CreateCommand($"CREATE DATABASE {name}");
        await command.ExecuteNonQueryAsync(cancellation);
        return ConnectionString(name);
    }

    /// <summary>Starts it, at first or after a stop, on the same port and data; returns when it takes connections.</summary>
    public async Task StartAgainAsync(CancellationToken cancellation)
    {
        const int Attempts = 5;
        for (var attempt = 1; ; attempt++)
        {
            if (Port == 0)
                Port = FreePort();
            if (await TryStartAsync(cancellation))
                return;
            if (attempt == Attempts)
                throw new InvalidOperationException($"PostgreSQL did not start; see {LogFile}:\n{await File.ReadAllTextAsync(LogFile, cancellation)}");
            Port = 0; // somebody else took it in between
        }
    }

    /// <summary>Ends all sessions and stops in order.</summary>
    public Task StopAsync(CancellationToken cancellation) => SignalAsync(Interrupt, cancellation);

    /// <summary>Stops at once without writing anything down, as in a crash.</summary>
    public Task CrashAsync(CancellationToken cancellation) => SignalAsync(Quit, cancellation);

    public async ValueTask DisposeAsync()
    {
        await SignalAsync(Quit, CancellationToken.None);
        Directory.Delete(_folder, recursive: true);
    }

    private string Data => Path.Combine(_folder, "data");

    private string LogFile => Path.Combine(_folder, "server.log");

    private async Task MakeClusterAsync(CancellationToken cancellation)
    {
        var passwordFile = Path.Combine(_folder, "password");
        await File.WriteAllTextAsync(passwordFile, _password, cancellation);
        if (PostgresPrograms.AsRoot)
            await RunAsync("chown", ["-R", PostgresPrograms.Account, _folder], cancellation);
        var (program, arguments) = AsServerAccount("initdb",
            ["--pgdata", Data, "--username", User, "--pwfile", passwordFile, "--auth", "scram-sha-256", "--encoding", "UTF8", "--no-locale", "--no-sync"]);
        await RunAsync(program, arguments, cancellation);
        File.Delete(passwordFile);
    }

    private async Task<bool> TryStartAsync(CancellationToken cancellation)
    {
        string[] settings =
        [
            "listen_addresses=127.0.0.1", $"port={Port}", "unix_socket_directories=", "fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=200", "shared_buffers=64MB",
        ];
        var (program, arguments) = AsServerAccount("postgres", ["-D", Data, .. settings.SelectMany(setting => new[] { "-c", setting })]);
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardError = true, WorkingDirectory = "/" };
        var process = new Process { StartInfo = start };
        var started = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        process.ErrorDataReceived += (_, line) =>
        {
            if (line.Data is not { } text)
            {
                started.TrySetResult(false); // it has ended
                return;
            }
            lock (started)
                File.AppendAllText(LogFile, text + "\n");
            if (text.Contains("database system is ready to accept connections", StringComparison.Ordinal))
                started.TrySetResult(true);
        };
        process.Start();
        process.BeginErrorReadLine();
        if (await started.Task.WaitAsync(TimeToStart, cancellation))
        {
            _server = process;
            return true;
        }
        await process.WaitForExitAsync(cancellation);
        process.Dispose();
        return false;
    }

    private async Task SignalAsync(int signal, CancellationToken cancellation)
    {
        if (_server is not { } server)
            return;
        // runuser may stand between us and the server, whose id is the first line of this file.
        var id = int.Parse((await File.ReadAllLinesAsync(Path.Combine(Data, "postmaster.pid"), cancellation))[0], CultureInfo.InvariantCulture);
        _ = Kill(id, signal);
        await server.WaitForExitAsync(cancellation);
        server.Dispose();
        _server = null;
    }

    private static (string Program, IEnumerable<string> Arguments) AsServerAccount(string program, IEnumerable<string> arguments)
    {
        var path = Path.Combine(PostgresPrograms.Folder!, program);
        return PostgresPrograms.AsRoot ? ("runuser", ["-u", PostgresPrograms.Account, "--", path, .. arguments]) : (path, arguments);
    }

    private static async Task RunAsync(string program, IEnumerable<string> arguments, CancellationToken cancellation)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true, WorkingDirectory = "/" })!;
        var output = process.StandardOutput.ReadToEndAsync(cancellation);
        var error = await process.StandardError.ReadToEndAsync(cancellation);
        await process.WaitForExitAsync(cancellation);
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{program} ended with status {process.ExitCode}: {await output}{error}");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int processId, int signal);
}
