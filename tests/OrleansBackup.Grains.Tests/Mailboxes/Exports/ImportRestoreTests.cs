using OrleansBackup.GrainInterfaces.Restores;
using OrleansBackup.Grains.Tests.Given;
using OrleansBackup.Grains.Tests.Mailboxes.Items;
using OrleansBackup.GraphSimulator.Admin;
using OrleansBackup.GraphSimulator.Faults;
using OrleansBackup.GraphSimulator.Identity;

namespace OrleansBackup.Grains.Tests.Mailboxes.Exports;

/// <summary>What was exported comes back exactly, once, without anybody being told; where that way is closed the classic one is taken and the outcome says so.</summary>
public sealed class ImportRestoreTests(SimulatorFixture simulator) : IClassFixture<SimulatorFixture>
{
    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    public async Task A_mailbox_comes_back_exactly_as_it_was(int seed)
    {
        await using var scene = await SceneAsync(messages: 90, (ulong)seed);
        scene.Admin.PlayLife(scene.TenantText, new LifeRecipe(3));
        var point = (await scene.RunAsync()).Point;
        var before = scene.Truth();
        scene.Admin.Empty(scene.TenantText, scene.UserId);

        var ledger = await scene.RestoreAsync(point, RestoreSelection.All);

        Assert.Equal(before.Count, ledger.Count(OutcomeKind.Restored));
        var now = scene.Truth().ToDictionary(message => message.Id);
        Assert.Equal(before.Count, now.Count);
        foreach (var outcome in ledger.Outcomes)
        {
            var was = before.Single(message => message.Id == outcome.ItemId);
            Assert.True(outcome.Way == RestoreWays.Export || Exactness.Of(was).Contains("\"internetMessageId\":null", StringComparison.Ordinal), outcome.WayReason);
            Assert.Equal(Exactness.Of(was), Exactness.Of(now[outcome.NewId!]));
        }
        Assert.Empty(scene.Mailbox.Sent);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(9)]
    public async Task Meetings_series_contacts_and_tasks_come_back_exactly_and_nobody_is_told(int seed)
    {
        await using var items = await ItemSceneAsync((ulong)seed);
        var point = (await items.RunAsync()).Point;
        var before = items.Truth();
        items.Scene.Admin.EmptyItems(items.Scene.TenantText, items.Scene.UserId);

        var ledger = await items.RestoreAsync(point, RestoreSelection.All);

        Assert.Equal(before.Items.Count, ledger.Count(OutcomeKind.Restored));
        var now = items.Truth().Items.ToDictionary(item => item.Id);
        foreach (var outcome in ledger.Outcomes)
        {
            Assert.Equal((RestoreWays.Export, null), (outcome.Way, outcome.WayReason));
            Assert.Equal(Exactness.Of(before.Items.Single(item => item.Id == GraphIdOf(outcome.ItemId))), Exactness.Of(now[outcome.NewId!]));
            Assert.DoesNotContain(outcome.LossFacts, loss => loss.Kind is not LossKinds.FolderName and not LossKinds.FoldersMerged);
        }
        Assert.Equal(before.Items.Count, now.Count);
        Assert.Empty(items.Mailbox.Sent);
    }

    [Fact]
    public async Task Without_the_permission_to_import_the_classic_way_is_taken_and_says_why()
    {
        await using var scene = await SceneAsync(messages: 20);
        var point = (await scene.RunAsync()).Point;
        scene.Admin.Empty(scene.TenantText, scene.UserId);
        scene.Permit("MailboxItem.Export.All");

        var ledger = await scene.RestoreAsync(point, RestoreSelection.All);

        Assert.NotEmpty(ledger.Outcomes);
        Assert.All(ledger.Outcomes, outcome => Assert.Equal((OutcomeKind.Restored, RestoreWays.Classic), (outcome.Kind, outcome.Way)));
        Assert.All(ledger.Outcomes, outcome => Assert.Contains("MailboxItem.ImportExport.All", outcome.WayReason, StringComparison.Ordinal));
    }

    [Fact]
    public async Task One_stream_that_is_refused_sends_its_item_alone_the_classic_way()
    {
        await using var scene = await SceneAsync(messages: 20);
        var point = (await scene.RunAsync()).Point;
        var count = scene.Truth().Count;
        scene.Admin.Empty(scene.TenantText, scene.UserId);
        scene.Order(new Fault { Kind = FaultKind.Status, Path = "importItem", Status = 400, Code = "ErrorCorruptData", Count = 1 });

        var ledger = await scene.RestoreAsync(point, RestoreSelection.All);

        Assert.Equal(count, ledger.Count(OutcomeKind.Restored));
        Assert.Contains("ErrorCorruptData", Assert.Single(ledger.Outcomes, outcome => outcome.Way == RestoreWays.Classic).WayReason, StringComparison.Ordinal);
        Assert.Equal(count, scene.Truth().Count);
    }

