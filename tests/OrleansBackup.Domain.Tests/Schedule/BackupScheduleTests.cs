using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Schedule;

namespace OrleansBackup.Domain.Tests.Schedule;

public sealed class BackupScheduleTests
{
    private static readonly TenantId Tenant = new(new Guid("00000000-0000-0000-0000-000000000001"));
    private static readonly BackupSchedule Schedule = new(ContractCalendar.Amsterdam);

    private static ResourceId Mailbox(int number) => new(Tenant, ResourceKind.Mailbox, new Guid(number, 0, 0, new byte[8]).ToString());

    [Fact]
    public void The_moments_of_many_resources_are_spread_evenly_over_the_window()
    {
        var perHour = Enumerable.Range(0, 8_000).GroupBy(number => (int)BackupSchedule.OffsetOf(Mailbox(number), BackupWindow.Default).TotalHours)
            .ToDictionary(group => group.Key, group => group.Count());
        Assert.Equal(8, perHour.Count);
        Assert.All(perHour.Values, count => Assert.InRange(count, 850, 1_150));
    }

    [Fact]
    public void The_moment_of_a_resource_never_moves() =>
        Assert.Equal(TimeSpan.FromSeconds(8485), BackupSchedule.OffsetOf(Mailbox(1), BackupWindow.Default));

    [Fact]
    public void A_resource_without_a_good_run_is_due_at_once() =>
        Assert.True(Schedule.IsDue(Mailbox(1), BackupWindow.Default, null, At("2026-03-10T12:00:00Z")));

    [Fact]
    public void A_missed_moment_stays_due_until_it_is_made_up()
    {
        var lastGood = At("2026-03-10T22:00:00Z");
        Assert.True(Schedule.IsDue(Mailbox(1), BackupWindow.Default, lastGood, At("2026-03-14T12:00:00Z")));
        Assert.False(Schedule.IsDue(Mailbox(1), BackupWindow.Default, At("2026-03-14T11:59:00Z"), At("2026-03-14T12:00:00Z")));
    }

    [Theory]
    [InlineData("2026-01-01")] // a plain year
    [InlineData("2028-01-01")] // a leap year
    public void Every_day_has_exactly_one_moment_through_both_clock_changes(string from)
    {
        foreach (var number in Enumerable.Range(0, 20))
        {
            var resource = Mailbox(number);
            var now = At(from + "T12:00:00Z");
            var end = now.AddYears(1);
            var days = new List<DateOnly>();
            while ((now = Schedule.NextMoment(resource, BackupWindow.Default, now)) < end)
                days.Add(ContractCalendar.Amsterdam.DayOf(now - BackupSchedule.OffsetOf(resource, BackupWindow.Default) + TimeSpan.FromMinutes(90)));
            Assert.Equal(days.Count, days.Distinct().Count());
            Assert.InRange(days.Count, 364, 367);
        }
    }

    [Fact]
    public void The_latest_and_the_next_moment_enclose_now()
    {
        var random = new Random(7);
        for (var round = 0; round < 2_000; round++)
        {
            var now = At("2026-01-01T00:00:00Z").AddMinutes(random.Next(0, 60 * 24 * 365));
            var window = new BackupWindow(TimeSpan.FromMinutes(random.Next(0, 1440)), TimeSpan.FromMinutes(random.Next(1, 1441)));
            var resource = Mailbox(random.Next(0, 1000));
            var (latest, next) = (Schedule.LatestMoment(resource, window, now), Schedule.NextMoment(resource, window, now));
            Assert.True(latest <= now && now < next, $"{latest} <= {now} < {next}");
            Assert.InRange(next - latest, TimeSpan.FromHours(22.9), TimeSpan.FromHours(25.1));
        }
    }

    [Theory]
    [InlineData("2026-03-29", "02:30", "2026-03-29T01:30:00Z")] // left out by summer time: an hour later on the wall
    [InlineData("2026-10-25", "02:30", "2026-10-25T00:30:00Z")] // comes twice: the first
    [InlineData("2026-07-01", "20:00", "2026-07-01T18:00:00Z")]
    [InlineData("2026-12-01", "20:00", "2026-12-01T19:00:00Z")]
    public void A_time_on_the_wall_is_one_instant(string day, string time, string instant) =>
        Assert.Equal(At(instant), ContractCalendar.Amsterdam.At(DateOnly.Parse(day), TimeSpan.Parse(time)));

    [Theory]
    [InlineData("00:00:00", "00:00:00")]
    [InlineData("1.00:00:00", "08:00:00")]
    [InlineData("20:00:00", "1.00:00:01")]
    public void A_window_that_makes_no_sense_says_so(string start, string length) =>
        Assert.NotNull(new BackupWindow(TimeSpan.Parse(start), TimeSpan.Parse(length)).Problem());

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text);
}
