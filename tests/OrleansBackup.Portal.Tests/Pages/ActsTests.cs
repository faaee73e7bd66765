using System.Collections.Immutable;
using System.Net;
using NSubstitute;
using NSubstitute.ExceptionExtensions;
using OrleansBackup.Domain.Audit;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Tenants;
using OrleansBackup.Portal.Tests.Hosting;

namespace OrleansBackup.Portal.Tests.Pages;

/// <summary>What a person does on a page: it is taken only from our own forms, written down, and said back in words when it is refused.</summary>
public sealed class ActsTests
{
    [Fact]
    public async Task A_form_that_does_not_come_from_a_page_of_ours_does_nothing()
    {
        await using var host = await PortalHost.StartAsync();
        using var client = host.Client();

        var answer = await client.PostAsync(new Uri($"{PortalPages.Tenant}/sweep", UriKind.Relative), new FormUrlEncodedContent([]));

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        await host.World.Tenant(Estate.Id(3)).DidNotReceive().SweepOverdue(PortalWorld.Any);
        Assert.Empty(host.World.Notes);
    }

    [Fact]
    public async Task An_act_on_a_tenant_is_done_once_and_written_into_its_audit_book()
    {
        await using var host = await PortalHost.StartAsync();
        using var client = host.Client();

        var answer = await Forms.SendAsync(client, PortalPages.Tenant, $"{PortalPages.Tenant}/sweep");

        Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
        await host.World.Tenant(Estate.Id(3)).Received(1).SweepOverdue(PortalWorld.Any);
        Assert.Equal((AuditActs.Sweep, "first-key"), host.World.Notes.Select(note => (note.Act, note.Actor)).Single());
    }

    [Fact]
    public async Task A_check_is_acknowledged_with_what_somebody_saw_under_his_name()
    {
        await using var host = await PortalHost.StartAsync();
        using var client = host.Client();

        var answer = await Forms.SendAsync(client, "/checks/2026-03-13", "/checks/2026-03-13", ("note", "Called the customer."), ("group", Diary.Check.Groups[0].Id));

        Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
        await host.World.DailyCheck.Received(1).Acknowledge("first-key", "Called the customer.", Arg.Is<ImmutableArray<string>>(groups => groups.SequenceEqual(new[] { Diary.Check.Groups[0].Id })), PortalWorld.Any);
        Assert.Equal(AuditActs.AcknowledgeCheck, host.World.Notes.Single().Act);
    }

    [Fact]
    public async Task A_check_that_is_acknowledged_without_a_word_is_shown_again_with_what_was_chosen()
    {
        await using var host = await PortalHost.StartAsync();
        using var client = host.Client("nl");

        var answer = await Forms.SendAsync(client, "/checks/2026-03-13", "/checks/2026-03-13", ("note", " "), ("group", Diary.Check.Groups[0].Id));
        var page = WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync());

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.Contains("href=\"#field-note\">Schrijf op wat u heeft gezien", page, StringComparison.Ordinal);
        Assert.Matches($"value=\"{Diary.Check.Groups[0].Id}\"[^>]*checked", page);
        await host.World.DailyCheck.DidNotReceive().Acknowledge(Arg.Any<string>(), Arg.Any<string>(), Arg.Any<ImmutableArray<string>>(), PortalWorld.Any);
    }

    [Fact]
    public async Task Onboarding_looks_live_at_what_is_granted_and_names_what_is_missing()
    {
        await using var host = await PortalHost.StartAsync();
        using var client = host.Client();
        var id = Estate.Id(900);
        host.World.Tenant(id).TryAccess(Arg.Any<string>(), "wrong", PortalWorld.Any).ThrowsAsync(new TenantAccessRefusedException("Microsoft refused the secret: it has expired."));
        host.World.Tenant(id).TryAccess(Arg.Any<string>(), "right", PortalWorld.Any).Returns([new PermissionState("Mail.Read", false, true, true, "Read mail.")]);

        var refused = await PageAsync(await Forms.SendAsync(client, "/onboarding", "/onboarding/check", Ids(id, "wrong")));
        var missing = await PageAsync(await Forms.SendAsync(client, "/onboarding", "/onboarding/check", Ids(id, "right")));

        Assert.Contains("Microsoft refused the secret: it has expired.", refused, StringComparison.Ordinal);
        Assert.Matches("<code>Mail.Read</code>(.|\n)*missing", missing);
        Assert.DoesNotContain("/onboarding/begin", missing, StringComparison.Ordinal);
        Assert.DoesNotContain("right", missing[missing.IndexOf("<main", StringComparison.Ordinal)..].Replace("Access is right", "", StringComparison.Ordinal), StringComparison.Ordinal); // the secret comes back on no page
        await host.World.Tenant(id).DidNotReceive().Onboard(Arg.Any<TenantOnboarding>(), PortalWorld.Any);
    }

    [Fact]
    public async Task A_book_and_a_record_that_are_right_are_said_to_be_right_and_a_changed_one_is_not()
    {
        await using var host = await PortalHost.StartAsync();
        using var client = host.Client();

        var book = await PageAsync(await Forms.SendAsync(client, "/audit", "/audit/verify"));
        var record = await PageAsync(await Forms.SendAsync(client, "/rehearsals/2026-Q1", "/rehearsals/2026-Q1/verify"));
        host.World.Audit.Export(PortalWorld.Any).Returns(_ => PortalWorld.Streamed<ReadOnlyMemory<byte>>([Changed(Evidence.BookFile)]));
        var changed = await PageAsync(await Forms.SendAsync(client, "/audit", "/audit/verify"));

        Assert.Contains("The book is intact", book, StringComparison.Ordinal);
        Assert.Contains("the sample was drawn again", record, StringComparison.Ordinal);
        Assert.Contains("The book is not as it was written", changed, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_choice_of_language_and_colours_stays_and_leads_back_and_nowhere_else()
    {
        await using var host = await PortalHost.StartAsync();
        using var client = host.Client();

        var chosen = await Forms.SendAsync(client, "/checks", "/preferences", ("language", "nl"), ("return", "/checks"));
        var page = await client.GetStringAsync(new Uri("/checks", UriKind.Relative));
        var astray = await Forms.SendAsync(client, "/checks", "/preferences", ("colours", "dark"), ("return", "//elsewhere.example"));

        Assert.True(chosen.StatusCode == HttpStatusCode.SeeOther, await chosen.Content.ReadAsStringAsync());
        Assert.Equal("/checks", chosen.Headers.Location?.OriginalString);
        Assert.Contains("<html lang=\"nl\"", page, StringComparison.Ordinal);
        Assert.Equal("/", astray.Headers.Location?.OriginalString);
        Assert.Contains("data-colours=\"dark\"", await client.GetStringAsync(new Uri("/checks", UriKind.Relative)), StringComparison.Ordinal);
    }

    private static (string, string)[] Ids(Domain.Identity.TenantId tenant, string secret) => [("tenant", tenant.ToString()), ("client", "60000000-0000-0000-0000-000000000001"), ("secret", secret)];

    private static byte[] Changed(byte[] file) => [.. file.Select((one, at) => at == 40 ? (byte)(one + 1) : one)];

    private static async Task<string> PageAsync(HttpResponseMessage answer) => WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync());
}
