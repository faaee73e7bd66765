using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;
using Orleans;
using OrleansBackup.ClientApi.Problems;
using OrleansBackup.Domain.Access;
using OrleansBackup.Domain.Audit;
using OrleansBackup.Domain.Identity;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Access;
using OrleansBackup.GrainInterfaces.Audit;
using OrleansBackup.GrainInterfaces.Resources;

namespace OrleansBackup.ClientApi.Security.SecondPersons;

/// <summary>The two steps of an act that cannot be undone, the same for requests and for forms: what one face proposes, the other can confirm.</summary>
internal sealed class DestructiveActs(IGrainFactory grains, IOptions<JsonOptions> json)
{
    /// <summary>Keeps what one person asks for until another asks for the same.</summary>
    /// <param name="address">Where the API takes the act: part of what is compared.</param>
    /// <exception cref="ProblemException">The order is incomplete, or not confirmed in words.</exception>
    /// <exception cref="NotFoundException">There is no such tenant.</exception>
    public async Task<DestructiveProposal> ProposeAsync(Caller caller, TenantId tenant, string act, string address, IDestructiveOrder order, CancellationToken cancellation)
    {
        var (book, asked) = (await BookAsync(caller, tenant, order, cancellation), Written(order));
        await grains.Audit(tenant).NoteAsync(caller.Name, AuditActs.Propose, address, cancellation, ("proposed", act), ("asked", asked), ("person", caller.Person));
        return await book.Propose(new ProposalOrder(act, address, Content(act, address, asked), asked, caller.Name, caller.Person), cancellation);
    }

    /// <summary>Takes a proposal off the book and does the act, once. An act that was refused before anything was done has not used the proposal.</summary>
    /// <param name="order">What the second person asks for.</param>
    /// <exception cref="ProblemException">The caller may not confirm, or the order is incomplete.</exception>
    /// <exception cref="NotPossibleNowException">It is the same person, or another act than the one that was proposed.</exception>
    public async Task<T> ConfirmAsync<T>(
        Caller caller, TenantId tenant, Guid proposal, string act, string address, IDestructiveOrder order, Func<Task<T>> doing, CancellationToken cancellation)
    {
        var book = await BookAsync(caller, tenant, order, cancellation);
        if (!caller.May(Permission.ConfirmDestructive, tenant))
            throw new ProblemException(Problem.NotAllowed("You may propose this; to confirm it takes a provider-admin."));
        var taken = await book.Take(proposal, Content(act, address, Written(order)), caller.Person, cancellation);
        try
        {
            return await doing();
        }
        catch (Exception refusal) when (SaysNothingWasDone(refusal))
        {
            await book.Return(taken, CancellationToken.None); // the caller may have gone, the two persons still agree
            throw;
        }
    }

    private async Task<IProposalBookGrain> BookAsync(Caller caller, TenantId tenant, IDestructiveOrder order, CancellationToken cancellation)
    {
        order.Require(tenant); // what cannot be done must not wait for anybody
        if (!Person.IsNamed(caller.Person))
            throw SecondPerson.IsNotKnown();
        await grains.Tenant(tenant).GetName(cancellation); // a book of a tenant that is none would be kept and never looked at
        return grains.Proposals(tenant);
    }

    /// <summary>Refusals that are decided before anything is done. After any other error nobody knows, so what was agreed on has to be agreed on again.</summary>
    private static bool SaysNothingWasDone(Exception exception) => exception is ProblemException or InvalidRequestException or NotPossibleNowException or NotFoundException;

    private static string Content(string act, string address, string asked) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{act}\n{address}\n{asked}")));

    private string Written(IDestructiveOrder order) => JsonSerializer.Serialize(order, order.GetType(), json.Value.SerializerOptions);
}

/// <summary>The body of an act that cannot be undone.</summary>
internal interface IDestructiveOrder
{
    /// <summary>Refuses what is incomplete or not confirmed in words.</summary>
    /// <exception cref="ProblemException">A field is wrong.</exception>
    void Require(TenantId tenant);
}
