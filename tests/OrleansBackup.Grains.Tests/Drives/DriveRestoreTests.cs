using System.Collections.Immutable;
using OrleansBackup.GrainInterfaces.Restores;
using OrleansBackup.Grains.Tests.Given;
using OrleansBackup.GraphSimulator.Admin;
using OrleansBackup.GraphSimulator.World;
using OrleansBackup.Vault;

namespace OrleansBackup.Grains.Tests.Drives;

/// <summary>What is put back is what was there: names, tree, dates, bytes, and nobody is written to.</summary>
public sealed class DriveRestoreTests(SimulatorFixture simulator) : IClassFixture<SimulatorFixture>
{
    [Theory]
    [InlineData(11ul)]
    [InlineData(12ul)]
    [InlineData(13ul)]
    [InlineData(14ul)]
    public async Task Any_day_of_any_life_comes_back_in_an_empty_drive_as_it_was(ulong seed)
    {
        await using var scene = await DriveScene.StartAsync(simulator, files: 40, seed);
        var points = new List<(RestorePoint Point, DateTimeOffset At)>();
        for (var day = 0; day < 4; day++)
        {
            points.Add(((await scene.RunAsync()).Point, scene.Now));
            scene.Admin.PlayLife(scene.TenantText, new LifeRecipe(1, seed + (ulong)day, Intensity: 40));
        }
        var (point, at) = points[(int)(seed % 4)];
        scene.EmptyOther();

        var ledger = await scene.RestoreAsync(point, into: scene.OtherUserId);

        await scene.AssertRestoredAsync(point, scene.Truth(at), scene.Truth(user: scene.OtherUserId));
        Assert.Equal(ledger.Asked, ledger.Outcomes.Count());
        Assert.Equal(0, scene.OtherDrive.InvitationsSent);
    }

    [Fact]
    public async Task A_onedrive_that_is_gone_in_the_middle_of_a_restore_ends_the_job_with_the_reason()
    {
        await using var scene = await DriveScene.StartAsync(simulator, files: 120);
        scene.HealOddities();
        var point = (await scene.RunAsync()).Point;
        scene.EmptyOther();
        var drives = scene.Admin.Tenant(scene.TenantText).Drives;
        var target = scene.OtherDrive;
        var ledger = new MemoryLedger { DieBeforePage = () => drives.Detach(target) }; // it does not die: the drive does, between two pages
        var exception = await Assert.ThrowsAsync<Microsoft365.Drives.DriveUnavailableException>(() => scene.RestoreAsync(point, into: scene.OtherUserId, ledger: ledger));
        Assert.Equal((Microsoft365.Drives.DriveProblem.NoDrive, false), (exception.Problem, exception.IsTransient));
        Assert.Equal((1, 0), (ledger.PagesDone, ledger.Count(OutcomeKind.Failed)));
    }

    [Fact]
    public async Task A_notebook_comes_back_as_a_folder_and_each_of_its_files_says_so_unless_the_notebook_is_still_there()
    {
        await using var scene = await DriveScene.StartAsync(simulator, files: 40, seed: 3);
        var point = (await scene.RunAsync()).Point;
        scene.EmptyOther();
        var beside = await scene.RestoreAsync(point, into: scene.OtherUserId);
        Assert.Contains(beside.Outcomes.First(outcome => outcome.Subject == "Open Notebook.onetoc2").LossFacts, loss => loss is { Kind: Microsoft365.Drives.DriveLossKind.Package, Name: "Notebook" });
        Assert.DoesNotContain(beside.Outcomes.Where(outcome => !outcome.Subject.Contains(".one", StringComparison.Ordinal)).SelectMany(outcome => outcome.LossFacts), loss => loss.Kind == Microsoft365.Drives.DriveLossKind.Package);

        scene.Drive.Read(() =>
        {
            scene.Drive.Delete(scene.Drive.AllItems.First(item => item.Latest.Name == "Open Notebook.onetoc2"));
            return true;
        });
        var inPlace = await scene.RestoreAsync(point);
        var back = inPlace.Outcomes.First(outcome => outcome.Subject == "Open Notebook.onetoc2");
        Assert.Equal(OutcomeKind.Restored, back.Kind);
        Assert.DoesNotContain(back.LossFacts, loss => loss.Kind == Microsoft365.Drives.DriveLossKind.Package);
    }

