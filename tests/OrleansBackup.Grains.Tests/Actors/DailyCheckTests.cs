using Microsoft.Extensions.DependencyInjection;
using OrleansBackup.Domain.Calendar;
using OrleansBackup.Domain.Checks;
using OrleansBackup.Domain.Invoicing;
using OrleansBackup.Domain.Notices;
using OrleansBackup.Domain.Runs;
using OrleansBackup.Domain.Schedule;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Billing;
using OrleansBackup.GrainInterfaces.Checks;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.Grains.Notices;
using OrleansBackup.Grains.Tests.Given;
using OrleansBackup.Grains.Tests.Notices;
using OrleansBackup.GraphSimulator.Generation;

namespace OrleansBackup.Grains.Tests.Actors;

/// <summary>On every working day somebody sees what has no good backup since the last check, and what nobody looked at stays.</summary>
public sealed class DailyCheckTests(SimulatorFixture simulator) : IClassFixture<SimulatorFixture>
{
    private static readonly CancellationToken Never = CancellationToken.None;
    private static readonly ContractCalendar Calendar = ContractCalendar.Amsterdam;

    private readonly RecordingDelivery _post = new();

    [Fact]
    public async Task Trap_1_Saturdays_failure_is_seen_on_Monday_stays_until_somebody_acknowledges_it_and_a_check_that_nobody_acknowledged_is_an_alert()
    {
        await using var scene = await StartAsync();
        var friday = Friday(scene);
        ShiftTo(scene, friday, 10);
        await scene.OnboardAsync();
        await scene.UntilPointsAsync(1);
        Assert.Empty((await MadeAsync(scene, friday)).Groups); // whoever is new has missed nothing
        await scene.Grains.DailyCheck(friday).Acknowledge("operator", "Nothing to see.", [], Never);

        ShiftTo(scene, friday.AddDays(1), 12);
        Refuse(scene, isRefused: true);
        Assert.Equal(FaultCause.CustomerLicence, (await scene.RunAsync()).Cause);
        ShiftTo(scene, friday.AddDays(2), 12);
        Refuse(scene, isRefused: false);
        Assert.Null((await scene.RunAsync()).Problem);

        var monday = friday.AddDays(3);
        ShiftTo(scene, monday, 8);
        await scene.RunAsync();
        await scene.Grains.CheckDiary().Attend(Never); // its hour has not come
        ShiftTo(scene, monday, 10);
        var check = await MadeAsync(scene, monday);
        var group = Assert.Single(check.Groups, group => group.Kind == FaultKind.NoMailbox);
        var finding = Assert.Single(group.Named);
        Assert.Equal((scene.Mailbox(), false), (finding.Resource, finding.IsOpen));
        // The moment of the run that failed is the resource's own, somewhere in the night to Saturday.
        Assert.InRange(Assert.Single(finding.Missed).Moment, Calendar.At(friday, TimeSpan.FromHours(12)), Calendar.At(friday.AddDays(1), TimeSpan.FromHours(12)));
        Assert.Empty(check.Alerts);
        await Assert.ThrowsAsync<NotPossibleNowException>(() => scene.Grains.DailyCheck(monday).OpenWork(group.Id, Never)); // a licence is no fault of the set-up

        var tuesday = friday.AddDays(4);
        ShiftTo(scene, tuesday, 10);
        await scene.RunAsync();
        check = await MadeAsync(scene, tuesday);
        Assert.Equal(new MissedCheck(monday, MissedCheckReason.NotAcknowledged), Assert.Single(check.Alerts));
        group = Assert.Single(check.Groups, group => group.Kind == FaultKind.NoMailbox);
        Assert.Equal((monday, true), (group.FirstSeen, group.IsCarried));
        await Assert.ThrowsAsync<NotPossibleNowException>(() => scene.Grains.DailyCheck(monday).Acknowledge("operator", "Too late.", [], Never));
        Assert.Equal("groups", (await Assert.ThrowsAsync<InvalidRequestException>(() => scene.Grains.DailyCheck(tuesday).Acknowledge("operator", "", ["x"], Never))).Field);
        check = await scene.Grains.DailyCheck(tuesday).Acknowledge("operator", "The licence is back.", [], Never);
        Assert.True(check.IsAcknowledged);
        Assert.Equal("operator", check.Groups.Single(one => one.Id == group.Id).Acknowledged!.Who);

        ShiftTo(scene, friday.AddDays(6), 10); // nobody was there on Wednesday
        check = await MadeAsync(scene, friday.AddDays(6));
        Assert.Equal(new MissedCheck(friday.AddDays(5), MissedCheckReason.NotMade), Assert.Single(check.Alerts));
        Assert.DoesNotContain(check.Groups, one => one.Kind == FaultKind.NoMailbox);
        Assert.Equal((DateOnly[])[friday.AddDays(6), tuesday, monday, friday], (await scene.Grains.CheckDiary().ListDays(null, 10, Never)).ToArray());
        await Assert.ThrowsAsync<NotFoundException>(() => scene.Grains.DailyCheck(friday.AddDays(1)).Get(Never));
    }

