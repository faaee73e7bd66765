using Microsoft.Extensions.Options;
using OrleansBackup.Demo.Clients;
using OrleansBackup.Domain.Identity;
using OrleansBackup.GrainInterfaces.Restores;
using OrleansBackup.Grains.Drives;
using OrleansBackup.Microsoft365;
using OrleansBackup.Microsoft365.Directory;
using OrleansBackup.Microsoft365.Drives;
using OrleansBackup.Vault;

namespace OrleansBackup.Benchmarks.Workloads;

/// <summary>The OneDrive of a tenant's one user.</summary>
internal sealed class MeasuredDrive : IAsyncDisposable
{
    private readonly MeasuredScene _scene;
    private readonly ResourceId _resource;

    private MeasuredDrive(MeasuredScene scene, ResourceId resource) => (_scene, _resource) = (scene, resource);

    public GraphStatistics Statistics => _scene.Statistics;

    public static async Task<MeasuredDrive> StartAsync(SimulatedRecipe recipe, CancellationToken cancellation)
    {
        var scene = await MeasuredScene.StartAsync(recipe, new GraphClientOptions(), cancellation);
        await foreach (var user in new DirectoryReader(scene.Client).ListUsersAsync(cancellation))
            return new MeasuredDrive(scene, new ResourceId(scene.Tenant, ResourceKind.OneDrive, user.Id));
        throw new InvalidOperationException("The tenant has no user.");
    }

    /// <summary>Lists everything once.</summary>
    public async Task ListAsync(CancellationToken cancellation)
    {
        var drive = await DriveReader.FindOfUserAsync(_scene.Client, _resource.ObjectId, cancellation);
        await foreach (var _ in new DriveReader(_scene.Client, drive.Id, new DriveReadOptions()).ReadChangesAsync(null, cancellation))
        {
        }
    }

    public Task<RestorePoint> BackUpAsync(CancellationToken cancellation) =>
        _scene.BackUpAsync(_resource, _ => [new OneDrivePart(_scene.Client, _resource.ObjectId, new DriveReadOptions())], cancellation);

    /// <returns>How many files were put back, into a new folder of the same drive.</returns>
    public async Task<int> RestoreAsync(RestorePoint point, CancellationToken cancellation) => (await _scene.RestoreAsync(
        _resource, point, new OneDriveRestore(Options.Create(new DriveReadOptions()), Options.Create(new DriveWriteOptions())), ConflictPolicy.Skip, cancellation)).Restored;

    public ValueTask DisposeAsync() => _scene.DisposeAsync();
}
