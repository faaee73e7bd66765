using System.Collections.Immutable;
using System.Globalization;
using OrleansBackup.Grains.Runs;
using OrleansBackup.Microsoft365;
using OrleansBackup.Microsoft365.Teams;
using OrleansBackup.Vault;

namespace OrleansBackup.Grains.Teams;

/// <summary>One run over the channels of a team: what was said or changed since the last one, with its pictures; what was deleted goes.</summary>
/// <remarks>
/// A channel's moment moves on at its end only: an interrupted channel is asked for again from the same moment, and what is stored already is neither read nor
/// written again. Where a channel is told whole, what it does not tell is gone.
/// </remarks>
internal sealed class ChannelsRun
{
    /// <summary>Changes have been seen to show late; what is told twice changes nothing.</summary>
    private static readonly TimeSpan Overlap = TimeSpan.FromHours(1);

    private const string PictureMissing = "PictureMissing";
    private const int AttemptsBeforeRest = 3;

    private readonly RunSession _session;
    private readonly TeamReader _reader;
    private readonly DebtBook _debts;
    private readonly JsonIntake _intake;
    private ChannelsCheckpoint _checkpoint;

    public ChannelsRun(RunSession session, TeamReader reader)
    {
        (_session, _reader) = (session, reader);
        _debts = session.DebtsOf(TeamItems.Channels);
        _intake = new JsonIntake(session, _debts, TeamItems.Channels);
        _checkpoint = ChannelsCheckpoint.Parse(session.CheckpointOf(TeamItems.Channels));
        session.KeepCheckpoint(TeamItems.Channels, () => _checkpoint.ToString());
    }

    public async Task BackUpAsync(CancellationToken cancellation)
    {
        var owing = await KnowDebtsAsync(cancellation);
        var channels = await _reader.ReadChannelsAsync(cancellation);
        await RemoveGoneAsync(channels.Select(channel => TeamItems.ChannelId(channel.Channel.Id)).ToHashSet(StringComparer.Ordinal), cancellation);
        long listed = 0;
        foreach (var (channel, _) in channels)
            listed += await ReadAsync(channel, isWhole: _session.Request.CompareListing || owing.Contains(channel.Id), cancellation);
        _session.Board.Count(counts => counts with { Folders = counts.Folders + channels.Length });
        if (!_session.Request.CompareListing)
            return;
        _session.Note(PointDetails.ComparedAt, _session.Time.GetUtcNow().ToString("O", CultureInfo.InvariantCulture));
        _session.Note(PointDetails.Listed, listed.ToString(CultureInfo.InvariantCulture));
    }

    /// <returns>Channels with something to try again or to heal: they are read whole, since a message alone does not say what changed around it.</returns>
    private async Task<HashSet<string>> KnowDebtsAsync(CancellationToken cancellation)
    {
        var channels = _session.ToHealOf(TeamItems.Channels).Select(ItemIds.ContainerIdOf).OfType<string>().ToHashSet(StringComparer.Ordinal);
        foreach (var debt in await _debts.ReadAsync(cancellation))
        {
            if (debt.Attempts >= AttemptsBeforeRest && !_session.Request.CompareListing)
            {
                _debts.Rest(debt);
                continue;
            }
            _debts.Know(debt);
            channels.Add(TeamItems.ChannelOf(debt.ItemId));
        }
        return channels;
    }

    private async Task RemoveGoneAsync(HashSet<string> living, CancellationToken cancellation)
    {
        var gone = new List<string>();
        await foreach (var channel in _session.Writer.ItemsAsync(new ItemFilter(ItemKinds.Channel, null), cancellation))
            if (!living.Contains(channel.Id))
                gone.Add(channel.Id);
        foreach (var channel in gone)
        {
            await _intake.RemoveOthersAsync(new ItemFilter(null, channel), _ => false, cancellation);
            await _intake.RemoveAsync(channel, cancellation);
            _checkpoint = new(_checkpoint.ReadUntil.Remove(ItemIds.GraphIdOf(channel)));
        }
    }

