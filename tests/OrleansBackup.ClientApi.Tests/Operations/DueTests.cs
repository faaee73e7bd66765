using System.Net;
using NSubstitute;
using NSubstitute.ExceptionExtensions;
using OrleansBackup.ClientApi.Tests.Hosting;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Schedule;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Tenants;

namespace OrleansBackup.ClientApi.Tests.Operations;

/// <summary>What is due in the whole estate, for operators and for programs.</summary>
public sealed class DueTests : ApiHost
{
    private static readonly TenantId Other = TenantId.Parse("55555555-5555-5555-5555-555555555555");
    private readonly ITenantGrain _other = Substitute.For<ITenantGrain>();

    public DueTests()
    {
        Service.Grains.GetGrain<ITenantGrain>(GrainKeys.Of(Other)).Returns(_other);
        Service.Provider.ListTenants(Arg.Any<CancellationToken>()).Returns([new TenantListing(Sample.Tenant, "Fabrikam"), new TenantListing(Other, "Contoso")]);
        Teach(Service.Tenant, Sample.Tenant, 0, 2, 4);
        Teach(_other, Other, 1, 3);
    }

    [Fact]
    public async Task Tenants_are_merged_by_the_moment_and_each_page_goes_on_where_the_one_before_ended()
    {
        var seen = new List<string>();
        string? next = "";
        for (var page = 0; next is not null; page++)
        {
            var body = await GetAsync($"/api/v1/due?limit=2{(page == 0 ? "" : $"&after={Uri.EscapeDataString(next)}")}");
            seen.AddRange(body.GetProperty("due").EnumerateArray().Select(due => due.GetProperty("displayName").GetString()!));
            next = body.GetProperty("next").GetString();
            Assert.True(page < 3, "it never ends");
        }
        Assert.Equal(["no 0", "no 1", "no 2", "no 3", "no 4"], seen);
    }

    [Fact]
    public async Task Each_says_whose_it_is_since_when_it_is_due_and_how_it_stands()
    {
        var first = (await GetAsync("/api/v1/due")).GetProperty("due")[0];
        Assert.Equal(
            (Sample.Tenant.ToString(), "Fabrikam", "backup", "overdue", Sample.Noon.AddDays(-3)),
            (first.GetProperty("tenant").GetString(), first.GetProperty("tenantName").GetString(), first.GetProperty("what").GetString(), first.GetProperty("standing").GetString(),
                first.GetProperty("dueAt").GetDateTimeOffset()));
    }

    [Fact]
    public async Task A_tenant_that_does_not_answer_is_named_and_keeps_nothing_else_away()
    {
        _other.ListDue(Arg.Any<DuePlace?>(), Arg.Any<int>(), Arg.Any<CancellationToken>()).ThrowsAsync(new TimeoutException());
        var body = await GetAsync("/api/v1/due");
        Assert.Equal((3, Other.ToString()), (body.GetProperty("due").GetArrayLength(), body.GetProperty("silent")[0].GetString()));
        Assert.Contains("Contoso", await SignedIn.GetStringAsync(new Uri("/operations/due", UriKind.Relative)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_page_shows_it_to_operators_page_by_page_and_writes_names_as_text()
    {
        Teach(Service.Tenant, Sample.Tenant, [.. Enumerable.Range(0, 250)]);
        _other.ListDue(Arg.Any<DuePlace?>(), Arg.Any<int>(), Arg.Any<CancellationToken>()).Returns([]);
        var page = await SignedIn.GetStringAsync(new Uri("/operations/due", UriKind.Relative));
        foreach (var shown in new[] { "Fabrikam", "no-0&lt;x&gt;@fabrikam.example", "overdue: a whole day is missing", "no-99&lt;x&gt;", "/operations/due?after=" })
            Assert.Contains(shown, page, StringComparison.Ordinal);
        Assert.DoesNotContain("no-100&lt;x&gt;", page, StringComparison.Ordinal);
        var link = WebUtility.HtmlDecode(page[page.IndexOf("/operations/due?after=", StringComparison.Ordinal)..].Split('"')[0]);
        page = await SignedIn.GetStringAsync(new Uri(link, UriKind.Relative));
        Assert.Contains("no-100&lt;x&gt;", page, StringComparison.Ordinal);
        Assert.DoesNotContain("no-99&lt;x&gt;", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("x")]
    [InlineData("12")]
    [InlineData("99999999999999999999_a")]
    public Task A_mark_that_was_not_given_out_is_refused(string mark) => RefusedAsync(HttpMethod.Get, $"/api/v1/due?after={mark}", null, HttpStatusCode.BadRequest, "invalid-request", "after");

    private static void Teach(ITenantGrain tenant, TenantId id, params int[] numbers)
    {
        DueWork[] all = [.. numbers.Select(number => new DueWork(new ResourceId(id, ResourceKind.Mailbox, $"user-{number}"), $"no {number}", $"no-{number}<x>@fabrikam.example", DueKind.Backup,
            Sample.Noon.AddDays(-3).AddMinutes(number), BackupStanding.Overdue, Running: false, null))];
        tenant.ListDue(Arg.Any<DuePlace?>(), Arg.Any<int>(), Arg.Any<CancellationToken>())
            .Returns(call => [.. all.Where(due => DueOrder.Instance.Compare(due.Place, call.Arg<DuePlace?>()) > 0).Take(call.Arg<int>())]);
    }
}
