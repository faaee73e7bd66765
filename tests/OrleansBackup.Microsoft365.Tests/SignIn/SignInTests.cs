using OrleansBackup.Microsoft365.SignIn;
using OrleansBackup.Microsoft365.Tests.Fixtures;

namespace OrleansBackup.Microsoft365.Tests.SignIn;

public sealed class SignInTests
{
    private const string Message = "/messages/m?";

    [Theory]
    [InlineData(401, "invalid_client", 7000215, TenantAccessProblem.Credential)]
    [InlineData(401, "invalid_client", 7000222, TenantAccessProblem.Credential)]
    [InlineData(400, "unauthorized_client", 700016, TenantAccessProblem.Consent)]
    [InlineData(400, "unauthorized_client", 7000112, TenantAccessProblem.Consent)]
    [InlineData(400, "invalid_request", 90002, TenantAccessProblem.TenantBlocked)]
    [InlineData(400, "access_denied", 53003, TenantAccessProblem.TenantBlocked)]
    public async Task A_refused_sign_in_closes_the_tenant_and_says_why(int status, string error, int number, TenantAccessProblem problem)
    {
        using var given = new Given();
        given.Graph.WhenSigningIn(Refusal(status, error, number));

        var thrown = await Assert.ThrowsAsync<TenantAccessException>(() => given.Mailbox().TryReadAsync("m", CancellationToken.None));

        Assert.Equal(problem, thrown.Problem);
        Assert.Equal($"AADSTS{number}", thrown.Code);
        Assert.DoesNotContain("the-secret", thrown.ToString());
        Assert.Empty(given.Graph.Sent);
    }

    [Fact]
    public async Task A_token_service_that_stumbles_is_asked_again()
    {
        using var given = new Given();
        given.Graph.WhenSigningIn(Refusal(400, "temporarily_unavailable", 90006), Refusal(400, "temporarily_unavailable", 90006)).When("GET", Message, Reply.Json(Given.Message("m")));

        Assert.NotNull(await given.Mailbox().TryReadAsync("m", CancellationToken.None));
        Assert.Equal(2, given.Clock.Waits.Count);
    }

    [Fact]
    public async Task A_rejected_token_is_renewed_once()
    {
        using var given = new Given();
        given.Graph.When("GET", Message, Reply.Error(401, "InvalidAuthenticationToken"), Reply.Json(Given.Message("m")));

        await given.Mailbox().TryReadAsync("m", CancellationToken.None);

        Assert.Equal(2, given.Graph.SignIns.Count);
        Assert.NotEqual(given.Graph.Sent[0].Authorization, given.Graph.Sent[1].Authorization);
    }

    [Fact]
    public async Task A_fresh_token_that_is_rejected_too_closes_the_tenant()
    {
        using var given = new Given();
        given.Graph.Always("GET", Message, _ => Reply.Error(401, "InvalidAuthenticationToken"));

        var thrown = await Assert.ThrowsAsync<TenantAccessException>(() => given.Mailbox().TryReadAsync("m", CancellationToken.None));

        Assert.Equal(TenantAccessProblem.Credential, thrown.Problem);
        Assert.Equal(2, given.Graph.Sent.Count);
    }

    [Fact]
    public async Task A_token_is_asked_for_once_and_renewed_before_its_end()
    {
        using var given = new Given(clock: new ManualClock());
        given.Graph.Always("GET", Message, _ => Reply.Json(Given.Message("m")));
        var mailbox = given.Mailbox();

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => mailbox.TryReadAsync("m", CancellationToken.None)));
        Assert.Single(given.Graph.SignIns);
        given.Clock.Advance(TimeSpan.FromMinutes(54));
        await mailbox.TryReadAsync("m", CancellationToken.None);
        Assert.Single(given.Graph.SignIns);
        given.Clock.Advance(TimeSpan.FromMinutes(2));
        await mailbox.TryReadAsync("m", CancellationToken.None);

        Assert.Equal(2, given.Graph.SignIns.Count);
    }

    [Fact]
    public async Task Row_47_a_permission_withdrawn_between_calls_closes_the_tenant_and_is_named()
    {
        using var given = new Given();
        given.Graph
            .When("GET", Message, Reply.Json(Given.Message("m")))
            .Always("GET", Message, _ => Reply.Error(403, "ErrorAccessDenied"));
        await given.Mailbox().TryReadAsync("m", CancellationToken.None);
        given.Graph.Roles = ["User.Read.All"]; // the token that we hold still tells of the old consent

        var thrown = await Assert.ThrowsAsync<TenantAccessException>(() => given.Mailbox().TryReadAsync("m", CancellationToken.None));

        Assert.Equal(TenantAccessProblem.PermissionMissing, thrown.Problem);
        Assert.Equal("Mail.Read", thrown.MissingPermission);
    }

    [Fact]
    public async Task Row_47_a_token_without_any_role_closes_the_tenant()
    {
        using var given = new Given();
        given.Graph.Roles = [];
        given.Graph.Always("GET", "/users?", _ => Reply.Error(403, "Authorization_RequestDenied"));

        var thrown = await Assert.ThrowsAsync<TenantAccessException>(async () =>
        {
            await foreach (var _ in given.Directory.ListUsersAsync(CancellationToken.None))
            {
            }
        });

        Assert.Equal("User.Read.All", thrown.MissingPermission);
    }

    [Fact]
    public async Task A_mailbox_that_the_tenant_closed_to_us_closes_no_tenant()
    {
        using var given = new Given();
        given.Graph.Always("GET", Message, _ => Reply.Error(403, "ErrorAccessDenied"));

        var thrown = await Assert.ThrowsAsync<MailboxUnavailableException>(() => given.Mailbox().TryReadAsync("m", CancellationToken.None));

        Assert.Equal(MailboxProblem.AccessDenied, thrown.Problem);
    }

    [Fact]
    public void A_credential_does_not_tell_its_secret() =>
        Assert.DoesNotContain("the-secret", new TenantCredential("t", "c", "the-secret").ToString());

    [Fact]
    public void A_token_does_not_tell_itself() =>
        Assert.DoesNotContain("abc", new GraphToken("abc", default, Roles: null).ToString());

    [Fact]
    public void A_token_that_cannot_be_read_has_no_known_roles() => Assert.Null(GraphToken.ReadRoles("opaque"));

    private static Reply.Answer Refusal(int status, string error, int number) => new Reply.Answer((System.Net.HttpStatusCode)status, System.Text.Encoding.UTF8.GetBytes(
        $$"""{"error":"{{error}}","error_description":"AADSTS{{number}}: text. Trace ID: 1 Correlation ID: 2","error_codes":[{{number}}],"trace_id":"1","correlation_id":"2"}"""), [("Content-Type", "application/json")]);
}
