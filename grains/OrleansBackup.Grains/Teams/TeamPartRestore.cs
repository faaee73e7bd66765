using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using OrleansBackup.GrainInterfaces.Restores;
using OrleansBackup.Grains.Restores;
using OrleansBackup.Grains.Runs;
using OrleansBackup.Microsoft365;
using OrleansBackup.Microsoft365.Teams;
using OrleansBackup.Vault;

namespace OrleansBackup.Grains.Teams;

/// <summary>Puts back tabs and, where it was asked for, the people and the settings of a team.</summary>
/// <remarks>With a whole restore, people and settings come back only where permissions were asked for: both decide who may see what.</remarks>
internal sealed class TeamPartRestore(RestoreRequest request, RestorePlan plan, PointReader point, TeamReader reader, TeamWriter writer) : IPartRestore
{
    private ImmutableArray<(GraphChannel Channel, ReadOnlyMemory<byte> Json)>? _channels;

    private bool TakesPeople => request.Permissions || !request.Selection.Everything;

    public async IAsyncEnumerable<ItemVersion> ItemsAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var item in plan.ItemsAsync(cancellation))
            if (TakesPeople || item.Kind != ItemKinds.TeamMember)
                yield return item;
    }

    public void Remember(ItemOutcome outcome)
    {
    }

    public async Task CompleteAsync(IRestoreLedger ledger, CancellationToken cancellation)
    {
        if (!(request.Selection.Everything ? request.Permissions : plan.Folders().Any(folder => folder.Kind == ItemKinds.Team)))
            return;
        await foreach (var team in point.ItemsAsync(new ItemFilter(ItemKinds.Team, null), cancellation))
        {
            try
            {
                await writer.ChangeSettingsAsync(await ItemOutcomes.ReadJsonAsync(point, team, cancellation), cancellation);
            }
            catch (Exception exception) when (exception is GraphRefusedException or TenantAccessException)
            {
                ledger.Warn($"The settings of the team could not be put back: {exception.Message}");
            }
        }
    }

    public async Task<ImmutableArray<ItemOutcome>> RestoreAsync(IReadOnlyList<ItemVersion> page, bool interrupted, CancellationToken cancellation)
    {
        _channels = await reader.ReadChannelsAsync(cancellation);
        var outcomes = ImmutableArray.CreateBuilder<ItemOutcome>(page.Count);
        foreach (var item in page)
            outcomes.Add(item.Kind switch
            {
                ItemKinds.TeamMember => await TryAsync(item, () => RestoreMemberAsync(item, cancellation)),
                ItemKinds.Tab => await TryAsync(item, () => RestoreTabAsync(item, cancellation)),
                _ => ItemOutcomes.NeverHandedOver(item),
            });
        return outcomes.ToImmutable();
    }

    private static async Task<ItemOutcome> TryAsync(ItemVersion item, Func<Task<ItemOutcome>> restore)
    {
        try
        {
            return await restore();
        }
        catch (Exception exception) when (exception is GraphTransientException or GraphRefusedException or ItemGoneException or TenantAccessException { Problem: TenantAccessProblem.PermissionMissing } or DamagedObjectException)
        {
            return ItemOutcomes.Failed(item, exception.Message);
        }
    }

    private async Task<ItemOutcome> RestoreMemberAsync(ItemVersion item, CancellationToken cancellation)
    {
        var json = await ItemOutcomes.ReadJsonAsync(point, item, cancellation);
        var isOfTeam = ItemIds.ContainerIdOf(item.Id) == "member";
        var channel = isOfTeam ? null : await ChannelAsync(ItemIds.ContainerIdOf(item.Id)!, cancellation);
        if (!isOfTeam && channel is null)
            return ItemOutcomes.Failed(item, "The private or shared channel is not in the target, and Graph's import makes standard channels only.");
        var members = isOfTeam ? await reader.ReadMembersAsync(cancellation) : await reader.ReadChannelMembersAsync(channel!.Id, cancellation);
        if (members.Any(member => PersonOf(member.Json) == PersonOf(json)))
            return ItemOutcomes.Skipped(item, "The person is a member.");
        await writer.AddMemberAsync(json, channel?.Id, cancellation);
        return ItemOutcomes.Restored(item, ItemIds.GraphIdOf(item.Id), []);
    }

    private async Task<ItemOutcome> RestoreTabAsync(ItemVersion item, CancellationToken cancellation)
    {
        if (await ChannelAsync(ItemIds.ContainerIdOf(item.Id)!, cancellation) is not { } channel)
            return ItemOutcomes.Failed(item, "The channel of the tab is not in the target.");
        if ((await reader.ReadTabsAsync(channel.Id, cancellation)).Any(tab => tab.Name == item.Name))
            return ItemOutcomes.Skipped(item, "A tab of its name is in the channel.");
        await writer.AddTabAsync(channel.Id, await ItemOutcomes.ReadJsonAsync(point, item, cancellation), cancellation);
        return ItemOutcomes.Restored(item, ItemIds.GraphIdOf(item.Id), []);
    }

    private async Task<GraphChannel?> ChannelAsync(string graphId, CancellationToken cancellation)
    {
        var channels = _channels!.Value.Select(found => found.Channel).ToList();
        if (channels.Find(channel => channel.Id == graphId) is { } same)
            return same;
        var atPoint = await point.FindAsync(TeamItems.ChannelId(graphId), cancellation);
        return atPoint is null ? null : channels.Find(channel => channel.Name.Equals(atPoint.Name, StringComparison.OrdinalIgnoreCase));
    }

    private static string? PersonOf(ReadOnlyMemory<byte> member) => (string?)JsonNode.Parse(member.Span)?["userId"];
}
