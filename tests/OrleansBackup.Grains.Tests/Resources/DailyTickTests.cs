using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Schedule;
using OrleansBackup.Grains.Resources;
using OrleansBackup.Grains.Tests.Given;

namespace OrleansBackup.Grains.Tests.Resources;

public sealed class DailyTickTests
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);
    private static readonly BackupSchedule Schedule = new(ContractCalendar.Amsterdam);
    private static readonly ResourceId Mailbox = LargeTenant.Mailbox(1);

    [Fact]
    public void In_two_years_the_reminder_is_registered_anew_only_when_the_clocks_change_and_no_moment_is_missed()
    {
        var now = DateTimeOffset.Parse("2026-01-01T12:00:00Z");
        var (first, registered, ticks) = (Next(now), 1, 0);
        first += TimeSpan.FromMilliseconds(3); // registering takes a moment
        for (var tick = first; ticks < 730; ticks++, tick += Day)
        {
            now = tick;
            Assert.InRange(now - LastMoment(now), TimeSpan.Zero, TimeSpan.FromSeconds(1)); // the tick is for this moment
            if (DailyTick.ComesAgain(first.UtcDateTime, Day, Next(now), now))
                continue;
            registered++;
            first = Next(now) + TimeSpan.FromMilliseconds(3);
            tick = first - Day;
        }
        Assert.Equal(1 + 4, registered);
    }

    [Theory]
    [InlineData("02:00:00", "02:00:00", true)]
    [InlineData("02:00:00", "03:00:00", false)] // another window, or summer time
    [InlineData("02:00:00", "01:59:00", false)] // it would come late by a minute
    [InlineData("01:59:57", "02:00:00", false)] // it would come before its moment
    [InlineData("02:00:04", "02:00:00", true)]
    public void It_comes_again_by_itself_when_its_periods_lead_to_the_next_moment(string first, string moment, bool expected)
    {
        var next = DateTimeOffset.Parse($"2026-05-02T{moment}Z");
        Assert.Equal(expected, DailyTick.ComesAgain(DateTimeOffset.Parse($"2026-04-01T{first}Z").UtcDateTime, Day, next, DateTimeOffset.Parse("2026-05-01T02:00:05Z")));
    }

    [Fact]
    public void A_tick_that_came_before_its_moment_does_not_cost_the_day()
    {
        var moment = DateTimeOffset.Parse("2026-05-01T02:00:00Z");
        Assert.False(DailyTick.ComesAgain(moment.UtcDateTime, Day, moment, moment.AddMilliseconds(-5)));
    }

    private static DateTimeOffset Next(DateTimeOffset now) => Schedule.NextMoment(Mailbox, BackupWindow.Default, now);

    private static DateTimeOffset LastMoment(DateTimeOffset now) => Next(now.AddHours(-20));
}
