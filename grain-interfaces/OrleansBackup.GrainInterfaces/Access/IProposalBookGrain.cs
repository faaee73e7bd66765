using System.Collections.Immutable;
using Orleans;
using Orleans.Concurrency;

namespace OrleansBackup.GrainInterfaces.Access;

/// <summary>Acts that cannot be undone and that one person has asked for: each waits for a second, who asks for exactly the same.</summary>
/// <remarks>Key: <see cref="GrainKeys.Of(Domain.Identity.TenantId)"/>.</remarks>
[Alias("proposal-book")]
public interface IProposalBookGrain : IGrainWithStringKey
{
    /// <summary>Keeps a proposal. The same one by the same person again is the one that waits.</summary>
    /// <exception cref="NotPossibleNowException">As many wait as one tenant keeps: drop some; or it is not known which person that is (<see cref="Domain.Access.Person.IsNamed"/>).</exception>
    [Alias("propose")]
    Task<DestructiveProposal> Propose(ProposalOrder order, CancellationToken cancellation);

    /// <summary>Takes a proposal off the book for a second person to do. Whoever gets it may do it, once.</summary>
    /// <param name="content">What the second person asks for: it has to be what was proposed.</param>
    /// <exception cref="NotFoundException">There is none of this number, or it has lapsed.</exception>
    /// <exception cref="NotPossibleNowException">It is another act, or the person is the one who proposed it, or it is not known who one of both is.</exception>
    [Alias("take")]
    Task<DestructiveProposal> Take(Guid proposal, string content, string person, CancellationToken cancellation);

    /// <summary>Puts back what <see cref="Take"/> gave, when the act was refused before anything was done: it waits as before, and lapses when it would have. Safe to repeat.</summary>
    [Alias("return")]
    Task Return(DestructiveProposal proposal, CancellationToken cancellation);

    /// <summary>Drops a proposal; nothing is done. Safe to repeat.</summary>
    [Alias("drop")]
    Task Drop(Guid proposal, CancellationToken cancellation);

    /// <summary>What waits, newest first.</summary>
    [AlwaysInterleave, Alias("list")]
    Task<ImmutableArray<DestructiveProposal>> List(CancellationToken cancellation);
}

/// <summary>What somebody asks for.</summary>
/// <param name="Act">As the audit book calls it.</param>
/// <param name="Subject">Address of what it is done to.</param>
/// <param name="Content">SHA-256, in hex, of the whole request.</param>
/// <param name="Asked">The request as it may be shown.</param>
[GenerateSerializer, Immutable, Alias("proposal-order")]
public sealed record ProposalOrder(
    [property: Id(0)] string Act, [property: Id(1)] string Subject, [property: Id(2)] string Content, [property: Id(3)] string Asked, [property: Id(4)] string By, [property: Id(5)] string Person);

/// <summary>A proposal that waits for a second person until it lapses.</summary>
[GenerateSerializer, Immutable, Alias("destructive-proposal")]
public sealed record DestructiveProposal(
    [property: Id(0)] Guid Id, [property: Id(1)] ProposalOrder Order, [property: Id(2)] DateTimeOffset At, [property: Id(3)] DateTimeOffset LapsesAt);
