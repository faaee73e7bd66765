using System.Collections.Immutable;
using Orleans;
using Orleans.Concurrency;
using OrleansBackup.Domain.Identity;
using OrleansBackup.GrainInterfaces.Resources;

namespace OrleansBackup.GrainInterfaces.Erasures;

/// <summary>Finds what all restore points of a tenant hold of one person, and erases what two people have chosen of it.</summary>
/// <remarks>Key: <see cref="GrainKeys.Of(TenantId)"/>. One search at a time keeps its list: a new one takes the place of what was found before. Goes on by itself after any crash.</remarks>
[Alias("erasure-search")]
public interface IErasureSearchGrain : IGrainWithStringKey
{
    /// <summary>Begins to look through every point of every resource. Nothing is erased.</summary>
    /// <exception cref="InvalidRequestException">It is no e-mail address, or nothing says why.</exception>
    /// <exception cref="NotPossibleNowException">Another search looks or erases.</exception>
    [Alias("start")]
    Task<ErasureSearch> Start(Guid id, string address, PersonsDecision asked, CancellationToken cancellation);

    /// <summary>Begins to look through what an earlier search did not come to because its list was full. Nothing is erased.</summary>
    /// <param name="address">The same person's again: an ended search does not keep it.</param>
    /// <exception cref="InvalidRequestException">It is another person than that of the earlier search.</exception>
    /// <exception cref="NotPossibleNowException">Another search looks or erases, or nothing is left to look through.</exception>
    [Alias("continue")]
    Task<ErasureSearch> Continue(Guid earlier, Guid id, string address, PersonsDecision asked, CancellationToken cancellation);

    /// <summary>Newest first.</summary>
    [AlwaysInterleave, Alias("list")]
    Task<ImmutableArray<ErasureSearch>> List(CancellationToken cancellation);

    /// <exception cref="NotFoundException">There is no such search.</exception>
    [AlwaysInterleave, Alias("get")]
    Task<ErasureSearch> Get(Guid search, CancellationToken cancellation);

    /// <summary>What was found, in the order of finding.</summary>
    /// <param name="after">How many to leave out.</param>
    /// <exception cref="NotFoundException">The search keeps no list: it looks still, has erased, or another one began.</exception>
    [AlwaysInterleave, Alias("list-found")]
    Task<ImmutableArray<FoundItem>> ListFound(Guid search, int after, int limit, CancellationToken cancellation);

    /// <summary>Begins to erase what was chosen. For whoever has made sure that two people want it.</summary>
    /// <exception cref="InvalidRequestException">Something was chosen that was not found, or the list is another.</exception>
    /// <exception cref="NotPossibleNowException">A resource is to go whole that is protected still; the message says what to do first. Nothing was erased.</exception>
    [ResponseTimeout("00:10:00"), Alias("erase")]
    Task<ErasureSearch> Erase(Guid search, ErasureChoice choice, CancellationToken cancellation);

    /// <summary>Drops a list that nobody wants to act on. Safe to repeat.</summary>
    [Alias("drop")]
    Task Drop(Guid search, CancellationToken cancellation);

    /// <summary>Forgets everything, at the end of the tenant. Safe to repeat.</summary>
    [Alias("forget")]
    Task Forget(CancellationToken cancellation);
}

/// <summary>How far a search is.</summary>
public enum ErasureSearchStage
{
    Searching = 1,

    /// <summary>The list is there, and waits for people.</summary>
    Found = 2,

    Erasing = 3,

    /// <summary>What was chosen is erased, or refused for the reason that stands beside it. The list is gone.</summary>
    Ended = 4,

    /// <summary>Nothing was erased; the list is gone.</summary>
    Dropped = 5,
}

