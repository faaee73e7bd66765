using System.Net;
using System.Text;
using System.Text.Json;
using OrleansBackup.ClientApi.Tests.Hosting;
using OrleansBackup.GraphSimulator;
using OrleansBackup.GraphSimulator.Admin;
using OrleansBackup.GraphSimulator.Generation;

namespace OrleansBackup.ClientApi.Tests.Security;

/// <summary>A whole server with two customers in the simulator of Microsoft 365, both in service, so that what is allowed has something to answer and what is forbidden something to leak.</summary>
internal sealed class OnboardedServer : IAsyncDisposable
{
    /// <summary>In every name of the other customer, and in nothing else.</summary>
    public const string OtherMark = "zonnebloem";

    private readonly string _folder = Directory.CreateTempSubdirectory("orleansbackup-onboarded-").FullName;
    private GraphSimulatorHost _microsoft = null!;

    public RunningServer Server { get; private set; } = null!;

    public TenantCreated Own { get; private set; } = null!;

    public TenantCreated Other { get; private set; } = null!;

    public string OwnPath => $"/api/v1/tenants/{Own.TenantId}";

    public static string MailboxOf(TenantCreated tenant) => $"mailbox-{tenant.Mailboxes[0].UserId}";

    public static async Task<OnboardedServer> StartAsync(Action<Microsoft.Extensions.DependencyInjection.IServiceCollection>? adjust, Func<TenantCreated, string[]> settings, int users = 1)
    {
        var scene = new OnboardedServer { _microsoft = await GraphSimulatorHost.StartAsync(new GraphSimulatorOptions(), CancellationToken.None) };
        var certificate = Path.Combine(scene._folder, "microsoft.pem");
        await File.WriteAllTextAsync(certificate, scene._microsoft.Certificate.ExportCertificatePem());
        scene.Own = scene._microsoft.Admin.CreateTenant(new TenantRecipe { Name = "Fabrikam", Domain = "fabrikam.example", Users = users, MessagesPerMailbox = 5 });
        scene.Other = scene._microsoft.Admin.CreateTenant(new TenantRecipe { Name = $"{OtherMark} BV", Domain = $"{OtherMark}.example", Seed = 2, Users = 1, MessagesPerMailbox = 5 });
        scene.Server = await RunningServer.StartAsync(adjust,
        [
            "--Graph:Endpoint", $"{scene._microsoft.BaseAddress}v1.0/", "--Graph:Authority", $"{scene._microsoft.BaseAddress}", "--Graph:TrustedCertificateFile", certificate, .. settings(scene.Own),
        ]);
        return scene;
    }

    public static string OnboardingOf(TenantCreated tenant, string? secret = null) =>
        $$"""{"id":"{{tenant.TenantId}}","name":"{{tenant.Name}}","clientId":"{{tenant.ClientId}}","clientSecret":"{{secret ?? tenant.ClientSecret}}"}""";

    /// <summary>Takes both into service, and waits for a restore point of each one's mailbox.</summary>
    public async Task OnboardAsync()
    {
        using var admin = Server.Client(Server.FirstKey);
        foreach (var tenant in new[] { Own, Other })
            await SendAsync(admin, HttpMethod.Post, "/api/v1/tenants", OnboardingOf(tenant));
        foreach (var tenant in new[] { Own, Other })
            await LiveServer.UntilAsync($"a restore point of {tenant.Name}", async () =>
                (await SendAsync(admin, HttpMethod.Get, $"/api/v1/tenants/{tenant.TenantId}/resources", null)).GetProperty("resources").EnumerateArray()
                    .Any(one => one.GetProperty("id").GetString() == MailboxOf(tenant) && one.GetProperty("health") is { ValueKind: JsonValueKind.Object } health && health.GetProperty("restorePoints").GetInt32() > 0));
    }

    public static async Task<JsonElement> SendAsync(HttpClient client, HttpMethod method, string path, string? json)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        if (json is not null)
            request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        using var response = await client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, $"{method} {path}: {response.StatusCode}: {text}");
        return text.Length == 0 ? default : JsonDocument.Parse(text).RootElement;
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        await _microsoft.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
