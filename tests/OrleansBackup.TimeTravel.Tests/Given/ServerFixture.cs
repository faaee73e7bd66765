using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Orleans;
using OrleansBackup.Domain.Identity;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.GrainInterfaces.Tenants;
using OrleansBackup.GraphSimulator;
using OrleansBackup.GraphSimulator.Admin;
using OrleansBackup.GraphSimulator.Generation;
using OrleansBackup.GraphSimulator.Limits;
using OrleansBackup.Silo.Hosting;

namespace OrleansBackup.TimeTravel.Tests.Given;

/// <summary>The whole server in this process, as a silo starts it, with a simulated tenant of which one restore point of each resource is sealed.</summary>
public sealed class ServerFixture : IAsyncLifetime
{
    private static readonly TimeSpan Patience = Hang.Limit;

    private readonly TaskCompletionSource<WebApplication> _up = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _enough = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly string _folder = Directory.CreateTempSubdirectory("orleansbackup-dav-").FullName;
    private GraphSimulatorHost _simulator = null!;
    private Task<int> _server = null!;
    private TenantCreated _created = null!;

    public IServiceProvider Services => _up.Task.Result.Services;

    public IGrainFactory Grains => Services.GetRequiredService<IGrainFactory>();

    public SimulatorAdmin Admin => _simulator.Admin;

    public TenantId Tenant => new(_created.TenantId);

    /// <summary>The first user's.</summary>
    public ResourceId Mailbox => new(Tenant, ResourceKind.Mailbox, User);

    public ResourceId Drive => new(Tenant, ResourceKind.OneDrive, User);

    public string User => _created.Mailboxes[0].UserId.ToString();

    public Uri Address { get; private set; } = null!;

    /// <summary>A file that the service's certificate of mail programs is in, and so is its authority: it signs itself.</summary>
    public string Certificate => Path.Combine(_folder, "imap.pem");

    /// <summary>Signed in with the server's first key.</summary>
    public HttpClient Provider { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        _simulator = await GraphSimulatorHost.StartAsync(new GraphSimulatorOptions { Limits = new LimitSettings { Enabled = false } }, CancellationToken.None);
        var trusted = Path.Combine(_folder, "graph.pem");
        await File.WriteAllTextAsync(trusted, _simulator.Certificate.ExportCertificatePem());
        WriteCertificate();
        _created = Admin.CreateTenant(new TenantRecipe
        {
            Domain = "timetravel.example", Users = 1, MessagesPerMailbox = 40, EventsPerMailbox = 6, ContactsPerMailbox = 6, FilesPerDrive = 30, LargeFileBytes = 24 << 20, MailDirectory = Corpus.Mail,
        });
        var said = new StringWriter();
        Console.SetError(said);
        _server = SiloHost.RunAsync(
            [
                "--Data:Folder", Path.Combine(_folder, "data"), "--Api:KeyPersons:first-key", "jo@provider.example", "--Api:Url", "http://127.0.0.1:0", "--Graph:Endpoint", new Uri(_simulator.BaseAddress, "/v1.0/").ToString(),
                "--Graph:Authority", new Uri(_simulator.BaseAddress, "/").ToString(), "--Graph:TrustedCertificateFile", trusted, "--Clock:Adjustable", "true",
                "--TimeTravel:CheckEvery", "00:00:00.100", "--Graph:Client:RequestWindow", "00:00:01", "--Logging:LogLevel:Default", "Error",
                "--TimeTravel:Imap:Url", "imap://127.0.0.1:0", "--TimeTravel:Imap:CertificateFile", Certificate, "--TimeTravel:Imap:KeyFile", Certificate, "--TimeTravel:WrongPasswords", "5",
                .. Key("customer", "customer-contact", Tenant), .. Key("neighbour", "customer-contact", new TenantId(Guid.NewGuid())), .. Key("auditor", "auditor", Tenant),
            ],
            async app =>
            {
                _up.SetResult(app);
                await _enough.Task;
                await app.StopAsync();
                return 0;
            });
        await await Task.WhenAny(_up.Task, _server);
        Assert.True(_up.Task.IsCompletedSuccessfully, $"The server did not start: {said}");
        Address = new Uri(_up.Task.Result.Urls.Single());
        Provider = Client(File.ReadAllText(Path.Combine(_folder, "data", "api-key")).Trim());
        await Grains.Tenant(Tenant).Onboard(new TenantOnboarding("Test customer", _created.ClientId.ToString(), _created.ClientSecret, TenantSettings.Default), CancellationToken.None);
        await UntilSealedAsync(Mailbox);
        await UntilSealedAsync(Drive);
    }

