using System.Collections.Immutable;
using OrleansBackup.ClientApi.Runs;
using OrleansBackup.ClientApi.Tenants;
using OrleansBackup.Domain.Checks;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Notices;
using OrleansBackup.Domain.Runs;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.GrainInterfaces.Tenants;

namespace OrleansBackup.ClientApi.Resources;

/// <summary>A part of a tenant's resources, ordered by display name.</summary>
/// <param name="Next">What to give as <c>after</c> for the next part; null: this was the last.</param>
public sealed record ResourceListBody(ImmutableArray<ResourceBody> Resources, string? Next);

/// <summary>A resource as its tenant lists it.</summary>
/// <param name="Id">The kind and the id in Microsoft 365: <c>mailbox-…</c>.</param>
/// <param name="Purpose">user, shared, room, equipment… as Microsoft 365 says.</param>
/// <param name="Reason">Why it is or is not protected.</param>
/// <param name="Since">Since when the protection has been as it is.</param>
/// <param name="VanishedAt">When Microsoft 365 no longer listed it, or null.</param>
/// <param name="Health">Null: it has never been protected.</param>
public record ResourceBody(
    string Id,
    string Kind,
    string DisplayName,
    string Address,
    string Purpose,
    bool Protected,
    string Reason,
    DateTimeOffset Since,
    DateTimeOffset? VanishedAt,
    HealthBody? Health)
{
    public static ResourceBody Of(ResourceListing listing) => new(
        listing.Resource.LocalName, listing.Resource.Kind.Token(), listing.DisplayName, listing.Address, listing.Purpose,
        listing.Protected, listing.Reason, listing.Since, listing.VanishedAt, HealthBody.Of(listing.Health));
}

/// <summary>A resource with its present state.</summary>
/// <param name="Status">Null: it has never been protected.</param>
public sealed record ResourceDetailBody(ResourceBody Listing, [property: System.Text.Json.Serialization.JsonPropertyOrder(1)] StatusBody? Status) : ResourceBody(Listing)
{
    // The listing's fields stand beside the status, not below it.
    [System.Text.Json.Serialization.JsonIgnore]
    public ResourceBody Listing { get; } = Listing;

    /// <summary>How sure it is that what is stored comes back; null: it has never been protected.</summary>
    [System.Text.Json.Serialization.JsonPropertyOrder(2)]
    public RestorabilityBody? Restorability { get; init; }
}

/// <summary>How a resource stands.</summary>
/// <param name="LastOutcome">Of the newest run; running when there was none yet.</param>
/// <param name="Cause">Whose side the problem lies on.</param>
public sealed record HealthBody(
    RunOutcome LastOutcome,
    DateTimeOffset? LastGoodStart,
    DateTimeOffset? LastSealedAt,
    DateTimeOffset NextMoment,
    int RestorePoints,
    long Items,
    long LogicalBytes,
    long Debts,
    bool Running,
    string? Problem,
    FaultCause Cause)
{
    public static HealthBody? Of(ResourceHealth? health) => health is null ? null : new(
        health.LastOutcome, health.LastGoodStart, health.LastSealedAt, health.NextMoment, health.RestorePoints,
        health.Items, health.LogicalBytes, health.Debts, health.Running, health.Problem, health.Cause);
}

/// <summary>What a protected resource says of itself now.</summary>
public sealed record StatusBody(bool Protected, ResourceSettingsBody Settings, HealthBody Health, RunBody? CurrentRun, WaitingBody Waiting)
{
    public static StatusBody Of(ResourceStatus status) => new(
        status.Protected, ResourceSettingsBody.Of(status.Settings), HealthBody.Of(status.Health)!,
        status.CurrentRun is { } run ? RunBody.Of(run) : null, WaitingBody.Of(status.Waiting));
}

/// <summary>How a resource is protected; its tenant decides.</summary>
public sealed record ResourceSettingsBody(string DisplayName, string Address, RetentionBody Retention, WindowBody Window, bool HiddenFolders)
{
    public static ResourceSettingsBody Of(ResourceSettings settings) => new(
        settings.DisplayName, settings.Address, RetentionBody.Of(settings.Retention), WindowBody.Of(settings.Window), settings.HiddenFolders);
}

/// <summary>What a resource waits for, since when and, where that is known, until when.</summary>
public sealed record WaitingBody(string For, DateTimeOffset Since, DateTimeOffset? Until)
{
    public static WaitingBody Of(WaitingReason waiting) => new(waiting.For, waiting.Since, waiting.Until);
}

/// <summary>What a resource waits for, in the language that was asked for.</summary>
/// <param name="Text">In plain words.</param>
/// <param name="For">The same as the service noted it, in English.</param>
public sealed record WhyWaitingBody(NoticeLanguage Language, string Text, string For, DateTimeOffset Since, DateTimeOffset? Until)
{
    public static WhyWaitingBody Of(WaitingReason waiting, FaultKind fault, bool failed, NoticeLanguage language) =>
        new(language, language == NoticeLanguage.Nl ? WaitingWords.InDutch(waiting, fault, failed) : waiting.For, waiting.For, waiting.Since, waiting.Until);

    public static WhyWaitingBody Of(ResourceStatus status, NoticeLanguage language) =>
        Of(status.Waiting, status.Health.Fault, status.Waiting.For.StartsWith(WaitingWords.LastRunFailed, StringComparison.Ordinal), language);
}

/// <summary>Items that Microsoft 365 lists but that could not be read; each run tries them again.</summary>
public sealed record DebtListBody(ImmutableArray<DebtBody> Debts)
{
    /// <summary>What to give as <c>after</c> for the next part; null: this was the last.</summary>
    public string? Next { get; init; }
}

/// <summary>One such item.</summary>
public sealed record DebtBody(string ItemId, string? FolderId, string Subject, string Error, DateTimeOffset Since, int Attempts)
{
    public static DebtBody Of(ItemDebt debt) => new(debt.ItemId, debt.FolderId, debt.Subject, debt.Error, debt.Since, debt.Attempts);
}

/// <summary>What went when points expired.</summary>
/// <param name="Gone">Sequence numbers of the points that went.</param>
public sealed record ExpiryBody(ImmutableArray<long> Gone, int Kept, long ReclaimedBytes)
{
    public static ExpiryBody Of(ExpiryResult result) => new(result.Gone, result.Kept, result.ReclaimedBytes);
}

/// <summary>How deep to check the stored data.</summary>
/// <param name="EveryByte">True: every byte; false: structure only.</param>
public sealed record CheckRequestBody(bool? EveryByte);

/// <summary>What a check of the stored data found.</summary>
/// <param name="Findings">Empty: all is well.</param>
public sealed record CheckBody(bool EveryByte, long ObjectsRead, long BytesRead, ImmutableArray<string> Findings)
{
    public static CheckBody Of(VaultCheck check) => new(check.EveryByte, check.ObjectsRead, check.BytesRead, check.Findings);
}
