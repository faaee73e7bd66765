using Microsoft.Extensions.Options;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Restores;
using OrleansBackup.Grains.Runs;
using OrleansBackup.Grains.Sites;
using OrleansBackup.Grains.Tests.Given;
using OrleansBackup.GraphSimulator.Faults;
using OrleansBackup.GraphSimulator.Generation;
using OrleansBackup.GraphSimulator.World;
using OrleansBackup.Microsoft365.Drives;
using OrleansBackup.Microsoft365.Sites;

namespace OrleansBackup.Grains.Tests.Sites;

/// <summary>What was deleted of a site comes back as far as Graph takes it, every item has an outcome, and nothing is doubled.</summary>
public sealed class SiteRestoreTests(SimulatorFixture simulator) : IClassFixture<SimulatorFixture>
{
    private static readonly SiteRestore Restore = new(Options.Create(new SiteReadOptions()), Options.Create(new DriveReadOptions()), Options.Create(new DriveWriteOptions()));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_random_day_put_back_into_an_emptied_site_equals_what_can_be_written(int seed)
    {
        await using var scene = await StartAsync();
        var site = SiteRunTests.Site(scene);
        scene.Live(3, (ulong)seed, intensity: 30);
        var (point, at) = ((await scene.RunAsync(site.Id)).Point, scene.Now);
        foreach (var list in site.Lists.Living.Where(list => list.State is { Template: "genericList", IsSystem: false }))
            site.Lists.Delete(list.Id);
        foreach (var page in site.Pages.Living)
            site.Pages.Delete(page.Id);

        var ledger = await scene.RestoreAsync(Restore, site.Id, point, RestoreSelection.All);
        Assert.Equal(ledger.Asked, ledger.Count(OutcomeKind.Restored));
        Assert.Empty(ledger.Warnings);
        AssertSame(site, at, site, scene.Now, suffix: "");
    }

    [Fact]
    public async Task Another_site_gets_it_all_but_numbers_of_people_which_mean_others_there()
    {
        await using var scene = await StartAsync();
        var (from, to) = (SiteRunTests.Site(scene), scene.World.Collaboration.Sites.First(site => site is { Kind: SiteKind.Team }));
        var (point, at) = ((await scene.RunAsync(from.Id)).Point, scene.Now);
        foreach (var list in to.Lists.Living.Where(list => list.State is { Template: "genericList", IsSystem: false }))
            to.Lists.Delete(list.Id);
        var ledger = await scene.RestoreAsync(Restore, from.Id, point, RestoreSelection.All, into: to.Id);
        Assert.Equal(ledger.Asked, ledger.Count(OutcomeKind.Restored));
        AssertSame(from, at, to, scene.Now, suffix: "", withPeople: false);
        Assert.Contains(ledger.Outcomes.SelectMany(outcome => outcome.LossFacts), loss => loss is { Kind: SiteLossKind.Reference, Name: "Owner" });
    }

    [Fact]
    public async Task What_is_still_there_is_skipped_and_a_second_restore_skips_what_the_first_put_back()
    {
        await using var scene = await StartAsync();
        var (site, list) = (SiteRunTests.Site(scene), SiteRunTests.Work(SiteRunTests.Site(scene)));
        var point = (await scene.RunAsync(site.Id)).Point;
        var gone = site.Items(list.Id).Living.Take(3).Select(item => item.Id).ToList();
        gone.ForEach(id => site.Items(list.Id).Delete(id));
        var before = site.Items(list.Id).Count;
        var first = await scene.RestoreAsync(Restore, site.Id, point, RestoreSelection.All);
        Assert.Equal((3, before + 3), (first.Count(OutcomeKind.Restored), site.Items(list.Id).Count));
        var second = await scene.RestoreAsync(Restore, site.Id, point, RestoreSelection.All);
        Assert.Equal((0, first.Asked, before + 3), (second.Count(OutcomeKind.Restored), second.Count(OutcomeKind.Skipped), site.Items(list.Id).Count));
    }

