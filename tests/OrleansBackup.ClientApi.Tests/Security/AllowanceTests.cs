using OrleansBackup.ClientApi.Security.Limits;

namespace OrleansBackup.ClientApi.Tests.Security;

public sealed class AllowanceTests
{
    private readonly ShiftedClock _clock = new(default);

    [Fact]
    public void A_minutes_worth_may_come_at_once_and_then_evenly()
    {
        var allowance = new Allowance(60, 100, _clock);
        for (var time = 0; time < 60; time++)
            Assert.Null(allowance.Take("kim"));
        Assert.Equal(TimeSpan.FromSeconds(1), allowance.Take("kim"));
        Assert.Null(allowance.Take("sam")); // another's bucket is another
        _clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Null(allowance.Take("kim"));
        Assert.Null(allowance.Take("kim"));
        Assert.NotNull(allowance.Take("kim"));
    }

    [Fact]
    public void Looking_takes_nothing()
    {
        var allowance = new Allowance(1, 100, _clock);
        Assert.Null(allowance.Peek("kim"));
        Assert.Null(allowance.Take("kim"));
        Assert.NotNull(allowance.Peek("kim"));
    }

    [Fact]
    public void Names_beyond_the_bound_share_one_bucket_until_others_are_full_again()
    {
        var allowance = new Allowance(2, 3, _clock);
        foreach (var name in new[] { "a", "b", "c" })
            allowance.Take(name);
        Assert.Null(allowance.Take("d"));
        Assert.Null(allowance.Take("e"));
        Assert.NotNull(allowance.Take("f")); // d, e and f are one
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Null(allowance.Take("g"));
    }
}
