using System.Collections.Immutable;
using Orleans;
using Orleans.Concurrency;
using OrleansBackup.Domain.Identity;
using OrleansBackup.GrainInterfaces.Resources;

namespace OrleansBackup.GrainInterfaces.Exports;

/// <summary>Exports of everything of one tenant, in forms that every program reads: one archive for each resource, with a signed list of hashes.</summary>
/// <remarks>Key: <see cref="GrainKeys.Of(TenantId)"/>. An export goes on by itself after any crash; archives that are whole are not made again.</remarks>
[Alias("tenant-export")]
public interface ITenantExportGrain : IGrainWithStringKey
{
    /// <summary>Begins an export, unless one is going, and says how it stands. When it has ended whole and the customer has given notice, the contract's export is checked off.</summary>
    /// <exception cref="InvalidRequestException">Nobody who may asked for it.</exception>
    /// <exception cref="NotPossibleNowException">The tenant is being destroyed.</exception>
    [Alias("start")]
    Task<TenantExportStatus> Start(TenantExportOrder order, CancellationToken cancellation);

    /// <summary>Newest first.</summary>
    [AlwaysInterleave, Alias("list")]
    Task<ImmutableArray<TenantExportStatus>> List(CancellationToken cancellation);

    /// <summary>One file of an export that has ended, in pieces.</summary>
    /// <exception cref="NotFoundException">There is no such export, or no such file in it.</exception>
    [AlwaysInterleave, Alias("read")]
    IAsyncEnumerable<ReadOnlyMemory<byte>> Read(Guid export, string file, CancellationToken cancellation);

    /// <summary>Deletes the files of an export, which are not encrypted; that there was one stays. Safe to repeat.</summary>
    [Alias("delete-export")]
    Task Delete(Guid export, CancellationToken cancellation);

    /// <summary>Ends what goes and deletes all files, at the end of the tenant. Safe to repeat.</summary>
    [Alias("forget")]
    Task Forget(CancellationToken cancellation);
}

/// <summary>What is to be exported.</summary>
/// <param name="Day">Of each resource the newest restore point begun on this day or before; null: the newest there is.</param>
/// <param name="By">The e-mail address of the customer's contact who asked; may be null from the day on which the customer's notice was processed.</param>
/// <param name="Asked">Who ordered it here, and why: where the customer's word is found.</param>
[GenerateSerializer, Immutable, Alias("tenant-export-order")]
public sealed record TenantExportOrder([property: Id(0)] Guid Id, [property: Id(1)] DateOnly? Day, [property: Id(2)] string? By, [property: Id(3)] PersonsDecision Asked);

/// <summary>How an export stands.</summary>
/// <param name="Total">So many resources have a restore point of that day; 0 while they are counted.</param>
/// <param name="Problem">What keeps it from going on now, or why it ended early.</param>
/// <param name="Manifest">SHA-256 of the signed list; null: it has not ended.</param>
[GenerateSerializer, Immutable, Alias("tenant-export-status")]
public sealed record TenantExportStatus(
    [property: Id(0)] TenantExportOrder Order,
    [property: Id(1)] int Total,
    [property: Id(2)] ImmutableArray<ExportedResource> Done,
    [property: Id(3)] string? Problem,
    [property: Id(4)] string? Manifest,
    [property: Id(5)] DateTimeOffset? EndedAt,
    [property: Id(6)] bool IsDeleted)
{
    public bool IsOpen => EndedAt is null;
}

/// <summary>The archive of one resource.</summary>
/// <param name="Point">The restore point that it holds.</param>
/// <param name="NotIncluded">So many contents could not be read; the archive says which and why.</param>
[GenerateSerializer, Immutable, Alias("exported-resource")]
public sealed record ExportedResource(
    [property: Id(0)] string Name, [property: Id(1)] long Point, [property: Id(2)] long Items, [property: Id(3)] long Bytes, [property: Id(4)] string Sha256, [property: Id(5)] int NotIncluded)
{
    public string FileName => Name + ".zip";
}

/// <summary>From an id to its grain.</summary>
public static class TenantExports
{
    public static ITenantExportGrain Exports(this IGrainFactory grains, TenantId tenant) => grains.GetGrain<ITenantExportGrain>(GrainKeys.Of(tenant));
}
