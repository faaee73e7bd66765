using System.Collections.Immutable;
using System.Net;
using NSubstitute;
using NSubstitute.ExceptionExtensions;
using OrleansBackup.ClientApi.Tests.Hosting;
using OrleansBackup.Domain.Checks;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Checks;

namespace OrleansBackup.ClientApi.Tests.Checks;

/// <summary>An operator reads the day's check and says that he has looked.</summary>
public sealed class CheckEndpointsTests : ApiHost
{
    private static readonly DateOnly Monday = new(2026, 3, 16);

    private static readonly CheckFinding Finding = new(Sample.Mailbox, "Robin", "robin@fabrikam.example", FaultKind.NoMailbox, FaultSeverity.Warning,
        [new MissedMoment(Sample.Noon, FaultKind.NoMailbox, Sample.Run, "No licence.")], Sample.Noon.AddDays(-1), 1, false, "No licence.");

    private static readonly DailyCheck Check = new(Monday, Sample.Noon, Sample.Noon, DailyCheckRules.Group(Sample.Tenant, "Fabrikam", Monday, [Finding]),
        [new MissedCheck(Monday.AddDays(-3), MissedCheckReason.NotAcknowledged)], [new CheckedTenant(Sample.Tenant, "Fabrikam", Sample.Noon, Sample.Noon, [], null)], null, null);

    private static CancellationToken Any => Arg.Any<CancellationToken>();

    [Fact]
    public async Task A_check_says_what_failed_whose_fault_it_is_and_who_has_to_act()
    {
        Service.DailyCheck.Get(Any).Returns(Check);
        Service.CheckDiary.ListDays(null, 101, Any).Returns([Monday]);
        var line = (await GetAsync("/api/v1/checks")).First("checks");
        Assert.Equal("day begunAt madeAt groups critical open alerts isAcknowledged carriedTo", line.Names());
        var check = await GetAsync("/api/v1/checks/2026-03-16");
        var group = check.First("groups");
        Assert.Equal(("noMailbox", "customerLicence", "customer"), (group.Text("kind"), group.Text("cause"), group.Text("acts")));
        Assert.Contains("licentie", group.At("advice").Text("nl"), StringComparison.Ordinal);
        Assert.Equal("notAcknowledged", check.First("alerts").Text("reason"));
        Assert.Equal(Sample.Mailbox.LocalName, group.First("resources").Text("resource"));
        await RefusedAsync(HttpMethod.Get, "/api/v1/checks/monday", null, HttpStatusCode.BadRequest, "invalid-request", "date");
        Service.DailyCheck.Get(Any).ThrowsAsync(new NotFoundException("There was none."));
        await RefusedAsync(HttpMethod.Get, "/api/v1/checks/2026-03-15", null, HttpStatusCode.NotFound, "not-found");
    }

    [Fact]
    public async Task Whoever_looked_is_kept_with_his_note()
    {
        var looked = new CheckAcknowledgement("first", Sample.Noon, "Licence ordered.");
        Service.DailyCheck.Acknowledge(Arg.Any<string>(), "Licence ordered.", Arg.Is<ImmutableArray<string>>(groups => groups.Length == 1), Any)
            .Returns(Check with { Looked = looked, Groups = [Check.Groups[0] with { Acknowledged = looked }] });
        var check = await SendAsync(HttpMethod.Post, "/api/v1/checks/2026-03-16/acknowledgements", $$"""{"note":" Licence ordered. ","groups":["{{Check.Groups[0].Id}}"]}""", HttpStatusCode.OK);
        Assert.Equal("first", check.First("groups").At("acknowledged").Text("who"));
        Assert.True(check.At("isAcknowledged").GetBoolean());
        await RefusedAsync(HttpMethod.Post, "/api/v1/checks/2026-03-16/acknowledgements", "{}", HttpStatusCode.BadRequest, "invalid-request", "note");
    }

    [Fact]
    public async Task A_fault_of_the_customers_set_up_becomes_work()
    {
        var (id, order) = (Check.Groups[0].Id, Guid.Parse("66666666-6666-7666-8666-666666666666"));
        Service.DailyCheck.OpenWork(id, Any).Returns(Check with { Groups = [Check.Groups[0] with { WorkOrder = order }] });
        var check = await SendAsync(HttpMethod.Post, "/api/v1/checks/2026-03-16/work-orders", $$"""{"group":"{{id}}"}""", HttpStatusCode.OK);
        Assert.Equal(order.ToString(), check.First("groups").Text("workOrder"));
        await RefusedAsync(HttpMethod.Post, "/api/v1/checks/2026-03-16/work-orders", "{}", HttpStatusCode.BadRequest, "invalid-request", "group");
    }

    [Fact]
    public async Task An_incident_is_declared_by_a_person_and_ended_by_one()
    {
        var incident = new Incident(Guid.Parse("55555555-5555-7555-8555-555555555555"), FaultKind.ForceMajeure, new("stroomstoring", "power cut"), Sample.Noon, null, [Sample.Tenant], "ticket 7", "first", Sample.Noon);
        Service.CheckDiary.DeclareIncident(Arg.Is<IncidentDeclaration>(declared => declared.Kind == FaultKind.ForceMajeure && declared.Tenants.Length == 1), Arg.Any<string>(), Any).Returns(incident);
        Service.CheckDiary.EndIncident(incident.Id, Sample.Noon.AddHours(1), Arg.Any<string>(), Any).Returns(incident with { Until = Sample.Noon.AddHours(1) });
        Service.CheckDiary.ListIncidents(Any).Returns([incident]);
        var body = $$$"""{"kind":"forceMajeure","what":{"nl":"stroomstoring","en":"power cut"},"from":"2026-03-14T12:00:00Z","tenants":["{{{Sample.Tenant}}}"],"reference":"ticket 7"}""";
        Assert.Equal("first", (await SendAsync(HttpMethod.Post, "/api/v1/incidents", body, HttpStatusCode.Created)).Text("declaredBy"));
        Assert.Equal("forceMajeure", (await GetAsync("/api/v1/incidents")).First("incidents").Text("kind"));
        Assert.NotNull((await SendAsync(HttpMethod.Post, $"/api/v1/incidents/{incident.Id}/end", """{"until":"2026-03-14T13:00:00Z"}""", HttpStatusCode.OK)).Text("until"));
        await RefusedAsync(HttpMethod.Post, "/api/v1/incidents", """{"kind":"forceMajeure"}""", HttpStatusCode.BadRequest, "invalid-request", "what");
        await RefusedAsync(HttpMethod.Post, "/api/v1/incidents/first/end", """{"until":"2026-03-14T13:00:00Z"}""", HttpStatusCode.BadRequest, "invalid-request", "incident");
    }
}
