using OrleansBackup.Domain.Invoicing;
using OrleansBackup.Domain.Metering;
using static OrleansBackup.Domain.Tests.Invoicing.Given;

namespace OrleansBackup.Domain.Tests.Invoicing;

/// <summary>What one run charges: each day once, on the terms that it was served on.</summary>
public sealed class InvoiceDrafterTests
{
    private static string Said(InvoiceLine line) => $"{line.Kind} {line.From:MMdd}-{line.Until:MMdd} {line.Quantity}/{line.Per} {line.Amount}";

    [Fact]
    public void A_month_is_charged_after_it_on_its_highest_day()
    {
        var draft = InvoiceDrafter.Draft(Case("2026-04", Contract("2026-01-01", null, ("2026-01-01", Accensys)), Users("2026-03", 1, day => day.Day == 17 ? 12 : 10),
            [Period("2026-01-01", "2026-02-28")]));

        Assert.Equal(["Users 0301-0331 12/1 42.00"], draft.Lines.Select(Said));
        Assert.Equal(Day("2026-03-17"), draft.Lines[0].Basis.CountedOn);
        Assert.Equal(30, draft.TermDays);
    }

    [Fact]
    public void A_year_is_charged_in_january_for_twelve_months_and_a_start_in_between_up_to_the_end_of_the_year()
    {
        var runs = BillingRuns("2026-08", 19, Contract("2026-09-01", null, ("2026-09-01", JpIct)), Users("2026-08", 20, _ => 10)).Where(run => !run.Draft.Lines.IsEmpty).ToList();

        Assert.Equal(["2026-09: UsersInAdvance 0901-1231 40/1 120.00", "2027-01: UsersInAdvance 0101-1231 120/1 360.00", "2028-01: UsersInAdvance 0101-1231 120/1 360.00"],
            runs.Select(run => $"{run.Month}: {string.Join("; ", run.Draft.Lines.Select(Said))}"));
        Assert.Equal(14, runs[0].Draft.TermDays);
    }

    [Fact]
    public void A_start_in_the_middle_of_a_month_is_charged_by_its_days()
    {
        var runs = BillingRuns("2026-09", 2, Contract("2026-09-15", null, ("2026-09-15", JpIct)), Users("2026-09", 2, _ => 10)).ToList();

        Assert.Empty(runs[0].Draft.Lines);
        Assert.Equal(["UsersInAdvance 0915-0930 160/30 16.00", "UsersInAdvance 1001-1231 30/1 90.00"], runs[1].Draft.Lines.Select(Said));
    }

    [Fact]
    public void A_month_that_begins_the_contract_is_charged_whole_where_the_plan_knows_no_parts()
    {
        var draft = InvoiceDrafter.Draft(Case("2026-04", Contract("2026-03-20", null, ("2026-03-20", Accensys)), Users("2026-03", 1, day => day.Day < 20 ? 50 : 7)));

        Assert.Equal(["Users 0320-0331 7/1 24.50"], draft.Lines.Select(Said));
    }

    [Fact]
    public void Trap_6_a_plan_change_in_the_middle_of_a_month_is_two_rules_on_one_invoice_without_gap_or_overlap()
    {
        var contract = Contract("2026-01-01", null, ("2026-01-01", Accensys), ("2026-06-16", JpIct));
        var runs = BillingRuns("2026-02", 7, contract, Users("2026-01", 8, day => day.Day is 10 or 20 ? 12 : 10)).ToList();

        Assert.Equal(["Users 0601-0615 180/30 21.00", "UsersInAdvance 0616-0630 150/30 15.00", "UsersInAdvance 0701-1231 60/1 180.00"], runs[5].Draft.Lines.Select(Said));
        Assert.Empty(runs[6].Draft.Lines);
        EveryDayOnce(runs[6].Draft, "2026-01-01", "2026-12-31");
    }

    [Fact]
    public void Trap_6_what_was_paid_in_advance_and_is_served_on_another_plan_goes_back_on_the_same_invoice()
    {
        var contract = Contract("2026-01-01", null, ("2026-01-01", JpIct), ("2026-06-16", Accensys));
        // In January nobody knows of the change that is agreed in spring.
        var january = InvoiceDrafter.Draft(Case("2026-01", Contract("2026-01-01", null, ("2026-01-01", JpIct)), Users("2026-01", 1, _ => 10)));
        var draft = InvoiceDrafter.Draft(Case("2026-07", contract, Users("2026-06", 2, day => day.Day is 10 or 20 ? 12 : 10), january.Charged));

        Assert.Equal(["AdvanceReturned 0616-0630 -150/30 -15.00", "AdvanceReturned 0701-1231 -60/1 -180.00", "Users 0616-0630 180/30 21.00"], draft.Lines.Select(Said));
        EveryDayOnce(draft, "2026-01-01", "2026-06-30");
        var note = Issue(draft, new(2026, 7));
        Assert.Equal((DocumentKind.CreditNote, "174.00", "36.54", "210.54"), (note.Kind, note.Net.ToString(), note.VatAmount.ToString(), note.Gross.ToString()));
        Assert.Equal(Money.Exactly(-210.54m), note.Owed);
    }

