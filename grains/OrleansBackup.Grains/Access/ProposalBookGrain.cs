using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Runtime;
using OrleansBackup.Domain.Access;
using OrleansBackup.Domain.Identity;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Access;
using OrleansBackup.GrainInterfaces.Resources;

namespace OrleansBackup.Grains.Access;

/// <summary>The life of what one person wants destroyed: proposed, then taken up by a second person, dropped, or lapsed.</summary>
internal sealed partial class ProposalBookGrain(
    [PersistentState("proposals", StateStores.Default)] IPersistentState<ProposalBookState> storage, TimeProvider time, ILogger<ProposalBookGrain> log) : Grain, IProposalBookGrain
{
    /// <summary>Long enough for a colleague to come back from a weekend; what nobody looked at in it was not urgent.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromDays(7);

    private const int MostWaiting = 100;

    private readonly StateKeeper<ProposalBookState> _keeper = new(storage);

    private IEnumerable<DestructiveProposal> Waiting => _keeper.State.Waiting.Where(one => time.GetUtcNow() < one.LapsesAt);

    public async Task<DestructiveProposal> Propose(ProposalOrder order, CancellationToken cancellation)
    {
        RequireNamed(order.Person);
        if (Waiting.FirstOrDefault(one => one.Order.Content == order.Content && one.Order.Person == order.Person) is { } same)
            return same;
        var now = time.GetUtcNow();
        var proposal = new DestructiveProposal(Guid.CreateVersion7(now), order, now, now + Patience);
        await _keeper.ChangeAsync(state => Waiting.Count() < MostWaiting ? state with { Waiting = [.. Waiting, proposal] }
            : throw new NotPossibleNowException($"{MostWaiting} proposals wait for a second person already; confirm or drop some."));
        _ = TellTenantAsync();
        return proposal;
    }

    public async Task<DestructiveProposal> Take(Guid proposal, string content, string person, CancellationToken cancellation)
    {
        var found = Waiting.FirstOrDefault(one => one.Id == proposal)
            ?? throw new NotFoundException("No such proposal waits: it was done, dropped or has lapsed. List the proposals of the tenant, or propose it anew.");
        RequireNamed(person);
        RequireNamed(found.Order.Person); // of an earlier release
        if (found.Order.Person == person)
            throw new NotPossibleNowException("Who proposed it cannot confirm it, also not with another key or sign-in: a second person has to.");
        if (found.Order.Content != content)
            throw new NotPossibleNowException("This is not what was proposed: send exactly the same request, with the same body.");
        await _keeper.ChangeAsync(state => state with { Waiting = [.. Waiting.Where(one => one.Id != proposal)] });
        _ = TellTenantAsync();
        return found;
    }

    public async Task Return(DestructiveProposal proposal, CancellationToken cancellation)
    {
        await _keeper.ChangeAsync(state => state with { Waiting = [.. Waiting.Where(one => one.Id != proposal.Id), proposal] });
        _ = TellTenantAsync();
    }

    public async Task Drop(Guid proposal, CancellationToken cancellation)
    {
        await _keeper.ChangeAsync(state => state with { Waiting = [.. Waiting.Where(one => one.Id != proposal)] });
        _ = TellTenantAsync();
    }

    private static void RequireNamed(string person)
    {
        if (!Person.IsNamed(person))
            throw new NotPossibleNowException("It is not known which person that is, so it cannot be one of the two who have to agree.");
    }

    public Task<ImmutableArray<DestructiveProposal>> List(CancellationToken cancellation) =>
        Task.FromResult<ImmutableArray<DestructiveProposal>>([.. Waiting.OrderByDescending(one => one.At)]);

    /// <summary>A hint, which nobody waits for: the tenant asks each hour what waits here, since proposals lapse as well.</summary>
    private async Task TellTenantAsync()
    {
        var tenant = TenantId.Parse(this.GetPrimaryKeyString());
        try
        {
            await GrainFactory.Tenant(tenant).CountsChanged(CancellationToken.None);
        }
        catch (Exception exception)
        {
            LogNotTold(log, tenant, exception);
        }
    }

    [LoggerMessage(2847, LogLevel.Warning, "Tenant {Tenant} could not be told what waits for a second person; it asks within the hour")]
    private static partial void LogNotTold(ILogger log, TenantId tenant, Exception exception);
}
