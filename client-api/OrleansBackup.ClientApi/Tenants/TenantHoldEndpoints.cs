using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Orleans;
using OrleansBackup.ClientApi.Audit;
using OrleansBackup.ClientApi.Problems;
using OrleansBackup.ClientApi.Resources;
using OrleansBackup.ClientApi.Security;
using OrleansBackup.ClientApi.Security.SecondPersons;
using OrleansBackup.Domain.Access;
using OrleansBackup.Domain.Audit;
using OrleansBackup.Domain.Identity;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.GrainInterfaces.Tenants;

namespace OrleansBackup.ClientApi.Tenants;

/// <summary>A legal hold of a whole tenant: one person places it, two lift it. It is part of the settings, which nobody can take it out of alone.</summary>
internal static class TenantHoldEndpoints
{
    public static void MapTenantHolds(this IEndpointRouteBuilder api)
    {
        var hold = api.MapGroup("/tenants/{tenant}/legal-hold").WithTags("Tenants");
        hold.MapPost("", Place).Needs(Permission.ManageHolds).Audited(AuditActs.PlaceHold, withBody: true).WithSummary("Places a legal hold on the whole tenant: no restore point of any resource expires, also of those to come.");
        hold.MapPost("/lifts", Lift).Needs(Permission.ProposeDestructive).BySecondPerson(AuditActs.LiftHold).Audited(AuditActs.LiftHold, withBody: true)
            .WithSummary("Proposes to lift the legal hold of the whole tenant; a second person sends the same with confirm. With a contract it is proposed under its consequences instead, where the points that go are listed.");
    }

    internal static async Task<Ok<TenantBody>> Place(string tenant, WhyBody body, IGrainFactory grains, CancellationToken cancellation)
    {
        if (string.IsNullOrWhiteSpace(body.Why))
            throw new ProblemException(Problem.FieldMissing("why"));
        var (grain, settings) = await SettingsAsync(AddressParts.Tenant(tenant), grains, cancellation);
        return TypedResults.Ok(TenantBody.Of(await grain.ChangeSettings(Held(settings, true), cancellation)));
    }

    internal static async Task<Ok<TenantBody>> Lift(string tenant, ReleaseOrderBody body, IGrainFactory grains, CancellationToken cancellation)
    {
        var id = AddressParts.Tenant(tenant);
        var (grain, settings) = await SettingsAsync(id, grains, cancellation);
        if (!settings.Retention.LegalHold)
            throw new ProblemException(Problem.NotPossibleNow("No legal hold of the whole tenant stands."));
        // Refused with the way by the tenant itself if it has a contract; without one two persons have agreed by now.
        return TypedResults.Ok(TenantBody.Of(await grains.Contract(id).GetTimeline(cancellation) is null
            ? await grain.ChangeSettingsAsAgreed(Held(settings, false), cancellation) : await grain.ChangeSettings(Held(settings, false), cancellation)));
    }

    private static async Task<(ITenantGrain Grain, TenantSettings Settings)> SettingsAsync(TenantId tenant, IGrainFactory grains, CancellationToken cancellation) =>
        (grains.Tenant(tenant), (await grains.Tenant(tenant).GetOverview(cancellation)).Settings);

    private static TenantSettings Held(TenantSettings settings, bool held) => settings with { Retention = settings.Retention with { LegalHold = held } };
}
