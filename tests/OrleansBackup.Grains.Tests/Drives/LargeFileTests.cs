using OrleansBackup.Grains.Runs;
using OrleansBackup.Grains.Tests.Given;
using OrleansBackup.GraphSimulator.Faults;
using OrleansBackup.GraphSimulator.World;
using OrleansBackup.Vault;
using OrleansBackup.Vault.Stores;

namespace OrleansBackup.Grains.Tests.Drives;

/// <summary>A file that takes longer than a process lives: what was committed of it is not downloaded again, and no point ever shows a part of it.</summary>
public sealed class LargeFileTests(SimulatorFixture simulator) : IClassFixture<SimulatorFixture>
{
    private const long Stretch = 2 << 20;
    private const long Size = 6 * Stretch + 1_234;
    private const string Download = "download.aspx";

    private HookedBlobStore _store = null!;
    private IBlobStore _folder = null!;

    public enum Moment { BeforeSegment, AfterSegment, AtTheNextChunk }

    [Theory]
    [InlineData(Moment.BeforeSegment, 1, 0)]
    [InlineData(Moment.AfterSegment, 1, 1)]
    [InlineData(Moment.BeforeSegment, 3, 2)]
    [InlineData(Moment.AfterSegment, 3, 3)]
    [InlineData(Moment.AtTheNextChunk, 4, 4)]
    [InlineData(Moment.AfterSegment, 6, 6)]
    public async Task A_run_after_a_kill_downloads_only_the_rest(Moment moment, int segment, int stretchesKept)
    {
        await using var scene = await StartAsync();
        scene.Drive.CreateFile(scene.Drive.Root, "a.iso", new SeededFile(1, Size));
        await KillAsync(scene, moment, segment);
        var before = scene.BytesServed(Download);
        var result = await scene.RunAsync();
        Assert.Equal(Size - stretchesKept * Stretch, scene.BytesServed(Download) - before);
        Assert.Equal(Size - stretchesKept * Stretch, scene.LastBoard.Current.Counts.DownloadedBytes);
        await AssertWholeAsync(scene, result);
    }

    [Fact]
    public async Task Killed_again_and_again_it_is_downloaded_once()
    {
        await using var scene = await StartAsync();
        scene.Drive.CreateFile(scene.Drive.Root, "a.iso", new SeededFile(1, Size));
        for (var kill = 0; kill < 6; kill++)
            await KillAsync(scene, Moment.AfterSegment, 1);
        var before = scene.BytesServed(Download);
        var result = await scene.RunAsync();
        Assert.Equal(Size - 6 * Stretch, scene.BytesServed(Download) - before);
        await AssertWholeAsync(scene, result);
    }

    [Fact]
    public async Task Several_at_once_each_go_on_from_where_they_were()
    {
        await using var scene = await StartAsync();
        for (var file = 0; file < 3; file++)
            scene.Drive.CreateFile(scene.Drive.Root, $"{file}.iso", new SeededFile((ulong)file, Size + file));
        scene.Drive.CreateFile(scene.Drive.Root, "small.txt", new SeededFile(9, 5_000));
        await KillAsync(scene, Moment.AfterSegment, 7);
        var kept = await KeptAsync(scene);
        Assert.True(kept >= 5 * Stretch);
        var before = scene.BytesServed(Download);
        var result = await scene.RunAsync();
        Assert.Equal(3 * Size + 3 - kept, scene.BytesServed(Download) - before);
        await AssertWholeAsync(scene, result);
    }

