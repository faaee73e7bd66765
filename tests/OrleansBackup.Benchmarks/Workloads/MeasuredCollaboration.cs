using Microsoft.Extensions.Options;
using OrleansBackup.Demo.Clients;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Grains.Runs;
using OrleansBackup.Grains.Sites;
using OrleansBackup.Grains.Teams;
using OrleansBackup.Microsoft365;
using OrleansBackup.Microsoft365.Drives;
using OrleansBackup.Microsoft365.Sites;
using OrleansBackup.Microsoft365.Teams;
using OrleansBackup.Vault;

namespace OrleansBackup.Benchmarks.Workloads;

/// <summary>One site and one team of a tenant.</summary>
internal sealed class MeasuredCollaboration : IAsyncDisposable
{
    private readonly MeasuredScene _scene;
    private string _site = "", _team = "";

    private MeasuredCollaboration(MeasuredScene scene) => _scene = scene;

    public GraphStatistics Statistics => _scene.Statistics;

    public static async Task<MeasuredCollaboration> StartAsync(SimulatedRecipe recipe, CancellationToken cancellation)
    {
        var scene = new MeasuredCollaboration(await MeasuredScene.StartAsync(recipe, new GraphClientOptions(), cancellation));
        await foreach (var site in new SiteDirectory(scene._scene.Client).ListAsync(cancellation))
            if (scene._site.Length == 0 && site is { IsPersonal: false, ParentId: null })
                scene._site = site.Id;
        await foreach (var team in new TeamDirectory(scene._scene.Client).ListTeamsAsync(cancellation))
            scene._team = team.Id;
        return scene;
    }

    public Task<RestorePoint> SiteAsync(CancellationToken cancellation) =>
        BackUpAsync(new SiteWorkload(Options.Create(new SiteReadOptions()), Options.Create(new DriveReadOptions())), _site, cancellation);

    // The pace that one team grants is left out: it alone would be what is measured.
    public Task<RestorePoint> TeamAsync(CancellationToken cancellation) => BackUpAsync(new TeamWorkload(Options.Create(new TeamReadOptions { RequestsPerSecond = 1_000_000 })), _team, cancellation);

    public ValueTask DisposeAsync() => _scene.DisposeAsync();

    private Task<RestorePoint> BackUpAsync(IResourceWorkload workload, string objectId, CancellationToken cancellation) =>
        _scene.BackUpAsync(new ResourceId(_scene.Tenant, workload.Kind, objectId), request => workload.PartsOf(request, _scene.Client), cancellation);
}
