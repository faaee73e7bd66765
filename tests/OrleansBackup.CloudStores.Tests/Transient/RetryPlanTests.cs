using OrleansBackup.CloudStores.Transient;

namespace OrleansBackup.CloudStores.Tests.Transient;

/// <summary>How patient the stores are.</summary>
public sealed class RetryPlanTests
{
    private static readonly RetryOptions Options = new() { Attempts = 5, FirstPause = TimeSpan.FromSeconds(1), LongestPause = TimeSpan.FromSeconds(6), LongestAsked = TimeSpan.FromSeconds(60) };

    [Theory]
    [InlineData(1, 0.0, 500)]
    [InlineData(2, 0.0, 1_000)]
    [InlineData(2, 0.5, 1_500)]
    [InlineData(4, 0.0, 3_000)]
    [InlineData(4, 0.999, 5_997)]
    public void Pauses_double_up_to_the_longest_and_are_spread(int failures, double jitter, int milliseconds) =>
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), RetryPlan.Next(failures, null, Options, jitter));

    [Fact]
    public void The_last_attempt_is_the_last() => Assert.Null(RetryPlan.Next(5, null, Options, 0));

    [Fact]
    public void A_store_that_asks_for_more_time_gets_it_and_one_that_asks_for_too_much_is_left_alone()
    {
        Assert.Equal(TimeSpan.FromSeconds(30), RetryPlan.Next(1, TimeSpan.FromSeconds(30), Options, 0));
        Assert.Equal(TimeSpan.FromSeconds(0.5), RetryPlan.Next(1, TimeSpan.Zero, Options, 0));
        Assert.Null(RetryPlan.Next(1, TimeSpan.FromSeconds(61), Options, 0));
    }
}
