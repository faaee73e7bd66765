using System.Collections.Immutable;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Orleans;
using OrleansBackup.ClientApi.Audit;
using OrleansBackup.ClientApi.Security;
using OrleansBackup.ClientApi.Tenants;
using OrleansBackup.Domain.Access;
using OrleansBackup.Domain.Audit;
using OrleansBackup.Domain.Identity;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.GrainInterfaces.Tenants;
using OrleansBackup.Portal.Hosting;

namespace OrleansBackup.Portal.Pages.Onboarding;

/// <summary>Taking a customer into service, step by step: what to grant, a live look whether it is granted, and the beginning.</summary>
internal static class OnboardingEndpoints
{
    private const string Address = "/onboarding";

    public static void MapOnboardingPages(this IEndpointRouteBuilder portal)
    {
        portal.MapPage(Address, Show).Needs(Permission.ManageTenants);
        portal.MapPost($"{Address}/grant", Grant).Needs(Permission.ManageTenants);
        portal.MapPost($"{Address}/check", Check).Needs(Permission.ManageTenants).Audited(AuditActs.Onboard);
        portal.MapPost($"{Address}/begin", Begin).Needs(Permission.ManageTenants).Audited(AuditActs.Onboard);
    }

    private static async Task<IResult> Show(IGrainFactory grains, CancellationToken cancellation, string? tenant = null) =>
        await PageAsync(grains, OnboardingStep.Grant, TenantId.TryParse(tenant, out var id) ? FormInput.Empty.With("tenant", id.ToString()) : FormInput.Empty, null, null, cancellation);

    private static async Task<IResult> Grant(HttpContext context, IGrainFactory grains, PortalRequest portal, CancellationToken cancellation)
    {
        var input = WithIds(await FormInput.ReadAsync(context), portal);
        return await PageAsync(grains, input.HasProblems ? OnboardingStep.Grant : OnboardingStep.Check, input, null, null, cancellation);
    }

    private static async Task<IResult> Check(HttpContext context, IGrainFactory grains, PortalRequest portal, CancellationToken cancellation)
    {
        var input = WithSecret(WithIds(await FormInput.ReadAsync(context), portal), portal);
        if (input.HasProblems)
            return await PageAsync(grains, OnboardingStep.Check, input, null, null, cancellation);
        try
        {
            var found = await grains.Tenant(TenantId.Parse(input["tenant"])).TryAccess(input["client"], input["secret"], cancellation);
            var canBegin = found.All(permission => permission is not { NeededForBackup: true, Granted: false });
            return await PageAsync(grains, canBegin ? OnboardingStep.Begin : OnboardingStep.Check, input, found, null, cancellation);
        }
        catch (ServiceException refused)
        {
            return await PageAsync(grains, OnboardingStep.Check, input, null, refused.Message, cancellation);
        }
    }

    private static async Task<IResult> Begin(HttpContext context, IGrainFactory grains, PortalRequest portal, CancellationToken cancellation)
    {
        var input = WithSecret(WithIds(await FormInput.ReadAsync(context), portal), portal);
        if (input["name"].Length is 0 or > TenantEndpoints.MaxNameLength)
            input = input.WithProblem("name", portal.Texts.Filled("onboarding.name-problem", portal.Write.Number(TenantEndpoints.MaxNameLength)));
        if (input.HasProblems)
            return await PageAsync(grains, OnboardingStep.Begin, input, null, null, cancellation);
        try
        {
            var tenant = grains.Tenant(TenantId.Parse(input["tenant"]));
            // Asking again to renew the secret must not set back what was agreed with the customer.
            await tenant.Onboard(new TenantOnboarding(input["name"], input["client"], input["secret"], await TenantEndpoints.PresentSettings(tenant, cancellation)), cancellation);
            return PageResults.SeeOther($"/tenants/{input["tenant"]}?done=onboarded");
        }
        catch (ServiceException refused)
        {
            return await PageAsync(grains, OnboardingStep.Begin, input, null, refused.Message, cancellation);
        }
    }

    private static FormInput WithIds(FormInput input, PortalRequest portal)
    {
        if (!TenantId.TryParse(input["tenant"], out _))
            input = input.WithProblem("tenant", portal.Texts["onboarding.tenant-problem"]);
        return Guid.TryParseExact(input["client"], "D", out _) ? input : input.WithProblem("client", portal.Texts["onboarding.client-problem"]);
    }

    private static FormInput WithSecret(FormInput input, PortalRequest portal) => input["secret"].Length > 0 ? input : input.WithProblem("secret", portal.Texts["onboarding.secret-problem"]);

    private static async Task<IResult> PageAsync(IGrainFactory grains, OnboardingStep step, FormInput input, ImmutableArray<PermissionState>? found, string? refused, CancellationToken cancellation)
    {
        var model = new OnboardingModel(step, input, await grains.Provider().ListPermissions(cancellation), found, refused, ConsentLinkOf(input));
        return PageResults.Show<OnboardingPage, OnboardingModel>(model, input.HasProblems || refused is not null ? StatusCodes.Status422UnprocessableEntity : StatusCodes.Status200OK);
    }

    /// <summary>Source: Microsoft identity platform, "Admin consent": <c>/{tenant}/adminconsent?client_id=…</c>.</summary>
    private static string? ConsentLinkOf(FormInput input) => TenantId.TryParse(input["tenant"], out var tenant) && Guid.TryParseExact(input["client"], "D", out var client)
        ? $"https://login.microsoftonline.com/{tenant}/adminconsent?client_id={client:D}" : null;
}
