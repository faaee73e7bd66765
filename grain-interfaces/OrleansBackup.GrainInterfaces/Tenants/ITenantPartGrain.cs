using System.Collections.Immutable;
using Orleans;
using Orleans.Concurrency;
using OrleansBackup.Domain.Checks;
using OrleansBackup.Domain.Forecast;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Reports;
using OrleansBackup.Domain.Results;
using OrleansBackup.GrainInterfaces.Checks;
using OrleansBackup.GrainInterfaces.Resources;

namespace OrleansBackup.GrainInterfaces.Tenants;

/// <summary>Some of a tenant's resources: who they are, whether they are protected and why, and how they stand. Only the tenant tells it what to do; resources report to it.</summary>
/// <remarks>Key: <see cref="GrainKeys.OfPart"/>. Which resource belongs to which part: <see cref="TenantParts"/>. A tenant of up to
/// <see cref="TenantParts.LargestPart"/> resources has one part.</remarks>
[Alias("tenant-part")]
public interface ITenantPartGrain : IGrainWithStringKey
{
    /// <summary>A resource says how it stands. Cheap; many reports are kept together and written once in a while.</summary>
    /// <returns>False: it does not belong here, or not any more; the tenant knows where.</returns>
    [AlwaysInterleave, Alias("report")]
    Task<bool> Report(ResourceHealth health, CancellationToken cancellation);

    [AlwaysInterleave, Alias("get-counts")]
    Task<PartCounts> GetCounts(CancellationToken cancellation);

    /// <summary>How much was protected, and what changed, day by day, the oldest first. As of when it was last written.</summary>
    [AlwaysInterleave, Alias("get-measures")]
    Task<ImmutableArray<DayMeasure>> GetMeasures(CancellationToken cancellation);

    /// <summary>Null: it is not known here.</summary>
    [AlwaysInterleave, Alias("find")]
    Task<ResourceListing?> Find(ResourceId resource, CancellationToken cancellation);

    /// <summary>In the order of <see cref="ListingOrder"/>, what comes after the given one.</summary>
    [AlwaysInterleave, Alias("list")]
    Task<ImmutableArray<ResourceListing>> List(ListingPlace? after, int limit, CancellationToken cancellation);

    /// <summary>What is due, by its moment, what comes after the given place.</summary>
    [AlwaysInterleave, Alias("list-due")]
    Task<ImmutableArray<DueWork>> ListDue(DuePlace? after, int limit, CancellationToken cancellation);

    /// <summary>The first backups of its protected resources for the tenant's forecast: those not done, in the order in which they come to their turn, and of those done at most so many.</summary>
    [AlwaysInterleave, Alias("list-first-backups")]
    Task<PartFirstBackups> ListFirstBackups(int mostDone, CancellationToken cancellation);

    /// <summary>What had no good backup at some daily moment of this time. Reads what is known here; asks no resource.</summary>
    [AlwaysInterleave, Alias("check")]
    Task<PartFindings> Check(CheckSpan span, SeverityRules rules, CancellationToken cancellation);

    /// <summary>Times of protection that are over.</summary>
    [AlwaysInterleave, Alias("list-spans")]
    Task<ImmutableArray<ResourceSpans>> ListSpans(CancellationToken cancellation);

    /// <summary>Everything it knows, for a discovery or another division.</summary>
    [AlwaysInterleave, Alias("get-census")]
    Task<PartCensus> GetCensus(CancellationToken cancellation);

    /// <summary>Takes over what is known of its resources from elsewhere: an earlier release, the vault, another division. Replaces what was here; health that is not given stays.</summary>
    [Alias("put")]
    Task Put(PartOrder order, PartCensus census, CancellationToken cancellation);

    /// <summary>What a discovery found of this part. Nobody is told yet.</summary>
    /// <param name="everybody">Every protected resource is to be told its settings again.</param>
    [Alias("take")]
    Task<DiscoveryResult> Take(PartOrder order, ImmutableArray<DiscoveredResource> found, bool everybody, CancellationToken cancellation);

    /// <summary>Other settings. Nobody is told yet.</summary>
    [Alias("rescope")]
    Task Rescope(PartOrder order, CancellationToken cancellation);

    /// <summary>Tells each resource that does not know it yet how it stands. One that cannot be reached keeps nobody else waiting.</summary>
    [ResponseTimeout("00:10:00"), Alias("tell")]
    Task Tell(CancellationToken cancellation);

    /// <summary>What was found new and is not protected though some of its kind is, and of which the tenant's contacts were not told yet. At most so many.</summary>
    [AlwaysInterleave, Alias("list-unannounced")]
    Task<ImmutableArray<KnownResource>> ListUnannounced(int limit, CancellationToken cancellation);

    /// <summary>The notice book has these; safe to repeat.</summary>
    /// <param name="localNames">Of resources.</param>
    [Alias("announced")]
    Task Announced(ImmutableArray<string> localNames, CancellationToken cancellation);

    /// <summary>Begins runs that are due or were interrupted, and the care of released resources, the longest overdue first.</summary>
    /// <returns>How many runs were asked for.</returns>
    [AlwaysInterleave, ResponseTimeout("00:10:00"), Alias("attend-overdue")]
    Task<int> AttendOverdue(int tendAtMost, CancellationToken cancellation);

