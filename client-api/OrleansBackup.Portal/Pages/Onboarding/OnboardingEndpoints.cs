using System.Collections.Immutable;
using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Orleans;
using OrleansBackup.ClientApi.Audit;
using OrleansBackup.ClientApi.Contracts;
using OrleansBackup.ClientApi.Security;
using OrleansBackup.ClientApi.Tenants;
using OrleansBackup.Domain.Access;
using OrleansBackup.Domain.Audit;
using OrleansBackup.Domain.Calendar;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Plans;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.GrainInterfaces.Tenants;
using OrleansBackup.Portal.Hosting;

namespace OrleansBackup.Portal.Pages.Onboarding;

/// <summary>Taking a customer into service, step by step: what to grant, a live look whether it is granted, what is protected and where, under which plan, and the beginning.</summary>
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

    private static Task<IResult> Show(OnboardingReader reader, CancellationToken cancellation, string? tenant = null) =>
        PageAsync(reader, new(OnboardingStep.Grant, TenantId.TryParse(tenant, out var id) ? FormInput.Empty.With("tenant", id.ToString()) : FormInput.Empty), cancellation);

    private static async Task<IResult> Grant(HttpContext context, OnboardingReader reader, PortalRequest portal, CancellationToken cancellation)
    {
        var input = OnboardingForm.WithIds(await FormInput.ReadAsync(context), portal);
        return await PageAsync(reader, new(input.HasProblems ? OnboardingStep.Grant : OnboardingStep.Check, input), cancellation);
    }

    private static async Task<IResult> Check(HttpContext context, IGrainFactory grains, OnboardingReader reader, CarriedSecret secrets, PortalRequest portal, CancellationToken cancellation)
    {
        var input = OnboardingForm.WithIds(await FormInput.ReadAsync(context), portal);
        if (input.HasProblems)
            return await PageAsync(reader, new(OnboardingStep.Grant, input), cancellation);
        var tenant = TenantId.Parse(input["tenant"]);
        // One that was typed takes the place of the one that came along.
        if ((input["secret"] is { Length: > 0 } typed ? typed : secrets.Open(tenant, input["sealed"])) is not { } secret)
            return await PageAsync(reader, new(OnboardingStep.Check, input.With("sealed", "").WithProblem("secret", portal.Texts["onboarding.secret-problem"])), cancellation);
        try
        {
            var found = await grains.Tenant(tenant).TryAccess(input["client"], secret, cancellation);
            var canBegin = found.All(permission => permission is not { NeededForBackup: true, Granted: false });
            return await PageAsync(reader, new(canBegin ? OnboardingStep.Begin : OnboardingStep.Check, input.With("sealed", secrets.Seal(tenant, secret))) { Found = found }, cancellation);
        }
        catch (ServiceException refused)
        {
            return await PageAsync(reader, new(OnboardingStep.Check, input.With("sealed", "")) { Refused = refused.Message }, cancellation);
        }
    }

    private static async Task<IResult> Begin(
        HttpContext context, ClaimsPrincipal caller, IGrainFactory grains, OnboardingReader reader, CarriedSecret secrets, [FromServices] PlanCatalog plans, [FromServices] WorkingCalendar working, PortalRequest portal,
        CancellationToken cancellation)
    {
        var input = OnboardingForm.WithIds(await FormInput.ReadAsync(context), portal);
        if (input.HasProblems)
            return await PageAsync(reader, new(OnboardingStep.Grant, input), cancellation);
        var tenant = TenantId.Parse(input["tenant"]);
        if (secrets.Open(tenant, input["sealed"]) is not { } secret)
            return await PageAsync(reader, new(OnboardingStep.Check, input.With("sealed", "").WithProblem("secret", portal.Texts["onboarding.secret-old"])), cancellation);
        var before = await reader.PresentAsync(tenant, cancellation);
        var form = OnboardingForm.Read(input, before, plans, portal);
        if (form.Input.HasProblems)
            return await PageAsync(reader, new(OnboardingStep.Begin, form.Input), cancellation);
        try
        {
            await grains.Tenant(tenant).Onboard(new TenantOnboarding(input["name"], input["client"], secret, form.Settings) { Store = form.Store }, cancellation);
            if (form.Contract is not { } contract)
                return PageResults.SeeOther($"/tenants/{tenant}?done=onboarded");
            await ContractEndpoints.Make(tenant.ToString(), contract, caller, grains, working, cancellation);
            return PageResults.SeeOther($"/tenants/{tenant}/contract");
        }
        catch (Exception refused) when (Refusals.TextOf(refused) is not null)
        {
            return await PageAsync(reader, new(OnboardingStep.Begin, input) { Refused = Refusals.TextOf(refused) }, cancellation);
        }
    }

    private static async Task<IResult> PageAsync(OnboardingReader reader, OnboardingAnswer answer, CancellationToken cancellation)
    {
        var model = await reader.ReadAsync(answer, cancellation);
        return PageResults.Show<OnboardingPage, OnboardingModel>(model, model.Input.HasProblems || model.Refused is not null ? StatusCodes.Status422UnprocessableEntity : StatusCodes.Status200OK);
    }
}
