using System.Collections.Immutable;
using OrleansBackup.Domain.Calendar;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Invoicing;
using static OrleansBackup.Domain.Tests.Invoicing.Given;

namespace OrleansBackup.Domain.Tests.Invoicing;

/// <summary>An issued invoice adds up, never changes, and is corrected by credit notes; what is open and what was paid follow from the book.</summary>
public sealed class InvoiceTests
{
    private static Invoice OfMarch(BillingProfile? profile = null, string number = "2026-00001") => Issue(InvoiceDrafter.Draft(
        Case("2026-04", Contract("2026-03-01", null, ("2026-03-01", Accensys)), Users("2026-03", 1, _ => 3), null, Work(WorkKind.Restore, "2026-03-10", 50)) with { Profile = profile ?? Customer }),
        new(2026, 4), number, profile);

    [Fact]
    public void An_invoice_adds_up_and_is_due_after_the_plans_days()
    {
        var invoice = OfMarch();

        Assert.Equal(("10.50", "79.17"), (invoice.Lines[0].Amount.ToString(), invoice.Lines[1].Amount.ToString()));
        Assert.Equal(("89.67", "18.83", "108.50"), (invoice.Net.ToString(), invoice.VatAmount.ToString(), invoice.Gross.ToString()));
        Assert.Equal((Day("2026-04-01"), Day("2026-05-01")), (invoice.IssuedOn, invoice.DueOn));
    }

    [Theory]
    [InlineData(VatCode.ReverseCharge, "AE")]
    [InlineData(VatCode.Exempt, "E")]
    public void A_customer_can_have_another_vat(VatCode vat, string category)
    {
        var invoice = OfMarch(Customer with { Vat = vat });
        Assert.Equal((category, 0L, invoice.Net), (invoice.Vat.Single().Category, invoice.VatAmount.Cents, invoice.Gross));
    }

    [Fact]
    public void The_same_month_made_again_has_the_same_bytes_and_another_amount_has_not()
    {
        var (one, two) = (InvoiceFile.Write(OfMarch()), InvoiceFile.Write(OfMarch()));

        Assert.Equal(one, two);
        Assert.Equal(InvoiceFile.HashOf(one), InvoiceFile.HashOf(two));
        Assert.Equal(one, InvoiceFile.Write(InvoiceFile.Read(one)));
        Assert.NotEqual(InvoiceFile.HashOf(one), InvoiceFile.HashOf(InvoiceFile.Write(OfMarch(number: "2026-00002"))));
    }

    [Fact]
    public void A_credit_note_takes_back_a_part_and_then_the_rest_and_no_more()
    {
        var invoice = OfMarch();
        var first = Note(Credits.Lines(invoice, [new(1, 1)], [], "one user too many"), "2026-00002");
        var rest = Note(Credits.Lines(invoice, [], [first], "all"), "2026-00003");

        Assert.Equal((DocumentKind.CreditNote, "3.50", "0.74"), (first.Kind, first.Net.ToString(), first.VatAmount.ToString()));
        Assert.Equal(invoice.Net, first.Net + rest.Net);
        Assert.Throws<ArgumentException>(() => Credits.Lines(invoice, [], [first, rest], "again"));
        Assert.Throws<ArgumentException>(() => Credits.Lines(invoice, [new(1, 3)], [first], "more than is left"));
        Assert.Throws<ArgumentException>(() => Credits.Lines(invoice, [new(9, 1)], [], "no such line"));
        Assert.Throws<ArgumentException>(() => Credits.Lines(invoice, [new(1, -1)], [], "the other way"));
        Assert.Throws<ArgumentException>(() => Credits.Lines(first, [], [], "a note"));

        Invoice Note(ImmutableArray<InvoiceLine> lines, string number) =>
            Invoice.Of(number, Tenant, new(2026, 5), Day("2026-05-02"), 30, Provider, Customer, lines, new(invoice.Number, invoice.IssuedOn, "reason", "the director"));
    }

