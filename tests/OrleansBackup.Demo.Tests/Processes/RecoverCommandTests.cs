using OrleansBackup.Demo.Clients;
using OrleansBackup.Demo.Processes;

namespace OrleansBackup.Demo.Tests.Processes;

/// <summary>The database is deleted, and one command of the real program brings everything back.</summary>
public sealed class RecoverCommandTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 3, 2, 1, 0, 0, TimeSpan.Zero);
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly string _folder = Directory.CreateTempSubdirectory("orleansbackup-demo-tests-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Recover_brings_back_what_a_lost_database_knew_and_says_what_it_could_not_read()
    {
        using var folder = DemoFolder.Open(_folder);
        await using var simulator = new DemoSimulator(folder);
        await using var server = new DemoServer(folder, simulator);
        await simulator.StartAsync(Now, limits: false, None);
        var tenant = await simulator.Api.CreateTenantAsync(new SimulatedRecipe { Name = "Contoso", Domain = "contoso.example", Seed = 7, Users = 2, MessagesPerMailbox = 10 }, None);

        var (empty, nothing) = await server.RunCommandAsync(Now, "recover-nothing.log", ["recover", "--why", "To try it."], None);
        Assert.True(empty == 1 && nothing.Contains("No tenant was found", StringComparison.Ordinal), nothing);

        await server.StartAsync(Now, None);
        var point = await FirstPointAsync(server, tenant);
        var (held, refusal) = await server.RunCommandAsync(Now, "recover-held.log", ["recover", "--why", "The disk is gone."], None);
        Assert.True(held == 1 && refusal.Contains("in use by another OrleansBackup process", StringComparison.Ordinal), refusal);
        await server.KillAsync(None);

        foreach (var file in Directory.GetFiles(folder.Server, "state.db*"))
            File.Delete(file);
        var (missing, reason) = await server.RunCommandAsync(Now, "recover-without-reason.log", ["recover"], None);
        Assert.True(missing == 1 && reason.Contains("--why", StringComparison.Ordinal), reason);
        var (status, said) = await server.RunCommandAsync(Now, "recover.log", ["recover", "--why", "The disk is gone."], None);
        Assert.True(status == 0, said);
        Assert.Contains($"{tenant.TenantId}  Contoso: 2 protected resources", said, StringComparison.Ordinal);
        Assert.Contains("1 of 1 tenants are in service", said, StringComparison.Ordinal);

        await server.StartAsync(Now, None);
        Assert.Equal(point, await FirstPointAsync(server, tenant, onboard: false));
        await server.KillAsync(None);

        // Another tenant's key cannot be read: it is named, and the exit status says that not everything is back.
        var stranger = Path.Combine(folder.Server, "vault", Guid.NewGuid().ToString());
        Directory.CreateDirectory(stranger);
        await File.WriteAllTextAsync(Path.Combine(stranger, "keys"), "no key object", None);
        (status, said) = await server.RunCommandAsync(Now, "recover-again.log", ["recover", "--why", "To be sure."], None);
        Assert.True(status == 1 && said.Contains($"Not read: Tenant {Path.GetFileName(stranger)}", StringComparison.Ordinal), said);
    }

    private static async Task<PointAnswer> FirstPointAsync(DemoServer server, SimulatedTenantAnswer tenant, bool onboard = true)
    {
        var path = $"/api/v1/tenants/{tenant.TenantId}";
        if (onboard)
            await server.Api.PostAsync<TenantAnswer>("/api/v1/tenants", new { id = tenant.TenantId, name = tenant.Name, clientId = tenant.ClientId, clientSecret = tenant.ClientSecret }, None);
        var resource = (await server.Api.GetAsync<ResourcesAnswer>($"{path}/resources", None)).Resources.First(resource => resource.Protected);
        return await new Patience(server.ThrowIfEnded).ForAsync("the first restore point", TimeSpan.FromMinutes(2), async stop =>
            (await server.Api.GetAsync<PointsAnswer>($"{path}/resources/{resource.Id}/points", stop)).Points.LastOrDefault(), None);
    }
}