    [Fact]
    public async Task Overwrite_gives_an_item_its_columns_back_under_its_id_and_copy_puts_one_beside_it()
    {
        await using var scene = await StartAsync();
        var (site, list) = (SiteRunTests.Site(scene), SiteRunTests.Work(SiteRunTests.Site(scene)));
        var items = site.Items(list.Id);
        var point = (await scene.RunAsync(site.Id)).Point;
        var was = items.Living[0];
        items.Change(was.Id, (state, at) => state with { Modified = at, Fields = state.Fields.Clear().Add("Title", "\"another\"").Add("Notes", "\"was not there\"") });
        var id = SiteItems.ItemId(list.Id, was.Id);
        var copy = Assert.Single((await scene.RestoreAsync(Restore, site.Id, point, RestoreSelection.Item(id), ConflictPolicy.Copy)).Outcomes);
        Assert.Equal(was.State.Fields, items.Find(copy.NewId!)!.State.Fields);
        var outcome = Assert.Single((await scene.RestoreAsync(Restore, site.Id, point, RestoreSelection.Item(id), ConflictPolicy.Overwrite)).Outcomes);
        Assert.Equal((OutcomeKind.Restored, was.Id), (outcome.Kind, outcome.NewId));
        Assert.Equal(was.State.Fields, items.Find(was.Id)!.State.Fields);
        Assert.Contains(outcome.LossFacts, loss => loss.Kind == SiteLossKind.AuthorAndDates);
    }

    [Fact]
    public async Task Beside_means_new_lists_and_pages_under_other_names()
    {
        await using var scene = await StartAsync();
        var site = SiteRunTests.Site(scene);
        var (point, at) = ((await scene.RunAsync(site.Id)).Point, scene.Now);
        var pages = site.Pages.Count;
        var ledger = await scene.RestoreAsync(Restore, site.Id, point, RestoreSelection.All, under: ["restored"]);
        Assert.Equal(ledger.Asked, ledger.Count(OutcomeKind.Restored));
        AssertSame(site, at, site, scene.Now, suffix: " restored");
        Assert.Equal(pages * 2, site.Pages.Count);
    }

    [Fact]
    public async Task A_job_that_dies_after_a_page_was_made_goes_on_without_doubling_it()
    {
        await using var scene = await StartAsync();
        var (site, list) = (SiteRunTests.Site(scene), SiteRunTests.Work(SiteRunTests.Site(scene)));
        var (point, count) = ((await scene.RunAsync(site.Id)).Point, site.Items(list.Id).Count);
        foreach (var item in site.Items(list.Id).Living)
            site.Items(list.Id).Delete(item.Id);
        var ledger = new MemoryLedger { DieBeforePage = () => throw new InvalidOperationException("The process died.") };
        await Assert.ThrowsAsync<InvalidOperationException>(() => scene.RestoreAsync(Restore, site.Id, point, RestoreSelection.Folder(SiteItems.ListId(list.Id)), ledger: ledger));
        (ledger.DieBeforePage, ledger.Interrupted) = (null, true);
        await scene.RestoreAsync(Restore, site.Id, point, RestoreSelection.Folder(SiteItems.ListId(list.Id)), ledger: ledger);
        Assert.Equal((count, count), (site.Items(list.Id).Count, ledger.Count(OutcomeKind.Restored)));
    }

