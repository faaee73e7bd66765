using System.Collections.Immutable;
using Orleans;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Retention;
using OrleansBackup.Domain.Schedule;
using OrleansBackup.Domain.Scope;
using OrleansBackup.Domain.Storage;
using OrleansBackup.GrainInterfaces.Resources;

namespace OrleansBackup.GrainInterfaces.Tenants;

/// <summary>What can be chosen for a tenant, and changed later.</summary>
[GenerateSerializer, Immutable, Alias("tenant-settings")]
public sealed record TenantSettings(
    [property: Id(0)] ProtectionScope Scope,
    [property: Id(1)] RetentionRule Retention,
    [property: Id(2)] BackupWindow Window)
{
    /// <summary>How its items are tried in rehearsals.</summary>
    [Id(3)] public RehearsalSettings Rehearsal { get; init; } = RehearsalSettings.Default;

    /// <summary>Everything, ninety days, at night.</summary>
    public static TenantSettings Default { get; } = new(ProtectionScope.Everything, RetentionRule.OfDays(90), BackupWindow.Default);
}

/// <summary>Where rehearsals may put a tenant's items for a moment.</summary>
/// <param name="ReadOnly">Nowhere: items are only read back, and the record says so.</param>
/// <param name="Targets">For each kind of resource, one that takes all of the tenant's, such as a mailbox made for it. A kind without: the resource that an item is of.</param>
[GenerateSerializer, Immutable, Alias("rehearsal-settings")]
public sealed record RehearsalSettings([property: Id(0)] bool ReadOnly, [property: Id(1)] ImmutableArray<ResourceId> Targets)
{
    public static RehearsalSettings Default { get; } = new(false, []);
}

/// <summary>How the service signs in to a tenant: the provider's app registration. The secret never leaves in an answer or a log.</summary>
[GenerateSerializer, Immutable, Alias("tenant-onboarding")]
public sealed record TenantOnboarding(
    [property: Id(0)] string Name,
    [property: Id(1)] string ClientId,
    [property: Id(2)] string ClientSecret,
    [property: Id(3)] TenantSettings Settings)
{
    /// <summary>The name of the store that is to hold the tenant's backups; null: where it is already, or the default store.</summary>
    [Id(4)]
    public string? Store { get; init; }

    /// <summary>Where its backups may lie; null: as demanded before, or anywhere.</summary>
    [Id(5)]
    public StorageDemand? Storage { get; init; }

    /// <summary>The id of a certificate that the tenant has here, to sign in with instead of a secret; the secret is empty then.</summary>
    [Id(6)]
    public string? Certificate { get; init; }

    public override string ToString() => $"{nameof(TenantOnboarding)} {{ Name = {Name}, ClientId = {ClientId} }}";
}

/// <summary>A tenant's sign-in, for the process that runs its backups only; secret and private keys are wrapped by the provider's key.</summary>
/// <param name="WrappedSecret">Empty: it signs in with certificates.</param>
[GenerateSerializer, Immutable, Alias("tenant-access")]
public sealed record TenantAccess(
    [property: Id(0)] TenantId Tenant,
    [property: Id(1)] string ClientId,
    [property: Id(2)] string WrappedSecret)
{
    /// <summary>The one in use first, then those that have worked and may do so again while one replaces the other.</summary>
    [Id(3)]
    public ImmutableArray<WrappedCertificate> Certificates { get; init; } = [];

    // By what the array holds: every call brings an array of its own, and an equal access must not make another connection.
    public bool Equals(TenantAccess? other) => other is not null && Tenant == other.Tenant && ClientId == other.ClientId && WrappedSecret == other.WrappedSecret
        && Certificates.AsSpan().SequenceEqual(other.Certificates.AsSpan());

    public override int GetHashCode() => HashCode.Combine(Tenant, ClientId, WrappedSecret, Certificates.Length);
}

