using OrleansBackup.Grains.Budget;

namespace OrleansBackup.Grains.Tests.Budget;

public sealed class TokenBucketTests
{
    private static readonly DateTimeOffset Start = DateTimeOffset.UnixEpoch;

    [Fact]
    public void Permits_fill_up_at_the_rate_and_never_beyond_one_second()
    {
        var bucket = new TokenBucket(100, Start);
        Assert.Equal((100, TimeSpan.Zero), bucket.Take(1_000, Start));
        Assert.Equal(0, bucket.Take(10, Start).Permits);
        Assert.Equal(50, bucket.Take(1_000, Start.AddSeconds(0.5)).Permits);
        Assert.Equal(100, bucket.Take(1_000, Start.AddHours(1)).Permits);
    }

    [Fact]
    public void An_empty_bucket_says_when_to_come_back()
    {
        var bucket = new TokenBucket(10, Start);
        bucket.Take(10, Start);
        var (permits, wait) = bucket.Take(1, Start);
        Assert.Equal(0, permits);
        Assert.Equal(1, bucket.Take(1, Start + wait).Permits);
    }

    [Fact]
    public void A_refusal_stops_everybody_and_halves_the_rate_which_then_recovers()
    {
        var bucket = new TokenBucket(100, Start);
        bucket.Throttle(TimeSpan.FromSeconds(30), Start);
        Assert.Equal((0, TimeSpan.FromSeconds(20)), bucket.Take(1, Start.AddSeconds(10)));
        Assert.Equal(50, bucket.Rate);
        Assert.InRange(bucket.Take(1_000, Start.AddSeconds(40)).Permits, 50, 70);
        bucket.Take(1, Start.AddMinutes(10));
        Assert.Equal(100, bucket.Rate);
    }

    [Fact]
    public void A_clock_that_was_set_back_grants_nothing_extra()
    {
        var bucket = new TokenBucket(10, Start);
        bucket.Take(10, Start);
        Assert.Equal(0, bucket.Take(10, Start.AddHours(-1)).Permits);
    }

    [Fact]
    public void A_rate_below_one_a_second_is_never_no_rate_at_all()
    {
        var now = DateTimeOffset.UnixEpoch;
        var bucket = new TokenBucket(fullRate: 1, now);
        for (var refusal = 0; refusal < 4; refusal++)
            bucket.Throttle(TimeSpan.Zero, now);
        now += TimeSpan.FromSeconds(15);
        Assert.Equal(1, bucket.Take(1, now).Permits);
    }
}