    [Theory]
    [InlineData("gone", SiteProblem.NoSite)]
    [InlineData("archived", SiteProblem.Locked)]
    [InlineData("closed", SiteProblem.AccessDenied)]
    public async Task Row_28_a_site_that_is_gone_or_locked_in_the_middle_of_a_restore_ends_the_job_with_the_reason_and_what_was_done_stands(string fate, SiteProblem problem)
    {
        await using var scene = await CollaborationScene.StartAsync(simulator, new TenantRecipe { Users = 2, Sites = 2, ItemsPerList = 130, FilesPerLibrary = 0 }, SiteRunTests.Workload());
        var (site, list) = (SiteRunTests.Site(scene), SiteRunTests.Work(SiteRunTests.Site(scene)));
        var point = (await scene.RunAsync(site.Id)).Point;
        var count = site.Items(list.Id).Count;
        foreach (var item in site.Items(list.Id).Living)
            site.Items(list.Id).Delete(item.Id);
        var ledger = new MemoryLedger
        {
            DieBeforePage = () => // it does not die: the site does, between two pages
            {
                (site.IsDeleted, site.ArchiveStatus) = (fate == "gone", fate == "archived" ? "fullyArchived" : null);
                site.Refusal = fate == "closed" ? new MailboxRefusal(403, "accessDenied", "Access denied") : null;
            },
        };
        var selection = RestoreSelection.Folder(SiteItems.ListId(list.Id));
        var exception = await Assert.ThrowsAsync<SiteUnavailableException>(() => scene.RestoreAsync(Restore, site.Id, point, selection, ledger: ledger));
        Assert.Equal((problem, false), (exception.Problem, exception.IsTransient));
        Assert.Equal((50, 0), (ledger.Count(OutcomeKind.Restored), ledger.Count(OutcomeKind.Failed)));
        // Once it is there again the same job goes on, and doubles nothing.
        (site.IsDeleted, site.ArchiveStatus, site.Refusal, ledger.DieBeforePage, ledger.Interrupted) = (false, null, null, null, true);
        await scene.RestoreAsync(Restore, site.Id, point, selection, ledger: ledger);
        Assert.Equal((count, count), (ledger.Count(OutcomeKind.Restored), site.Items(list.Id).Count));
    }

    [Fact]
    public async Task Row_28_a_site_that_is_gone_when_its_pages_are_written_ends_the_job()
    {
        await using var scene = await StartAsync();
        var site = SiteRunTests.Site(scene);
        var point = (await scene.RunAsync(site.Id)).Point;
        foreach (var page in site.Pages.Living)
            site.Pages.Delete(page.Id);
        scene.Order(new Fault { Kind = FaultKind.Status, Status = 404, Code = "itemNotFound", Method = "POST", Path = "/pages$", Count = 1 });
        scene.Admin.World.Faults.Playing = _ => site.IsDeleted = true;
        try
        {
            var exception = await Assert.ThrowsAsync<SiteUnavailableException>(() => scene.RestoreAsync(Restore, site.Id, point, RestoreSelection.All));
            Assert.Equal(SiteProblem.NoSite, exception.Problem);
        }
        finally
        {
            scene.Admin.World.Faults.Playing = null;
        }
    }

    [Fact]
    public async Task Files_of_a_library_come_back_into_it_and_into_the_library_of_another_site()
    {
        await using var scene = await CollaborationScene.StartAsync(simulator, new TenantRecipe { Users = 2, Sites = 2, FilesPerLibrary = 12, ItemsPerList = 0, PagesPerSite = 0 }, SiteRunTests.Workload());
        var (site, other) = (SiteRunTests.Site(scene), scene.World.Collaboration.Sites.First(site => site is { Kind: SiteKind.Team }));
        var (drive, target) = (scene.World.Drives.OfOwner($"site:{site.Id}")[0], scene.World.Drives.OfOwner($"site:{other.Id}")[0]);
        var point = (await scene.RunAsync(site.Id)).Point;
        var before = Files(drive.Id);
        foreach (var item in drive.Root.Children.ToList())
            drive.Delete(item);
        var ledger = await scene.RestoreAsync(Restore, site.Id, point, RestoreSelection.All);
        Assert.Equal((before.Count, before.Count), (ledger.Asked, ledger.Count(OutcomeKind.Restored)));
        Assert.Equal(before, Files(drive.Id));
        await scene.RestoreAsync(Restore, site.Id, point, RestoreSelection.All, into: other.Id);
        Assert.Subset(Files(target.Id).ToHashSet(), before.ToHashSet());

        List<string> Files(string id) => [.. scene.Admin.DriveState(scene.Tenant.ToString(), id).Items.Where(item => item is { Kind: "file", IsReadable: true }).Select(item => $"{item.Path} {item.Sha256}").Order(StringComparer.Ordinal)];
    }

