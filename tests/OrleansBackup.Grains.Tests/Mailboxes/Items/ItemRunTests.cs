using OrleansBackup.Grains.Runs;
using OrleansBackup.Grains.Tests.Given;
using OrleansBackup.GraphSimulator.Admin;
using OrleansBackup.GraphSimulator.Faults;
using OrleansBackup.GraphSimulator.World;
using OrleansBackup.Microsoft365;
using OrleansBackup.Vault;

namespace OrleansBackup.Grains.Tests.Mailboxes.Items;

public sealed class ItemRunTests(SimulatorFixture simulator) : IClassFixture<SimulatorFixture>
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Every_day_of_a_life_is_in_its_point_as_it_was(int seed)
    {
        await using var items = await ItemScene.StartAsync(simulator, (ulong)seed);
        var points = new List<(RestorePoint Point, DateTimeOffset At)>();
        for (var day = 0; day < 5; day++)
        {
            points.Add(((await items.RunAsync()).Point, items.Scene.Admin.World.Clock.GetUtcNow()));
            items.Scene.Admin.PlayLife(items.Scene.TenantText, new LifeRecipe(1, (ulong)(seed * 100 + day), Intensity: 1, ItemIntensity: 30));
        }

        foreach (var (point, at) in points)
            await items.AssertPointIsTrueAsync(point, at);
        Assert.Empty(items.Mailbox.Sent);
    }

    [Fact]
    public async Task A_run_over_a_quiet_mailbox_downloads_nothing_again()
    {
        await using var items = await ItemScene.StartAsync(simulator);
        await items.RunAsync();
        var before = items.Scene.Client.Statistics.Requests;

        var quiet = await items.RunAsync();

        await items.AssertPointIsTrueAsync(quiet.Point);
        // Containers, one listing or round for each, and nothing per item.
        Assert.InRange(items.Scene.Client.Statistics.Requests - before, 1, 30);
    }

    [Fact]
    public async Task An_interrupted_run_goes_on_and_misses_nothing()
    {
        await using var items = await ItemScene.StartAsync(simulator, events: 60);
        items.Scene.Options = new Grains.Resources.RunOptions { SegmentChanges = 5 };
        using var stop = new CancellationTokenSource();
        items.Scene.Order(new Fault { Kind = FaultKind.Delay, DelayMilliseconds = 0, Skip = 12, Path = "/events" });
        var running = items.RunAsync(stop.Token);
        while (items.Scene.Client.Statistics.Requests < 25 && !running.IsCompleted)
            await Task.Yield();
        await stop.CancelAsync();
        await running.ContinueWith(_ => { }, TaskScheduler.Default);

        await items.AssertPointIsTrueAsync((await items.RunAsync()).Point);
    }

    [Theory]
    [InlineData(FaultKind.EmptyPage)]
    [InlineData(FaultKind.RepeatedItems)]
    [InlineData(FaultKind.OutOfOrder)]
    [InlineData(FaultKind.CutBody)]
    [InlineData(FaultKind.CorruptJson)]
    [InlineData(FaultKind.TokenDeath)]
    [InlineData(FaultKind.StrayRemoval)]
    public async Task Whatever_goes_wrong_now_and_then_the_point_is_true(FaultKind kind)
    {
        await using var items = await ItemScene.StartAsync(simulator, seed: 9);
        await items.RunAsync();
        items.Scene.Admin.PlayLife(items.Scene.TenantText, new LifeRecipe(1, 4, Intensity: 1, ItemIntensity: 60));
        // A removal out of nowhere and a dead token exist in change tracking only.
        var path = kind is FaultKind.TokenDeath or FaultKind.StrayRemoval ? "delta\\?" : "(events|contacts|tasks|delta)\\b";
        items.Scene.Order(new Fault { Kind = kind, Probability = 0.4, Seed = 3, Count = 6, Path = path, Mailbox = items.Scene.UserId });

        var result = await items.RunAsync();

        await items.AssertPointIsTrueAsync(result.Point);
    }

    [Fact]
    public async Task Row_2_change_tracking_that_walks_in_circles_is_left_for_a_plain_list()
    {
        await using var items = await ItemScene.StartAsync(simulator);
        items.Scene.Order(new Fault { Kind = FaultKind.LoopingDelta, Path = "/delta" });
        await items.AssertPointIsTrueAsync((await items.RunAsync()).Point);
    }

    [Fact]
    public async Task Rows_9_and_10_an_event_that_cannot_be_read_is_owed_and_costs_only_itself()
    {
        await using var items = await ItemScene.StartAsync(simulator);
        var bad = items.Truth().Items.Where(item => item.Kind == ItemKind.Event).ElementAt(7);
        items.Scene.Order(new Fault { Kind = FaultKind.BrokenItem, ItemId = bad.Id });

        var result = await items.RunAsync();

        await using var reader = await (await items.Scene.VaultAsync()).OpenPointAsync(result.Point.Sequence, CancellationToken.None);
        var found = new HashSet<string>();
        await foreach (var item in reader.ItemsAsync(new ItemFilter(ItemKinds.Event), CancellationToken.None))
            found.Add(ItemIds.GraphIdOf(item.Id));
        Assert.Equal(items.Truth().Items.Where(item => item.Kind == ItemKind.Event && item.Id != bad.Id).Select(item => item.Id).Order(StringComparer.Ordinal), found.Order(StringComparer.Ordinal));
        Assert.NotEmpty(result.Warnings);
    }

    [Fact]
    public async Task Row_11_an_attachment_that_never_opens_costs_only_itself_and_is_owed()
    {
        await using var items = await ItemScene.StartAsync(simulator, events: 80);
        var with = items.Truth().Items.First(item => item.Kind == ItemKind.Event && item.Attachments.Any(attachment => attachment.Kind == "file"));
        items.Scene.Order(new Fault { Kind = FaultKind.BrokenAttachment, ItemId = with.Id });

        var result = await items.RunAsync();

        await using var reader = await (await items.Scene.VaultAsync()).OpenPointAsync(result.Point.Sequence, CancellationToken.None);
        Assert.NotNull(await reader.FindAsync(ItemIds.Of(ItemIds.Calendar, with.Id), CancellationToken.None));
        Assert.NotNull(await reader.FindAsync(DebtItem.IdOf(ItemIds.Of(ItemIds.Calendar, with.Id)), CancellationToken.None));
    }

    [Fact]
    public async Task Row_35_raw_control_characters_in_a_calendar_cost_no_event_and_come_back_with_it()
    {
        await using var items = await ItemScene.StartAsync(simulator);
        items.Scene.Order(new Fault { Kind = FaultKind.ControlCharacters, Path = "/events" });

        var result = await items.RunAsync();

        Assert.Empty(result.Warnings);
        var truth = items.Truth().Items.Where(item => item.Kind == ItemKind.Event).ToDictionary(item => ItemIds.Of(ItemIds.Calendar, item.Id), item => item.Properties.GetProperty("subject").GetString());
        await using var reader = await (await items.Scene.VaultAsync()).OpenPointAsync(result.Point.Sequence, CancellationToken.None);
        var (found, illegal) = (0, 0);
        await foreach (var item in reader.ItemsAsync(new ItemFilter(ItemKinds.Event), CancellationToken.None))
        {
            var json = await Grains.Restores.ItemOutcomes.ReadJsonAsync(reader, item, CancellationToken.None);
            var subject = (string?)System.Text.Json.Nodes.JsonNode.Parse(json.Span)!["subject"]; // a strict reader: it is valid JSON by now
            Assert.Equal(truth[item.Id] ?? "", (subject ?? "").Replace("\u0001\u000b\u001f", "", StringComparison.Ordinal));
            (found, illegal) = (found + 1, illegal + (subject?.Contains('\u0001', StringComparison.Ordinal) == true ? 1 : 0));
        }
        Assert.Equal(truth.Count, found);
        Assert.True(illegal > 0, "No event came with a control character.");
        var ledger = await items.RestoreAsync(result.Point, GrainInterfaces.Restores.RestoreSelection.All, targetUser: items.Scene.OtherUserId, conflict: GrainInterfaces.Restores.ConflictPolicy.Copy);
        Assert.Equal(ledger.Asked, ledger.Count(GrainInterfaces.Restores.OutcomeKind.Restored));
    }

    [Fact]
    public async Task Without_its_permission_a_part_is_lacking_and_what_was_there_stays()
    {
        await using var items = await ItemScene.StartAsync(simulator);
        await items.RunAsync();
        items.Scene.Admin.SetPermissions(items.Scene.TenantText, ["Mail.Read", "User.Read.All", "Calendars.Read", "Contacts.Read"], revokeTokens: true);
        await Assert.ThrowsAsync<TenantAccessException>(() => items.RunAsync());
    }
}
