using System.Collections.Immutable;
using OrleansBackup.Domain.Access;
using OrleansBackup.Domain.Checks;
using OrleansBackup.GrainInterfaces.Checks;
using OrleansBackup.GrainInterfaces.Rehearsals;
using OrleansBackup.GrainInterfaces.Tenants;
using OrleansBackup.Portal.Components;
using OrleansBackup.Portal.Hosting;
using OrleansBackup.Portal.Pages.Tenants;
using OrleansBackup.Portal.Texts;

namespace OrleansBackup.Portal.Pages.Alerts;

/// <summary>Finds what needs a person now in what the provider's grains say. Asks nobody itself.</summary>
internal static class NeedReader
{
    /// <param name="check">The newest; null: there was none, or the caller may not see it.</param>
    public static ImmutableArray<Need> Of(PortalRequest portal, IEnumerable<ListedStanding> tenants, DailyCheck? check, ImmutableArray<RehearsalListing> rehearsals) =>
    [
        .. OfCheck(portal, check).Concat(tenants.SelectMany(tenant => OfTenant(portal, tenant))).Concat(rehearsals.Take(1).SelectMany(rehearsal => OfRehearsal(portal, rehearsal)))
            .OrderByDescending(need => need.Level),
    ];

    private static IEnumerable<Need> OfCheck(PortalRequest portal, DailyCheck? check)
    {
        if (check is null)
            yield break;
        var (texts, address) = (portal.Texts, $"/checks/{check.Day:yyyy-MM-dd}");
        foreach (var alert in check.Alerts)
            yield return new(StatusLevel.Bad, texts.Filled($"alerts.check-{alert.Reason}", portal.Write.Weekday(alert.Day)), texts["alerts.check-why"], false, texts["alerts.look"], address);
        foreach (var group in check.Groups.Where(group => group is { Acknowledged: null, Severity: FaultSeverity.Critical }))
            yield return new(StatusLevel.Bad, texts.Filled("alerts.fault", group.TenantName, FaultCatalogue.Of(group.Kind).What.In(portal.Language)),
                texts.Counted("alerts.fault-resources", group.Count, portal.Write.Number(group.Count)) + " " + FaultCatalogue.Of(group.Kind).Advice.In(portal.Language), false, texts["alerts.look"], address);
        var open = check.Groups.Count(group => group is { Acknowledged: null, Severity: not FaultSeverity.Critical });
        if (check.MadeAt is not null && (open > 0 || check.Looked is null))
            yield return new(StatusLevel.Warning, texts.Filled("alerts.acknowledge", portal.Write.Weekday(check.Day)),
                open > 0 ? texts.Counted("alerts.acknowledge-open", open, portal.Write.Number(open)) : texts["alerts.acknowledge-none"], false, texts["alerts.acknowledge-act"], address);
    }

    private static IEnumerable<Need> OfTenant(PortalRequest portal, ListedStanding tenant)
    {
        var (texts, name, address) = (portal.Texts, tenant.Listing.Name, $"/tenants/{tenant.Listing.Tenant}");
        if (tenant.Standing is not { } standing)
            yield break;
        if (standing.Hindered)
            yield return new(StatusLevel.Bad, texts.Filled("alerts.hindered", name), standing.Problem, standing.Problem is not null, texts["alerts.open-tenant"], address);
        if (standing.WaitingForSecond > 0 && portal.May(Permission.ProposeDestructive, tenant.Listing.Tenant))
            yield return new(StatusLevel.Warning, texts.Filled("alerts.waiting", name), texts.Counted("alerts.waiting-count", standing.WaitingForSecond, portal.Write.Number(standing.WaitingForSecond)), false, texts["alerts.look"], $"{address}/proposals");
        if (standing.Resources.Overdue > 0)
            yield return new(StatusLevel.Bad, texts.Filled("alerts.overdue", name), texts.Counted("alerts.overdue-count", standing.Resources.Overdue, portal.Write.Number(standing.Resources.Overdue)),
                false, texts["alerts.see-resources"], $"{address}?show=overdue");
        else if (standing.Resources.Failing > 0)
            yield return new(StatusLevel.Warning, texts.Filled("alerts.failing", name), texts.Counted("alerts.failing-count", standing.Resources.Failing, portal.Write.Number(standing.Resources.Failing)),
                false, texts["alerts.see-resources"], $"{address}?show=failing");
    }

    private static IEnumerable<Need> OfRehearsal(PortalRequest portal, RehearsalListing newest)
    {
        if (newest.Failed > 0)
            yield return new(StatusLevel.Bad, portal.Texts.Filled("alerts.rehearsal", newest.Name), portal.Texts.Counted("alerts.rehearsal-failed", newest.Failed, portal.Write.Number(newest.Failed)),
                false, portal.Texts["alerts.look"], $"/rehearsals/{Uri.EscapeDataString(newest.Name)}");
    }
}
