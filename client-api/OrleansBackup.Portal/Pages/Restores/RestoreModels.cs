using System.Collections.Immutable;
using OrleansBackup.Domain.Identity;
using OrleansBackup.GrainInterfaces.Requests;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.GrainInterfaces.Restores;

namespace OrleansBackup.Portal.Pages.Restores;

/// <summary>The restore wizard at one of its steps.</summary>
/// <param name="IsRequest">The caller may not restore himself: what he sends is a request.</param>
/// <param name="Names">Of some of what was chosen.</param>
/// <param name="Preview">What would come back; null: it has not been asked yet.</param>
/// <param name="Refused">What the service said, if it refused.</param>
public sealed record RestoreWizardModel(
    ResourceId Resource, string TenantName, string ResourceName, RestorePointSummary Point, RestoreForm Form, bool IsRequest, ImmutableArray<string> Names, RestorePreview? Preview, string? Refused);

/// <summary>One restore job.</summary>
/// <param name="Page">Of its outcomes, from 0.</param>
public sealed record RestoreJobModel(string TenantName, string ResourceName, RestoreStatus Job, ImmutableArray<ItemOutcome> Outcomes, int Page);

/// <summary>The restores of a tenant and what was asked for, newest first.</summary>
/// <param name="JobsInAll">Of which the newest are shown.</param>
/// <param name="Names">Of resources, as far as they are known.</param>
public sealed record RestoresModel(
    TenantId Tenant, string TenantName, ImmutableArray<RestoreStatus> Jobs, int JobsInAll, ImmutableArray<RequestListing> Requests, IReadOnlyDictionary<ResourceId, string> Names);

/// <summary>A customer's request for a restore.</summary>
/// <param name="Refused">What the service said of an act on it, if it refused.</param>
public sealed record RestoreRequestModel(TenantId Tenant, string TenantName, string ResourceName, RequestListing Request, string? Refused);
