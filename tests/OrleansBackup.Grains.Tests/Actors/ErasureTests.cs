using System.Collections.Immutable;
using Orleans;
using OrleansBackup.Domain.Audit;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Runs;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Audit;
using OrleansBackup.GrainInterfaces.Points;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.GrainInterfaces.Tenants;
using OrleansBackup.Grains.Tests.Given;
using OrleansBackup.GraphSimulator.Generation;

namespace OrleansBackup.Grains.Tests.Actors;

/// <summary>One person's items leave a mailbox's restore points; the others, and the backups to come, do not notice.</summary>
public sealed class ErasureTests(SimulatorFixture simulator) : IClassFixture<SimulatorFixture>
{
    private static readonly CancellationToken Never = CancellationToken.None;

    [Fact]
    public async Task An_erased_message_is_in_no_point_any_more_and_everything_else_is()
    {
        await using var scene = await ReadyAsync();
        var person = scene.Admin.State(scene.Tenant.ToString(), scene.Mailbox().ObjectId, null, null).Messages[0].Id;
        scene.Admin.DeleteMessage(scene.Tenant.ToString(), scene.Mailbox().ObjectId, person, hard: true); // gone at the source first, as the demand goes there too
        var before = await ReadAsync(scene);
        Assert.All(before, point => Assert.Contains(person, point.Keys));

        var outcome = await scene.Resource().Erase(Order(person), Never);

        Assert.Equal((1, before.Count), (outcome.Items, outcome.Points));
        var after = await ReadAsync(scene);
        Assert.Equal(before.Select(point => point.Remove(person)), after, SameItems);
        Assert.Contains((await scene.Grains.Audit(scene.Tenant).List(null, 10, Never)).Entries, entry => entry.Act == AuditActs.Erased && entry.Facts["erasure"] == outcome.Id.ToString("D"));

        Assert.Null((await scene.RunAsync()).Problem); // the next run goes on from there
        Assert.DoesNotContain(person, (await ReadAsync(scene))[0].Keys);
        Assert.Empty((await scene.Resource().CheckVault(everyByte: true, Never)).Findings);
    }

    [Fact]
    public async Task A_legal_hold_refuses_it_and_so_does_a_folder()
    {
        await using var scene = await ReadyAsync();
        var message = scene.Admin.State(scene.Tenant.ToString(), scene.Mailbox().ObjectId, null, null).Messages[0].Id;
        var folder = (await scene.Grains.Point(new(scene.Mailbox(), (await scene.Resource().ListPoints(Never))[0].Sequence)).ListFolders(Never)).First(one => one.Kind == "folder");
        Assert.Equal("itemIds", (await Assert.ThrowsAsync<InvalidRequestException>(() => scene.Resource().Erase(Order(folder.Id), Never))).Field);

        await scene.Resource().PlaceLegalHold("the operator", "a court order", Never);

        await Assert.ThrowsAsync<NotPossibleNowException>(() => scene.Resource().Erase(Order(message), Never));
        Assert.All(await ReadAsync(scene), point => Assert.Contains(message, point.Keys));
    }

