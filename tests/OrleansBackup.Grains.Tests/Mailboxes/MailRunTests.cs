using System.Text;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Runs;
using OrleansBackup.Grains.Mailboxes;
using OrleansBackup.Grains.Resources;
using OrleansBackup.Grains.Runs;
using OrleansBackup.Grains.Tests.Given;
using OrleansBackup.GraphSimulator.Admin;
using OrleansBackup.GraphSimulator.Faults;
using OrleansBackup.Microsoft365.Mail;
using OrleansBackup.Vault;

namespace OrleansBackup.Grains.Tests.Mailboxes;

/// <summary>A mailbox lives, runs follow it, and every point equals the simulator's own history.</summary>
public sealed class MailRunTests(SimulatorFixture simulator) : IClassFixture<SimulatorFixture>
{
    [Fact]
    public async Task A_first_run_holds_the_whole_mailbox_byte_for_byte()
    {
        await using var scene = await MailboxScene.StartAsync(simulator, messages: 60);
        var result = await scene.RunAsync();
        Assert.Empty(result.Warnings);
        Assert.Equal(RunOutcome.Succeeded, result.Outcome);
        Assert.Equal(60, scene.LastBoard.Current.Counts.Added);
        await scene.AssertPointIsTrueAsync(result.Point);
    }

    [Fact]
    public async Task A_message_and_its_attachments_are_stored_once()
    {
        await using var scene = await MailboxScene.StartAsync(simulator, messages: 60);
        var items = await scene.ItemsAsync((await scene.RunAsync()).Point);
        Assert.Contains(items, item => item.Attachments.Any(entry => entry.Size > 100_000));
        var (mime, stored) = (items.Sum(item => item.Contents[MailItem.MimeContent].Length), 0L);
        await foreach (var name in scene.Store.ListAsync("", default))
            stored += (await scene.Store.GetLengthAsync(name, default))!.Value;
        // The attachments are random bytes: in base64 they are a third longer, and stored beside the MIME as it is they would be stored twice.
        Assert.InRange((double)stored / mime, 0, 0.8);
    }

    [Fact]
    public async Task Each_day_of_life_gives_a_point_that_equals_that_day_and_older_points_stay_what_they_were()
    {
        await using var scene = await MailboxScene.StartAsync(simulator, messages: 40);
        var days = new List<(RestorePoint Point, DateTimeOffset At)>();
        for (ulong day = 1; day <= 6; day++)
        {
            var result = await scene.RunAsync();
            days.Add((result.Point, scene.Admin.World.Clock.GetUtcNow()));
            await scene.AssertPointIsTrueAsync(result.Point);
            scene.Admin.PlayLife(scene.TenantText, new LifeRecipe(Days: 1, Seed: day, Intensity: 25));
        }
        foreach (var (point, at) in days)
            await scene.AssertPointIsTrueAsync(point, at);
    }

    [Fact]
    public async Task A_run_without_changes_downloads_nothing_and_seals_the_same_state()
    {
        await using var scene = await MailboxScene.StartAsync(simulator);
        var first = await scene.RunAsync();
        var second = await scene.RunAsync();
        var counts = scene.LastBoard.Current.Counts;
        Assert.Equal((0, 0, 0, 0, 0), (counts.Added, counts.Changed, counts.PropertiesChanged, counts.Removed, counts.DownloadedBytes));
        Assert.Equal(first.Point.ItemsByKind, second.Point.ItemsByKind);
        await scene.AssertPointIsTrueAsync(second.Point);
    }

    [Fact]
    public async Task A_read_mark_is_in_the_next_point_and_downloads_no_content()
    {
        await using var scene = await MailboxScene.StartAsync(simulator);
        await scene.RunAsync();
        var message = Enumerable.Range(1, 30).Select(number => scene.Mailbox.FindMessage(number)!).First(version => !version.IsDraft).Message;
        scene.Mailbox.Change(message, version => version with { IsRead = !version.IsRead, Categories = ["Blue"] });
        var result = await scene.RunAsync();
        var counts = scene.LastBoard.Current.Counts;
        Assert.Equal((0, 1, 0), (counts.Added + counts.Changed, counts.PropertiesChanged, counts.DownloadedBytes));
        await scene.AssertPointIsTrueAsync(result.Point);
    }