/// <summary>One permission of the app in the tenant, as Microsoft 365 shows it now.</summary>
/// <param name="Granted">False: the customer's administrator has to consent to it.</param>
[GenerateSerializer, Immutable, Alias("permission-state")]
public sealed record PermissionState(
    [property: Id(0)] string Name,
    [property: Id(1)] bool Granted,
    [property: Id(2)] bool NeededForBackup,
    [property: Id(3)] bool NeededForRestore,
    [property: Id(4)] string Purpose);

/// <summary>How a tenant stands, for a list or a front page.</summary>
[GenerateSerializer, Immutable, Alias("tenant-overview")]
public sealed record TenantOverview(
    [property: Id(0)] TenantId Tenant,
    [property: Id(1)] string Name,
    [property: Id(2)] TenantSettings Settings,
    [property: Id(3)] DateTimeOffset OnboardedAt,
    [property: Id(4)] DateTimeOffset? DiscoveredAt,
    [property: Id(5)] int ProtectedResources,
    [property: Id(6)] int UnprotectedResources,
    [property: Id(7)] int HealthyResources,
    [property: Id(8)] int RunningResources,
    [property: Id(9)] int FailingResources,
    [property: Id(10)] ImmutableArray<PermissionState> Permissions,
    [property: Id(11)] string? Problem)
{
    /// <summary>The name of the store that holds the tenant's backups.</summary>
    [Id(12)]
    public string Store { get; init; } = "";

    /// <summary>Where its backups may lie.</summary>
    [Id(13)]
    public StorageDemand Storage { get; init; } = StorageDemand.Anywhere;

    /// <summary>When shared content was last swept to the end; null: not yet.</summary>
    [Id(14)]
    public DateTimeOffset? SweptAt { get; init; }

    /// <summary>Protected, and without a good backup since the last moment but one.</summary>
    [Id(15)]
    public int OverdueResources { get; init; }

    /// <summary>Notices to the customer that have nobody to go to, or that could not be delivered.</summary>
    [Id(16)]
    public int NoticesUndelivered { get; init; }

    /// <summary>Protected resources without any restore point yet.</summary>
    [Id(17)]
    public int FirstBackupsLeft { get; init; }

    /// <summary>When the last of those is expected to have one; null: none is left, or it is too early to say.</summary>
    [Id(18)]
    public DateTimeOffset? FirstBackupsExpectedEnd { get; init; }
}

/// <summary>What a discovery found.</summary>
[GenerateSerializer, Immutable, Alias("discovery-result")]
public sealed record DiscoveryResult(
    [property: Id(0)] int Found,
    [property: Id(1)] int New,
    [property: Id(2)] int Vanished,
    [property: Id(3)] int Protected,
    [property: Id(4)] int NotProtected,
    [property: Id(5)] ImmutableArray<string> Warnings);

/// <summary>A resource as its tenant lists it: who it is, whether it is protected and why, and how it stands.</summary>
/// <param name="Purpose">user, shared, room, equipment… as Microsoft 365 says.</param>
/// <param name="Reason">Why it is or is not protected, in words.</param>
/// <param name="Since">Since when the protection has been as it is.</param>
/// <param name="VanishedAt">When Microsoft 365 no longer listed it, or null.</param>
[GenerateSerializer, Immutable, Alias("resource-listing")]
public sealed record ResourceListing(
    [property: Id(0)] ResourceId Resource,
    [property: Id(1)] string DisplayName,
    [property: Id(2)] string Address,
    [property: Id(3)] string Purpose,
    [property: Id(4)] bool Protected,
    [property: Id(5)] string Reason,
    [property: Id(6)] DateTimeOffset Since,
    [property: Id(7)] DateTimeOffset? VanishedAt,
    [property: Id(8)] ResourceHealth? Health);

/// <summary>A part of the list of resources. <see cref="Next"/> is what to ask for the next part with; null means the end.</summary>
[GenerateSerializer, Immutable, Alias("resource-page")]
public sealed record ResourcePage([property: Id(0)] ImmutableArray<ResourceListing> Resources, [property: Id(1)] string? Next);
