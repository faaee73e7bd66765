using OrleansBackup.CommandLine.Tests.Hosting;

namespace OrleansBackup.CommandLine.Tests.Http;

/// <summary>A busy server is asked again when it says so, and never made to do a thing twice.</summary>
public sealed class RetryTests : CommandTest
{
    private const string Tenant = "275b7bce-b115-cc55-1168-43965f673560";
    private const string Discover = $"POST /api/v1/tenants/{Tenant}/discoveries";

    [Theory]
    [InlineData(429)]
    [InlineData(503)]
    public async Task It_comes_again_when_the_server_said_and_with_the_same_key(int status)
    {
        Server.On(Discover, "{}", status, ("Retry-After", "3")).On(Discover, "{}", status, ("Retry-After", "Mon, 02 Mar 2026 20:30:07 GMT")).On(Discover, """{"found":1}""");

        var ran = await RunAsync("tenants", "discover", Tenant);

        Assert.Equal(ExitCode.Done, ran.Exit);
        Assert.Equal([TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(7)], Time.Waits);
        Assert.Equal(3, Server.Seen.Count);
        Assert.True(Guid.TryParse(Assert.Single(Server.Seen.Select(asked => asked.Headers["Idempotency-Key"].ToString()).Distinct()), out _));
    }

    [Theory]
    [InlineData(503, "", 1)]
    [InlineData(429, "7200", 1)]
    [InlineData(409, "3", 1)]
    [InlineData(429, "0", 6)]
    public async Task It_does_not_wait_for_what_nobody_promised_or_for_ever(int status, string retryAfter, int asked)
    {
        Server.On(Discover, "{}", status, ("Retry-After", retryAfter));

        var ran = await RunAsync("tenants", "discover", Tenant);

        Assert.Equal(status == 409 ? ExitCode.Conflict : ExitCode.Unreachable, ran.Exit);
        Assert.Equal(asked, Server.Seen.Count);
    }

    [Fact]
    public async Task Two_calls_are_two_creations()
    {
        Server.On(Discover, "{}");

        await RunAsync("tenants", "discover", Tenant);
        await RunAsync("tenants", "discover", Tenant);

        Assert.Equal(2, Server.Seen.Select(asked => asked.Headers["Idempotency-Key"].ToString()).Distinct().Count());
    }

    [Fact]
    public async Task Settings_are_changed_from_what_was_read_and_only_in_what_was_given()
    {
        const string settings = $"/api/v1/tenants/{Tenant}/settings";
        Server.On($"GET {settings}", """{"scope":{"mode":"everything"},"retention":{"days":90,"calendarMonths":null},"window":{"start":"18:00:00","length":"03:00:00"}}""", 200, ("ETag", "\"7\"")).On($"PUT {settings}", "{}");

        await RunAsync("tenants", "settings", Tenant, "--retention-days", "400", "--window-start", "19:30");

        var change = Server.Seen.Last();
        Assert.Equal("\"7\"", change.Headers.IfMatch);
        Assert.Equal("""{"scope":{"mode":"everything"},"retention":{"days":400,"calendarMonths":null},"window":{"start":"19:30:00","length":"03:00:00"}}""", change.Body);
    }
}
