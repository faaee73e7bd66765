using System.Collections.Immutable;
using OrleansBackup.ClientApi.Problems;
using OrleansBackup.ClientApi.Security.SecondPersons;
using OrleansBackup.Domain.Identity;
using OrleansBackup.GrainInterfaces.Erasures;

namespace OrleansBackup.ClientApi.Erasures;

/// <summary>Whom to look for.</summary>
/// <param name="Address">The person's e-mail address. The audit book keeps a hash of it only.</param>
/// <param name="Why">Where the person's demand is recorded; kept.</param>
/// <param name="Continues">The id of a search of the same person whose list was full: goes on where that one stopped. Absent: from the beginning.</param>
public sealed record ErasureSearchOrderBody(string? Address, string? Why, Guid? Continues = null);

/// <summary>Searches for a person, newest first.</summary>
public sealed record ErasureSearchListBody(ImmutableArray<ErasureSearchBody> Searches)
{
    /// <summary>What to give as <c>after</c> for the next part; null: this was the last.</summary>
    public string? Next { get; init; }
}

/// <summary>A search for a person and what came of it.</summary>
/// <param name="Address">Null once it has ended.</param>
/// <param name="Person">SHA-256 of the tenant's id, a line end and the address in lower case.</param>
/// <param name="Own">The person's own mailbox and OneDrive, proposed to go whole.</param>
/// <param name="Items">How many items were found elsewhere.</param>
/// <param name="List">SHA-256 of the list, to name when it is acted on; null: it is not whole, or gone.</param>
/// <param name="Problem">What keeps it from going on, or what a person has to put right.</param>
/// <param name="IsPart">The list was full before everything was looked through: another search that continues this one finds the next part.</param>
/// <param name="Continues">The search whose next part this is.</param>
public sealed record ErasureSearchBody(
    Guid Id, ErasureSearchStage Stage, string? Address, string Person, string Who, string Why, DateTimeOffset AskedAt, int Resources, int Searched, ImmutableArray<OwnResourceBody> Own, int Items,
    string? List, string? Problem, string? ErasedBy, string? ErasedWhy, ImmutableArray<ErasedPartBody> Done, DateTimeOffset? EndedAt, bool IsPart, Guid? Continues)
{
    public static ErasureSearchBody Of(ErasureSearch search) => new(
        search.Id, search.Stage, search.Address, search.PersonHash, search.Asked.Who, search.Asked.Why, search.Asked.At, search.Resources, search.Searched,
        [.. search.Own.Select(own => new OwnResourceBody(own.Resource.LocalName, own.Points))], search.Items, search.ListHash, search.Problem, search.Decision?.Who, search.Decision?.Why,
        [.. search.Done.Select(done => new ErasedPartBody(done.Resource, done.Erasure, done.Whole, done.Items, done.Points, done.GoneAfter, done.Problem))], search.EndedAt, search.IsPart, search.Continues);
}

/// <summary>A mailbox or OneDrive of the person. It goes whole only when it is not protected any more: take it out of the tenant's scope first.</summary>
public sealed record OwnResourceBody(string Resource, int Points);

/// <summary>What was done to one resource.</summary>
/// <param name="Erasure">Names it in the restore points and in the audit book.</param>
/// <param name="GoneAfter">From when on expiry and sweeps delete the last bytes.</param>
/// <param name="Problem">Why nothing of it was erased; null: it was.</param>
public sealed record ErasedPartBody(string Resource, Guid Erasure, bool Whole, int Items, int Points, DateTimeOffset? GoneAfter, string? Problem);

/// <summary>Found items, in the order of finding.</summary>
/// <param name="Next">What to ask for the next page with; null: this is the last.</param>
public sealed record ErasureItemListBody(ImmutableArray<ErasureItemBody> Items, string? Next);

/// <summary>An item in which the person stands.</summary>
/// <param name="Places">Where in it: from, toRecipients, organizer, attendees, createdBy…</param>
/// <param name="Name">Subject or name; null: its restore point has expired since.</param>
public sealed record ErasureItemBody(string Resource, string Id, string Kind, ImmutableArray<string> Places, string? Name, string? From, DateTimeOffset? Time);

/// <summary>Items of one resource.</summary>
public sealed record ChosenItemsBody(string? Resource, ImmutableArray<string>? ItemIds);

/// <summary>What of a search's list to erase.</summary>
/// <param name="List">The hash of the list that was looked at.</param>
/// <param name="Whole">Of the person's own resources those that go whole.</param>
/// <param name="AllFound">Every item of the list, but those of <paramref name="Except"/>.</param>
/// <param name="Items">The items to erase, if not all.</param>
/// <param name="Except">Items that stay, of all.</param>
/// <param name="Why">Where the demand is recorded; kept in the audit book.</param>
/// <param name="Confirmation">"erase for ever".</param>
public sealed record PersonErasureBody(
    string? List, ImmutableArray<string>? Whole, bool? AllFound, ImmutableArray<ChosenItemsBody>? Items, ImmutableArray<ChosenItemsBody>? Except, string? Why, string? Confirmation) : IDestructiveOrder
{
    private const string Words = "erase for ever";

    void IDestructiveOrder.Require(TenantId tenant)
    {
        if (string.IsNullOrWhiteSpace(Why))
            throw new ProblemException(Problem.FieldMissing("why"));
        if (string.IsNullOrWhiteSpace(List))
            throw new ProblemException(Problem.FieldMissing("list"));
        if (Confirmation != Words)
            throw new ProblemException(Problem.InvalidField("confirmation", $"What is erased cannot be brought back. To go on, write exactly: {Words}"));
        var (all, some, whole) = (AllFound ?? false, Items is { IsDefaultOrEmpty: false }, Whole is { IsDefaultOrEmpty: false });
        if ((all && some) || !(all || some || whole))
            throw new ProblemException(Problem.InvalidField("items", "Name the items to erase, or say allFound, or name resources to go whole; not items and allFound both."));
        if (Except is { IsDefaultOrEmpty: false } && AllFound != true)
            throw new ProblemException(Problem.InvalidField("except", "'except' goes with allFound only."));
    }
}
