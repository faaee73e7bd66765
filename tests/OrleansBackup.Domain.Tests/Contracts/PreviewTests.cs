using OrleansBackup.Domain.Contracts;
using OrleansBackup.Domain.Invoicing;
using OrleansBackup.Domain.Plans;
using Xunit;
using static OrleansBackup.Domain.Tests.Contracts.Given;

namespace OrleansBackup.Domain.Tests.Contracts;

/// <summary>A preview shows what playing every day shows, and invoices leave no day out.</summary>
public class PreviewTests
{
    private static readonly ContractPreview Preview = new(Netherlands);

    [Fact]
    public void Two_years_of_a_monthly_plan()
    {
        var shown = Preview.Play(Contract("accensys", "2026-01-01"), Day("2026-06-10"));
        Assert.Equal(24, shown.Count(one => one.Kind == PreviewKind.Invoice));
        Assert.Equal(Day("2027-01-01"), Assert.Single(shown, one => one.Kind == PreviewKind.Renewal).Day);
        Assert.Equal(Day("2026-11-26"), Assert.Single(shown, one => one.Kind == PreviewKind.LastNoticeDay).Day); // two working days before 30 November, a Monday
        Assert.Equal(Day("2026-10-27"), Assert.Single(shown, one => one.Kind == PreviewKind.WillRenewNotice).Day);
    }

    [Fact]
    public void Two_years_of_a_yearly_plan_that_began_in_September()
    {
        var shown = Preview.Play(Contract("jp-ict", "2026-09-01"), Day("2026-09-01"));
        var invoices = shown.Where(one => one.Kind == PreviewKind.Invoice).Select(one => one.Invoice!).ToList();
        Assert.Equal([Day("2026-09-01"), Day("2027-01-01"), Day("2028-01-01")], invoices.Select(one => one.Day));
        Assert.Equal([decimal.Round(4m / 12, 6), 1m, 1m], invoices.Select(one => one.Lines.Single().Share));
        Assert.Equal(Day("2026-09-15"), invoices[0].DueOn);
        Assert.Equal([Day("2027-09-01")], shown.Where(one => one.Kind == PreviewKind.Renewal).Select(one => one.Day));
        Assert.Equal([Day("2027-08-01"), Day("2028-08-01")], shown.Where(one => one.Kind == PreviewKind.LastNoticeDay).Select(one => one.Day));
    }

    [Fact]
    public void Trap_6_A_plan_that_changes_in_the_middle_of_a_month_makes_one_invoice_without_gap_or_overlap()
    {
        var contract = Contract("accensys", "2026-01-01");
        var dearer = PlanOverride.Apply(PlanFile.Read(Plan("accensys")), [new("billing.users.guests", "true", "Annex 1", "the director", Day("2026-06-01"))]);
        contract = contract.With(contract.On("2026-06-01").ChangePlan(Day("2026-06-17"), PlanFile.Write(dearer with { Billing = dearer.Billing with { PriceList = "dear" } }), [], newTerm: false, "Annex 1"));
        var timeline = contract.Timeline(Netherlands);
        var outlook = new BillingOutlook
        {
            Users = 10,
            Prices = new[] { ("accensys", 3m), ("dear", 6m) }.ToDictionary(list => list.Item1, list => new PriceList(list.Item1, new("", ""), [new(1, Day("2020-01-01"), Money.Exactly(list.Item2), Money.Zero, VatCode.Standard)])),
        };

        var invoice = Assert.Single(InvoiceForecast.Between(timeline, Day("2026-07-01"), Day("2026-07-31"), outlook));

        // Ten users: sixteen of thirty days for three euros, fourteen of thirty for six.
        Assert.Equal([(Day("2026-06-01"), Day("2026-06-16"), 16m), (Day("2026-06-17"), Day("2026-06-30"), 28m)], invoice.Lines.Select(line => (line.From, line.Until, line.Amount!.Value)));
        var around = InvoiceForecast.Between(timeline, Day("2026-06-01"), Day("2026-08-31"), outlook);
        Assert.Equal([(Day("2026-06-01"), 30m), (Day("2026-07-01"), 44m), (Day("2026-08-01"), 60m)], around.Select(one => (one.Day, one.Amount!.Value)));
        Assert.Equal(Enumerable.Range(0, 92).Select(Day("2026-05-01").AddDays), around.SelectMany(one => one.Lines).SelectMany(line => Enumerable.Range(0, line.Until.DayNumber - line.From.DayNumber + 1).Select(line.From.AddDays)));
        Assert.False(timeline.PlanOn(Day("2026-06-16"))!.Billing.Users.Guests);
        Assert.True(timeline.PlanOn(Day("2026-06-17"))!.Billing.Users.Guests);
        Assert.Equal(Day("2026-12-31"), contract.RulesOn(Day("2026-07-01"), Netherlands).FirstTermEnd);
    }

