using System.Net;
using Microsoft.Playwright;
using NSubstitute;
using OrleansBackup.Domain.Audit;
using OrleansBackup.Domain.Checks;
using OrleansBackup.Domain.Contracts;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Checks;
using OrleansBackup.GrainInterfaces.Contracts;
using OrleansBackup.GrainInterfaces.Exports;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.GrainInterfaces.Tenants;
using OrleansBackup.Portal.Tests.Hosting;

namespace OrleansBackup.Portal.Tests.Pages;

/// <summary>Settings, holds, incidents, exports and the end, as a person at the provider does them on a working day.</summary>
public sealed class KeepingTests(Browser browser) : IClassFixture<Browser>
{
    private static readonly string Tenant = PortalPages.Tenant;

    private static CancellationToken Any => PortalWorld.Any;

    [BrowserFact]
    public async Task Another_retention_is_looked_at_point_by_point_and_proposed()
    {
        await using var host = await PortalHost.StartAsync();
        await using var window = await browser.OpenAsync(host.Address, host.Key, "en");

        await window.GoAsync($"{Tenant}/settings");
        await window.Page.FillAsync("#field-length", "30");
        await window.Page.CheckAsync("#field-read-only");
        await window.Page.FillAsync("#field-why", "Asked in letter 21");
        await window.Page.ClickAsync("form[action$='/look'] button");
        var changes = (await window.Page.InnerTextAsync("section[aria-labelledby=changes]")).Replace('\u00a0', ' ');

        Assert.Matches("Length\\s+90\\s+30", changes);
        Assert.Contains("3 restore points of 2 resources", changes, StringComparison.Ordinal);
        await window.Page.FillAsync("#field-length", "1"); // what is proposed is what was looked at, and not what was written since
        await window.Page.ClickAsync("form[action$='/propose'] button");
        await host.World.Agreements.Contract.Received(1).Propose(
            Arg.Is<ActOrder>(order => order.Kind == ActKind.Settings && order.Settings!.Retention.Days == 30 && order.Settings.Rehearsal.ReadOnly && order.Why == "Asked in letter 21"), "jo@provider.example", Any);
        await host.World.Tenant(Estate.Id(3)).DidNotReceive().ChangeSettings(Arg.Any<TenantSettings>(), Any);
        Assert.Empty(window.Faults);
    }

    [Fact]
    public async Task Without_a_contract_settings_are_changed_at_once_and_all_of_them_stay_as_they_were_shown()
    {
        var world = new PortalWorld();
        world.Agreements.Contract.Get(Any).Returns<ContractRecord>(_ => throw new NotFoundException("There is no contract."));
        await using var host = await PortalHost.StartAsync(world);
        using var client = host.Client();
        (string, string)[] fields =
        [
            ("mode", "Everything"), ("hidden-folders", "yes"), ("kind-Team", "Nothing"), ("excluded", "a\nb"), ("unit", "months"), ("length", "3"), ("keep-weeks", "0"), ("keep-months", "12"), ("keep-years", "0"), ("legal-hold", "yes"),
            ("window-start", "21:30"), ("window-hours", "6.5"), ("targets", ""),
        ];

        Assert.Equal(HttpStatusCode.OK, (await Forms.SendAsync(client, $"{Tenant}/settings", $"{Tenant}/settings/look", fields)).StatusCode);
        Assert.Equal(HttpStatusCode.SeeOther, (await Forms.SendAsync(client, $"{Tenant}/settings", $"{Tenant}/settings/change", fields)).StatusCode);

        await world.Tenant(Estate.Id(3)).Received(1).ChangeSettings(Arg.Is<TenantSettings>(settings => settings.Retention.CalendarMonths == 3 && settings.Retention.Keep.Months == 12 && settings.Retention.LegalHold
            && settings.Scope.Excluded.SetEquals(new[] { "a", "b" }) && settings.Scope.Kinds.Count == 1 && settings.Window.Start == new TimeSpan(21, 30, 0) && settings.Window.Length == TimeSpan.FromHours(6.5)), Any);
        Assert.Contains(world.Notes, note => note.Act == AuditActs.ChangeSettings);
    }