    [Fact]
    public async Task A_moved_folder_and_moved_messages_download_nothing_again_and_nothing_comes_back()
    {
        await using var scene = await MailboxScene.StartAsync(simulator, messages: 50);
        await scene.RunAsync();
        var mailbox = scene.Mailbox;
        var target = mailbox.CreateFolder("Elsewhere", mailbox.WellKnown("msgfolderroot"));
        foreach (var message in mailbox.WellKnown("inbox").Messages.Take(10).ToList())
            mailbox.Move(message, target);
        var folder = mailbox.Folders.First(candidate => candidate.WellKnownName is null && !candidate.IsSearchFolder && candidate != target && candidate.IsInTree);
        mailbox.ChangeFolder(folder, parent: target);
        var result = await scene.RunAsync();
        var counts = scene.LastBoard.Current.Counts;
        Assert.Equal((0, 0, 0), (counts.Added, counts.Changed, counts.DownloadedBytes));
        await scene.AssertPointIsTrueAsync(result.Point);
    }

    [Fact]
    public async Task Deleted_messages_and_folders_are_gone_from_the_next_point_and_stay_in_the_last()
    {
        await using var scene = await MailboxScene.StartAsync(simulator, messages: 50);
        var before = await scene.RunAsync();
        var at = scene.Admin.World.Clock.GetUtcNow();
        foreach (var message in scene.Mailbox.WellKnown("inbox").Messages.Take(5).ToList())
            scene.Mailbox.Delete(message, hard: true);
        scene.Mailbox.DeleteFolder(scene.Mailbox.Folders.First(folder => folder.WellKnownName is null && !folder.IsSearchFolder && folder.IsInTree), hard: true);
        var after = await scene.RunAsync();
        Assert.True(after.Point.ItemsByKind[ItemKinds.Message] <= before.Point.ItemsByKind[ItemKinds.Message] - 5);
        await scene.AssertPointIsTrueAsync(after.Point);
        await scene.AssertPointIsTrueAsync(before.Point, at);
    }

    [Fact]
    public async Task One_message_that_cannot_be_read_goes_to_the_debt_list_and_the_checkpoint_goes_on()
    {
        await using var scene = await MailboxScene.StartAsync(simulator);
        var broken = scene.Truth()[3].Id;
        scene.Order(new Fault { Kind = FaultKind.BrokenItem, ItemId = broken });
        var result = await scene.RunAsync();
        Assert.Equal(RunOutcome.SucceededWithWarnings, result.Outcome);
        Assert.Equal(29, result.Point.ItemsByKind[ItemKinds.Message]);
        Assert.Equal(1, result.Point.ItemsByKind[ItemKinds.Debt]);
        simulator.Host.World.Faults.Clear();
        var healed = await scene.RunAsync();
        Assert.Equal(RunOutcome.Succeeded, healed.Outcome);
        await scene.AssertPointIsTrueAsync(healed.Point);
    }

    [Fact]
    public async Task An_item_that_always_fails_is_tried_at_each_run_and_freezes_nothing()
    {
        await using var scene = await MailboxScene.StartAsync(simulator);
        scene.Order(new Fault { Kind = FaultKind.BrokenItem, ItemId = scene.Truth()[3].Id });
        await scene.RunAsync();
        var delivered = scene.Admin.Deliver(scene.TenantText, scene.UserId, Encoding.ASCII.GetBytes("Subject: new\r\n\r\nx"));
        await scene.RunAsync();
        var result = await scene.RunAsync();
        Assert.Contains(await scene.ItemsAsync(result.Point), item => item.Id == delivered);
        var vault = await scene.VaultAsync();
        await using var point = await vault.OpenPointAsync(result.Point.Sequence, CancellationToken.None);
        var debts = new List<int>();
        await foreach (var debt in point.ItemsAsync(new ItemFilter(ItemKinds.Debt, null), CancellationToken.None))
            debts.Add(DebtItem.Read(debt).Attempts);
        Assert.Equal([3], debts);
    }

    [Fact]
    public async Task An_attachment_that_never_opens_leaves_the_message_in_the_point_with_a_warning()
    {
        await using var scene = await MailboxScene.StartAsync(simulator, messages: 80);
        var withAttachment = scene.Truth().First(message => message.Attachments.Count > 0);
        scene.Order(new Fault { Kind = FaultKind.BrokenAttachment, ItemId = withAttachment.Id });
        var result = await scene.RunAsync();
        var item = Assert.Single(await scene.ItemsAsync(result.Point), item => item.Id == withAttachment.Id);
        Assert.Contains(item.Attachments, entry => entry.Problem is not null);
        Assert.True(item.HasMime);
    }

