using System.Security.Cryptography;
using System.Text;
using OrleansBackup.Demo;
using OrleansBackup.Demo.Clients;
using OrleansBackup.Demo.Processes;
using OrleansBackup.Demo.Story;

namespace OrleansBackup.CommandLine.Tests.Hosting;

/// <summary>A whole server with nothing in it, and a simulated Microsoft 365 with a small company.</summary>
public sealed class LiveServer : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("orleansbackup-cli-live-").FullName;
    private DemoFolder? _files;
    private DemoSimulator? _simulator;
    private DemoServer? _server;

    /// <summary>Of another person than the first key's.</summary>
    public const string SecondKey = "a-second-persons-key";

    public Uri Address => _server!.Api.Address;

    public string KeyFile => _server!.ApiKeyFile;

    /// <summary>Known to the simulator, not yet to the server.</summary>
    public SimulatedTenantAnswer Company { get; private set; } = null!;

    /// <summary>As an administrator of the provider does.</summary>
    public Task AddToRegistrationAsync(string pem) => _simulator!.Api.AddToRegistrationAsync(Company.TenantId, pem, CancellationToken.None);

    /// <summary>Where commands of the test write.</summary>
    public string Work => Directory.CreateDirectory(Path.Combine(_folder, "work")).FullName;

    public async Task InitializeAsync()
    {
        _files = DemoFolder.Open(Path.Combine(_folder, "data"));
        _simulator = new DemoSimulator(_files);
        _server = new DemoServer(_files, _simulator,
            "--Api:KeyPersons:first-key", "kim", "--Api:Keys:sam", Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(SecondKey))), "--Api:KeyRoles:sam", "provider-admin");
        await _simulator.StartAsync(Timeline.FirstEvening, limits: false, CancellationToken.None);
        await _server.StartAsync(Timeline.FirstEvening, CancellationToken.None);
        Company = await _simulator.Api.CreateTenantAsync(SimulatedRecipe.Company(DemoOptions.Default with { Users = 1, Messages = 10 }), CancellationToken.None);
    }

    /// <summary>Lets the server's time go on.</summary>
    public async Task SetClockAsync(DateTimeOffset now)
    {
        await _simulator!.Api.SetClockAsync(now, CancellationToken.None);
        await _server!.Api.PostAsync<object>("/operations/clock", new { set = now }, CancellationToken.None);
    }

    public async Task DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
        if (_simulator is not null)
            await _simulator.DisposeAsync();
        _files?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
