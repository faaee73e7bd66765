using System.Collections.Immutable;
using System.Net;
using NSubstitute;
using NSubstitute.ExceptionExtensions;
using OrleansBackup.ClientApi.Tests.Hosting;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Notices;
using OrleansBackup.Domain.Schedule;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Notices;

namespace OrleansBackup.ClientApi.Tests.Notices;

public sealed class NoticeEndpointsTests : ApiHost
{
    private static readonly Guid Id = Guid.Parse("55555555-5555-7555-8555-555555555555"), Hook = Guid.Parse("66666666-6666-7666-8666-666666666666");

    private static readonly Notice Notice = new Notice(Id, NoticeKind.FoundUnprotected, $"unprotected/{Id}", Sample.Noon, Sample.Noon.AddMinutes(15), null)
        .With([new(Sample.Mailbox.LocalName, ResourceKind.Mailbox, "Robin", "robin@fabrikam.example")]);

    private static readonly NoticeDelivery Delivery =
        new NoticeDelivery(NoticeChannel.Mail, "kim@fabrikam.example", "Kim", NoticeLanguage.Nl, false, Sample.Noon, Sample.Noon).AfterFailure("The server is away.", isTransient: true, Sample.Noon);

    private static readonly NoticeListing Listing = new(Notice, NoticeState.Sending, [Delivery],
        NoticeText.Of(Notice, NoticeLanguage.Nl, "Fabrikam", ContractCalendar.Amsterdam), NoticeText.Of(Notice, NoticeLanguage.En, "Fabrikam", ContractCalendar.Amsterdam));

    private static readonly WebhookListing Webhook = new(Hook, new WebhookSettings("https://fabrikam.example/hook", [NoticeKind.CriticalFault], true), Sample.Noon);

    private static CancellationToken Any => Arg.Any<CancellationToken>();

    [Fact]
    public async Task Contacts_are_put_whole_and_what_is_left_out_has_its_default()
    {
        Service.NoticeBook.SetContacts(Arg.Any<ImmutableArray<Contact>>(), Any).Returns(call => call.Arg<ImmutableArray<Contact>>());
        Service.NoticeBook.GetContacts(Any).Returns([]);
        var put = await SendAsync(HttpMethod.Put, $"{Sample.TenantPath}/contacts", """
            {"contacts":[{"name":" Kim ","email":"kim@fabrikam.example"},{"name":"Robin","email":"robin@fabrikam.example","language":"en","told":["criticalFault"],"authority":["requestRestore"]}]}
            """, HttpStatusCode.OK);
        Assert.Equal("name email language told authority", put.First("contacts").Names());
        Assert.Equal("""{"name":"Kim","email":"kim@fabrikam.example","language":"nl","told":["foundUnprotected","criticalFault","consequenceAhead"],"authority":[]}""", put.First("contacts").GetRawText());
        Assert.Equal("""["requestRestore"]""", put.At("contacts")[1].At("authority").GetRawText());
        Assert.Equal(0, (await GetAsync($"{Sample.TenantPath}/contacts")).At("contacts").GetArrayLength());
    }

    [Theory]
    [InlineData("""{}""", "contacts")]
    [InlineData("""{"contacts":[{"name":"A","email":"a@b.nl"},{"name":"Kim","email":"nobody"}]}""", "contacts[1].email")]
    [InlineData("""{"contacts":[{"email":"a@b.nl"}]}""", "contacts[0].name")]
    [InlineData("""{"contacts":[{"name":"A\r\nBcc: x","email":"a@b.nl"}]}""", "contacts[0].name")]
    [InlineData("""{"contacts":[{"name":"A","email":"a@b.nl","told":["faultEnded"]}]}""", "contacts[0].told")]
    public async Task A_contact_that_makes_no_sense_is_a_problem_of_its_field(string json, string field) =>
        await RefusedAsync(HttpMethod.Put, $"{Sample.TenantPath}/contacts", json, HttpStatusCode.BadRequest, "invalid-request", field);

