using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Orleans.Runtime;
using Orleans.Storage;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Notices;
using OrleansBackup.Domain.Schedule;
using OrleansBackup.Domain.Scope;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Notices;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.GrainInterfaces.Tenants;
using OrleansBackup.Grains.Composition;
using OrleansBackup.Grains.Notices;
using OrleansBackup.Grains.Tenants;
using OrleansBackup.Grains.Tests.Given;
using OrleansBackup.Grains.Tests.Notices;
using OrleansBackup.GraphSimulator.Generation;

namespace OrleansBackup.Grains.Tests.Actors;

/// <summary>What is new and not protected, what fails and what lies ahead is told to the customer: once, on its day, whatever breaks on the way.</summary>
public sealed class NoticeTests(SimulatorFixture simulator) : IClassFixture<SimulatorFixture>
{
    private static readonly CancellationToken Never = CancellationToken.None;
    private static readonly Contact Robin = new(
        "Robin", "robin@jansen.example", NoticeLanguage.Nl, [NoticeKind.FoundUnprotected, NoticeKind.CriticalFault, NoticeKind.ConsequenceAhead], [ContactAuthority.RequestRestore]);

    private readonly RecordingDelivery _post = new();

    [Fact]
    public async Task Ten_new_mailboxes_outside_a_selection_are_one_notice_on_the_day_of_finding_and_each_is_told_of_once()
    {
        await using var scene = await SelectionAsync();
        await Book(scene).SetContacts([Robin, Robin with { Name = "Kim", Email = "kim@jansen.example", Language = NoticeLanguage.En }], Never);
        Assert.Empty((await Book(scene).ListNotices(null, 10, Never)).Notices); // what was left out at the beginning is not new
        AddUsers(scene, 10);
        var found = (await scene.TenantGrain.Discover(Never)).New;
        var notice = Assert.Single((await Book(scene).ListNotices(null, 10, Never)).Notices);
        Assert.Equal((NoticeKind.FoundUnprotected, NoticeState.Gathering, found), (notice.Notice.Kind, notice.State, notice.Notice.Count));
        Assert.Equal(10, notice.Notice.Resources.Count(resource => resource.Kind == ResourceKind.Mailbox));
        AddUsers(scene, 1, from: 10);
        var further = (await scene.TenantGrain.Discover(Never)).New; // the same quarter of an hour: the same notice
        await Book(scene).Attend(Never);
        Assert.Empty(_post.Attempts);

        scene.Clock.Shift(TimeSpan.FromMinutes(16));
        notice = await UntilAsync(scene, notices => notices[0].State == NoticeState.Sent);
        Assert.Equal(["kim@jansen.example", "robin@jansen.example"], _post.Taken.Select(letter => letter.To).Order());
        Assert.Contains(_post.Taken, letter => letter.Text.Language == NoticeLanguage.En && letter.Text.AsPlain().Contains("- Mailbox: ", StringComparison.Ordinal));
        Assert.Equal(found + further, notice.Notice.Count);
        Assert.All(notice.Deliveries, delivery => Assert.Equal(ContractCalendar.Amsterdam.DayOf(notice.Notice.CreatedAt), ContractCalendar.Amsterdam.DayOf(delivery.SentAt!.Value)));

        await scene.TenantGrain.Discover(Never);
        await scene.TenantGrain.SweepOverdue(Never);
        AddUsers(scene, 1, from: 11);
        await scene.TenantGrain.Discover(Never);
        var notices = (await Book(scene).ListNotices(null, 10, Never)).Notices;
        Assert.Equal(2, notices.Length);
        Assert.Empty(notices[0].Notice.Resources.Select(resource => resource.LocalName).Intersect(notices[1].Notice.Resources.Select(resource => resource.LocalName)));
    }

    [Fact]
    public async Task Where_everything_is_protected_nothing_new_is_told_of_and_a_rule_for_a_kind_counts_as_a_selection()
    {
        await using var scene = await StartAsync();
        await scene.OnboardAsync();
        AddUsers(scene, 2);
        await scene.TenantGrain.Discover(Never);
        Assert.Empty((await Book(scene).ListNotices(null, 10, Never)).Notices);
        var rules = ProtectionScope.Everything with { Kinds = ImmutableSortedDictionary<ResourceKind, KindRule>.Empty.Add(ResourceKind.Mailbox, KindRule.Selection).Add(ResourceKind.OneDrive, KindRule.Nothing) };
        await scene.TenantGrain.ChangeSettings(TenantSettings.Default with { Scope = rules }, Never);
        Assert.Empty((await Book(scene).ListNotices(null, 10, Never)).Notices); // somebody chose that
        AddUsers(scene, 1, from: 2);
        await scene.TenantGrain.Discover(Never);
        Assert.Equal(ResourceKind.Mailbox, Assert.Single(Assert.Single((await Book(scene).ListNotices(null, 10, Never)).Notices).Notice.Resources).Kind);
    }

