using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Runs;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.GrainInterfaces.Restores;
using OrleansBackup.Grains.Admission;
using OrleansBackup.Grains.Tests.Given;
using OrleansBackup.GraphSimulator.Generation;
using OrleansBackup.GraphSimulator.World;

namespace OrleansBackup.Grains.Tests.Drives;

/// <summary>A OneDrive as a customer meets it: found, backed up by itself, browsed, read and put back.</summary>
public sealed class OneDriveServiceTests(SimulatorFixture simulator) : IClassFixture<SimulatorFixture>
{
    [Fact]
    public async Task A_onedrive_is_backed_up_browsed_read_and_put_back_through_the_service()
    {
        await using var scene = await ServiceScene.StartAsync(simulator, new TenantRecipe { Users = 2, MessagesPerMailbox = 2, FilesPerDrive = 15 });
        await scene.OnboardAsync();
        await scene.UntilPointsAsync(1);
        var user = scene.Created.Mailboxes[0].UserId.ToString();
        var oneDrive = new ResourceId(scene.Tenant, ResourceKind.OneDrive, user);
        var summary = (await scene.Grains.Resource(oneDrive).ListPoints(CancellationToken.None))[0];
        var id = new RestorePointId(oneDrive, summary.Sequence);
        var point = scene.Grains.Point(id);

        var folders = await point.ListFolders(CancellationToken.None);
        var root = Assert.Single(folders, folder => folder.Kind == "drive");
        var items = (await point.ListItems(root.Id, null, 100, CancellationToken.None)).Items;
        var truth = scene.Admin.DriveState(scene.Tenant.ToString(), user).Items;
        Assert.Equal(truth.Where(item => item.Kind == "file" && !item.Path.Contains('/', StringComparison.Ordinal)).Select(item => item.Path).Order(StringComparer.Ordinal),
            items.Select(item => item.Subject).Order(StringComparer.Ordinal));

        var file = items.MaxBy(item => item.Size)!;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await foreach (var piece in point.ReadContent(file.Id, "content", CancellationToken.None))
            hash.AppendData(piece.Span);
        var then = truth.Single(item => item.Path == file.Subject);
        Assert.Equal(then.Sha256, Convert.ToHexStringLower(hash.GetHashAndReset()));

        var drive = scene.Admin.Drive(scene.Tenant.ToString(), user);
        drive.Delete(drive.Find(then.Id)!);
        var request = new RestoreRequest(id, RestoreSelection.Item(file.Id), null, [], ConflictPolicy.Skip, "a test");
        Assert.Equal(1, Assert.Single((await point.PreviewRestore(request, CancellationToken.None)).Kinds).Items);
        var status = await scene.RestoreAsync(request);
        Assert.Equal((RestoreState.Completed, 1), (status.State, status.Restored));
        Assert.Contains(scene.Admin.DriveState(scene.Tenant.ToString(), user).Items, item => item.Path == then.Path && item.Sha256 == then.Sha256 && item.Modified == then.Modified);
    }

    [Fact]
    public async Task A_large_file_under_way_is_handed_over_by_a_drain_and_the_next_process_downloads_only_the_rest()
    {
        const long size = 192 << 20;
        var settings = new Dictionary<string, string?> { ["Backup:Runs:TransferBytes"] = "4194304", ["Backup:Runs:SegmentBytes"] = "4194304" };
        await using var scene = await ServiceScene.StartAsync(simulator, new TenantRecipe { Users = 1, MessagesPerMailbox = 1, FilesPerDrive = 3 }, settings: settings);
        var user = scene.Created.Mailboxes[0].UserId.ToString();
        var drive = scene.Admin.Drive(scene.Tenant.ToString(), user);
        drive.CreateFile(drive.Root, "a.iso", new SeededFile(1, size));
        await scene.OnboardAsync();
        var resource = scene.Grains.Resource(new ResourceId(scene.Tenant, ResourceKind.OneDrive, user));
        var first = await FirstRunAsync(resource);
        var before = RunCounts.Zero;
        await foreach (var progress in resource.WatchRun(first, CancellationToken.None))
            if ((before = progress.Counts).Segments > 0)
                break;
        Assert.InRange(before.DownloadedBytes, 1, size - 1);

        await scene.Services.GetRequiredService<IServiceDrain>().DrainAsync(CancellationToken.None);
        await scene.StopAsync();
        await scene.StartServiceAsync();
        await scene.UntilPointsAsync(1);

        resource = scene.Grains.Resource(new ResourceId(scene.Tenant, ResourceKind.OneDrive, user));
        var run = (await resource.ListRuns(CancellationToken.None))[0].Progress;
        Assert.Equal((first, RunReason.Resumed), (run.Run, run.Reason));
        var truth = scene.Admin.DriveState(scene.Tenant.ToString(), user).Items;
        Assert.InRange(run.Counts.DownloadedBytes, 1, truth.Where(item => item.Kind == "file").Sum(item => item.Size) - before.DownloadedBytes);
        var summary = (await resource.ListPoints(CancellationToken.None))[0];
        var point = scene.Grains.Point(new RestorePointId(new ResourceId(scene.Tenant, ResourceKind.OneDrive, user), summary.Sequence));
        var root = Assert.Single(await point.ListFolders(CancellationToken.None), folder => folder.Kind == "drive");
        var file = Assert.Single((await point.ListItems(root.Id, null, 100, CancellationToken.None)).Items, item => item.Subject == "a.iso");
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await foreach (var piece in point.ReadContent(file.Id, "content", CancellationToken.None))
            hash.AppendData(piece.Span);
        Assert.Equal(truth.Single(item => item.Path == "a.iso").Sha256, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    /// <summary>Drives are taken into protection after the mailboxes.</summary>
    private static async Task<RunId> FirstRunAsync(IProtectedResourceGrain resource)
    {
        using var patience = new CancellationTokenSource(Hang.Limit);
        while (true)
        {
            try
            {
                if (await resource.ListRuns(patience.Token) is [var first, ..])
                    return first.Progress.Run;
            }
            catch (NotFoundException) when (!patience.IsCancellationRequested)
            {
            }
            await Hang.MomentAsync(patience.Token);
        }
    }
}
