using System.Text;
using System.Text.Json;
using OrleansBackup.GrainInterfaces.Restores;
using OrleansBackup.Grains.Mailboxes;
using OrleansBackup.Grains.Runs;
using OrleansBackup.Grains.Tests.Given;
using OrleansBackup.GraphSimulator.Admin;
using OrleansBackup.GraphSimulator.Faults;

namespace OrleansBackup.Grains.Tests.Restores;

/// <summary>What was deleted comes back as it was, every item has an outcome, and nothing is doubled.</summary>
public sealed class MailRestoreJobTests(SimulatorFixture simulator) : IClassFixture<SimulatorFixture>
{
    [Fact]
    public async Task A_deleted_message_comes_back_with_everything_that_can_be_seen_of_it()
    {
        await using var scene = await MailboxScene.StartAsync(simulator, messages: 60);
        var point = (await scene.RunAsync()).Point;
        var before = scene.Truth().Where(message => message.Attachments.Count > 0).Take(3).Concat(scene.Truth().Take(5)).DistinctBy(message => message.Id).ToList();
        foreach (var message in before)
            scene.Admin.DeleteMessage(scene.TenantText, scene.UserId, message.Id, hard: true);

        var ledger = await scene.RestoreAsync(point, new RestoreSelection(false, [], [.. before.Select(message => message.Id)]));
        Assert.Equal((before.Count, before.Count, 0, 0),
            (ledger.Asked, ledger.Count(OutcomeKind.Restored), ledger.Count(OutcomeKind.Skipped), ledger.Count(OutcomeKind.Failed)));
        var now = scene.Truth().ToDictionary(message => message.Id);
        foreach (var outcome in ledger.Outcomes)
            AssertSame(before.Single(message => message.Id == outcome.ItemId), now[outcome.NewId!]);
    }

