using System.Text;
using OrleansBackup.Microsoft365.Mail;
using OrleansBackup.Microsoft365.Tests.Fixtures;

namespace OrleansBackup.Microsoft365.Tests.Transport;

public sealed class RequestRunnerTests
{
    private const string Message = "/messages/m?";
    private static readonly Reply Good = Reply.Json(Given.Message("m"));

    [Fact]
    public async Task Row_32_a_refusal_without_a_time_is_answered_by_growing_waits()
    {
        using var given = new Given();
        given.Graph.When("GET", Message, Reply.Error(429, "TooManyRequests"), Reply.Error(429, "TooManyRequests"), Reply.Error(429, "TooManyRequests"), Good);

        await ReadAsync(given);

        Assert.Equal([2, 4, 8], given.Clock.Waits.Select(w => w.TotalSeconds));
        Assert.Equal(3, given.Client.Statistics.Throttles);
        Assert.Equal(4, given.Client.Statistics.Requests);
        Assert.Equal(3, given.Client.Statistics.Repeats);
    }

    [Fact]
    public async Task A_refusal_with_seconds_waits_them()
    {
        using var given = new Given();
        given.Graph.When("GET", Message, Reply.Error(429, "ApplicationThrottled", "", ("Retry-After", "37")), Good);

        await ReadAsync(given);

        Assert.Equal([37], given.Clock.Waits.Select(w => w.TotalSeconds));
    }

    [Fact]
    public async Task A_refusal_with_a_date_waits_until_then()
    {
        using var given = new Given();
        given.Graph.When("GET", Message, Reply.Error(429, "ApplicationThrottled", "", ("Retry-After", (ManualClock.Start + TimeSpan.FromMinutes(3)).ToString("R"))), Good);

        await ReadAsync(given);

        Assert.Equal([180], given.Clock.Waits.Select(w => w.TotalSeconds));
    }

    [Fact]
    public async Task Row_32_the_larger_of_both_waits_counts()
    {
        using var given = new Given();
        given.Graph.When("GET", Message, Reply.Error(429, "ApplicationThrottled", "", ("Retry-After", "5"), ("RateLimit-Reset", "30")), Good);

        await ReadAsync(given);

        Assert.Equal([30], given.Clock.Waits.Select(w => w.TotalSeconds));
    }

    [Fact]
    public async Task A_service_that_refuses_for_too_long_is_left_alone()
    {
        using var given = new Given();
        given.Graph.Always("GET", Message, _ => Reply.Error(429, "ApplicationThrottled", "", ("Retry-After", "600")));

        var error = await Assert.ThrowsAsync<ThrottledTooLongException>(() => ReadAsync(given));

        Assert.True(error.IsTransient);
        Assert.Equal("req-1", error.RequestId);
        Assert.True(given.Clock.GetUtcNow() - ManualClock.Start <= given.Options.MaxThrottledTime);
    }

    [Theory]
    [InlineData(503)]
    [InlineData(404)]
    public async Task Row_32_an_empty_error_is_passing(int status)
    {
        using var given = new Given();
        given.Graph.When("GET", Message, Reply.Empty(status), Good);

        Assert.NotNull(await ReadAsync(given));
    }

    [Theory]
    [InlineData(408)]
    [InlineData(500)]
    [InlineData(502)]
    [InlineData(503)]
    [InlineData(504)]
    [InlineData(509)]
    public async Task Passing_failures_are_repeated(int status)
    {
        using var given = new Given();
        given.Graph.When("GET", Message, Reply.Error(status, "serviceNotAvailable"), Good);

        Assert.NotNull(await ReadAsync(given));
    }

    [Fact]
    public async Task Row_36_a_reset_connection_is_repeated_and_at_last_reported_as_passing()
    {
        using var given = new Given();
        given.Graph.Always("GET", Message, _ => Reply.Reset());

        var error = await Assert.ThrowsAsync<GraphTransientException>(() => ReadAsync(given));

        Assert.Null(error.Status);
        Assert.Equal(given.Options.MaxAttempts, given.Graph.Sent.Count);
    }

    [Fact]
    public async Task Row_36_a_body_that_is_cut_short_is_not_taken_for_the_whole()
    {
        using var given = new Given();
        given.Graph.When("GET", "/messages/m/$value", Reply.Cut("From: a"), Reply.Bytes("From: a\r\n\r\nwhole"u8.ToArray()));

        await using var fetched = await given.Mailbox().FetchAsync(MessageSummary.Parse(Encoding.UTF8.GetBytes(Given.Message("m"))), CancellationToken.None);

        Assert.Equal("From: a\r\n\r\nwhole", await new StreamReader(fetched.Mime!).ReadToEndAsync());
        given.Graph.AssertAllPlayed();
    }

    [Fact]
    public async Task Row_36_a_payload_that_the_service_could_not_read_is_sent_again()
    {
        using var given = new Given();
        given.Graph.When("GET", Message, Reply.Error(400, "BadRequest", "IO error during request payload read."), Good);

        Assert.NotNull(await ReadAsync(given));
    }

