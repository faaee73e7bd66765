using System.Collections.Immutable;
using Orleans;
using Orleans.Concurrency;
using OrleansBackup.Domain.Audit;

namespace OrleansBackup.GrainInterfaces.Audit;

/// <summary>The audit book of a tenant, or of the provider: entries are added at its end and never changed. It outlives the tenant.</summary>
/// <remarks>Key: <see cref="GrainKeys.Of(Domain.Identity.TenantId)"/> or <see cref="GrainKeys.Provider"/>.</remarks>
[Alias("audit")]
public interface IAuditGrain : IGrainWithStringKey
{
    /// <summary>Adds an entry; durable when this returns. A repeated call adds another: an act noted twice is better than one that is not.</summary>
    [Alias("append")]
    Task<AuditEntry> Append(AuditNote note, CancellationToken cancellation);

    /// <summary>Hands over what of the book is an event and was not handed to its subscriptions yet: a process may have died between an entry and that. Safe to repeat.</summary>
    [Alias("attend")]
    Task Attend(CancellationToken cancellation);

    /// <summary>Entries, newest first.</summary>
    /// <param name="before">The last sequence of the page before, or null.</param>
    /// <exception cref="InvalidRequestException">The limit makes no sense.</exception>
    [AlwaysInterleave, Alias("list")]
    Task<AuditPage> List(long? before, int limit, CancellationToken cancellation);

    /// <summary>The whole book as JSON lines, oldest first, closed by a signed head. Entries that are added meanwhile are not in it.</summary>
    /// <exception cref="VaultUnavailableException">The provider's signing key cannot be used.</exception>
    [AlwaysInterleave, Alias("export")]
    IAsyncEnumerable<ReadOnlyMemory<byte>> Export(CancellationToken cancellation);

    /// <summary>Where the part of the book ends whose entries are all older than a moment; null: there is none.</summary>
    /// <param name="whole">The book is closed: it goes whole, or not at all. Otherwise full parts of it go.</param>
    [AlwaysInterleave, Alias("find-deletable")]
    Task<AuditEnd?> FindDeletable(DateTimeOffset before, bool whole, CancellationToken cancellation);

    /// <summary>Deletes the entries up to this one, whose legal term is over; what stays still shows that nothing in it was changed. Safe to repeat.</summary>
    [ResponseTimeout("00:05:00"), Alias("delete")]
    Task Delete(long entries, CancellationToken cancellation);
}

/// <summary>A full part of an audit book. Written once, whole.</summary>
/// <remarks>Key: <see cref="GrainKeys.OfAuditPart"/>.</remarks>
[Alias("audit-part")]
public interface IAuditPartGrain : IGrainWithStringKey
{
    /// <summary>Safe to repeat with the same entries.</summary>
    /// <exception cref="NotPossibleNowException">Other entries stand there: nothing is overwritten.</exception>
    [Alias("write")]
    Task Write(ImmutableArray<AuditEntry> entries, CancellationToken cancellation);

    [Alias("read")]
    Task<ImmutableArray<AuditEntry>> Read(CancellationToken cancellation);

    /// <summary>Safe to repeat.</summary>
    [Alias("delete")]
    Task Delete(CancellationToken cancellation);
}

/// <summary>What is to be written down.</summary>
/// <param name="Actor">The holder of the API key, or <see cref="AuditActs.Service"/>.</param>
[GenerateSerializer, Immutable, Alias("audit-note")]
public sealed record AuditNote(
    [property: Id(0)] string Actor, [property: Id(1)] string Act, [property: Id(2)] string Subject, [property: Id(3)] ImmutableSortedDictionary<string, string> Facts);

/// <summary>A part of a book, newest first. <see cref="Next"/> is what to ask for the next part with; null means the end.</summary>
[GenerateSerializer, Immutable, Alias("audit-page")]
public sealed record AuditPage([property: Id(0)] ImmutableArray<AuditEntry> Entries, [property: Id(1)] long? Next);