    [Fact]
    public async Task What_was_found_before_a_crash_and_not_handed_over_is_told_after_it_from_every_part_and_what_comes_twice_once()
    {
        await using var scene = await StartAsync(new TenantRecipe { Users = 1, MessagesPerMailbox = 1 });
        var now = scene.Clock.GetUtcNow();
        await WriteAsync(scene, "tenant", scene.Grains.Tenant(LargeTenant.Id).GetGrainId(), LargeTenant.OldRow(2_500, now));
        await scene.Grains.Tenant(LargeTenant.Id).GetOverview(Never); // moves to four parts
        var lost = Enumerable.Range(0, 250).Select(number => LargeTenant.Mailbox(number * 10)).ToList();
        await scene.StopAsync();
        await scene.StartServiceAsync();
        for (var part = 0; part < 4; part++)
        {
            var id = scene.Grains.TenantPart(LargeTenant.Id, part).GetGrainId();
            var row = new GrainState<TenantPartState>();
            await Storage(scene).ReadStateAsync("tenant-part", id, row);
            row.State = row.State! with { Unannounced = [.. lost.Where(resource => TenantParts.Of(resource, 4) == part).Select(resource => resource.LocalName)] };
            Assert.NotEmpty(row.State.Unannounced);
            await Storage(scene).WriteStateAsync("tenant-part", id, row);
        }
        await scene.Grains.Tenant(LargeTenant.Id).SweepOverdue(Never);
        var book = scene.Grains.NoticeBook(LargeTenant.Id);
        var notice = Assert.Single((await book.ListNotices(null, 10, Never)).Notices).Notice;
        Assert.Equal(lost.Select(resource => resource.LocalName).Order(), notice.Resources.Select(resource => resource.LocalName).Order());
        await book.TellUnprotected(notice.Resources, Never); // the parts' own note of it was lost
        await scene.Grains.Tenant(LargeTenant.Id).SweepOverdue(Never);
        Assert.Equal(250, Assert.Single((await book.ListNotices(null, 10, Never)).Notices).Notice.Count);
    }

    [Fact]
    public async Task A_tenant_that_is_divided_by_a_discovery_tells_of_all_it_found_in_one_notice()
    {
        await using var scene = await SelectionAsync(new TenantRecipe { Users = 1, MessagesPerMailbox = 1 });
        AddUsers(scene, TenantParts.LargestPart);
        var found = await scene.TenantGrain.Discover(Never);
        Assert.Equal(found.New, Assert.Single((await Book(scene).ListNotices(null, 10, Never)).Notices).Notice.Count);
    }

    [Fact]
    public async Task A_notice_that_has_nobody_to_go_to_is_kept_shown_to_the_provider_and_sent_once_there_is_somebody()
    {
        await using var scene = await StartAsync(settings: new() { ["Notices:CopyTo"] = "provider@msp.example" });
        await scene.OnboardAsync();
        await RaiseAsync(scene, "store-full");
        await UntilAsync(scene, notices => notices[0] is { State: NoticeState.NobodyToTell, Deliveries: [{ State: DeliveryState.Sent }] });
        Assert.Equal("provider@msp.example", Assert.Single(_post.Taken).To);
        var overview = await scene.TenantGrain.GetOverview(Never);
        Assert.Equal(1, overview.NoticesUndelivered);
        Assert.Contains("give this tenant a contact", overview.Problem, StringComparison.Ordinal);
        Assert.True((await scene.TenantGrain.GetStanding(Never))!.Hindered);
        await Book(scene).SetContacts([Robin], Never);
        await UntilAsync(scene, notices => notices[0].State == NoticeState.Sent);
        Assert.Equal(["provider@msp.example", Robin.Email], _post.Taken.Select(letter => letter.To));
        overview = await scene.TenantGrain.GetOverview(Never);
        Assert.Equal((0, null), (overview.NoticesUndelivered, overview.Problem));
    }

