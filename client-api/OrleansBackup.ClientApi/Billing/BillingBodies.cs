using System.Collections.Immutable;
using OrleansBackup.Domain.Invoicing;
using OrleansBackup.Domain.Metering;
using OrleansBackup.Domain.Notices;
using OrleansBackup.GrainInterfaces.Billing;

namespace OrleansBackup.ClientApi.Billing;

/// <summary>The users of a month, day by day.</summary>
/// <param name="Month">Such as 2026-03.</param>
/// <param name="Maximum">The highest count on an observed day; null: nobody looked yet.</param>
/// <param name="MaximumOn">The first day that had it.</param>
public sealed record UsageBody(string Month, int? Maximum, DateOnly? MaximumOn, ImmutableArray<DayUsageBody> Days)
{
    public static UsageBody Of(MonthUsage usage, ImmutableArray<DayUsage> days)
    {
        var top = days.Where(day => day.Observed).MaxBy(day => (day.Count, -day.Day.DayNumber));
        return new(usage.Month.ToString(), top?.Count, top?.Day, [.. days.Select(DayUsageBody.Of)]);
    }
}

/// <summary>One day.</summary>
/// <param name="Observed">False: nobody looked, and the day takes no part in the maximum.</param>
/// <param name="Count">How many count.</param>
public sealed record DayUsageBody(DateOnly Day, bool Observed, int Count, ImmutableArray<AccountOnDayBody> Accounts)
{
    public static DayUsageBody Of(DayUsage day) => new(day.Day, day.Observed, day.Count,
        [.. day.Accounts.Select(one => new AccountOnDayBody(one.Account.Id, one.Account.Name, one.Account.Address, one.Counts, one.Reason))]);
}

/// <summary>An account, and why it counts or does not.</summary>
public sealed record AccountOnDayBody(string Id, string Name, string Address, bool Counts, CountReason Reason);

/// <summary>The documents of a customer and how his billing stands.</summary>
/// <param name="ClosedUntil">The last monthly run that was made.</param>
/// <param name="Held">What is due and waits for something, in whole sentences.</param>
/// <param name="CreditProposal">What was paid in advance for days after the end of the contract; nothing goes back until a person says so.</param>
/// <param name="Problem">Why no invoices are made; null: nothing hinders.</param>
public sealed record InvoiceListBody(
    ImmutableArray<InvoiceListingBody> Invoices, string? ClosedUntil, ImmutableArray<string> Held, ImmutableArray<InvoiceLine> CreditProposal, string? Problem)
{
    /// <summary>What to give as <c>after</c> for the next part; null: this was the last.</summary>
    public string? Next { get; init; }

    internal static InvoiceListBody Of(BillingStanding standing, IEnumerable<(BookedInvoice Invoice, Money Open)> invoices, string? next) => new(
        [.. invoices.Select(one => InvoiceListingBody.Of(one.Invoice, one.Open))], standing.ClosedUntil?.ToString(), standing.Held, standing.CreditProposal, standing.Problem) { Next = next };
}

/// <summary>A document in a list.</summary>
/// <param name="Owed">With VAT; below zero for a credit note.</param>
/// <param name="Open">Without what was paid and credited.</param>
/// <param name="Corrects">The invoice that a credit note corrects.</param>
/// <param name="Sha256">Of its canonical JSON.</param>
public sealed record InvoiceListingBody(string Number, Guid Tenant, string Month, DateOnly IssuedOn, DateOnly DueOn, Money Owed, Money Open, string? Corrects, string Sha256)
{
    public static InvoiceListingBody Of(BookedInvoice invoice, Money open) =>
        new(invoice.Number, invoice.Tenant.Value, invoice.Month.ToString(), invoice.IssuedOn, invoice.DueOn, invoice.Owed, open, invoice.Corrects, invoice.Sha256);
}

/// <summary>What was not paid in time, the longest first.</summary>
public sealed record OverdueListBody(DateOnly Day, ImmutableArray<OverdueBody> Invoices)
{
    /// <summary>What to give as <c>after</c> for the next part; null: this was the last.</summary>
    public string? Next { get; init; }
}

/// <summary>An invoice that was not paid in time.</summary>
/// <param name="Reminder">Which reminder of the plan is due: 1 the first; 0 none yet.</param>
public sealed record OverdueBody(InvoiceListingBody Invoice, int DaysLate, int Reminder);

/// <summary>What to take back.</summary>
/// <param name="Lines">None: all that is left of the invoice.</param>
/// <param name="Reason">The customer reads it.</param>
public sealed record CreditNoteBody(ImmutableArray<CreditPart>? Lines, string? Reason);

/// <summary>An issued document.</summary>
public sealed record IssuedBody(string Number, string Sha256);

/// <summary>Payments of a customer.</summary>
public sealed record PaymentListBody(ImmutableArray<Payment> Payments)
{
    /// <summary>What to give as <c>after</c> for the next part; null: this was the last.</summary>
    public string? Next { get; init; }
}

/// <summary>A payment.</summary>
/// <param name="Id">The bank's id of it: booked once.</param>
/// <param name="Invoice">The number.</param>
/// <param name="Amount">Below zero: it went back.</param>
public sealed record PaymentBody(string? Id, string? Invoice, DateOnly? On, Money? Amount);

/// <summary>Work that was done for a customer, newest first.</summary>
public sealed record WorkOrderListBody(ImmutableArray<WorkOrder> WorkOrders)
{
    /// <summary>What to give as <c>after</c> for the next part; null: this was the last.</summary>
    public string? Next { get; init; }
}

/// <summary>A piece of work.</summary>
/// <param name="Subject">What it is on, unique for it.</param>
/// <param name="Description">What the invoice says of it, in both languages.</param>
public sealed record WorkOrderBody(WorkKind? Kind, string? Subject, BothLanguages? Description, string? CauseReference);

/// <summary>The end of a piece of work.</summary>
/// <param name="Delivered">Whether the customer got what it was for.</param>
public sealed record WorkClosingBody(int? Minutes, bool? Delivered);

/// <summary>Who pays, by a person's decision.</summary>
/// <param name="Agreement">Where the customer's agreement is found, where the conditions do not say who pays.</param>
public sealed record WorkDecisionBody(bool? Charge, string? Reason, string? Agreement);

/// <summary>Price lists of the provider.</summary>
public sealed record PriceListsBody(ImmutableArray<PriceList> PriceLists)
{
    /// <summary>What to give as <c>after</c> for the next part; null: this was the last.</summary>
    public string? Next { get; init; }
}

/// <summary>An indexation.</summary>
/// <param name="Percent">3.5 is three and a half per cent more.</param>
public sealed record IndexationBody(DateOnly? ValidFrom, decimal? Percent, string? Reason);