    [Theory]
    [InlineData(21ul)]
    [InlineData(22ul)]
    [InlineData(23ul)]
    [InlineData(24ul)]
    public async Task In_place_with_newer_things_removed_the_drive_is_as_it_was_then(ulong seed)
    {
        await using var scene = await DriveScene.StartAsync(simulator, files: 39, seed);
        scene.HealOddities();
        var point = (await scene.RunAsync()).Point;
        var at = scene.Now;
        scene.Admin.PlayLife(scene.TenantText, new LifeRecipe(3, seed, Intensity: 60));

        await scene.RestoreAsync(point, conflict: ConflictPolicy.Overwrite, removeNewer: true);

        await scene.AssertRestoredAsync(point, scene.Truth(at), scene.Truth());
    }

    [Theory]
    [InlineData(41ul)]
    [InlineData(42ul)]
    [InlineData(43ul)]
    public async Task One_folder_in_place_with_newer_things_removed_is_as_it_was_then_but_for_what_moved_in(ulong seed)
    {
        await using var scene = await DriveScene.StartAsync(simulator, files: 39, seed);
        scene.HealOddities();
        var point = (await scene.RunAsync()).Point;
        var then = scene.Truth();
        var folder = then.Where(item => item.Kind == "folder" && !item.Path.Contains('/', StringComparison.Ordinal)).MaxBy(item => then.Count(other => other.Path.StartsWith(item.Path + "/", StringComparison.Ordinal)))!;
        scene.Admin.PlayLife(scene.TenantText, new LifeRecipe(3, seed, Intensity: 60));
        var elsewhere = then.Where(item => !item.Path.StartsWith(folder.Path + "/", StringComparison.Ordinal)).Select(item => item.Id).ToHashSet();

        await scene.RestoreAsync(point, RestoreSelection.Folder(Grains.Drives.DriveEntry.IdOf(scene.Drive.Id, folder.Id)), ConflictPolicy.Overwrite, removeNewer: true);

        Assert.Equal(Inside(then), Inside(scene.Truth()));

        IEnumerable<string> Inside(IReadOnlyList<StateDriveItem> items) => items.Where(item => item.Path.StartsWith(folder.Path + "/", StringComparison.Ordinal) && !elsewhere.Contains(item.Id)
            && !IsBelowMovedIn(item, items)).Select(item => $"{item.Path} {item.Modified:O} {item.Sha256}").Order(StringComparer.Ordinal);

        bool IsBelowMovedIn(StateDriveItem item, IReadOnlyList<StateDriveItem> items)
        {
            for (var above = items.FirstOrDefault(other => other.Id == item.ParentId); above is not null && above.Id != folder.Id; above = items.FirstOrDefault(other => other.Id == above.ParentId))
                if (elsewhere.Contains(above.Id))
                    return true;
            return false;
        }
    }

    [Fact]
    public async Task In_place_without_asking_for_it_nothing_newer_is_removed()
    {
        await using var scene = await DriveScene.StartAsync(simulator, files: 12);
        var point = (await scene.RunAsync()).Point;
        var newer = scene.Drive.CreateFile(scene.Drive.Root, "newer.txt", new HeldFile("new"u8.ToArray()));
        var gone = scene.Drive.Root.Children.First(item => item.Kind == DriveItemKind.File && item != newer);
        var name = gone.Latest.Name;
        scene.Drive.Delete(gone);

        await scene.RestoreAsync(point, conflict: ConflictPolicy.Overwrite);

        Assert.Contains(scene.Truth(), item => item.Path == "newer.txt");
        Assert.Contains(scene.Truth(), item => item.Path == name);
    }

