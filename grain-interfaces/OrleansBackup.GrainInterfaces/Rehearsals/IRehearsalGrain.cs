using System.Collections.Immutable;
using Orleans;
using Orleans.Concurrency;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Rehearsals;
using OrleansBackup.GrainInterfaces.Resources;

namespace OrleansBackup.GrainInterfaces.Rehearsals;

/// <summary>The rehearsals of the whole estate, held every period, or those of one tenant, held when asked for: each draws a sample that nobody can choose, brings it back, compares,
/// and signs what came of it. Each record names the one before.</summary>
/// <remarks>Key: <see cref="GrainKeys.Provider"/> or <see cref="GrainKeys.Of(TenantId)"/>. Goes on by itself, also after a crash. No call waits for the reading.</remarks>
[Alias("rehearsal")]
public interface IRehearsalGrain : IGrainWithStringKey
{
    /// <summary>Begins a rehearsal; one that is going is answered as it stands. A tenant's opens a work order.</summary>
    /// <param name="minimum">At least so many items, if there are so many; null: what is configured.</param>
    /// <exception cref="InvalidRequestException">Who or why is missing, or the number makes no sense.</exception>
    [Alias("begin")]
    Task<RehearsalListing> Begin(string who, string why, int? minimum, CancellationToken cancellation);

    /// <summary>Of the estate: begins the one of this period, unless it was held or is going; and comes back for the next by itself.</summary>
    [Alias("begin-if-due")]
    Task BeginIfDue(CancellationToken cancellation);

    /// <summary>Newest first.</summary>
    [AlwaysInterleave, Alias("list-rehearsals")]
    Task<ImmutableArray<RehearsalListing>> List(CancellationToken cancellation);

    /// <exception cref="NotFoundException">There is no rehearsal of this name.</exception>
    [AlwaysInterleave, Alias("get-rehearsal")]
    Task<RehearsalListing> Get(string name, CancellationToken cancellation);

    /// <summary>The signed record: two lines, the record and its signature.</summary>
    /// <exception cref="NotFoundException">There is no rehearsal of this name, or it has not ended.</exception>
    [AlwaysInterleave, Alias("read-record")]
    Task<string> ReadRecord(string name, CancellationToken cancellation);

    /// <summary>The inventory that the sample was drawn from, as JSON lines.</summary>
    [AlwaysInterleave, Alias("read-inventory")]
    IAsyncEnumerable<ReadOnlyMemory<byte>> ReadInventory(string name, CancellationToken cancellation);

    /// <summary>Ends a rehearsal that goes on and forgets it, at the end of the tenant; signed records stay.</summary>
    [AlwaysInterleave, Alias("abandon")]
    Task Abandon(CancellationToken cancellation);
}

/// <summary>Lines of a rehearsal's evidence. Written once, whole.</summary>
/// <remarks>Key: <see cref="GrainKeys.OfRehearsalPage"/>.</remarks>
[Alias("rehearsal-page")]
public interface IRehearsalPageGrain : IGrainWithStringKey
{
    /// <summary>Replaces: the inventory of a rehearsal that has not drawn yet may be made anew.</summary>
    [Alias("write")]
    Task Write(ImmutableArray<string> lines, CancellationToken cancellation);

    [Alias("read")]
    Task<ImmutableArray<string>> Read(CancellationToken cancellation);
}

/// <summary>How far a rehearsal has come.</summary>
public enum RehearsalStage
{
    /// <summary>Looks what there is to draw from.</summary>
    Inventory = 1,

    /// <summary>Brings the drawn items back, one after the other.</summary>
    Reading = 2,

    /// <summary>The record is signed.</summary>
    Done = 3,
}

/// <summary>A rehearsal and how it stands.</summary>
/// <param name="Name">The period, such as 2026-Q4, or an id.</param>
/// <param name="Drawn">How many items had to be drawn.</param>
/// <param name="Same">How many came back as they were.</param>
/// <param name="Failed">How many did not.</param>
/// <param name="RecordHash">SHA-256 of the signed record, in hex; null: not ended.</param>
/// <param name="Unreached">Resources that could not be asked what they hold, and were not drawn from.</param>
[GenerateSerializer, Immutable, Alias("rehearsal-listing")]
public sealed record RehearsalListing(
    [property: Id(0)] string Name,
    [property: Id(1)] RehearsalStage Stage,
    [property: Id(2)] PersonsDecision Ordered,
    [property: Id(3)] int Minimum,
    [property: Id(4)] string? InventoryRoot,
    [property: Id(5)] long InventoryLines,
    [property: Id(6)] int InventoryPages,
    [property: Id(7)] int Drawn,
    [property: Id(8)] int Same,
    [property: Id(9)] int Failed,
    [property: Id(10)] DateTimeOffset? EndedAt,
    [property: Id(11)] string? RecordHash,
    [property: Id(12)] int Unreached,
    [property: Id(13)] Guid? WorkOrder)
{
    /// <summary>How many were really restored into a scratch place and compared; the others were only read, and the record says why of each.</summary>
    [Id(14)] public int Restored { get; init; }
}

/// <summary>A restore point as a resource offers it to be drawn from.</summary>
[GenerateSerializer, Immutable, Alias("rehearsal-point")]
public sealed record RehearsalPoint(
    [property: Id(0)] long Sequence, [property: Id(1)] PointAge Age, [property: Id(2)] DateTimeOffset SealedAt, [property: Id(3)] ImmutableSortedDictionary<string, long> Kinds)
{
    /// <summary>Its place among the resource's points, oldest first.</summary>
    [Id(4)] public int At { get; init; }

    /// <summary>How many there are.</summary>
    [Id(5)] public int Of { get; init; }
}