    [Fact]
    public async Task What_was_erased_and_is_still_in_Microsoft_365_never_comes_back_neither_with_a_full_reading_nor_after_the_database_was_lost()
    {
        await using var scene = await ReadyAsync();
        var tenant = scene.Tenant.ToString();
        var person = scene.Admin.State(tenant, scene.Mailbox().ObjectId, null, null).Messages[0].Id;
        await scene.Resource().Erase(Order(person), Never);

        await scene.RunAsync();
        Assert.DoesNotContain(person, (await ReadAsync(scene))[0].Keys);
        var full = await scene.RunAsync(compare: true); // asks for every message there is
        Assert.Null(full.Problem);
        scene.Admin.Deliver(tenant, scene.Mailbox().ObjectId, "From: a@example.com\r\nSubject: new\r\n\r\nbody\r\n"u8.ToArray());
        scene.Admin.ForgetDeltaTokens(tenant, scene.Mailbox().ObjectId); // the next run reads the whole mailbox anew
        Assert.Equal(1, (await scene.RunAsync()).Counts.Added);
        Assert.All(await ReadAsync(scene), point => Assert.DoesNotContain(person, point.Keys));

        await scene.StopAsync();
        RecoveryTests.LoseTheDatabase(scene);
        await scene.StartServiceAsync();
        Assert.Empty((await LedgerRecoveryTests.RecoveredAsync(scene)).Problems);
        Assert.Null((await scene.RunAsync(compare: true)).Problem);
        Assert.All(await ReadAsync(scene), point => Assert.DoesNotContain(person, point.Keys));
        Assert.Equal(12, (await ReadAsync(scene))[0].Count); // the eleven others and the new one
        Assert.DoesNotContain(Directory.GetFiles(Path.Combine(scene.Folder, "vault", tenant, "ledger"), "*", SearchOption.AllDirectories), file => file.Contains(person, StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task Erased_events_files_list_items_pages_and_messages_of_channels_do_not_come_back_when_everything_is_read_from_the_beginning()
    {
        await using var scene = await ServiceScene.StartAsync(simulator, new TenantRecipe
        {
            Users = 1, MessagesPerMailbox = 1, EventsPerMailbox = 6, FilesPerDrive = 4, Teams = 1, ItemsPerList = 3, PagesPerSite = 2, FilesPerLibrary = 2, MessagesPerChannel = 3,
        });
        await scene.OnboardAsync();
        var erased = new Dictionary<ResourceId, (string[] Erased, string[] Others)>();
        foreach (var listing in (await scene.UntilPointsAsync(1)).Where(listing => listing.Protected))
        {
            // Of each kind that the resource has one; the others of it stay.
            var items = await KindsAsync(scene, listing.Resource);
            var chosen = items.GroupBy(item => item.Kind).Select(kind => kind.First().Id).ToArray();
            if (chosen.Length == 0)
                continue;
            Assert.Equal(chosen.Length, (await scene.Grains.Resource(listing.Resource).Erase(Order(chosen), Never)).Items);
            erased[listing.Resource] = (chosen, [.. items.Select(item => item.Id).Except(chosen)]);
        }
        Assert.Equal([ResourceKind.Mailbox, ResourceKind.OneDrive, ResourceKind.Site, ResourceKind.Team], erased.Keys.Select(resource => resource.Kind).Distinct().Order());

        var tenant = scene.Tenant.ToString();
        scene.Admin.ForgetDeltaTokens(tenant, scene.Mailbox().ObjectId);
        scene.Admin.Drive(tenant, scene.Mailbox().ObjectId).ForgetDeltaTokens();
        foreach (var site in scene.Admin.Tenant(tenant).Collaboration.Sites)
            foreach (var list in site.Lists.Living)
                site.Items(list.Id).ForgetDeltaTokens();
        foreach (var (resource, (gone, others)) in erased)
            foreach (var compare in new[] { false, true })
            {
                Assert.Null((await ServiceScene.EndOfRunAsync(scene.Grains.Resource(resource), await scene.Grains.Resource(resource).StartRun(RunReason.Requested, compare, Never))).Problem);
                var now = (await KindsAsync(scene, resource)).Select(item => item.Id).ToHashSet(StringComparer.Ordinal);
                Assert.DoesNotContain(gone, now.Contains);
                Assert.All(others, id => Assert.Contains(id, now));
            }
    }

    /// <summary>The items of the newest point with their kinds.</summary>
    private static async Task<List<(string Id, string Kind)>> KindsAsync(ServiceScene scene, ResourceId resource)
    {
        var (point, items) = (scene.Grains.Point(new(resource, (await scene.Grains.Resource(resource).ListPoints(Never))[0].Sequence)), new List<(string, string)>());
        foreach (var folder in await point.ListFolders(Never))
            items.AddRange((await point.ListItems(folder.Id, null, 1_000, Never)).Items.Where(item => Grains.Runs.ItemKinds.IsItem(item.Kind)).Select(item => (item.Id, item.Kind)));
        return items;
    }

    [Fact]
    public async Task An_erasure_that_was_killed_goes_on_after_the_start_and_nothing_runs_before_it_has_ended()
    {
        await using var scene = await ReadyAsync();
        var person = scene.Admin.State(scene.Tenant.ToString(), scene.Mailbox().ObjectId, null, null).Messages[0].Id;
        var before = await ReadAsync(scene);
        var erasing = scene.Resource().Erase(Order(person), Never);
        while (!Directory.Exists(Path.Combine(scene.Folder, "vault", scene.Tenant.ToString(), "ledger", "erased")) && !erasing.IsCompleted)
            await Task.Yield(); // a pause could miss the middle
        await scene.KillAsync();

        await scene.StartServiceAsync();
        while (true)
        {
            try
            {
                Assert.Null((await scene.RunAsync()).Problem);
                break;
            }
            catch (NotPossibleNowException refused)
            {
                Assert.Contains("erased", refused.Message, StringComparison.Ordinal);
                await Hang.MomentAsync();
            }
        }

        var after = await ReadAsync(scene);
        Assert.All(after, point => Assert.DoesNotContain(person, point.Keys));
        Assert.Equal(before[0].Remove(person), after[0], SameItems);
        Assert.Empty((await scene.Resource().CheckVault(everyByte: true, Never)).Findings);
    }

    [Fact]
    public async Task A_whole_resource_is_erased_only_when_no_run_would_bring_it_back_and_a_kill_in_between_leaves_nothing_of_it()
    {
        await using var scene = await ReadyAsync();
        var everything = Order() with { Everything = true };
        Assert.Contains("scope", (await Assert.ThrowsAsync<NotPossibleNowException>(() => scene.Resource().Erase(everything, Never))).Message, StringComparison.Ordinal);
        await scene.TenantGrain.ChangeSettings(TenantSettings.Default with { Scope = TenantSettings.Default.Scope with { Excluded = [scene.Mailbox().ObjectId] } }, Never);
        var erasing = scene.Resource().Erase(everything, Never);
        await scene.KillAsync();
        await scene.StartServiceAsync();

        while (!(await scene.Resource().ListPoints(Never)).IsEmpty)
        {
            if (erasing.IsCompleted && (await scene.Resource().ListPoints(Never)).Length > 0)
                await scene.Resource().Erase(everything, Never); // the order did not come to be written down
            await Hang.MomentAsync();
        }
        Assert.DoesNotContain(Directory.GetFiles(Path.Combine(scene.Folder, "vault", scene.Tenant.ToString()), "*", SearchOption.AllDirectories), file => file.Contains("/log/", StringComparison.Ordinal));
    }

    private async Task<ServiceScene> ReadyAsync()
    {
        var scene = await ServiceScene.StartAsync(simulator, new TenantRecipe { Users = 1, MessagesPerMailbox = 12 });
        await scene.OnboardAsync();
        await scene.UntilPointsAsync(1);
        await scene.RunAsync();
        return scene;
    }

    private static ErasureOrder Order(params string[] items) => new(Guid.NewGuid(), Everything: false, [.. items], new PersonsDecision("the operator", "a demand of 1 March", DateTimeOffset.UnixEpoch));

    private static bool SameItems(ImmutableSortedDictionary<string, string> one, ImmutableSortedDictionary<string, string> other) => one.SequenceEqual(other);

    /// <summary>The items of every point, newest first, with the hash of what each holds.</summary>
    private static async Task<List<ImmutableSortedDictionary<string, string>>> ReadAsync(ServiceScene scene)
    {
        var points = new List<ImmutableSortedDictionary<string, string>>();
        foreach (var summary in await scene.Resource().ListPoints(Never))
        {
            var (point, items) = (scene.Grains.Point(new(scene.Mailbox(), summary.Sequence)), ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal));
            foreach (var folder in await point.ListFolders(Never))
                foreach (var item in (await point.ListItems(folder.Id, null, 1_000, Never)).Items)
                    items[item.Id] = await HashAsync(point, item);
            points.Add(items.ToImmutable());
        }
        return points;
    }

    private static async Task<string> HashAsync(IRestorePointGrain point, ItemAtPoint item)
    {
        using var bytes = new MemoryStream();
        foreach (var content in item.Contents)
            await foreach (var piece in point.ReadContent(item.Id, content.Role, Never))
                bytes.Write(piece.Span);
        return Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes.ToArray()));
    }
}
