using OrleansBackup.Domain.Retention;
using OrleansBackup.Domain.Schedule;

namespace OrleansBackup.Domain.Tests.Retention;

public sealed class KeepRulesTests
{
    private static readonly DateOnly Today = new(2026, 12, 31); // a Thursday

    [Fact]
    public void The_newest_point_of_each_week_month_and_year_stays_with_its_reason()
    {
        var points = Enumerable.Range(0, 900).Select(age => (Sequence: 900L - age, Day: Today.AddDays(-age)));
        var rule = RetentionRule.OfDays(2) with { Keep = new(3, 3, 3) };
        var kept = RetentionPolicy.Decide(points, rule, stillProtected: true, Today).Where(verdict => verdict.Kept).ToDictionary(verdict => verdict.Day, verdict => verdict.Reasons);
        Assert.Equal(["2024-12-31", "2025-12-31", "2026-10-31", "2026-11-30", "2026-12-20", "2026-12-27", "2026-12-30", "2026-12-31"],
            kept.Keys.Order().Select(day => day.ToString("O")));
        Assert.Equal(KeepReasons.NewestOfWeek, kept[new(2026, 12, 27)]);
        Assert.Equal(KeepReasons.NewestOfMonth, kept[new(2026, 11, 30)]);
        Assert.Equal(KeepReasons.NewestOfYear, kept[new(2025, 12, 31)]);
        Assert.Equal(KeepReasons.WithinRetention, kept[new(2026, 12, 30)]);
    }

    [Fact]
    public void A_week_that_spans_the_new_year_is_one_week()
    {
        var rule = RetentionRule.OfDays(1) with { Keep = new(2, 0, 0) };
        var verdicts = RetentionPolicy.Decide([(1, new(2026, 12, 29)), (2, new(2027, 1, 2)), (3, new(2027, 1, 5))], rule, true, new(2027, 1, 5));
        Assert.Equal([3L, 2L], verdicts.Where(verdict => verdict.Kept).Select(verdict => verdict.Sequence));
    }

    [Fact]
    public void What_is_kept_for_its_month_stays_kept_day_after_day_until_its_month_is_too_old()
    {
        var rule = RetentionRule.OfDays(30) with { Keep = new(0, 12, 0) };
        var points = new List<(long Sequence, DateOnly Day)>();
        var endOfJanuary = new DateOnly(2026, 1, 31);
        for (var day = new DateOnly(2026, 1, 1); day < new DateOnly(2027, 2, 1); day = day.AddDays(1))
        {
            points.Add((day.DayNumber, day));
            var kept = RetentionPolicy.Decide(points, rule, true, day).Where(verdict => verdict.Kept).Select(verdict => verdict.Sequence).ToHashSet();
            points.RemoveAll(point => !kept.Contains(point.Sequence)); // as a daily expiry does
            Assert.Equal(day >= endOfJanuary && day < new DateOnly(2027, 1, 1), points.Contains((endOfJanuary.DayNumber, endOfJanuary)));
            Assert.InRange(points.Count, 1, 30 + 12);
        }
    }

    [Theory]
    [InlineData(-1, 0, 0)]
    [InlineData(0, 1_201, 0)]
    [InlineData(0, 0, 101)]
    public void Keep_rules_that_make_no_sense_are_refused(int weeks, int months, int years) =>
        Assert.NotNull((RetentionRule.OfDays(1) with { Keep = new(weeks, months, years) }).Problem());

    // The source's words: a month, to the customer's favour. Every day of four years, a leap year among them.
    [Fact]
    public void A_calendar_month_never_keeps_less_than_the_month_that_was_sold_and_never_a_day_more_than_it_has_to()
    {
        for (var day = new DateOnly(2026, 1, 1); day < new DateOnly(2030, 1, 1); day = day.AddDays(1))
        {
            var last = RetentionRule.OfCalendarMonths(1).LastOwedDay(day);
            var next = new DateOnly(day.Year, day.Month, 1).AddMonths(1);
            var exists = day.Day <= DateTime.DaysInMonth(next.Year, next.Month);
            Assert.Equal(exists ? new DateOnly(next.Year, next.Month, day.Day) : next.AddMonths(1), last);
            Assert.InRange(last.DayNumber - day.DayNumber, exists ? 28 : 29, 31);
            Assert.True(last <= RetentionRule.OfCalendarMonths(1).LastOwedDay(day.AddDays(1)));
        }
    }

    // Clocks change on 29 March and 25 October 2026: a point just before and just after belongs to the Dutch day of its start.
    [Theory]
    [InlineData("2026-03-29T00:30:00+00:00", "2026-03-29", "2026-04-29")]
    [InlineData("2026-03-28T23:30:00+00:00", "2026-03-29", "2026-04-29")]
    [InlineData("2026-03-29T22:30:00+00:00", "2026-03-30", "2026-04-30")]
    [InlineData("2026-10-24T22:30:00+00:00", "2026-10-25", "2026-11-25")]
    [InlineData("2026-10-25T22:30:00+00:00", "2026-10-25", "2026-11-25")]
    [InlineData("2026-10-25T23:30:00+00:00", "2026-10-26", "2026-11-26")]
    public void A_day_of_23_or_25_hours_is_one_day(string started, string day, string owedUntil)
    {
        var contractDay = ContractCalendar.Amsterdam.DayOf(DateTimeOffset.Parse(started, System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal(DateOnly.Parse(day), contractDay);
        Assert.Equal(DateOnly.Parse(owedUntil), RetentionRule.OfCalendarMonths(1).LastOwedDay(contractDay));
        var verdict = RetentionPolicy.Decide([(1, contractDay)], RetentionRule.OfCalendarMonths(1), stillProtected: false, DateOnly.Parse(owedUntil).AddDays(1));
        Assert.False(verdict[0].Kept);
    }

    [Fact]
    public void A_hold_or_the_brake_keeps_every_point_and_says_so()
    {
        var verdicts = RetentionPolicy.Decide([(1, new(2020, 1, 1))], RetentionRule.OfDays(1), new RetentionStanding(false, LegalHold: true, Brake: true), Today);
        Assert.Equal(KeepReasons.LegalHold | KeepReasons.Brake, verdicts[0].Reasons);
    }
}
