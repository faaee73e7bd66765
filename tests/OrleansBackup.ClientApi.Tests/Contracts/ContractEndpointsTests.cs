using System.Collections.Immutable;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using NSubstitute;
using NSubstitute.ExceptionExtensions;
using OrleansBackup.ClientApi.Tests.Hosting;
using OrleansBackup.Domain.Calendar;
using OrleansBackup.Domain.Contracts;
using OrleansBackup.Domain.Plans;
using OrleansBackup.Domain.Retention;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Contracts;

namespace OrleansBackup.ClientApi.Tests.Contracts;

/// <summary>Plans and contracts over REST: what is passed on, what is shown, what is refused with the field that is wrong.</summary>
public sealed class ContractEndpointsTests : ApiHost
{
    private static readonly string Contract = $"{Sample.TenantPath}/contract";
    private static readonly PlanCatalog Plans = PlanCatalog.Read([Path.Combine(AppContext.BaseDirectory, "plans")], out _);
    private static readonly DateOnly Start = new(2025, 3, 15), Today = new(2026, 6, 10);

    private readonly IContractGrain _grain = Substitute.For<IContractGrain>();

    private static CancellationToken Any => Arg.Any<CancellationToken>();

    protected override void Register(IServiceCollection services)
    {
        services.AddSingleton(Plans).AddSingleton(WorkingCalendar.Netherlands);
        Service.Grains.GetGrain<IContractGrain>(GrainKeys.Of(Sample.Tenant)).Returns(_grain);
        _grain.Get(Any).Returns(Record());
    }

    [Fact]
    public async Task Plans_are_listed_and_shown_whole()
    {
        var listed = await GetAsync("/api/v1/plans");
        Assert.Equal(["accensys", "jp-ict"], listed.At("plans").EnumerateArray().Select(plan => plan.Text("id")));
        var plan = await GetAsync("/api/v1/plans/accensys");
        Assert.Equal("P90D", plan.At("plan").Text("retention"));
        Assert.Equal("P2WD", plan.At("document").At("contract").Text("noticeProcessing"));
        await RefusedAsync(HttpMethod.Get, "/api/v1/plans/gold", null, HttpStatusCode.NotFound, "not-found");
    }

    [Fact]
    public async Task A_contract_is_made_with_its_deviations_by_the_holder_of_the_key()
    {
        _grain.Make(Arg.Any<ContractOrder>(), Arg.Any<string>(), Any).Returns(Record());
        await SendAsync(HttpMethod.Post, Contract, """
            {"plan":"accensys","start":"2026-07-01","reference":"Contract 2026-1","prerequisites":{"m365-service":"Contract M-1"},
             "overrides":[{"path":"retention.keep","value":"P1Y","reference":"Annex 1","agreedBy":"the director","agreedOn":"2026-06-01"}]}
            """, HttpStatusCode.Created);
        await _grain.Received(1).Make(Arg.Is<ContractOrder>(order => order.Plan == "accensys" && order.Start == new DateOnly(2026, 7, 1) && order.Overrides.Single().Value == "\"P1Y\""
            && order.Prerequisites["m365-service"] == "Contract M-1"), Arg.Is<string>(who => who.Length > 0), Any);
    }

    [Theory]
    [InlineData("""{"start":"2026-07-01","reference":"C"}""", "plan")]
    [InlineData("""{"plan":"accensys","reference":"C"}""", "start")]
    [InlineData("""{"plan":"accensys","start":"2026-07-01"}""", "reference")]
    [InlineData("""{"plan":"accensys","start":"2026-07-01","reference":"C","overrides":[{"path":"retention.keep","value":"P1Y","agreedBy":"d","agreedOn":"2026-06-01"}]}""", "overrides[0].reference")]
    public async Task A_missing_part_of_a_contract_is_named(string body, string field) =>
        await RefusedAsync(HttpMethod.Post, Contract, body, HttpStatusCode.BadRequest, "invalid-request", field);

    [Fact]
    public async Task A_contract_tells_how_it_stands()
    {
        var shown = await GetAsync(Contract);
        Assert.Equal("accensys", shown.Text("plan"));
        Assert.Equal("2026-07-31", shown.Text("endIfNoticeToday"));
        Assert.Equal("made", (await GetAsync($"{Contract}/journal")).First("entries").At("event").Text("kind"));
    }

