using System.Text;
using OrleansBackup.GrainInterfaces.Restores;
using OrleansBackup.Grains.Mailboxes;
using OrleansBackup.Grains.Mailboxes.Exports;
using OrleansBackup.Grains.Runs;
using OrleansBackup.Grains.Tests.Given;
using OrleansBackup.GraphSimulator.Admin;
using OrleansBackup.GraphSimulator.Faults;
using OrleansBackup.GraphSimulator.Identity;
using OrleansBackup.Microsoft365.Mail;

namespace OrleansBackup.Grains.Tests.Mailboxes.Exports;

/// <summary>Runs keep Exchange's own form of what is new, of nothing twice, and come to terms with a tenant that changes its mind.</summary>
public sealed class ExportRunTests(SimulatorFixture simulator) : IClassFixture<SimulatorFixture>
{
    [Fact]
    public async Task Every_message_is_exported_once_in_full_requests()
    {
        await using var scene = await SceneAsync(messages: 70);
        scene.Permit(ExportPermissions.All);
        var before = ExportRequests();

        var result = await scene.RunAsync();

        Assert.Empty(result.Warnings);
        Assert.Equal("whole", result.Point.Details[PointDetails.Exports]);
        var items = await scene.ItemsAsync(result.Point);
        Assert.All(items, item => Assert.True(item.Contents.ContainsKey(ContentRoles.Export)));
        Assert.InRange(ExportRequests() - before, (items.Length + 19) / 20, (items.Length / 20) + 3);
        await scene.AssertPointIsTrueAsync(result.Point);
        before = ExportRequests();
        await scene.RunAsync();
        Assert.Equal(before, ExportRequests());
    }

    [Fact]
    public async Task A_changed_mark_exports_the_message_again_and_a_move_does_not()
    {
        await using var scene = await SceneAsync(messages: 20);
        scene.Permit(ExportPermissions.All);
        var first = (await scene.RunAsync()).Point;
        var (marked, moved) = (scene.Truth()[0], scene.Truth()[1]);
        var mailbox = scene.Mailbox;
        mailbox.Change(Message(scene, marked), version => version with { IsRead = !version.IsRead });
        mailbox.Move(Message(scene, moved), mailbox.WellKnown("archive"));

        var second = (await scene.RunAsync()).Point;

        var (before, after) = ((await scene.ItemsAsync(first)).ToDictionary(item => item.Id), (await scene.ItemsAsync(second)).ToDictionary(item => item.Id));
        Assert.NotEqual(before[marked.Id].Contents[ContentRoles.Export], after[marked.Id].Contents[ContentRoles.Export]);
        Assert.Equal(before[moved.Id].Contents[ContentRoles.Export], after[moved.Id].Contents[ContentRoles.Export]);
        Assert.NotEqual(before[moved.Id].FolderId, after[moved.Id].FolderId);
    }

    [Fact]
    public async Task Permission_given_later_fills_older_items_little_by_little_and_losing_it_is_told_once()
    {
        await using var scene = await SceneAsync(messages: 50);
        scene.ExportRuns = new ExportRunOptions { OlderItemsPerRun = 20 };
        var without = await scene.RunAsync();
        Assert.Empty(without.Warnings);
        Assert.Equal("closed", without.Point.Details[PointDetails.Exports]);
        Assert.Equal(0, await ExportedAsync(scene, without));
        var all = (await scene.ItemsAsync(without.Point)).Length;

        scene.Permit(ExportPermissions.All);
        await scene.RenewTokenAsync();
        for (var expected = 20; expected < all; expected += 20)
        {
            var filling = await scene.RunAsync();
            Assert.Equal(("filling", expected), (filling.Point.Details[PointDetails.Exports], await ExportedAsync(scene, filling)));
        }
        var whole = await scene.RunAsync();
        Assert.Equal(("whole", all), (whole.Point.Details[PointDetails.Exports], await ExportedAsync(scene, whole)));

        scene.Permit();
        scene.Admin.Deliver(scene.TenantText, scene.UserId, Mime("while it was off", 10));
        var lost = await scene.RunAsync();
        Assert.Contains(lost.Warnings, warning => warning.Contains("Exchange's own form", StringComparison.Ordinal));
        Assert.True(lost.Point.Details.ContainsKey(PointDetails.Lacks + ItemIds.Exports));
        Assert.Equal(all, await ExportedAsync(scene, lost));
        Assert.Empty((await scene.RunAsync()).Warnings);

        scene.Permit(ExportPermissions.All);
        await scene.RenewTokenAsync();
        Assert.Equal(all + 1, await ExportedAsync(scene, await scene.RunAsync()));
    }

    [Fact]
    public async Task An_item_that_cannot_be_exported_is_owed_alone_and_made_up_for()
    {
        await using var scene = await SceneAsync(messages: 30);
        scene.Permit(ExportPermissions.All);
        var bad = scene.Truth()[3];
        scene.Order(new Fault { Kind = FaultKind.UnexportableItem, ItemId = bad.Id, Mailbox = scene.UserId, Count = 2 });

        var first = await scene.RunAsync();
        var debt = Assert.Single(await DebtsAsync(scene, first));
        Assert.Equal((ItemIds.Of(ItemIds.Exports, bad.Id), "ErrorItemCorrupt"), (debt.ItemId, debt.Error));
        Assert.Equal(1, (await scene.ItemsAsync(first.Point)).Count(item => !item.Contents.ContainsKey(ContentRoles.Export)));
        await scene.AssertPointIsTrueAsync(first.Point);

        var second = await scene.RunAsync();
        Assert.Equal(2, Assert.Single(await DebtsAsync(scene, second)).Attempts);
        var third = await scene.RunAsync();
        Assert.Empty(await DebtsAsync(scene, third));
        Assert.All(await scene.ItemsAsync(third.Point), item => Assert.True(item.Contents.ContainsKey(ContentRoles.Export)));
    }

