using System.Collections.Immutable;
using OrleansBackup.ClientApi.Resources;
using OrleansBackup.Domain.Rehearsals;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.GrainInterfaces.Tenants;

namespace OrleansBackup.Portal.Pages.Resources;

/// <summary>One resource: how it stands, why it waits, every restore point that can be opened, its runs, and what it could not read.</summary>
/// <param name="Status">Null: it has never been protected.</param>
/// <param name="Why">What it waits for, in the reader's language.</param>
/// <param name="Points">Newest first.</param>
/// <param name="Months">Of the timeline, newest first.</param>
/// <param name="Earlier">Whether there are points before these months; <paramref name="Skipped"/> is how many months were left out before them.</param>
/// <param name="Done">What an act on this page came to, as the key of a text; null: none was done.</param>
public sealed record ResourceModel(
    string TenantName, ResourceListing Listing, ResourceStatus? Status, WhyWaitingBody Why, ImmutableArray<RestorePointSummary> Points, ImmutableArray<TimelineMonth> Months, bool Earlier, int Skipped,
    ImmutableArray<RunRecord> Runs, ImmutableArray<ItemDebt> Debts, Restorability? Restorability, ExpiryStanding? Expiry, string? Done)
{
    public string Address => Tenants.TenantReader.AddressOf(Listing.Resource);
}

/// <summary>A month of the timeline.</summary>
/// <param name="Weeks">From Monday to Sunday; null: the day is in another month.</param>
public sealed record TimelineMonth(int Year, int Month, ImmutableArray<ImmutableArray<TimelineDay?>> Weeks);

/// <summary>A day of the timeline and the newest point of it.</summary>
/// <param name="Point">Null: none can be opened.</param>
public sealed record TimelineDay(DateOnly Day, TimelineState State, RestorePointSummary? Point);

/// <summary>What there is of a day.</summary>
public enum TimelineState
{
    /// <summary>Nothing to say: before the first point, to come, or let go by retention.</summary>
    Nothing = 0,
    Whole = 1,

    /// <summary>Owes items, or lacks a part.</summary>
    Lacking = 2,

    /// <summary>A backup was due, and none came of it.</summary>
    Missed = 3,
}
