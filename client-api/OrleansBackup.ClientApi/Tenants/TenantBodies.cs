using System.Collections.Immutable;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Scope;
using OrleansBackup.Domain.Storage;
using OrleansBackup.GrainInterfaces.Tenants;

namespace OrleansBackup.ClientApi.Tenants;

/// <summary>Every customer of the provider, in the order of their names.</summary>
public sealed record TenantListBody(ImmutableArray<TenantListingBody> Tenants)
{
    /// <summary>What to give as <c>after</c> for the next part; null: this was the last.</summary>
    public string? Next { get; init; }
}

/// <summary>One customer.</summary>
public sealed record TenantListingBody(string Id, string Name)
{
    public static TenantListingBody Of(TenantListing tenant) => new(tenant.Tenant.ToString(), tenant.Name);
}

/// <summary>A customer to take into service.</summary>
/// <param name="Id">The directory id (a GUID).</param>
/// <param name="ClientId">The provider's app registration in that directory.</param>
/// <param name="ClientSecret">Its secret, unless a certificate is named; never comes back in any answer.</param>
/// <param name="Settings">What to protect; absent parts keep what is set already, or take the defaults of a new tenant.</param>
/// <param name="Store">The configured name of the store that is to hold the backups; absent: where they are already, or the default store.</param>
/// <param name="Storage">Where the backups may lie; absent: as demanded before, or anywhere.</param>
public sealed record OnboardBody(
    string? Id, string? Name, string? ClientId, string? ClientSecret, SettingsBody? Settings, string? Store, StorageBody? Storage)
{
    /// <summary>The id of a certificate that was made or handed over for this tenant or for the provider, to sign in with instead of a secret.</summary>
    public string? Certificate { get; init; }

    public override string ToString() => $"{nameof(OnboardBody)} {{ Id = {Id}, Name = {Name}, ClientId = {ClientId} }}";
}

/// <summary>Where a tenant's backups may lie. A store elsewhere, or of which nobody knows where it lies, is refused.</summary>
/// <param name="Countries">Two letters each, such as NL; empty: anywhere.</param>
public sealed record StorageBody(ImmutableArray<string>? Countries)
{
    public static StorageBody Of(StorageDemand demand) => new(demand.Countries);
}

/// <summary>What of a tenant is protected, how long points are kept, and when runs start.</summary>
public sealed record SettingsBody(ScopeBody? Scope, RetentionBody? Retention, WindowBody? Window)
{
    /// <summary>Where rehearsals may put items for a moment; absent in a change: as it is.</summary>
    public RehearsalSettingsBody? Rehearsal { get; init; }

    public static SettingsBody Of(TenantSettings settings) => new(ScopeBody.Of(settings.Scope), RetentionBody.Of(settings.Retention), WindowBody.Of(settings.Window))
    {
        Rehearsal = new(settings.Rehearsal.ReadOnly, [.. settings.Rehearsal.Targets.Select(target => target.LocalName)]),
    };
}

/// <summary>Where rehearsals may put a tenant's items for a moment.</summary>
/// <param name="ReadOnly">Nowhere: items are only read back, and the record says so. Default false.</param>
/// <param name="Targets">For each kind one resource that takes all of the tenant's, such as <c>mailbox-…</c>; a kind without: the resource that an item is of.</param>
public sealed record RehearsalSettingsBody(bool? ReadOnly, ImmutableArray<string>? Targets);

/// <summary>What is protected.</summary>
/// <param name="Selected">Ids in Microsoft 365 (of a user: mailbox and OneDrive) or names such as <c>onedrive-…</c> (that alone); read where a selection is the rule.</param>
/// <param name="Excluded">The same, left out; read where everything is the rule.</param>
/// <param name="HiddenFolders">Whether hidden mail folders are taken along; default true.</param>
public sealed record ScopeBody(ScopeMode? Mode, ImmutableArray<string>? Selected, ImmutableArray<string>? Excluded, bool? HiddenFolders)
{
    /// <summary>Rules for kinds that differ from the mode: by mailbox, oneDrive, site or team everything, selection or nothing.</summary>
    public ImmutableSortedDictionary<ResourceKind, KindRule>? Kinds { get; init; }

    /// <summary>What Microsoft 365 says a thing is for (room, equipment, communication…) and what is left out because of it, unless selected.</summary>
    public ImmutableArray<string>? ExcludedPurposes { get; init; }

    public static ScopeBody Of(ProtectionScope scope) => new(scope.Mode, Sorted(scope.Selected), Sorted(scope.Excluded), scope.HiddenFolders)
    {
        Kinds = scope.Kinds, ExcludedPurposes = Sorted(scope.ExcludedPurposes),
    };

