using System.Collections.Immutable;
using System.Net;
using System.Net.ServerSentEvents;
using System.Text.Json;
using NSubstitute;
using OrleansBackup.ClientApi.Tests.Hosting;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Points;
using OrleansBackup.GrainInterfaces.Tenants;

namespace OrleansBackup.ClientApi.Tests.Points;

public sealed class SearchEndpointsTests : ApiHost
{
    private static string InPoint => $"{Sample.MailboxPath}/points/7/search";

    private static string InTenant => $"/api/v1/tenants/{Sample.Tenant}/search";

    private void Finds(params Func<ImmutableArray<ItemAtPoint>>[] parts) =>
        Service.Point.Search(Arg.Any<ItemSearch>(), Arg.Any<CancellationToken>()).Returns(_ => FakeService.Streamed<ImmutableArray<ItemAtPoint>>(parts.AsEnumerable()));

    private void TenantHasOnlyTheMailbox() => Service.Tenant.ListResources(Arg.Any<string?>(), Arg.Any<int>(), Arg.Any<CancellationToken>())
        .Returns(new ResourcePage([Sample.Listing], null));

    [Fact]
    public async Task What_a_point_finds_is_sent_as_events_and_then_the_end()
    {
        Finds(() => [Sample.Item, Sample.Item with { Id = "item/2=" }], () => [Sample.Item with { Id = "item/3=" }]);
        var events = await EventsAsync($"{InPoint}?text=one%20%22two%20words%22&from=2026-03-01T00:00:00Z&limit=3");
        Assert.Equal(["found", "found", "found", "end"], events.Select(item => item.EventType));
        Assert.Equal("resource point day item", events[0].Body.Names());
        Assert.Equal("item/3=", events[2].Body.At("item").Text("id"));
        Assert.Equal("""{"searched":1,"found":3,"more":false,"notSearched":[]}""", events[3].Body.GetRawText());
        Service.Point.Received().Search(Arg.Is<ItemSearch>(search => search.Words.SequenceEqual(new[] { "one", "two words" }) && search.From!.Value.Day == 1 && search.Until == null), Arg.Any<CancellationToken>());
    }

    [Fact]
    public async Task The_limit_ends_a_search_and_says_that_there_is_more()
    {
        Finds(() => [Sample.Item, Sample.Item], () => [Sample.Item]);
        TenantHasOnlyTheMailbox();
        foreach (var address in new[] { InPoint, InTenant })
        {
            var events = await EventsAsync($"{address}?text=x&limit=2");
            Assert.Equal(["found", "found", "end"], events.Select(item => item.EventType));
            Assert.True(events[2].Body.At("more").GetBoolean());
        }
    }

    [Fact]
    public async Task A_tenant_is_searched_as_it_was_on_a_day()
    {
        Finds(() => [Sample.Item]);
        TenantHasOnlyTheMailbox();
        var events = await EventsAsync($"{InTenant}?text=x&day=2026-03-13");
        Assert.Equal((5L, Sample.Mailbox.LocalName), (events[0].Body.At("point").GetInt64(), events[0].Body.Text("resource")));
        Assert.Equal("""{"searched":1,"found":1,"more":false,"notSearched":[]}""", events[1].Body.GetRawText());

        events = await EventsAsync($"{InTenant}?text=x&day=2026-03-01"); // no point is that old
        Assert.Equal("""{"searched":0,"found":0,"more":false,"notSearched":[]}""", Assert.Single(events).Body.GetRawText());
    }

    [Fact]
    public async Task A_resource_that_cannot_be_searched_is_named_and_ends_nothing()
    {
        Finds(() => [Sample.Item], () => throw new VaultUnavailableException("The disk is gone."));
        TenantHasOnlyTheMailbox();
        var events = await EventsAsync($"{InTenant}?text=x");
        Assert.Equal(["found", "end"], events.Select(item => item.EventType));
        var left = Assert.Single(events[1].Body.At("notSearched").EnumerateArray());
        Assert.Equal((Sample.Mailbox.LocalName, "The disk is gone."), (left.Text("resource"), left.Text("reason")));
    }

    [Fact]
    public async Task A_list_of_resources_that_fails_is_a_problem_and_never_an_end()
    {
        Service.Tenant.ListResources(Arg.Any<string?>(), Arg.Any<int>(), Arg.Any<CancellationToken>()).Returns<ResourcePage>(_ => throw new TimeoutException());
        await RefusedAsync(HttpMethod.Get, $"{InTenant}?text=x", null, HttpStatusCode.GatewayTimeout, "took-too-long");
    }

    [Theory]
    [InlineData("", "text")]
    [InlineData("?text=%20%22%22", "text")]
    [InlineData("?text=a+b+c+d+e+f+g+h+i+j+k+l+m+n+o+p+q+r+s+t+u", "text")]
    [InlineData("?from=2026-03-02T00:00:00Z&until=2026-03-02T00:00:00Z", "until")]
    [InlineData("?text=x&limit=0", "limit")]
    [InlineData("?text=x&from=yesterday", "from")]
    public async Task A_search_for_nothing_is_refused(string query, string field)
    {
        foreach (var address in new[] { InPoint, InTenant })
            await RefusedAsync(HttpMethod.Get, address + query, null, HttpStatusCode.BadRequest, "invalid-request", field);
    }

    [Fact]
    public async Task A_day_that_is_none_and_a_tenant_that_is_not_there_are_refused()
    {
        await RefusedAsync(HttpMethod.Get, $"{InTenant}?text=x&day=latest", null, HttpStatusCode.BadRequest, "invalid-request", "day");
        await RefusedAsync(HttpMethod.Get, $"/api/v1/tenants/{Sample.UnknownTenant}/search?text=x", null, HttpStatusCode.NotFound, "not-found");
        await RefusedAsync(HttpMethod.Get, $"{Sample.MailboxPath}/points/8/search?text=x", null, HttpStatusCode.NotFound, "not-found");
    }

    private async Task<(string EventType, JsonElement Body)[]> EventsAsync(string path)
    {
        await using var stream = await SignedIn.GetStreamAsync(new Uri(path, UriKind.Relative));
        var events = new List<(string, JsonElement)>();
        await foreach (var item in SseParser.Create(stream).EnumerateAsync())
            events.Add((item.EventType, JsonDocument.Parse(item.Data).RootElement));
        return [.. events];
    }
}
