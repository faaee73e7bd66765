using Microsoft.Extensions.Logging.Abstractions;
using OrleansBackup.GraphSimulator;
using OrleansBackup.GraphSimulator.Limits;
using OrleansBackup.Microsoft365;

namespace OrleansBackup.Grains.Tests.Given;

/// <summary>One simulator for the tests of a class; each test makes a tenant of its own, so that they do not meet.</summary>
public sealed class SimulatorFixture : IAsyncLifetime
{
    private readonly string _certificateFile = Path.GetTempFileName();
    // Large real calendars need more than the service grants in its window, which passes in real time: both sides know a wider one.
    private const int MailboxRequests = 1_000_000;

    private GraphClientFactory? _clients;

    public GraphSimulatorHost Host { get; private set; } = null!;

    public GraphClientFactory Clients => _clients!;

    public GraphEndpoints Endpoints => new()
    {
        Graph = new Uri(Host.BaseAddress, "/v1.0/"),
        Authority = new Uri(Host.BaseAddress, "/"),
        TrustedCertificateFile = _certificateFile,
    };

    public string CertificateFile => _certificateFile;

    public async Task InitializeAsync()
    {
        Host = await GraphSimulatorHost.StartAsync(new GraphSimulatorOptions { Limits = new LimitSettings { Enabled = true, MailboxRequests = MailboxRequests } }, CancellationToken.None);
        await File.WriteAllTextAsync(_certificateFile, Host.Certificate.ExportCertificatePem());
        // Waits are short so that tests of faults are quick; how waits behave is tested with the connector.
        var options = new GraphClientOptions { RequestsPerWindow = MailboxRequests, FirstBackoff = TimeSpan.FromMilliseconds(1), MaxBackoff = TimeSpan.FromMilliseconds(5), Jitter = () => 0.5 };
        _clients = new GraphClientFactory(Endpoints, options, TimeProvider.System, NullLoggerFactory.Instance);
    }

    public async Task DisposeAsync()
    {
        _clients?.Dispose();
        await Host.DisposeAsync();
        File.Delete(_certificateFile);
    }
}