    [Fact]
    public async Task A_missed_check_is_mailed_to_the_provider_once_and_its_end_once_though_nobody_subscribed()
    {
        await using var post = new SmtpReceiver { OffersTls = false, DemandsSignIn = false };
        await using var scene = await StartAsync(new()
        {
            ["Notices:CopyTo"] = "provider@msp.example", ["Notices:Mail:Host"] = "127.0.0.1", ["Notices:Mail:Port"] = $"{post.Port}", ["Notices:Mail:Encrypted"] = "false", ["Notices:Mail:From"] = "backup@msp.example",
        });
        var friday = Friday(scene);
        ShiftTo(scene, friday, 10);
        await scene.OnboardAsync();
        await scene.UntilPointsAsync(1);
        await MadeAsync(scene, friday);
        var (monday, tuesday) = (friday.AddDays(3), friday.AddDays(4));

        ShiftTo(scene, monday, 10); // nobody acknowledged that of Friday
        await scene.RunAsync();
        Assert.Equal(friday, Assert.Single((await MadeAsync(scene, monday)).Alerts).Day);
        var missed = await MailAsync(post, 1);
        Assert.Equal(["provider@msp.example"], missed.To);
        Assert.Contains($"{friday:yyyy-MM-dd} is niet bevestigd", missed.Part("text/plain"), StringComparison.Ordinal);
        await scene.StopAsync();
        await scene.StartServiceAsync();
        await MadeAsync(scene, monday);

        Assert.True((await scene.Grains.DailyCheck(monday).Acknowledge("operator", "Seen.", [], Never)).IsAcknowledged);
        await scene.Grains.DailyCheck(monday).Acknowledge("operator", "Seen again.", [], Never);
        var over = await MailAsync(post, 2);
        Assert.Contains("ingehaald", over.Part("text/plain"), StringComparison.Ordinal);
        Assert.Contains($"{friday:yyyy-MM-dd}", over.Part("text/plain"), StringComparison.Ordinal);

        ShiftTo(scene, tuesday, 10);
        await scene.RunAsync();
        Assert.Empty((await MadeAsync(scene, tuesday)).Alerts);
        Assert.Equal(2, post.Mails.Count);
    }

    private static async Task<ReceivedMail> MailAsync(SmtpReceiver post, int count)
    {
        using var patience = new CancellationTokenSource(Hang.Limit);
        while (post.Mails.Count < count)
        {
            Assert.False(patience.IsCancellationRequested, $"{post.Mails.Count} mails came; {count} were waited for");
            await Hang.MomentAsync();
        }
        return post.Mails.Last();
    }