    [Fact]
    public void An_invoice_is_overdue_the_day_after_its_last_day_until_it_is_paid_or_credited()
    {
        BookedInvoice one = Booked("2026-00001", "2026-04-15", 100), two = Booked("2026-00002", "2026-04-01", 50), note = Booked("2026-00003", "2026-04-01", -20) with { Corrects = "2026-00001" };

        Assert.Equal(["2026-00002"], Numbers([one, two], [], "2026-04-15"));
        Assert.Equal(["2026-00002", "2026-00001"], Numbers([one, two], [], "2026-04-16"));
        Assert.Equal(["2026-00001"], Numbers([one, two, note], [Paid("2026-00002", "2026-04-16", 50), Paid("2026-00001", "2026-04-16", 79)], "2026-05-01"));
        Assert.Empty(Numbers([one, two, note], [Paid("2026-00002", "2026-04-16", 50), Paid("2026-00001", "2026-04-16", 80)], "2026-05-01"));

        Assert.Equal([0, 1, 1, 2], new[] { "2026-04-02", "2026-04-08", "2026-04-14", "2026-04-15" }.Select(day => Payments.Overdue([two with { DueOn = Day("2026-04-01"), ReminderDays = [7, 14] }], [], Day(day)).Single().Reminder));

        static IEnumerable<string> Numbers(BookedInvoice[] all, Payment[] payments, string today) => Payments.Overdue(all, payments, Day(today)).Select(late => late.Invoice.Number);
    }

    [Fact]
    public void What_was_paid_in_the_last_three_months_counts_the_days_of_payments_and_beside_it_stands_what_was_delivered()
    {
        var year = Issue(InvoiceDrafter.Draft(Case("2026-01", Contract("2026-01-01", null, ("2026-01-01", JpIct)), Users("2026-01", 1, _ => 10))), new(2026, 1));
        Payment[] paid = [Paid("2026-00001", "2026-01-20", 435.60m)];

        var april = LiabilityFigure.Of(Day("2026-04-20"), 3, paid, [year]);
        var march = LiabilityFigure.Of(Day("2026-04-19"), 3, paid, [year]);

        Assert.Equal((Day("2026-01-21"), "0.00", "88.77"), (april.From, april.Paid.ToString(), april.Accrued.ToString()));
        Assert.Equal("435.60", march.Paid.ToString());
        Assert.Equal("0.00", LiabilityFigure.Of(Day("2026-01-19"), 3, paid, [year]).Paid.ToString()); // what is paid after the day is no part of it
        Assert.Equal("435.60", LiabilityFigure.Of(Day("2026-01-20"), 3, paid, [year]).Paid.ToString());
        Assert.Equal(Money.Zero, LiabilityFigure.Of(Day("2025-12-31"), 3, paid, [year]).Accrued);
    }

    [Fact]
    public void A_party_that_an_invoice_may_not_be_made_with_is_named_by_its_field()
    {
        Assert.Null(Provider.Problem(isProvider: true));
        Assert.Null(Customer.Problem());
        Assert.Equal("registration", (Provider with { Registration = "123" }).Problem(true)!.Value.Field);
        Assert.Equal("iban", (Provider with { Iban = null }).Problem(true)!.Value.Field);
        Assert.Equal("name", (Provider with { Name = "a\nb" }).Problem(true)!.Value.Field);
        Assert.Equal("customer.vat", (Customer with { Vat = VatCode.ReverseCharge, Customer = Customer.Customer with { Vat = null } }).Problem()!.Value.Field);
    }

    private static BookedInvoice Booked(string number, string due, decimal owed) =>
        new(number, TenantId.Parse("11111111-2222-3333-4444-555555555555"), new CalendarMonth(2026, 4), Day("2026-03-01"), Day(due), Money.Exactly(owed), "", null, []);

    private static Payment Paid(string invoice, string on, decimal amount) => new($"{invoice}/{on}", invoice, Day(on), Money.Exactly(amount), "the bookkeeper");
}
