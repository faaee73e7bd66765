using System.Collections.Immutable;
using OrleansBackup.Domain.Calendar;
using OrleansBackup.Domain.Invoicing;

namespace OrleansBackup.Domain.Contracts;

/// <summary>Where a forecast of invoices begins: what is charged already, and what prices and numbers are expected.</summary>
public sealed record BillingOutlook
{
    /// <summary>Null: not known; then amounts are not told either.</summary>
    public IReadOnlyDictionary<string, PriceList>? Prices { get; init; }

    /// <summary>How many users are expected on every day to come; null: not known, and amounts are not told.</summary>
    public int? Users { get; init; }

    /// <summary>Null: nobody has given one yet.</summary>
    public BillingProfile? Profile { get; init; }

    /// <summary>What earlier invoices charged.</summary>
    public ImmutableArray<ChargedPeriod> Charged { get; init; } = [];

    /// <summary>The last billing run that was made; null: all runs since the contract began are played, as if what is known today had always been known.</summary>
    public CalendarMonth? ClosedUntil { get; init; }
}
