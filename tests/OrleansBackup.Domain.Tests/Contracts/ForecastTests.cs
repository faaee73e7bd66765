using System.Collections.Immutable;
using OrleansBackup.Domain.Calendar;
using OrleansBackup.Domain.Contracts;
using OrleansBackup.Domain.Invoicing;
using OrleansBackup.Domain.Metering;
using OrleansBackup.Domain.Schedule;
using OrleansBackup.Domain.Tests.Invoicing;
using Xunit;
using Billed = OrleansBackup.Domain.Tests.Invoicing.Given;

namespace OrleansBackup.Domain.Tests.Contracts;

/// <summary>What a preview says of an invoice is what is charged, when the counts stay as they were forecast.</summary>
public sealed class ForecastTests
{
    private const int Users = 3, Contracts = 70, MonthsAhead = 24;

    [Fact]
    public void For_any_contract_the_previews_amounts_are_those_that_are_invoiced_afterwards()
    {
        var (compared, returned) = (0, 0);
        for (var seed = 1; seed <= Contracts; seed++)
        {
            var customer = new SimulatedCustomer(seed);
            // Where a change of plan is agreed, on the day on which it is: what was paid in advance by then is what is hard to forecast.
            var today = customer.Plans.Count > 1 ? customer.Plans[1].KnownOn : customer.Start.AddDays(20 + new Random(seed).Next(500));
            var now = CalendarMonth.Of(today);
            var (usage, charged) = (Counted(now.First.AddMonths(MonthsAhead)), ImmutableArray<ChargedPeriod>.Empty);
            for (var month = CalendarMonth.Of(customer.Start); month <= now; month = month.Next) // each run with what was known then
                charged = InvoiceDrafter.Draft(Run(month, customer.ContractKnownOn(month.First), usage, charged)).ChargedBy("issued");
            var contract = customer.ContractKnownOn(today);

            var forecast = InvoiceForecast.Between(contract, now.Next.First, now.First.AddMonths(MonthsAhead), new() { Prices = Billed.Prices(), Users = Users, Profile = Billed.Customer, Charged = charged, ClosedUntil = now })
                .Select(invoice => (invoice.Day, invoice.Amount!.Value)).ToList();

            var issued = new List<(DateOnly, decimal)>();
            for (var month = now.Next; month.First <= now.First.AddMonths(MonthsAhead); month = month.Next)
            {
                var draft = InvoiceDrafter.Draft(Run(month, contract, usage, charged));
                charged = draft.ChargedBy("issued");
                if (!draft.Lines.IsEmpty)
                    issued.Add((month.First, draft.Lines.Sum(line => line.Amount.Euros)));
                returned += draft.Lines.Count(line => line.Kind == LineKind.AdvanceReturned);
            }
            Assert.True(issued.SequenceEqual(forecast), $"Customer {seed}, {today}:\nforecast {string.Join(", ", forecast)}\nissued   {string.Join(", ", issued)}");
            compared += issued.Count;
        }
        Assert.True(compared > 500 && returned > 5, $"{compared} invoices and {returned} returns prove little.");
    }

    [Fact]
    public void A_plan_that_changes_inside_a_month_is_forecast_by_its_days()
    {
        var timeline = Billed.Contract("2026-01-01", null, ("2026-01-01", Billed.Accensys), ("2026-06-16", Billed.JpIct));
        var outlook = new BillingOutlook { Prices = Billed.Prices(), Users = 10 };
        var july = Assert.Single(InvoiceForecast.Between(timeline, new(2026, 7, 1), new(2026, 7, 31), outlook));
        // 15 of 30 days of June in arrears at 3.50, and in advance 15 days of June and six months at 3.00.
        Assert.Equal(17.50m + 15m + 180m, july.Amount);
        Assert.Equal(0.5m, july.Lines[0].Share);
    }

    [Fact]
    public void A_yearly_plan_that_is_left_in_the_course_of_its_year_gives_back_what_was_paid_for_the_rest()
    {
        var contract = Given.Contract("jp-ict", "2026-01-01");
        var change = contract.On("2026-06-10").ChangePlan(new(2026, 7, 1), Given.Plan("accensys"), [], newTerm: true, "Offer 4");
        var compared = new ContractPreview(Given.Netherlands, new() { Prices = Billed.Prices(), Users = 10 }).Compare(contract, change, new(2026, 6, 10));
        var july = compared.Then.First(entry => entry.Kind == PreviewKind.Invoice);
        Assert.Equal((new DateOnly(2026, 7, 1), -180m), (july.Day, july.Invoice!.Amount));
    }

    private static BillingCase Run(CalendarMonth month, ContractTimeline contract, UsageHistory usage, ImmutableArray<ChargedPeriod> charged) =>
        new(month, contract, usage, charged, [], Billed.Prices(), Billed.Customer, ContractCalendar.Amsterdam.DayOf);

    /// <summary>Really looked at: the same people on every day.</summary>
    private static UsageHistory Counted(DateOnly until)
    {
        var people = Enumerable.Range(1, Users).Select(number => Billed.Member($"m{number}")).Select(member => new AccountDays(member, uint.MaxValue)).ToImmutableArray();
        var months = new List<MonthUsage>();
        for (var month = CalendarMonth.Of(SimulatedCustomer.First).Previous; month.First <= until; month = month.Next)
            months.Add(new MonthUsage(month, uint.MaxValue, people));
        return new(months);
    }
}