    [Fact]
    public async Task Settings_that_make_no_sense_are_refused_with_what_was_written()
    {
        await using var host = await PortalHost.StartAsync();
        using var client = host.Client();

        var refused = await Forms.SendAsync(client, $"{Tenant}/settings", $"{Tenant}/settings/look", ("mode", "Everything"), ("unit", "days"), ("length", "99999"), ("window-start", "20:00"), ("window-hours", "8"), ("why", "Odd"));

        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        Assert.Contains("value=\"99999\"", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [BrowserFact]
    public async Task A_legal_hold_is_placed_on_a_resource_by_its_address()
    {
        await using var host = await PortalHost.StartAsync();
        host.World.Mailbox.PlaceLegalHold(Arg.Any<string>(), Arg.Any<string>(), Any).Returns(new ExpiryStanding(null, null, false));
        await using var window = await browser.OpenAsync(host.Address, host.Key, "en");

        await window.GoAsync($"{Tenant}/holds");
        await window.Page.FillAsync("#field-resource", "nobody@fabrikam.example");
        await window.Page.FillAsync("#field-why", "Court order 5");
        await window.Page.ClickAsync("form[action$='/place'] button");
        Assert.Contains("no resource of this address", await window.Page.InnerTextAsync("#problems"), StringComparison.Ordinal);
        await window.Page.FillAsync("#field-resource", "Medewerker1@fabrikam.example");
        await window.Page.ClickAsync("form[action$='/place'] button");
        await Assertions.Expect(window.Page.Locator(".message-good")).ToContainTextAsync("hold stands");

        await host.World.Mailbox.Received(1).PlaceLegalHold("first-key", "Court order 5", Any);
        Assert.Contains(host.World.Notes, note => note.Act == AuditActs.PlaceHold);
    }

    [Fact]
    public async Task Holds_and_brakes_are_listed_each_with_the_way_to_a_second_person()
    {
        var world = new PortalWorld();
        var listed = world.Tenants.First(tenant => tenant.Listing.Tenant == Estate.Id(3));
        var resources = Estate.Resources(listed);
        world.Tenant(Estate.Id(3)).ListResources(Arg.Any<string?>(), Arg.Any<int>(), Any).Returns(new ResourcePage(
            [resources[0] with { Health = resources[0].Health! with { Held = true } }, resources[2] with { Health = resources[2].Health! with { Braked = true } }, resources[4]], null));
        await using var host = await PortalHost.StartAsync(world);
        using var client = host.Client();

        var page = await client.GetStringAsync(new Uri($"{Tenant}/holds", UriKind.Relative));

        Assert.Contains($"{resources[0].Resource.LocalName}/release/hold", page, StringComparison.Ordinal);
        Assert.Contains($"{resources[2].Resource.LocalName}/release/brake", page, StringComparison.Ordinal);
        Assert.DoesNotContain(resources[4].Resource.LocalName, page, StringComparison.Ordinal);
    }

    [BrowserFact]
    public async Task An_incident_is_declared_put_right_and_ended()
    {
        await using var host = await PortalHost.StartAsync();
        var diary = host.World.CheckDiary;
        var open = Diary.Incident with { Until = null, Tenants = [Estate.Id(4)] };
        diary.DeclareIncident(Arg.Any<IncidentDeclaration>(), Arg.Any<string>(), Any).Returns(open);
        diary.ChangeIncident(Arg.Any<Guid>(), Arg.Any<IncidentDeclaration>(), Arg.Any<string>(), Any).Returns(open);
        diary.EndIncident(Arg.Any<Guid>(), Arg.Any<DateTimeOffset>(), Arg.Any<string>(), Any).Returns(Diary.Incident);
        diary.ListIncidents(Any).Returns([open]);
        await using var window = await browser.OpenAsync(host.Address, host.Key, "en");

        await window.GoAsync("/alerts");
        await window.Page.ClickAsync("a[href='/incidents']");
        await window.Page.ClickAsync("a[href='/incidents?edit=new#edit']");
        await window.Page.FillAsync("#field-what-nl", "Stroom weg");
        await window.Page.FillAsync("#field-what-en", "Power cut");
        await window.Page.FillAsync("#field-from", "2026-03-14T08:15");
        await window.Page.FillAsync("#field-tenants", "Zuidas Legal");
        await window.Page.FillAsync("#field-reference", "Ticket 88");
        await window.Page.ClickAsync("form[action='/incidents/declare'] button");
        await diary.Received(1).DeclareIncident(Arg.Is<IncidentDeclaration>(one => one.What.En == "Power cut" && one.From == new DateTimeOffset(2026, 3, 14, 7, 15, 0, TimeSpan.Zero) && one.Until == null && one.Tenants.Single() == Estate.Id(4)), "first-key", Any);

        await window.Page.ClickAsync($"a[href='/incidents?edit={open.Id}#edit']");
        Assert.Equal("Zuidas Legal", await window.Page.InputValueAsync("#field-tenants"));
        await window.Page.FillAsync("#field-tenants", "Nobody at all");
        await window.Page.ClickAsync("form[action$='/change'] button");
        Assert.Contains("Nobody at all", await window.Page.InnerTextAsync("#problems"), StringComparison.Ordinal);
        await window.Page.FillAsync("#field-tenants", "");
        await window.Page.ClickAsync("form[action$='/change'] button");
        await diary.Received(1).ChangeIncident(open.Id, Arg.Is<IncidentDeclaration>(one => one.Tenants.IsEmpty && one.Kind == FaultKind.MicrosoftIncident), "first-key", Any);

        await window.Page.ClickAsync("table details summary");
        await window.Page.FillAsync($"#until-{open.Id}", "2026-03-14T10:00");
        await window.Page.ClickAsync("form[action$='/end'] button");
        await Assertions.Expect(window.Page.Locator(".message-good")).ToContainTextAsync("over");
        await diary.Received(1).EndIncident(open.Id, new DateTimeOffset(2026, 3, 14, 9, 0, 0, TimeSpan.Zero), "first-key", Any);
    }

    [BrowserFact]
    public async Task An_export_is_ordered_watched_downloaded_and_its_files_deleted()
    {
        await using var host = await PortalHost.StartAsync();
        var exports = host.World.Ledger.Exports;
        exports.Read(Ledger.Export, Arg.Any<string>(), Any).Returns(_ => PortalWorld.Streamed<ReadOnlyMemory<byte>>([new byte[] { 80, 75, 3, 4 }]));
        await using var window = await browser.OpenAsync(host.Address, host.Key, "en");

        await window.GoAsync($"{Tenant}/exports");
        Assert.Contains("1 of 40 resources", await window.Page.InnerTextAsync(".meter"), StringComparison.Ordinal);
        await window.Page.FillAsync("#field-day", "2026-03-01");
        await window.Page.SelectOptionAsync("#field-by", "office@fabrikam.example");
        await window.Page.FillAsync("#field-why", "Mail 30");
        await window.Page.ClickAsync("form[action$='/order'] button");
        await Assertions.Expect(window.Page.Locator(".message-good")).ToContainTextAsync("begun");
        await exports.Received(1).Start(Arg.Is<TenantExportOrder>(order => order.Day == new DateOnly(2026, 3, 1) && order.By == "office@fabrikam.example" && order.Asked.Who == "first-key" && order.Asked.Why == "Mail 30"), Any);

        var download = await window.Page.RunAndWaitForDownloadAsync(() => window.Page.ClickAsync($"a[href*='{Ledger.Export}/files/mailbox-']"));
        Assert.EndsWith(".zip", download.SuggestedFilename, StringComparison.Ordinal);
        await window.Page.ClickAsync("text=Delete the files…");
        await window.Page.ClickAsync($"form[action$='{Ledger.Export}/delete'] button");
        await Assertions.Expect(window.Page.Locator(".message-good")).ToContainTextAsync("deleted");
        await exports.Received(1).Delete(Ledger.Export, Any);
    }

    [Fact]
    public async Task When_it_has_ended_the_signed_record_is_there_to_download_and_nothing_more_can_be_destroyed()
    {
        var world = new PortalWorld();
        world.Tenant(Estate.Id(3)).GetDestruction(Any).Returns(Ledger.Destroying("a and b", DestructionState.Done));
        await using var host = await PortalHost.StartAsync(world);
        using var client = host.Client();

        var page = await client.GetStringAsync(new Uri($"{Tenant}/ending", UriKind.Relative));

        Assert.Contains($"/api/v1/tenants/{Estate.Id(3)}/deletion-record", page, StringComparison.Ordinal);
        Assert.Contains("/api/v1/deletion-key", page, StringComparison.Ordinal);
        Assert.DoesNotContain("/ending/destroy", page, StringComparison.Ordinal);
    }
}
