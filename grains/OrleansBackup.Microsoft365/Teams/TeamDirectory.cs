using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text.Json;
using OrleansBackup.Microsoft365.Paging;
using OrleansBackup.Microsoft365.Transport;

namespace OrleansBackup.Microsoft365.Teams;

/// <summary>Finds the groups, teams and channels of a tenant.</summary>
public sealed class TeamDirectory(GraphClient client)
{
    private const int PageSize = 999;

    /// <summary>Every group, security groups too.</summary>
    /// <exception cref="TenantAccessException">The tenant is closed to us, or does not grant the permission.</exception>
    public IAsyncEnumerable<GraphGroup> ListGroupsAsync(CancellationToken cancellation) =>
        ListAsync($"groups?$select={GraphGroup.Select}&$top={PageSize}", RequestSubject.Tenant, load: null, CollaborationGrants.ReadGroups, GraphGroup.Read, group => group.Id, cancellation);

    /// <summary>Every team.</summary>
    /// <inheritdoc cref="ListGroupsAsync" path="/exception"/>
    public IAsyncEnumerable<GraphTeam> ListTeamsAsync(CancellationToken cancellation) =>
        ListAsync("teams?$select=id,displayName", RequestSubject.Tenant, load: null, CollaborationGrants.ReadTeams, GraphTeam.Read, team => team.Id, cancellation);

    /// <summary>The channels of a team that live in it. Shared ones that other teams share with it are those teams'.</summary>
    /// <exception cref="TeamUnavailableException">The team is gone or closed.</exception>
    public IAsyncEnumerable<GraphChannel> ListChannelsAsync(string teamId, CancellationToken cancellation) =>
        ListAsync($"teams/{Uri.EscapeDataString(teamId)}/channels?$select=id,displayName,membershipType,isArchived,tenantId", RequestSubject.Team, CollaborationFailures.LoadOfTeam(teamId),
            CollaborationGrants.ReadChannels, GraphChannel.Read, channel => channel.Id, cancellation);

    private async IAsyncEnumerable<T> ListAsync<T>(string path, RequestSubject subject, string? load, ImmutableArray<string> permissions, Func<JsonElement, T?> read, Func<T, string> idOf,
        [EnumeratorCancellation] CancellationToken cancellation)
        where T : class
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var first = new GraphRequest { Method = HttpMethod.Get, Address = client.Address(path), Subject = subject, Mailbox = load, AnyPermission = permissions };
        await foreach (var page in ListWalk.PagesAsync(client, first, cancellation))
        {
            foreach (var item in page.Items)
            {
                using var document = JsonDocument.Parse(item);
                if (read(document.RootElement) is { } found && seen.Add(idOf(found))) yield return found;
            }
        }
    }
}