    [Fact]
    public void Every_day_of_any_contract_stands_on_exactly_one_line()
    {
        var random = new Random(7);
        for (var round = 0; round < 60; round++)
        {
            var contract = Any(random, out _);
            var timeline = contract.Timeline(Netherlands);
            var last = timeline.End ?? contract.Start.AddDays(900);
            var days = InvoiceForecast.Between(timeline, contract.Start, last.AddYears(1)).SelectMany(one => one.Lines)
                .SelectMany(line => Enumerable.Range(0, line.Until.DayNumber - line.From.DayNumber + 1).Select(line.From.AddDays)).Where(day => day <= last).Order().ToList();
            Assert.Equal(Enumerable.Range(0, last.DayNumber - contract.Start.DayNumber + 1).Select(contract.Start.AddDays), days);
        }
    }

    [Fact]
    public void A_preview_equals_what_the_days_bring_when_they_are_played_one_by_one()
    {
        var random = new Random(11);
        for (var round = 0; round < 60; round++)
        {
            var contract = Any(random, out var today);
            PreviewKind[] played = [PreviewKind.WillRenewNotice, PreviewKind.Renewal, PreviewKind.EndReminder, PreviewKind.Destruction];
            var until = ContractDays.After(today, TermLength.Parse("P24M"), 1, Netherlands).AddDays(-1);
            // What was due before today is done already.
            foreach (var due in ContractDuties.DueOn(contract, today.AddDays(-1), Netherlands))
                contract = contract.With(new Told(today, due.Key));
            var preview = Preview.Play(contract, today).Where(one => played.Contains(one.Kind) && one.Day <= until).Select(one => $"{one.Day:yyyy-MM-dd} {one.Kind}").Order().ToList();
            Assert.True(preview.SequenceEqual(Played(contract, today, until)), $"Round {round}: {contract.Start} {string.Join(", ", contract.Plans.Select(plan => $"{plan.From} {plan.Plan.Id}"))}, notice {contract.Notice}, today {today}\npreview {string.Join(", ", preview)}\nplayed  {string.Join(", ", Played(contract, today, until))}");
        }
    }

    [Fact]
    public void What_if_the_customer_moved_to_the_other_plan()
    {
        var contract = Contract("accensys", "2026-01-01");
        var change = contract.On("2026-06-10").ChangePlan(Day("2026-07-01"), Plan("jp-ict"), [], newTerm: true, "Offer 4");
        var compared = Preview.Compare(contract, change, Day("2026-06-10"));
        Assert.True(compared.RetentionShortened);
        Assert.Equal((Day("2026-12-31"), Day("2027-06-30")), (compared.EarliestEndNow, compared.EarliestEndThen));
        Assert.Equal([Day("2026-07-01"), Day("2027-01-01"), Day("2028-01-01")], compared.Then.Where(one => one.Kind == PreviewKind.Invoice).Select(one => one.Day).Distinct());
        Assert.Null(contract.EndOn(Netherlands));
    }

    private static IEnumerable<string> Played(Contract contract, DateOnly today, DateOnly until)
    {
        var seen = new List<string>();
        for (var day = today; day <= until; day = day.AddDays(1))
            foreach (var duty in ContractDuties.DueOn(contract, day, Netherlands))
            {
                if (duty.Kind is DutyKind.WillRenew or DutyKind.Renewed or DutyKind.EndReminder or DutyKind.Destroy)
                    seen.Add($"{day:yyyy-MM-dd} {duty.Kind switch { DutyKind.WillRenew => PreviewKind.WillRenewNotice, DutyKind.Renewed => PreviewKind.Renewal, DutyKind.EndReminder => PreviewKind.EndReminder, _ => PreviewKind.Destruction }}");
                contract = contract.With(new Told(day, duty.Key));
            }
        return seen.Order();
    }

    /// <summary>A contract on either plan, perhaps with a change of plan and a notice that was processed and confirmed.</summary>
    private static Contract Any(Random random, out DateOnly today)
    {
        var start = new DateOnly(2023, 1, 1).AddDays(random.Next(1_400));
        string[] plans = ["accensys", "jp-ict"];
        var plan = random.Next(2);
        var contract = Contract(plans[plan], start.ToString("yyyy-MM-dd"));
        var day = start.AddDays(1 + random.Next(500));
        if (random.Next(3) == 0)
        {
            contract = contract.With(new ContractDecisions(contract, Netherlands, day).ChangePlan(day, Plan(plans[1 - plan]), [], newTerm: random.Next(2) == 0, "Annex"));
            day = day.AddDays(random.Next(300));
        }
        if (random.Next(3) == 0)
        {
            contract = contract.With(new ContractDecisions(contract, Netherlands, day).ReceiveNotice(day, "person1@example.nl", "Letter"));
            day = day.AddDays(random.Next(4));
            contract = contract.With(new ContractDecisions(contract, Netherlands, day).ProcessNotice())
                .With(new ActProposed(1, ActKind.End, "{}", "Notice", 0, 0, null, null, "", "")).With(new ActConfirmed(1, day));
        }
        today = day;
        return contract;
    }
}
