using System.Collections.Immutable;
using OrleansBackup.Domain.Invoicing;
using OrleansBackup.Domain.Metering;
using OrleansBackup.Domain.Schedule;
using Xunit.Abstractions;

namespace OrleansBackup.Domain.Tests.Invoicing;

/// <summary>Two hundred customers for two years on both plans: every invoice is what a plain calculation by days says.</summary>
public sealed class YearsOfInvoicesTests(ITestOutputHelper output)
{
    private const int Customers = 200, Months = 24;

    [Fact]
    public void Two_years_of_two_hundred_customers_give_the_invoices_of_a_plain_calculation()
    {
        var prices = Given.Prices().ToImmutableDictionary(one => one.Key, one => PriceIndexing.Index(
            one.Value, new(2027, 1, 1), new(one.Key == "accensys" ? 3.5m : 2.5m, "Costs", "the director", DateTimeOffset.UnixEpoch), new(2026, 11, 1)));
        int invoices = 0, notes = 0;
        for (var seed = 1; seed <= Customers; seed++)
            foreach (var (month, draft, plain) in Years(new SimulatedCustomer(seed), prices))
            {
                var (net, gross) = draft.Lines.IsEmpty ? (0m, 0m) : Given.Issue(draft, month) is var issued && issued.Kind == DocumentKind.CreditNote
                    ? (-issued.Net.Euros, -issued.Gross.Euros) : (issued.Net.Euros, issued.Gross.Euros);
                Assert.True((net, gross) == plain, $"Customer {seed}, run of {month}: {net} / {gross} instead of {plain.Net} / {plain.Gross}\n{string.Join("\n", draft.Lines)}");
                invoices += draft.Lines.IsEmpty ? 0 : 1;
                notes += net < 0 ? 1 : 0;
                for (var day = draft.Charged.IsEmpty ? DateOnly.MaxValue : draft.Charged.Min(one => one.From); day < month.First; day = day.AddDays(1))
                    Assert.True(draft.Charged.Count(one => one.Contains(day)) <= 1, $"Customer {seed}: {day} is charged twice.");
            }

        output.WriteLine($"{invoices} documents, {notes} of them credit notes.");
        Assert.True(invoices > 2_000 && notes > 5, "The lives that were drawn are too quiet to prove anything.");
    }

    private static IEnumerable<(BillingMonth Month, InvoiceDraft Draft, (decimal Net, decimal Gross) Plain)> Years(SimulatedCustomer customer, ImmutableDictionary<string, PriceList> prices)
    {
        var (usage, plain) = (new SortedDictionary<BillingMonth, MonthUsage>(), new PlainBilling(customer));
        ImmutableArray<ChargedPeriod> charged = [];
        var worked = new HashSet<Guid>();
        for (var (month, day, runs) = (new BillingMonth(2026, 2), SimulatedCustomer.First, 0); runs < Months; month = month.Next, runs++)
        {
            for (; day <= month.First; day = day.AddDays(1))
            {
                var now = usage.GetValueOrDefault(BillingMonth.Of(day)) ?? MonthUsage.Empty(BillingMonth.Of(day));
                usage[now.Month] = customer.NotLooked.Contains(day) ? now : now.With(day, customer.SeenOn(day));
            }

            var draft = InvoiceDrafter.Draft(new BillingCase(month, customer.ContractKnownOn(month.First), new UsageHistory(usage.Values), charged,
                [.. customer.Work.Where(order => !worked.Contains(order.Id) && ContractCalendar.Amsterdam.DayOf(order.Closing!.At) < month.First)], prices, Given.Customer, ContractCalendar.Amsterdam.DayOf));
            charged = draft.Charged;
            worked.UnionWith(draft.Work);
            yield return (month, draft, plain.Run(month.First));
        }
    }
}
