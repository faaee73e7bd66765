using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Orleans;
using Orleans.Runtime;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Rehearsals;
using OrleansBackup.Domain.Retention;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Rehearsals;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.GrainInterfaces.Tenants;
using OrleansBackup.Grains.Tests.Given;
using OrleansBackup.GraphSimulator.Admin;
using OrleansBackup.GraphSimulator.Faults;
using OrleansBackup.GraphSimulator.Generation;
using OrleansBackup.GraphSimulator.Identity;

namespace OrleansBackup.Grains.Tests.Actors;

/// <summary>A rehearsal really restores: into a place that is gone afterwards, without anybody noticing, and it says honestly what it could not try.</summary>
public sealed class RehearsalRestoreTests(SimulatorFixture simulator) : IClassFixture<SimulatorFixture>
{
    private static readonly CancellationToken Never = CancellationToken.None;
    private static readonly string[] Restorable = ["message", "event", "contact", "task", "file", "list-item", "page", "channel-message"];

    [Fact]
    public async Task Every_kind_is_really_restored_and_comes_back_as_it_was_and_nothing_stays_and_nobody_is_told()
    {
        await using var scene = await ReadyAsync();
        var before = await WorldAsync(scene);

        var record = await HeldAsync(scene, 40);

        AssertAllSame(record);
        foreach (var kind in Restorable)
            Assert.True(record.Items.Any(item => item.Drawn.Kind == kind && item.Way != RehearsalWay.Read), $"{kind}: {string.Join("; ", record.Items.Where(item => item.Drawn.Kind == kind).Select(item => item.WayReason))}");
        Assert.All(record.Items, item => Assert.Equal(item.Way != RehearsalWay.Read, item.IsCleared == true));
        Assert.All(record.Items.Where(item => item.Way == RehearsalWay.Read), item => Assert.NotNull(item.WayReason));
        Assert.Equal(before, await WorldAsync(scene));
        Assert.Equal(0, new ThingsAdmin(scene.Admin).CountSent(scene.Tenant.ToString()));
    }

    [Fact]
    public async Task What_is_not_as_it_was_when_it_is_read_from_its_place_is_a_difference_in_every_kind_and_is_taken_away_all_the_same()
    {
        await using var scene = await ReadyAsync();
        var before = await WorldAsync(scene);
        var meddler = new Meddler(scene);
        scene.AroundWrite = (state, isDurable) =>
        {
            if (state == "restore" && isDurable)
                meddler.Meddle(); // the last of them says that the restore is done, and the comparison comes after it
            return Task.CompletedTask;
        };

        var record = await HeldAsync(scene, 40);

        scene.AroundWrite = null;
        // Which items are drawn nobody can choose, so one or the other kind may be missing.
        Assert.True(Restorable.Count(kind => record.Items.Any(item => item.Drawn.Kind == kind && item.Way != RehearsalWay.Read)) > Restorable.Length / 2);
        foreach (var kind in Restorable)
        {
            var tried = record.Items.Where(item => item.Drawn.Kind == kind && item.Way != RehearsalWay.Read).ToList();
            Assert.All(tried, item => Assert.True(item is { IsSame: false, IsCleared: true, Problem: null } && !item.Differences.IsEmpty, $"{kind}: {item.IsSame} {item.IsCleared} {item.Problem} {string.Join(", ", item.Differences)}"));
        }
        Assert.Equal(before, await WorldAsync(scene));
        var proof = record.Items.Any(item => item.Drawn.Resource == scene.Mailbox().LocalName && item is { IsSame: true, Way: not RehearsalWay.Read });
        Assert.Equal(proof, (await scene.Resource().GetRestorability(Never)).LastRestoreAt is not null); // what came back otherwise is no proof
    }