    [Fact]
    public async Task A_fault_is_told_once_while_it_stands_and_its_end_once()
    {
        await using var scene = await StartAsync();
        await scene.OnboardAsync();
        await Book(scene).SetContacts([Robin], Never);
        for (var time = 0; time < 3; time++)
            await RaiseAsync(scene, "store-full");
        await Book(scene).End("another", Never);
        await UntilAsync(scene, notices => notices is [{ State: NoticeState.Sent }]);
        await Book(scene).End("store-full", Never);
        await Book(scene).End("store-full", Never);
        await UntilAsync(scene, notices => notices is [{ State: NoticeState.Sent }, _]);
        await RaiseAsync(scene, "store-full");
        await UntilAsync(scene, notices => notices is [{ State: NoticeState.Sent }, _, _]);
        Assert.Equal([NoticeKind.CriticalFault, NoticeKind.FaultEnded, NoticeKind.CriticalFault], _post.Taken.Select(letter => letter.Notice.Kind));
        Assert.Equal(_post.Taken.First().Notice.Id, _post.Taken.ElementAt(1).Notice.Ends);
        await Assert.ThrowsAsync<InvalidRequestException>(() => Book(scene).Raise(new(NoticeKind.FaultEnded, "x", new("x", "x"), [], null), Never));
    }

    [Fact]
    public async Task A_receiver_that_is_away_is_tried_again_and_one_that_refuses_for_good_is_left_to_a_person()
    {
        await using var scene = await StartAsync();
        await scene.OnboardAsync();
        await Book(scene).SetContacts([Robin], Never);
        _post.Before = (_, _) => throw new DeliveryException("The server is away.", isTransient: true);
        await RaiseAsync(scene, "a");
        await UntilAsync(scene, notices => notices[0].Deliveries is [{ Attempts: 1, Problem: "The server is away." }]);
        await Book(scene).Attend(Never); // not a minute has passed
        scene.Clock.Shift(TimeSpan.FromMinutes(2));
        await UntilAsync(scene, notices => notices[0].Deliveries[0].Attempts == 2);
        Assert.Equal(2, _post.Attempts.Count);
        _post.Before = (_, _) => throw new DeliveryException("Nobody of this name.", isTransient: false);
        scene.Clock.Shift(TimeSpan.FromMinutes(6));
        var failed = await UntilAsync(scene, notices => notices[0].State == NoticeState.Failed);
        Assert.Contains("could not be delivered", (await scene.TenantGrain.GetOverview(Never)).Problem, StringComparison.Ordinal);
        _post.Before = null;
        Assert.Equal(NoticeState.Sending, (await Book(scene).Resend(failed.Notice.Id, Never)).State);
        await UntilAsync(scene, notices => notices[0].State == NoticeState.Sent);
        Assert.Equal(failed.Notice.Id, Assert.Single(_post.Taken).Notice.Id);
        await Assert.ThrowsAsync<NotFoundException>(() => Book(scene).Resend(Guid.NewGuid(), Never));
    }

