using Orleans;

namespace OrleansBackup.GrainInterfaces.Tenants;

/// <summary>Where a tenant's backups are, and whether anything may be written to them now.</summary>
/// <param name="Store">The name of the store.</param>
/// <param name="Paused">Why nothing may be written, in a whole sentence; null: it may.</param>
[GenerateSerializer, Immutable, Alias("tenant-place")]
public sealed record TenantPlace([property: Id(0)] string Store, [property: Id(1)] string? Paused)
{
    /// <summary>Why no run begins, because of the contract; null: runs begin.</summary>
    [Id(2)] public string? RunsHalted { get; init; }

    /// <summary>Why no restore point expires, because of the contract; null: retention goes on.</summary>
    [Id(3)] public string? ExpiryHalted { get; init; }
}
