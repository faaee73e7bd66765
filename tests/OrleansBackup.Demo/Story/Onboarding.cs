using System.Collections.Immutable;
using OrleansBackup.Demo.Clients;

namespace OrleansBackup.Demo.Story;

/// <summary>Takes the simulated customer into service through the REST API and shows what was found and what is protected.</summary>
public sealed class Onboarding(DemoWorld world)
{
    private const int RowsShown = 25;

    public async Task<OnboardedTenant> RunAsync(SimulatedTenantAnswer tenant, CancellationToken cancellation)
    {
        world.Output.Heading("Onboarding the customer");
        var path = $"/api/v1/tenants/{tenant.TenantId}";
        var overview = await world.Api.PostAsync<TenantAnswer>("/api/v1/tenants", new
        {
            id = tenant.TenantId,
            name = tenant.Name,
            clientId = tenant.ClientId,
            clientSecret = tenant.ClientSecret,
            settings = new
            {
                scope = new { mode = "everything", selected = Array.Empty<string>(), excluded = Array.Empty<string>(), hiddenFolders = true },
                retention = new { days = 90, legalHold = false },
                window = new { start = Timeline.WindowStart, length = Timeline.WindowLength },
            },
        }, cancellation);
        foreach (var permission in overview.Permissions)
            world.Output.Line($"permission {permission.Name}: {(permission.Granted ? "granted" : "missing")} ({permission.Purpose})");
        var resources = await ListAsync(path, cancellation);
        ImmutableArray<ImmutableArray<string>> rows =
        [
            .. resources.Take(RowsShown)
                .Select(resource => ImmutableArray.Create(resource.Address, resource.Purpose, resource.Protected ? "protected" : "not protected", resource.Reason)),
        ];
        world.Output.Table("What was discovered", ["address", "kind", "backup", "why"], rows);
        if (resources.Length > RowsShown)
            world.Output.Line($"… and {resources.Length - RowsShown} more");
        var found = new OnboardedTenant(tenant, path, Protected(path, resources));
        world.Output.Line($"protected: {string.Join(", ", found.Resources.GroupBy(resource => resource.Kind).Select(kind => $"{kind.Count()} {kind.Key}"))}; {resources.Length - found.Resources.Length} are not");
        return found.Mailboxes.IsEmpty
            ? throw new DemoFailedException($"no mailbox is protected after onboarding: {overview.Problem ?? "no problem is reported"}")
            : found;
    }

    /// <summary>People have come or gone: lets the server discover again.</summary>
    public async Task<OnboardedTenant> DiscoverAsync(OnboardedTenant tenant, CancellationToken cancellation)
    {
        var found = await world.Api.PostAsync<DiscoveryAnswer>($"{tenant.Path}/discoveries", null, cancellation);
        world.Output.Line($"discovered again: {found.New} new, {found.Vanished} vanished; {found.Protected} protected, {found.NotProtected} not");
        return tenant with { Resources = Protected(tenant.Path, await ListAsync(tenant.Path, cancellation)) };
    }

    private static ImmutableArray<ProtectedResource> Protected(string path, ImmutableArray<ResourceAnswer> resources) =>
        [.. resources.Where(resource => resource is { Protected: true, VanishedAt: null }).Select(resource => ProtectedResource.Of(path, resource))];

    private async Task<ImmutableArray<ResourceAnswer>> ListAsync(string path, CancellationToken cancellation)
    {
        var all = ImmutableArray.CreateBuilder<ResourceAnswer>();
        string? after = null;
        do
        {
            var page = await world.Api.GetAsync<ResourcesAnswer>(
                $"{path}/resources?limit=100{(after is null ? "" : "&after=" + Uri.EscapeDataString(after))}", cancellation);
            all.AddRange(page.Resources);
            after = page.Next;
        }
        while (after is not null);
        return all.ToImmutable();
    }
}

/// <summary>The customer, as both sides know it.</summary>
/// <param name="Path">Of the tenant in the REST API.</param>
/// <param name="Resources">All that are protected now.</param>
public sealed record OnboardedTenant(SimulatedTenantAnswer Simulated, string Path, ImmutableArray<ProtectedResource> Resources)
{
    public ImmutableArray<ProtectedResource> Mailboxes => [.. Resources.Where(resource => resource.IsMailbox)];
}
