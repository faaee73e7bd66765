using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using OrleansBackup.Demo;
using OrleansBackup.Demo.Clients;
using OrleansBackup.Demo.Processes;
using OrleansBackup.PostgresServer;

namespace OrleansBackup.TestCluster;

/// <summary>A cluster of real processes on loopback: PostgreSQL, the simulator of Microsoft 365, and as many silos as are asked for, with TLS between them.</summary>
/// <remarks>Needs the programs built for the Orleans engine beside this one. Everything it starts it stops, and a temporary folder goes with it.</remarks>
public sealed class ClusterUnderTest : IAsyncDisposable
{
    private static readonly TimeSpan TimeOfCommand = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan TimeToStart = TimeSpan.FromMinutes(5); // while others build and test on the same cores

    private readonly string _root;
    private readonly bool _keepsFolder;
    private readonly TestAuthority _authority = new("cluster under test");
    private readonly List<DemoServer> _silos = [];
    private readonly Dictionary<string, string> _ports = new(StringComparer.Ordinal);
    private readonly DateTimeOffset _start;
    private DemoFolder? _folder;
    private TestPostgres? _postgres;
    private DemoSimulator? _simulator;

    private ClusterUnderTest(DateTimeOffset start, string? folder)
    {
        (_start, _keepsFolder) = (start, folder is not null);
        _root = folder ?? Directory.CreateTempSubdirectory("orleansbackup-cluster-").FullName;
    }

    public TestPostgres Postgres => _postgres!;

    public DemoSimulator Simulator => _simulator!;

    /// <summary>Every silo that was started, also those that have ended.</summary>
    public IReadOnlyList<DemoServer> Silos => _silos;

    /// <summary>Of the cluster's database.</summary>
    public string ConnectionString { get; private set; } = "";

    /// <summary>Files that a test wants to be gone afterwards.</summary>
    public string Folder => _root;

    private string Keys => Path.Combine(_root, "keys");

    private string Shared => Path.Combine(_root, "shared");

    private string ApiKeyFile => Path.Combine(Keys, "api-key");

    /// <summary>PostgreSQL with the tables, keys and the simulator; no silo yet.</summary>
    /// <param name="start">What every clock shows at first.</param>
    /// <param name="folder">An empty folder for everything that is written, which stays; null: a temporary one.</param>
    public static async Task<ClusterUnderTest> StartAsync(DateTimeOffset start, CancellationToken cancellation, string? folder = null)
    {
        var cluster = new ClusterUnderTest(start, folder);
        try
        {
            await cluster.PrepareAsync(cancellation);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Lets a silo that has ended come back, by the program that it has now, when the others' clocks show so.</summary>
    public Task StartAgainAsync(DemoServer silo, CancellationToken cancellation) => silo.StartAsync(_start, cancellation);

    /// <summary>Starts another silo and returns when it is ready.</summary>
    /// <param name="settings">Further settings; they count before those that every silo here has.</param>
    public async Task<DemoServer> AddSiloAsync(CancellationToken cancellation, params string[] settings)
    {
        var silo = PrepareSilo(settings);
        await silo.StartAsync(_start, cancellation);
        return silo;
    }

    /// <summary>A silo that is not started yet.</summary>
    public DemoServer PrepareSilo(params string[] settings)
    {
        var name = $"silo-{_silos.Count + 1}";
        var (certificate, key) = _authority.Issue(Keys, name);
        _ports[name] = FreePort().ToString(System.Globalization.CultureInfo.InvariantCulture);
        var silo = new DemoServer(_folder!, Simulator,
        [
            "--Cluster:ConnectionString", ConnectionString, "--Cluster:AdvertisedAddress", "127.0.0.1", "--Cluster:SiloPort", _ports[name],
            "--Cluster:Tls:CertificateFile", certificate, "--Cluster:Tls:KeyFile", key, "--Cluster:Tls:AuthorityFile", Path.Combine(Keys, "authority.pem"), "--Cluster:Tls:PeerName", "silo",
            "--Vault:Stores:main:Kind", "folder", "--Vault:Stores:main:Path", Path.Combine(Shared, "vault"), "--Keys:File", Path.Combine(Keys, "provider.key"), "--Api:KeyFile", ApiKeyFile,
            "--Deletion:SigningKeyFile", Path.Combine(Keys, "deletion.pem"), "--Deletion:RecordsFolder", Path.Combine(Shared, "deletion-records"), .. settings,
        ]) { Name = name, ApiKeyFile = ApiKeyFile, TimeToStart = TimeToStart };
        _silos.Add(silo);
        return silo;
    }

    /// <summary>The port between silos, which tells its row in the list of silos.</summary>
    public string SiloPortOf(string name) => _ports[name];

    /// <summary>Fails when a process has ended that nobody asked to.</summary>
    public void ThrowIfEnded()
    {
        foreach (var silo in _silos)
            silo.ThrowIfEnded();
        Simulator.ThrowIfEnded();
    }

    /// <summary>Waits for something that other processes do; says what it waited for.</summary>
    public Task WaitAsync(string what, TimeSpan limit, Func<CancellationToken, Task<bool>> look, CancellationToken cancellation) =>
        new Patience(ThrowIfEnded).ForAsync(what, limit, async stop => await look(stop) ? "" : null, cancellation);

    /// <summary>Runs a command of the server's program, such as <c>migrate</c>.</summary>
    /// <exception cref="DemoFailedException">It did not end well.</exception>
    public static async Task<string> CommandAsync(IEnumerable<string> arguments, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo("dotnet", [ProgramFiles.Of("OrleansBackup.Silo"), .. arguments]) { RedirectStandardError = true, RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(TimeOfCommand);
        var error = process.StandardError.ReadToEndAsync(limit.Token);
        var output = await process.StandardOutput.ReadToEndAsync(limit.Token);
        await process.WaitForExitAsync(limit.Token);
        return process.ExitCode == 0 ? output : throw new DemoFailedException($"{string.Join(' ', arguments)} ended with status {process.ExitCode}: {await error}");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var silo in _silos)
            await silo.DisposeAsync();
        if (_simulator is not null)
            await _simulator.DisposeAsync();
        if (_postgres is not null)
            await _postgres.DisposeAsync();
        _folder?.Dispose();
        _authority.Dispose();
        if (!_keepsFolder)
            Directory.Delete(_root, recursive: true);
    }

    private async Task PrepareAsync(CancellationToken cancellation)
    {
        Directory.CreateDirectory(Keys);
        Directory.CreateDirectory(Shared);
        _folder = DemoFolder.Open(Path.Combine(_root, "world"));
        _authority.WriteTo(Keys);
        _postgres = await TestPostgres.StartAsync(cancellation);
        ConnectionString = await _postgres.CreateDatabaseAsync(cancellation);
        await CommandAsync(["migrate", "--Cluster:ConnectionString", ConnectionString], cancellation);
        await CommandAsync(["make-key", Path.Combine(Keys, "provider.key")], cancellation);
        await CommandAsync(["make-deletion-key", Path.Combine(Keys, "deletion.pem")], cancellation);
        await CommandAsync(["make-api-key", ApiKeyFile], cancellation);
        _simulator = new DemoSimulator(_folder);
        await _simulator.StartAsync(_start, limits: false, cancellation);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
