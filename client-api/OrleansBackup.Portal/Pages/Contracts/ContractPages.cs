using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Orleans;
using OrleansBackup.ClientApi;
using OrleansBackup.ClientApi.Audit;
using OrleansBackup.ClientApi.Contracts;
using OrleansBackup.ClientApi.Security;
using OrleansBackup.Domain.Access;
using OrleansBackup.Domain.Audit;
using OrleansBackup.Domain.Calendar;
using OrleansBackup.Portal.Hosting;

namespace OrleansBackup.Portal.Pages.Contracts;

/// <summary>The contract: how it stands, what the next 24 months bring, what another plan would bring, and what makes restore points unrecoverable, which takes two persons.</summary>
internal static class ContractPages
{
    private const string Address = "/tenants/{tenant}/contract";

    public static void MapContractPages(this IEndpointRouteBuilder portal)
    {
        portal.MapPage(Address, Show).Needs(Permission.SeeTenant);
        portal.MapPage($"{Address}/acts/{{act}}", ShowAct).Needs(Permission.SeeTenant);
        portal.MapPost($"{Address}/acts/{{act}}/confirm", Confirm).Needs(Permission.ConfirmDestructive).Audited(AuditActs.DecideConsequence, withBody: true);
        portal.MapPost($"{Address}/acts/{{act}}/drop", Drop).Needs(Permission.ManageContracts).Audited(AuditActs.DecideConsequence, withBody: true);
    }

    private static Task<IResult> Show(
        string tenant, ContractPageReader reader, CancellationToken cancellation, string? plan = null, string? from = null, string? users = null, string? done = null) =>
        PageAsync(reader.ReadAsync(tenant, new WhatIf(plan ?? "", from ?? "", users ?? ""), null, done is "proposed" or "confirmed" or "dropped" or "done" ? done : null, cancellation));

    private static Task<IResult> ShowAct(string tenant, int act, ContractPageReader reader, CancellationToken cancellation) => ActPageAsync(tenant, act, null, reader, cancellation);

    private static async Task<IResult> Confirm(
        string tenant, int act, ActForm form, ClaimsPrincipal caller, ContractPageReader reader, IGrainFactory grains, PortalRequest portal, [FromServices] WorkingCalendar working, CancellationToken cancellation) => form["agree"] != "yes"
            ? await ActPageAsync(tenant, act, portal.Texts["proposals.agree-problem"], reader, cancellation)
            : await ActAsync(tenant, act, "confirmed", reader, () => ConsequenceEndpoints.Confirm(tenant, act, caller, grains, working, cancellation), cancellation);

    private static Task<IResult> Drop(
        string tenant, int act, ActForm form, ClaimsPrincipal caller, ContractPageReader reader, IGrainFactory grains, [FromServices] WorkingCalendar working, CancellationToken cancellation) =>
        ActAsync(tenant, act, "dropped", reader, () => ConsequenceEndpoints.Drop(tenant, act, new ReasonBody(form["drop-why"]), caller, grains, working, cancellation), cancellation);

    private static async Task<IResult> ActAsync(string tenant, int number, string done, ContractPageReader reader, Func<Task> act, CancellationToken cancellation)
    {
        try
        {
            await act();
            return PageResults.SeeOther($"/tenants/{AddressParts.Tenant(tenant)}/contract?done={done}#consequences");
        }
        catch (Exception refused) when (Refusals.TextOf(refused) is not null)
        {
            return await ActPageAsync(tenant, number, Refusals.TextOf(refused), reader, cancellation);
        }
    }

    private static async Task<IResult> ActPageAsync(string tenant, int act, string? refused, ContractPageReader reader, CancellationToken cancellation) => PageResults.Show<ConsequencePage, ConsequenceModel>(
        await reader.ReadActAsync(tenant, act, refused, cancellation), refused is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity);

    internal static DateOnly? Day(string text) => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;

    private static async Task<IResult> PageAsync(Task<ContractModel> reading)
    {
        var model = await reading;
        return PageResults.Show<ContractPage, ContractModel>(model, model.Refused is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity);
    }
}
