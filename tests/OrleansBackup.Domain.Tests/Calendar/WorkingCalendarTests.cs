using OrleansBackup.Domain.Calendar;
using Xunit;

namespace OrleansBackup.Domain.Tests.Calendar;

public class WorkingCalendarTests
{
    private static readonly WorkingCalendar Netherlands = WorkingCalendar.Netherlands;

    [Theory]
    [InlineData("1818-03-22"), InlineData("1961-04-02"), InlineData("2000-04-23"), InlineData("2008-03-23"), InlineData("2024-03-31"), InlineData("2025-04-20"), InlineData("2026-04-05")]
    [InlineData("2027-03-28"), InlineData("2028-04-16"), InlineData("2029-04-01"), InlineData("2030-04-21"), InlineData("2038-04-25"), InlineData("2049-04-18"), InlineData("2076-04-19")]
    public void Easter_is_where_the_almanac_has_it(string sunday)
    {
        var day = Day(sunday);
        Assert.Equal(day, WorkingCalendar.EasterSunday(day.Year));
    }

    [Fact]
    public void Easter_is_a_Sunday_between_22_March_and_25_April_in_every_year()
    {
        for (var year = 1583; year <= 4099; year++)
        {
            var easter = WorkingCalendar.EasterSunday(year);
            Assert.Equal(DayOfWeek.Sunday, easter.DayOfWeek);
            Assert.InRange(easter, new DateOnly(year, 3, 22), new DateOnly(year, 4, 25));
        }
    }

    [Theory]
    [InlineData("2026-01-01", Holiday.NewYear), InlineData("2026-04-06", Holiday.EasterMonday), InlineData("2026-04-27", Holiday.KingsDay), InlineData("2026-05-14", Holiday.Ascension)]
    [InlineData("2026-05-25", Holiday.WhitMonday), InlineData("2026-12-25", Holiday.Christmas), InlineData("2026-12-26", Holiday.SecondChristmasDay), InlineData("2025-05-05", Holiday.LiberationDay)]
    public void Public_holidays_are_no_working_days(string day, Holiday holiday)
    {
        Assert.Equal(holiday, Netherlands.HolidayOn(Day(day)));
        Assert.False(Netherlands.IsWorkingDay(Day(day)));
    }

    [Fact]
    public void Kings_Day_moves_to_the_Saturday_when_it_is_a_Sunday()
    {
        Assert.Equal(Holiday.KingsDay, Netherlands.HolidayOn(Day("2031-04-26")));
        Assert.Null(Netherlands.HolidayOn(Day("2031-04-27")));
        Assert.Null(Netherlands.HolidayOn(Day("2030-04-26")));
    }

    [Theory]
    [InlineData(LiberationDay.Lustrum, "2026-05-05", true), InlineData(LiberationDay.Lustrum, "2030-05-05", false), InlineData(LiberationDay.Always, "2026-05-05", false)]
    [InlineData(LiberationDay.Never, "2025-05-05", true)]
    public void Whether_Liberation_Day_is_a_day_off_is_a_parameter(LiberationDay rule, string day, bool works) =>
        Assert.Equal(works && Day(day).DayOfWeek is not DayOfWeek.Sunday, new WorkingCalendar(new(false, rule)).IsWorkingDay(Day(day)));

    [Fact]
    public void Whether_Good_Friday_is_a_day_off_is_a_parameter()
    {
        Assert.True(Netherlands.IsWorkingDay(Day("2026-04-03")));
        Assert.False(new WorkingCalendar(new(GoodFriday: true, LiberationDay.Lustrum)).IsWorkingDay(Day("2026-04-03")));
    }

    [Theory]
    [InlineData("2026-11-20", 2, "2026-11-24", "a Friday, then the Tuesday")]
    [InlineData("2026-11-21", 2, "2026-11-24", "a Saturday")]
    [InlineData("2026-11-22", 2, "2026-11-24", "a Sunday")]
    [InlineData("2026-04-03", 2, "2026-04-08", "over Easter")]
    [InlineData("2026-04-24", 2, "2026-04-29", "over King's Day")]
    [InlineData("2026-05-13", 1, "2026-05-15", "over Ascension")]
    [InlineData("2026-12-24", 2, "2026-12-29", "over Christmas, whose second day is a Saturday")]
    [InlineData("2026-11-23", 0, "2026-11-23", "nothing to count")]
    public void Working_days_are_counted_after_the_day_itself(string from, int count, string to, string why)
    {
        Assert.True(Netherlands.Add(Day(from), count) == Day(to), why);
        Assert.Equal(count, Netherlands.Between(Day(from), Day(to)));
    }

    [Fact]
    public void Counting_back_finds_the_last_day_that_is_still_in_time()
    {
        for (var end = Day("2026-01-01"); end < Day("2029-01-01"); end = end.AddDays(1))
            for (var count = 0; count < 4; count++)
            {
                var last = Netherlands.LastStart(end, count);
                Assert.True(Netherlands.Add(last, count) <= end);
                Assert.True(Netherlands.Add(last.AddDays(1), count) > end);
            }
    }

    private static DateOnly Day(string text) => DateOnly.ParseExact(text, "yyyy-MM-dd");
}