    [Theory]
    [InlineData(FaultKind.CutBody)]
    [InlineData(FaultKind.WrongLength)]
    [InlineData(FaultKind.Reset)]
    [InlineData(FaultKind.LostReply)]
    [InlineData(FaultKind.ErrorInBody)]
    public async Task A_transfer_that_breaks_off_is_asked_for_again(FaultKind kind)
    {
        await using var scene = await SceneAsync(messages: 30);
        scene.Permit(ExportPermissions.All);
        scene.Order(new Fault { Kind = kind, Path = "exportItems", Count = 2 });

        var result = await scene.RunAsync();

        Assert.Empty(result.Warnings);
        Assert.All(await scene.ItemsAsync(result.Point), item => Assert.True(item.Contents.ContainsKey(ContentRoles.Export)));
        await AssertStreamsAreRightAsync(scene, result);
    }

    [Fact]
    public async Task A_run_that_died_before_its_exports_is_made_up_for_by_the_next()
    {
        await using var scene = await SceneAsync(messages: 30);
        scene.Permit(ExportPermissions.All);
        await scene.RunAsync();
        scene.Admin.Deliver(scene.TenantText, scene.UserId, Mime("stored, not exported", 10));
        scene.Options = scene.Options with { SegmentChanges = 1 };
        var vault = await scene.VaultAsync();
        await using (var writer = await vault.BeginRunAsync(Guid.NewGuid(), TimeProvider.System.GetUtcNow(), CancellationToken.None))
        {
            var session = scene.Session(writer);
            var exports = new ItemExports(scene.Client, scene.UserId, scene.ExportOptions, scene.ExportRuns);
            await new MailPart(new MailboxReader(scene.Client, scene.UserId, new MailReadOptions()), exports).BackUpAsync(session, CancellationToken.None);
            await session.CommitWhenDueAsync(CancellationToken.None);
        }

        var result = await scene.RunAsync();

        Assert.All(await scene.ItemsAsync(result.Point), item => Assert.True(item.Contents.ContainsKey(ContentRoles.Export)));
    }

    [Fact]
    public async Task Exporting_a_large_message_again_for_a_mark_stores_almost_nothing()
    {
        await using var scene = await SceneAsync(messages: 1);
        scene.Permit(ExportPermissions.All);
        var id = scene.Admin.Deliver(scene.TenantText, scene.UserId, Mime("large", 6_000_000));
        await scene.RunAsync();
        var before = scene.StoredBytes();
        scene.Mailbox.Change(Message(scene, scene.Truth().Single(message => message.Id == id)), version => version with { IsRead = true });

        var result = await scene.RunAsync();

        Assert.True((await scene.ItemsAsync(result.Point)).Single(item => item.Id == id).Contents.ContainsKey(ContentRoles.Export));
        Assert.InRange(scene.StoredBytes() - before, 1, 3_000_000);
    }

    private async Task<MailboxScene> SceneAsync(int messages)
    {
        var scene = await MailboxScene.StartAsync(simulator, messages);
        scene.Exports = true;
        return scene;
    }

    private long ExportRequests() => simulator.Host.World.Statistics.View().Endpoints.Where(count => count.Template.EndsWith("/exportItems", StringComparison.Ordinal)).Sum(count => count.Requests);

    private static GraphSimulator.World.MailMessage Message(MailboxScene scene, StateMessage message) =>
        scene.Mailbox.FindHistory(GraphSimulator.Ids.ExchangeId.TryParse(message.Id, out var id) ? id.Value.Number : 0)!;

    private static async Task<int> ExportedAsync(MailboxScene scene, RunResult result) =>
        (await scene.ItemsAsync(result.Point)).Count(item => item.Contents.ContainsKey(ContentRoles.Export));

    private static async Task<IReadOnlyList<GrainInterfaces.Resources.ItemDebt>> DebtsAsync(MailboxScene scene, RunResult result)
    {
        await using var point = await (await scene.VaultAsync()).OpenPointAsync(result.Point.Sequence, CancellationToken.None);
        var debts = new List<GrainInterfaces.Resources.ItemDebt>();
        await foreach (var item in point.ItemsAsync(new Vault.ItemFilter(ItemKinds.Debt, null), CancellationToken.None))
            debts.Add(DebtItem.Read(item));
        return debts;
    }

    /// <summary>Byte for byte what the simulator exports now.</summary>
    private static async Task AssertStreamsAreRightAsync(MailboxScene scene, RunResult result)
    {
        scene.Admin.Empty(scene.TenantText, scene.UserId);
        var ledger = await scene.RestoreAsync(result.Point, RestoreSelection.All);
        Assert.All(ledger.Outcomes, outcome => Assert.Equal((OutcomeKind.Restored, RestoreWays.Export), (outcome.Kind, outcome.Way))); // a stream with one wrong byte is refused
    }

    private static byte[] Mime(string subject, int size)
    {
        var bytes = new byte[size];
        new Random(7).NextBytes(bytes);
        return Encoding.ASCII.GetBytes($"From: a@b.example\r\nTo: c@d.example\r\nSubject: {subject}\r\nMessage-ID: <{Guid.NewGuid():N}@b.example>\r\nDate: Mon, 2 Feb 2026 10:00:00 +0000\r\n"
            + "MIME-Version: 1.0\r\nContent-Type: application/octet-stream; name=\"a.bin\"\r\nContent-Disposition: attachment; filename=\"a.bin\"\r\nContent-Transfer-Encoding: base64\r\n\r\n"
            + Convert.ToBase64String(bytes, Base64FormattingOptions.InsertLineBreaks) + "\r\n");
    }
}