    [Fact]
    public async Task A_file_that_is_still_there_is_skipped_copied_or_overwritten()
    {
        await using var scene = await DriveScene.StartAsync(simulator, files: 0);
        var file = scene.Drive.CreateFile(scene.Drive.Root, "plan.docx", new SeededFile(1, 5_000));
        var point = (await scene.RunAsync()).Point;
        scene.Drive.Write(file, new SeededFile(2, 6_000));
        scene.Drive.Rename(file, "other.docx");

        var skipped = await scene.RestoreAsync(point);
        Assert.Equal(1, skipped.Count(OutcomeKind.Skipped));
        Assert.Equal(["other.docx"], scene.Truth().Select(item => item.Path));

        var copied = await scene.RestoreAsync(point, conflict: ConflictPolicy.Copy);
        Assert.Equal(1, copied.Count(OutcomeKind.Restored));
        Assert.Equal(2, scene.Truth().Count);
        Assert.Contains(scene.Truth(), item => item.Sha256 == new SeededFile(1, 5_000).Sha256 && item.Path.StartsWith("plan (", StringComparison.Ordinal));
        await scene.RestoreAsync(point, conflict: ConflictPolicy.Copy);
        Assert.Equal(2, scene.Truth().Count); // a copy in that state is there already

        var overwritten = await scene.RestoreAsync(point, conflict: ConflictPolicy.Overwrite);
        Assert.Equal(file.Id, Assert.Single(overwritten.Outcomes).NewId);
        Assert.Contains(scene.Truth(), item => item.Id == file.Id && item.Path == "plan.docx" && item.Sha256 == new SeededFile(1, 5_000).Sha256);
    }

    [Fact]
    public async Task Files_that_have_taken_each_others_names_get_their_own_back()
    {
        await using var scene = await DriveScene.StartAsync(simulator, files: 0);
        var (one, two) = (scene.Drive.CreateFile(scene.Drive.Root, "one.txt", new SeededFile(1, 100)), scene.Drive.CreateFile(scene.Drive.Root, "two.txt", new SeededFile(2, 100)));
        var point = (await scene.RunAsync()).Point;
        var then = scene.Truth();
        scene.Drive.Rename(one, "aside.txt");
        scene.Drive.Rename(two, "one.txt");
        scene.Drive.Rename(one, "two.txt");
        var ledger = await scene.RestoreAsync(point, conflict: ConflictPolicy.Overwrite);
        Assert.Equal(2, ledger.Count(OutcomeKind.Restored));
        Assert.Equal(then.Select(item => (item.Id, item.Path, item.Sha256)), scene.Truth().Select(item => (item.Id, item.Path, item.Sha256)));
    }

    [Fact]
    public async Task Beside_means_in_a_new_folder_with_the_whole_tree()
    {
        await using var scene = await DriveScene.StartAsync(simulator, files: 20);
        var point = (await scene.RunAsync()).Point;
        var then = scene.Truth();
        await scene.RestoreAsync(point, under: ["Restored", "Friday"]);
        var beside = scene.Truth().Where(item => item.Path.StartsWith("Restored/Friday/", StringComparison.Ordinal)).Select(item => (item.Path["Restored/Friday/".Length..], item.Sha256));
        Assert.Equal(then.Where(item => item.IsReadable).Select(item => (item.Path, item.Sha256)), beside);
        Assert.Superset(then.Select(item => item.Id).ToHashSet(), scene.Truth().Select(item => item.Id).ToHashSet());
    }