    [Fact]
    public async Task The_figure_of_restorability_dates_the_real_restore_and_the_next_backup_holds_nothing_of_it()
    {
        await using var scene = await ReadyAsync(Mail);
        var points = await scene.Resource().ListPoints(Never);
        Assert.Null((await scene.Resource().GetRestorability(Never)).LastRestoreAt);

        var record = await HeldAsync(scene, 20);

        AssertAllSame(record);
        Assert.Contains(record.Items, item => item.Drawn.Resource == scene.Mailbox().LocalName && item.Way == RehearsalWay.Restored);
        var figure = await scene.Resource().GetRestorability(Never);
        Assert.InRange(figure.LastRestoreAt!.Value, record.BeganAt, record.EndedAt);
        Assert.InRange(figure.LastRehearsedAt!.Value, record.BeganAt, record.EndedAt);
        await scene.RunAsync(compare: true);
        var next = await scene.Resource().ListPoints(Never);
        Assert.Equal((points[^1].Items, points[^1].Folders), (next.MaxBy(point => point.Sequence)!.Items, next.MaxBy(point => point.Sequence)!.Folders));
    }

    [Fact]
    public async Task Without_the_permission_to_write_items_are_only_read_and_the_record_says_so()
    {
        await using var scene = await ReadyAsync(Mail with { Permissions = [.. KnownPermissions.All.Where(name => !name.Contains("ReadWrite", StringComparison.Ordinal)), "Calendars.ReadWrite"] });
        var before = await WorldAsync(scene);

        var record = await HeldAsync(scene, 20);

        Assert.All(record.Items, item => Assert.True(item.IsSame, item.Problem));
        Assert.All(record.Items.Where(item => item.Drawn.Kind == "message"), item => Assert.Equal((RehearsalWay.Read, "The tenant does not grant Mail.ReadWrite."), (item.Way, item.WayReason)));
        Assert.All(record.Items.Where(item => item.Drawn.Kind == "contact"), item => Assert.Equal((RehearsalWay.Read, "The tenant does not grant Contacts.ReadWrite."), (item.Way, item.WayReason)));
        Assert.Equal(before, await WorldAsync(scene));
        Assert.Null((await scene.Resource().GetRestorability(Never)).LastRehearsedAt); // a reading is no restore
    }

    [Fact]
    public async Task The_tenants_settings_name_another_place_or_none()
    {
        await using var scene = await ReadyAsync(Mail);
        var (used, settings) = (new List<string>(), TenantSettings.Default with { Rehearsal = new RehearsalSettings(false, [scene.Mailbox(1)]) });
        await scene.TenantGrain.ChangeSettings(settings, Never);
        Seeing(scene, new Fault { Kind = FaultKind.Delay, Method = "POST", Path = "mailFolders/[^/]+/(messages|childFolders)$" }, used.Add);

        var record = await HeldAsync(scene, 20);

        Assert.Contains(record.Items, item => item.Drawn.Resource == scene.Mailbox(0).LocalName && item is { Way: RehearsalWay.Restored, IsSame: true });
        Assert.Equal([scene.Mailbox(1).ObjectId], used.Distinct());
        await scene.TenantGrain.ChangeSettings(settings with { Rehearsal = new RehearsalSettings(true, []) }, Never);
        Assert.All((await HeldAsync(scene, 20)).Items, item => Assert.Equal((RehearsalWay.Read, "The tenant's settings allow no restores for a rehearsal."), (item.Way, item.WayReason)));
    }

    [Fact]
    public async Task A_process_that_dies_while_an_item_lies_in_its_place_goes_on_with_the_same_draw_and_clears_it()
    {
        await using var scene = await ReadyAsync(Mail);
        var before = await WorldAsync(scene);
        var book = scene.Grains.Rehearsals();
        using var goesOn = new ManualResetEventSlim();
        var dies = Once(scene, "POST", "permanentDelete", goesOn); // the first item is restored and compared, and about to be taken away
        var name = (await book.Begin("the operator", "to see it", 12, Never)).Name;
        await dies.Task.WaitAsync(Hang.Limit);
        await scene.KillAsync();
        goesOn.Set();
        await scene.StartServiceAsync();
        var drawn = (await scene.Grains.Rehearsals().Get(name, Never)).Drawn;

        var record = await EndedAsync(scene, name);

        Assert.Equal(drawn, record.Items.Length);
        Assert.All(record.Items, item => Assert.True(item is { IsSame: true, IsCleared: true }, item.Problem));
        Assert.Equal(before, await WorldAsync(scene));
        Assert.Equal(0, new ThingsAdmin(scene.Admin).CountSent(scene.Tenant.ToString()));
    }