    [Theory]
    [InlineData(403, "ErrorAccessDenied")]
    [InlineData(401, "InvalidAuthenticationToken")]
    [InlineData(404, "ErrorSessionNotFound")]
    [InlineData(410, "Gone")]
    public async Task Imports_that_are_refused_from_the_middle_on_though_sessions_still_open_end_the_classic_way(int status, string code)
    {
        await using var scene = await SceneAsync(messages: 60);
        var point = (await scene.RunAsync()).Point;
        var count = scene.Truth().Count;
        scene.Admin.Empty(scene.TenantText, scene.UserId);
        scene.Order(new Fault { Kind = FaultKind.Status, Path = "importItem", Status = status, Code = code, Skip = 10 });

        var ledger = await scene.RestoreAsync(point, RestoreSelection.All);

        var refused = simulator.Host.World.Faults.View().Single(played => played.Fault.Tenant == scene.TenantText).Played;
        simulator.Host.World.Faults.Clear();
        Assert.Equal((count, count), (ledger.Count(OutcomeKind.Restored), scene.Truth().Count));
        Assert.Equal(10, ledger.Outcomes.Count(outcome => outcome.Way == RestoreWays.Export));
        Assert.All(ledger.Outcomes.Where(outcome => outcome.Way == RestoreWays.Classic), outcome => Assert.True(outcome.WayReason!.Contains(code, StringComparison.Ordinal) || outcome.WayReason.Contains("no message id", StringComparison.Ordinal), outcome.WayReason));
        Assert.InRange(refused, 1, 20); // what goes at once is refused until it gives up; nothing asks after that
        Assert.Empty(scene.Mailbox.Sent);
    }

    [Theory]
    [InlineData(FaultKind.LostReply, null)]
    [InlineData(FaultKind.Reset, null)]
    [InlineData(FaultKind.Status, 503)]
    [InlineData(FaultKind.Status, 401)]
    [InlineData(FaultKind.Status, 429)]
    public async Task An_import_whose_end_is_not_known_is_looked_for_before_it_is_repeated(FaultKind kind, int? status)
    {
        await using var scene = await SceneAsync(messages: 20);
        var point = (await scene.RunAsync()).Point;
        var before = scene.Truth();
        scene.Admin.Empty(scene.TenantText, scene.UserId);
        scene.Order(new Fault { Kind = kind, Path = "importItem", Status = status, Code = status == 401 ? "InvalidAuthenticationToken" : "ServiceNotAvailable", RetryAfterSeconds = status == 429 ? 1 : null, Skip = 2, Count = 3 });

        var ledger = await scene.RestoreAsync(point, RestoreSelection.All, ConflictPolicy.Copy);

        Assert.All(ledger.Outcomes, outcome => Assert.Equal((OutcomeKind.Restored, RestoreWays.Export), (outcome.Kind, outcome.Way)));
        Assert.Equal(before.Select(Exactness.Of).Order(StringComparer.Ordinal), scene.Truth().Select(Exactness.Of).Order(StringComparer.Ordinal));
        Assert.True(simulator.Host.World.Faults.AllPlayed);
        simulator.Host.World.Faults.Clear();
    }