    [Fact]
    public async Task A_preview_shows_two_years_and_another_plan_beside_it()
    {
        var preview = await GetAsync($"{Contract}/preview?users=10");
        Assert.Equal(24, preview.At("entries").EnumerateArray().Count(entry => entry.Text("kind") == "invoice"));
        var compared = await SendAsync(HttpMethod.Post, $"{Contract}/preview", """{"plan":"jp-ict","from":"2026-07-01","newTerm":true}""", HttpStatusCode.OK);
        Assert.True(compared.At("retentionShortened").GetBoolean());
        Assert.Equal("2027-06-30", compared.Text("earliestEndThen"));
        await RefusedAsync(HttpMethod.Post, $"{Contract}/preview", """{"plan":"gold","from":"2026-07-01"}""", HttpStatusCode.BadRequest, "invalid-request", "plan");
        await RefusedAsync(HttpMethod.Post, $"{Contract}/preview", """{"plan":"jp-ict","from":"2026-01-01"}""", HttpStatusCode.BadRequest, "invalid-request", "from");
    }

    [Fact]
    public async Task A_notice_is_received_processed_and_withdrawn()
    {
        _grain.ReceiveNotice(null, "person1@example.nl", "Letter 1", Arg.Any<string>(), Any).Returns(Record(new NoticeReceived(Today, "person1@example.nl", "Letter 1")));
        var received = await SendAsync(HttpMethod.Post, $"{Contract}/notice", """{"by":"person1@example.nl","reference":"Letter 1"}""", HttpStatusCode.OK);
        Assert.Equal("2026-06-12", received.At("notice").Text("processBy"));
        _grain.ProcessNotice(Arg.Any<string>(), Any).ThrowsAsync(new NotPossibleNowException("No notice is waiting."));
        await RefusedAsync(HttpMethod.Post, $"{Contract}/notice/process", null, HttpStatusCode.Conflict, "not-possible-now");
        await RefusedAsync(HttpMethod.Post, $"{Contract}/notice/withdraw", """{"reference":"Letter 2"}""", HttpStatusCode.BadRequest, "invalid-request", "by");
    }

    [Fact]
    public async Task What_makes_points_unrecoverable_is_foreseen_proposed_and_confirmed()
    {
        _grain.Foresee(Arg.Any<ActOrder>(), Any).Returns(new ConsequenceReport(1, 60, Today, Today.AddDays(29), 0, "hash", "list"));
        _grain.Propose(Arg.Any<ActOrder>(), Arg.Any<string>(), Any).Returns(Record(new ActProposed(1, ActKind.Settings, "{}", "Asked", 1, 60, Today, Today, "hash", "notice")));
        _grain.Confirm(1, Arg.Any<string>(), Any).ThrowsAsync(new NotPossibleNowException("A second person has to look."));
        _grain.ReadConsequences(1, Any).Returns("resource,point\n");
        const string body = """{"kind":"settings","why":"Asked","settings":{"retention":{"days":30}}}""";

        Assert.Equal(60, (await SendAsync(HttpMethod.Post, $"{Contract}/consequences/foresee", body, HttpStatusCode.OK)).At("points").GetInt64());
        var proposed = await SendAsync(HttpMethod.Post, $"{Contract}/consequences", body, HttpStatusCode.OK);
        Assert.Equal("settings", proposed.First("proposals").Text("kind"));
        await _grain.Received(1).Propose(Arg.Is<ActOrder>(order => order.Settings!.Retention == RetentionRule.OfDays(30)), Arg.Any<string>(), Any);
        await RefusedAsync(HttpMethod.Post, $"{Contract}/consequences/1/confirm", null, HttpStatusCode.Conflict, "not-possible-now");
        Assert.Equal("resource,point\n", await (await SignedIn.GetAsync(new Uri($"{Contract}/consequences/1", UriKind.Relative))).Content.ReadAsStringAsync());
        await RefusedAsync(HttpMethod.Post, $"{Contract}/consequences", """{"kind":"plan","why":"Asked"}""", HttpStatusCode.BadRequest, "invalid-request", "plan");
        await RefusedAsync(HttpMethod.Post, $"{Contract}/consequences", """{"why":"Asked"}""", HttpStatusCode.BadRequest, "invalid-request", "kind");
    }

    private static ContractRecord Record(params ContractEvent[] further)
    {
        var made = ContractDecisions.Make(Start, PlanFile.Write(Plans.Find("accensys")!), [], ImmutableSortedDictionary<string, string>.Empty.Add("m365-service", "Contract M-1"), "Contract 2025-1");
        return new ContractRecord([.. further.Prepend(made).Select((one, at) => ContractJournal.Write(new(at + 1, Sample.Noon, "key-1", one)))], Today, []);
    }
}
