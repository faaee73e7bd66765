using OrleansBackup.GraphSimulator.Admin;
using OrleansBackup.GraphSimulator.Faults;
using OrleansBackup.GraphSimulator.Generation;
using OrleansBackup.GraphSimulator.World;
using OrleansBackup.Grains.Runs;
using OrleansBackup.Grains.Tests.Given;

namespace OrleansBackup.Grains.Tests.Drives;

/// <summary>What Microsoft 365 is seen to do to those who read drives: no run fails for one file, and nothing is lost in silence.</summary>
public sealed class DriveFaultTests(SimulatorFixture simulator) : IClassFixture<SimulatorFixture>
{
    private const string Download = "download.aspx";

    [Theory]
    [InlineData(FileOddities.HashWrong, true)]
    [InlineData(FileOddities.SizeWrong, true)]
    [InlineData(FileOddities.HashMissing, false)]
    [InlineData(FileOddities.HashMissing | FileOddities.SizeWrong, true)]
    public async Task Bytes_are_kept_whatever_is_told_of_them_and_a_difference_is_told(FileOddities oddity, bool warns)
    {
        await using var scene = await DriveScene.StartAsync(simulator, files: 0);
        scene.Drive.CreateFile(scene.Drive.Root, "a.docx", new SeededFile(1, 200_000), oddities: oddity);
        var result = await scene.RunAsync();
        await scene.AssertPointIsTrueAsync(result.Point);
        Assert.Equal(warns, !result.Warnings.IsEmpty);
        Assert.Empty(await scene.DebtsAsync(result.Point));
    }

    [Fact]
    public async Task Malware_is_recorded_without_its_bytes_and_is_no_debt()
    {
        await using var scene = await DriveScene.StartAsync(simulator, files: 0);
        var file = scene.Drive.CreateFile(scene.Drive.Root, "a.exe", new SeededFile(1, 2_000), oddities: FileOddities.Malware);
        var result = await scene.RunAsync();
        await scene.AssertPointIsTrueAsync(result.Point);
        Assert.Contains(result.Warnings, warning => warning.Contains(file.Id, StringComparison.Ordinal));
        Assert.Empty(await scene.DebtsAsync(result.Point));
        Assert.Equal(1, (await scene.PreviewAsync(result.Point, permissions: false)).Losses.Single(loss => loss.Kind == "content").Items);
    }

    [Fact]
    public async Task A_locked_file_is_owed_and_read_when_it_is_free()
    {
        await using var scene = await DriveScene.StartAsync(simulator, files: 0);
        var file = scene.Drive.CreateFile(scene.Drive.Root, "a.docx", new SeededFile(1, 2_000), oddities: FileOddities.Locked);
        var owed = await scene.RunAsync();
        Assert.Equal("resourceLocked", Assert.Single(await scene.DebtsAsync(owed.Point)).Error);
        scene.Drive.SetOddities(file, FileOddities.None);
        var paid = await scene.RunAsync();
        Assert.Empty(await scene.DebtsAsync(paid.Point));
        await scene.AssertPointIsTrueAsync(paid.Point);
    }

    [Fact]
    public async Task A_file_that_cannot_be_read_any_more_keeps_its_older_bytes_under_its_new_name_and_is_owed()
    {
        await using var scene = await DriveScene.StartAsync(simulator, files: 0);
        var file = scene.Drive.CreateFile(scene.Drive.Root, "a.docx", new SeededFile(1, 2_000));
        await scene.RunAsync();
        scene.Drive.Write(file, new SeededFile(2, 3_000));
        scene.Drive.Rename(file, "b.docx");
        scene.Drive.SetOddities(file, FileOddities.Locked);
        var owed = await scene.RunAsync();
        await using (var reader = await scene.OpenAsync(owed.Point))
        {
            var entry = Assert.Single(await DriveScene.EntriesAsync(reader), entry => entry.GraphId == file.Id);
            Assert.Equal(("b.docx", 2_000), (entry.Name, entry.Size));
        }
        Assert.Single(await scene.DebtsAsync(owed.Point));
        scene.Drive.SetOddities(file, FileOddities.None);
        await scene.AssertPointIsTrueAsync((await scene.RunAsync()).Point);
    }

