using System.Collections.Immutable;
using System.Net;
using Microsoft.Playwright;
using NSubstitute;
using OrleansBackup.Domain.Access;
using OrleansBackup.Domain.Audit;
using OrleansBackup.Domain.Contracts;
using OrleansBackup.Domain.Identity;
using OrleansBackup.GrainInterfaces.Contracts;
using OrleansBackup.Portal.Tests.Hosting;

namespace OrleansBackup.Portal.Tests.Pages;

/// <summary>Every act on a contract as a person does it: its form, what it would change, the button; and then the contract's grain is asked for exactly that.</summary>
public sealed class DeedTests(Browser browser) : IClassFixture<Browser>
{
    private const string Office = "office@fabrikam.example", First = "first-key";
    private static readonly string Contract = $"{PortalPages.Tenant}/contract";

    private static CancellationToken Any => PortalWorld.Any;

    [BrowserFact]
    public async Task A_notice_is_registered_after_its_dates_were_shown()
    {
        await using var host = await PortalHost.StartAsync();
        await using var window = await browser.OpenAsync(host.Address, host.Key, "en");

        await window.GoAsync(Contract);
        await window.Page.ClickAsync("text=Register the notice");
        await window.Page.SelectOptionAsync("#field-by", Office);
        await window.Page.FillAsync("#field-reference", "Letter 12");
        await window.Page.ClickAsync("form[action$='/look'] button");
        var effect = (await window.Page.InnerTextAsync("section[aria-labelledby=effect]")).Replace('\u00a0', ' ');

        Assert.Contains("Nothing is deleted for this now", effect, StringComparison.Ordinal);
        Assert.Matches("Last day\\s+–\\s+31 May 2026", effect);
        Assert.Matches("Backups destroyed on\\s+–\\s+\\d+ \\w+ 2026", effect);
        await host.World.Agreements.Contract.DidNotReceive().ReceiveNotice(Arg.Any<DateOnly?>(), Arg.Any<string>(), Arg.Any<string>(), Arg.Any<string>(), Any);

        await window.Page.ClickAsync("form[action$='/go'] button");
        await Assertions.Expect(window.Page.Locator(".message-good")).ToBeVisibleAsync();
        await host.World.Agreements.Contract.Received(1).ReceiveNotice(null, Office, "Letter 12", First, Any);
        Assert.Contains(host.World.Notes, note => note.Act == AuditActs.ChangeContract && note.Facts["asked"].Contains("Letter 12", StringComparison.Ordinal));
        Assert.Empty(window.Faults);
    }

    public static TheoryData<string, string, string> Plain => new()
    {
        { "processing-agreement", "signed-on=2026-03-01&reference=File 9", "keep" },
        { "terms", "version=2&from=2026-06-01&document=https://provider.example/terms-2", "terms" },
        { "change", $"change=Remove&what=Two mailboxes&by={Office}", "change" },
    };

    [Theory]
    [MemberData(nameof(Plain))]
    public async Task A_deed_that_takes_nothing_away_is_done_at_once(string deed, string fields, string done)
    {
        await using var host = await PortalHost.StartAsync();
        using var client = host.Client();

        var looked = await SendAsync(client, deed, "look", fields);
        Assert.Equal(HttpStatusCode.OK, looked.StatusCode);
        Assert.Contains("What this does", await looked.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.SeeOther, (await SendAsync(client, deed, "go", fields)).StatusCode);

        var contract = host.World.Agreements.Contract;
        await (done switch
        {
            "keep" => contract.Received(1).KeepProcessingAgreement(new DateOnly(2026, 3, 1), "File 9", First, Any),
            "terms" => contract.Received(1).PublishTerms("2", new DateOnly(2026, 6, 1), "https://provider.example/terms-2", First, Any),
            _ => contract.Received(1).RequestChange(ChangeKind.Remove, "Two mailboxes", null, Office, First, Any),
        });
    }