    [Fact]
    public async Task One_folder_alone_comes_back_and_the_rest_of_the_drive_is_left_alone()
    {
        await using var scene = await DriveScene.StartAsync(simulator, files: 0);
        var kept = scene.Drive.CreateFolder(scene.Drive.Root, "kept");
        var wanted = scene.Drive.CreateFolder(scene.Drive.Root, "wanted");
        var below = scene.Drive.CreateFolder(wanted, "below");
        scene.Drive.CreateFile(kept, "k.txt", new SeededFile(1, 10));
        scene.Drive.CreateFile(below, "w.txt", new SeededFile(2, 20));
        scene.Drive.CreateFolder(wanted, "empty");
        var point = (await scene.RunAsync()).Point;
        scene.Drive.Delete(wanted);
        scene.Drive.Delete(kept);
        await scene.RestoreAsync(point, RestoreSelection.Folder(Grains.Drives.DriveEntry.IdOf(scene.Drive.Id, wanted.Id)));
        Assert.Equal(["wanted", "wanted/below", "wanted/below/w.txt", "wanted/empty"], scene.Truth().Select(item => item.Path));
    }

    [Theory]
    [InlineData(ConflictPolicy.Skip)]
    [InlineData(ConflictPolicy.Copy)]
    [InlineData(ConflictPolicy.Overwrite)]
    public async Task A_job_that_dies_before_it_wrote_down_what_it_did_doubles_nothing(ConflictPolicy conflict)
    {
        await using var scene = await DriveScene.StartAsync(simulator, files: 30);
        scene.HealOddities();
        var point = (await scene.RunAsync()).Point;
        var at = scene.Now;
        scene.EmptyOther();
        var ledger = new MemoryLedger { DieBeforePage = () => throw new OperationCanceledException("the process dies") };
        await Assert.ThrowsAsync<OperationCanceledException>(() => scene.RestoreAsync(point, conflict: conflict, into: scene.OtherUserId, ledger: ledger));
        (ledger.DieBeforePage, ledger.Interrupted) = (null, true);
        await scene.RestoreAsync(point, conflict: conflict, into: scene.OtherUserId, ledger: ledger);
        await scene.AssertRestoredAsync(point, scene.Truth(at), scene.Truth(user: scene.OtherUserId));
        Assert.Equal(ledger.Asked, ledger.Count(OutcomeKind.Restored));
    }

    [Fact]
    public async Task When_the_answer_to_the_last_piece_is_lost_the_file_is_there_once()
    {
        await using var scene = await DriveScene.StartAsync(simulator, files: 0);
        scene.Drive.CreateFile(scene.Drive.Root, "plan.docx", new SeededFile(1, 400_000));
        var point = (await scene.RunAsync()).Point;
        scene.EmptyOther();
        scene.Order(new GraphSimulator.Faults.Fault { Kind = GraphSimulator.Faults.FaultKind.LostReply, Method = "PUT", Path = "_api/v2.0/upload", Skip = 1, Count = 1 });
        var ledger = await scene.RestoreAsync(point, into: scene.OtherUserId);
        Assert.Equal(1, ledger.Count(OutcomeKind.Restored));
        Assert.Equal(["plan.docx"], scene.Truth(user: scene.OtherUserId).Select(item => item.Path));
    }

