using System.Net;
using System.Text.RegularExpressions;
using NSubstitute;
using OrleansBackup.Domain.Access;
using OrleansBackup.GrainInterfaces.Restores;
using OrleansBackup.Portal.Tests.Hosting;

namespace OrleansBackup.Portal.Tests.Pages;

/// <summary>From a selection to a restore: for who may restore, and for a customer who asks.</summary>
public sealed partial class RestoreTests
{
    private static readonly Uri Choose = new($"{PortalPages.Tenant}/restores/new?resource={Mailbag.Resource.LocalName}&point=90&item={Uri.EscapeDataString(Mailbag.Letter)}", UriKind.Relative);

    [Fact]
    public async Task A_selection_is_previewed_and_then_started_as_it_was_shown()
    {
        await using var host = await PortalHost.StartAsync();
        using var client = host.Client();
        RestoreRequest? started = null;
        host.World.Tenant(Estate.Id(3)).StartRestore(Arg.Do<RestoreRequest>(request => started = request), PortalWorld.Any).Returns(Mailbag.Job);

        var choice = await client.GetStringAsync(Choose);
        var preview = await client.PostAsync(new Uri($"{PortalPages.Tenant}/restores/preview", UriKind.Relative), Form(choice, ("item", Mailbag.Letter), ("item", "AAMk/letter+2="), ("where", "folder"), ("name", "Terug"), ("conflict", "Copy")));
        var shown = await preview.Content.ReadAsStringAsync();
        var answer = await client.PostAsync(new Uri($"{PortalPages.Tenant}/restores/start", UriKind.Relative), Form(shown, ("item", Mailbag.Letter), ("item", "AAMk/letter+2="), ("where", "folder"), ("name", "Terug"), ("conflict", "Copy")));

        Assert.Equal(HttpStatusCode.OK, preview.StatusCode);
        Assert.Contains("1,180", shown, StringComparison.Ordinal);
        Assert.Contains("internet headers", shown, StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.SeeOther, $"{PortalPages.Tenant}/restores/{Mailbag.Job}"), (answer.StatusCode, answer.Headers.Location?.OriginalString));
        Assert.NotNull(started);
        Assert.Equal(new[] { Mailbag.Letter, "AAMk/letter+2=" }, started.Selection.ItemIds.ToArray());
        Assert.Equal("Terug", Assert.Single(started.TargetFolder));
        Assert.Equal((ConflictPolicy.Copy, 90L, false), (started.Conflict, started.Point.Sequence, started.Selection.Everything));
    }

    [Fact]
    public async Task Another_mailbox_is_found_by_its_address_and_one_that_there_is_not_is_told_at_its_field()
    {
        await using var host = await PortalHost.StartAsync();
        using var client = host.Client();
        RestoreRequest? started = null;
        host.World.Tenant(Estate.Id(3)).StartRestore(Arg.Do<RestoreRequest>(request => started = request), PortalWorld.Any).Returns(Mailbag.Job);
        var choice = await client.GetStringAsync(Choose);

        var wrong = await client.PostAsync(new Uri($"{PortalPages.Tenant}/restores/preview", UriKind.Relative), Form(choice, ("where", "other"), ("other", "nobody@fabrikam.example"), ("conflict", "Skip")));
        await client.PostAsync(new Uri($"{PortalPages.Tenant}/restores/start", UriKind.Relative), Form(choice, ("where", "other"), ("other", "medewerker3@fabrikam.example"), ("name", "Van collega"), ("conflict", "Skip")));

        Assert.Equal(HttpStatusCode.UnprocessableEntity, wrong.StatusCode);
        Assert.Contains("href=\"#field-other\"", await wrong.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal("20000000-0000-0000-0000-000000000002", started?.TargetResource?.ObjectId);
        Assert.True(started?.Selection.Everything);
    }

    [Fact]
    public async Task A_customer_asks_and_cannot_start()
    {
        await using var host = await PortalHost.StartAsync();
        using var client = host.Client(key: PortalHost.KeyOf(Role.CustomerContact));

        var choice = await client.GetStringAsync(Choose);
        var asked = await client.PostAsync(new Uri($"{PortalPages.Tenant}/restores/ask", UriKind.Relative), Form(choice, ("item", Mailbag.Letter), ("where", "original"), ("conflict", "Skip"), ("text", "Mijn brief"), ("asked-by", "office@fabrikam.example")));
        var empty = await client.PostAsync(new Uri($"{PortalPages.Tenant}/restores/ask", UriKind.Relative), Form(choice, ("item", Mailbag.Letter), ("where", "original"), ("conflict", "Skip")));
        var started = await client.PostAsync(new Uri($"{PortalPages.Tenant}/restores/start", UriKind.Relative), Form(choice, ("where", "original"), ("conflict", "Skip")));
        var approved = await client.PostAsync(new Uri($"{PortalPages.Tenant}/restore-requests/{Mailbag.RequestId}/approve", UriKind.Relative), Form(choice, ("why", "x")));

        Assert.Contains("/restores/ask\"", choice, StringComparison.Ordinal);
        Assert.Equal($"{PortalPages.Tenant}/restore-requests/{Mailbag.RequestId}", asked.Headers.Location?.OriginalString);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, empty.StatusCode);
        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.Forbidden), (started.StatusCode, approved.StatusCode));
        await host.World.Mailbag.Requests.Received(1).Make("office@fabrikam.example", "Mijn brief", Arg.Any<RestoreRequest>(), PortalWorld.Any);
        await host.World.Mailbag.Requests.DidNotReceive().Approve(Arg.Any<Guid>(), Arg.Any<string>(), Arg.Any<string>(), PortalWorld.Any);
    }

    [Fact]
    public async Task The_provider_decides_on_a_request()
    {
        await using var host = await PortalHost.StartAsync();
        using var client = host.Client(key: PortalHost.KeyOf(Role.ProviderOperator));
        var address = $"{PortalPages.Tenant}/restore-requests/{Mailbag.RequestId}";

        var page = await client.GetStringAsync(new Uri(address, UriKind.Relative));
        var answer = await client.PostAsync(new Uri($"{address}/approve", UriKind.Relative), Form(page, ("why", "Asked by telephone")));

        Assert.Equal(address, answer.Headers.Location?.OriginalString);
        await host.World.Mailbag.Requests.Received(1).Approve(Mailbag.RequestId, "provider-operator", "Asked by telephone", PortalWorld.Any);
    }

    [Fact]
    public async Task A_job_tells_how_far_it_is_until_it_ends()
    {
        await using var host = await PortalHost.StartAsync();
        using var client = host.Client();

        host.World.Mailbag.Restore.Watch(PortalWorld.Any).Returns(_ => PortalWorld.Streamed([host.World.Mailbag.Status, host.World.Mailbag.Status with { Restored = 800 }]));

        var page = await client.GetStringAsync(new Uri($"{PortalPages.Tenant}/restores/{Mailbag.Job}", UriKind.Relative));
        var events = await client.GetStringAsync(new Uri($"{PortalPages.Tenant}/restores/{Mailbag.Job}/live", UriKind.Relative));

        Assert.Contains($"data-events=\"{PortalPages.Tenant}/restores/{Mailbag.Job}/live\"", page, StringComparison.Ordinal);
        Assert.Contains("<noscript><meta http-equiv=\"refresh\"", page, StringComparison.Ordinal);
        Assert.Equal(2, events.Split("event: progress").Length - 1);
        Assert.Contains("event: end", events, StringComparison.Ordinal);
    }

    private static FormUrlEncodedContent Form(string page, params IEnumerable<(string Name, string Value)> fields) => new(
    [
        .. fields.Select(field => KeyValuePair.Create(field.Name, field.Value)), KeyValuePair.Create("resource", Mailbag.Resource.LocalName), KeyValuePair.Create("point", "90"),
        KeyValuePair.Create("__RequestVerificationToken", Proof().Match(page).Groups["token"].Value),
    ]);

    [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"(?<token>[^\"]+)\"")]
    private static partial Regex Proof();
}