    [Fact]
    public void An_advance_ends_with_a_contract_whose_end_is_known_and_a_withdrawn_end_is_charged_when_it_is()
    {
        var (ends, goesOn) = (Contract("2026-01-01", "2027-08-31", ("2026-01-01", JpIct)), Contract("2026-01-01", null, ("2026-01-01", JpIct)));
        var first = InvoiceDrafter.Draft(Case("2027-01", ends, Users("2026-12", 2, _ => 10), [Period("2026-01-01", "2026-12-31", JpIct)]));
        var later = InvoiceDrafter.Draft(Case("2027-05", goesOn, Users("2027-04", 2, _ => 11), first.Charged));

        Assert.Equal(["UsersInAdvance 0101-0831 80/1 240.00"], first.Lines.Select(Said));
        Assert.Equal(["UsersInAdvance 0901-1231 44/1 132.00"], later.Lines.Select(Said));
    }

    [Fact]
    public void A_cancellation_in_a_prepaid_year_is_not_credited_by_itself_but_proposed()
    {
        var ends = Contract("2026-01-01", "2026-09-15", ("2026-01-01", JpIct));
        var draft = InvoiceDrafter.Draft(Case("2026-10", ends, Users("2026-09", 2, _ => 10), [Period("2026-01-01", "2026-12-31", JpIct)]));

        Assert.Empty(draft.Lines);
        Assert.Equal(["AdvanceReturned 0916-0930 -150/30 -15.00", "AdvanceReturned 1001-1231 -30/1 -90.00"], Credits.Proposal(ends, draft.Charged).Select(Said));
        Assert.Empty(Credits.Proposal(Contract("2026-01-01", null, ("2026-01-01", JpIct)), draft.Charged));
    }

    [Fact]
    public void Months_that_no_run_charged_are_charged_by_the_next_each_on_its_own_maximum()
    {
        var draft = InvoiceDrafter.Draft(Case("2026-04", Contract("2026-01-01", null, ("2026-01-01", Accensys)), Users("2026-01", 3, day => day.Month)));

        Assert.Equal(["Users 0101-0131 1/1 3.50", "Users 0201-0228 2/1 7.00", "Users 0301-0331 3/1 10.50"], draft.Lines.Select(Said));
    }

    [Fact]
    public void What_was_charged_before_this_service_did_is_not_charged_again()
    {
        var contract = Contract("2020-01-01", null, ("2020-01-01", JpIct));
        var draft = InvoiceDrafter.Draft(Case("2026-11", contract, Users("2026-10", 2, _ => 10)) with { Profile = Customer with { ChargedElsewhereUntil = Day("2026-12-31") } });

        Assert.Empty(draft.Lines);
        Assert.Equal(["UsersInAdvance 0101-1231 120/1 360.00"], InvoiceDrafter.Draft(Case("2027-01", contract, Users("2026-12", 2, _ => 10)) with { Profile = Customer with { ChargedElsewhereUntil = Day("2026-12-31") } }).Lines.Select(Said));
    }

    [Fact]
    public void What_cannot_be_counted_or_priced_is_held_and_said()
    {
        var contract = Contract("2019-12-01", null, ("2019-12-01", Accensys));
        var draft = InvoiceDrafter.Draft(Case("2020-02", contract, Users("2019-12", 1, _ => 5)));

        Assert.Equal((Day("2019-12-01"), Day("2019-12-31")), (draft.Held.Single().From, draft.Held.Single().Until));
        Assert.Contains("no prices", draft.Held[0].Reason, StringComparison.Ordinal);
        Assert.Equal(["Users 0101-0131 5/1 17.50"], draft.Lines.Select(Said));
        Assert.True(draft.Lines[0].Basis.IsCarried);
        Assert.Contains("looked", InvoiceDrafter.Draft(Case("2026-02", Contract("2026-01-01", null, ("2026-01-01", Accensys)), new UsageHistory([]))).Held.Single().Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Work_is_charged_by_the_minute_at_the_rate_of_its_day()
    {
        var contract = Contract("2026-01-01", null, ("2026-01-01", Accensys));
        var draft = InvoiceDrafter.Draft(Case("2026-04", contract, Users("2026-03", 1, _ => 0), [Period("2026-01-01", "2026-02-28")],
            Work(WorkKind.Restore, "2026-03-31", 50), Work(WorkKind.ProviderFault, "2026-03-02", 500), Work(WorkKind.CustomerFault, "2026-04-01", 60)));

        Assert.Equal(["Work 0331-0331 50/60 79.17"], draft.Lines.Select(Said));
        Assert.Equal(Work(WorkKind.Restore, "2026-03-31", 50).Id, draft.Work.Single());
    }

    private static void EveryDayOnce(InvoiceDraft draft, string from, string until)
    {
        for (var day = Day(from); day <= Day(until); day = day.AddDays(1))
            Assert.Single(draft.Charged, period => period.Contains(day));
        Assert.DoesNotContain(draft.Charged, period => period.From < Day(from) || period.Until > Day(until));
    }

    private static ChargedPeriod Period(string from, string until, string? plan = null) => new(Day(from), Day(until), 10, Money.Exactly(plan == JpIct ? 3m : 3.5m), VatCode.Standard,
        ChargedPeriods.TermsOf(Domain.Plans.PlanFile.Read(plan ?? Accensys).Billing), new(null, null, 10, null, false, null), "2026-00001");
}