    public async Task DisposeAsync()
    {
        _enough.TrySetResult();
        await _server;
        Provider?.Dispose();
        await _simulator.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    public HttpClient Client(string? key)
    {
        var client = new HttpClient { BaseAddress = Address };
        if (key is not null)
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return client;
    }

    /// <summary>Opens the newest point.</summary>
    public async Task<Opened> OpenAsync(ResourceId resource, string protocol, TimeSpan? lasts = null)
    {
        using var answer = await Provider.PostAsJsonAsync(
            $"/api/v1/tenants/{Tenant}/resources/{Uri.EscapeDataString(resource.LocalName)}/points/latest/openings", new { why = "A test looks at it.", protocol, lasts = lasts?.ToString("c") });
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, text);
        var made = JsonDocument.Parse(text).RootElement;
        return new Opened(made.GetProperty("opening").GetProperty("id").GetString()!, new Uri(made.GetProperty("address").GetString()!),
            made.GetProperty("userName").GetString()!, made.GetProperty("password").GetString()!);
    }

    public async Task<JsonElement> GetAsync(string path) => JsonDocument.Parse(await Provider.GetStringAsync(new Uri(path, UriKind.Relative))).RootElement;

    /// <summary>An opening as the list tells it.</summary>
    public async Task<JsonElement> LookAsync(Opened opened) =>
        (await GetAsync($"/api/v1/tenants/{Tenant}/openings")).GetProperty("openings").EnumerateArray().Single(one => one.GetProperty("id").GetString() == opened.Id);

    public async Task EndAsync(Opened opened) =>
        (await Provider.DeleteAsync(new Uri($"/api/v1/tenants/{Tenant}/openings/{opened.Id}", UriKind.Relative))).EnsureSuccessStatusCode();

    /// <summary>A key whose text is its holder's name and <c>-key</c>.</summary>
    private static string[] Key(string holder, string role, TenantId tenant) =>
    [
        $"--Api:Keys:{holder}", Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes($"{holder}-key"))), $"--Api:KeyRoles:{holder}", role, $"--Api:KeyTenants:{holder}", tenant.ToString(),
    ];

    private async Task UntilSealedAsync(ResourceId resource)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            try
            {
                if (!(await Grains.Resource(resource).ListPoints(patience.Token)).IsEmpty)
                    return;
            }
            catch (NotFoundException)
            {
                // not discovered yet
            }
            await Hang.MomentAsync(patience.Token);
        }
    }

    private void WriteCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new System.Security.Cryptography.X509Certificates.CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new System.Security.Cryptography.X509Certificates.SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(System.Net.IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new System.Security.Cryptography.X509Certificates.X509BasicConstraintsExtension(true, false, 0, true));
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(30));
        File.WriteAllText(Certificate, $"{certificate.ExportCertificatePem()}\n{key.ExportPkcs8PrivateKeyPem()}\n");
    }
}

/// <summary>What a person was given to type into his program.</summary>
public sealed record Opened(string Id, Uri Address, string UserName, string Password);

/// <summary>One server for all tests that change nothing of it but openings of their own.</summary>
[CollectionDefinition(Name)]
public sealed class ServerTests : ICollectionFixture<ServerFixture>
{
    public const string Name = "server";
}
