using OrleansBackup.Domain.Retention;

namespace OrleansBackup.Domain.Tests.Retention;

public sealed class RetentionPolicyTests
{
    private static readonly DateOnly Today = new(2026, 12, 31);

    [Fact]
    public void A_point_stays_for_exactly_the_days_that_were_sold_today_counting_as_the_first()
    {
        var verdicts = RetentionPolicy.Decide([(1, Today.AddDays(-30)), (2, Today.AddDays(-29)), (3, Today)], RetentionRule.OfDays(30), true, Today);
        Assert.Equal([3L, 2L], verdicts.Where(verdict => verdict.Kept).Select(verdict => verdict.Sequence));
    }

    [Fact]
    public void The_newest_point_of_a_protected_resource_stays_however_old_it_is()
    {
        var verdicts = RetentionPolicy.Decide([(1, new(2026, 1, 1)), (2, new(2026, 1, 2))], RetentionRule.OfDays(30), true, Today);
        Assert.Equal(KeepReasons.NewestOfProtected, verdicts[0].Reasons);
        Assert.Equal(2, verdicts[0].Sequence);
        Assert.False(verdicts[1].Kept);
    }

    [Fact]
    public void A_released_resource_keeps_nothing_beyond_its_retention() =>
        Assert.All(RetentionPolicy.Decide([(1, new(2026, 1, 1)), (2, new(2026, 1, 2))], RetentionRule.OfDays(30), false, Today), verdict => Assert.False(verdict.Kept));

    [Fact]
    public void A_legal_hold_keeps_everything() =>
        Assert.All(RetentionPolicy.Decide([(1, new(2020, 1, 1))], RetentionRule.OfDays(1) with { LegalHold = true }, false, Today),
            verdict => Assert.Equal(KeepReasons.LegalHold, verdict.Reasons));

    // The customer's reading of "one calendar month": the same day number of the next month, and never less than the month that was sold.
    [Theory]
    [InlineData("2026-01-15", "2026-02-15")]
    [InlineData("2026-01-28", "2026-02-28")]
    [InlineData("2026-01-29", "2026-03-01")]
    [InlineData("2026-01-30", "2026-03-01")]
    [InlineData("2026-01-31", "2026-03-01")]
    [InlineData("2028-01-29", "2028-02-29")]
    [InlineData("2028-01-30", "2028-03-01")]
    [InlineData("2026-02-28", "2026-03-28")]
    [InlineData("2026-03-31", "2026-05-01")]
    [InlineData("2026-12-31", "2027-01-31")]
    public void A_calendar_month_ends_with_the_same_day_number_or_the_first_day_after(string point, string lastOwed) =>
        Assert.Equal(DateOnly.Parse(lastOwed), RetentionRule.OfCalendarMonths(1).LastOwedDay(DateOnly.Parse(point)));

    [Theory]
    [InlineData(null, null)]
    [InlineData(30, 1)]
    [InlineData(0, null)]
    [InlineData(null, 0)]
    public void A_rule_that_makes_no_sense_is_refused(int? days, int? months)
    {
        var rule = new RetentionRule(days, months, false);
        Assert.NotNull(rule.Problem());
        Assert.Throws<ArgumentException>(() => RetentionPolicy.Decide([], rule, true, Today));
    }

    [Fact]
    public void Keeping_longer_never_lets_more_go()
    {
        var random = new Random(20261121);
        for (var round = 0; round < 500; round++)
        {
            var points = Enumerable.Range(1, random.Next(1, 60)).Select(sequence => ((long)sequence, Today.AddDays(-random.Next(0, 400)))).ToList();
            var (shorter, longer) = (random.Next(1, 200), random.Next(200, 400));
            var goneWhenLonger = Gone(points, longer);
            Assert.Subset(Gone(points, shorter), goneWhenLonger);
        }

        static HashSet<long> Gone(List<(long, DateOnly)> points, int days) =>
            [.. RetentionPolicy.Decide(points, RetentionRule.OfDays(days), true, Today).Where(verdict => !verdict.Kept).Select(verdict => verdict.Sequence)];
    }
}