    [Fact]
    public async Task An_emptied_mailbox_comes_back_whole_with_its_folders()
    {
        await using var scene = await MailboxScene.StartAsync(simulator, messages: 70);
        var point = (await scene.RunAsync()).Point;
        var at = scene.Admin.World.Clock.GetUtcNow();
        var before = scene.Truth();
        scene.Admin.Empty(scene.TenantText, scene.UserId);
        Assert.Empty(scene.Truth());

        var ledger = await scene.RestoreAsync(point, RestoreSelection.All);
        Assert.Equal(before.Count, ledger.Count(OutcomeKind.Restored));
        Assert.Equal(before.Count, ledger.Asked);
        Assert.Empty(ledger.Warnings);
        // Empty folders too; those without a name, or of a name that a sibling has, cannot be made again as they were.
        Assert.Subset(PathsThatCanBeMade(scene.Admin.State(scene.TenantText, scene.UserId)), PathsThatCanBeMade(scene.Admin.State(scene.TenantText, scene.UserId, at)));
        var now = scene.Truth().ToDictionary(message => message.Id);
        var pathsBefore = Paths(scene.Admin.State(scene.TenantText, scene.UserId, at));
        var pathsNow = Paths(scene.Admin.State(scene.TenantText, scene.UserId));
        foreach (var outcome in ledger.Outcomes)
        {
            var was = before.Single(message => message.Id == outcome.ItemId);
            AssertSame(was, now[outcome.NewId!]);
            // A folder without a name cannot be made; then the outcome says under which name it was.
            if (pathsBefore[was.FolderId] != pathsNow[now[outcome.NewId!].FolderId])
                Assert.Contains(outcome.Losses, loss => loss.Contains("folder's name", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task What_is_still_there_is_skipped_and_left_as_it_is()
    {
        await using var scene = await MailboxScene.StartAsync(simulator);
        var point = (await scene.RunAsync()).Point;
        var ledger = await scene.RestoreAsync(point, RestoreSelection.All);
        Assert.Equal(30, ledger.Count(OutcomeKind.Skipped));
        Assert.Equal(30, scene.Truth().Count);
    }

    [Fact]
    public async Task A_message_without_a_message_id_that_an_earlier_restore_put_back_is_skipped_and_not_doubled()
    {
        await using var scene = await MailboxScene.StartAsync(simulator);
        var nameless = scene.Admin.Deliver(scene.TenantText, scene.UserId, "Subject: without an id\r\n\r\nx"u8.ToArray());
        var point = (await scene.RunAsync()).Point;
        Assert.True(Assert.Single(await scene.ItemsAsync(point), item => item.Id == nameless).InternetMessageId is null or "");
        scene.Admin.DeleteMessage(scene.TenantText, scene.UserId, nameless, hard: true);
        var first = Assert.Single((await scene.RestoreAsync(point, RestoreSelection.Item(nameless))).Outcomes);
        Assert.Equal(OutcomeKind.Restored, first.Kind);
        Assert.Contains(first.LossFacts, fact => fact.Kind == LossKinds.MessageId);
        var again = Assert.Single((await scene.RestoreAsync(point, RestoreSelection.Item(nameless))).Outcomes);
        Assert.Equal(OutcomeKind.Skipped, again.Kind);
        Assert.Single(scene.Truth(), message => message.Id == first.NewId);
        Assert.Equal(31, scene.Truth().Count);
        var copy = Assert.Single((await scene.RestoreAsync(point, RestoreSelection.Item(nameless), ConflictPolicy.Copy)).Outcomes);
        Assert.Equal((OutcomeKind.Restored, 32), (copy.Kind, scene.Truth().Count));
    }

    [Fact]
    public async Task Copy_puts_a_second_one_beside_it_and_overwrite_leaves_exactly_one()
    {
        await using var scene = await MailboxScene.StartAsync(simulator);
        var point = (await scene.RunAsync()).Point;
        var message = scene.Truth()[0];
        await scene.RestoreAsync(point, RestoreSelection.Item(message.Id), ConflictPolicy.Copy);
        Assert.Equal(31, scene.Truth().Count);
        var ledger = await scene.RestoreAsync(point, RestoreSelection.Item(message.Id), ConflictPolicy.Overwrite);
        Assert.Equal(31, scene.Truth().Count);
        Assert.DoesNotContain(scene.Truth(), candidate => candidate.Id == message.Id);
        Assert.Contains(scene.Truth(), candidate => candidate.Id == ledger.Outcomes.Single().NewId);
    }

    [Fact]
    public async Task What_lies_in_the_deleted_items_counts_as_deleted_and_comes_back()
    {
        await using var scene = await MailboxScene.StartAsync(simulator);
        var point = (await scene.RunAsync()).Point;
        var inbox = scene.Admin.State(scene.TenantText, scene.UserId).Folders.Single(folder => folder.WellKnownName == "inbox").Id;
        var message = scene.Truth().First(message => message.FolderId == inbox);
        scene.Admin.DeleteMessage(scene.TenantText, scene.UserId, message.Id, hard: false);
        var ledger = await scene.RestoreAsync(point, RestoreSelection.Item(message.Id));
        Assert.Equal(inbox, scene.Truth().Single(candidate => candidate.Id == ledger.Outcomes.Single().NewId).FolderId);
    }

    [Fact]
    public async Task Restoring_twice_skips_the_copies_of_the_first_time()
    {
        await using var scene = await MailboxScene.StartAsync(simulator);
        var point = (await scene.RunAsync()).Point;
        var withId = scene.Truth().Count(message => message.Properties.GetProperty("internetMessageId").GetString() is { Length: > 0 });
        scene.Admin.Empty(scene.TenantText, scene.UserId);
        await scene.RestoreAsync(point, RestoreSelection.All);
        var again = await scene.RestoreAsync(point, RestoreSelection.All);
        Assert.Equal(withId, again.Count(OutcomeKind.Skipped));
    }

    [Fact]
    public async Task Two_equal_messages_of_the_backup_are_two_restored_messages()
    {
        await using var scene = await MailboxScene.StartAsync(simulator, messages: 5);
        var mime = Encoding.ASCII.GetBytes("Message-ID: <same@example.org>\r\nDate: Mon, 1 Jun 2026 10:00:00 +0000\r\nSubject: twice\r\n\r\nx");
        scene.Admin.Deliver(scene.TenantText, scene.UserId, mime);
        scene.Admin.Deliver(scene.TenantText, scene.UserId, mime);
        var point = (await scene.RunAsync()).Point;
        scene.Admin.Empty(scene.TenantText, scene.UserId);
        var ledger = await scene.RestoreAsync(point, RestoreSelection.All);
        Assert.Equal(7, ledger.Count(OutcomeKind.Restored));
        Assert.Equal(7, scene.Truth().Count);
    }

    [Fact]
    public async Task Into_another_mailbox_the_inbox_is_the_inbox_and_other_folders_are_made()
    {
        await using var scene = await MailboxScene.StartAsync(simulator, messages: 40);
        var point = (await scene.RunAsync()).Point;
        var there = scene.Truth(user: scene.OtherUserId).Count;
        var ledger = await scene.RestoreAsync(point, RestoreSelection.All, targetUser: scene.OtherUserId);
        Assert.Equal(40, ledger.Count(OutcomeKind.Restored));
        var state = scene.Admin.State(scene.TenantText, scene.OtherUserId);
        Assert.Equal(there + 40, scene.Truth(user: scene.OtherUserId).Count);
        Assert.Single(state.Folders, folder => folder.WellKnownName == "inbox");
    }

    [Fact]
    public async Task Under_a_chosen_folder_the_original_paths_are_made_anew()
    {
        await using var scene = await MailboxScene.StartAsync(simulator, messages: 40);
        var point = (await scene.RunAsync()).Point;
        var ledger = await scene.RestoreAsync(point, RestoreSelection.All, under: ["Restored", "2026-11-21"]);
        Assert.Equal(40, ledger.Count(OutcomeKind.Restored));
        var paths = Paths(scene.Admin.State(scene.TenantText, scene.UserId));
        var restored = ledger.Outcomes.Select(outcome => outcome.NewId).ToHashSet();
        Assert.All(scene.Truth().Where(message => restored.Contains(message.Id)), message =>
            Assert.StartsWith("Restored/2026-11-21/", paths[message.FolderId], StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_item_that_was_never_handed_over_counts_as_asked_and_failed()
    {
        await using var scene = await MailboxScene.StartAsync(simulator);
        var broken = scene.Truth()[3].Id;
        scene.Order(new Fault { Kind = FaultKind.BrokenItem, ItemId = broken });
        var point = (await scene.RunAsync()).Point;
        simulator.Host.World.Faults.Clear();
        scene.Admin.Empty(scene.TenantText, scene.UserId);
        var ledger = await scene.RestoreAsync(point, RestoreSelection.All);
        Assert.Equal((30, 29, 0, 1), (ledger.Asked, ledger.Count(OutcomeKind.Restored), ledger.Count(OutcomeKind.Skipped), ledger.Count(OutcomeKind.Failed)));
    }

    [Fact]
    public async Task A_job_that_died_in_the_middle_goes_on_and_doubles_nothing()
    {
        await using var scene = await MailboxScene.StartAsync(simulator, messages: 120);
        var point = (await scene.RunAsync()).Point;
        scene.Admin.Empty(scene.TenantText, scene.UserId);
        var ledger = new MemoryLedger { DieBeforePage = () => throw new IOException("the process dies here") };
        await Assert.ThrowsAsync<IOException>(() => scene.RestoreAsync(point, RestoreSelection.All, ledger: ledger));
        Assert.NotEmpty(scene.Truth()); // it had begun
        ledger.DieBeforePage = null;
        ledger.Interrupted = true;
        await scene.RestoreAsync(point, RestoreSelection.All, ledger: ledger);
        Assert.Equal((120, 120), (ledger.Asked, ledger.Count(OutcomeKind.Restored)));
        Assert.Equal(120, scene.Truth().Count);
    }

    [Fact]
    public async Task An_item_that_the_target_refuses_fails_alone_and_says_why()
    {
        await using var scene = await MailboxScene.StartAsync(simulator, messages: 20);
        var point = (await scene.RunAsync()).Point;
        scene.Admin.Empty(scene.TenantText, scene.UserId);
        scene.Order(new Fault { Kind = FaultKind.Status, Method = "POST", Path = "/messages$", Status = 403, Code = "ErrorItemNotFound", Count = 1 });
        var ledger = await scene.RestoreAsync(point, RestoreSelection.All);
        Assert.Equal(20, ledger.Count(OutcomeKind.Restored) + ledger.Count(OutcomeKind.Failed));
        Assert.Equal(scene.Truth().Count, ledger.Count(OutcomeKind.Restored));
        Assert.All(ledger.Outcomes.Where(outcome => outcome.Kind == OutcomeKind.Failed), outcome => Assert.NotEmpty(outcome.Reason!));
    }

    private static HashSet<string> PathsThatCanBeMade(MailboxState state) =>
        [.. state.Folders.Where(folder => folder.Path.All(name => name.Length is > 0 and <= 255)).Select(folder => string.Join('/', folder.Path))];

    [Fact]
    public async Task Messages_of_a_folder_in_the_deleted_items_are_never_taken_for_still_there()
    {
        await using var scene = await MailboxScene.StartAsync(simulator, messages: 10);
        var mailbox = scene.Mailbox;
        var projects = mailbox.CreateFolder("A folder that no generated mailbox has", mailbox.WellKnown("msgfolderroot"));
        foreach (var message in mailbox.WellKnown("inbox").Messages.Take(3).ToList())
            mailbox.Move(message, projects);
        var point = (await scene.RunAsync()).Point;
        var count = projects.Messages.Count;
        var folder = scene.Admin.State(scene.TenantText, scene.UserId).Folders.Single(candidate => candidate.Path[^1] == "A folder that no generated mailbox has").Id;
        mailbox.DeleteFolder(projects, hard: false);

        var ledger = await scene.RestoreAsync(point, new RestoreSelection(false, [folder], []));
        Assert.True(count > 0);
        Assert.Equal((count, 0), (ledger.Count(OutcomeKind.Restored), ledger.Count(OutcomeKind.Skipped)));
    }

    [Fact]
    public async Task An_interrupted_page_never_doubles_what_was_there_before_the_job()
    {
        await using var scene = await MailboxScene.StartAsync(simulator, messages: 20);
        var point = (await scene.RunAsync()).Point;
        var withId = scene.Truth().Count(message => message.Properties.GetProperty("internetMessageId").GetString() is { Length: > 0 });
        await scene.RestoreAsync(point, RestoreSelection.All, targetUser: scene.OtherUserId);
        var again = await scene.RestoreAsync(point, RestoreSelection.All, targetUser: scene.OtherUserId, ledger: new MemoryLedger { Interrupted = true });
        Assert.True(withId > 0);
        Assert.Equal(withId, again.Count(OutcomeKind.Skipped));
    }

    [Fact]
    public async Task A_message_whose_attachments_were_never_handed_over_is_never_restored_without_saying_so()
    {
        await using var scene = await MailboxScene.StartAsync(simulator, messages: 80);
        scene.Order(new Fault { Kind = FaultKind.Status, Path = "/attachments", Status = 500, Code = "ErrorInternalServerError" });
        var result = await scene.RunAsync();
        simulator.Host.World.Faults.Clear();
        var withAttachment = scene.Truth().First(message => message.Attachments.Count > 0).Id;
        Assert.True(result.Point.ItemsByKind[ItemKinds.Debt] > 0);
        scene.Admin.DeleteMessage(scene.TenantText, scene.UserId, withAttachment, hard: true);
        var outcome = Assert.Single((await scene.RestoreAsync(result.Point, RestoreSelection.Item(withAttachment))).Outcomes);
        Assert.Equal(OutcomeKind.Restored, outcome.Kind);
        Assert.Contains(outcome.Losses, loss => loss.Contains("attachments cannot be listed", StringComparison.Ordinal));

        var healed = await scene.RunAsync();
        Assert.Equal(0, healed.Point.ItemsByKind.GetValueOrDefault(ItemKinds.Debt));
        await scene.AssertPointIsTrueAsync(healed.Point);
    }

    private static Dictionary<string, string> Paths(MailboxState state) => state.Folders.ToDictionary(folder => folder.Id, folder => string.Join('/', folder.Path));

    private static void AssertSame(StateMessage was, StateMessage now)
    {
        // The dates of a draft are those of its restore; the outcome says so.
        string[] dates = was.Properties.GetProperty("isDraft").GetBoolean() ? [] : ["receivedDateTime", "sentDateTime"];
        foreach (var name in dates.Concat(["subject", "body", "sender", "from", "toRecipients", "ccRecipients", "bccRecipients", "replyTo", "isRead", "isDraft",
                     "categories", "importance", "flag", "internetMessageId", "hasAttachments"]))
            Assert.Equal((name, Text(was, name)), (name, Text(now, name)));
        Assert.Equal(was.Attachments.Where(attachment => attachment.Kind == "file").Select(attachment => (attachment.Name, attachment.ContentType, attachment.IsInline, attachment.Sha256)),
            now.Attachments.Where(attachment => attachment.Kind == "file").Select(attachment => (attachment.Name, attachment.ContentType, attachment.IsInline, attachment.Sha256)));
        Assert.Equal(was.Attachments.Count, now.Attachments.Count);
    }

    private static string Text(StateMessage message, string name) =>
        message.Properties.TryGetProperty(name, out var value) ? JsonSerializer.Serialize(value) : "";
}