    [Fact]
    public async Task A_message_whose_attachment_never_opens_is_read_again_a_few_times_and_then_only_when_it_changed_or_a_run_compares()
    {
        await using var scene = await MailboxScene.StartAsync(simulator, messages: 80);
        var broken = scene.Truth().First(message => message.Attachments.Count > 0);
        scene.Order(new Fault { Kind = FaultKind.BrokenAttachment, ItemId = broken.Id });
        for (var run = 0; run < 3; run++)
        {
            await scene.RunAsync();
            Assert.True(scene.LastBoard.Current.Counts.DownloadedBytes > 0);
        }
        var resting = await scene.RunAsync();
        Assert.Equal((0L, RunOutcome.SucceededWithWarnings, 1L), (scene.LastBoard.Current.Counts.DownloadedBytes, resting.Outcome, resting.Point.ItemsByKind[ItemKinds.Debt]));
        scene.Admin.ForgetDeltaTokens(scene.TenantText, scene.UserId); // listed again as it is
        await scene.RunAsync();
        Assert.Equal(0, scene.LastBoard.Current.Counts.DownloadedBytes);
        simulator.Host.World.Faults.Clear();
        await scene.RunAsync();
        Assert.Equal(0, scene.LastBoard.Current.Counts.DownloadedBytes); // nobody knows yet that it opens again
        var compared = await scene.RunAsync(compare: true);
        Assert.Equal((RunOutcome.Succeeded, 0L), (compared.Outcome, compared.Point.ItemsByKind.GetValueOrDefault(ItemKinds.Debt)));
        Assert.True(scene.LastBoard.Current.Counts.DownloadedBytes > 0);
        await scene.AssertPointIsTrueAsync(compared.Point);
    }

    [Fact]
    public async Task Dead_delta_tokens_cost_a_full_listing_but_no_download_and_deletions_meanwhile_are_found()
    {
        await using var scene = await MailboxScene.StartAsync(simulator, messages: 40);
        await scene.RunAsync();
        foreach (var message in scene.Mailbox.WellKnown("inbox").Messages.Take(3).ToList())
            scene.Mailbox.Delete(message, hard: true);
        scene.Admin.ForgetDeltaTokens(scene.TenantText, scene.UserId);
        var result = await scene.RunAsync();
        var counts = scene.LastBoard.Current.Counts;
        Assert.Equal((0, 0, 3), (counts.Added + counts.Changed, counts.DownloadedBytes, counts.Removed));
        await scene.AssertPointIsTrueAsync(result.Point);
    }

    [Fact]
    public async Task A_delta_token_that_died_before_a_crash_is_still_reason_to_compare_for_the_run_that_goes_on()
    {
        HookedBlobStore? store = null;
        await using var scene = await MailboxScene.StartAsync(simulator, wrap: inner => store = new HookedBlobStore(inner));
        await scene.RunAsync();
        foreach (var folder in scene.Truth().GroupBy(message => message.FolderId).ToList())
            scene.Admin.DeleteMessage(scene.TenantText, scene.UserId, folder.First().Id, hard: true); // so that each round of a folder commits
        scene.Admin.ForgetDeltaTokens(scene.TenantText, scene.UserId);
        scene.Options = new RunOptions { SegmentChanges = 1 };
        store!.AfterPut = name => HookedBlobStore.IsSegment(name) ? throw new IOException("The process dies after its first segment.") : Task.CompletedTask;
        var run = RunId.New(TimeProvider.System.GetUtcNow());
        await Assert.ThrowsAsync<IOException>(() => scene.RunAsync(run: run));
        store.AfterPut = null;
        await MoveTheLinksOnAsync(scene, run, seal: false); // whatever links it had left are alive

        var result = await scene.RunAsync(run: run);
        Assert.Contains(PointDetails.ComparedAt, result.Point.Details.Keys);
        await scene.AssertPointIsTrueAsync(result.Point);
        Assert.DoesNotContain(PointDetails.ComparedAt, (await scene.RunAsync()).Point.Details.Keys); // compared once, not from now on
    }

    [Fact]
    public async Task A_full_round_that_meets_an_item_it_cannot_name_does_not_take_it_for_deleted()
    {
        await using var scene = await MailboxScene.StartAsync(simulator);
        var first = await scene.RunAsync();
        scene.Order(new Fault { Kind = FaultKind.BrokenItem, ItemId = scene.Truth()[3].Id });
        scene.Admin.ForgetDeltaTokens(scene.TenantText, scene.UserId);
        var result = await scene.RunAsync();
        Assert.Equal(first.Point.ItemsByKind[ItemKinds.Message], result.Point.ItemsByKind[ItemKinds.Message]);
        Assert.Equal(RunOutcome.SucceededWithWarnings, result.Outcome);
        simulator.Host.World.Faults.Clear();
    }

