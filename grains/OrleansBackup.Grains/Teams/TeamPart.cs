using System.Collections.Immutable;
using OrleansBackup.Grains.Runs;
using OrleansBackup.Microsoft365;
using OrleansBackup.Microsoft365.Teams;
using OrleansBackup.Vault;

namespace OrleansBackup.Grains.Teams;

/// <summary>The team itself: its settings, apps and people, its channels with their tabs and, for private and shared ones, their people.</summary>
/// <remarks>They have no change tracking and are few: each run reads them all. Chats of two or more people are in no team and are not backed up.</remarks>
internal sealed class TeamPart(TeamReader reader) : IRunPart
{
    private const string AppsRole = "apps";

    private readonly HashSet<string> _living = new(StringComparer.Ordinal);

    public string Name => ItemIds.Team;

    public bool IsEssential => true;

    public async Task BackUpAsync(RunSession session, CancellationToken cancellation)
    {
        session.Board.Step("Reading the team");
        var intake = new JsonIntake(session, session.DebtsOf(ItemIds.Team), ItemIds.Team);
        var team = await reader.ReadAsync(cancellation);
        var more = ImmutableSortedDictionary<string, ContentReference>.Empty;
        if (await AllowedAsync(session, "team-apps", () => reader.ReadAppsAsync(cancellation)) is { } apps)
            more = more.Add(AppsRole, await session.Writer.StoreAsync(Joined(apps), cancellation));
        await TakeAsync(intake, Plain(TeamItems.TeamId(reader.TeamId), null, ItemKinds.Team, team.Name), team.Json, cancellation, more);
        var members = await AllowedAsync(session, "team-members", () => reader.ReadMembersAsync(cancellation));
        foreach (var member in members ?? [])
            await TakeAsync(intake, Plain(TeamItems.MemberId(member.Id), TeamItems.TeamId(reader.TeamId), ItemKinds.TeamMember, member.Name), member.Json, cancellation);
        var whole = members is not null;
        foreach (var (channel, json) in await reader.ReadChannelsAsync(cancellation))
        {
            var item = Plain(TeamItems.ChannelId(channel.Id), TeamItems.TeamId(reader.TeamId), ItemKinds.Channel, channel.Name);
            await TakeAsync(intake, item with { Properties = item.Properties.Add(TeamItems.MembershipProperty, channel.Membership) }, json, cancellation);
            whole &= await TakeDetailsAsync(session, intake, channel, cancellation);
        }
        if (!whole)
            return; // what could not be read is not gone
        foreach (var kind in new[] { ItemKinds.TeamMember, ItemKinds.Tab })
            await intake.RemoveOthersAsync(new ItemFilter(kind, null), item => _living.Contains(item.Id), cancellation);
    }

    private async Task<bool> TakeDetailsAsync(RunSession session, JsonIntake intake, GraphChannel channel, CancellationToken cancellation)
    {
        try
        {
            var tabs = await AllowedAsync(session, "team-tabs", () => reader.ReadTabsAsync(channel.Id, cancellation));
            foreach (var tab in tabs ?? [])
                await TakeAsync(intake, Plain(TeamItems.TabId(channel.Id, tab.Id), TeamItems.ChannelId(channel.Id), ItemKinds.Tab, tab.Name), tab.Json, cancellation);
            if (channel.Membership == "standard")
                return tabs is not null;
            var members = await AllowedAsync(session, "channel-members", () => reader.ReadChannelMembersAsync(channel.Id, cancellation));
            foreach (var member in members ?? [])
                await TakeAsync(intake, Plain(TeamItems.ChannelMemberId(channel.Id, member.Id), TeamItems.ChannelId(channel.Id), ItemKinds.TeamMember, member.Name), member.Json, cancellation);
            return tabs is not null && members is not null;
        }
        catch (TeamUnavailableException)
        {
            return false; // the channel went since it was listed
        }
    }

    private async Task TakeAsync(JsonIntake intake, ItemVersion item, ReadOnlyMemory<byte> json, CancellationToken cancellation, ImmutableSortedDictionary<string, ContentReference>? more = null)
    {
        _living.Add(item.Id);
        await intake.TakeAsync(item, json, eTag: null, cancellation, more);
    }

    /// <returns>Null: the tenant does not permit it, which the point says.</returns>
    private static async Task<ImmutableArray<TeamThing>?> AllowedAsync(RunSession session, string what, Func<Task<ImmutableArray<TeamThing>>> read)
    {
        try
        {
            return await read();
        }
        catch (TenantAccessException exception) when (exception.Problem == TenantAccessProblem.PermissionMissing)
        {
            session.Note(PointDetails.Lacks + what, exception.Message);
            return null;
        }
    }

    private static ReadOnlyMemory<byte> Joined(ImmutableArray<TeamThing> things)
    {
        using var joined = new MemoryStream();
        joined.Write("["u8);
        for (var i = 0; i < things.Length; i++)
        {
            if (i > 0)
                joined.Write(","u8);
            joined.Write(things[i].Json.Span);
        }
        joined.Write("]"u8);
        return joined.ToArray();
    }

    private static ItemVersion Plain(string id, string? parentId, string kind, string name) =>
        new(id, parentId, kind, name, 0, null, ImmutableSortedDictionary<string, string>.Empty, ImmutableSortedDictionary<string, ContentReference>.Empty);
}