    [Fact]
    public async Task What_cannot_be_cleared_is_said_and_remembered_and_goes_later()
    {
        await using var scene = await ReadyAsync(Mail);
        var before = await WorldAsync(scene);
        scene.Admin.World.Faults.Playing = null;
        scene.Admin.World.Faults.Add(new Fault { Kind = FaultKind.Status, Status = 403, Code = "ErrorAccessDenied", Path = "mailFolders/.*permanentDelete", Tenant = scene.Tenant.ToString() });

        var record = await HeldAsync(scene, 12);

        Assert.Contains(record.Items, item => item is { Drawn.Kind: "message", IsSame: true, IsCleared: false });
        Assert.NotEqual(before, await WorldAsync(scene));
        scene.Admin.World.Faults.Clear();
        scene.Clock.Shift(TimeSpan.FromMinutes(10));
        foreach (var (item, number) in record.Items.Select((item, number) => (item, number)).Where(one => one.item.IsCleared == false))
            await scene.Grains.GetGrain<IRehearsalTrialGrain>(GrainKeys.OfTrial(GrainKeys.Provider, record.Name, number)).AsReference<IRemindable>().ReceiveReminder("go", default);
        await UntilAsync(async () => before == await WorldAsync(scene));
    }

    [Fact]
    public async Task A_backup_that_comes_in_between_has_the_place_cleared_first_and_the_trial_begins_anew()
    {
        await using var scene = await ReadyAsync(Mail, new() { ["Rehearsals:LookAgainEvery"] = "00:00:00.050", ["Rehearsals:GiveWayWithin"] = "00:00:00.050" });
        var before = await scene.Resource().ListPoints(Never);
        var book = scene.Grains.Rehearsals();
        using var comes = new ManualResetEventSlim();
        var stands = Once(scene, "POST", "(childFolders|calendars|contactFolders)$", comes); // the restore has begun
        var name = (await book.Begin("the operator", "to see it", 12, Never)).Name;
        var mailbox = await stands.Task.WaitAsync(Hang.Limit);
        var index = Enumerable.Range(0, 3).First(number => scene.Mailbox(number).ObjectId == mailbox);
        var run = scene.RunAsync(index, compare: true);
        await UntilAsync(async () => (await scene.Resource(index).ListRuns(Never))[0].Progress.Step.Contains("rehearsal", StringComparison.Ordinal));
        comes.Set();
        await run;

        var record = await EndedAsync(scene, name);

        var points = await scene.Resource(index).ListPoints(Never);
        Assert.Equal((points.MinBy(point => point.Sequence)!.Items, points.MinBy(point => point.Sequence)!.Folders), (points.MaxBy(point => point.Sequence)!.Items, points.MaxBy(point => point.Sequence)!.Folders));
        AssertAllSame(record);
        Assert.All(record.Items, item => Assert.True(item is { Way: RehearsalWay.Restored, IsCleared: true }, item.WayReason));
    }

    [Fact]
    public async Task A_backup_that_comes_while_an_item_is_taken_away_has_it_taken_away_and_the_rehearsal_ends()
    {
        await using var scene = await ReadyAsync(Mail, new() { ["Rehearsals:LookAgainEvery"] = "00:00:00.050", ["Rehearsals:GiveWayWithin"] = "00:00:00.050" });
        var before = await WorldAsync(scene);
        using var goesOn = new ManualResetEventSlim();
        var stands = Once(scene, "POST", "permanentDelete", goesOn); // the first item is restored and compared, and about to be taken away
        var name = (await scene.Grains.Rehearsals().Begin("the operator", "to see it", 12, Never)).Name;
        var mailbox = await stands.Task.WaitAsync(Hang.Limit);

        var run = await scene.RunAsync(Enumerable.Range(0, 3).First(number => scene.Mailbox(number).ObjectId == mailbox), compare: true);
        goesOn.Set();

        Assert.Null(run.Problem);
        AssertAllSame(await EndedAsync(scene, name));
        Assert.Equal(before, await WorldAsync(scene));
        Assert.NotNull((await scene.Resource().GetRestorability(Never)).LastRehearsedAt);
    }

