using Orleans;
using OrleansBackup.Domain.Identity;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.Portal.Hosting;

namespace OrleansBackup.Portal.Pages.Consequences;

/// <summary>Reads what an act makes unrecoverable, with the names that a person knows his resources by.</summary>
internal sealed class LossReader(IGrainFactory grains, PortalRequest portal)
{
    private const int NamesAskedFor = 200;

    /// <param name="list">As the service makes it for a proposal.</param>
    public async Task<Losses> OfListAsync(TenantId tenant, string list, CancellationToken cancellation)
    {
        var losses = Losses.OfList(list);
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var some in losses.Points.Select(point => point.Resource).Concat(losses.Stopped).Distinct(StringComparer.Ordinal).Take(NamesAskedFor).Chunk(20))
            foreach (var (name, known) in await Task.WhenAll(some.Select(async one => (one, await NameAsync(tenant, one, cancellation)))))
                names[name] = known;
        return losses.Named(names);
    }

    /// <summary>What retention would have let go long ago but for a hold or the brake: it goes at the next expiry, today.</summary>
    public async Task<Losses> HeldBackAsync(ResourceId resource, CancellationToken cancellation)
    {
        var (name, points) = (await NameAsync(resource.Tenant, resource.LocalName, cancellation), await grains.Resource(resource).ListPoints(cancellation));
        return new Losses([.. points.Where(point => point.OwedUntil < portal.Today).OrderBy(point => point.Sequence).Select(point => new Loss(name, point.Sequence, point.Day, point.Items, portal.Today))], []);
    }

    public async Task<string> NameAsync(TenantId tenant, string resource, CancellationToken cancellation)
    {
        if (!ResourceId.TryParseLocalName(tenant, resource, out var id))
            return resource;
        try
        {
            return (await grains.Tenant(tenant).GetResource(id, cancellation)).DisplayName;
        }
        catch (NotFoundException)
        {
            return resource; // no longer listed; its points still are
        }
    }
}