    [Theory]
    [InlineData("notice-process", "")]
    [InlineData("notice-withdraw", $"by={Office}&reference=Letter 13")]
    [InlineData("deletion", "on=2027-01-15&reference=Letter 14")]
    [InlineData("export-secured", $"by={Office}&reference=Mail 15")]
    public async Task The_end_is_settled_step_by_step(string deed, string fields)
    {
        await using var host = await PortalHost.StartAsync(With(new NoticeReceived(Estate.Today.AddDays(-2), Office, "Letter 12")));
        using var client = host.Client();

        var looked = await SendAsync(client, deed, "look", fields);
        Assert.True(looked.StatusCode == HttpStatusCode.OK, await looked.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.SeeOther, (await SendAsync(client, deed, "go", fields)).StatusCode);

        var contract = host.World.Agreements.Contract;
        await (deed switch
        {
            "notice-process" => contract.Received(1).ProcessNotice(First, Any),
            "notice-withdraw" => contract.Received(1).WithdrawNotice(Office, "Letter 13", First, Any),
            "deletion" => contract.Received(1).AgreeDeletion(new DateOnly(2027, 1, 15), "Letter 14", First, Any),
            _ => contract.Received(1).ConfirmExport(Office, "Mail 15", First, Any),
        });
        if (deed == "deletion")
            Assert.Contains("15\u00a0January\u00a02027", WebUtility.HtmlDecode(await looked.Content.ReadAsStringAsync()), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("warn", "why=Not paid")]
    [InlineData("call-off", "why=Paid")]
    public async Task The_customer_is_warned_of_a_suspension_where_it_was_agreed_and_the_warning_can_be_taken_back(string deed, string fields)
    {
        var agreed = new PlanChanged(Estate.Today.AddDays(-30), Domain.Plans.PlanFile.Write(Agreements.Plans.Find("accensys")!), [new("suspension.allowed", "true", "Annex 4", "Director", new DateOnly(2026, 2, 1))], false, "Annex 4");
        await using var host = await PortalHost.StartAsync(With(deed == "warn" ? [agreed] : [agreed, new SuspensionWarned(Estate.Today.AddDays(-2), Estate.Today.AddDays(12), "Not paid")]));
        using var client = host.Client();

        var looked = await SendAsync(client, deed, "look", fields);
        Assert.True(looked.StatusCode == HttpStatusCode.OK, await looked.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.SeeOther, (await SendAsync(client, deed, "go", fields)).StatusCode);

        await (deed == "warn" ? host.World.Agreements.Contract.Received(1).WarnOfSuspension("Not paid", First, Any) : host.World.Agreements.Contract.Received(1).CallOffSuspension("Paid", First, Any));
    }

    [Theory]
    [InlineData("freeze", "until=2026-12-31&why=Talks go on")]
    [InlineData("lift", "why=Paid")]
    public async Task A_suspension_is_decided_on_and_lifted(string deed, string fields)
    {
        await using var host = await PortalHost.StartAsync(With(new SuspensionWarned(Estate.Today.AddDays(-30), Estate.Today.AddDays(-16), "Not paid"), new Suspended(Estate.Today.AddDays(-10), Domain.Plans.RetentionMeanwhile.Freeze, Estate.Today.AddDays(20), "Not paid")));
        using var client = host.Client();

        Assert.Equal(HttpStatusCode.OK, (await SendAsync(client, deed, "look", fields)).StatusCode);
        Assert.Equal(HttpStatusCode.SeeOther, (await SendAsync(client, deed, "go", fields)).StatusCode);

        await (deed == "lift" ? host.World.Agreements.Contract.Received(1).LiftSuspension("Paid", First, Any) : host.World.Agreements.Contract.Received(1).DecideFreeze(new DateOnly(2026, 12, 31), "Talks go on", First, Any));
    }

    [BrowserFact]
    public async Task Another_plan_with_a_deviation_is_proposed_with_every_point_that_goes_and_confirmed_by_another()
    {
        await using var host = await PortalHost.StartAsync();
        await using var first = await browser.OpenAsync(host.Address, host.Key, "en");
        await using var second = await browser.OpenAsync(host.Address, PortalHost.KeyOf(Role.ProviderAdmin), "en");

        await first.GoAsync($"{Contract}/do/plan");
        await first.Page.SelectOptionAsync("#field-plan", "jp-ict");
        await first.Page.FillAsync("#field-from", "2026-06-01");
        await first.Page.FillAsync("#field-reference", "Agreement 2026-3");
        await first.Page.FillAsync("#field-why", "Asked in letter 20");
        await first.Page.FillAsync("#field-override-0-path", "retention.keep");
        await first.Page.FillAsync("#field-override-0-value", "P60D");
        await first.Page.FillAsync("#field-override-0-reference", "Annex 1");
        await first.Page.FillAsync("#field-override-0-by", "Director");
        await first.Page.FillAsync("#field-override-0-on", "2026-03-01");
        await first.Page.FillAsync("#field-users", "40");
        await first.Page.ClickAsync("form[action$='/look'] button");
        var effect = (await first.Page.InnerTextAsync("section[aria-labelledby=effect]")).Replace('\u00a0', ' ');

        Assert.Contains("3 restore points of 2 resources; the first on 14 March 2026", effect, StringComparison.Ordinal);
        Assert.Matches("14 March 2026\\s+1\\s+1", effect); // which day, how many points, of how many resources
        Assert.Matches("15 March 2026\\s+2\\s+2", effect);
        Assert.Contains("Happens then", effect, StringComparison.Ordinal);
        await first.Page.ClickAsync("form[action$='/propose'] button");
        await host.World.Agreements.Contract.Received(1).Propose(Arg.Is<ActOrder>(order => order.Kind == ActKind.Plan && order.Plan!.Plan == "jp-ict" && order.Plan.From == new DateOnly(2026, 6, 1)
            && order.Plan.Overrides.Single().Path == "retention.keep" && order.Plan.Overrides.Single().Value == "\"P60D\"" && order.Plan.Overrides.Single().Reference == "Annex 1"), "jo@provider.example", Any);

        await second.GoAsync(Contract);
        await second.Page.ClickAsync("section[aria-labelledby=consequences] a.button");
        Assert.Contains("3 restore points of 2 resources", await second.Page.InnerTextAsync("main"), StringComparison.Ordinal);
        await second.Page.CheckAsync("#field-agree");
        await second.Page.ClickAsync("form[action$='/confirm'] button");
        await Assertions.Expect(second.Page.Locator(".message-good")).ToContainTextAsync("confirmed");
        await host.World.Agreements.Contract.Received(1).Confirm(1, "provider-admin", Any);
    }

    [Fact]
    public async Task Who_proposed_it_finds_no_button_and_nobody_confirms_unread()
    {
        await using var host = await PortalHost.StartAsync();
        using var client = host.Client();

        var own = await client.GetStringAsync(new Uri($"{Contract}/acts/1", UriKind.Relative));
        var unread = await Forms.SendAsync(client, $"{Contract}/acts/1", $"{Contract}/acts/1/confirm");

        Assert.Contains("You proposed this yourself", own, StringComparison.Ordinal);
        Assert.DoesNotContain("/confirm\"", own, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, unread.StatusCode);
        await host.World.Agreements.Contract.DidNotReceive().Confirm(Arg.Any<int>(), Arg.Any<string>(), Any);
    }

    [Fact]
    public async Task What_the_contract_does_not_allow_is_said_and_nothing_is_lost_of_what_was_written()
    {
        await using var host = await PortalHost.StartAsync();
        using var client = host.Client();

        var refused = await SendAsync(client, "suspend", "look", "why=Not paid at all");
        var page = await refused.Content.ReadAsStringAsync();

        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        Assert.Contains("The customer was not warned", page, StringComparison.Ordinal);
        Assert.Contains("Not paid at all", page, StringComparison.Ordinal);
        Assert.DoesNotContain("/go\"", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Role.ProviderOperator)]
    [InlineData(Role.CustomerContact)]
    [InlineData(Role.Auditor)]
    public async Task Only_who_manages_contracts_is_led_to_a_deed_or_may_do_one(Role role)
    {
        await using var host = await PortalHost.StartAsync();
        using (var admin = host.Client())
            Assert.Contains("/contract/do/notice", await admin.GetStringAsync(new Uri(Contract, UriKind.Relative)), StringComparison.Ordinal);
        using var client = host.Client(key: PortalHost.KeyOf(role));

        Assert.DoesNotContain("/contract/do/", await client.GetStringAsync(new Uri(Contract, UriKind.Relative)), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, (await client.GetAsync(new Uri($"{Contract}/do/notice", UriKind.Relative))).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await client.PostAsync(new Uri($"{Contract}/do/notice/go", UriKind.Relative), new FormUrlEncodedContent([]))).StatusCode);
        await host.World.Agreements.Contract.DidNotReceive().ReceiveNotice(Arg.Any<DateOnly?>(), Arg.Any<string>(), Arg.Any<string>(), Arg.Any<string>(), Any);
    }

    private static Task<HttpResponseMessage> SendAsync(HttpClient client, string deed, string step, string fields) =>
        Forms.SendAsync(client, $"{Contract}/do/{deed}", $"{Contract}/do/{deed}/{step}", [.. fields.Split('&', StringSplitOptions.RemoveEmptyEntries).Select(field => (field[..field.IndexOf('=')], field[(field.IndexOf('=') + 1)..]))]);

    /// <summary>The contract, and what happened to it since.</summary>
    private static PortalWorld With(params ContractEvent[] events)
    {
        var world = new PortalWorld();
        ImmutableArray<string> journal = [Agreements.Record.Journal[0], .. events.Select((one, at) => ContractJournal.Write(new(at + 2, Estate.Now.AddDays(-20 + at), First, one)))];
        world.Agreements.Contract.Get(Any).Returns(new ContractRecord(journal, Estate.Today, []));
        return world;
    }
}