    [Fact]
    public async Task Handed_over_it_stops_soon_and_goes_on_elsewhere()
    {
        await using var scene = await StartAsync();
        scene.Drive.CreateFile(scene.Drive.Root, "a.iso", new SeededFile(1, Size));
        scene.Drive.CreateFile(scene.Drive.Root, "small.txt", new SeededFile(9, 5_000));
        using var leaving = new CancellationTokenSource();
        var segments = 0;
        _store.AfterPut = async name =>
        {
            if (HookedBlobStore.IsSegment(name) && ++segments == 2)
                await leaving.CancelAsync();
        };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => scene.RunAsync(handOver: leaving.Token));
        _store.AfterPut = null;
        var kept = await KeptAsync(scene);
        Assert.InRange(kept, 2 * Stretch, 3 * Stretch);
        var before = scene.BytesServed(Download);
        var result = await scene.RunAsync();
        Assert.Equal(Size - kept, scene.BytesServed(Download) - before);
        await AssertWholeAsync(scene, result);
    }

    [Fact]
    public async Task A_file_that_was_saved_again_begins_anew()
    {
        await using var scene = await StartAsync();
        var file = scene.Drive.CreateFile(scene.Drive.Root, "a.iso", new SeededFile(1, Size));
        await KillAsync(scene, Moment.AfterSegment, 3);
        scene.Drive.Write(file, new SeededFile(2, Size));
        var before = scene.BytesServed(Download);
        var result = await scene.RunAsync();
        Assert.Equal(Size, scene.BytesServed(Download) - before);
        await AssertWholeAsync(scene, result);
    }

    [Theory]
    [InlineData(FileOddities.None)]
    [InlineData(FileOddities.HashMissing)]
    public async Task A_file_that_is_saved_again_just_when_it_is_gone_on_with_is_not_put_together_of_two_versions(FileOddities oddity)
    {
        await using var scene = await StartAsync();
        var file = scene.Drive.CreateFile(scene.Drive.Root, "a.iso", new SeededFile(1, Size), oddities: oddity);
        await KillAsync(scene, Moment.AfterSegment, 3);
        _store.BeforeGetLength = name => // it is listed by now, and nothing of it is asked for yet
        {
            _store.BeforeGetLength = null;
            scene.Drive.Write(file, new SeededFile(2, Size));
            return Task.CompletedTask;
        };
        var result = await scene.RunAsync();
        Assert.Null(_store.BeforeGetLength);
        await AssertWholeAsync(scene, result);
    }

    [Theory]
    [InlineData(FileOddities.HashWrong)]
    [InlineData(FileOddities.HashMissing)]
    [InlineData(FileOddities.HashMissing | FileOddities.SizeWrong)]
    public async Task Whatever_is_told_of_it_the_bytes_are_kept(FileOddities oddity)
    {
        await using var scene = await StartAsync();
        scene.Drive.CreateFile(scene.Drive.Root, "a.iso", new SeededFile(1, Size), oddities: oddity);
        await KillAsync(scene, Moment.AfterSegment, 3);
        await AssertWholeAsync(scene, await scene.RunAsync());
    }

    [Fact]
    public async Task Where_the_service_knows_no_ranges_it_comes_through_all_the_same()
    {
        await using var scene = await StartAsync();
        scene.Drive.CreateFile(scene.Drive.Root, "a.iso", new SeededFile(1, Size));
        await KillAsync(scene, Moment.AfterSegment, 3);
        scene.Drive.Quirks = new DriveQuirks { IgnoresRanges = true };
        await AssertWholeAsync(scene, await scene.RunAsync());
    }

    [Fact]
    public async Task What_is_not_there_any_more_is_downloaded_again()
    {
        await using var scene = await StartAsync();
        scene.Drive.CreateFile(scene.Drive.Root, "a.iso", new SeededFile(1, Size));
        await KillAsync(scene, Moment.AfterSegment, 3);
        await foreach (var name in _folder.ListAsync(scene.TenantText + "/content/", CancellationToken.None))
            await _folder.DeleteAsync(name, CancellationToken.None);
        var before = scene.BytesServed(Download);
        var result = await scene.RunAsync();
        Assert.Equal(Size, scene.BytesServed(Download) - before);
        await AssertWholeAsync(scene, result);
    }

    [Fact]
    public async Task A_file_that_stays_half_read_is_owed_and_no_point_shows_it()
    {
        await using var scene = await StartAsync();
        var file = scene.Drive.CreateFile(scene.Drive.Root, "a.iso", new SeededFile(1, Size));
        scene.Order(new Fault { Kind = FaultKind.CutBody, Path = Download }); // whichever connection is open when the file is locked, another is needed
        var segments = 0;
        _store.AfterPut = name =>
        {
            if (HookedBlobStore.IsSegment(name) && ++segments == 2)
                scene.Drive.SetOddities(file, FileOddities.Locked);
            return Task.CompletedTask;
        };
        var owed = await scene.RunAsync();
        Assert.True(segments > 2);
        Assert.Single(await scene.DebtsAsync(owed.Point));
        Assert.DoesNotContain(ItemKinds.Transfer, owed.Point.ItemsByKind.Keys);
        await using (var reader = await scene.OpenAsync(owed.Point))
            Assert.DoesNotContain(await DriveScene.EntriesAsync(reader), entry => entry.GraphId == file.Id);
        simulator.Host.World.Faults.Clear();
        scene.Drive.SetOddities(file, FileOddities.None);
        await AssertWholeAsync(scene, await scene.RunAsync());
    }

    [Fact]
    public async Task Memory_does_not_grow_with_the_file()
    {
        const long large = 128 << 20, most = 24 << 20;
        await using var scene = await StartAsync();
        scene.Options = scene.Options with { TransferBytes = 16 << 20 };
        scene.Drive.CreateFile(scene.Drive.Root, "a.iso", new SeededFile(1, large));
        var (before, segments, held) = (GC.GetTotalMemory(forceFullCollection: true), 0, 0L);
        _store.AfterPut = name =>
        {
            if (!HookedBlobStore.IsSegment(name))
                return Task.CompletedTask;
            segments++;
            held = Math.Max(held, GC.GetTotalMemory(forceFullCollection: true) - before);
            return Task.CompletedTask;
        };
        var result = await scene.RunAsync();
        Assert.True(segments >= 8);
        Assert.InRange(held, long.MinValue, most);
        await AssertWholeAsync(scene, result);
    }

    private async Task<DriveScene> StartAsync()
    {
        var scene = await DriveScene.StartAsync(simulator, files: 0, wrap: folder => _store = new HookedBlobStore(_folder = folder));
        scene.Options = scene.Options with { TransferBytes = Stretch, SegmentBytes = 1 };
        return scene;
    }

    /// <summary>From that moment on the process does nothing any more.</summary>
    private async Task KillAsync(DriveScene scene, Moment moment, int segment)
    {
        var (segments, isDead) = (0, false);
        _store.BeforePut = name =>
        {
            if (HookedBlobStore.IsSegment(name))
                isDead |= moment == Moment.BeforeSegment && segments + 1 == segment;
            else
                isDead |= moment == Moment.AtTheNextChunk && segments == segment;
            return isDead ? throw new IOException("The process was killed.") : Task.CompletedTask;
        };
        _store.AfterPut = name =>
        {
            if (HookedBlobStore.IsSegment(name))
                isDead |= ++segments == segment && moment == Moment.AfterSegment;
            return isDead ? throw new IOException("The process was killed.") : Task.CompletedTask;
        };
        await Assert.ThrowsAnyAsync<Exception>(() => scene.RunAsync());
        Assert.True(isDead);
        (_store.BeforePut, _store.AfterPut) = (null, null);
    }

    /// <summary>Bytes of half files that the next run finds.</summary>
    private static async Task<long> KeptAsync(DriveScene scene)
    {
        await using var writer = await (await scene.VaultAsync()).BeginRunAsync(Guid.NewGuid(), TimeProvider.System.GetUtcNow(), CancellationToken.None);
        var kept = 0L;
        await foreach (var transfer in writer.ItemsAsync(new ItemFilter(ItemKinds.Transfer, null), CancellationToken.None))
            kept += transfer.Size;
        return kept;
    }

    /// <summary>The bytes are those of the simulator's history, and nothing of a transfer is in the point.</summary>
    private static async Task AssertWholeAsync(DriveScene scene, RunResult result)
    {
        await scene.AssertPointIsTrueAsync(result.Point);
        Assert.Empty(await scene.DebtsAsync(result.Point));
        await using var reader = await scene.OpenAsync(result.Point);
        foreach (var entry in await DriveScene.EntriesAsync(reader)) // every item of the point is one of the drive
            Assert.NotEqual(ItemIds.Transfer, ItemIds.PartOf(entry.Id));
        Assert.DoesNotContain(ItemKinds.Transfer, result.Point.ItemsByKind.Keys);
        Assert.Equal(scene.Truth().Where(item => item.Kind == "file").Sum(item => item.Size), result.Point.LogicalBytes);
    }
}
