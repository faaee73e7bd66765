using OrleansBackup.Domain.Calendar;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Invoicing;
using OrleansBackup.Domain.Keeping;

namespace OrleansBackup.Domain.Tests.Keeping;

/// <summary>Seven years are counted from the end of the book year in which the last thing happened to a document.</summary>
public sealed class KeepingRuleTests
{
    private static readonly TenantId Customer = new(new Guid("11111111-1111-1111-1111-111111111111"));

    [Theory]
    [InlineData(12, "2026-01-01", "2033-12-31")]
    [InlineData(12, "2026-12-31", "2033-12-31")]
    [InlineData(6, "2026-06-30", "2033-06-30")]
    [InlineData(6, "2026-07-01", "2034-06-30")]
    [InlineData(2, "2024-02-29", "2031-02-28")]
    [InlineData(2, "2025-02-28", "2032-02-29")]
    public void A_document_is_kept_to_the_last_day_of_the_seventh_book_year_after_its_own(int yearEndsIn, string last, string until)
    {
        var rule = KeepingRule.Legal with { YearEndsIn = yearEndsIn };

        Assert.Equal(DateOnly.Parse(until, null), rule.KeptUntil(DateOnly.Parse(last, null)));
        Assert.False(rule.MayGo(DateOnly.Parse(last, null), DateOnly.Parse(until, null)));
        Assert.True(rule.MayGo(DateOnly.Parse(last, null), DateOnly.Parse(until, null).AddDays(1)));
    }

    [Fact]
    public void The_first_day_that_is_kept_divides_what_may_go_from_what_may_not_on_every_day_of_ten_years()
    {
        foreach (var rule in Enumerable.Range(1, 12).Select(month => new KeepingRule(7, month)))
            for (var today = new DateOnly(2030, 1, 1); today.Year < 2040; today = today.AddDays(13))
                Assert.Equal((true, false), (rule.MayGo(rule.KeptFrom(today).AddDays(-1), today), rule.MayGo(rule.KeptFrom(today), today)));
    }

    [Fact]
    public void An_invoice_its_credit_notes_and_their_payments_are_one_matter_that_ends_with_the_last_of_them()
    {
        BookedInvoice[] booked = [Booked("2026-00001", "2026-03-01", null), Booked("2026-00002", "2026-04-01", null), Booked("2027-00001", "2027-02-01", "2026-00001")];
        Payment[] payments = [new("a", "2027-00001", new(2028, 1, 5), Money.Exactly(1m), "b"), new("c", "2026-00002", new(2026, 4, 2), Money.Exactly(1m), "b")];

        var matters = InvoiceMatter.Of(booked, payments);

        Assert.Equal([("2026-00002", new DateOnly(2026, 4, 2), 1), ("2026-00001 2027-00001", new DateOnly(2028, 1, 5), 1)],
            matters.Select(matter => (string.Join(' ', matter.Documents.Select(one => one.Number)), matter.Last, matter.Payments.Length)));
    }

    private static BookedInvoice Booked(string number, string day, string? corrects) =>
        new(number, Customer, CalendarMonth.Of(DateOnly.Parse(day, null)), DateOnly.Parse(day, null), DateOnly.Parse(day, null), Money.Exactly(10m), "", corrects, []);
}
