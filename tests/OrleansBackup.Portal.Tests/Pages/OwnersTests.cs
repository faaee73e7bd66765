using System.Net;
using System.Text.RegularExpressions;
using NSubstitute;
using NSubstitute.ExceptionExtensions;
using OrleansBackup.Domain.Access;
using OrleansBackup.Domain.Audit;
using OrleansBackup.Domain.Subscriptions;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Tenants;
using OrleansBackup.Portal.Tests.Hosting;

namespace OrleansBackup.Portal.Tests.Pages;

/// <summary>Acts on what a tenant or the estate owns: subscriptions to events, rehearsals, where backups lie, work that is under way or was done.</summary>
public sealed partial class OwnersTests
{
    private static readonly string Own = $"{PortalPages.Tenant}/subscriptions", One = $"{Own}/{Listeners.Webhook.Id}";

    [Fact]
    public async Task A_webhook_is_added_and_its_secret_is_shown_this_once()
    {
        await using var host = await PortalHost.StartAsync();
        using var client = host.Client();

        var added = await SendAsync(client, Own, Own, ("name", "Ticketsysteem"), ("channel", "Webhook"), ("address", "https://hooks.fabrikam.example/x"), ("language", "Nl"), ("kinds", "RunFailed"), ("kinds", "RestoreEnded"), ("enabled", "yes"));
        var page = await added.Content.ReadAsStringAsync();

        Assert.Contains("whsec-typed-by-nobody", page, StringComparison.Ordinal);
        Assert.DoesNotContain("whsec-typed-by-nobody", await client.GetStringAsync(new Uri(Own, UriKind.Relative)), StringComparison.Ordinal);
        await host.World.Listeners.Book.Received(1).Add(Arg.Is<SubscriptionSettings>(asked => asked.Name == "Ticketsysteem" && asked.Enabled && asked.Kinds.SetEquals(new[] { EventKind.RunFailed, EventKind.RestoreEnded })), PortalWorld.Any);
        Assert.Equal(AuditActs.AddSubscription, host.World.Notes.Single().Act);
        Assert.DoesNotContain(host.World.Notes, note => note.Facts.Values.Any(fact => fact.Contains("whsec", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_subscription_that_is_refused_is_shown_again_with_the_reason_at_its_field()
    {
        await using var host = await PortalHost.StartAsync();
        using var client = host.Client();
        host.World.Listeners.Book.Add(Arg.Any<SubscriptionSettings>(), PortalWorld.Any).ThrowsAsync(new InvalidRequestException("address", "This address is not in the open internet."));

        var refused = await SendAsync(client, Own, Own, ("name", "Ticketsysteem"), ("channel", "Webhook"), ("address", "https://127.0.0.1/"), ("kinds", "RestoreEnded"));
        var page = WebUtility.HtmlDecode(await refused.Content.ReadAsStringAsync());

        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        Assert.Contains("href=\"#field-address\">This address is not in the open internet.", page, StringComparison.Ordinal);
        Assert.Matches("id=\"field-name\"[^>]*value=\"Ticketsysteem\"", page);
        Assert.Matches("id=\"kind-RestoreEnded\"[^>]*checked", page);
    }

    [Fact]
    public async Task A_test_is_sent_and_what_failed_is_sent_again()
    {
        await using var host = await PortalHost.StartAsync();
        using var client = host.Client();
        var failed = Listeners.Deliveries[2].Id;

        var page = await client.GetStringAsync(new Uri(One, UriKind.Relative));
        var tested = await SendAsync(client, One, $"{One}/test");
        var resent = await SendAsync(client, One, $"{One}/deliveries/{failed}/resend");
        var removed = await SendAsync(client, One, $"{One}/remove");

        Assert.Contains("HTTP 503", page, StringComparison.Ordinal);
        Assert.Contains("again ", page, StringComparison.Ordinal);
        Assert.Equal([$"{One}?done=test", $"{One}?done=resent", $"{Own}?done=removed"], new[] { tested, resent, removed }.Select(answer => answer.Headers.Location?.OriginalString));
        await host.World.Listeners.Outbox.Received(1).Accept(Arg.Is<ServiceEvent>(sent => sent.Kind == EventKind.Test && sent.Tenant == Estate.Id(3)), PortalWorld.Any);
        await host.World.Listeners.Outbox.Received(1).Resend(failed, PortalWorld.Any);
        await host.World.Listeners.Book.Received(1).Remove(Listeners.Webhook.Id, PortalWorld.Any);
        Assert.Equal([AuditActs.TestSubscription, AuditActs.ResendEvent, AuditActs.RemoveSubscription], host.World.Notes.Select(note => note.Act));
    }

    [Theory]
    [InlineData(Role.CustomerContact, "/subscriptions")]
    [InlineData(Role.Auditor, "/subscriptions")]
    [InlineData(Role.CustomerContact, "/tenants/10000000-0000-0000-0000-000000000004/rehearsals")]
    [InlineData(Role.CustomerContact, "/tenants/10000000-0000-0000-0000-000000000004/storage")]
    [InlineData(Role.CustomerContact, "/tenants/10000000-0000-0000-0000-000000000004/invoices")]
    public async Task Who_may_not_see_it_does_not(Role role, string address)
    {
        await using var host = await PortalHost.StartAsync();
        using var client = host.Client(key: PortalHost.KeyOf(role));

        Assert.Equal(HttpStatusCode.Forbidden, (await client.GetAsync(new Uri(address, UriKind.Relative))).StatusCode);
    }

    [Fact]
    public async Task A_rehearsal_of_one_tenant_is_ordered_in_its_own_book_and_its_evidence_is_its_own()
    {
        await using var host = await PortalHost.StartAsync();
        using var client = host.Client();
        var (own, address) = (host.World.TenantRehearsals, $"{PortalPages.Tenant}/rehearsals");

        var begun = await SendAsync(client, address, address, ("why", "Asked by the customer"));
        var record = await client.GetStringAsync(new Uri($"{address}/{Evidence.Name}/record", UriKind.Relative));
        var verified = await (await SendAsync(client, $"{address}/{Evidence.Name}", $"{address}/{Evidence.Name}/verify")).Content.ReadAsStringAsync();

        Assert.Equal($"{address}/{Evidence.Name}", begun.Headers.Location?.OriginalString);
        await own.Received(1).Begin("first-key", "Asked by the customer", null, PortalWorld.Any);
        await host.World.Rehearsals.DidNotReceive().Begin(Arg.Any<string>(), Arg.Any<string>(), Arg.Any<int?>(), PortalWorld.Any);
        Assert.Equal(Evidence.File, record);
        Assert.Contains("the sample was drawn again", verified, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_move_needs_a_reason_and_goes_to_another_store()
    {
        await using var host = await PortalHost.StartAsync();
        using var client = host.Client();
        var address = $"{PortalPages.Tenant}/storage";
        host.World.Tenant(Estate.Id(3)).StartMove(Arg.Any<string>(), Arg.Any<string>(), Arg.Any<string>(), PortalWorld.Any)
            .Returns(new TenantMoveStatus("amsterdam", "frankfurt", new("first-key", "Closer", Estate.Now), MoveState.Copying, "Copying", null, null, null, 0, 0, 0, 0, 0, [], 0, null));

        var page = await client.GetStringAsync(new Uri(address, UriKind.Relative));
        var silent = await SendAsync(client, address, $"{address}/move", ("store", "frankfurt"), ("why", ""));
        var begun = await SendAsync(client, address, $"{address}/move", ("store", "frankfurt"), ("why", "Closer"));

        Assert.DoesNotContain("value=\"amsterdam\"", page, StringComparison.Ordinal); // where it is already
        Assert.Equal((HttpStatusCode.UnprocessableEntity, HttpStatusCode.SeeOther), (silent.StatusCode, begun.StatusCode));
        await host.World.Tenant(Estate.Id(3)).Received(1).StartMove("frankfurt", "first-key", "Closer", PortalWorld.Any);
    }

    [Fact]
    public async Task Work_that_is_under_way_is_stopped_and_work_that_was_done_is_closed_and_opened()
    {
        await using var host = await PortalHost.StartAsync();
        using var client = host.Client();
        var group = Diary.Check.Groups[0].Id;

        var stopped = await SendAsync(client, "/jobs", $"/tenants/{Estate.Id(0)}/resources/{Work.Mailbox.LocalName}/runs/stop");
        var opened = await SendAsync(client, "/checks/2026-03-13", "/checks/2026-03-13/work", ("work", group));
        var closed = await SendAsync(client, $"{PortalPages.Tenant}/invoices", $"{PortalPages.Tenant}/work-orders/74000000-0000-0000-0000-000000000001/close", ("minutes", "25"), ("delivered", "yes"));

        Assert.Equal(["/jobs?done=stop", "/checks/2026-03-13?done=work", $"{PortalPages.Tenant}/invoices#work"], new[] { stopped, opened, closed }.Select(answer => answer.Headers.Location?.OriginalString));
        await host.World.Mailbox.Received(1).CancelRun(PortalWorld.Any);
        await host.World.DailyCheck.Received(1).OpenWork(group, PortalWorld.Any);
        await host.World.Agreements.Work.Received(1).Close(Guid.Parse("74000000-0000-0000-0000-000000000001"), 25, true, PortalWorld.Any);
        Assert.Equal([AuditActs.CancelRun, AuditActs.ChangeWork, AuditActs.ChangeWork], host.World.Notes.Select(note => note.Act));
    }

    private static async Task<HttpResponseMessage> SendAsync(HttpClient client, string page, string form, params (string Name, string Value)[] fields)
    {
        var proof = FormProof().Match(await client.GetStringAsync(new Uri(page, UriKind.Relative)));
        return await client.PostAsync(new Uri(form, UriKind.Relative), new FormUrlEncodedContent(
            [new(proof.Groups["name"].Value, WebUtility.HtmlDecode(proof.Groups["value"].Value)), .. fields.Select(field => KeyValuePair.Create(field.Name, field.Value))]));
    }

    [GeneratedRegex("<input type=\"hidden\" name=\"(?<name>__[^\"]+)\" value=\"(?<value>[^\"]+)\"")]
    private static partial Regex FormProof();
}