    private async Task<long> ReadAsync(GraphChannel channel, bool isWhole, CancellationToken cancellation)
    {
        _session.Board.Step($"Reading channel '{channel.Name}'");
        DateTimeOffset? since = isWhole || !_checkpoint.ReadUntil.TryGetValue(channel.Id, out var until) ? null : until - Overlap;
        var newest = _checkpoint.ReadUntil.GetValueOrDefault(channel.Id);
        HashSet<UInt128>? seen = null;
        try
        {
            await foreach (var page in _reader.ReadMessagesAsync(channel.Id, since, cancellation))
            {
                seen ??= page.IsWhole ? [] : null;
                foreach (var message in page.Messages)
                {
                    if (!message.IsDeleted)
                        seen?.Add(IdHash.Of(TeamItems.MessageId(channel.Id, message.PostId, message.Id)));
                    if (message.Modified > newest)
                        newest = message.Modified.Value;
                    await TakeAsync(channel, message, cancellation);
                }
                await _session.CommitWhenDueAsync(cancellation);
            }
        }
        catch (TeamUnavailableException exception) when (exception.Problem == TeamProblem.NoTeam)
        {
            return 0; // the channel went since it was listed: the next run takes it out
        }
        if (seen is not null)
            foreach (var kind in new[] { ItemKinds.ChannelMessage, ItemKinds.ChannelEvent })
                await _intake.RemoveOthersAsync(new ItemFilter(kind, TeamItems.ChannelId(channel.Id)), item => seen.Contains(IdHash.Of(item.Id)), cancellation);
        if (newest > DateTimeOffset.MinValue)
            _checkpoint = new(_checkpoint.ReadUntil.SetItem(channel.Id, newest));
        await _session.CommitWhenDueAsync(cancellation);
        return seen?.Count ?? 0;
    }

    private async Task TakeAsync(GraphChannel channel, ChannelMessage message, CancellationToken cancellation)
    {
        var item = TeamItems.Message(channel.Id, message);
        if (message.IsDeleted)
        {
            await _intake.RemoveAsync(item.Id, cancellation);
            return;
        }
        var mark = $"{message.ETag}/{message.Modified?.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture)}";
        if (await _intake.HasAsync(item.Id, mark, cancellation) || _debts.Rests(item.Id) && await IsSameAsync(item.Id, mark, cancellation))
            return;
        var (pictures, missing, problem) = await ReadPicturesAsync(channel, message, cancellation);
        if (missing > 0)
            item = item with { Properties = item.Properties.Add(TeamItems.MissingPicturesProperty, missing.ToString(CultureInfo.InvariantCulture)) };
        await _intake.TakeAsync(item, message.Json, mark, cancellation, pictures, forgive: problem is null);
        if (problem is not null)
            await _debts.OweAsync(item.Id, item.ParentId, item.Name, problem, cancellation); // the message is there, and a picture of it is owed
    }

    private async Task<bool> IsSameAsync(string itemId, string mark, CancellationToken cancellation) =>
        await _session.Writer.FindAsync(itemId, cancellation) is { } stored && stored.Properties.GetValueOrDefault(JsonIntake.ETagProperty) == mark;

    private async Task<(ImmutableSortedDictionary<string, ContentReference> Pictures, int Missing, string? Problem)> ReadPicturesAsync(GraphChannel channel, ChannelMessage message, CancellationToken cancellation)
    {
        var pictures = ImmutableSortedDictionary.CreateBuilder<string, ContentReference>(StringComparer.Ordinal);
        var (missing, problem) = (0, (string?)null);
        foreach (var id in message.HostedContents)
        {
            try
            {
                await using var bytes = await _reader.OpenHostedContentAsync(channel.Id, message, id, cancellation);
                pictures[TeamItems.HostedRole + id] = await _session.Writer.StoreAsync(bytes, cancellation);
            }
            catch (ItemGoneException)
            {
                missing++; // gone with an edit that the next run tells, or for good
            }
            catch (Exception exception) when (DebtBook.IsOfItem(exception))
            {
                _debts.ThrowOnBadDay(exception);
                missing++;
                problem = $"{PictureMissing}: {DebtBook.CodeOf(exception)}";
            }
        }
        return (pictures.ToImmutable(), missing, problem);
    }
}
