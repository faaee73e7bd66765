using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Orleans;
using OrleansBackup.ClientApi;
using OrleansBackup.ClientApi.Audit;
using OrleansBackup.ClientApi.Erasures;
using OrleansBackup.ClientApi.Resources;
using OrleansBackup.ClientApi.Security;
using OrleansBackup.ClientApi.Security.SecondPersons;
using OrleansBackup.ClientApi.Tenants;
using OrleansBackup.Domain.Access;
using OrleansBackup.Domain.Audit;
using OrleansBackup.Domain.Identity;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Access;
using OrleansBackup.GrainInterfaces.Audit;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.Portal.Hosting;

namespace OrleansBackup.Portal.Pages.SecondPersons;

/// <summary>Where a second person looks at what another wants done that cannot be undone, and says the same or lets it be.</summary>
/// <remarks>What was proposed over the API can be confirmed here, and the other way round: it is one book, and the same comparison.</remarks>
internal static class ProposalPages
{
    private const string Address = "/tenants/{tenant}/proposals";

    public static void MapProposalPages(this IEndpointRouteBuilder portal)
    {
        portal.MapPage(Address, Show).Needs(Permission.ProposeDestructive);
        portal.MapPost($"{Address}/{{proposal}}/confirm", Confirm).Needs(Permission.ConfirmDestructive).Audited(AuditActs.ConfirmProposal, withBody: true);
        portal.MapPost($"{Address}/{{proposal}}/drop", Drop).Needs(Permission.ProposeDestructive).Audited(AuditActs.DropProposal);
    }

    public static string AddressOf(TenantId tenant, string? done = null) => done is null ? $"/tenants/{tenant}/proposals" : $"/tenants/{tenant}/proposals?done={done}";

    private static Task<IResult> Show(string tenant, ProposalsReader reader, CancellationToken cancellation, string? done = null) =>
        PageAsync(reader.ReadAsync(tenant, FormInput.Empty, null, null, done is "proposed" or "confirmed" or "dropped" ? done : null, cancellation));

    private static async Task<IResult> Confirm(
        string tenant, Guid proposal, ActForm form, ClaimsPrincipal caller, IGrainFactory grains, DestructiveActs acts, ProposedActs proposed, ProposalsReader reader, PortalRequest portal, CancellationToken cancellation)
    {
        var (id, input) = (AddressParts.Tenant(tenant), form.Input);
        try
        {
            var order = ((await grains.Proposals(id).List(cancellation)).FirstOrDefault(one => one.Id == proposal)
                ?? throw new NotFoundException("No such proposal waits: it was done, dropped or has lapsed.")).Order;
            var was = proposed.OrderOf(order);
            var asked = SaidAgain(was, input["words"]);
            if (input["agree"] != "yes")
                input = input.WithProblem(Field(proposal, "agree"), portal.Texts["proposals.agree-problem"]);
            if (!asked.Equals(was))
                input = input.WithProblem(Field(proposal, "words"), portal.Texts["proposals.words-problem"]);
            if (input.HasProblems)
                return await PageAsync(reader.ReadAsync(tenant, input, proposal, null, null, cancellation));
            return await acts.ConfirmAsync(portal.Caller, id, proposal, order.Act, order.Subject, asked, async () =>
            {
                await grains.Audit(id).NoteAsync(portal.Caller.Name, order.Act, order.Subject["/api/v1/".Length..], cancellation, ("asked", order.Asked), ("person", portal.Caller.Person), ("proposal", proposal.ToString()));
                await proposed.DoAsync(id, order, asked, caller, cancellation);
                return PageResults.SeeOther(AddressOf(id, "confirmed"));
            }, cancellation);
        }
        catch (Exception refused) when (Refusals.TextOf(refused) is not null)
        {
            return await PageAsync(reader.ReadAsync(tenant, input, proposal, Refusals.TextOf(refused), null, cancellation));
        }
    }

    private static async Task<IResult> Drop(string tenant, string proposal, ProposalsReader reader, IGrainFactory grains, CancellationToken cancellation)
    {
        try
        {
            await ProposalEndpoints.Drop(tenant, proposal, grains, cancellation);
            return PageResults.SeeOther(AddressOf(AddressParts.Tenant(tenant), "dropped"));
        }
        catch (Exception refused) when (Refusals.TextOf(refused) is not null)
        {
            return await PageAsync(reader.ReadAsync(tenant, FormInput.Empty, null, Refusals.TextOf(refused), null, cancellation));
        }
    }

    /// <summary>The same order with the words of whoever says it now: where words are asked for, they are his own.</summary>
    private static IDestructiveOrder SaidAgain(IDestructiveOrder order, string words) => order switch
    {
        DestructionRequestBody body => body with { Confirmation = words },
        ErasureOrderBody body => body with { Confirmation = words },
        PersonErasureBody body => body with { Confirmation = words },
        _ => order,
    };

    /// <summary>Each proposal on the page has a form of its own.</summary>
    internal static string Field(Guid proposal, string name) => $"{name}-{proposal:N}";

    private static async Task<IResult> PageAsync(Task<ProposalsModel> reading)
    {
        var model = await reading;
        return PageResults.Show<ProposalsPage, ProposalsModel>(model, model.Refused is null && !model.Input.HasProblems ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity);
    }
}
