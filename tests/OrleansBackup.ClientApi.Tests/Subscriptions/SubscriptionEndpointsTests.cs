using System.Net;
using NSubstitute;
using NSubstitute.ExceptionExtensions;
using OrleansBackup.ClientApi.Tests.Hosting;
using OrleansBackup.Domain.Audit;
using OrleansBackup.Domain.Notices;
using OrleansBackup.Domain.Subscriptions;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Subscriptions;

namespace OrleansBackup.ClientApi.Tests.Subscriptions;

public sealed class SubscriptionEndpointsTests : ApiHost
{
    private static readonly Guid Id = Guid.Parse("77777777-7777-7777-8777-777777777777");

    private static readonly SubscriptionListing Listing = new(
        Id, new SubscriptionSettings("tickets", NoticeChannel.Webhook, "https://tickets.example/hook", [EventKind.RunFailed, EventKind.CheckMissed], NoticeLanguage.En, true), Sample.Noon, null);

    private static readonly EventDelivery Delivery = new EventDelivery(
        Guid.Parse("88888888-8888-7888-8888-888888888888"), 7, ServiceEvent.Of(EventKind.RunFailed, Sample.Tenant, "1", Sample.Noon, "runs/1", ("resource", "mailbox-1")), Sample.Noon, Sample.Noon)
        .AfterFailure("The receiver answered 503.", 503, isTransient: true, Sample.Noon);

    private static CancellationToken Any => Arg.Any<CancellationToken>();

