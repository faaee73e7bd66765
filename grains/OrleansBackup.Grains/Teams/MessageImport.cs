using System.Collections.Immutable;
using System.Globalization;
using OrleansBackup.GrainInterfaces.Restores;
using OrleansBackup.Grains.Restores;
using OrleansBackup.Grains.Runs;
using OrleansBackup.Microsoft365;
using OrleansBackup.Microsoft365.Mail;
using OrleansBackup.Microsoft365.Teams;
using OrleansBackup.Vault;

namespace OrleansBackup.Grains.Teams;

/// <summary>Puts messages back as messages, with author and time, through the service's import of history.</summary>
/// <remarks>A message's time is its id, so one that an interrupted attempt made is found by it. No application can change or delete a message that is there.</remarks>
internal sealed class MessageImport(ConflictPolicy conflict, RestorePlan plan, PointReader point, TargetChannels targets, TeamWriter writer) : IPartRestore
{
    private const int FailuresUntilGivingUp = 20;
    private const int MostTimes = 50;

    private readonly Dictionary<string, string> _posts = new(StringComparer.Ordinal); // item id of a post, its id in the target
    private readonly TargetPresence _presence = new(targets.CheckTeamAsync);
    private int _failuresInARow;

    public IAsyncEnumerable<ItemVersion> ItemsAsync(CancellationToken cancellation) => plan.ItemsAsync(cancellation);

    public void Remember(ItemOutcome outcome)
    {
        if (outcome.NewId is { } id)
            _posts[outcome.ItemId] = id;
    }

    public async Task<ImmutableArray<ItemOutcome>> RestoreAsync(IReadOnlyList<ItemVersion> page, bool interrupted, CancellationToken cancellation)
    {
        _presence.BeginPage();
        var outcomes = ImmutableArray.CreateBuilder<ItemOutcome>(page.Count);
        foreach (var item in page) // one after the other: replies need their posts, and the service takes few a second
        {
            var outcome = item.Kind == ItemKinds.ChannelMessage ? await RestoreAsync(item, interrupted, cancellation) : ItemOutcomes.NeverHandedOver(item);
            Remember(outcome);
            outcomes.Add(outcome);
        }
        return outcomes.ToImmutable();
    }

    public async Task CompleteAsync(IRestoreLedger ledger, CancellationToken cancellation)
    {
        foreach (var channel in plan.Folders().Where(folder => folder.Kind == ItemKinds.Channel))
            await targets.EnsureAsync(channel.Id, ledger.Warn, cancellation);
        await targets.CloseAsync(ledger.Warn, cancellation);
    }

    private async Task<ItemOutcome> RestoreAsync(ItemVersion item, bool interrupted, CancellationToken cancellation)
    {
        try
        {
            var target = await targets.ResolveAsync(item.ParentId!, cancellation);
            var (post, id) = (TeamItems.PostOf(item), TeamItems.GraphIdOf(item));
            var targetPost = post is null ? null : PostIn(target, item, post);
            var key = TargetChannels.KeyOf(targetPost, id);
            // A reply can stand below a deleted post that was put back under another time.
            var isThere = target.Present.ContainsKey(key) || target.Present.ContainsKey(TargetChannels.KeyOf(post, id));
            if (isThere && (conflict != ConflictPolicy.Copy || interrupted))
            {
                return interrupted
                    ? ItemOutcomes.Restored(item, id, [new Loss(LossKinds.NotWrittenDown, "It may have been put back just before the job was interrupted; what it may have lost then was not written down.")])
                    : ItemOutcomes.Skipped(item, conflict == ConflictPolicy.Overwrite ? "It is still in the channel, where no application can change or delete it." : "It is still in the channel.");
            }
            if (await ImportAsync(item, target, targetPost, cancellation) is not var (newId, losses))
                return ItemOutcomes.Skipped(item, "An earlier restore has put it back, a little later than it was.");
            target.Present[TargetChannels.KeyOf(targetPost, newId)] = item.Properties.GetValueOrDefault(TeamItems.AuthorProperty);
            _failuresInARow = 0;
            if (post is not null && targetPost is null)
                losses = losses.Add(new Loss(TeamLossKind.Chain, "The post that it answered is neither in the target nor was it put back; it is a post now."));
            return ItemOutcomes.Restored(item, newId, losses);
        }
        catch (Exception exception) when (exception is GraphTransientException or GraphRefusedException or ItemUnreadableException or ItemGoneException or DamagedObjectException)
        {
            if (exception is GraphTransientException && ++_failuresInARow >= FailuresUntilGivingUp)
                throw; // not bad items but a bad day: the job rests and goes on later
            await _presence.DoubtAsync(exception, cancellation);
            return ItemOutcomes.Failed(item, exception.Message);
        }
    }

    /// <summary>The post in the target that the reply belongs to, as it was or a little later as an earlier restore left it; null when there is none.</summary>
    private string? PostIn(TargetChannel target, ItemVersion reply, string post)
    {
        if (_posts.TryGetValue(TeamItems.MessageId(TeamItems.ChannelOf(reply.Id), null, post), out var made))
            return made;
        if (target.Present.ContainsKey(post) || !long.TryParse(post, NumberStyles.None, CultureInfo.InvariantCulture, out var time))
            return target.Present.ContainsKey(post) ? post : null;
        return Enumerable.Range(1, MostTimes).Select(moved => (time + moved).ToString(CultureInfo.InvariantCulture)).FirstOrDefault(target.Present.ContainsKey);
    }

    /// <returns>Null: what stands right behind the taken time is the same author's, as an earlier restore left it.</returns>
    private async Task<(string Id, ImmutableArray<Loss> Losses)?> ImportAsync(ItemVersion item, TargetChannel target, string? targetPost, CancellationToken cancellation)
    {
        var json = await ItemOutcomes.ReadJsonAsync(point, item, cancellation);
        var pictures = await StoredMessages.PicturesAsync(point, item, cancellation);
        var at = item.Time ?? DateTimeOffset.FromUnixTimeMilliseconds(long.TryParse(TeamItems.GraphIdOf(item), out var number) ? number : 0);
        for (var moved = 0; ; moved++)
        {
            var (body, losses) = ChannelMessageComposer.Compose(json, pictures, at.AddMilliseconds(moved))
                ?? throw new GraphRefusedException("The message says no author, as those of bots; an import needs one.", "NoAuthor", requestId: null, status: 400);
            try
            {
                var id = await writer.ImportAsync(target.Id, targetPost, body, cancellation);
                return (id, moved == 0 ? losses : losses.Add(new Loss(TeamLossKind.Time, $"Another message has its time; it is {moved} ms later.", Count: moved)));
            }
            catch (GraphRefusedException e) when (e.Status == 409 && moved < MostTimes)
            {
                // The time is taken, by another message or by this one, deleted.
                var next = TargetChannels.KeyOf(targetPost, at.AddMilliseconds(moved + 1).ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture));
                if (conflict != ConflictPolicy.Copy && target.Present.TryGetValue(next, out var author) && author == item.Properties.GetValueOrDefault(TeamItems.AuthorProperty))
                    return null;
            }
        }
    }
}