/// <summary>A search for one person and what came of it.</summary>
/// <param name="Address">Null once it has ended: what proves the erasure must not keep whom it was about.</param>
/// <param name="PersonHash">SHA-256 of the tenant's id, a line end and the address in lower case: whoever knows the address can check that it was this person.</param>
/// <param name="Resources">So many are looked through.</param>
[GenerateSerializer, Immutable, Alias("erasure-search-status")]
public sealed record ErasureSearch(
    [property: Id(0)] Guid Id,
    [property: Id(1)] string? Address,
    [property: Id(2)] string PersonHash,
    [property: Id(3)] PersonsDecision Asked,
    [property: Id(4)] ErasureSearchStage Stage,
    [property: Id(5)] int Resources)
{
    /// <summary>Resources that were looked through.</summary>
    [Id(6)] public int Searched { get; init; }

    /// <summary>The person's own: proposed to go whole.</summary>
    [Id(7)] public ImmutableArray<OwnResource> Own { get; init; } = [];

    /// <summary>Items elsewhere.</summary>
    [Id(8)] public int Items { get; init; }

    /// <summary>SHA-256 of the list; null: it is not whole yet.</summary>
    [Id(9)] public string? ListHash { get; init; }

    /// <summary>What keeps it from going on now.</summary>
    [Id(10)] public string? Problem { get; init; }

    /// <summary>Who had it erased, and why.</summary>
    [Id(11)] public PersonsDecision? Decision { get; init; }

    [Id(12)] public ImmutableArray<ErasedPart> Done { get; init; } = [];

    [Id(13)] public DateTimeOffset? EndedAt { get; init; }

    /// <summary>The list is a part: it was full before everything was looked through, and <see cref="IErasureSearchGrain.Continue"/> finds the next part.</summary>
    [Id(14)] public bool IsPart { get; init; }

    /// <summary>The search whose next part this is.</summary>
    [Id(15)] public Guid? Continues { get; init; }
}

/// <summary>A mailbox or OneDrive of the person.</summary>
/// <param name="Points">Its restore points.</param>
[GenerateSerializer, Immutable, Alias("own-resource")]
public sealed record OwnResource([property: Id(0)] ResourceId Resource, [property: Id(1)] int Points);

/// <summary>An item in which the person stands as somebody who sent, received, organised, wrote or changed it.</summary>
/// <param name="Places">Where in it: from, toRecipients, organizer, attendees, createdBy…</param>
/// <param name="Point">The newest restore point that has it.</param>
[GenerateSerializer, Immutable, Alias("found-item")]
public sealed record FoundItem(
    [property: Id(0)] ResourceId Resource, [property: Id(1)] string ItemId, [property: Id(2)] string Kind, [property: Id(3)] ImmutableArray<string> Places, [property: Id(4)] long Point);

/// <summary>What of a list is to be erased.</summary>
/// <param name="ListHash">Of the list that was looked at.</param>
/// <param name="Whole">Local names of the person's own resources that go whole.</param>
/// <param name="AllFound">Every item of the list, but <paramref name="Except"/>; false: only <paramref name="Items"/>.</param>
[GenerateSerializer, Immutable, Alias("erasure-choice")]
public sealed record ErasureChoice(
    [property: Id(0)] string ListHash,
    [property: Id(1)] ImmutableArray<string> Whole,
    [property: Id(2)] bool AllFound,
    [property: Id(3)] ImmutableArray<ChosenItems> Items,
    [property: Id(4)] ImmutableArray<ChosenItems> Except,
    [property: Id(5)] PersonsDecision Decision);

/// <summary>Items of one resource, by its local name.</summary>
[GenerateSerializer, Immutable, Alias("chosen-items")]
public sealed record ChosenItems([property: Id(0)] string Resource, [property: Id(1)] ImmutableArray<string> ItemIds);

/// <summary>What was done to one resource.</summary>
/// <param name="Erasure">Names it in the points and in the audit book.</param>
/// <param name="Problem">Why nothing of it was erased; null: it was.</param>
[GenerateSerializer, Immutable, Alias("erased-part")]
public sealed record ErasedPart(
    [property: Id(0)] Guid Erasure, [property: Id(1)] string Resource, [property: Id(2)] bool Whole, [property: Id(3)] int Items, [property: Id(4)] int Points,
    [property: Id(5)] DateTimeOffset? GoneAfter, [property: Id(6)] string? Problem);

/// <summary>From an id to its grain.</summary>
public static class ErasureSearchGrains
{
    public static IErasureSearchGrain ErasureSearches(this IGrainFactory grains, TenantId tenant) => grains.GetGrain<IErasureSearchGrain>(GrainKeys.Of(tenant));
}