    [Fact]
    public async Task A_notebooks_file_that_is_never_served_rests_after_three_runs()
    {
        await using var scene = await DriveScene.StartAsync(simulator, files: 0);
        scene.Drive.CreateFile(scene.Drive.Root, "Section.one", new SeededFile(1, 2_000), oddities: FileOddities.NeverServed | FileOddities.HashMissing);
        for (var run = 0; run < 3; run++)
            await scene.RunAsync();
        var before = scene.Requests(Download);
        var result = await scene.RunAsync();
        Assert.Equal(before, scene.Requests(Download));
        Assert.Single(await scene.DebtsAsync(result.Point));
    }

    [Fact]
    public async Task A_file_saved_while_it_is_read_is_read_again()
    {
        await using var scene = await DriveScene.StartAsync(simulator, files: 0);
        var file = scene.Drive.CreateFile(scene.Drive.Root, "a.bin", new SeededFile(1, 900_000));
        // Whenever the file is saved during the run, the bytes are of one version: the first connection breaks in the middle.
        scene.Order(new Fault { Kind = FaultKind.CutBody, Path = Download, Count = 1 });
        var run = scene.RunAsync();
        scene.Drive.Write(file, new SeededFile(2, 900_000));
        var result = await run;
        await using var reader = await scene.OpenAsync(result.Point);
        var entry = Assert.Single(await DriveScene.EntriesAsync(reader), entry => entry.GraphId == file.Id);
        Assert.Contains(entry.QuickXorHash, new[] { new SeededFile(1, 900_000).QuickXorHash, new SeededFile(2, 900_000).QuickXorHash });
        await scene.AssertPointIsTrueAsync((await scene.RunAsync()).Point);
    }

    [Fact]
    public async Task A_run_without_change_asks_for_the_drive_and_its_changes_and_for_nothing_else()
    {
        await using var scene = await DriveScene.StartAsync(simulator, files: 30);
        scene.HealOddities();
        await scene.RunAsync();
        var before = scene.Requests("");
        await scene.RunAsync();
        Assert.Equal(2, scene.Requests("") - before);
    }

    [Fact]
    public async Task Renames_and_moves_of_whole_trees_download_nothing()
    {
        await using var scene = await DriveScene.StartAsync(simulator, files: 39);
        scene.HealOddities();
        await scene.RunAsync();
        var before = scene.Requests(Download);
        var folders = scene.Drive.Root.Children.Where(item => item.Kind == DriveItemKind.Folder).ToList();
        scene.Drive.Rename(folders[0], "renamed");
        foreach (var file in scene.Drive.Root.Children.Where(item => item.Kind == DriveItemKind.File).ToList())
            scene.Drive.Move(file, folders[0], "moved " + file.Latest.Name);
        await scene.AssertPointIsTrueAsync((await scene.RunAsync()).Point);
        Assert.Equal(before, scene.Requests(Download));
    }

    [Fact]
    public async Task When_the_token_dies_what_left_meanwhile_goes_and_nothing_is_downloaded_twice()
    {
        await using var scene = await DriveScene.StartAsync(simulator, files: 39);
        scene.HealOddities();
        await scene.RunAsync();
        var before = scene.Requests(Download);
        var folder = scene.Drive.Root.Children.First(item => item.Kind == DriveItemKind.Folder && item.Children.Count > 0);
        scene.Drive.Delete(folder);
        scene.Drive.ForgetDeltaTokens();
        await scene.AssertPointIsTrueAsync((await scene.RunAsync()).Point);
        Assert.Equal(before, scene.Requests(Download));
    }

    [Theory]
    [InlineData(31ul)]
    [InlineData(32ul)]
    public async Task Replays_doubled_items_dead_tokens_and_drives_that_cannot_tell_their_changes_all_end_with_the_truth(ulong seed)
    {
        await using var scene = await DriveScene.StartAsync(simulator, files: 39, seed);
        for (var day = 0; day < 6; day++)
        {
            scene.Drive.Quirks = new DriveQuirks { ReplaysOldStates = day % 2 == 1, DeltaTimesOutAbove = day == 3 ? 0 : day == 4 ? 5 : null };
            if (day == 2)
                scene.Drive.ForgetDeltaTokens();
            scene.Order(new Fault { Kind = FaultKind.RepeatedItems, Path = "root/delta", Probability = 0.3, Seed = seed });
            scene.Order(new Fault { Kind = FaultKind.EmptyPage, Path = "root/delta", Probability = 0.2, Seed = seed, Count = 3 });
            scene.Order(new Fault { Kind = FaultKind.CutBody, Path = Download, Probability = 0.2, Seed = seed, Count = 10 });
            await scene.AssertPointIsTrueAsync((await scene.RunAsync()).Point);
            scene.Drive.ExpireDownloads();
            scene.Admin.PlayLife(scene.TenantText, new LifeRecipe(1, seed + (ulong)day, Intensity: 30));
        }
    }

