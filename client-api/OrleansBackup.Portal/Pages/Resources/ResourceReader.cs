using System.Collections.Immutable;
using Orleans;
using OrleansBackup.ClientApi.Resources;
using OrleansBackup.Domain.Checks;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Notices;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.Portal.Hosting;
using OrleansBackup.Portal.Texts;

namespace OrleansBackup.Portal.Pages.Resources;

/// <summary>Reads a resource's page: one call for each thing that it shows, all at once.</summary>
internal sealed class ResourceReader(IGrainFactory grains, PortalRequest portal)
{
    private const int MostMonths = 12 * 100;

    /// <exception cref="NotFoundException">The tenant lists no such resource.</exception>
    public async Task<ResourceModel> ReadAsync(ResourceId id, int skipped, string? done, CancellationToken cancellation)
    {
        var (tenant, resource) = (grains.Tenant(id.Tenant), grains.Resource(id));
        var listing = await tenant.GetResource(id, cancellation);
        var name = tenant.GetName(cancellation);
        if (listing.Health is null)
            return new ResourceModel(await name, listing, null, Why(new WaitingReason(listing.Reason, listing.Since, null)), [], [], false, 0, [], [], null, null, done);
        var (status, points, runs, debts) = (resource.GetStatus(cancellation), resource.ListPoints(cancellation), resource.ListRuns(cancellation), resource.ListDebts(cancellation));
        var (restorability, expiry) = (RestorabilityEndpoints.FindAsync(resource, cancellation), resource.GetExpiryStanding(cancellation));
        await Task.WhenAll(name, status, points, runs, debts, restorability, expiry);
        var (months, earlier) = Timeline.Of(await points, (await status).Health.Results, portal.Today, Math.Clamp(skipped, 0, MostMonths));
        return new ResourceModel(await name, listing, await status, WhyWaitingBody.Of(await status, Language), await points, months, earlier, skipped, await runs, await debts, await restorability, await expiry, done);
    }

    private NoticeLanguage Language => portal.Language == Texts.Language.English ? NoticeLanguage.En : NoticeLanguage.Nl;

    private WhyWaitingBody Why(WaitingReason waiting) => WhyWaitingBody.Of(waiting, FaultKind.None, failed: false, Language);
}
