using System.Collections.Immutable;
using Microsoft.Extensions.Options;
using OrleansBackup.Domain.Identity;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Restores;
using OrleansBackup.Grains.Restores;
using OrleansBackup.Grains.Runs;
using OrleansBackup.Microsoft365;
using OrleansBackup.Microsoft365.Drives;
using OrleansBackup.Microsoft365.Teams;
using OrleansBackup.Vault;

namespace OrleansBackup.Grains.Teams;

/// <summary>Puts back what a team held: messages as messages where the tenant permits an import of history, else as HTML in the channel's files; tabs, people, settings.</summary>
internal sealed class TeamRestore(IOptions<TeamReadOptions> options, IOptions<DriveWriteOptions> files) : IResourceRestore
{
    private const int LongestSuffix = 30;

    public ResourceKind Kind => ResourceKind.Team;

    public bool CanRestoreInto(ResourceKind target) => target == ResourceKind.Team;

    public async Task CheckTargetAsync(RestoreRequest request, GraphClient target, CancellationToken cancellation)
    {
        if (SuffixOf(request).Length > LongestSuffix || request.TargetFolder.Any(string.IsNullOrWhiteSpace))
            throw new InvalidRequestException("target.folder", $"What is put behind the names of channels needs 1 to {LongestSuffix} characters.");
        try
        {
            var team = new TeamReader(target, (request.TargetResource ?? request.Point.Resource).ObjectId, options.Value);
            await team.ReadAsync(cancellation);
            if (request.TargetContainer is { } channel && (await team.ReadChannelsAsync(cancellation)).All(candidate => candidate.Channel.Id != channel))
                throw new InvalidRequestException("target.container", $"The target team has no channel '{channel}'. Nothing was started.");
        }
        catch (TeamUnavailableException exception)
        {
            throw new InvalidRequestException("target.resource", $"{exception.Message} Choose another team. Nothing was started.");
        }
    }

    public async Task<IReadOnlyList<IPartRestore>> PartsOfAsync(RestoreSource source, GraphClient target, IRestoreLedger ledger, CancellationToken cancellation)
    {
        var request = source.Request;
        var reader = new TeamReader(target, source.Target.ObjectId, options.Value);
        var writer = new TeamWriter(target, source.Target.ObjectId, options.Value);
        var parts = new List<IPartRestore>();
        if (MessagePlan(source) is { IsEmpty: false } messages)
        {
            var import = !request.IsRehearsal && await TeamWriter.CanImportAsync(target, cancellation) == true;
            ledger.Step(import ? "Messages go back as messages, with author and time" : "Messages go back as pages in the channel's files: the tenant does not permit an import");
            var targets = new TargetChannels(source.Point, reader, writer, source.Target == request.Point.Resource, SuffixOf(request), request.TargetContainer, import,
                (channel, token) => EarliestAsync(source.Point, channel, token));
            parts.Add(import ? new MessageImport(request.Conflict, messages, source.Point, targets, writer)
                : new MessageArchive(messages, source.Point, targets, reader, drive => new DriveWriter(target, drive, files.Value), request.IsRehearsal ? SuffixOf(request) : MessageArchive.FolderName));
        }
        if (TeamPlan(source) is { IsEmpty: false } team)
            parts.Add(new TeamPartRestore(request, team, source.Point, reader, writer));
        return parts;
    }

    public IReadOnlyList<PartForesight> ForesightsOf(RestoreSource source) => 
    [
        new(MessagePlan(source), Foresee) { LossesAmongOthers = (item, token) => ForeseeChainAsync(source.Point, item, token) },
        new(TeamPlan(source), _ => []),
    ];

    private static ImmutableArray<LossFact> Foresee(ItemVersion item)
    {
        var losses = ImmutableArray.CreateBuilder<LossFact>();
        if (item.Properties.ContainsKey(TeamItems.MissingPicturesProperty))
            losses.Add(new LossFact(TeamLossKind.Picture, null, null));
        foreach (var kind in TeamItems.NeverImported)
            if (item.Properties.TryGetValue(kind, out var count))
                losses.Add(new LossFact(kind, null, kind == TeamLossKind.Edited ? null : int.Parse(count, System.Globalization.CultureInfo.InvariantCulture)));
        return losses.ToImmutable();
    }

    /// <summary>A reply whose post the point does not hold becomes a post, unless the post is still in the target.</summary>
    private static async Task<ImmutableArray<LossFact>> ForeseeChainAsync(PointReader point, ItemVersion item, CancellationToken cancellation) =>
        item.Kind == ItemKinds.ChannelMessage && TeamItems.PostOf(item) is { } post && await point.FindAsync(TeamItems.MessageId(TeamItems.ChannelOf(item.Id), null, post), cancellation) is null
            ? [new LossFact(TeamLossKind.Chain, null, null)] : [];

    private static RestorePlan MessagePlan(RestoreSource source) => source.PlanOf(TeamItems.Channels, ItemKinds.ChannelMessage);

    private static RestorePlan TeamPlan(RestoreSource source) => source.PlanOf(ItemIds.Team, ItemKinds.Tab, ItemKinds.TeamMember);

    private static string SuffixOf(RestoreRequest request) => string.Join(' ', request.TargetFolder);

    private static async Task<DateTimeOffset> EarliestAsync(PointReader point, string channelItemId, CancellationToken cancellation)
    {
        var earliest = DateTimeOffset.MaxValue;
        await foreach (var item in point.ItemsAsync(new ItemFilter(ItemKinds.ChannelMessage, channelItemId), cancellation))
            if (item.Time < earliest)
                earliest = item.Time.Value;
        return earliest;
    }
}