    [Fact]
    public async Task A_rehearsal_begins_by_itself_in_every_quarter_and_draws_from_young_and_old_points_of_every_tenant()
    {
        await using var scene = await ServiceScene.StartAsync(simulator, Mail, behind: TimeSpan.FromDays(400));
        await scene.OnboardAsync(TenantSettings.Default with { Retention = RetentionRule.OfDays(3_000) });
        await scene.UntilPointsAsync(1);
        var book = scene.Grains.Rehearsals();
        var names = new List<string>();
        for (var quarter = 0; quarter < 4; quarter++)
        {
            scene.Clock.Shift(TimeSpan.FromDays(92));
            await scene.RunAsync();
            await book.AsReference<IRemindable>().ReceiveReminder("due", default);
            await UntilAsync(async () => (await book.List(Never)).Count(one => one.Stage == RehearsalStage.Done) == quarter + 1);
            await book.AsReference<IRemindable>().ReceiveReminder("due", default); // a second look in the same quarter begins none
            names.Add((await book.List(Never))[0].Name);
        }
        Assert.Equal(4, names.Distinct().Count());
        Assert.All(names, name => Assert.Matches("^[0-9]{4}-Q[1-4]$", name));
        var listed = await book.List(Never);
        Assert.Equal(4, listed.Length);
        var records = new List<RehearsalRecord>();
        foreach (var name in names)
            records.Add(await EndedAsync(scene, name));
        Assert.All(records, AssertAllSame);
        Assert.All(listed, one => Assert.Equal((one.Drawn, 0), (one.Same, one.Failed)));
        Assert.All(listed, one => Assert.True(one.Restored > 0));
        var last = records[^1];
        foreach (var age in new[] { PointAge.Young, PointAge.Middle, PointAge.Old })
            Assert.Contains(last.Items, item => item.Drawn.Age == age);
    }

    /// <remarks>These seeds hold what a rehearsal once took for a difference: events without a text, which the service gives an empty one, and series without a time zone of their own.</remarks>
    [Theory]
    [InlineData(8)]
    [InlineData(12)]
    [InlineData(58)]
    public async Task Every_event_of_a_calendar_comes_back_with_its_exceptions(int seed)
    {
        await using var scene = await ReadyAsync(new TenantRecipe { Domain = $"series{seed}.example", Users = 1, MessagesPerMailbox = 0, EventsPerMailbox = 14, SharePoint = false });
        var events = new ThingsAdmin(scene.Admin).Read(scene.Tenant.ToString(), "mailbox", scene.Mailbox().ObjectId).Things.Where(thing => thing.Kind == "event").ToList();
        Assert.Contains(events, thing => thing.Properties.GetProperty("body").ValueKind == JsonValueKind.Null || thing.Properties.GetRawText().Contains("\"recurrenceTimeZone\":\"\"", StringComparison.Ordinal));

        var record = await HeldAsync(scene, 14);

        AssertAllSame(record);
        Assert.Equal(14, record.Items.Count(item => item is { Drawn.Kind: "event", Way: RehearsalWay.Restored }));
    }

    private static TenantRecipe Mail { get; } = new() { Users = 2, SharedMailboxes = 1, MessagesPerMailbox = 6, EventsPerMailbox = 4, ContactsPerMailbox = 3, SharePoint = false };

    private static void AssertAllSame(RehearsalRecord record) => Assert.True(record.Items.All(item => item.IsSame), string.Join('\n', record.Items.Where(item => !item.IsSame)
        .Select(item => $"{item.Drawn.Kind} {item.Way} {item.Problem} [{string.Join(", ", item.Differences)}] lost {string.Join(", ", item.Lost)}")));

