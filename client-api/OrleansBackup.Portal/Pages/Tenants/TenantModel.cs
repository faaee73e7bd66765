using System.Collections.Immutable;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Results;
using OrleansBackup.GrainInterfaces.Notices;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.GrainInterfaces.Tenants;
using OrleansBackup.Portal.Components;

namespace OrleansBackup.Portal.Pages.Tenants;

/// <summary>One tenant: how it stands, its resources, what is and what is not in the backup, and how that changed.</summary>
/// <param name="Resources">A page of those that the filter left, the worst first.</param>
/// <param name="Found">How many the filter left, of <paramref name="Looked"/> that were looked at.</param>
/// <param name="IsCut">The tenant has more than were looked at.</param>
/// <param name="Done">What an act on this page came to, as the key of a text; null: none was done.</param>
public sealed record TenantModel(
    TenantOverview Overview, ResourcesQuery Query, ImmutableArray<ResourceListing> Resources, int Found, int Looked, bool IsCut, int Pages, HeatMapModel Heat,
    ImmutableArray<KindCoverage> Coverage, ImmutableArray<DayMeasure> Measures, ImmutableArray<NoticeListing> Notices, string? Done)
{
    /// <summary>Somebody has proposed what takes a second person.</summary>
    public bool WaitsForSecond { get; init; }
}

/// <summary>What of one kind is protected.</summary>
/// <param name="Reasons">Why the others are not, and how many for each reason.</param>
public sealed record KindCoverage(ResourceKind Kind, int Protected, int Unprotected, ImmutableArray<(string Reason, int Count)> Reasons);

/// <summary>Which resources are asked for. The address of the page says it.</summary>
/// <param name="Page">Counted from 1.</param>
public sealed record ResourcesQuery(TenantId Tenant, string Search, ResourceFilter Show, int Page)
{
    public string Address(int page) => $"/tenants/{Tenant}?q={Uri.EscapeDataString(Search)}&show={Show.ToString().ToLowerInvariant()}&page={page}#resources";
}

public enum ResourceFilter
{
    Protected = 0,
    Overdue,
    Failing,
    Running,
    Unprotected,
    All,
}
