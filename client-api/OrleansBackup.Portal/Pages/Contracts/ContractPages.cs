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
using OrleansBackup.Domain.Contracts;
using OrleansBackup.Portal.Hosting;

namespace OrleansBackup.Portal.Pages.Contracts;

/// <summary>The contract: how it stands, what the next 24 months bring, what another plan would bring, and what makes restore points unrecoverable, which takes two persons.</summary>
internal static class ContractPages
{
    private const string Address = "/tenants/{tenant}/contract";

    public static void MapContractPages(this IEndpointRouteBuilder portal)
    {
        portal.MapPage(Address, Show).Needs(Permission.SeeTenant);
        portal.MapPost($"{Address}/foresee", Foresee).Needs(Permission.ManageContracts);
        portal.MapPost($"{Address}/propose", Propose).Needs(Permission.ManageContracts).Audited(AuditActs.DecideConsequence);
        portal.MapPost($"{Address}/acts/{{act}}/confirm", Confirm).Needs(Permission.ConfirmDestructive).Audited(AuditActs.DecideConsequence);
        portal.MapPost($"{Address}/acts/{{act}}/drop", Drop).Needs(Permission.ManageContracts).Audited(AuditActs.DecideConsequence);
    }

    private static Task<IResult> Show(
        string tenant, ContractPageReader reader, CancellationToken cancellation, string? plan = null, string? from = null, string? users = null, string? done = null) =>
        PageAsync(reader.ReadAsync(tenant, new WhatIf(plan ?? "", from ?? "", users ?? ""), FormInput.Empty, null, null, done is "proposed" or "confirmed" or "dropped" ? done : null, cancellation));

    private static async Task<IResult> Foresee(string tenant, HttpContext context, ContractPageReader reader, IGrainFactory grains, CancellationToken cancellation)
    {
        var input = await FormInput.ReadAsync(context);
        try
        {
            var found = (await ConsequenceEndpoints.Foresee(tenant, Order(input), grains, cancellation)).Value!;
            return await PageAsync(reader.ReadAsync(tenant, WhatIf.None, input, found, null, null, cancellation));
        }
        catch (Exception refused) when (Refusals.TextOf(refused) is not null)
        {
            return await PageAsync(reader.ReadAsync(tenant, WhatIf.None, input, null, Refusals.TextOf(refused), null, cancellation));
        }
    }

    private static async Task<IResult> Propose(
        string tenant, HttpContext context, ClaimsPrincipal caller, ContractPageReader reader, IGrainFactory grains, [FromServices] WorkingCalendar working, CancellationToken cancellation)
    {
        var input = await FormInput.ReadAsync(context);
        return await ActAsync(tenant, "proposed", input, reader, () => ConsequenceEndpoints.Propose(tenant, Order(input), caller, grains, working, cancellation), cancellation);
    }

    private static Task<IResult> Confirm(string tenant, int act, ClaimsPrincipal caller, ContractPageReader reader, IGrainFactory grains, [FromServices] WorkingCalendar working, CancellationToken cancellation) =>
        ActAsync(tenant, "confirmed", FormInput.Empty, reader, () => ConsequenceEndpoints.Confirm(tenant, act, caller, grains, working, cancellation), cancellation);

    private static async Task<IResult> Drop(
        string tenant, int act, HttpContext context, ClaimsPrincipal caller, ContractPageReader reader, IGrainFactory grains, [FromServices] WorkingCalendar working, CancellationToken cancellation)
    {
        var input = await FormInput.ReadAsync(context);
        return await ActAsync(tenant, "dropped", FormInput.Empty, reader, () => ConsequenceEndpoints.Drop(tenant, act, new ReasonBody(input["drop-why"]), caller, grains, working, cancellation), cancellation);
    }

    private static async Task<IResult> ActAsync(string tenant, string done, FormInput input, ContractPageReader reader, Func<Task> act, CancellationToken cancellation)
    {
        try
        {
            await act();
            return PageResults.SeeOther($"/tenants/{AddressParts.Tenant(tenant)}/contract?done={done}#consequences");
        }
        catch (Exception refused) when (Refusals.TextOf(refused) is not null)
        {
            return await PageAsync(reader.ReadAsync(tenant, WhatIf.None, input, null, Refusals.TextOf(refused), null, cancellation));
        }
    }

    private static ActRequestBody Order(FormInput input) => new(
        Enum.TryParse<ActKind>(input["kind"], out var kind) && Enum.IsDefined(kind) ? kind : null, input["why"], null,
        kind == ActKind.Plan ? new PlanMoveBody(input["plan"], Day(input["from"]), null, NewTerm: input["new-term"] == "yes", input["reference"]) : null);

    internal static DateOnly? Day(string text) => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;

    private static async Task<IResult> PageAsync(Task<ContractModel> reading)
    {
        var model = await reading;
        return PageResults.Show<ContractPage, ContractModel>(model, model.Refused is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity);
    }
}
