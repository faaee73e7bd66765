using Microsoft.Extensions.Options;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Grains.Runs;
using OrleansBackup.Microsoft365;
using OrleansBackup.Microsoft365.Teams;

namespace OrleansBackup.Grains.Teams;

/// <summary>What there is in a team. Its files are its site's.</summary>
internal sealed class TeamWorkload(IOptions<TeamReadOptions> options) : IResourceWorkload
{
    public ResourceKind Kind => ResourceKind.Team;

    public IEnumerable<IRunPart> PartsOf(RunRequest request, GraphClient client)
    {
        var reader = new TeamReader(client, request.Resource.ObjectId, options.Value);
        yield return new TeamPart(reader);
        yield return new ChannelsPart(reader);
    }
}
