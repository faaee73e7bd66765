using System.Collections.Immutable;
using OrleansBackup.Domain.Identity;
using OrleansBackup.GrainInterfaces.Tenants;
using OrleansBackup.Microsoft365.Directory;

namespace OrleansBackup.Grains.Discovery;

/// <summary>Finds the OneDrives of users. Who never had one is no gap in the backup and is not listed.</summary>
/// <remarks>Asked are accounts whose licence includes one, and those that had one: a OneDrive outlives the licence for a while. Many questions for what does not exist are throttled.</remarks>
internal sealed class OneDriveFinder : IResourceFinder
{
    private const int ProbesAtOnce = 200;

    public ResourceKind Kind => ResourceKind.OneDrive;

    public async Task<ImmutableArray<DiscoveredResource>> FindAsync(DiscoveryScene scene, CancellationToken cancellation)
    {
        var directory = new DirectoryReader(scene.Client);
        var found = ImmutableArray.CreateBuilder<DiscoveredResource>();
        var candidates = scene.Users.Where(user => user.HasSharePointPlan || scene.Known.ContainsKey(scene.Of(Kind, user.Id)));
        foreach (var block in candidates.Chunk(ProbesAtOnce))
        {
            var probes = await directory.ProbeDrivesAsync([.. block.Select(user => user.Id)], cancellation);
            found.AddRange(block.Zip(probes, (user, probe) => Judge(scene, user, probe)).OfType<DiscoveredResource>());
        }
        return found.ToImmutable();
    }

    private DiscoveredResource? Judge(DiscoveryScene scene, DirectoryUser user, DriveProbe probe)
    {
        var id = scene.Of(Kind, user.Id);
        return probe.Presence switch
        {
            DrivePresence.HasDrive => Of(true, null),
            DrivePresence.NoDrive when scene.Known.ContainsKey(id) => Of(false, $"Microsoft 365 says that this account has no OneDrive any more ({probe.Code})."),
            DrivePresence.NoDrive => null,
            // One bad answer concludes nothing: what was known stays.
            _ => scene.AsKnown(id) ?? Of(true, $"It could not be found out whether there is a OneDrive ({probe.Code}); asked again at the next discovery."),
        };

        DiscoveredResource Of(bool isThere, string? problem) => new(id, user.DisplayName, user.Mail ?? user.UserPrincipalName ?? "", "user", isThere, problem) { UsedBytes = probe.UsedBytes };
    }
}
