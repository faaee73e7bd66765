using System.Net;
using NSubstitute;
using OrleansBackup.ClientApi.Tests.Hosting;
using OrleansBackup.Domain.Audit;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Erasures;
using OrleansBackup.GrainInterfaces.Resources;

namespace OrleansBackup.ClientApi.Tests.Resources;

/// <summary>Erasing one person over REST: the address stays out of the audit book, one person proposes, a second confirms the same list.</summary>
public sealed class ErasureSearchEndpointsTests : ApiHost
{
    private static readonly Guid Id = Guid.Parse("019a0000-0000-7000-8000-000000000002");
    private static readonly PersonsDecision Asked = new("first", "demand of 14 March", Sample.Noon);

    private static readonly ErasureSearch Found = new(Id, "person@fabrikam.example", "aa", Asked, ErasureSearchStage.Found, 4)
    {
        Searched = 4, Own = [new OwnResource(Sample.Mailbox, 3)], Items = 2, ListHash = "bb",
    };

    private readonly IErasureSearchGrain _searches = Substitute.For<IErasureSearchGrain>();

    private static string Path => $"{Sample.TenantPath}/erasure-searches";

    private static CancellationToken Any => Arg.Any<CancellationToken>();

    [Fact]
    public async Task A_person_is_looked_for_and_what_was_found_is_listed_in_pages_with_names_and_the_audit_book_knows_no_address()
    {
        Teach();
        var started = await SendAsync(HttpMethod.Post, Path, """{"address":" person@fabrikam.example ","why":"demand of 14 March"}""", HttpStatusCode.Accepted);
        Assert.Equal("found", started.Text("stage"));
        await _searches.Received(1).Start(Arg.Any<Guid>(), "person@fabrikam.example", Arg.Is<PersonsDecision>(asked => asked.Why == "demand of 14 March"), Any);
        Assert.Equal("bb", (await GetAsync($"{Path}/{Id}")).Text("list"));
        Assert.Equal(Sample.Mailbox.LocalName, (await GetAsync(Path)).First("searches").First("own").Text("resource"));
        var page = await GetAsync($"{Path}/{Id}/items?limit=1");
        Assert.Equal(("item-1", "1"), (page.First("items").Text("id"), page.Text("next")));
        Assert.Equal("resource id kind places name from time", page.First("items").Names());
        await GetAsync($"{Path}/{Id}/items?after=1");
        await _searches.Received(1).ListFound(Id, 1, Arg.Any<int>(), Any);
        Assert.Contains(Service.Notes, note => note.Act == AuditActs.SearchPerson);
        Assert.DoesNotContain(Service.Notes.SelectMany(note => note.Facts.Values), fact => fact.Contains("person@", StringComparison.Ordinal));
        await RefusedAsync(HttpMethod.Post, Path, """{"why":"demand"}""", HttpStatusCode.BadRequest, "invalid-request", "address");
        await RefusedAsync(HttpMethod.Post, Path, """{"address":"a@b.nl"}""", HttpStatusCode.BadRequest, "invalid-request", "why");
        await RefusedAsync(HttpMethod.Get, $"{Path}/{Id}/items?after=x", null, HttpStatusCode.BadRequest, "invalid-request", "after");
        await RefusedAsync(HttpMethod.Get, $"/api/v1/tenants/{Sample.UnknownTenant}/erasure-searches", null, HttpStatusCode.NotFound, "not-found");
        using var dropped = await SignedIn.DeleteAsync(new Uri($"{Path}/{Id}", UriKind.Relative));
        Assert.Equal(HttpStatusCode.NoContent, dropped.StatusCode);
    }

    [Theory]
    [InlineData("""{"list":"bb","allFound":true,"confirmation":"erase for ever"}""", "why")]
    [InlineData("""{"allFound":true,"why":"w","confirmation":"erase for ever"}""", "list")]
    [InlineData("""{"list":"bb","allFound":true,"why":"w","confirmation":"yes"}""", "confirmation")]
    [InlineData("""{"list":"bb","why":"w","confirmation":"erase for ever"}""", "items")]
    [InlineData("""{"list":"bb","allFound":true,"items":[{"resource":"a","itemIds":["b"]}],"why":"w","confirmation":"erase for ever"}""", "items")]
    [InlineData("""{"list":"bb","items":[{"resource":"a","itemIds":["b"]}],"except":[{"resource":"a","itemIds":["b"]}],"why":"w","confirmation":"erase for ever"}""", "except")]
    public async Task What_makes_no_sense_waits_for_nobody(string body, string field)
    {
        Teach();
        await RefusedAsync(HttpMethod.Post, $"{Path}/{Id}/erasure", body, HttpStatusCode.BadRequest, "invalid-request", field);
        await _searches.DidNotReceiveWithAnyArgs().Erase(default, default!, default);
    }

    [Fact]
    public async Task What_a_second_person_confirms_is_what_is_erased()
    {
        Teach();
        const string body = """{"list":"bb","whole":["mailbox-x"],"allFound":true,"except":[{"resource":"mailbox-y","itemIds":["item-1"]}],"why":"demand of 14 March","confirmation":"erase for ever"}""";
        await SendAsync(HttpMethod.Post, $"{Path}/{Id}/erasure?confirm={Guid.Empty}", body, HttpStatusCode.OK);
        await _searches.Received(1).Erase(Id, Arg.Is<ErasureChoice>(choice => choice.ListHash == "bb" && choice.AllFound && choice.Whole.Single() == "mailbox-x"
            && choice.Except.Single().Resource == "mailbox-y" && choice.Except.Single().ItemIds.Single() == "item-1" && choice.Decision.Why == "demand of 14 March"), Any);
        Assert.Contains(Service.Notes, note => note.Act == AuditActs.ErasePerson);
    }

    private void Teach()
    {
        Service.Grains.GetGrain<IErasureSearchGrain>(GrainKeys.Of(Sample.Tenant)).Returns(_searches);
        _searches.Start(default, default!, default!, default).ReturnsForAnyArgs(Found);
        _searches.Erase(default, default!, default).ReturnsForAnyArgs(Found);
        _searches.Get(Id, Any).Returns(Found);
        _searches.List(Any).Returns([Found]);
        _searches.ListFound(Id, 0, 2, Any).Returns([new FoundItem(Sample.Mailbox, "item-1", "message", ["from"], 2), new FoundItem(Sample.Mailbox, "item-2", "message", ["toRecipients"], 2)]);
        _searches.ListFound(Id, 1, Arg.Any<int>(), Any).Returns([new FoundItem(Sample.Mailbox, "item-2", "message", ["toRecipients"], 2)]);
    }
}
