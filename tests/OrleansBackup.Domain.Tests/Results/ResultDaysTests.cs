using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Results;
using OrleansBackup.Domain.Schedule;

namespace OrleansBackup.Domain.Tests.Results;

public sealed class ResultDaysTests
{
    private static readonly ContractCalendar Calendar = ContractCalendar.Amsterdam;
    private static readonly BackupSchedule Schedule = new(Calendar);
    private static readonly BackupWindow Window = BackupWindow.Default;
    private static readonly ResourceId Mailbox = new(TenantId.Parse("11111111-1111-1111-1111-111111111111"), ResourceKind.Mailbox, "22222222-2222-2222-2222-222222222222");
    private static readonly DateTimeOffset Noon = DateTimeOffset.Parse("2026-04-10T12:00:00Z"); // after the change to summer time on 29 March
    private static readonly DateOnly Today = Calendar.DayOf(Noon);

    [Fact]
    public void A_day_is_good_when_a_run_of_its_moment_sealed_a_point_and_noticed_when_that_lacks_something()
    {
        var results = Find(good: [(MomentOn(-3), true), (MomentOn(-2), false)], failed: [], from: MomentOn(-3));

        Assert.Equal(DayResult.Good, results.On(Today.AddDays(-3)));
        Assert.Equal(DayResult.Noticed, results.On(Today.AddDays(-2)));
    }

    [Fact]
    public void A_day_without_a_good_run_failed_if_one_was_tried_and_was_missed_if_none_was()
    {
        var results = Find(good: [(MomentOn(-5), true)], failed: [MomentOn(-4).AddMinutes(5)], from: MomentOn(-5));

        Assert.Equal(DayResult.Failed, results.On(Today.AddDays(-4)));
        Assert.Equal(DayResult.Missed, results.On(Today.AddDays(-3)));
    }

    [Fact]
    public void A_late_run_makes_its_day_good_until_the_next_moment_and_no_longer()
    {
        var late = Find(good: [(MomentOn(-3).AddHours(-1), true)], failed: [], from: MomentOn(-5));

        Assert.Equal(DayResult.Good, late.On(Today.AddDays(-4)));
        Assert.Equal(DayResult.Missed, late.On(Today.AddDays(-3)));
    }

    [Fact]
    public void Days_before_anything_is_remembered_are_unknown_and_so_are_those_after_the_last_word()
    {
        var results = Find(good: [(MomentOn(-2), true)], failed: [], from: MomentOn(-2));

        Assert.Equal(DayResult.Unknown, results.On(Today.AddDays(-3)));
        Assert.Equal(DayResult.Unknown, results.On(Today.AddDays(1)));
        Assert.Equal(DayResult.Unknown, default(ResultDays).On(Today));
    }

    [Fact]
    public void The_newest_moment_lies_open_until_the_next_one_comes()
    {
        var results = Find(good: [], failed: [], from: MomentOn(-5));

        Assert.Equal(DayResult.Open, results.On(Calendar.DayOf(Schedule.LatestMoment(Mailbox, Window, Noon))));
        Assert.Equal(ResultDays.DaysTold, results.Letters!.Length);
    }

    [Fact]
    public void The_first_backup_stands_for_its_own_day_although_no_moment_asked_for_it()
    {
        var start = Noon.AddHours(-1);

        Assert.Equal(DayResult.Good, Find(good: [(start, true)], failed: [], from: start).On(Today));
    }

    [Fact]
    public void Tallies_add_up_day_by_day_also_when_one_was_told_earlier()
    {
        var old = ResultTally.Of([new ResultDays(Today.AddDays(-1), "gf")], Today.AddDays(-1));
        var fresh = ResultTally.Of([new ResultDays(Today, "gn"), new ResultDays(Today, "-o")], Today);

        var sum = old + fresh;

        Assert.Equal(new DayTally(1, 0, 0, 0), sum.On(Today.AddDays(-2)));
        Assert.Equal(new DayTally(1, 0, 1, 0), sum.On(Today.AddDays(-1)));
        Assert.Equal(new DayTally(0, 1, 0, 1), sum.On(Today));
        Assert.Equal(sum, fresh + old);
    }

    [Fact]
    public void A_measure_of_the_same_day_replaces_what_stands_and_adds_what_changed()
    {
        var days = DayMeasure.With(DayMeasure.With([], new(Today, 10, 1, 1, 2, 3)), new(Today, 30, 3, 1, 0, 0));

        Assert.Equal(new DayMeasure(Today, 30, 3, 2, 2, 3), Assert.Single(days));
        Assert.Single(DayMeasure.With(days, new(Today.AddDays(DayMeasure.DaysKept), 1, 1, 0, 0, 0)));
    }

    [Fact]
    public void What_one_part_did_not_measure_is_as_on_its_day_before()
    {
        var sum = DayMeasure.Sum([[new(Today.AddDays(-1), 10, 1, 1, 0, 0)], [new(Today, 5, 2, 2, 0, 0)]]);

        Assert.Equal<DayMeasure>([new(Today.AddDays(-1), 10, 1, 1, 0, 0), new(Today, 15, 3, 2, 0, 0)], sum);
    }

    private static DateTimeOffset MomentOn(int days) => Schedule.NextMoment(Mailbox, Window, Calendar.At(Today.AddDays(days), TimeSpan.Zero).AddTicks(-1));

    private static ResultDays Find((DateTimeOffset, bool)[] good, DateTimeOffset[] failed, DateTimeOffset from) => ResultDays.Find(Schedule, Calendar, Mailbox, Window, good, failed, from, Noon);
}