    private static ImmutableArray<string> Sorted(ImmutableHashSet<string> ids) => [.. ids.Order(StringComparer.Ordinal)];
}

/// <summary>How long a restore point is kept: a number of days or of calendar months, exactly one of the two.</summary>
/// <param name="LegalHold">While true, nothing expires.</param>
/// <param name="Keep">What stays beyond that; absent: nothing.</param>
public sealed record RetentionBody(int? Days, int? CalendarMonths, bool? LegalHold, KeepBody? Keep)
{
    public static RetentionBody Of(Domain.Retention.RetentionRule rule) => new(rule.Days, rule.CalendarMonths, rule.LegalHold, KeepBody.Of(rule.Keep));
}

/// <summary>The newest point of each of the last so many weeks, months and years stays; the present one counts as the first.</summary>
public sealed record KeepBody(int? Weeks, int? Months, int? Years)
{
    public static KeepBody? Of(Domain.Retention.KeepRules keep) => keep == Domain.Retention.KeepRules.None ? null : new(keep.Weeks, keep.Months, keep.Years);
}

/// <summary>The part of the day in which runs start.</summary>
/// <param name="Start">Time of day in the contract's time zone.</param>
/// <param name="Length">At most one day; may pass midnight.</param>
public sealed record WindowBody(TimeSpan? Start, TimeSpan? Length)
{
    public static WindowBody Of(Domain.Schedule.BackupWindow window) => new(window.Start, window.Length);
}

/// <summary>How a tenant stands.</summary>
/// <param name="OverdueResources">Without a good backup since their last moment but one: a whole day is missing.</param>
/// <param name="Store">The name of the store that holds its backups.</param>
/// <param name="Storage">Where its backups may lie.</param>
/// <param name="SweptAt">When content that no restore point needs was last looked for; null: not yet.</param>
/// <param name="NoticesUndelivered">Notices to the customer that have nobody to go to, or could not be delivered: somebody has to look at them.</param>
/// <param name="FirstBackupsLeft">Protected resources without any restore point yet.</param>
/// <param name="FirstBackupsExpectedEnd">When the last of those is expected to have one; null: none is left, or it is too early to say. How sure that is, the forecast tells.</param>
/// <param name="Problem">What is wrong with the tenant as a whole and what to do about it, or null.</param>
public sealed record TenantBody(
    string Id,
    string Name,
    SettingsBody Settings,
    DateTimeOffset OnboardedAt,
    DateTimeOffset? DiscoveredAt,
    int ProtectedResources,
    int UnprotectedResources,
    int HealthyResources,
    int OverdueResources,
    int RunningResources,
    int FailingResources,
    ImmutableArray<PermissionBody> Permissions,
    string Store,
    StorageBody Storage,
    DateTimeOffset? SweptAt,
    int NoticesUndelivered,
    int FirstBackupsLeft,
    DateTimeOffset? FirstBackupsExpectedEnd,
    string? Problem)
{
    public static TenantBody Of(TenantOverview tenant) => new(
        tenant.Tenant.ToString(), tenant.Name, SettingsBody.Of(tenant.Settings), tenant.OnboardedAt, tenant.DiscoveredAt,
        tenant.ProtectedResources, tenant.UnprotectedResources, tenant.HealthyResources, tenant.OverdueResources, tenant.RunningResources, tenant.FailingResources,
        [.. tenant.Permissions.Select(PermissionBody.Of)], tenant.Store, StorageBody.Of(tenant.Storage), tenant.SweptAt, tenant.NoticesUndelivered,
        tenant.FirstBackupsLeft, tenant.FirstBackupsExpectedEnd, tenant.Problem);
}

/// <summary>The permissions of the app in a tenant, as Microsoft 365 shows them now.</summary>
public sealed record PermissionListBody(ImmutableArray<PermissionBody> Permissions);

/// <summary>One permission and what it is needed for.</summary>
public sealed record PermissionBody(string Name, bool Granted, bool NeededForBackup, bool NeededForRestore, string Purpose)
{
    public static PermissionBody Of(PermissionState permission) =>
        new(permission.Name, permission.Granted, permission.NeededForBackup, permission.NeededForRestore, permission.Purpose);
}

/// <summary>What a discovery found.</summary>
public sealed record DiscoveryBody(int Found, int New, int Vanished, int Protected, int NotProtected, ImmutableArray<string> Warnings)
{
    public static DiscoveryBody Of(DiscoveryResult result) =>
        new(result.Found, result.New, result.Vanished, result.Protected, result.NotProtected, result.Warnings);
}

/// <summary>How many runs a sweep asked for.</summary>
public sealed record SweepBody(int Started);