    [Fact]
    public async Task What_will_be_lost_is_told_before_the_job_runs()
    {
        await using var scene = await StartAsync();
        var site = SiteRunTests.Site(scene);
        var preview = await scene.PreviewAsync(Restore, site.Id, (await scene.RunAsync(site.Id)).Point);
        Assert.Equal([ItemKinds.ListItem, ItemKinds.Page], preview.Kinds.Select(kind => kind.Kind));
        Assert.Equal(2, preview.Losses.Single(loss => loss.Kind == SiteLossKind.ItemAttachments).Items);
        Assert.Contains(preview.Losses, loss => loss.Kind == SiteLossKind.AuthorAndDates);
    }

    [Fact]
    public async Task A_target_that_cannot_be_used_is_refused_before_anything_starts()
    {
        await using var scene = await StartAsync();
        var site = SiteRunTests.Site(scene);
        var point = (await scene.RunAsync(site.Id)).Point;
        foreach (var unknown in new[] { Guid.NewGuid().ToString(), "b!unknown" })
        {
            var refused = await Assert.ThrowsAsync<InvalidRequestException>(() => scene.RestoreAsync(Restore, site.Id, point, RestoreSelection.All, container: unknown));
            Assert.Equal("target.container", refused.Field);
            Assert.Contains(unknown, refused.Message, StringComparison.Ordinal);
        }
        site.ArchiveStatus = "fullyArchived";
        await Assert.ThrowsAsync<InvalidRequestException>(() => scene.RestoreAsync(Restore, site.Id, point, RestoreSelection.All));
        site.ArchiveStatus = null;
        scene.Withdraw("Sites.ReadWrite.All");
        Assert.Contains("Sites.ReadWrite.All", (await Assert.ThrowsAsync<TenantAccessRefusedException>(() => scene.RestoreAsync(Restore, site.Id, point, RestoreSelection.All))).Message, StringComparison.Ordinal);
    }

    /// <summary>Lists by name with what their items say, and pages by title with what is on them; what Graph does not take is left out on both sides.</summary>
    private static void AssertSame(SimulatedSite from, DateTimeOffset at, SimulatedSite to, DateTimeOffset now, string suffix, bool withPeople = true)
    {
        var unwritable = new[] { "Link", "Sum" }.Concat(withPeople ? [] : ["OwnerLookupId"]).ToHashSet();
        foreach (var list in SiteTruth.ListsAt(from, at))
        {
            var made = SiteTruth.ListsAt(to, now).Single(candidate => candidate.State.DisplayName == list.State.DisplayName + suffix);
            Assert.Equal(list.State.Columns.Where(column => !column.IsReadOnly && column.Facet is not ("hyperlinkOrPicture" or "calculated")).Select(column => column.Name).Order(), made.State.Columns.Select(column => column.Name).Order());
            Assert.Equal(Says(from.Items(list.Id).LivingAt(at)), Says(to.Items(made.Id).LivingAt(now)));
        }
        if (suffix.Length == 0)
            Assert.Subset(PagesOf(to, now), PagesOf(from, at));

        List<string> Says(IEnumerable<ChronicleVersion<ListItemState>> items) => [.. items.Select(item => $"{item.State.IsFolder}: " + string.Join("; ",
            item.State.Fields.Where(field => !unwritable.Contains(field.Key)).Select(field => $"{field.Key}={System.Text.Json.Nodes.JsonNode.Parse(field.Value)!.ToJsonString()}"))).Order(StringComparer.Ordinal)];

        static HashSet<string> PagesOf(SimulatedSite site, DateTimeOffset at) =>
            [.. site.Pages.LivingAt(at).Select(page => $"{page.State.Name} {page.State.Title} {page.State.IsPublished} {System.Text.Json.Nodes.JsonNode.Parse(page.State.Canvas!)!.ToJsonString()}")];
    }

    private Task<CollaborationScene> StartAsync() => CollaborationScene.StartAsync(simulator, new TenantRecipe { Users = 2, Sites = 2 }, SiteRunTests.Workload());
}