    [Theory]
    [InlineData("{\"id\":\"m\",\"subject\":\"cut in the mid")]
    [InlineData("{\"id\":\"m\"}{\"error\":{\"code\":\"x\"}}")]
    [InlineData("<html></html>")]
    [InlineData("{\"error\":{\"code\":\"InternalServerError\",\"message\":\"\"}}")]
    [InlineData("")]
    public async Task Row_34_a_good_status_with_a_bad_body_is_repeated(string body)
    {
        using var given = new Given();
        given.Graph.When("GET", Message, Reply.Json(body), Good);

        Assert.NotNull(await ReadAsync(given));
        given.Graph.AssertAllPlayed();
    }

    [Fact]
    public async Task Row_37_a_redirect_is_followed_and_the_token_stays_here()
    {
        using var given = new Given();
        given.Graph
            .When("GET", "/messages/m/$value", Reply.Empty(302, ("Location", "https://content.example/blob?sig=1")))
            .When("GET", "/blob", Reply.Bytes("mime"u8.ToArray()));

        await using var fetched = await given.Mailbox().FetchAsync(MessageSummary.Parse(Encoding.UTF8.GetBytes(Given.Message("m"))), CancellationToken.None);

        Assert.Equal("mime", await new StreamReader(fetched.Mime!).ReadToEndAsync());
        Assert.NotNull(given.Graph.Sent[0].Authorization);
        Assert.Null(given.Graph.Sent[1].Authorization);
        Assert.Equal("content.example", given.Graph.Sent[1].Address.Host);
    }

    [Fact]
    public async Task Row_37_a_redirect_to_an_unprotected_address_is_refused()
    {
        using var given = new Given();
        given.Graph.Always("GET", Message, _ => Reply.Empty(302, ("Location", "http://graph.microsoft.com/v1.0/x")));

        await Assert.ThrowsAnyAsync<GraphException>(() => ReadAsync(given));

        Assert.All(given.Graph.Sent, r => Assert.Equal("https", r.Address.Scheme));
    }

    [Fact]
    public async Task Every_request_names_the_product_and_carries_an_id()
    {
        using var given = new Given();
        given.Graph.When("GET", Message, Good);

        await ReadAsync(given);

        var headers = Assert.Single(given.Graph.Sent).Headers;
        Assert.Equal("ISV|OrleansBackup|OrleansBackup/1.0", string.Join(' ', headers.GetValues("User-Agent")));
        Assert.True(Guid.TryParse(headers.GetValues("client-request-id").Single(), out _));
    }

    [Fact]
    public async Task The_tenants_budget_is_asked_before_each_attempt_and_told_of_each_refusal()
    {
        var budget = new RecordingBudget();
        using var given = new Given(budget: budget);
        given.Graph.When("GET", Message, Reply.Error(429, "TooManyRequests", "", ("Retry-After", "7")), Good);

        await ReadAsync(given);

        Assert.Equal([1, 1], budget.Asked);
        var signal = Assert.Single(budget.Signals);
        Assert.Equal(new ThrottleSignal(ThrottleScope.Mailbox, IsRefusal: true, TimeSpan.FromSeconds(7), UsedShare: null), signal);
    }

    [Fact]
    public async Task A_limit_that_comes_near_is_told()
    {
        var budget = new RecordingBudget();
        using var given = new Given(budget: budget);
        given.Graph.When("GET", Message, new Reply.Answer(System.Net.HttpStatusCode.OK, Encoding.UTF8.GetBytes(Given.Message("m")), [("x-ms-throttle-limit-percentage", "0.9")]));

        await ReadAsync(given);

        Assert.Equal(0.9, Assert.Single(budget.Signals).UsedShare);
    }

    [Fact]
    public async Task A_stalled_answer_is_given_up_on_the_clock_of_the_network()
    {
        var network = new ManualClock();
        using var given = new Given(new GraphClientOptions { Jitter = () => 0.5, NetworkClock = network, MaxAttempts = 2 });
        given.Graph.Always("GET", Message, _ => Reply.Stall());

        var reading = ReadAsync(given);
        for (var attempt = 1; attempt <= 2; attempt++)
        {
            await Eventually.TrueAsync(() => given.Graph.Sent.Count == attempt, $"attempt {attempt} is under way");
            network.Advance(given.Options.StallTimeout);
        }

        var error = await Assert.ThrowsAsync<GraphTransientException>(() => reading);
        Assert.Equal("TimedOut", error.Code);
    }

    [Fact]
    public async Task Cancelling_ends_a_wait_and_is_not_an_error_of_the_service()
    {
        using var given = new Given(clock: new ManualClock());
        given.Graph.Always("GET", Message, _ => Reply.Error(429, "TooManyRequests", "", ("Retry-After", "600")));
        using var cancel = new CancellationTokenSource();

        var reading = given.Mailbox().TryReadAsync("m", cancel.Token);
        await Eventually.TrueAsync(() => given.Clock.Waits.Count > 0, "the pause has begun");
        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
    }

    private static Task<MessageSummary?> ReadAsync(Given given) => given.Mailbox().TryReadAsync("m", CancellationToken.None);

    private sealed class RecordingBudget : IRequestBudget
    {
        public List<int> Asked { get; } = [];

        public List<ThrottleSignal> Signals { get; } = [];

        public ValueTask WaitAsync(RequestCharge charge, CancellationToken cancellation)
        {
            Asked.Add(charge.Cost);
            return ValueTask.CompletedTask;
        }

        public void Report(ThrottleSignal signal) => Signals.Add(signal);
    }
}