    /// <summary>Every protected resource looks whether a run is due.</summary>
    [AlwaysInterleave, ResponseTimeout("00:10:00"), Alias("wake")]
    Task Wake(CancellationToken cancellation);

    /// <summary>Answers when nothing of these resources is written to the vault any more.</summary>
    [AlwaysInterleave, ResponseTimeout("01:00:00"), Alias("quiesce")]
    Task Quiesce(CancellationToken cancellation);

    /// <summary>The first resource with a legal hold of its own, or null.</summary>
    [AlwaysInterleave, ResponseTimeout("00:10:00"), Alias("find-hold")]
    Task<ResourceHold?> FindHold(CancellationToken cancellation);

    /// <summary>Lets every resource forget everything, and forgets them; leaves no state. Safe to repeat.</summary>
    [AlwaysInterleave, ResponseTimeout("01:00:00"), Alias("forget")]
    Task Forget(CancellationToken cancellation);
}

/// <summary>What a part goes by.</summary>
/// <param name="Parts">Into how many parts the tenant is divided.</param>
/// <param name="Settings">The tenant's, of the scope only what concerns this part.</param>
[GenerateSerializer, Immutable, Alias("part-order")]
public sealed record PartOrder([property: Id(0)] int Parts, [property: Id(1)] TenantSettings Settings)
{
    /// <summary>The kinds that a discovery has looked for to the end. Nothing is concluded about others that it did not find.</summary>
    [Id(2)] public ImmutableArray<ResourceKind> Looked { get; init; } = [ResourceKind.Mailbox];

    /// <summary>The first discovery of a tenant: what it finds outside a selection was left out of it, and is not new.</summary>
    [Id(3)] public bool IsFirst { get; init; }
}

/// <summary>The first backups of one part.</summary>
/// <param name="Left">What has none yet.</param>
/// <param name="Done">Some of those that are done.</param>
/// <param name="DoneInAll">How many are.</param>
[GenerateSerializer, Immutable, Alias("part-first-backups")]
public sealed record PartFirstBackups([property: Id(0)] ImmutableArray<FirstBackupLeft> Left, [property: Id(1)] ImmutableArray<FirstBackup> Done, [property: Id(2)] int DoneInAll);

/// <summary>A resource without a backup.</summary>
[GenerateSerializer, Immutable, Alias("first-backup-left")]
public sealed record FirstBackupLeft([property: Id(0)] ResourceId Resource, [property: Id(1)] ToldSize Told);

/// <summary>What a part knows.</summary>
/// <param name="Untold">Local names of those that do not know yet how they stand.</param>
[GenerateSerializer, Immutable, Alias("part-census")]
public sealed record PartCensus([property: Id(0)] ImmutableArray<KnownResource> Resources, [property: Id(1)] ImmutableArray<string> Untold)
{
    /// <summary>Local names of those of which the contacts were not told yet.</summary>
    [Id(2)] public ImmutableArray<string> Unannounced { get; init; } = [];

    /// <summary>Times of protection that are over.</summary>
    [Id(3)] public ImmutableArray<ResourceSpans> Spans { get; init; } = [];
}

/// <summary>Times in which a resource was protected and that are over.</summary>
[GenerateSerializer, Immutable, Alias("resource-spans")]
public sealed record ResourceSpans([property: Id(0)] string LocalName, [property: Id(1)] ImmutableArray<ProtectionSpan> Spans);

/// <param name="Untold">How many resources do not know yet how they stand.</param>
[GenerateSerializer, Immutable, Alias("part-counts")]
public sealed record PartCounts([property: Id(0)] ResourceCounts Resources, [property: Id(1)] int Untold)
{
    /// <summary>How the daily backups went lately, of those that are protected.</summary>
    [Id(2)] public ResultTally Results { get; init; } = ResultTally.Nothing;

    /// <summary>Size of what the newest points hold.</summary>
    [Id(3)] public long LogicalBytes { get; init; }

    public static PartCounts operator +(PartCounts one, PartCounts other) =>
        new(one.Resources + other.Resources, one.Untold + other.Untold) { Results = one.Results + other.Results, LogicalBytes = one.LogicalBytes + other.LogicalBytes };
}

/// <summary>Where in the list of resources something stands.</summary>
[GenerateSerializer, Immutable, Alias("listing-place")]
public sealed record ListingPlace([property: Id(0)] string DisplayName, [property: Id(1)] string LocalName);

/// <summary>A legal hold of one resource.</summary>
[GenerateSerializer, Immutable, Alias("resource-hold")]
public sealed record ResourceHold([property: Id(0)] ResourceId Resource, [property: Id(1)] DateTimeOffset PlacedAt);

/// <summary>By display name, whatever its case; those with one name by their id.</summary>
public sealed class ListingOrder : IComparer<ListingPlace>
{
    public static ListingOrder Instance { get; } = new();

    public static ListingPlace PlaceOf(ResourceListing listing) => new(listing.DisplayName, listing.Resource.LocalName);

    public int Compare(ListingPlace? x, ListingPlace? y) => StringComparer.OrdinalIgnoreCase.Compare(x?.DisplayName, y?.DisplayName) is not 0 and var byName
        ? byName
        : string.CompareOrdinal(x?.LocalName, y?.LocalName);
}