    [Fact]
    public async Task The_catalogue_of_kinds_is_listed_in_both_languages()
    {
        var kinds = (await GetAsync("/api/v1/event-kinds")).At("kinds");
        Assert.Equal(Enum.GetValues<EventKind>().Length - 1, kinds.GetArrayLength()); // all but the test
        Assert.Equal("kind ofTenant title meaning", kinds[0].Names());
        Assert.Equal(("runFailed", "A backup run failed", "Een back-up is mislukt"), (kinds[0].Text("kind"), kinds[0].At("title").Text("en"), kinds[0].At("title").Text("nl")));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_subscription_is_made_listed_changed_tried_and_removed_and_its_secret_is_shown_once(bool ofTenant)
    {
        var (book, root) = ofTenant ? (Service.TenantSubscriptions, $"{Sample.TenantPath}/subscriptions") : (Service.Subscriptions, "/api/v1/subscriptions");
        book.Add(Arg.Is<SubscriptionSettings>(settings => settings.Name == "tickets" && settings.Enabled && settings.Channel == NoticeChannel.Webhook), Any).Returns(new SubscriptionCreated(Listing, "whs_secret"));
        book.List(Any).Returns([Listing]);
        book.Change(Id, Arg.Is<SubscriptionSettings>(settings => !settings.Enabled), Any).Returns(Listing);
        book.RotateSecret(Id, Any).Returns(new SubscriptionCreated(Listing with { EarlierSecretUntil = Sample.Noon.AddDays(1) }, "whs_new"));
        const string Body = """{"name":" tickets ","address":"https://tickets.example/hook","kinds":["runFailed","checkMissed"]}""";
        Assert.Equal("whs_secret", (await SendAsync(HttpMethod.Post, root, Body, HttpStatusCode.Created)).Text("secret"));
        var listed = (await GetAsync(root)).First("subscriptions");
        Assert.Equal("id name channel address kinds language enabled createdAt earlierSecretUntil deliveries", listed.Names());
        Assert.DoesNotContain("whs_", listed.GetRawText(), StringComparison.Ordinal);
        Assert.Equal(Id.ToString(), (await GetAsync($"{root}/{Id}")).Text("id"));
        using (var seen = await SignedIn.GetAsync(new Uri($"{root}/{Id}", UriKind.Relative)))
            Assert.NotNull(seen.Headers.ETag);
        await SendAsync(HttpMethod.Put, $"{root}/{Id}", Body.Replace("""["runFailed","checkMissed"]""", """["runFailed"],"enabled":false""", StringComparison.Ordinal), HttpStatusCode.OK);
        Assert.Equal("whs_new", (await SendAsync(HttpMethod.Post, $"{root}/{Id}/secret", null, HttpStatusCode.OK)).Text("secret"));
        await SendAsync(HttpMethod.Post, $"{root}/{Id}/test", null, HttpStatusCode.Accepted);
        await Service.Outbox.Received().Accept(Arg.Is<ServiceEvent>(happened => happened.Kind == EventKind.Test && happened.Tenant.HasValue == ofTenant), Any);
        await SendAsync(HttpMethod.Delete, $"{root}/{Id}", null, HttpStatusCode.NoContent);
        await book.Received().Remove(Id, Any);
        Assert.Equal([AuditActs.AddSubscription, AuditActs.ChangeSubscription, AuditActs.ChangeSubscription, AuditActs.TestSubscription, AuditActs.RemoveSubscription],
            (ofTenant ? Service.Notes : Service.ProviderNotes).Select(note => note.Act));
    }

    [Fact]
    public async Task Deliveries_are_paged_filtered_and_sent_again()
    {
        Service.Subscriptions.List(Any).Returns([Listing]);
        Service.Outbox.List(null, 100, null, Any).Returns(new EventDeliveryPage([Delivery], 7));
        Service.Outbox.List(7, 5, EventDeliveryState.GivenUp, Any).Returns(new EventDeliveryPage([], null));
        Service.Outbox.Resend(Delivery.Id, Any).Returns(Delivery.Again(Sample.Noon));
        var page = await GetAsync($"/api/v1/subscriptions/{Id}/deliveries");
        var delivery = page.First("deliveries");
        Assert.Equal("id sequence event kind tenant subject occurredAt facts state nextAt attemptCount attempts", delivery.Names());
        Assert.Equal("""[{"at":"2026-03-14T12:00:00+00:00","status":503,"problem":"The receiver answered 503."}]""".Replace("2026-03-14T12:00:00+00:00", delivery.First("attempts").Text("at"), StringComparison.Ordinal), delivery.At("attempts").GetRawText());
        Assert.Equal("failed", delivery.Text("state"));
        Assert.Equal(0, (await GetAsync($"/api/v1/subscriptions/{Id}/deliveries?after=7&limit=5&state=givenUp")).At("deliveries").GetArrayLength());
        Assert.Equal("pending", (await SendAsync(HttpMethod.Post, $"/api/v1/subscriptions/{Id}/deliveries/{Delivery.Id}/resend", null, HttpStatusCode.Accepted)).Text("state"));
    }

    [Fact]
    public async Task What_makes_no_sense_is_a_problem_of_its_field_and_of_a_subscription_that_is_none_nothing_is_kept()
    {
        await RefusedAsync(HttpMethod.Post, "/api/v1/subscriptions", """{"address":"https://a.nl","kinds":["runFailed"]}""", HttpStatusCode.BadRequest, "invalid-request", "name");
        await RefusedAsync(HttpMethod.Post, "/api/v1/subscriptions", """{"name":"a","kinds":["runFailed"]}""", HttpStatusCode.BadRequest, "invalid-request", "address");
        await RefusedAsync(HttpMethod.Post, "/api/v1/subscriptions", """{"name":"a","address":"https://a.nl"}""", HttpStatusCode.BadRequest, "invalid-request", "kinds");
        Service.Subscriptions.Add(Arg.Any<SubscriptionSettings>(), Any).ThrowsAsync(new InvalidRequestException("address", "Only addresses in the open internet are called."));
        await RefusedAsync(HttpMethod.Post, "/api/v1/subscriptions", """{"name":"a","address":"https://10.0.0.1","kinds":["runFailed"]}""", HttpStatusCode.BadRequest, "invalid-request", "address");
        Service.Subscriptions.List(Any).Returns([Listing]);
        await RefusedAsync(HttpMethod.Get, $"/api/v1/subscriptions/{Id}/deliveries?state=lost", null, HttpStatusCode.BadRequest, "invalid-request", "state");
        await RefusedAsync(HttpMethod.Get, "/api/v1/subscriptions/x", null, HttpStatusCode.BadRequest, "invalid-request", "subscription");
        await RefusedAsync(HttpMethod.Post, $"/api/v1/subscriptions/{Guid.NewGuid()}/test", null, HttpStatusCode.NotFound, "not-found");
        await RefusedAsync(HttpMethod.Get, $"/api/v1/tenants/{Sample.UnknownTenant}/subscriptions", null, HttpStatusCode.NotFound, "not-found");
        await Service.Outbox.DidNotReceive().Accept(Arg.Any<ServiceEvent>(), Any);
    }
}