    [Fact]
    public async Task A_debt_that_can_be_read_again_is_never_owed_for_ever()
    {
        await using var scene = await MailboxScene.StartAsync(simulator);
        await scene.RunAsync();
        scene.Order(new Fault { Kind = FaultKind.BrokenItem, ItemId = scene.Truth()[3].Id });
        scene.Admin.ForgetDeltaTokens(scene.TenantText, scene.UserId);
        var owing = await scene.RunAsync();
        Assert.True(owing.Point.ItemsByKind[ItemKinds.Debt] > 0);
        simulator.Host.World.Faults.Clear();
        var healed = await scene.RunAsync();
        Assert.Equal((RunOutcome.Succeeded, 0), (healed.Outcome, healed.Point.ItemsByKind.GetValueOrDefault(ItemKinds.Debt)));
        await scene.AssertPointIsTrueAsync(healed.Point);
    }

    [Fact]
    public async Task A_message_that_moved_behind_the_reader_is_never_taken_for_deleted()
    {
        await using var scene = await MailboxScene.StartAsync(simulator);
        await scene.RunAsync();
        var inbox = scene.Admin.State(scene.TenantText, scene.UserId).Folders.Single(folder => folder.WellKnownName == "inbox").Id;
        var archive = scene.Admin.State(scene.TenantText, scene.UserId).Folders.Single(folder => folder.WellKnownName == "archive").Id;
        var ids = scene.Truth().Where(message => message.FolderId == inbox).Select(message => message.Id).Take(2).ToList();
        // The archive has been read, the first moves there, the second is deleted, and then the inbox is read.
        scene.Admin.MoveMessage(scene.TenantText, scene.UserId, ids[0], archive);
        scene.Admin.DeleteMessage(scene.TenantText, scene.UserId, ids[1], hard: true);
        var vault = await scene.VaultAsync();
        await using var writer = await vault.BeginRunAsync(Guid.NewGuid(), TimeProvider.System.GetUtcNow(), CancellationToken.None);
        var reader = new MailboxReader(scene.Client, scene.UserId, new() { IncludeHiddenFolders = true });
        var session = scene.Session(writer);
        using var intake = new MessageIntake(reader, session, session.DebtsOf(ItemIds.Mail));
        var departures = new Departures(reader, writer, intake);
        foreach (var id in ids)
            await departures.MarkAsync(id, inbox, CancellationToken.None);
        var folders = await FolderTree.ReadAsync(writer.ItemsAsync(new ItemFilter(ItemKinds.MailFolder, null), CancellationToken.None), CancellationToken.None);
        Assert.Equal(1, await departures.SettleAsync(folders, CancellationToken.None));
        var moved = MailItem.Read((await writer.FindAsync(ids[0], CancellationToken.None))!);
        Assert.Equal((archive, null), (moved.FolderId, moved.DepartedFrom));
        Assert.Null(await writer.FindAsync(ids[1], CancellationToken.None));
    }

    [Fact]
    public async Task A_folder_that_can_never_be_listed_neither_keeps_a_run_going_for_ever_nor_loses_what_is_held()
    {
        await using var scene = await MailboxScene.StartAsync(simulator, messages: 15);
        var first = await scene.RunAsync();
        scene.Order(new Fault { Kind = FaultKind.Status, Path = @"mailFolders[/(].*/messages(/delta|/microsoft.graph.delta\(\))?(\?|$)", Status = 500, Code = "ErrorInternalServerError" });
        using var patience = new CancellationTokenSource(Hang.Limit);
        var result = await scene.RunAsync(cancellation: patience.Token);
        simulator.Host.World.Faults.Clear();
        Assert.Equal(first.Point.ItemsByKind[ItemKinds.Message], result.Point.ItemsByKind[ItemKinds.Message]);
        Assert.True(result.Point.ItemsByKind[ItemKinds.Debt] > 0);
        var healed = await scene.RunAsync();
        Assert.Equal(0, healed.Point.ItemsByKind.GetValueOrDefault(ItemKinds.Debt));
        await scene.AssertPointIsTrueAsync(healed.Point);
    }

