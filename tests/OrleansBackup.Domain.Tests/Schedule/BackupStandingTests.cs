using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Schedule;

namespace OrleansBackup.Domain.Tests.Schedule;

public sealed class BackupStandingTests
{
    private static readonly ResourceId Mailbox = new(new TenantId(Guid.Empty), ResourceKind.Mailbox, "one");
    private static readonly BackupSchedule Schedule = new(ContractCalendar.Amsterdam);
    private static readonly DateTimeOffset Noon = DateTimeOffset.Parse("2026-03-10T12:00:00Z");
    private static readonly DateTimeOffset Latest = Schedule.LatestMoment(Mailbox, BackupWindow.Default, Noon);
    private static readonly DateTimeOffset LastButOne = Schedule.LatestMoment(Mailbox, BackupWindow.Default, Latest.AddTicks(-1));

    [Fact]
    public void A_good_backup_of_the_latest_moment_is_healthy() => Assert.Equal(BackupStanding.Healthy, Of(Latest));

    [Fact]
    public void Until_the_day_is_made_up_it_is_late_and_after_a_whole_missing_day_overdue()
    {
        Assert.Equal(BackupStanding.Late, Of(Latest.AddTicks(-1)));
        Assert.Equal(BackupStanding.Late, Of(LastButOne));
        Assert.Equal(BackupStanding.Overdue, Of(LastButOne.AddTicks(-1)));
    }

    [Fact]
    public void Moments_before_its_protection_do_not_concern_it()
    {
        Assert.Equal(BackupStanding.Late, Of(null, since: Noon.AddMinutes(-1)));
        Assert.Equal(BackupStanding.Late, Of(LastButOne.AddDays(-30), since: LastButOne));
        Assert.Equal(BackupStanding.Overdue, Of(null, since: LastButOne.AddTicks(-1)));
    }

    [Fact]
    public void A_day_that_a_clock_change_makes_longer_or_shorter_is_one_day()
    {
        foreach (var text in new[] { "2026-03-29T12:00:00Z", "2026-10-25T12:00:00Z" })
        {
            var now = DateTimeOffset.Parse(text);
            var before = Schedule.LatestMoment(Mailbox, BackupWindow.Default, Schedule.LatestMoment(Mailbox, BackupWindow.Default, now).AddTicks(-1));
            Assert.Equal(BackupStanding.Late, Schedule.StandingOf(Mailbox, BackupWindow.Default, before, DateTimeOffset.MinValue, now));
            Assert.Equal(BackupStanding.Overdue, Schedule.StandingOf(Mailbox, BackupWindow.Default, before.AddTicks(-1), DateTimeOffset.MinValue, now));
        }
    }

    [Fact]
    public void It_is_due_since_the_first_moment_that_was_missed_and_otherwise_at_its_next()
    {
        Assert.Equal(Latest, Schedule.DueAt(Mailbox, BackupWindow.Default, Latest.AddTicks(-1), DateTimeOffset.MinValue));
        Assert.Equal(LastButOne, Schedule.DueAt(Mailbox, BackupWindow.Default, LastButOne.AddTicks(-1), DateTimeOffset.MinValue));
        Assert.Equal(Schedule.NextMoment(Mailbox, BackupWindow.Default, Noon), Schedule.DueAt(Mailbox, BackupWindow.Default, Latest, DateTimeOffset.MinValue));
    }

    [Fact]
    public void Who_never_had_a_good_run_or_none_since_it_was_protected_again_is_due_since_then()
    {
        Assert.Equal(Noon.AddDays(-3), Schedule.DueAt(Mailbox, BackupWindow.Default, null, Noon.AddDays(-3)));
        Assert.Equal(Noon.AddDays(-3), Schedule.DueAt(Mailbox, BackupWindow.Default, Noon.AddDays(-30), Noon.AddDays(-3)));
    }

    [Fact]
    public void Due_is_what_the_schedule_calls_due()
    {
        for (var hour = 0; hour < 100; hour++)
            Assert.Equal(Schedule.IsDue(Mailbox, BackupWindow.Default, Noon.AddHours(-hour), Noon),
                Schedule.DueAt(Mailbox, BackupWindow.Default, Noon.AddHours(-hour), DateTimeOffset.MinValue) <= Noon);
    }

    private static BackupStanding Of(DateTimeOffset? lastGoodStart, DateTimeOffset? since = null) =>
        Schedule.StandingOf(Mailbox, BackupWindow.Default, lastGoodStart, since ?? Noon.AddDays(-60), Noon);
}