    [Fact]
    public async Task A_critical_fault_is_told_to_the_customer_once_and_its_end_once()
    {
        await using var scene = await StartAsync();
        var friday = Friday(scene);
        ShiftTo(scene, friday, 10);
        await scene.OnboardAsync();
        await scene.Grains.NoticeBook(scene.Tenant).SetContacts([new Contact("The director", "director@example.nl", NoticeLanguage.Nl, [NoticeKind.CriticalFault], [])], Never);
        await scene.UntilPointsAsync(1);
        var permissions = (await scene.TenantGrain.GetOverview(Never)).Permissions.Where(permission => permission.Granted).Select(permission => permission.Name).ToList();
        scene.Admin.SetPermissions(scene.Tenant.ToString(), ["User.Read.All"], revokeTokens: true);
        for (var day = 1; day <= 3; day++)
        {
            ShiftTo(scene, friday.AddDays(day), 12);
            Assert.Equal(RunOutcome.Failed, (await scene.RunAsync()).Outcome);
            await scene.TenantGrain.SweepOverdue(Never);
            await scene.TenantGrain.SweepOverdue(Never);
        }
        var fault = await UntilAsync(scene, NoticeKind.CriticalFault, $"fault/{FaultKind.PermissionMissing}");
        Assert.Contains(fault.Notice.Resources, resource => resource.LocalName == scene.Mailbox().LocalName);
        Assert.Single((await scene.Grains.NoticeBook(scene.Tenant).ListNotices(null, 100, Never)).Notices, notice => notice.Notice.Key == fault.Notice.Key); // a run that is tried again is no end of it

        scene.Admin.SetPermissions(scene.Tenant.ToString(), permissions, revokeTokens: true);
        foreach (var listing in (await scene.TenantGrain.ListResources(null, 1_000, Never)).Resources.Where(listing => listing.Protected))
            await ServiceScene.EndOfRunAsync(scene.Grains.Resource(listing.Resource), await scene.Grains.Resource(listing.Resource).StartRun(RunReason.Requested, false, Never));
        await scene.TenantGrain.SweepOverdue(Never);
        await scene.TenantGrain.SweepOverdue(Never);
        Assert.Equal(fault.Notice.Id, (await UntilAsync(scene, NoticeKind.FaultEnded, fault.Notice.Key)).Notice.Ends);
        Assert.Single(_post.Taken, letter => letter.Notice.Kind == NoticeKind.FaultEnded && letter.Notice.Key == fault.Notice.Key);
    }

    [Fact]
    public async Task A_permission_that_is_lost_is_a_capability_lost_and_the_customer_is_told()
    {
        await using var scene = await StartAsync();
        var friday = Friday(scene);
        ShiftTo(scene, friday, 10);
        await scene.OnboardAsync();
        await scene.UntilPointsAsync(1);
        await MadeAsync(scene, friday);
        var granted = (await scene.TenantGrain.GetOverview(Never)).Permissions.Where(permission => permission.Granted).Select(permission => permission.Name).ToList();
        var lost = (await scene.TenantGrain.GetOverview(Never)).Permissions.First(permission => permission is { Granted: true, NeededForRestore: true, NeededForBackup: false }).Name;
        scene.Admin.SetPermissions(scene.Tenant.ToString(), (await scene.TenantGrain.GetOverview(Never)).Permissions.Where(permission => permission.Granted && permission.Name != lost).Select(permission => permission.Name), revokeTokens: true);
        ShiftTo(scene, friday.AddDays(3), 10);
        var group = Assert.Single((await MadeAsync(scene, friday.AddDays(3))).Groups, group => group.Kind == FaultKind.CapabilityLost);
        Assert.Equal($"permission:{lost}", Assert.Single(group.Details));
        Assert.Equal("group", (await Assert.ThrowsAsync<InvalidRequestException>(() => scene.Grains.DailyCheck(friday.AddDays(3)).OpenWork("x", Never))).Field);
        await scene.Grains.DailyCheck(friday.AddDays(3)).OpenWork(group.Id, Never);
        var key = CriticalFault.OfCapabilities(friday.AddDays(3), [.. group.Details]).Key;
        Assert.Contains((await scene.Grains.NoticeBook(scene.Tenant).ListNotices(null, 10, Never)).Notices, notice => notice.Notice.Key == key);

        scene.Admin.SetPermissions(scene.Tenant.ToString(), granted, revokeTokens: true);
        ShiftTo(scene, friday.AddDays(4), 10);
        var carried = (await MadeAsync(scene, friday.AddDays(4))).Groups.Single(one => one.Id == group.Id);
        await scene.Grains.DailyCheck(friday.AddDays(4)).OpenWork(group.Id, Never); // the same work, on the next day too
        var work = Assert.Single(await scene.Grains.WorkOrders(scene.Tenant).List(Never));
        Assert.Equal((WorkKind.CustomerFault, carried.WorkOrder), (work.Kind, work.Id));
        Assert.Contains((await scene.Grains.NoticeBook(scene.Tenant).ListNotices(null, 10, Never)).Notices, notice => notice.Notice.Key == key && notice.Notice.Kind == NoticeKind.FaultEnded);
    }

