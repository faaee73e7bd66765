using System.Text.Json;
using OrleansBackup.Domain.Calendar;
using Xunit;

namespace OrleansBackup.Domain.Tests.Calendar;

/// <summary>A month is written and read in one way.</summary>
public sealed class CalendarMonthTests
{
    [Fact]
    public void What_is_written_is_read() => Assert.Equal(new CalendarMonth(2026, 3), JsonSerializer.Deserialize<CalendarMonth>("\"2026-03\""));

    [Theory]
    [InlineData("\"2026-13\"")]
    [InlineData("\"march\"")]
    [InlineData("3")]
    [InlineData("""{"Year":2026,"Number":3}""")]
    public void What_is_no_month_is_refused(string json) => Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<CalendarMonth>(json));

    [Fact]
    public void It_is_written_as_people_write_it() => Assert.Equal("[\"2026-03\"]", JsonSerializer.Serialize<CalendarMonth[]>([new(2026, 3)]));
}
