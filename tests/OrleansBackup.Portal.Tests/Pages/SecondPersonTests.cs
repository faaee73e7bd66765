using System.Net;
using System.Text;
using Microsoft.Playwright;
using NSubstitute;
using OrleansBackup.Domain.Access;
using OrleansBackup.Domain.Audit;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Erasures;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.GrainInterfaces.Tenants;
using OrleansBackup.Portal.Tests.Hosting;

namespace OrleansBackup.Portal.Tests.Pages;

/// <summary>Two people in two browsers: one proposes what cannot be undone, the other reads what it does and says the same.</summary>
public sealed class SecondPersonTests(Browser browser) : IClassFixture<Browser>
{
    private static readonly string Tenant = PortalPages.Tenant;

    [BrowserFact]
    public async Task A_tenant_is_destroyed_when_a_second_person_has_read_it_and_written_the_words_himself()
    {
        await using var host = await WithoutContractAsync();
        await using var first = await browser.OpenAsync(host.Address, host.Key);
        await using var second = await browser.OpenAsync(host.Address, PortalHost.KeyOf(Role.ProviderAdmin));

        await first.GoAsync($"{Tenant}/ending");
        await first.Page.FillAsync("#field-why", "Asked for in letter 12");
        await first.Page.FillAsync("#field-confirmation", $"destroy {Estate.Id(3)}");
        await first.Page.ClickAsync("button.button-danger");
        await Assertions.Expect(first.Page.Locator("h1")).ToHaveTextAsync("Wacht op een tweede persoon");
        Assert.Equal(0, await first.Page.Locator("form[action$='/confirm']").CountAsync()); // he is told that somebody else has to
        await host.World.Tenant(Estate.Id(3)).DidNotReceive().StartDestruction(Arg.Any<DestructionRequest>(), PortalWorld.Any);

        await second.GoAsync($"{Tenant}/proposals");
        Assert.Contains("Asked for in letter 12", await second.Page.InnerTextAsync("main"), StringComparison.Ordinal);
        await ConfirmAsync(second, "destroy something else");
        Assert.Contains("niet precies", await second.Page.InnerTextAsync("main"), StringComparison.Ordinal);
        await host.World.Tenant(Estate.Id(3)).DidNotReceive().StartDestruction(Arg.Any<DestructionRequest>(), PortalWorld.Any);

        await ConfirmAsync(second, $"destroy {Estate.Id(3)}");
        await Assertions.Expect(second.Page.Locator(".message-good")).ToContainTextAsync("bevestigd");
        await host.World.Tenant(Estate.Id(3)).Received(1).StartDestruction(Arg.Is<DestructionRequest>(order => order.Who == "provider-admin" && order.Why == "Asked for in letter 12"), PortalWorld.Any);
        Assert.Contains(host.World.Notes, note => note is { Act: AuditActs.Propose, Actor: "first-key" });
        Assert.Contains(host.World.Notes, note => note is { Act: AuditActs.Destroy, Actor: "provider-admin" });
        Assert.Empty(first.Faults);
    }

