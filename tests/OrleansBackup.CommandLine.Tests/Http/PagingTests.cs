using System.Text.Json;
using OrleansBackup.CommandLine.Tests.Hosting;

namespace OrleansBackup.CommandLine.Tests.Http;

/// <summary>Lists are whole unless somebody asks for less, and names never leave their place in an address.</summary>
public sealed class PagingTests : CommandTest
{
    private const string Tenant = "275b7bce-b115-cc55-1168-43965f673560";

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        Server.On("GET /api/v1/tenants", """{"tenants":[{"id":"1","name":"A"},{"id":"2","name":"B"}],"next":"2&x","total":3.50}""").On("GET /api/v1/tenants", """{"tenants":[{"id":"3","name":"C"}],"next":null}""");
    }

    [Fact]
    public async Task All_pages_are_joined_in_the_shape_of_one()
    {
        var ran = await RunAsync("tenants", "list", "--json");

        var answer = JsonDocument.Parse(ran.Out).RootElement;
        Assert.Equal(["1", "2", "3"], answer.GetProperty("tenants").EnumerateArray().Select(tenant => tenant.GetProperty("id").GetString()));
        Assert.Equal(JsonValueKind.Null, answer.GetProperty("next").ValueKind);
        Assert.Equal("3.50", answer.GetProperty("total").GetRawText());
        Assert.Equal(["", "?after=2%26x"], Server.Seen.Select(asked => asked.Query));
    }

    [Fact]
    public async Task A_limit_is_kept_and_says_where_to_go_on()
    {
        var answer = JsonDocument.Parse((await RunAsync("tenants", "list", "--limit", "2", "--json")).Out).RootElement;

        Assert.Equal(2, answer.GetProperty("tenants").GetArrayLength());
        Assert.Equal("2&x", answer.GetProperty("next").GetString());
        Assert.Equal(["?limit=2"], Server.Seen.Select(asked => asked.Query));
    }

    [Fact]
    public async Task A_server_that_turns_in_circles_is_noticed()
    {
        Server.On("GET /api/v1/checks", """{"checks":[],"next":"a"}""");

        Assert.Equal(ExitCode.Failed, (await RunAsync("check", "list")).Exit);
    }

    [Fact]
    public async Task The_audit_record_goes_back_from_its_newest_entry()
    {
        Server.On("GET /api/v1/audit", """{"entries":[{"sequence":2}],"next":2}""").On("GET /api/v1/audit", """{"entries":[{"sequence":1}],"next":null}""");

        await RunAsync("audit", "list");

        Assert.Equal(["", "?after=2"], Server.Seen.Select(asked => asked.Query));
    }

    [Fact]
    public async Task An_id_stays_one_part_of_the_address_whatever_is_in_it()
    {
        await RunAsync("points", "item", Tenant, "mailbox-1", "latest", "a/../b?c=d#e%2F");

        Assert.Equal($"/api/v1/tenants/{Tenant}/resources/mailbox-1/points/latest/items/a%2F..%2Fb%3Fc%3Dd%23e%252F", Server.Seen.Single().Path);
    }

    [Theory]
    [InlineData("b", "2")]
    [InlineData("C", "3")]
    public async Task A_customer_may_be_called_by_name(string name, string id)
    {
        Assert.Equal(ExitCode.NotFound, (await RunAsync("tenants", "show", name)).Exit); // the stub knows none of them
        Assert.Equal($"/api/v1/tenants/{id}", Server.Seen.Last().Path);
    }

    [Fact]
    public async Task A_name_that_fits_two_resources_is_refused_with_their_ids()
    {
        Server.On($"GET /api/v1/tenants/{Tenant}/resources", """{"resources":[{"id":"mailbox-1","address":"anna@example.com"},{"id":"onedrive-1","address":"anna@example.com"}],"next":null}""");

        var ran = await RunAsync("resources", "show", Tenant, "anna@example.com");
        await RunAsync("resources", "show", Tenant, "onedrive:anna@example.com");

        Assert.Equal(ExitCode.WrongCall, ran.Exit);
        Assert.Contains("mailbox-1 or onedrive-1", ran.Error, StringComparison.Ordinal);
        Assert.EndsWith("/resources/onedrive-1", Server.Seen.Last().Path, StringComparison.Ordinal);
    }
}