    [Fact]
    public async Task A_notice_whose_process_died_before_it_knew_that_it_was_taken_comes_again_under_the_same_id()
    {
        await using var scene = await StartAsync();
        await scene.OnboardAsync();
        await Book(scene).SetContacts([Robin], Never);
        var taken = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _post.After = async (_, cancellation) =>
        {
            taken.TrySetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellation);
        };
        await RaiseAsync(scene, "a");
        await taken.Task.WaitAsync(Hang.Limit);
        _post.After = null;
        await scene.KillAsync();
        await scene.StartServiceAsync();
        await UntilAsync(scene, notices => notices[0].State == NoticeState.Sent);
        Assert.Equal(2, _post.Taken.Count);
        Assert.Single(_post.Taken.Select(letter => letter.Notice.Id).Distinct());
    }

    [Fact]
    public async Task The_secret_of_a_webhook_is_shown_once_and_stands_nowhere_in_clear_and_the_book_forgets_at_the_end()
    {
        await using var scene = await StartAsync();
        await scene.OnboardAsync();
        var all = Robin.Told;
        Assert.Equal("url", (await Assert.ThrowsAsync<InvalidRequestException>(() => Book(scene).AddWebhook(new("https://127.0.0.1/x", all, true), Never))).Field);
        var created = await Book(scene).AddWebhook(new("https://jansen.example/hook", all, false), Never);
        Assert.StartsWith("whs_", created.Secret, StringComparison.Ordinal);
        Assert.DoesNotContain(created.Secret, created.ToString(), StringComparison.Ordinal);
        Assert.False(await Book(scene).RewrapSecrets(Never));
        Assert.True((await Book(scene).ChangeWebhook(created.Webhook.Id, created.Webhook.Settings with { Enabled = true }, Never)).Settings.Enabled);
        Assert.Single(await Book(scene).ListWebhooks(Never));
        await scene.StopAsync();
        foreach (var file in Directory.EnumerateFiles(scene.Folder, "*", SearchOption.AllDirectories))
            Assert.DoesNotContain(created.Secret, System.Text.Encoding.Latin1.GetString(await File.ReadAllBytesAsync(file)), StringComparison.Ordinal);
        await scene.StartServiceAsync();
        await Book(scene).RemoveWebhook(created.Webhook.Id, Never);
        await Book(scene).RemoveWebhook(created.Webhook.Id, Never);
        Assert.Empty(await Book(scene).ListWebhooks(Never));
        await Book(scene).Forget(Never);
        await Book(scene).Forget(Never);
        var row = new GrainState<NoticeBookState>();
        await Storage(scene).ReadStateAsync("notice-book", Book(scene).GetGrainId(), row);
        Assert.False(row.RecordExists);
    }

    [Fact]
    public async Task Contacts_that_make_no_sense_are_refused_by_name_of_what_is_wrong()
    {
        await using var scene = await StartAsync();
        await scene.OnboardAsync();
        Assert.Equal("contacts[1].email", (await Assert.ThrowsAsync<InvalidRequestException>(() => Book(scene).SetContacts([Robin, Robin with { Email = "x" }], Never))).Field);
        Assert.Equal("contacts", (await Assert.ThrowsAsync<InvalidRequestException>(() => Book(scene).SetContacts([Robin, Robin], Never))).Field);
        Assert.Empty(await Book(scene).GetContacts(Never));
    }

    private static INoticeBookGrain Book(ServiceScene scene) => scene.Grains.NoticeBook(scene.Tenant);

    private static Task RaiseAsync(ServiceScene scene, string key) =>
        Book(scene).Raise(new NoticeMatter(NoticeKind.CriticalFault, key, new("de opslag is vol", "the store is full"), [], null), Never);

    private static void AddUsers(ServiceScene scene, int count, int from = 0)
    {
        for (var seed = from; seed < from + count; seed++)
            scene.Admin.AddUser(scene.Tenant.ToString(), (ulong)(seed + 1));
    }

    /// <summary>It is ten in the morning in Amsterdam, whatever it is here.</summary>
    private async Task<ServiceScene> StartAsync(TenantRecipe? recipe = null, Dictionary<string, string?>? settings = null)
    {
        var scene = await ServiceScene.StartAsync(simulator, recipe ?? new TenantRecipe { Users = 1, MessagesPerMailbox = 1 },
            services => services.AddSingleton<INoticeDelivery>(_post), settings, behind: Behind());
        var now = scene.Clock.GetUtcNow();
        scene.Clock.Shift(ContractCalendar.Amsterdam.At(ContractCalendar.Amsterdam.DayOf(now).AddDays(1), TimeSpan.FromHours(10)) - now);
        return scene;
    }

    // Far from the end of a month, which brings a report and word of it.
    private static TimeSpan Behind() => TimeSpan.FromDays(TimeProvider.System.GetUtcNow().Day is var day and <= 12 ? day + 10 : 2);

    private async Task<ServiceScene> SelectionAsync(TenantRecipe? recipe = null)
    {
        var scene = await StartAsync(recipe ?? new TenantRecipe { Users = 2, MessagesPerMailbox = 1 });
        await scene.OnboardAsync(TenantSettings.Default with { Scope = new ProtectionScope(ScopeMode.Selection, [scene.Mailbox().ObjectId], [], true) });
        return scene;
    }

    /// <summary>Asks the book to look, as the minute's tick does, until it is as the test waits for.</summary>
    private static async Task<NoticeListing> UntilAsync(ServiceScene scene, Func<ImmutableArray<NoticeListing>, bool> isSo)
    {
        using var patience = new CancellationTokenSource(Hang.Limit);
        while (true)
        {
            var notices = (await Book(scene).ListNotices(null, 100, Never)).Notices;
            if (!notices.IsEmpty && isSo(notices))
                return notices[0];
            Assert.False(patience.IsCancellationRequested, $"Waited for something else than: {string.Join("; ", notices.Select(notice => $"{notice.Notice.Kind} {notice.State} {string.Join(',', notice.Deliveries)}"))}");
            await Book(scene).Attend(Never);
            await Hang.MomentAsync();
        }
    }

    private static IGrainStorage Storage(ServiceScene scene) => scene.Services.GetRequiredKeyedService<IGrainStorage>(StateStores.Default);

    private static async Task WriteAsync<TState>(ServiceScene scene, string name, GrainId id, TState state)
        where TState : class, new() => await Storage(scene).WriteStateAsync(name, id, new GrainState<TState>(state));
}
