using Microsoft.Extensions.DependencyInjection;
using OrleansBackup.Domain.Calendar;
using OrleansBackup.Domain.Notices;
using OrleansBackup.Domain.Reports;
using OrleansBackup.Domain.Schedule;
using OrleansBackup.Domain.Scope;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Reports;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.GrainInterfaces.Tenants;
using OrleansBackup.Grains.Notices;
using OrleansBackup.Grains.Reports;
using OrleansBackup.Grains.Tests.Given;
using OrleansBackup.Grains.Tests.Notices;
using OrleansBackup.GraphSimulator.Generation;

namespace OrleansBackup.Grains.Tests.Actors;

/// <summary>A report is made by itself after its month, once, and is the same for ever; with a selection it says what the selection leaves out.</summary>
public sealed class MonthlyReportTests(SimulatorFixture simulator) : IClassFixture<SimulatorFixture>
{
    private static readonly CancellationToken Never = CancellationToken.None;
    private static readonly ContractCalendar Calendar = ContractCalendar.Amsterdam;

    private readonly RecordingDelivery _post = new();

    [Fact]
    public async Task Trap_10_an_old_months_report_stays_what_it_was_whatever_happens_since_and_was_made_and_told_by_itself()
    {
        await using var scene = await StartAsync(out var month);
        await scene.OnboardAsync();
        await scene.Grains.NoticeBook(scene.Tenant).SetContacts([new Contact("The director", "director@example.nl", NoticeLanguage.Nl, [NoticeKind.FoundUnprotected], [])], Never);
        await scene.UntilPointsAsync(1);
        var draft = await scene.Grains.MonthlyReport(scene.Tenant, month).Read(Never);
        Assert.Null(draft.Summary);
        await Assert.ThrowsAsync<NotPossibleNowException>(() => scene.Grains.MonthlyReport(scene.Tenant, month).Confirm("the director", "first", "", Never));
        await Assert.ThrowsAsync<NotFoundException>(() => scene.Grains.MonthlyReport(scene.Tenant, month.Next).Read(Never));
        await Assert.ThrowsAsync<NotFoundException>(() => scene.Grains.MonthlyReport(scene.Tenant, month.Previous).Read(Never));

        scene.Clock.Shift(month.Ends(Calendar).AddHours(13) - scene.Clock.GetUtcNow());
        var made = await UntilMadeAsync(scene, month);
        var reading = await scene.Grains.MonthlyReport(scene.Tenant, month).Read(Never);
        var report = new FrozenReport(reading.Text, made.Sha256).Thaw();
        var listed = (await scene.TenantGrain.ListResources(null, 1_000, Never)).Resources.Where(listing => listing.Protected).Select(listing => listing.Resource.LocalName);
        Assert.Equal(listed.Order(), report.Protected.Select(line => line.Id).Order());
        Assert.All(report.Protected, line => Assert.True(line is { Points: > 0, LastGood: not null }, line.Id));
        Assert.Equal($"report/{month}", (await UntilToldAsync(scene)).Notice.Key);

        await scene.RunAsync();
        await scene.TenantGrain.ChangeSettings(TenantSettings.Default with { Scope = new ProtectionScope(ScopeMode.Selection, [], [], true) }, Never);
        await scene.Grains.MonthlyReport(scene.Tenant, month).Make(Never);
        await scene.StopAsync();
        await scene.StartServiceAsync();
        Assert.Equal(reading.Text, (await scene.Grains.MonthlyReport(scene.Tenant, month).Read(Never)).Text);
        Assert.Equal(month, Assert.Single(await scene.TenantGrain.ListReports(Never)));

        Assert.Equal("the director", (await scene.Grains.MonthlyReport(scene.Tenant, month).Confirm("the director", "first", "", Never)).Confirmation!.Who);
        Assert.Equal("the director", (await scene.Grains.MonthlyReport(scene.Tenant, month).Confirm("somebody else", "second", "", Never)).Confirmation!.Who); // the first stays
        Assert.Equal(reading.Text, (await scene.Grains.MonthlyReport(scene.Tenant, month).Read(Never)).Text);

        scene.Clock.Shift(month.Next.Ends(Calendar).AddHours(13) - scene.Clock.GetUtcNow());
        await UntilMadeAsync(scene, month.Next);
        var next = await scene.Grains.MonthlyReport(scene.Tenant, month.Next).Read(Never);
        var after = new FrozenReport(next.Text, next.Sha256).Thaw();
        Assert.Equal(report.Protected.Select(line => line.Id).Order(), after.Protected.Select(line => line.Id).Order()); // at the beginning of that month they were
        Assert.All(after.Protected, line => Assert.Equal(LineState.Released, line.State));
        Assert.Equal(month.ToString(), after.Difference!.Since);
        Assert.Equal(report.Protected.Length, after.Difference.Left.Length);
        Assert.Single(_post.Taken, letter => letter.Notice.Key == $"report/{month}");
    }