    [Fact]
    public async Task A_run_that_is_broken_off_goes_on_and_downloads_no_file_twice()
    {
        await using var scene = await DriveScene.StartAsync(simulator, files: 39);
        scene.HealOddities();
        scene.Options = scene.Options with { SegmentChanges = 5 };
        using var leaving = new CancellationTokenSource();
        await leaving.CancelAsync();
        var breaks = 0;
        while (breaks < 4)
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => scene.RunAsync(handOver: leaving.Token));
            breaks++;
        }
        var result = await scene.RunAsync();
        await scene.AssertPointIsTrueAsync(result.Point);
        Assert.Equal(scene.Truth().Count(item => item.Kind == "file"), scene.Requests(Download));
    }

    [Fact]
    public async Task Sizes_at_every_boundary_of_the_vault_come_through()
    {
        await using var scene = await DriveScene.StartAsync(simulator, files: 0);
        foreach (var edge in new[] { 64 << 10, 256 << 10, 512 << 10, 1 << 20, 3 << 20, 4 << 20, 320 << 10 })
            foreach (var by in new[] { -1, 0, 1 })
                scene.Drive.CreateFile(scene.Drive.Root, $"{edge + by}.bin", new SeededFile((ulong)(edge + by), edge + by));
        scene.Drive.CreateFile(scene.Drive.Root, "empty.txt", new HeldFile(default));
        var point = (await scene.RunAsync()).Point;
        await scene.AssertPointIsTrueAsync(point);
        scene.EmptyOther();
        await scene.RestoreAsync(point, into: scene.OtherUserId);
        await scene.AssertRestoredAsync(point, scene.Truth(), scene.Truth(user: scene.OtherUserId));
    }

    [Fact]
    public async Task A_comparison_finds_nothing_to_heal_where_nothing_was_missed_and_notes_that_it_was_made()
    {
        await using var scene = await DriveScene.StartAsync(simulator, files: 39);
        await scene.RunAsync();
        scene.Admin.PlayLife(scene.TenantText, new LifeRecipe(1, 5, Intensity: 30));
        var result = await scene.RunAsync(compare: true);
        Assert.True(result.Point.Details.ContainsKey(PointDetails.ComparedAt));
        Assert.Equal(0, scene.LastBoard.Current.Counts.Healed);
        await scene.AssertPointIsTrueAsync(result.Point);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Row_8_items_that_are_told_blank_are_asked_for_one_by_one(bool isFirst)
    {
        await using var scene = await DriveScene.StartAsync(simulator, files: 39);
        scene.HealOddities();
        if (!isFirst)
        {
            await scene.RunAsync();
            var known = scene.Drive.Root.Children.First(item => item.Kind == DriveItemKind.File);
            scene.Drive.Rename(known, "another name.bin");
            scene.Drive.Write(known, new SeededFile(21, 7_000));
            scene.Drive.CreateFile(scene.Drive.CreateFolder(scene.Drive.Root, "new folder"), "new.bin", new SeededFile(22, 8_000));
        }
        scene.Order(new Fault { Kind = FaultKind.BlankItems, Path = "root/delta", Count = isFirst ? 2 : 1 });
        var result = await scene.RunAsync();
        Assert.True(simulator.Host.World.Faults.AllPlayed);
        Assert.Empty(await scene.DebtsAsync(result.Point));
        await scene.AssertPointIsTrueAsync(result.Point);
        // Nor is anything taken for new in the next round.
        var before = scene.Requests(Download);
        await scene.AssertPointIsTrueAsync((await scene.RunAsync()).Point);
        Assert.Equal(before, scene.Requests(Download));
    }

    [Fact]
    public async Task Row_8_what_a_round_did_not_tell_is_found_by_the_comparison_with_a_listing()
    {
        await using var scene = await DriveScene.StartAsync(simulator, files: 39);
        scene.HealOddities();
        await scene.RunAsync();
        scene.Drive.CreateFile(scene.Drive.Root, "new.bin", new SeededFile(7, 4_000));
        var files = scene.Drive.Root.Children.Where(item => item.Kind == DriveItemKind.File).ToList();
        scene.Drive.Write(files[0], new SeededFile(8, 5_000));
        scene.Drive.Delete(files[1]);
        scene.Order(new Fault { Kind = FaultKind.ForgottenChanges, Path = "root/delta", Count = 1 });
        var missed = await scene.RunAsync();
        Assert.True(simulator.Host.World.Faults.AllPlayed);
        await Assert.ThrowsAnyAsync<Xunit.Sdk.XunitException>(() => scene.AssertPointIsTrueAsync(missed.Point)); // else the comparison would have nothing to find
        var compared = await scene.RunAsync(compare: true);
        await scene.AssertPointIsTrueAsync(compared.Point);
        Assert.True(compared.Point.Details.ContainsKey(PointDetails.ComparedAt));
    }

    [Fact]
    public async Task Row_50_a_file_deleted_and_made_again_under_its_name_is_another_and_one_from_the_recycle_bin_is_the_same()
    {
        await using var scene = await DriveScene.StartAsync(simulator, files: 0);
        var first = scene.Drive.CreateFile(scene.Drive.Root, "a.txt", new SeededFile(1, 2_000));
        var kept = scene.Drive.CreateFile(scene.Drive.Root, "b.txt", new SeededFile(2, 3_000));
        await scene.RunAsync();
        scene.Drive.Delete(first);
        var second = scene.Drive.CreateFile(scene.Drive.Root, "a.txt", new SeededFile(3, 2_500));
        scene.Drive.Delete(kept);
        scene.Drive.Undelete(kept);
        var (before, result) = (scene.Requests(Download), await scene.RunAsync());
        await scene.AssertPointIsTrueAsync(result.Point);
        Assert.NotEqual(first.Id, second.Id);
        Assert.Equal(before + 1, scene.Requests(Download)); // the new one; what came out of the bin is known
    }

    [Fact]
    public async Task A_onedrive_made_anew_goes_on_with_the_history()
    {
        await using var scene = await DriveScene.StartAsync(simulator, files: 12);
        var first = (await scene.RunAsync()).Point;
        var before = scene.Now;
        var tenant = scene.Admin.Tenant(scene.TenantText);
        var user = tenant.Directory.Find(scene.UserId)! with { UserPrincipalName = "anew@" + tenant.Domain };
        tenant.Drives.Attach(DriveGenerator.OneDrive(user, tenant, files: 8, [], scene.Admin.World.Clock));
        var second = await scene.RunAsync();
        Assert.NotEmpty(second.Warnings);
        await scene.AssertPointIsTrueAsync(second.Point);
        await using var reader = await scene.OpenAsync(first);
        Assert.NotEmpty(await DriveScene.EntriesAsync(reader));
        Assert.True(before <= scene.Now);
    }

    [Fact]
    public async Task Damaged_bytes_are_downloaded_again_whatever_the_marks_say()
    {
        await using var scene = await DriveScene.StartAsync(simulator, files: 0);
        var file = scene.Drive.CreateFile(scene.Drive.Root, "a.bin", new SeededFile(1, 90_000));
        await scene.RunAsync();
        var before = scene.Requests(Download);
        var result = await scene.RunAsync(heal: new Grains.Resources.DamageToHeal([], [Grains.Drives.DriveEntry.IdOf(scene.Drive.Id, file.Id)]));
        Assert.Equal(before + 1, scene.Requests(Download));
        await scene.AssertPointIsTrueAsync(result.Point);
    }

    [Fact]
    public async Task Real_documents_come_through()
    {
        if (Environment.GetEnvironmentVariable("ORLEANSBACKUP_CORPUS") is not { Length: > 0 } corpus)
            return; // built-in samples are in every other test
        await using var scene = await DriveScene.StartAsync(simulator, files: 0, material: Path.Combine(corpus, "files"));
        var point = (await scene.RunAsync()).Point;
        await scene.AssertPointIsTrueAsync(point);
    }
}
