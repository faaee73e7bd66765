using System.Collections.Immutable;
using Orleans;
using Orleans.Concurrency;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Openings;
using OrleansBackup.GrainInterfaces.Resources;

namespace OrleansBackup.GrainInterfaces.Openings;

/// <summary>The restore points of a tenant that are open to ordinary programs: by whom and why, until when, and how much was read.</summary>
/// <remarks>Key: <see cref="GrainKeys.Of(TenantId)"/>. Every opening is audited when it is made, first used and ended.</remarks>
[Alias("opening-book")]
public interface IOpeningBookGrain : IGrainWithStringKey
{
    /// <exception cref="InvalidRequestException">It makes no sense, or who or why is missing.</exception>
    /// <exception cref="NotFoundException">There is no such restore point.</exception>
    /// <exception cref="NotPossibleNowException">The tenant is suspended or ending, or too many are open.</exception>
    [Alias("open")]
    Task<OpeningListing> Open(OpeningOrder order, CancellationToken cancellation);

    /// <summary>Newest first.</summary>
    [AlwaysInterleave, Alias("list-openings")]
    Task<ImmutableArray<OpeningListing>> List(CancellationToken cancellation);

    /// <summary>Ends it at once, also what is being read. Safe to repeat.</summary>
    /// <exception cref="NotFoundException">There is no such opening.</exception>
    [Alias("end")]
    Task<OpeningListing> End(OpeningId opening, string who, CancellationToken cancellation);

    /// <summary>Lets a program in.</summary>
    /// <param name="passwordHash">As <see cref="OpeningPassword.HashOf"/> makes it.</param>
    /// <param name="from">The address that the program has, for the audit book.</param>
    /// <returns>Null: unknown, another password, another protocol or over. Which of them, nobody outside is told.</returns>
    [AlwaysInterleave, Alias("enter")]
    Task<OpenedPoint?> Enter(OpeningId opening, ReadOnlyMemory<byte> passwordHash, OpeningProtocol protocol, string from, CancellationToken cancellation);

    /// <summary>Whether it is still open. Asked again and again while a program is connected: what is over is found and ended here.</summary>
    [AlwaysInterleave, Alias("is-open")]
    Task<bool> IsOpen(OpeningId opening, CancellationToken cancellation);

    /// <summary>Adds to what was read. An opening that is gone is passed over.</summary>
    [AlwaysInterleave, Alias("add-use")]
    Task AddUse(OpeningId opening, OpeningUse use, CancellationToken cancellation);

    /// <summary>Whether contacts of the customer may open restore points of their own tenant themselves. Not before the provider says so.</summary>
    [AlwaysInterleave, Alias("may-customers-open")]
    Task<bool> MayCustomersOpen(CancellationToken cancellation);

    [Alias("let-customers-open")]
    Task LetCustomersOpen(bool allowed, CancellationToken cancellation);

    /// <summary>Forgets everything, at the end of the tenant; what is open ends. Safe to repeat.</summary>
    [Alias("forget")]
    Task Forget(CancellationToken cancellation);
}

/// <summary>What is to be opened, how, by whom and why.</summary>
/// <param name="PasswordHash">The password itself is nobody's but the caller's.</param>
[GenerateSerializer, Immutable, Alias("opening-order")]
public sealed record OpeningOrder(
    [property: Id(0)] OpeningId Id, [property: Id(1)] RestorePointId Point, [property: Id(2)] OpeningProtocol Protocol, [property: Id(3)] TimeSpan Lasts,
    [property: Id(4)] string Who, [property: Id(5)] string Why, [property: Id(6)] ImmutableArray<byte> PasswordHash);

/// <summary>An opening and how it stands.</summary>
[GenerateSerializer, Immutable, Alias("opening-listing")]
public sealed record OpeningListing(
    [property: Id(0)] OpeningId Id, [property: Id(1)] RestorePointId Point, [property: Id(2)] OpeningProtocol Protocol, [property: Id(3)] PersonsDecision Opened,
    [property: Id(4)] DateTimeOffset Until)
{
    [Id(5)] public DateTimeOffset? FirstUsedAt { get; init; }

    [Id(6)] public DateTimeOffset? LastUsedAt { get; init; }

    [Id(7)] public DateTimeOffset? EndedAt { get; init; }

    [Id(8)] public OpeningEnd? End { get; init; }

    /// <summary>Who ended it; null: nobody, it came to its end.</summary>
    [Id(9)] public string? EndedBy { get; init; }

    [Id(10)] public OpeningUse Use { get; init; } = OpeningUse.None;
}

/// <summary>How much was read. Told by the process that serves the program, some seconds late.</summary>
/// <param name="Sessions">Connections of mail programs; requests of file managers.</param>
/// <param name="Listings">Folders looked into.</param>
/// <param name="Items">Files or messages of which any content was read.</param>
[GenerateSerializer, Immutable, Alias("opening-use")]
public sealed record OpeningUse([property: Id(0)] long Sessions, [property: Id(1)] long Listings, [property: Id(2)] long Items, [property: Id(3)] long Bytes)
{
    public static OpeningUse None { get; } = new(0, 0, 0, 0);

    public static OpeningUse operator +(OpeningUse one, OpeningUse other) =>
        new(one.Sessions + other.Sessions, one.Listings + other.Listings, one.Items + other.Items, one.Bytes + other.Bytes);
}

/// <summary>What a program that was let in reads.</summary>
/// <param name="Sealed">When the point was sealed: the time of what has none.</param>
[GenerateSerializer, Immutable, Alias("opened-point")]
public sealed record OpenedPoint([property: Id(0)] RestorePointId Point, [property: Id(1)] RunId Run, [property: Id(2)] DateTimeOffset Sealed, [property: Id(3)] DateTimeOffset Until);