    [Fact]
    public async Task Notices_are_listed_with_how_they_stand_and_sent_again()
    {
        Service.NoticeBook.ListNotices(null, 100, Any).Returns(new NoticePage([Listing], Id));
        Service.NoticeBook.ListNotices(Id, 7, Any).Returns(new NoticePage([], null));
        Service.NoticeBook.Resend(Id, Any).Returns(Listing);
        var page = await GetAsync($"{Sample.TenantPath}/notices");
        var notice = page.First("notices");
        Assert.Equal("id kind key state needsAPerson createdAt dueAt ends happensAt count resources deliveries nl en", notice.Names());
        Assert.Equal(("foundUnprotected", "sending"), (notice.Text("kind"), notice.Text("state")));
        Assert.Equal("channel to isCopy state attempts nextAt sentAt failedAt problem", notice.First("deliveries").Names());
        Assert.Contains("Fabrikam", notice.At("nl").Text("subject"), StringComparison.Ordinal);
        Assert.Equal(0, (await GetAsync($"{Sample.TenantPath}/notices?after={page.Text("next")}&limit=7")).At("notices").GetArrayLength());
        Assert.Equal(Id.ToString(), (await SendAsync(HttpMethod.Post, $"{Sample.TenantPath}/notices/{Id}/resend", null, HttpStatusCode.Accepted)).Text("id"));
        await RefusedAsync(HttpMethod.Post, $"{Sample.TenantPath}/notices/first/resend", null, HttpStatusCode.BadRequest, "invalid-request", "notice");
        await RefusedAsync(HttpMethod.Get, $"{Sample.TenantPath}/notices?after=x", null, HttpStatusCode.BadRequest, "invalid-request", "after");
        await RefusedAsync(HttpMethod.Get, $"{Sample.TenantPath}/notices?limit=0", null, HttpStatusCode.BadRequest, "invalid-request", "limit");
        Service.NoticeBook.Resend(Hook, Any).ThrowsAsync(new NotFoundException("There is none."));
        await RefusedAsync(HttpMethod.Post, $"{Sample.TenantPath}/notices/{Hook}/resend", null, HttpStatusCode.NotFound, "not-found");
    }

    [Fact]
    public async Task The_secret_of_a_webhook_is_in_the_answer_that_makes_it_and_in_no_other()
    {
        Service.NoticeBook.AddWebhook(Arg.Is<WebhookSettings>(settings => settings.Url == "https://fabrikam.example/hook" && settings.Enabled), Any).Returns(new WebhookCreated(Webhook, "whs_secret"));
        Service.NoticeBook.ListWebhooks(Any).Returns([Webhook]);
        Service.NoticeBook.ChangeWebhook(Hook, Arg.Is<WebhookSettings>(settings => !settings.Enabled), Any).Returns(Webhook);
        var created = await SendAsync(HttpMethod.Post, $"{Sample.TenantPath}/webhooks", """{"url":"https://fabrikam.example/hook"}""", HttpStatusCode.Created);
        Assert.Equal("whs_secret", created.Text("secret"));
        var listed = (await GetAsync($"{Sample.TenantPath}/webhooks")).First("webhooks");
        Assert.Equal("id url told enabled createdAt", listed.Names());
        Assert.Equal(Hook.ToString(), (await SendAsync(HttpMethod.Put, $"{Sample.TenantPath}/webhooks/{Hook}", """{"url":"https://fabrikam.example/hook","enabled":false}""", HttpStatusCode.OK)).Text("id"));
        await SendAsync(HttpMethod.Delete, $"{Sample.TenantPath}/webhooks/{Hook}", null, HttpStatusCode.NoContent);
        await Service.NoticeBook.Received().RemoveWebhook(Hook, Any);
        await RefusedAsync(HttpMethod.Post, $"{Sample.TenantPath}/webhooks", """{"enabled":true}""", HttpStatusCode.BadRequest, "invalid-request", "url");
    }

    [Theory]
    [InlineData("GET", "contacts", null)]
    [InlineData("PUT", "contacts", """{"contacts":[]}""")]
    [InlineData("GET", "notices", null)]
    [InlineData("GET", "webhooks", null)]
    [InlineData("POST", "webhooks", """{"url":"https://a.nl"}""")]
    public async Task Of_a_tenant_that_is_none_nothing_is_kept(string method, string what, string? json) =>
        await RefusedAsync(new HttpMethod(method), $"/api/v1/tenants/{Sample.UnknownTenant}/{what}", json, HttpStatusCode.NotFound, "not-found");
}
