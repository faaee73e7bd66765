using System.Collections.Immutable;
using OrleansBackup.ClientApi.Points;
using OrleansBackup.Domain.Identity;
using OrleansBackup.GrainInterfaces.Points;
using OrleansBackup.GrainInterfaces.Resources;

namespace OrleansBackup.Portal.Pages.Points;

/// <summary>Two restore points of a resource side by side.</summary>
/// <param name="Points">All there are, to choose others from; newest first.</param>
/// <param name="After">The id after which this part begins; null: the first part.</param>
/// <param name="Next">The id after which the next part begins; null: this is the last.</param>
/// <param name="Only">Null: whatever became of it.</param>
public sealed record CompareModel(
    ResourceId Resource, string TenantName, string ResourceName, RestorePointSummary First, RestorePointSummary Second, ImmutableArray<RestorePointSummary> Points, ImmutableArray<PointChange> Changes, string? After,
    string? Next, PointChangeKind? Only);

/// <summary>What a search over a tenant found.</summary>
/// <param name="Text">Empty: nothing was looked for yet.</param>
/// <param name="InTime">False: it was stopped, and there may be more.</param>
public sealed record SearchModel(TenantId Tenant, string TenantName, string Text, DateOnly? Day, ImmutableArray<FoundBody> Found, SearchEndBody? End, bool InTime);