    private async Task<ServiceScene> StartAsync(Dictionary<string, string?>? settings = null) => await ServiceScene.StartAsync(
        simulator, new TenantRecipe { Users = 1, MessagesPerMailbox = 3 }, services => services.AddSingleton<INoticeDelivery>(_post), settings, behind: TimeSpan.FromDays(60));

    /// <summary>A Friday of an ordinary week, with working days on both sides, none of it at the end of a month.</summary>
    private static DateOnly Friday(ServiceScene scene)
    {
        var working = WorkingCalendar.Netherlands;
        var friday = Calendar.DayOf(scene.Clock.GetUtcNow()).AddDays(1);
        while (friday is not { DayOfWeek: DayOfWeek.Friday, Day: < 20 } || !new[] { -1, 0, 3, 4, 5, 6 }.All(days => working.IsWorkingDay(friday.AddDays(days))))
            friday = friday.AddDays(1);
        return friday;
    }

    private static void ShiftTo(ServiceScene scene, DateOnly day, int hour) => scene.Clock.Shift(Calendar.At(day, TimeSpan.FromHours(hour)) - scene.Clock.GetUtcNow());

    private static void Refuse(ServiceScene scene, bool isRefused) => scene.Admin.SetMailboxRefusal(
        scene.Tenant.ToString(), scene.Mailbox().ObjectId, isRefused ? new(404, "MailboxNotEnabledForRESTAPI", "The mailbox is either inactive, soft-deleted, or is hosted on-premise.") : null);

    private static async Task<DailyCheck> MadeAsync(ServiceScene scene, DateOnly day)
    {
        using var patience = new CancellationTokenSource(Hang.Limit);
        while (true)
        {
            await scene.Grains.CheckDiary().Attend(Never);
            if (await scene.Grains.DailyCheck(day).Get(Never) is { MadeAt: not null } check)
                return check;
            patience.Token.ThrowIfCancellationRequested();
            await Hang.MomentAsync(patience.Token);
        }
    }

    private static async Task<GrainInterfaces.Notices.NoticeListing> UntilAsync(ServiceScene scene, NoticeKind kind, string? key = null)
    {
        using var patience = new CancellationTokenSource(Hang.Limit);
        while (true)
        {
            var notices = (await scene.Grains.NoticeBook(scene.Tenant).ListNotices(null, 100, Never)).Notices;
            if (notices.FirstOrDefault(notice => notice.Notice.Kind == kind && notice.State == NoticeState.Sent && (key is null || notice.Notice.Key == key)) is { } found)
                return found;
            Assert.False(patience.IsCancellationRequested, string.Join("; ", notices.Select(notice => $"{notice.Notice.Kind} {notice.Notice.Key} {notice.State}")));
            await scene.Grains.NoticeBook(scene.Tenant).Attend(Never);
            await Hang.MomentAsync();
        }
    }
}
