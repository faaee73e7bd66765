using Microsoft.Extensions.Options;
using OrleansBackup.Domain.Runs;
using OrleansBackup.Grains.Resources;
using OrleansBackup.Grains.Runs;
using OrleansBackup.Grains.Sites;
using OrleansBackup.Grains.Tests.Given;
using OrleansBackup.GraphSimulator.Faults;
using OrleansBackup.GraphSimulator.Generation;
using OrleansBackup.GraphSimulator.World;
using OrleansBackup.Microsoft365.Drives;
using OrleansBackup.Microsoft365.Sites;

namespace OrleansBackup.Grains.Tests.Sites;

/// <summary>A site lives, runs follow it, and every point equals the simulator's own history.</summary>
public sealed class SiteRunTests(SimulatorFixture simulator) : IClassFixture<SimulatorFixture>
{
    private const int PageSize = 7;

    [Fact]
    public async Task A_first_run_holds_lists_items_pages_and_libraries()
    {
        await using var scene = await StartAsync(filesPerLibrary: 8);
        var site = Site(scene);
        var result = await scene.RunAsync(site.Id);
        Assert.Empty(result.Warnings);
        Assert.Equal(RunOutcome.Succeeded, result.Outcome);
        await SiteTruth.AssertAsync(scene, site, result.Point, scene.Now);
        var files = scene.Admin.DriveState(scene.Tenant.ToString(), scene.World.Drives.OfOwner($"site:{site.Id}")[0].Id).Items;
        Assert.Equal(files.Count(item => item.Kind == "file"), result.Point.ItemsByKind[ItemKinds.File]);
        await using var reader = await scene.OpenAsync(site.Id, result.Point);
        var top = Assert.Single(await CollaborationScene.ItemsAsync(reader, ItemKinds.Site)).Value.Item;
        Assert.Contains(ContentRoles.Permissions, top.Contents.Keys);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Each_day_of_a_random_life_gives_a_point_that_equals_that_day_and_older_points_stay_what_they_were(int seed)
    {
        await using var scene = await StartAsync();
        var site = Site(scene);
        await scene.AssertEachDayIsTrueAsync(site.Id, seed, intensity: 30, comparedDay: 3, (point, at) => SiteTruth.AssertAsync(scene, site, point, at));
    }

    [Fact]
    public async Task A_run_without_changes_reads_and_writes_nothing_again()
    {
        await using var scene = await StartAsync();
        await scene.AssertQuietRunIsFreeAsync(Site(scene).Id);
    }

    [Theory]
    [InlineData("resyncChangesApplyDifferences")]
    [InlineData("resyncChangesUploadDifferences")]
    [InlineData("ResyncRequired")]
    public async Task A_dead_token_is_a_full_round_whose_differences_are_the_deletions_even_when_its_address_fails(string code)
    {
        await using var scene = await StartAsync();
        var site = Site(scene);
        await scene.RunAsync(site.Id);
        scene.Live(1, 5, intensity: 40);
        (site.ResyncCode, site.BreaksResyncAddress) = (code, true);
        foreach (var list in site.Lists.Living)
            site.Items(list.Id).ForgetDeltaTokens();
        var result = await scene.RunAsync(site.Id);
        await SiteTruth.AssertAsync(scene, site, result.Point, scene.Now);
    }

    [Fact]
    public async Task One_item_that_takes_its_page_with_it_goes_to_the_debt_list_and_is_taken_once_it_is_well()
    {
        await using var scene = await StartAsync();
        var (site, list) = (Site(scene), Work(Site(scene)));
        var sick = site.Items(list.Id).Living[5].Id;
        site.Items(list.Id).Change(sick, (state, _) => state with { IsBroken = true });
        var result = await scene.RunAsync(site.Id);
        Assert.Equal((1, site.Items(list.Id).Count - 1 + 3), (result.Point.ItemsByKind[ItemKinds.Debt], result.Point.ItemsByKind[ItemKinds.ListItem]));
        Assert.Equal(RunOutcome.SucceededWithWarnings, result.Outcome);
        site.Items(list.Id).Change(sick, (state, _) => state with { IsBroken = false });
        result = await scene.RunAsync(site.Id);
        Assert.Equal(0, result.Point.ItemsByKind.GetValueOrDefault(ItemKinds.Debt));
        await SiteTruth.AssertAsync(scene, site, result.Point, scene.Now);
    }

    [Fact]
    public async Task A_page_that_cannot_be_shown_is_owed_and_the_others_are_there()
    {
        await using var scene = await StartAsync();
        var site = Site(scene);
        site.Pages.Change(site.Pages.Living[1].Id, (state, _) => state with { IsBroken = true });
        var result = await scene.RunAsync(site.Id);
        Assert.Equal((1, 3), (result.Point.ItemsByKind[ItemKinds.Debt], result.Point.ItemsByKind[ItemKinds.Page]));
        site.Pages.Delete(site.Pages.Living[1].Id);
        Assert.Equal(0, (await scene.RunAsync(site.Id)).Point.ItemsByKind.GetValueOrDefault(ItemKinds.Debt));
    }

    [Theory]
    [InlineData(FaultKind.RepeatedItems)]
    [InlineData(FaultKind.OutOfOrder)]
    [InlineData(FaultKind.EmptyPage)]
    [InlineData(FaultKind.StrayRemoval)]
    [InlineData(FaultKind.LoopingDelta)]
    [InlineData(FaultKind.ControlCharacters)]
    [InlineData(FaultKind.CutBody)]
    [InlineData(FaultKind.CorruptJson)]
    [InlineData(FaultKind.ErrorInBody)]
    public async Task Rounds_with_bad_habits_give_the_truth(FaultKind kind)
    {
        await using var scene = await StartAsync();
        var site = Site(scene);
        scene.Order(new Fault { Kind = kind, Path = "/items/delta", Count = kind == FaultKind.LoopingDelta ? 40 : 3, Skip = kind == FaultKind.LoopingDelta ? 0 : 1 });
        var result = await scene.RunAsync(site.Id);
        await SiteTruth.AssertAsync(scene, site, result.Point, scene.Now);
        scene.Live(1, 9);
        await SiteTruth.AssertAsync(scene, site, (await scene.RunAsync(site.Id)).Point, scene.Now);
    }

    [Fact]
    public async Task What_a_token_never_told_is_found_by_the_comparison_and_said()
    {
        await using var scene = await StartAsync();
        var (site, list) = (Site(scene), Work(Site(scene)));
        await scene.RunAsync(site.Id);
        site.Items(list.Id).Change(site.Items(list.Id).Living[0].Id, (state, at) => state with { Modified = at, Fields = state.Fields.SetItem("Title", "\"changed\"") });
        site.Items(list.Id).Delete(site.Items(list.Id).Living[1].Id);
        // The service's answer to the changes is one that knows of none.
        scene.BeforePart = part =>
        {
            if (part == SiteItems.Lists)
                scene.Order(new Fault { Kind = FaultKind.ForgottenChanges, Path = "/items/delta" });
        };
        var result = await scene.RunAsync(site.Id, compare: true);
        await SiteTruth.AssertAsync(scene, site, result.Point, scene.Now);
        Assert.Contains(PointDetails.ComparedAt, result.Point.Details.Keys);
        Assert.Equal(2, scene.LastBoard.Current.Counts.Healed);
        Assert.Contains("2 list items differed", Assert.Single(result.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_locked_or_archived_site_fails_alone_and_says_why()
    {
        await using var scene = await StartAsync();
        var site = Site(scene);
        var point = (await scene.RunAsync(site.Id)).Point;
        site.ArchiveStatus = "fullyArchived";
        var locked = await Assert.ThrowsAsync<SiteUnavailableException>(() => scene.RunAsync(site.Id));
        Assert.Equal((SiteProblem.Locked, FaultCause.CustomerConfiguration), (locked.Problem, RunFault.Of(locked).Cause));
        site.ArchiveStatus = null;
        site.Refusal = new MailboxRefusal(403, "accessDenied", "Access denied");
        Assert.Equal(SiteProblem.AccessDenied, (await Assert.ThrowsAsync<SiteUnavailableException>(() => scene.RunAsync(site.Id))).Problem);
        site.Refusal = new MailboxRefusal(404, "itemNotFound", "Requested site could not be found");
        Assert.Equal(SiteProblem.NoSite, (await Assert.ThrowsAsync<SiteUnavailableException>(() => scene.RunAsync(site.Id))).Problem);
        site.Refusal = null;
        Assert.Equal(point.ItemsByKind, (await scene.RunAsync(site.Id)).Point.ItemsByKind);
    }

    [Fact]
    public async Task What_Graph_keeps_back_is_named_in_the_point_and_is_no_warning_of_every_day()
    {
        await using var scene = await StartAsync();
        scene.Withdraw("Sites.FullControl.All");
        var result = await scene.RunAsync(Site(scene).Id);
        Assert.Empty(result.Warnings);
        Assert.Equal("2", result.Point.Details[ListsRun.AttachmentsDetail]);
        Assert.Contains("Sites.FullControl.All", result.Point.Details[PointDetails.Lacks + "site-permissions"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_that_is_handed_over_goes_on_where_it_stopped()
    {
        await using var scene = await StartAsync();
        var site = Site(scene);
        scene.Options = new RunOptions { SegmentChanges = 1 };
        using var handOver = new CancellationTokenSource();
        scene.BeforePart = part =>
        {
            if (part == SiteItems.Pages)
                handOver.Cancel();
        };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => scene.RunAsync(site.Id, handOver: handOver.Token));
        scene.BeforePart = null;
        var result = await scene.RunAsync(site.Id);
        Assert.Equal(4, scene.LastBoard.Current.Counts.Added + 1); // the page that was under way had been kept, the lists all the more
        await SiteTruth.AssertAsync(scene, site, result.Point, scene.Now);
    }

    [Fact]
    public async Task A_round_from_nothing_that_is_interrupted_begins_again_and_still_finds_what_was_deleted()
    {
        await using var scene = await StartAsync();
        var site = Site(scene);
        await scene.RunAsync(site.Id);
        foreach (var list in SiteTruth.ListsAt(site, scene.Now).Where(list => site.Items(list.Id).Count > 1).ToList())
        {
            site.Items(list.Id).Delete(site.Items(list.Id).Living[0].Id);
            site.Items(list.Id).Change(site.Items(list.Id).Living[0].Id, (state, at) => state with { Modified = at, Fields = state.Fields.SetItem("Title", "\"changed\"") });
            site.Items(list.Id).ForgetDeltaTokens();
        }
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => scene.RunAsync(site.Id, handOver: new CancellationToken(canceled: true))); // at the first page
        await SiteTruth.AssertAsync(scene, site, (await scene.RunAsync(site.Id)).Point, scene.Now);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Row_6_a_token_that_dies_in_the_middle_of_a_round_begins_it_again_and_what_went_meanwhile_is_gone(bool isFirst)
    {
        await using var scene = await StartAsync();
        var (site, list) = (Site(scene), Work(Site(scene)));
        if (!isFirst)
        {
            await scene.RunAsync(site.Id);
            foreach (var item in site.Items(list.Id).Living)
                site.Items(list.Id).Change(item.Id, (state, at) => state with { Modified = at, Fields = state.Fields.SetItem("Title", "\"changed\"") });
        }
        var gone = site.Items(list.Id).Living[0].Id; // of the first page, which was taken before the token died
        scene.Order(new Fault { Kind = FaultKind.TokenDeath, Code = "resyncChangesApplyDifferences", Path = $"/lists/{list.Id}/items/delta", Skip = isFirst ? 0 : 1, Count = 1 });
        scene.Admin.World.Faults.Playing = fault => site.Items(list.Id).Delete(gone);
        try
        {
            await SiteTruth.AssertAsync(scene, site, (await scene.RunAsync(site.Id)).Point, scene.Now);
        }
        finally
        {
            scene.Admin.World.Faults.Playing = null;
        }
        Assert.Null(site.Items(list.Id).Find(gone));
        Assert.All(scene.Admin.World.Faults.View().Where(played => played.Fault.Tenant == scene.Tenant.ToString()), played => Assert.True(played.IsDone));
    }

    [Fact]
    public async Task What_is_owed_of_a_list_goes_with_the_list()
    {
        await using var scene = await StartAsync();
        var (site, list) = (Site(scene), Work(Site(scene)));
        site.Items(list.Id).Change(site.Items(list.Id).Living[5].Id, (state, _) => state with { IsBroken = true });
        Assert.Equal(1, (await scene.RunAsync(site.Id)).Point.ItemsByKind[ItemKinds.Debt]);
        site.Lists.Delete(list.Id);
        var result = await scene.RunAsync(site.Id);
        Assert.Equal((0, RunOutcome.Succeeded), (result.Point.ItemsByKind.GetValueOrDefault(ItemKinds.Debt), result.Outcome));
        await SiteTruth.AssertAsync(scene, site, result.Point, scene.Now);
    }

    [Fact]
    public async Task A_deleted_library_is_in_earlier_points_only_and_a_locked_one_stays_as_it_was()
    {
        await using var scene = await StartAsync(filesPerLibrary: 5);
        var site = Site(scene);
        var first = (await scene.RunAsync(site.Id)).Point;
        scene.Order(new Fault { Kind = FaultKind.Status, Status = 423, Code = "resourceLocked", Path = "/root/delta", Count = 20 });
        var locked = await scene.RunAsync(site.Id);
        Assert.Equal((first.ItemsByKind[ItemKinds.File], 1), (locked.Point.ItemsByKind[ItemKinds.File], locked.Warnings.Length));
        scene.Admin.World.Faults.Clear();
        // A site always has a library: the service answers 404 to the question for those of a site without any.
        var library = Assert.Single(scene.World.Drives.OfOwner($"site:{site.Id}"));
        scene.World.Drives.Attach(new Drive("empty", library.OwnerKey, "Documents", scene.Admin.World.Clock, fill: null));
        scene.World.Drives.Detach(library);
        var gone = (await scene.RunAsync(site.Id)).Point;
        Assert.Equal((0, 1), (gone.ItemsByKind.GetValueOrDefault(ItemKinds.File), gone.ItemsByKind.GetValueOrDefault(ItemKinds.Drive)));
        await using var reader = await scene.OpenAsync(site.Id, first);
        Assert.Equal(first.ItemsByKind[ItemKinds.File], (await CollaborationScene.ItemsAsync(reader, ItemKinds.File)).Count);
    }

    [Fact]
    public async Task A_library_that_cannot_be_told_is_not_taken_for_deleted()
    {
        await using var scene = await StartAsync(filesPerLibrary: 5);
        var site = Site(scene);
        var files = (await scene.RunAsync(site.Id)).Point.ItemsByKind[ItemKinds.File];
        scene.Order(new Fault { Kind = FaultKind.Status, Status = 404, Code = "itemNotFound", Path = "/drives[?]", Count = 1 });
        var result = await scene.RunAsync(site.Id);
        Assert.Equal(files, result.Point.ItemsByKind[ItemKinds.File]);
        Assert.Single(result.Warnings);
    }

    internal static SimulatedSite Site(CollaborationScene scene) => scene.World.Collaboration.Sites.First(site => site is { Kind: SiteKind.Communication });

    internal static ChronicleVersion<SiteListState> Work(SimulatedSite site) => site.Lists.Living.First(list => list.State.DisplayName == "Work");

    private Task<CollaborationScene> StartAsync(int filesPerLibrary = 0) => CollaborationScene.StartAsync(simulator,
        new TenantRecipe { Users = 2, Sites = 2, FilesPerLibrary = filesPerLibrary }, Workload());

    internal static SiteWorkload Workload() => new(Options.Create(new SiteReadOptions { PageSize = PageSize }), Options.Create(new DriveReadOptions()));
}