    [Theory]
    [InlineData(ConflictPolicy.Skip)]
    [InlineData(ConflictPolicy.Copy)]
    public async Task A_process_that_dies_over_a_page_of_imported_mail_doubles_nothing(ConflictPolicy conflict)
    {
        await using var scene = await SceneAsync(messages: 60);
        var point = (await scene.RunAsync()).Point;
        var before = scene.Truth();
        scene.Admin.Empty(scene.TenantText, scene.UserId);
        var ledger = new MemoryLedger { DieBeforePage = () => throw new InvalidOperationException("killed") };
        await Assert.ThrowsAsync<InvalidOperationException>(() => scene.RestoreAsync(point, RestoreSelection.All, conflict, ledger: ledger));
        Assert.NotEmpty(scene.Truth());
        (ledger.DieBeforePage, ledger.Interrupted) = (null, true);

        await scene.RestoreAsync(point, RestoreSelection.All, conflict, ledger: ledger);

        Assert.Equal(before.Count, ledger.Count(OutcomeKind.Restored));
        Assert.All(ledger.Outcomes, outcome => Assert.Equal(RestoreWays.Export, outcome.Way));
        Assert.Equal(before.Select(Exactness.Of).Order(StringComparer.Ordinal), scene.Truth().Select(Exactness.Of).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(ConflictPolicy.Skip)]
    [InlineData(ConflictPolicy.Copy)]
    public async Task A_process_that_dies_over_a_page_of_imported_meetings_doubles_nothing_and_tells_nobody(ConflictPolicy conflict)
    {
        await using var items = await ItemSceneAsync(3);
        var point = (await items.RunAsync()).Point;
        var before = items.Truth();
        items.Scene.Admin.EmptyItems(items.Scene.TenantText, items.Scene.UserId);
        var ledger = new MemoryLedger { DieBeforePage = () => throw new InvalidOperationException("killed") };
        await Assert.ThrowsAsync<InvalidOperationException>(() => items.RestoreAsync(point, RestoreSelection.All, conflict, ledger: ledger));
        Assert.NotEmpty(items.Truth().Items);
        (ledger.DieBeforePage, ledger.Interrupted) = (null, true);

        await items.RestoreAsync(point, RestoreSelection.All, conflict, ledger: ledger);

        Assert.Equal(before.Items.Count, ledger.Count(OutcomeKind.Restored));
        Assert.Equal(before.Items.Select(Exactness.Of).Order(StringComparer.Ordinal), items.Truth().Items.Select(Exactness.Of).Order(StringComparer.Ordinal));
        Assert.Empty(items.Mailbox.Sent);
    }

    [Fact]
    public async Task What_is_still_there_or_was_imported_before_is_left_alone_and_a_copy_stands_beside_it()
    {
        await using var items = await ItemSceneAsync(2);
        var point = (await items.RunAsync()).Point;
        var count = items.Truth().Items.Count;

        Assert.Equal(count, (await items.RestoreAsync(point, RestoreSelection.All)).Count(OutcomeKind.Skipped));
        items.Scene.Admin.EmptyItems(items.Scene.TenantText, items.Scene.UserId);
        Assert.Equal(count, (await items.RestoreAsync(point, RestoreSelection.All)).Count(OutcomeKind.Restored));
        Assert.Equal(count, (await items.RestoreAsync(point, RestoreSelection.All)).Count(OutcomeKind.Skipped));
        Assert.Equal(count, items.Truth().Items.Count);
        Assert.Equal(count, (await items.RestoreAsync(point, RestoreSelection.All, ConflictPolicy.Copy)).Count(OutcomeKind.Restored));
        Assert.Equal(count * 2, items.Truth().Items.Count);
        Assert.Empty(items.Mailbox.Sent);
    }

    [Fact]
    public async Task Another_mailbox_takes_the_items_as_they_were()
    {
        await using var items = await ItemSceneAsync(4);
        var point = (await items.RunAsync()).Point;
        var before = items.Truth();

        var ledger = await items.RestoreAsync(point, RestoreSelection.All, ConflictPolicy.Copy, items.Scene.OtherUserId, under: ["Aus der Sicherung"]);

        var now = items.Truth(user: items.Scene.OtherUserId).Items.ToDictionary(item => item.Id);
        Assert.All(ledger.Outcomes, outcome => Assert.Equal(RestoreWays.Export, outcome.Way));
        Assert.All(ledger.Outcomes, outcome => Assert.Equal(Exactness.Of(before.Items.Single(item => item.Id == GraphIdOf(outcome.ItemId))), Exactness.Of(now[outcome.NewId!])));
        Assert.Empty(items.OtherMailbox.Sent);
    }

    private static string GraphIdOf(string itemId) => Grains.Runs.ItemIds.GraphIdOf(itemId);

    private async Task<MailboxScene> SceneAsync(int messages, ulong seed = 1)
    {
        var scene = await MailboxScene.StartAsync(simulator, recipe: new GraphSimulator.Generation.TenantRecipe { Users = 2, MessagesPerMailbox = messages, Seed = seed, Domain = $"t{Guid.NewGuid():N}.example" });
        scene.Exports = true;
        scene.Permit(ExportPermissions.All);
        return scene;
    }

    private async Task<ItemScene> ItemSceneAsync(ulong seed)
    {
        var items = await ItemScene.StartAsync(simulator, seed);
        items.Scene.Exports = true;
        items.Scene.Permit(ExportPermissions.All);
        return items;
    }
}
