using System.Collections.Immutable;
using Orleans;
using OrleansBackup.Domain.Contracts;
using OrleansBackup.Domain.Notices;

namespace OrleansBackup.Domain.Invoicing;

/// <summary>A part of a line that is to be taken back.</summary>
/// <param name="Line">Its number.</param>
/// <param name="Quantity">How much of its quantity.</param>
[GenerateSerializer, Immutable, Alias("credit-part")]
public sealed record CreditPart([property: Id(0)] int Line, [property: Id(1)] int Quantity);

/// <summary>Corrections of what was issued, and what a person may want to give back. Pure.</summary>
public static class Credits
{
    /// <summary>The lines of a credit note on an invoice, each below zero.</summary>
    /// <param name="parts">None: all that is left of the invoice.</param>
    /// <param name="earlier">Credit notes on the same invoice: no more than what is left can be taken back.</param>
    /// <exception cref="ArgumentException">A line that is not there, or more than is left of it; nothing is left.</exception>
    public static ImmutableArray<InvoiceLine> Lines(Invoice invoice, ImmutableArray<CreditPart> parts, IEnumerable<Invoice> earlier, string reason)
    {
        if (invoice.Kind != DocumentKind.Invoice)
            throw new ArgumentException("A credit note is not credited; make an invoice of what is owed.", nameof(invoice));
        // A line of a credit note tells by its days, unit and price which line it takes back; its number is in the description's own order.
        var left = invoice.Lines.ToDictionary(line => line.Number, line => line.Quantity - earlier.SelectMany(note => note.Lines).Where(back => IsOf(back, line)).Sum(back => back.Quantity));
        var wanted = parts.IsDefaultOrEmpty ? [.. left.Where(one => one.Value != 0).Select(one => new CreditPart(one.Key, one.Value))] : parts;
        if (wanted.IsEmpty)
            throw new ArgumentException("Nothing is left of this invoice to take back.", nameof(parts));
        if (wanted.DistinctBy(part => part.Line).Count() != wanted.Length)
            throw new ArgumentException("A line is named once.", nameof(parts));
        return [.. wanted.Select(part => left.TryGetValue(part.Line, out var rest) && part.Quantity != 0 && Math.Sign(part.Quantity) == Math.Sign(rest) && Math.Abs(part.Quantity) <= Math.Abs(rest)
            ? Back(invoice, invoice.Lines.Single(line => line.Number == part.Line), part.Quantity, reason)
            : throw new ArgumentException($"Of line {part.Line} there is not so much left to take back.", nameof(parts)))];
    }

    /// <summary>What was paid in advance for days after the end of the contract. A proposal: the conditions do not say that it goes back, so a person decides.</summary>
    public static ImmutableArray<InvoiceLine> Proposal(ContractTimeline contract, ImmutableArray<ChargedPeriod> charged) => contract.End is not { } end ? [] :
    [
        .. charged.Where(period => period.Until > end)
            .SelectMany(period => UserLines.Of(new(period.From > end ? period.From : end.AddDays(1), period.Until), -period.Users, period.UserMonth, period.Vat, LineKind.AdvanceReturned, period.Basis with { TakenFrom = period.Invoice }, wholeMonths: null))
            .Select((line, at) => line with { Number = at + 1 }),
    ];

    private static bool IsOf(InvoiceLine back, InvoiceLine line) => back.Basis with { TakenFrom = line.Basis.TakenFrom } == line.Basis && back.From == line.From && back.Until == line.Until && back.Unit == line.Unit && back.Price == line.Price && back.Per == line.Per;

    private static InvoiceLine Back(Invoice invoice, InvoiceLine line, int quantity, string reason) => line with
    {
        Kind = LineKind.Correction,
        Basis = line.Basis with { TakenFrom = invoice.Number },
        Quantity = -quantity,
        Amount = -InvoiceLine.AmountOf(quantity, line.Price, line.Per),
        Description = new BothLanguages($"Correctie van regel {line.Number} ({reason}): {line.Description.Nl}", $"Correction of line {line.Number} ({reason}): {line.Description.En}"),
    };
}
