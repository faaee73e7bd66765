using OrleansBackup.Domain.Contracts;
using OrleansBackup.Domain.Plans;
using Xunit;
using static OrleansBackup.Domain.Tests.Contracts.Given;

namespace OrleansBackup.Domain.Tests.Contracts;

/// <summary>When a contract ends, and until when notice can be given.</summary>
public class TermRulesTests
{
    private static TermRules Rules(string plan, string start) => Contract(plan, start).RulesOn(Day(start), Netherlands);

    [Theory]
    [InlineData("2026-03-10", "2026-04-30")]
    [InlineData("2026-03-31", "2026-04-30")]
    [InlineData("2026-04-01", "2026-05-31")]
    [InlineData("2028-01-31", "2028-02-29")]
    [InlineData("2026-11-30", "2026-12-31")]
    public void Notice_takes_one_whole_calendar_month_from_its_processing(string processed, string end) =>
        Assert.Equal(Day(end), Rules("accensys", "2024-01-01").EndFor(Day(processed)));

    [Theory]
    [InlineData("2026-11-20", "2026-11-24")] // a Friday: the Tuesday
    [InlineData("2026-04-02", "2026-04-07")] // Thursday before Easter: Friday and, Monday being a holiday, Tuesday
    [InlineData("2026-12-24", "2026-12-29")]
    public void Notice_is_processed_within_two_working_days(string received, string deadline) =>
        Assert.Equal(Day(deadline), Rules("accensys", "2024-01-01").ProcessingDeadline(Day(received)));

    [Fact]
    public void A_provider_who_processes_late_does_not_lengthen_the_contract()
    {
        var contract = Contract("accensys", "2024-01-01");
        Assert.Equal(Day("2026-04-30"), contract.WithNotice("2026-03-27", "2026-03-31").End());
        Assert.Equal(Day("2026-04-30"), contract.WithNotice("2026-03-27", "2026-04-20").End());
        Assert.Equal(Day("2026-04-30"), contract.WithNotice("2026-03-27", null).End());
        Assert.Equal(Day("2026-05-31"), contract.WithNotice("2026-03-30", null).End());
    }

    [Theory]
    [InlineData("2026-01-01", "2026-06-15", "2026-12-31")] // in the first year: its end
    [InlineData("2026-01-01", "2026-11-30", "2026-12-31")]
    [InlineData("2026-01-01", "2026-12-01", "2027-01-31")]
    [InlineData("2026-01-15", "2026-06-15", "2027-01-14")] // the first year ends in the middle of a month
    [InlineData("2026-01-15", "2026-12-20", "2027-01-31")]
    [InlineData("2024-02-29", "2024-06-15", "2025-02-28")] // a whole year, not a day less
    public void A_year_is_the_least_and_then_each_month(string start, string processed, string end) =>
        Assert.Equal(Day(end), Rules("accensys", start).EndFor(Day(processed)));

    [Theory]
    [InlineData("2026-01-01", "2026-12-01", "2026-12-31")] // thirty days before
    [InlineData("2026-01-01", "2026-12-02", "2027-12-31")] // a day too late: a year more
    [InlineData("2026-09-01", "2027-08-01", "2027-08-31")]
    [InlineData("2026-09-01", "2027-08-02", "2028-08-31")]
    [InlineData("2024-02-29", "2025-01-29", "2025-02-28")]
    [InlineData("2024-02-29", "2028-01-29", "2028-02-28")]
    public void Thirty_days_notice_before_the_end_of_the_term_or_the_contract_is_renewed_for_twelve_months(string start, string received, string end) =>
        Assert.Equal(Day(end), Rules("jp-ict", start).EndFor(Day(received)));

    [Fact]
    public void Terms_are_counted_from_the_first_day_so_that_a_short_month_shifts_nothing()
    {
        var rules = new TermRules(Contract("jp-ict", "2026-01-31").Plans[0].Plan.Contract with { Term = TermLength.Parse("P1M"), RenewalTerm = TermLength.Parse("P1M") }, Day("2026-01-31"), Netherlands);
        Assert.Equal([Day("2026-01-31"), Day("2026-03-01"), Day("2026-03-31"), Day("2026-05-01"), Day("2026-05-31")], Enumerable.Range(0, 5).Select(number => rules.Term(number).From));
    }

    [Fact]
    public void The_last_day_for_notice_is_the_last_that_works_whatever_the_plan_and_the_start()
    {
        foreach (var plan in new[] { "accensys", "jp-ict" })
            for (var start = Day("2024-01-01"); start < Day("2025-03-01"); start = start.AddDays(5))
            {
                var rules = Rules(plan, start.ToString("yyyy-MM-dd"));
                for (var number = 0; number < 3; number++)
                {
                    var term = rules.Term(number);
                    var last = rules.LastNoticeDay(term);
                    Assert.True(rules.EndFor(rules.CountsFrom(last, null)) <= term.Until, $"{plan} {start} term {number}");
                    Assert.True(rules.EndFor(rules.CountsFrom(last.AddDays(1), null)) > term.Until, $"{plan} {start} term {number}");
                }
            }
    }

    [Fact]
    public void No_contract_ends_before_its_minimum_term_nor_on_a_day_that_ends_no_term()
    {
        var random = new Random(20261121);
        for (var round = 0; round < 3_000; round++)
        {
            var plan = Contract(random.Next(2) == 0 ? "accensys" : "jp-ict", "2026-01-01").Plans[0].Plan.Contract with
            {
                Term = new(random.Next(1, 40), random.Next(3) switch { 0 => TermUnit.Days, 1 => TermUnit.Months, _ => TermUnit.Years }),
                RenewalTerm = new(random.Next(1, 14), random.Next(2) == 0 ? TermUnit.Months : TermUnit.Days),
                Renewal = (Renewal)random.Next(1, 4),
                Notice = new(random.Next(1, 4), random.Next(2) == 0 ? TermUnit.CalendarMonths : TermUnit.Days),
            };
            var rules = new TermRules(plan, new DateOnly(2020, 1, 1).AddDays(random.Next(3_000)), Netherlands);
            var notice = rules.Start.AddDays(random.Next(2_000));
            var end = rules.EndFor(notice);
            Assert.True(end >= rules.FirstTermEnd);
            Assert.Equal(end, rules.TermOn(end).Until);
            Assert.True(plan.Renewal == Renewal.None || end > notice);
            Assert.True(rules.EndFor(notice.AddDays(1)) >= end); // who waits never ends earlier
        }
    }
}
