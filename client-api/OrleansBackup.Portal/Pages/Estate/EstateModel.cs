using System.Collections.Immutable;
using OrleansBackup.GrainInterfaces.Tenants;
using OrleansBackup.Portal.Components;
using OrleansBackup.Portal.Pages.Alerts;

namespace OrleansBackup.Portal.Pages.Estate;

/// <summary>All tenants together, as the front page shows them.</summary>
/// <param name="Sum">Of the tenants that have told.</param>
/// <param name="Yesterday">The share of daily backups of the last full day that were good; null: nothing is known of it.</param>
/// <param name="Needs">The first few of what needs a person; <paramref name="NeedsInAll"/> counts all.</param>
/// <param name="Heat">The first row is all tenants together; then those that need a look first.</param>
/// <param name="RunningWork">Runs and restores under way; null: it could not be asked.</param>
public sealed record EstateModel(
    ResourceCounts Sum, int Tenants, int Told, long LogicalBytes, double? Yesterday, ImmutableArray<Need> Needs, int NeedsInAll, HeatMapModel Heat, int Page, int Pages, int? RunningWork);
