using System.Collections.Immutable;
using Orleans;
using OrleansBackup.Domain.Invoicing;
using OrleansBackup.Domain.Metering;
using OrleansBackup.GrainInterfaces.Billing;

namespace OrleansBackup.Grains.Billing;

/// <summary>The work that was done for a tenant. Additive.</summary>
[GenerateSerializer, Immutable, Alias("work-order-book-state")]
internal sealed record WorkOrderBookState : StoredState
{
    /// <summary>Newest first.</summary>
    [Id(0)] public ImmutableArray<WorkOrder> Orders { get; init; } = [];
}

/// <summary>One month of a tenant. Additive.</summary>
[GenerateSerializer, Immutable, Alias("billing-month-state")]
internal sealed record BillingMonthState : StoredState
{
    /// <summary>Null: nobody has looked.</summary>
    [Id(0)] public MonthUsage? Usage { get; init; }

    [Id(1)] public ImmutableArray<IssuedDocument> Documents { get; init; } = [];
}

/// <summary>What a tenant is charged. Additive.</summary>
[GenerateSerializer, Immutable, Alias("billing-account-state")]
internal sealed record BillingAccountState : StoredState
{
    [Id(0)] public BillingProfile? Profile { get; init; }

    /// <summary>Months in which somebody looked, oldest first.</summary>
    [Id(1)] public ImmutableArray<BillingMonth> Months { get; init; } = [];

    [Id(2)] public ImmutableArray<ChargedPeriod> Charged { get; init; } = [];

    [Id(3)] public ImmutableArray<InvoicePlace> Invoices { get; init; } = [];

    /// <summary>The last run that was made.</summary>
    [Id(4)] public BillingMonth? ClosedUntil { get; init; }

    /// <summary>A document that is decided and not everywhere yet.</summary>
    [Id(5)] public PendingInvoice? Pending { get; init; }

    [Id(6)] public ImmutableArray<string> Held { get; init; } = [];

    [Id(7)] public string? Problem { get; init; }

    /// <summary>The newest reminder of each overdue invoice that the customer was told.</summary>
    [Id(8)] public ImmutableDictionary<string, int> Reminded { get; init; } = ImmutableDictionary<string, int>.Empty;
}

/// <summary>A document on its way. Written before it has a number, so that no number is ever without its document.</summary>
/// <param name="Cause">Unique for it: the same cause has the same number.</param>
/// <param name="Charged">What is charged with it; its own part has no number yet.</param>
[GenerateSerializer, Immutable, Alias("pending-invoice")]
internal sealed record PendingInvoice(
    [property: Id(0)] string Cause,
    [property: Id(1)] BillingMonth Month,
    [property: Id(2)] ImmutableArray<InvoiceLine> Lines,
    [property: Id(3)] ImmutableArray<ChargedPeriod> Charged,
    [property: Id(4)] ImmutableArray<Guid> Work,
    [property: Id(5)] int TermDays,
    [property: Id(6)] ImmutableArray<int> ReminderDays,
    [property: Id(7)] BillingParty Provider,
    [property: Id(8)] BillingProfile Profile,
    [property: Id(9)] Correction? Corrects);

/// <summary>The provider's invoices and payments. Additive.</summary>
[GenerateSerializer, Immutable, Alias("invoice-book-state")]
internal sealed record InvoiceBookState : StoredState
{
    /// <summary>The last number of each year.</summary>
    [Id(0)] public ImmutableSortedDictionary<int, int> Years { get; init; } = ImmutableSortedDictionary<int, int>.Empty;

    /// <summary>Numbers that are given and not booked yet, by their cause.</summary>
    [Id(1)] public ImmutableDictionary<string, InvoiceNumber> Reserved { get; init; } = ImmutableDictionary<string, InvoiceNumber>.Empty;

    /// <summary>In the order of their numbers.</summary>
    [Id(2)] public ImmutableArray<BookedInvoice> Invoices { get; init; } = [];

    [Id(3)] public ImmutableArray<Payment> Payments { get; init; } = [];
}

/// <summary>The provider's price lists, where they are not those that came with the server. Additive.</summary>
[GenerateSerializer, Immutable, Alias("price-book-state")]
internal sealed record PriceBookState : StoredState
{
    [Id(0)] public ImmutableSortedDictionary<string, PriceList> Lists { get; init; } = ImmutableSortedDictionary<string, PriceList>.Empty;
}