    private static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        using var patience = new CancellationTokenSource(Hang.Limit);
        while (!await isSo())
            await Hang.MomentAsync(patience.Token);
    }

    /// <summary>Tells the mailbox of the first such request, which waits for the test and is not carried out.</summary>
    private static TaskCompletionSource<string> Once(ServiceScene scene, string method, string path, ManualResetEventSlim goOn)
    {
        var seen = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        Seeing(scene, new Fault { Kind = FaultKind.Status, Status = 503, Method = method, Path = path }, mailbox =>
        {
            if (seen.TrySetResult(mailbox))
            {
                scene.Admin.World.Faults.Clear();
                goOn.Wait(Hang.Limit);
            }
        });
        return seen;
    }

    private static void Seeing(ServiceScene scene, Fault fault, Action<string> seen)
    {
        scene.Admin.World.Faults.Clear();
        scene.Admin.World.Faults.Playing = played => seen(played.Mailbox!);
        foreach (var mailbox in scene.Created.Mailboxes)
            scene.Admin.World.Faults.Add(fault with { Tenant = scene.Tenant.ToString(), Mailbox = mailbox.UserId.ToString() });
    }

    private async Task<ServiceScene> ReadyAsync(TenantRecipe? recipe = null, Dictionary<string, string?>? settings = null)
    {
        var scene = await ServiceScene.StartAsync(simulator, recipe ?? Everything, settings: settings);
        await scene.OnboardAsync();
        await scene.UntilPointsAsync(1);
        return scene;
    }

    private static TenantRecipe Everything { get; } = new()
    {
        Users = 2, SharedMailboxes = 1, MessagesPerMailbox = 8, EventsPerMailbox = 8, ContactsPerMailbox = 5, TasksPerMailbox = 5, FilesPerDrive = 6, Sites = 1, Teams = 1, ItemsPerList = 5,
        FilesPerLibrary = 3, PagesPerSite = 2, MessagesPerChannel = 6, SharePoint = true, Permissions = [.. KnownPermissions.All, .. CollaborationPermissions.All],
    };

    private static async Task<RehearsalRecord> HeldAsync(ServiceScene scene, int minimum)
    {
        var book = scene.Grains.Rehearsals();
        return await EndedAsync(scene, (await book.Begin("the operator", "to see it", minimum, Never)).Name);
    }

    private static async Task<RehearsalRecord> EndedAsync(ServiceScene scene, string name)
    {
        var book = scene.Grains.Rehearsals();
        using var patience = new CancellationTokenSource(Hang.Limit);
        while ((await book.Get(name, patience.Token)).Stage != RehearsalStage.Done)
            await Hang.MomentAsync(patience.Token);
        var lines = (await book.ReadRecord(name, Never)).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Encoding.UTF8.GetBytes).ToArray();
        using var inventory = new MemoryStream();
        await foreach (var piece in book.ReadInventory(name, Never))
            inventory.Write(piece.Span);
        var drawnFrom = Encoding.UTF8.GetString(inventory.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Encoding.UTF8.GetBytes).ToArray();
        var verdict = RehearsalVerifier.Verify(lines, await scene.Grains.Provider().GetDeletionKey(Never), drawnFrom, previous: null);
        Assert.Empty(verdict.Problems);
        Assert.True(verdict.DrawCompared);
        return verdict.Record!;
    }

    /// <summary>Everything that is in the tenant's Microsoft 365 now, with its place.</summary>
    private static async Task<string> WorldAsync(ServiceScene scene)
    {
        var (things, tenant, lines) = (new ThingsAdmin(scene.Admin), scene.Tenant.ToString(), new List<string>());
        foreach (var listing in (await scene.TenantGrain.ListResources(null, 1_000, Never)).Resources.Where(listing => listing.Protected))
        {
            // The service makes a channel's own folder for whoever looks at it first.
            lines.AddRange(things.Read(tenant, listing.Resource.Kind.Token(), listing.Resource.ObjectId).Things.Where(thing => thing is not { Kind: "drive-folder", Name: "General" }).Select(thing => $"{listing.Resource.LocalName} {thing.Kind} {thing.Id} {thing.Name} {thing.ContainerId}"));
            if (listing.Resource.Kind != ResourceKind.Mailbox)
                continue;
            var mail = scene.Admin.State(tenant, listing.Resource.ObjectId);
            lines.AddRange(mail.Folders.Select(folder => $"{listing.Resource.LocalName} folder {folder.Id} {string.Join('/', folder.Path)}"));
            lines.AddRange(mail.Messages.Select(message => $"{listing.Resource.LocalName} message {message.Id} {message.FolderId}"));
        }
        return string.Join('\n', lines.Order(StringComparer.Ordinal));
    }
}