    [Fact]
    public async Task A_change_that_change_tracking_never_told_of_is_found_by_the_independent_listing_and_healed()
    {
        await using var scene = await MailboxScene.StartAsync(simulator);
        await scene.RunAsync();
        scene.Admin.Deliver(scene.TenantText, scene.UserId, Encoding.ASCII.GetBytes("Subject: lost by delta\r\n\r\nx"));
        // The page that tells of it comes empty, once; its token goes on as if nothing had been.
        await LoseTheNextRoundAsync(scene);
        var blind = await scene.RunAsync();
        var seeing = await scene.RunAsync(compare: true);
        Assert.Equal(blind.Point.ItemsByKind[ItemKinds.Message] + 1, seeing.Point.ItemsByKind[ItemKinds.Message]);
        Assert.Equal(RunOutcome.SucceededWithWarnings, seeing.Outcome);
        Assert.Equal(1, scene.LastBoard.Current.Counts.Healed);
        await scene.AssertPointIsTrueAsync(seeing.Point);
    }

    [Fact]
    public async Task A_first_run_that_is_stopped_again_and_again_never_starts_over()
    {
        await using var scene = await MailboxScene.StartAsync(simulator, messages: 120);
        scene.Options = new RunOptions { SegmentChanges = 10 };
        var run = RunId.New(TimeProvider.System.GetUtcNow());
        long added = 0;
        RunResult? result = null;
        for (var attempt = 0; result is null; attempt++)
        {
            Assert.InRange(attempt, 0, 30);
            using var stop = new CancellationTokenSource();
            var running = scene.RunAsync(run: run, cancellation: stop.Token);
            await foreach (var progress in scene.LastBoard.WatchAsync(CancellationToken.None))
            {
                if (progress.Counts.Segments >= 2)
                    await stop.CancelAsync();
                if (running.IsCompleted || stop.IsCancellationRequested)
                    break;
            }
            try
            {
                result = await running;
            }
            catch (OperationCanceledException)
            {
                // stopped in the middle, as a crash would
            }
            added += scene.LastBoard.Current.Counts.Added;
        }
        Assert.InRange(added, 120, 120 + (30 * 30)); // each stop may cost a segment and what was under way, never the whole
        await scene.AssertPointIsTrueAsync(result.Point);
    }

    [Fact]
    public async Task Two_runs_on_one_mailbox_never_mix_one_of_them_loses()
    {
        await using var scene = await MailboxScene.StartAsync(simulator, messages: 60);
        scene.Options = new RunOptions { SegmentChanges = 10 };
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 2).Select(async _ =>
        {
            try
            {
                return (await scene.RunAsync()).Point;
            }
            catch (SegmentTakenException)
            {
                return null;
            }
        }));
        var point = Assert.Single(outcomes, point => point is not null)!;
        await scene.AssertPointIsTrueAsync(point);
        var vault = await scene.VaultAsync();
        Assert.Equal([point.Sequence], (await vault.ListPointsAsync(CancellationToken.None)).Select(listed => listed.Sequence));
    }

    // Reading the round away behind the run's back moves nothing: tokens belong to whoever holds them. So the stored checkpoint
    // itself is moved on, which is what a lost page amounts to.
    private static Task LoseTheNextRoundAsync(MailboxScene scene) => MoveTheLinksOnAsync(scene, new RunId(Guid.NewGuid()), seal: true);

    private static async Task MoveTheLinksOnAsync(MailboxScene scene, RunId run, bool seal)
    {
        var reader = new Microsoft365.Mail.MailboxReader(scene.Client, scene.UserId, new() { IncludeHiddenFolders = true, PageSize = 10 });
        var vault = await scene.VaultAsync();
        await using var writer = await vault.BeginRunAsync(run.Value, TimeProvider.System.GetUtcNow(), CancellationToken.None);
        var checkpoint = MailCheckpoint.Parse(writer.Checkpoint);
        foreach (var (folder, link) in checkpoint.FolderLinks)
            await foreach (var page in reader.ReadMessagesAsync(folder, link, CancellationToken.None))
                checkpoint = checkpoint.WithFolder(folder, page.Link);
        if (seal)
            await writer.SealAsync(checkpoint.ToString(), System.Collections.Immutable.ImmutableSortedDictionary<string, string>.Empty.Add(PointDetails.Outcome, "Succeeded"), CancellationToken.None);
        else
            await writer.CommitSegmentAsync(checkpoint.ToString(), CancellationToken.None);
    }
}
