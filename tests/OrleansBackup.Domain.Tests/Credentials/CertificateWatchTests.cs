using OrleansBackup.Domain.Credentials;

namespace OrleansBackup.Domain.Tests.Credentials;

/// <summary>The end of a certificate is told in time, at each step once, and in words somebody can act on.</summary>
public sealed class CertificateWatchTests
{
    private static readonly DateTimeOffset Ends = new(2026, 3, 31, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("2026-02-28T11:00:00Z", 31, null)]
    [InlineData("2026-02-28T12:00:01Z", 30, 30)]
    [InlineData("2026-03-17T12:00:00Z", 14, 14)]
    [InlineData("2026-03-17T11:59:59Z", 14, 14)]
    [InlineData("2026-03-16T11:59:59Z", 15, 30)]
    [InlineData("2026-03-24T12:00:00Z", 7, 7)]
    [InlineData("2026-03-28T12:00:00Z", 3, 3)]
    [InlineData("2026-03-30T12:00:00Z", 1, 1)]
    [InlineData("2026-03-30T12:00:01Z", 0, 0)]
    [InlineData("2026-05-01T00:00:00Z", 0, 0)]
    public void Whole_days_that_are_left_and_the_last_step_that_was_reached(string now, int left, int? reached)
    {
        var at = DateTimeOffset.Parse(now, System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal((left, reached), (CertificateWatch.DaysLeft(Ends, at), CertificateWatch.Reached(Ends, at)));
        Assert.Equal(reached is null, CertificateWatch.Problem(Ends, at) is null);
    }

    [Fact]
    public void The_words_say_what_is_and_what_to_do()
    {
        Assert.Contains("ends on 2026-03-31. Make a new one", CertificateWatch.Problem(Ends, Ends.AddDays(-2)), StringComparison.Ordinal);
        Assert.Contains("has ended on 2026-03-31: the service cannot sign in", CertificateWatch.Problem(Ends, Ends), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_step_is_reached_on_the_way_to_the_end_in_its_order()
    {
        var steps = new List<int>();
        for (var at = Ends.AddDays(-40); at <= Ends; at = at.AddHours(1))
            if (CertificateWatch.Reached(Ends, at) is { } step && (steps.Count == 0 || steps[^1] != step))
                steps.Add(step);
        Assert.Equal<int>(CertificateWatch.TellAt, steps);
    }
}