    [Fact]
    public async Task Trap_10_documents_of_an_old_month_come_out_byte_for_byte_after_a_release_that_makes_them_otherwise_also_without_the_database()
    {
        var renderer = new ChangingRenderer();
        await using var scene = await StartAsync(out var month, renderer);
        await scene.OnboardAsync();
        await scene.UntilPointsAsync(1);
        scene.Clock.Shift(month.Ends(Calendar).AddHours(13) - scene.Clock.GetUtcNow());
        await UntilMadeAsync(scene, month);
        var before = await DocumentsAsync(scene, month);
        Assert.All(before, document => Assert.Contains("release 1", document, StringComparison.Ordinal));
        Assert.Equal(before.Length, before.Distinct().Count());

        renderer.Release = 2;
        Assert.Equal(before, await DocumentsAsync(scene, month));
        await scene.StopAsync();
        await scene.StartServiceAsync();
        Assert.Equal(before, await DocumentsAsync(scene, month));
        await scene.StopAsync();
        RecoveryTests.LoseTheDatabase(scene);
        await scene.StartServiceAsync();
        Assert.Empty((await LedgerRecoveryTests.RecoveredAsync(scene)).Problems);
        Assert.Equal(before, await DocumentsAsync(scene, month));

        Assert.Contains("release 2", (await scene.Grains.MonthlyReport(scene.Tenant, month.Next).ReadDocument(ReportForm.Page, NoticeLanguage.Nl, Never)).Text, StringComparison.Ordinal); // that of the present month is not frozen
    }

    [Fact]
    public async Task Trap_3_under_a_selection_a_renamed_mailbox_stays_protected_and_one_made_anew_is_reported_as_new_and_unprotected()
    {
        await using var scene = await StartAsync(out var month);
        await scene.OnboardAsync(TenantSettings.Default with { Scope = new ProtectionScope(ScopeMode.Selection, [scene.Mailbox().ObjectId, scene.Mailbox(1).ObjectId], [], true) });
        await scene.UntilPointsAsync(1);
        var directory = scene.Admin.Tenant(scene.Tenant.ToString()).Directory;
        directory.Put(directory.Find(scene.Mailbox().ObjectId)! with { DisplayName = "Renamed Person" });
        scene.Admin.RemoveUser(scene.Tenant.ToString(), scene.Mailbox(1).ObjectId);
        var anew = scene.Admin.AddUser(scene.Tenant.ToString(), 77);
        await scene.TenantGrain.Discover(Never);
        scene.Clock.Shift(TimeSpan.FromDays(4)); // missing for longer than incidents at Microsoft last
        await scene.TenantGrain.Discover(Never);

        var reading = await scene.Grains.MonthlyReport(scene.Tenant, month).Read(Never);
        var report = new FrozenReport(reading.Text, reading.Sha256).Thaw();
        var renamed = Assert.Single(report.Protected, line => line.Id == scene.Mailbox().LocalName);
        Assert.Equal(("Renamed Person", LineState.Protected), (renamed.Name, renamed.State));
        Assert.Equal(LineState.Vanished, Assert.Single(report.Protected, line => line.Id == scene.Mailbox(1).LocalName).State);
        Assert.DoesNotContain(report.Protected, line => line.Id.EndsWith(anew.Id.ToString(), StringComparison.Ordinal));
        Assert.Contains(report.NotProtected, line => line.Id == $"mailbox-{anew.Id}" && line.Reason.Nl.Contains("selectie", StringComparison.Ordinal));
        Assert.True(report.AsksConfirmation);
    }

    /// <summary>The fifth of a month, noon.</summary>
    private Task<ServiceScene> StartAsync(out CalendarMonth month, IReportRenderer? renderer = null)
    {
        var now = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);
        var chosen = month = CalendarMonth.Of(now).Previous.Previous.Previous;
        return StartedAsync();

        async Task<ServiceScene> StartedAsync()
        {
            var scene = await ServiceScene.StartAsync(simulator, new TenantRecipe { Users = 2, MessagesPerMailbox = 3 }, services =>
                {
                    services.AddSingleton<INoticeDelivery>(_post);
                    if (renderer is not null)
                        services.AddSingleton(renderer);
                },
                behind: TimeProvider.System.GetUtcNow() - chosen.Begins(Calendar).AddDays(4));
            return scene;
        }
    }

    private static async Task<string[]> DocumentsAsync(ServiceScene scene, CalendarMonth month)
    {
        var documents = new List<string>();
        foreach (var form in Enum.GetValues<ReportForm>())
            foreach (var language in Enum.GetValues<NoticeLanguage>())
                documents.Add((await scene.Grains.MonthlyReport(scene.Tenant, month).ReadDocument(form, language, Never)).Text);
        return [.. documents];
    }

    /// <summary>Makes documents as the releases of a service do: each otherwise.</summary>
    private sealed class ChangingRenderer : IReportRenderer
    {
        public int Release { get; set; } = 1;

        public string Render(MonthlyReport report, ReportForm form, NoticeLanguage language) => $"release {Release}: " + new ReportRenderer(Calendar).Render(report, form, language);
    }

    private static async Task<ReportSummary> UntilMadeAsync(ServiceScene scene, CalendarMonth month)
    {
        using var patience = new CancellationTokenSource(Hang.Limit);
        while (true)
        {
            await scene.TenantGrain.SweepOverdue(Never);
            if (await scene.Grains.MonthlyReport(scene.Tenant, month).GetSummary(Never) is { NoticedAt: not null } summary && (await scene.TenantGrain.ListReports(Never)).Contains(month))
                return summary;
            patience.Token.ThrowIfCancellationRequested();
            await Hang.MomentAsync(patience.Token);
        }
    }

    private static async Task<GrainInterfaces.Notices.NoticeListing> UntilToldAsync(ServiceScene scene)
    {
        using var patience = new CancellationTokenSource(Hang.Limit);
        while (true)
        {
            await scene.Grains.NoticeBook(scene.Tenant).Attend(Never);
            if ((await scene.Grains.NoticeBook(scene.Tenant).ListNotices(null, 100, Never)).Notices.FirstOrDefault(notice => notice.Notice.Kind == NoticeKind.ReportReady && notice.State == NoticeState.Sent) is { } told)
                return told;
            patience.Token.ThrowIfCancellationRequested();
            await Hang.MomentAsync(patience.Token);
        }
    }
}
