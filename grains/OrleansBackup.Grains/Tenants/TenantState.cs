using System.Collections.Immutable;
using Orleans;
using OrleansBackup.Domain.Calendar;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Reports;
using OrleansBackup.Domain.Storage;
using OrleansBackup.GrainInterfaces.Contracts;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.GrainInterfaces.Tenants;

namespace OrleansBackup.Grains.Tenants;

/// <summary>What a tenant remembers. Additive: a field, once written, keeps its meaning.</summary>
[GenerateSerializer, Immutable, Alias("tenant-state")]
internal sealed record TenantState : StoredState
{
    [Id(0)] public string Name { get; init; } = "";
    [Id(1)] public TenantAccess? Access { get; init; }
    [Id(2)] public TenantSettings Settings { get; init; } = TenantSettings.Default;
    [Id(3)] public DateTimeOffset OnboardedAt { get; init; }
    [Id(4)] public DateTimeOffset? DiscoveredAt { get; init; }
    [Id(5)] public ImmutableArray<PermissionState> Permissions { get; init; } = [];

    /// <summary>Every resource ever seen, by its local name, in states from before tenants had parts; handed to the parts at the first activation.</summary>
    [Id(6)] public ImmutableDictionary<string, KnownResource> Resources { get; init; } = ImmutableDictionary<string, KnownResource>.Empty;

    /// <summary>Restore jobs, newest first.</summary>
    [Id(7)] public ImmutableArray<RestoreJobId> Restores { get; init; } = [];

    /// <summary>What hinders the whole tenant, or null.</summary>
    [Id(8)] public string? Problem { get; init; }

    /// <summary>Local names of the resources that do not know yet how they stand; as <see cref="Resources"/>.</summary>
    [Id(9)] public ImmutableHashSet<string> Untold { get; init; } = ImmutableHashSet<string>.Empty;

    /// <summary>The name of the store that holds the backups; null in states from before there were names: the default store.</summary>
    [Id(10)] public string? Store { get; init; }

    /// <summary>Where the backups may lie.</summary>
    [Id(11)] public StorageDemand Storage { get; init; } = StorageDemand.Anywhere;

    /// <summary>When shared content was last swept to the end.</summary>
    [Id(12)] public DateTimeOffset? SweptAt { get; init; }

    /// <summary>Moves to other stores, newest first.</summary>
    [Id(13)] public ImmutableArray<TenantMoveStatus> Moves { get; init; } = [];

    /// <summary>The newest order to destroy the tenant; stays when everything else is forgotten.</summary>
    [Id(14)] public TenantDestructionStatus? Destruction { get; init; }

    /// <summary>Into how many parts its resources are divided; 0 in states from before there were parts, and where there is no tenant.</summary>
    [Id(15)] public int Parts { get; init; }

    /// <summary>True: settings were changed and not every part has taken them over.</summary>
    [Id(16)] public bool RescopeOwed { get; init; }

    /// <summary>Critical faults that the customer is or is to be told of, by the key of their notice, since they were first seen.</summary>
    [Id(30)] public ImmutableDictionary<string, DateTimeOffset> Faults { get; init; } = ImmutableDictionary<string, DateTimeOffset>.Empty;

    /// <summary>Months of which a report was made, newest first.</summary>
    [Id(31)] public ImmutableArray<CalendarMonth> Reports { get; init; } = [];

    /// <summary>What the contract means for the backups; null: there is none.</summary>
    [Id(17)] public ContractRule? Contract { get; init; }

    /// <summary>To sign in with, oldest first; also before the tenant is in service.</summary>
    [Id(18)] public ImmutableArray<KeptCertificate> Certificates { get; init; } = [];

    /// <summary>The id of the one that it signs in with; null: it signs in with a secret.</summary>
    [Id(19)] public string? CertificateInUse { get; init; }

    /// <summary>Which certificate's end was told last, and at how many days before it.</summary>
    [Id(20)] public string? CertificateTold { get; init; }

    /// <summary>What a process needs to sign in: the certificate in use first, then others that have worked.</summary>
    public TenantAccess? SignIn(DateTimeOffset now) => CertificateInUse is null ? Access : Access! with
    {
        Certificates = [.. Certificates.Where(kept => kept.Id == CertificateInUse || kept.ProvenAt is not null && kept.NotAfter > now)
            .OrderByDescending(kept => kept.Id == CertificateInUse).ThenByDescending(kept => kept.NotAfter).Select(kept => kept.Wrapped)],
    };

    /// <summary>After a sign-in with it worked. A secret is not needed any more, so it is not kept; nor are copies of the provider's other than the one before.</summary>
    public TenantState SignsInWith(KeptCertificate certificate, string clientId, DateTimeOffset now) => this with
    {
        Access = Access! with { ClientId = clientId, WrappedSecret = "" }, CertificateInUse = certificate.Id,
        Certificates = [.. Certificates.Where(kept => kept.Id != certificate.Id && (!kept.IsProviders || kept.Id == CertificateInUse)), certificate with { ProvenAt = now }],
    };
}
