using OrleansBackup.Microsoft365.Transport;

namespace OrleansBackup.Microsoft365.Tests.Transport;

public sealed class RetryPolicyTests
{
    private static readonly GraphClientOptions Options = new();
    private static readonly GraphRequest Request = new() { Method = HttpMethod.Get, Address = new Uri("https://graph.microsoft.com/v1.0/x"), Subject = RequestSubject.Item };

    [Fact]
    public void A_refusal_that_asks_for_no_wait_is_answered_by_one()
    {
        var failure = new GraphFailure { Cause = FailureCause.Answered, Status = 429, RetryAfter = TimeSpan.Zero };

        Assert.Equal(TimeSpan.FromSeconds(1), RetryPolicy.Decide(failure, Meaning.Throttled, Request, default, Options, jitter: 0));
    }

    [Theory]
    [InlineData(0.0, 1.5)]
    [InlineData(0.5, 2.0)]
    [InlineData(1.0, 2.5)]
    public void Waits_are_spread_by_a_quarter_to_both_sides(double jitter, double seconds)
    {
        var failure = new GraphFailure { Cause = FailureCause.Broken };

        Assert.Equal(seconds, RetryPolicy.Decide(failure, Meaning.Passing, Request, default, Options, jitter)!.Value.TotalSeconds);
    }

    [Fact]
    public void Waits_grow_to_an_end()
    {
        var failure = new GraphFailure { Cause = FailureCause.Answered, Status = 429 };

        Assert.Equal(Options.MaxBackoff, RetryPolicy.Decide(failure, Meaning.Throttled, Request, new RetryHistory(0, 30, TimeSpan.Zero), Options, jitter: 0.5));
    }

    [Fact]
    public void What_must_not_happen_twice_is_repeated_only_when_it_did_not_happen()
    {
        var once = Request with { IsRepeatable = false };
        var broken = new GraphFailure { Cause = FailureCause.Broken };
        var refused = new GraphFailure { Cause = FailureCause.Answered, Status = 429 };

        Assert.Null(RetryPolicy.Decide(broken, Meaning.Passing, once, default, Options, jitter: 0.5));
        Assert.NotNull(RetryPolicy.Decide(refused, Meaning.Throttled, once, default, Options, jitter: 0.5));
    }

    [Theory]
    [InlineData(401)]
    [InlineData(404)]
    [InlineData(410)]
    public void A_lost_upload_session_says_nothing_about_the_tenant_or_the_message(int status)
    {
        var failure = new GraphFailure { Cause = FailureCause.Answered, Status = status, Codes = ["ErrorItemNotFound"] };

        Assert.Equal(Meaning.SessionLost, FailureMeaning.Of(failure, RequestSubject.Upload));
        Assert.IsType<GraphTransientException>(FailureTranslation.ToException(failure, Meaning.SessionLost, Request, roles: null));
    }
}