    [Fact]
    public async Task Permissions_are_always_recorded_and_put_back_by_choice_without_a_message_to_anybody()
    {
        await using var scene = await DriveScene.StartAsync(simulator, files: 0);
        var folder = scene.Drive.CreateFolder(scene.Drive.Root, "shared");
        var file = scene.Drive.CreateFile(folder, "plan.docx", new SeededFile(1, 500));
        scene.Drive.Share(folder, _ => [new SharingPermission("p1", "write") { UserId = scene.OtherUserId, DisplayName = "Other" }]);
        scene.Drive.Share(file, _ => [new SharingPermission("p2", "read") { UserId = scene.OtherUserId }, new SharingPermission("p3", "read") { UserId = Guid.NewGuid().ToString(), DisplayName = "Gone" },
            new SharingPermission("l1", "read") { LinkType = "view", LinkScope = "organization" }]);
        var point = (await scene.RunAsync()).Point;
        scene.Drive.Share(file, _ => []);
        var later = (await scene.RunAsync()).Point;

        var preview = await scene.PreviewAsync(point, permissions: true);
        Assert.Contains(preview.Losses, loss => loss.Kind == "linkAddress");
        Assert.DoesNotContain((await scene.PreviewAsync(later, permissions: true)).Losses, loss => loss.Kind == "linkAddress");

        scene.Drive.Delete(folder);
        var without = await scene.RestoreAsync(point, under: ["without"]);
        Assert.All(scene.Truth(), item => Assert.Empty(item.Sharing));
        Assert.All(without.Outcomes, outcome => Assert.Empty(outcome.Losses));

        var with = await scene.RestoreAsync(point, permissions: true);
        Assert.Equal([$"write:{scene.OtherUserId}"], scene.Truth().Single(item => item.Path == "shared").Sharing);
        Assert.Equal([$"read:{scene.OtherUserId}", "read:view link for organization"], scene.Truth().Single(item => item.Path == "shared/plan.docx").Sharing);
        Assert.Equal(["permission", "linkAddress"], Assert.Single(with.Outcomes).LossFacts.Select(loss => loss.Kind));
        Assert.Equal(0, scene.Drive.InvitationsSent);
    }

    [Fact]
    public async Task A_library_that_changes_what_it_is_sent_is_told_and_is_no_failure()
    {
        await using var scene = await DriveScene.StartAsync(simulator, files: 0);
        scene.Drive.CreateFile(scene.Drive.Root, "plan.docx", new SeededFile(1, 5_000));
        scene.Drive.CreateFile(scene.Drive.Root, "data.bin", new SeededFile(2, 5_000));
        var point = (await scene.RunAsync()).Point;
        scene.EmptyOther();
        scene.OtherDrive.Quirks = new DriveQuirks { EnrichesUploads = true };
        var ledger = await scene.RestoreAsync(point, into: scene.OtherUserId);
        Assert.Equal(2, ledger.Count(OutcomeKind.Restored));
        Assert.Equal("changedByService", Assert.Single(ledger.Outcomes.SelectMany(outcome => outcome.LossFacts)).Kind);
    }

    [Fact]
    public async Task What_the_target_does_not_take_is_renamed_or_failed_alone()
    {
        await using var scene = await DriveScene.StartAsync(simulator, files: 0);
        scene.Drive.CreateFile(scene.Drive.Root, "a:b?.txt", new SeededFile(1, 50));
        var deep = scene.Drive.CreateFolder(scene.Drive.Root, new string('d', 200));
        scene.Drive.CreateFile(deep, new string('f', 180) + ".txt", new SeededFile(2, 50));
        var point = (await scene.RunAsync()).Point;
        scene.EmptyOther();
        var ledger = await scene.RestoreAsync(point, into: scene.OtherUserId, under: ["a folder whose name makes the path too long"]);
        Assert.Equal((1, 1), (ledger.Count(OutcomeKind.Restored), ledger.Count(OutcomeKind.Failed)));
        Assert.Contains(scene.Truth(user: scene.OtherUserId), item => item.Path.EndsWith("/a_b_.txt", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_makes_no_sense_is_refused_before_anything_starts()
    {
        await using var scene = await DriveScene.StartAsync(simulator, files: 0);
        var point = (await scene.RunAsync()).Point;
        await Assert.ThrowsAsync<GrainInterfaces.InvalidRequestException>(() => scene.RestoreAsync(point, under: ["a/b"]));
        await Assert.ThrowsAsync<GrainInterfaces.InvalidRequestException>(() => scene.RestoreAsync(point, conflict: ConflictPolicy.Skip, removeNewer: true));
        await Assert.ThrowsAsync<GrainInterfaces.InvalidRequestException>(() => scene.RestoreAsync(point, into: Guid.NewGuid().ToString()));
    }
}
