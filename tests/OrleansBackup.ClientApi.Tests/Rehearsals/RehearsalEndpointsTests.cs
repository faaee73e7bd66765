using System.Collections.Immutable;
using System.Net;
using NSubstitute;
using OrleansBackup.ClientApi.Tests.Hosting;
using OrleansBackup.GrainInterfaces.Rehearsals;
using OrleansBackup.GrainInterfaces.Resources;

namespace OrleansBackup.ClientApi.Tests.Rehearsals;

/// <summary>Rehearsals, the figure between them, and erasure, over the API.</summary>
public sealed class RehearsalEndpointsTests : ApiHost
{
    private static readonly RehearsalListing Held = new("2026-Q4", RehearsalStage.Done, new PersonsDecision("the service", "due", Sample.Noon), 50, new string('6', 64), 3, 1, 50, 49, 1, Sample.Noon, new string('7', 64), 0, null);

    [Theory]
    [InlineData("/api/v1/rehearsals")]
    [InlineData("/api/v1/tenants/{tenant}/rehearsals")]
    public async Task A_rehearsal_is_begun_listed_and_its_evidence_downloaded(string path)
    {
        path = path.Replace("{tenant}", Sample.Tenant.ToString(), StringComparison.Ordinal);
        Service.Rehearsals.Begin(Arg.Any<string>(), "asked", 20, Arg.Any<CancellationToken>()).Returns(Held);
        Service.Rehearsals.List(Arg.Any<CancellationToken>()).Returns(ImmutableArray.Create(Held));
        Service.Rehearsals.Get("2026-Q4", Arg.Any<CancellationToken>()).Returns(Held);
        Service.Rehearsals.ReadRecord("2026-Q4", Arg.Any<CancellationToken>()).Returns("{}\nc2ln\n");
        Service.Rehearsals.ReadInventory("2026-Q4", Arg.Any<CancellationToken>()).Returns(_ => FakeService.Streamed<ReadOnlyMemory<byte>>("{}\n"u8.ToArray()));

        Assert.Equal("2026-Q4", (await SendAsync(HttpMethod.Post, path, """{"why":"asked","minimum":20}""", HttpStatusCode.Accepted)).Text("name"));
        Assert.Equal(49, (await GetAsync(path)).At("rehearsals")[0].At("same").GetInt32());
        Assert.Equal("done", (await GetAsync($"{path}/2026-Q4")).Text("stage"));
        Assert.Equal("{}\nc2ln\n", await SignedIn.GetStringAsync(new Uri($"{path}/2026-Q4/record", UriKind.Relative)));
        Assert.Equal("{}\n", await SignedIn.GetStringAsync(new Uri($"{path}/2026-Q4/inventory", UriKind.Relative)));
        await RefusedAsync(HttpMethod.Post, path, "{}", HttpStatusCode.BadRequest, "invalid-request", "why");
    }

    [Fact]
    public async Task The_figure_stands_at_the_resource_and_in_the_tenants_summary()
    {
        Assert.Equal(0.75, (await GetAsync($"/api/v1/tenants/{Sample.Tenant}/resources/{Sample.Mailbox.LocalName}")).At("restorability").At("share").GetDouble());
        var summary = await GetAsync($"/api/v1/tenants/{Sample.Tenant}/restorability");
        Assert.Equal(0.75, summary.At("leastShare").GetDouble());
        Assert.Equal(1, summary.At("resources").GetArrayLength());
    }

    [Fact]
    public async Task An_erasure_wants_its_confirmation_and_a_reason()
    {
        var path = $"/api/v1/tenants/{Sample.Tenant}/resources/{Sample.Mailbox.LocalName}/erasures";
        await RefusedAsync(HttpMethod.Post, path, """{"itemIds":["a"],"why":"a demand"}""", HttpStatusCode.BadRequest, "invalid-request", "confirmation");
        await RefusedAsync(HttpMethod.Post, path, """{"itemIds":["a"],"confirmation":"erase for ever"}""", HttpStatusCode.BadRequest, "invalid-request", "why");
        await RefusedAsync(HttpMethod.Post, path, """{"itemIds":["a"],"everything":true,"why":"a demand","confirmation":"erase for ever"}""", HttpStatusCode.BadRequest, "invalid-request", "itemIds");
        await RefusedAsync(HttpMethod.Post, path, """{"why":"a demand","confirmation":"erase for ever"}""", HttpStatusCode.BadRequest, "invalid-request", "itemIds");
        await Service.Mailbox.DidNotReceive().Erase(Arg.Any<ErasureOrder>(), Arg.Any<CancellationToken>());

        Assert.Equal(5, (await SendAsync(HttpMethod.Post, $"{path}?confirm={Guid.Empty}", """{"itemIds":["a"],"why":"a demand","confirmation":"erase for ever"}""", HttpStatusCode.OK)).At("points").GetInt32());
    }
}
