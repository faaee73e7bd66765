using OrleansBackup.Domain.Schedule;

namespace OrleansBackup.Domain.Tests.Schedule;

public sealed class ScrubScheduleTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 3, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(20)]
    public void All_is_read_within_thirty_days_though_days_are_missed(int missedDays)
    {
        var (began, last, read) = ((DateTimeOffset?)null, (DateTimeOffset?)null, 0);
        var day = 0;
        for (; read < ScrubSchedule.SlicesOfRound; day++)
        {
            if (day > 0 && day <= missedDays)
                continue;
            var now = Start.AddDays(day);
            for (var due = ScrubSchedule.SlicesDue(began, read, last, now); due > 0; due--)
                (began, read) = (began ?? now, read + 1);
            last = now;
        }
        Assert.InRange(day, 1, 30);
    }

    [Fact]
    public void One_slice_a_day_is_enough_while_no_day_is_missed_and_an_hour_later_none_is_due()
    {
        Assert.Equal(1, ScrubSchedule.SlicesDue(null, 0, null, Start));
        Assert.Equal(0, ScrubSchedule.SlicesDue(Start, 1, Start, Start.AddHours(1)));
        for (var day = 1; day < ScrubSchedule.SlicesOfRound; day++)
            Assert.Equal(1, ScrubSchedule.SlicesDue(Start, day, Start.AddDays(day - 1), Start.AddDays(day)));
    }

    [Fact]
    public void A_long_outage_is_made_up_for_a_few_slices_a_day() =>
        Assert.Equal(4, ScrubSchedule.SlicesDue(Start, 1, Start, Start.AddDays(300)));
}
