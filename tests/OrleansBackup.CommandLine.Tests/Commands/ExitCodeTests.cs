using OrleansBackup.CommandLine.Tests.Hosting;

namespace OrleansBackup.CommandLine.Tests.Commands;

/// <summary>What scripts rely on: the number, and where words go.</summary>
public sealed class ExitCodeTests : CommandTest
{
    private const string Tenant = "275b7bce-b115-cc55-1168-43965f673560", Resource = "mailbox-b0bdf308-abe6-5424-c915-ca44a472e76c", Id = "019cb564-f572-77ed-8443-aec93758d45e";
    private const string Runs = $"/api/v1/tenants/{Tenant}/resources/{Resource}/runs";

    [Theory]
    [InlineData(400, 2)]
    [InlineData(413, 2)]
    [InlineData(415, 2)]
    [InlineData(401, 3)]
    [InlineData(403, 3)]
    [InlineData(404, 4)]
    [InlineData(410, 4)]
    [InlineData(409, 5)]
    [InlineData(412, 5)]
    [InlineData(422, 1)]
    [InlineData(500, 1)]
    [InlineData(429, 6)]
    [InlineData(502, 6)]
    [InlineData(503, 6)]
    [InlineData(504, 6)]
    public async Task A_refusal_is_told_on_standard_error_and_has_its_number(int status, int exit)
    {
        Server.On("GET /api/v1/tenants", """{"type":"https://orleansbackup.dev/problems/some-kind","title":"A title","detail":"What happened.","cure":"What helps.","traceId":"00-ab"}""", status);

        var ran = await RunAsync("tenants", "list");

        Assert.Equal((ExitCode)exit, ran.Exit);
        Assert.Equal("", ran.Out);
        Assert.Equal("error: A title: What happened.\nwhat to do: What helps.\nreference: some-kind, trace 00-ab\n", ran.Error);
    }

    [Theory]
    [InlineData("succeeded", 0)]
    [InlineData("succeededWithWarnings", 7)]
    [InlineData("failed", 1)]
    [InlineData("cancelled", 1)]
    public async Task A_watched_run_ends_the_command_as_it_ended_itself(string outcome, int exit)
    {
        Server.On($"POST {Runs}", $$"""{"id":"{{Id}}"}""", 202).OnEvents($"GET {Runs}/{Id}/events", ("progress", """{"step":"Reading"}"""), ("end", $$"""{"outcome":"{{outcome}}"}"""));

        Assert.Equal((ExitCode)exit, (await RunAsync("run", "start", Tenant, Resource, "--watch")).Exit);
    }

    [Theory]
    [InlineData("completed", 0)]
    [InlineData("completedWithFailures", 7)]
    [InlineData("failed", 1)]
    [InlineData("cancelled", 1)]
    public async Task A_watched_restore_ends_the_command_as_it_ended_itself(string state, int exit)
    {
        Server.OnEvents($"GET /api/v1/tenants/{Tenant}/restores/{Id}/events", ("end", $$"""{"state":"{{state}}"}"""));

        Assert.Equal((ExitCode)exit, (await RunAsync("restore", "watch", Tenant, Id)).Exit);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("tenants")]
    [InlineData("tenants", "show")]
    [InlineData("tenants", "list", "--limit", "0")]
    [InlineData("tenants", "list", "--limit", "many")]
    [InlineData("tenants", "list", "--colour")]
    [InlineData("report", "month", Tenant, "2026-03", "--format", "docx")]
    [InlineData("restore", "start", Tenant, "--resource", Resource, "--point", "1")]
    [InlineData("restore", "start", Tenant, "--resource", Resource, "--point", "1", "--everything", "--item", "a")]
    [InlineData("points", "item", Tenant, Resource, "1", "..")]
    [InlineData("store", "accept", Tenant, Resource)]
    [InlineData("sign-in", "--key", "secret")]
    public async Task A_wrong_call_is_2_and_asks_the_server_nothing(params string[] words)
    {
        var ran = await RunAsync(words);

        Assert.Equal(ExitCode.WrongCall, ran.Exit);
        Assert.Equal("", ran.Out);
        Assert.NotEqual("", ran.Error);
        Assert.Empty(Server.Seen);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_6()
    {
        var gone = await StubServer.StartAsync();
        Variables["ORLEANSBACKUP_SERVER"] = gone.Address.ToString();
        await gone.DisposeAsync();

        var ran = await RunAsync("tenants", "list");

        Assert.Equal(ExitCode.Unreachable, ran.Exit);
        Assert.Contains("cannot be reached", ran.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Something_that_is_no_server_of_ours_is_told()
    {
        Server.On("GET /api/v1/tenants", "<html>");

        Assert.Equal(ExitCode.Failed, (await RunAsync("tenants", "list")).Exit);
    }

    [Fact]
    public async Task Damage_in_a_vault_is_1()
    {
        Server.On($"POST /api/v1/tenants/{Tenant}/resources/{Resource}/checks", """{"everyByte":true,"objectsRead":3,"bytesRead":10,"findings":["pack 7 is damaged"]}""");

        var ran = await RunAsync("verify", "vault", Tenant, Resource, "--every-byte");

        Assert.Equal(ExitCode.Failed, ran.Exit);
        Assert.Contains("pack 7 is damaged", ran.Out, StringComparison.Ordinal);
        Assert.Equal("""{"everyByte":true}""", Server.Seen.Single().Body);
    }

    [Theory]
    [InlineData("""{"entries":[{"sequence":2,"previous":"a","hash":"b"},{"sequence":1,"previous":"","hash":"a"}],"next":null}""", 0)]
    [InlineData("""{"entries":[{"sequence":2,"previous":"x","hash":"b"},{"sequence":1,"previous":"","hash":"a"}],"next":null}""", 1)]
    [InlineData("""{"entries":[{"sequence":3,"previous":"a","hash":"b"},{"sequence":1,"previous":"","hash":"a"}],"next":null}""", 1)]
    [InlineData("""{"entries":[{"sequence":3,"previous":"a","hash":"b"},{"sequence":2,"previous":"","hash":"a"}],"next":null}""", 1)]
    [InlineData("""{"entries":[],"next":null}""", 0)]
    public async Task A_broken_chain_of_the_audit_record_is_1(string entries, int exit)
    {
        Server.On("GET /api/v1/audit", entries);

        Assert.Equal((ExitCode)exit, (await RunAsync("verify", "audit")).Exit);
    }

    [Fact]
    public async Task A_search_that_left_something_out_is_7_and_says_what()
    {
        Server.OnEvents($"GET /api/v1/tenants/{Tenant}/search", ("found", """{"resource":"r","point":2,"day":"2026-03-03","item":{"id":"i","subject":"Offerte"}}"""),
            ("end", """{"searched":1,"found":1,"more":false,"notSearched":[{"resource":"x","displayName":"Anna","reason":"The vault cannot serve."}]}"""));

        var ran = await RunAsync("points", "search", Tenant, "offerte", "twee woorden");

        Assert.Equal(ExitCode.Partly, ran.Exit);
        Assert.Contains("Offerte", ran.Out, StringComparison.Ordinal);
        Assert.Contains("not searched: Anna: The vault cannot serve.", ran.Error, StringComparison.Ordinal);
        Assert.Equal("?text=offerte%20%22twee%20woorden%22", Server.Seen.Single().Query);
    }
}
