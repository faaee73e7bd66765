using System.Collections.Immutable;
using Orleans;
using Orleans.Concurrency;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Keeping;

namespace OrleansBackup.GrainInterfaces.Keeping;

/// <summary>Keeps the provider's own documents as long as the law wants, and not longer: invoices, payments, contracts that ended, deletion records, audit books.</summary>
/// <remarks>
/// Key: <see cref="GrainKeys.Provider"/>. Each day it deletes what is over its term, unless a hold forbids it: one that was placed here, or a legal hold on a customer that is in service.
/// It also enters, once, what was issued before there were ledgers.
/// </remarks>
[Alias("document-keeping")]
public interface IDocumentKeepingGrain : IGrainWithStringKey
{
    /// <summary>Begins what is due today and was not done, and does not wait for it. Safe to repeat; a reminder does it each hour.</summary>
    [Alias("attend")]
    Task<DocumentKeeping> Attend(CancellationToken cancellation);

    /// <summary>Enters once more what is not in the ledgers, as after a recovery from the stores. Does not wait for it.</summary>
    [Alias("enter-again")]
    Task<DocumentKeeping> EnterAgain(CancellationToken cancellation);

    [AlwaysInterleave, Alias("get")]
    Task<DocumentKeeping> Get(CancellationToken cancellation);

    /// <summary>From now on nothing of this customer's documents is deleted.</summary>
    /// <param name="tenant">Null: of nobody's.</param>
    /// <exception cref="InvalidRequestException">Nobody says why.</exception>
    [Alias("place-hold")]
    Task<DocumentHold> PlaceHold(TenantId? tenant, string who, string why, CancellationToken cancellation);

    /// <summary>Safe to repeat.</summary>
    [Alias("lift-hold")]
    Task LiftHold(Guid hold, CancellationToken cancellation);

    /// <summary>The evidence of one deletion as it was written, canonical JSON.</summary>
    /// <exception cref="NotFoundException">There is no such deletion.</exception>
    [AlwaysInterleave, Alias("read-deletion")]
    Task<string> ReadDeletion(string name, CancellationToken cancellation);
}

/// <summary>How the provider's documents are kept.</summary>
/// <param name="KeptFrom">Everything to which something happened on this day or later must still be there.</param>
/// <param name="DoneOn">The last day whose work is done; null: none yet.</param>
/// <param name="CaughtUpAt">When everything from before the ledgers was in them; null: not yet.</param>
/// <param name="Deletions">Names of the evidence, newest first; at most a hundred.</param>
/// <param name="Deleted">So many documents in all.</param>
/// <param name="Held">So many are over their term and stay because of a hold.</param>
/// <param name="Problem">Why the last attempt did not come to its end; null: it did.</param>
[GenerateSerializer, Immutable, Alias("document-keeping-standing")]
public sealed record DocumentKeeping(
    [property: Id(0)] KeepingRule Rule,
    [property: Id(1)] DateOnly KeptFrom,
    [property: Id(2)] ImmutableArray<DocumentHold> Holds,
    [property: Id(3)] DateOnly? DoneOn,
    [property: Id(4)] DateTimeOffset? CaughtUpAt,
    [property: Id(5)] ImmutableArray<string> Deletions,
    [property: Id(6)] long Deleted,
    [property: Id(7)] long Held,
    [property: Id(8)] string? Problem);

/// <summary>Forbids the deletion of documents.</summary>
/// <param name="Tenant">Whose; null: everybody's.</param>
[GenerateSerializer, Immutable, Alias("document-hold")]
public sealed record DocumentHold([property: Id(0)] Guid Id, [property: Id(1)] TenantId? Tenant, [property: Id(2)] string Who, [property: Id(3)] string Why, [property: Id(4)] DateTimeOffset PlacedAt);

/// <summary>From the installation to the grain.</summary>
public static class KeepingGrains
{
    public static IDocumentKeepingGrain DocumentKeeping(this IGrainFactory grains) => grains.GetGrain<IDocumentKeepingGrain>(GrainKeys.Provider);
}
