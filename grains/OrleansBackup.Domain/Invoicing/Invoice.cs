using System.Collections.Immutable;
using Orleans;
using OrleansBackup.Domain.Calendar;
using OrleansBackup.Domain.Identity;

namespace OrleansBackup.Domain.Invoicing;

/// <summary>Which way the money goes.</summary>
public enum DocumentKind
{
    /// <summary>The customer pays.</summary>
    Invoice = 1,

    /// <summary>The customer gets back; every amount is one that he gets.</summary>
    CreditNote = 2,
}

/// <summary>An issued invoice or credit note. Never changes: what was wrong is corrected by a credit note.</summary>
/// <param name="Number">Of the provider's gapless series of a year: <c>2026-00001</c>.</param>
/// <param name="Month">The run that made it: dated in this month, for the time before it and, in advance, for the time after.</param>
/// <param name="Net">The sum of the lines.</param>
/// <param name="Gross">With VAT: what is to be paid or given back.</param>
[GenerateSerializer, Immutable, Alias("invoice")]
public sealed record Invoice(
    [property: Id(0)] string Number,
    [property: Id(1)] DocumentKind Kind,
    [property: Id(2)] TenantId Tenant,
    [property: Id(3)] CalendarMonth Month,
    [property: Id(4)] DateOnly IssuedOn,
    [property: Id(5)] DateOnly DueOn,
    [property: Id(6)] BillingParty Provider,
    [property: Id(7)] BillingParty Customer,
    [property: Id(8)] string Reference,
    [property: Id(9)] ImmutableArray<InvoiceLine> Lines,
    [property: Id(10)] ImmutableArray<VatTotal> Vat,
    [property: Id(11)] Money Net,
    [property: Id(12)] Money VatAmount,
    [property: Id(13)] Money Gross,
    [property: Id(14)] Correction? Corrects)
{
    /// <summary>What the customer owes by it: below zero for a credit note.</summary>
    public Money Owed => Kind == DocumentKind.CreditNote ? -Gross : Gross;

    /// <summary>The days that its lines are about.</summary>
    public (DateOnly From, DateOnly Until) Period => (Lines.Min(line => line.From), Lines.Max(line => line.Until));

    /// <summary>Adds up lines into a document. A sum below zero makes a credit note, with every sign turned.</summary>
    /// <exception cref="ArgumentException">There are no lines.</exception>
    public static Invoice Of(string number, TenantId tenant, CalendarMonth month, DateOnly issuedOn, int termDays, BillingParty provider, BillingProfile profile, IEnumerable<InvoiceLine> lines, Correction? corrects)
    {
        ImmutableArray<InvoiceLine> all = [.. lines];
        if (all.IsEmpty)
            throw new ArgumentException("An invoice has lines.", nameof(lines));
        var kind = Money.Sum(all.Select(line => line.Amount)) < Money.Zero || corrects is not null ? DocumentKind.CreditNote : DocumentKind.Invoice;
        ImmutableArray<InvoiceLine> numbered = [.. all.Select((line, at) => (kind == DocumentKind.CreditNote ? line with { Quantity = -line.Quantity, Amount = -line.Amount } : line) with { Number = at + 1 })];
        ImmutableArray<VatTotal> vat = [.. numbered.GroupBy(line => line.Vat).OrderBy(group => group.Key).Select(group => VatTotal.Of(group.Key, Money.Sum(group.Select(line => line.Amount))))];
        var (net, tax) = (Money.Sum(numbered.Select(line => line.Amount)), Money.Sum(vat.Select(one => one.Tax)));
        return new(number, kind, tenant, month, issuedOn, issuedOn.AddDays(termDays), provider, profile.Customer, profile.Reference, numbered, vat, net, tax, net + tax, corrects);
    }
}

/// <summary>The VAT of all lines of one code.</summary>
[GenerateSerializer, Immutable, Alias("vat-total")]
public sealed record VatTotal([property: Id(0)] VatCode Code, [property: Id(1)] string Category, [property: Id(2)] decimal Percent, [property: Id(3)] Money Taxable, [property: Id(4)] Money Tax)
{
    public static VatTotal Of(VatCode code, Money taxable)
    {
        var rule = VatRule.Of(code);
        return new(code, rule.Category, rule.Percent, taxable, rule.On(taxable));
    }
}

/// <summary>What a credit note corrects and why.</summary>
/// <param name="Invoice">The number of the corrected invoice.</param>
[GenerateSerializer, Immutable, Alias("correction")]
public sealed record Correction([property: Id(0)] string Invoice, [property: Id(1)] DateOnly IssuedOn, [property: Id(2)] string Reason, [property: Id(3)] string By);
