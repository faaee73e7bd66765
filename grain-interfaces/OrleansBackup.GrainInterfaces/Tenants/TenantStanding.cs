using Orleans;
using OrleansBackup.Domain.Results;

namespace OrleansBackup.GrainInterfaces.Tenants;

/// <summary>How many resources there are and how they stand. Those counted from the third on are among the protected, and one may be counted in several.</summary>
/// <param name="Healthy">With a good backup of its latest moment.</param>
/// <param name="Overdue">Without a good backup since its last moment but one.</param>
/// <param name="Failing">Whose newest run failed.</param>
/// <param name="Running">With a run under way, as they last said.</param>
[GenerateSerializer, Immutable, Alias("resource-counts")]
public sealed record ResourceCounts(
    [property: Id(0)] int Protected,
    [property: Id(1)] int Unprotected,
    [property: Id(2)] int Healthy,
    [property: Id(3)] int Overdue,
    [property: Id(4)] int Failing,
    [property: Id(5)] int Running)
{
    public static ResourceCounts None { get; } = new(0, 0, 0, 0, 0, 0);

    public static ResourceCounts operator +(ResourceCounts one, ResourceCounts other) => new(
        one.Protected + other.Protected, one.Unprotected + other.Unprotected, one.Healthy + other.Healthy, one.Overdue + other.Overdue,
        one.Failing + other.Failing, one.Running + other.Running);
}

/// <summary>One tenant in the provider's sum.</summary>
/// <param name="Hindered">Something is wrong with the tenant as a whole; its overview says what.</param>
[GenerateSerializer, Immutable, Alias("tenant-standing")]
public sealed record TenantStanding([property: Id(0)] ResourceCounts Resources, [property: Id(1)] bool Hindered)
{
    /// <summary>How the daily backups of its resources went lately.</summary>
    [Id(2)] public ResultTally Results { get; init; } = ResultTally.Nothing;

    /// <summary>Size of what the newest points hold.</summary>
    [Id(3)] public long LogicalBytes { get; init; }

    /// <summary>What is wrong with the tenant as a whole, or null.</summary>
    [Id(4)] public string? Problem { get; init; }

    /// <summary>How many acts that one person has proposed wait for a second.</summary>
    [Id(5)] public int WaitingForSecond { get; init; }
}

/// <summary>One tenant on the provider's list, and how it stands.</summary>
/// <param name="Standing">Null: it has not told yet.</param>
[GenerateSerializer, Immutable, Alias("listed-standing")]
public sealed record ListedStanding([property: Id(0)] TenantListing Listing, [property: Id(1)] TenantStanding? Standing);

/// <summary>All tenants together.</summary>
/// <param name="Tenants">On the provider's list.</param>
/// <param name="Told">Of them, how many have said how they stand; only those are counted in the other figures.</param>
[GenerateSerializer, Immutable, Alias("estate-standing")]
public sealed record EstateStanding(
    [property: Id(0)] ResourceCounts Resources,
    [property: Id(1)] int Tenants,
    [property: Id(2)] int Hindered,
    [property: Id(3)] int Told);
