using System.Collections.Immutable;
using OrleansBackup.Domain.Identity;
using OrleansBackup.GrainInterfaces.Tenants;
using OrleansBackup.Microsoft365.Teams;

namespace OrleansBackup.Grains.Discovery;

/// <summary>Finds the teams. A team is a Microsoft 365 group that was made one, and has the group's id.</summary>
internal sealed class TeamFinder : IResourceFinder
{
    public ResourceKind Kind => ResourceKind.Team;

    public async Task<ImmutableArray<DiscoveredResource>> FindAsync(DiscoveryScene scene, CancellationToken cancellation)
    {
        var found = ImmutableArray.CreateBuilder<DiscoveredResource>();
        await foreach (var team in new TeamDirectory(scene.Client).ListTeamsAsync(cancellation))
            found.Add(new DiscoveredResource(scene.Of(Kind, team.Id), team.Name, "", "team", true, null));
        return found.ToImmutable();
    }
}

/// <summary>Finds the Microsoft 365 groups, whose conversations cannot be protected, so that they are listed with the reason.</summary>
internal sealed class GroupMailboxFinder : IResourceFinder
{
    public ResourceKind Kind => ResourceKind.GroupMailbox;

    public async Task<ImmutableArray<DiscoveredResource>> FindAsync(DiscoveryScene scene, CancellationToken cancellation)
    {
        var found = ImmutableArray.CreateBuilder<DiscoveredResource>();
        await foreach (var group in new TeamDirectory(scene.Client).ListGroupsAsync(cancellation))
            if (group.IsUnified)
                found.Add(new DiscoveredResource(scene.Of(Kind, group.Id), group.Name, group.Mail ?? "", "group", false, Kind.Limitation()));
        return found.ToImmutable();
    }
}
