using System.Collections.Immutable;
using OrleansBackup.Domain.Calendar;
using OrleansBackup.Domain.Invoicing;
using OrleansBackup.Domain.Metering;
using OrleansBackup.Domain.Reports;
using OrleansBackup.Domain.Tests.Invoicing;
using Xunit;

namespace OrleansBackup.Domain.Tests.Reports;

/// <summary>What the report says of the invoice is what the invoice takes, day by day and name by name.</summary>
public sealed class BillingBasisTests
{
    private static readonly CalendarMonth June = new(2026, 6);

    [Fact]
    public void Every_day_has_its_count_and_every_count_its_names()
    {
        var contract = Given.Contract("2026-06-03", null, ("2026-06-03", Given.Accensys));
        var usage = MonthUsage.Empty(June);
        for (var day = June.First; day <= June.Last; day = day.AddDays(1))
            if (day.Day != 20)
                usage = usage.With(day, day.Day is >= 10 and <= 12 ? [Given.Member("a"), Given.Member("b")] : [Given.Member("a"), Given.Member("g") with { Guest = true }]);

        var basis = BillingBasisRules.Of(June, contract, [usage], null, [])!;

        Assert.Equal(2, basis.Figure);
        Assert.Equal(27, basis.Days.Length); // from the third on, without the day on which nobody looked
        Assert.All(basis.Days, day => Assert.Equal(day.Count, basis.Accounts.Count(one => one.Days.Any(span => day.Day >= span.From && day.Day <= span.Until))));
        Assert.Equal(new DaySpan(new(2026, 6, 10), new(2026, 6, 12)), Assert.Single(basis.Accounts.Single(one => one.Id == "b").Days));
        Assert.DoesNotContain(basis.Accounts, one => one.Id == "g");
        Assert.Null(BillingBasisRules.Of(June.Previous, contract, [usage], null, []));
    }

    [Fact]
    public void The_figure_is_that_of_the_invoice_for_any_customer_and_month()
    {
        var compared = 0;
        for (var seed = 1; seed <= 60; seed++)
        {
            var customer = new SimulatedCustomer(seed);
            ImmutableArray<MonthUsage> months = [];
            ImmutableArray<ChargedPeriod> charged = [];
            for (var month = CalendarMonth.Of(SimulatedCustomer.First); month.First < SimulatedCustomer.First.AddMonths(14); month = month.Next)
            {
                var usage = MonthUsage.Empty(month);
                for (var day = month.First; day <= month.Last; day = day.AddDays(1))
                    if (!customer.NotLooked.Contains(day))
                        usage = usage.With(day, customer.SeenOn(day));
                months = months.Insert(0, usage);
                var contract = customer.ContractKnownOn(month.Next.First);
                var draft = InvoiceDrafter.Draft(Given.Case(month.Next.ToString(), contract, new UsageHistory(months), charged));
                charged = draft.ChargedBy("issued");
                if (BillingBasisRules.Of(month, contract, months, null, charged) is not { } basis || contract.End is { } end && end < month.Last)
                    continue;
                Assert.Equal(charged.First(period => period.Contains(month.Last)).Users, basis.Figure);
                compared++;
            }
        }
        Assert.True(compared > 300, $"{compared} months prove little.");
    }
}