    [Fact]
    public async Task Who_proposed_it_is_refused_however_he_asks_and_an_operator_as_well()
    {
        await using var host = await WithoutContractAsync();
        using var first = host.Client();
        using var operating = host.Client(key: PortalHost.KeyOf(Role.ProviderOperator));
        await Forms.SendAsync(operating, $"{Tenant}/ending", $"{Tenant}/ending/destroy", ("why", "The end"), ("confirmation", $"destroy {Estate.Id(3)}"));
        await Forms.SendAsync(first, $"{Tenant}/ending", $"{Tenant}/ending/destroy", ("why", "The end"), ("confirmation", $"destroy {Estate.Id(3)}"));
        (string, string)[] words = [("words", $"destroy {Estate.Id(3)}"), ("agree", "yes")];

        var himself = await Forms.SendAsync(first, $"{Tenant}/proposals", $"{Tenant}/proposals/{host.World.Ledger.Waiting[1].Id}/confirm", words);
        var operators = await Forms.SendAsync(operating, $"{Tenant}/proposals", $"{Tenant}/proposals/{host.World.Ledger.Waiting[0].Id}/confirm", words);
        var unread = await Forms.SendAsync(first, $"{Tenant}/proposals", $"{Tenant}/proposals/{host.World.Ledger.Waiting[0].Id}/confirm", words[0]);

        Assert.Equal((HttpStatusCode.UnprocessableEntity, HttpStatusCode.Forbidden, HttpStatusCode.UnprocessableEntity), (himself.StatusCode, operators.StatusCode, unread.StatusCode));
        Assert.Contains("cannot confirm it", await himself.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        await host.World.Tenant(Estate.Id(3)).DidNotReceive().StartDestruction(Arg.Any<DestructionRequest>(), PortalWorld.Any);
        Assert.Equal(2, host.World.Ledger.Waiting.Count);
    }

    [Fact]
    public async Task A_form_from_elsewhere_neither_proposes_nor_confirms()
    {
        await using var host = await WithoutContractAsync();
        using var client = host.Client();
        using var form = new FormUrlEncodedContent([new("why", "The end"), new("confirmation", $"destroy {Estate.Id(3)}")]);

        Assert.Equal(HttpStatusCode.Forbidden, (await client.PostAsync(new Uri($"{Tenant}/ending/destroy", UriKind.Relative), form)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await client.PostAsync(new Uri($"{Tenant}/proposals/{Guid.NewGuid()}/confirm", UriKind.Relative), form)).StatusCode);
        Assert.Empty(host.World.Ledger.Waiting);
    }

    [Fact]
    public async Task What_was_proposed_on_a_page_can_be_confirmed_over_the_api_and_the_other_way_round()
    {
        await using var host = await PortalHost.StartAsync();
        using var first = host.Client();
        using var second = host.Client(key: PortalHost.KeyOf(Role.ProviderAdmin));
        host.World.Mailbox.LiftLegalHold(Arg.Any<string>(), Arg.Any<string>(), PortalWorld.Any).Returns(new ExpiryStanding(null, null, false));
        var lifts = $"/api/v1{ContentPages.Resource}/legal-hold/lifts";

        await Forms.SendAsync(first, $"{ContentPages.Resource}/release/hold", $"{ContentPages.Resource}/release/hold", ("why", "Case closed"));
        var overApi = await second.PostAsync(new Uri($"{lifts}?confirm={host.World.Ledger.Waiting[0].Id}", UriKind.Relative), Json("""{"why":"Case closed"}"""));
        var proposed = await first.PostAsync(new Uri(lifts, UriKind.Relative), Json("""{"why":"The second case"}"""));
        var onPage = await Forms.SendAsync(second, $"{Tenant}/proposals", $"{Tenant}/proposals/{host.World.Ledger.Waiting[0].Id}/confirm", ("agree", "yes"));

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Created, HttpStatusCode.SeeOther), (overApi.StatusCode, proposed.StatusCode, onPage.StatusCode));
        await host.World.Mailbox.Received(1).LiftLegalHold("provider-admin", "Case closed", PortalWorld.Any);
        await host.World.Mailbox.Received(1).LiftLegalHold("provider-admin", "The second case", PortalWorld.Any);
    }

    [BrowserFact]
    public async Task The_brake_is_released_by_two_who_have_seen_which_points_go_today()
    {
        await using var host = await PortalHost.StartAsync();
        host.World.Mailbox.ListPoints(PortalWorld.Any).Returns([Mailbag.Point(90), Mailbag.Point(40) with { OwedUntil = Estate.Today.AddDays(-3) }]);
        host.World.Mailbox.ReleaseBrake(Arg.Any<string>(), Arg.Any<string>(), PortalWorld.Any).Returns(new ExpiryStanding(null, null, false));
        await using var first = await browser.OpenAsync(host.Address, host.Key, "en");
        await using var second = await browser.OpenAsync(host.Address, PortalHost.KeyOf(Role.ProviderAdmin), "en");

        await first.GoAsync(ContentPages.Resource);
        await first.Page.ClickAsync("text=Propose to release it");
        Assert.Contains("1 restore point of 1 resource; the first on 14", (await first.Page.InnerTextAsync("main")).Replace('\u00a0', ' '), StringComparison.Ordinal);
        await first.Page.FillAsync("#field-why", "They moved to an archive");
        await first.Page.Keyboard.PressAsync("Enter"); // by keyboard alone
        await Assertions.Expect(first.Page.Locator("h1")).ToHaveTextAsync("Waits for a second person");

        await second.GoAsync(Tenant);
        await second.Page.ClickAsync("text=Look at what waits");
        Assert.Contains("1 restore point of 1 resource", await second.Page.InnerTextAsync("main"), StringComparison.Ordinal);
        await second.Page.CheckAsync("input[name=agree]");
        await second.Page.ClickAsync("form[action$='/confirm'] button");
        await Assertions.Expect(second.Page.Locator(".message-good")).ToContainTextAsync("confirmed");
        await host.World.Mailbox.Received(1).ReleaseBrake("provider-admin", "They moved to an archive", PortalWorld.Any);
    }

    [Fact]
    public async Task A_person_is_erased_as_two_have_chosen_it_from_the_list()
    {
        await using var host = await PortalHost.StartAsync();
        using var first = host.Client();
        using var second = host.Client(key: PortalHost.KeyOf(Role.ProviderAdmin));
        var page = $"{Tenant}/erasures/{Ledger.Search}";

        var proposed = await Forms.SendAsync(first, page, $"{page}/propose", ("list", "listhash"), ("items", "yes"), ("keep", $"{Mailbag.Resource.LocalName}|{Mailbag.Meeting}"), ("whole", Mailbag.Resource.LocalName), ("why", "Demand 7"), ("confirmation", "erase for ever"));
        await host.World.Ledger.Searches.DidNotReceive().Erase(Arg.Any<Guid>(), Arg.Any<ErasureChoice>(), PortalWorld.Any);
        var confirmed = await Forms.SendAsync(second, $"{Tenant}/proposals", $"{Tenant}/proposals/{host.World.Ledger.Waiting[0].Id}/confirm", ("words", "erase for ever"), ("agree", "yes"));

        Assert.Equal((HttpStatusCode.SeeOther, HttpStatusCode.SeeOther), (proposed.StatusCode, confirmed.StatusCode));
        await host.World.Ledger.Searches.Received(1).Erase(Ledger.Search, Arg.Is<ErasureChoice>(choice => choice.AllFound && choice.Decision.Who == "provider-admin"
            && choice.Whole.Single() == Mailbag.Resource.LocalName && choice.Except.Single().ItemIds.Single() == Mailbag.Meeting), PortalWorld.Any);
    }

    [Fact]
    public async Task A_dropped_proposal_is_gone_and_nothing_is_done()
    {
        await using var host = await PortalHost.StartAsync();
        using var client = host.Client();
        await Forms.SendAsync(client, $"{ContentPages.Resource}/erase", $"{ContentPages.Resource}/erase", ("what", "items"), ("items", Mailbag.Letter), ("why", "Demand 8"), ("confirmation", "erase for ever"));

        var page = await client.GetStringAsync(new Uri($"{Tenant}/proposals", UriKind.Relative));
        await Forms.SendAsync(client, $"{Tenant}/proposals", $"{Tenant}/proposals/{host.World.Ledger.Waiting[0].Id}/drop");

        Assert.Contains("Demand 8", page, StringComparison.Ordinal);
        Assert.Empty(host.World.Ledger.Waiting);
        await host.World.Mailbox.DidNotReceive().Erase(Arg.Any<ErasureOrder>(), PortalWorld.Any);
    }

    [Fact]
    public async Task What_waits_stands_on_the_providers_list_of_what_needs_a_person()
    {
        var world = new PortalWorld();
        world.Tenants = [.. world.Tenants.Select(tenant => tenant.Listing.Tenant == Estate.Id(4) ? tenant with { Standing = tenant.Standing! with { WaitingForSecond = 2 } } : tenant)];
        await using var host = await PortalHost.StartAsync(world);
        using var client = host.Client();

        foreach (var page in new[] { "/", "/alerts" })
            Assert.Contains("Zuidas Legal: something waits for a second person", await client.GetStringAsync(new Uri(page, UriKind.Relative)), StringComparison.Ordinal);
        using var auditor = host.Client(key: PortalHost.KeyOf(Role.Auditor));
        Assert.DoesNotContain("waits for a second person", await auditor.GetStringAsync(new Uri("/alerts", UriKind.Relative)), StringComparison.Ordinal);
    }

    private static async Task ConfirmAsync(Window window, string words)
    {
        await window.Page.FillAsync("input[name=words]", words);
        await window.Page.CheckAsync("input[name=agree]");
        await window.Page.ClickAsync("form[action$='/confirm'] button");
    }

    private static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");

    private static async Task<PortalHost> WithoutContractAsync()
    {
        var world = new PortalWorld();
        world.Agreements.Contract.Get(PortalWorld.Any).Returns<GrainInterfaces.Contracts.ContractRecord>(_ => throw new NotFoundException("There is no contract."));
        return await PortalHost.StartAsync(world);
    }
}
