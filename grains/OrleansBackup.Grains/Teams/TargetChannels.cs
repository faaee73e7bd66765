using System.Collections.Immutable;
using System.Text.Json.Nodes;
using OrleansBackup.Grains.Restores;
using OrleansBackup.Grains.Runs;
using OrleansBackup.Microsoft365;
using OrleansBackup.Microsoft365.Teams;
using OrleansBackup.Vault;

namespace OrleansBackup.Grains.Teams;

/// <summary>The channel that messages of a channel go to.</summary>
/// <param name="Present">Messages that are there now and who wrote them, a reply's key with its post's before it.</param>
internal sealed record TargetChannel(string Id, string Name, Dictionary<string, string?> Present);

/// <summary>Where the messages of a channel of the point go: its own channel, one of its name, a new one, or one beside it; opened for the past where asked.</summary>
/// <param name="suffix">Put behind the names of channels, which then are beside what is there; empty: the original places.</param>
/// <param name="into">A channel that takes everything; null: each its own.</param>
/// <param name="import">Messages go back as messages; otherwise channels are only looked for, to find their folders.</param>
internal sealed class TargetChannels(PointReader point, TeamReader reader, TeamWriter writer, bool sameTeam, string suffix, string? into, bool import, Func<string, CancellationToken, Task<DateTimeOffset>> earliest)
{
    private const int MostNames = 20;
    private const string Standard = "standard";

    private readonly Dictionary<string, TargetChannel> _targets = new(StringComparer.Ordinal);
    private readonly HashSet<string> _opened = new(StringComparer.Ordinal);
    private ImmutableArray<(GraphChannel Channel, ReadOnlyMemory<byte> Json)>? _now;

    /// <exception cref="GraphRefusedException">There is none and none could be made.</exception>
    public async Task<TargetChannel> ResolveAsync(string channelItemId, CancellationToken cancellation)
    {
        if (_targets.TryGetValue(channelItemId, out var known))
            return known;
        var channel = await point.FindAsync(channelItemId, cancellation) ?? throw new GraphRefusedException("The channel of the message is not in the restore point.", "NoChannel", requestId: null, status: 404);
        _now ??= await reader.ReadChannelsAsync(cancellation);
        var target = Existing(channel) is { } existing ? await OpenAsync(existing, channelItemId, cancellation) : await MakeAsync(channel, cancellation);
        return _targets[channelItemId] = target;
    }

    /// <summary>Makes a channel that is not there any more though nothing goes into it. What cannot be made is told.</summary>
    public async Task EnsureAsync(string channelItemId, Action<string> warn, CancellationToken cancellation)
    {
        if (!import || _targets.ContainsKey(channelItemId) || await point.FindAsync(channelItemId, cancellation) is not { } channel)
            return;
        try
        {
            _now ??= await reader.ReadChannelsAsync(cancellation);
            if (Existing(channel) is null)
                _targets[channelItemId] = await MakeAsync(channel, cancellation);
        }
        catch (GraphRefusedException exception)
        {
            warn($"Channel '{channel.Name}' could not be made again: {exception.Message}");
        }
    }

    /// <exception cref="TeamUnavailableException">The team is not there any more, or is closed.</exception>
    public Task CheckTeamAsync(CancellationToken cancellation) => reader.ReadAsync(cancellation);

    /// <summary>Ends the import in every channel that was opened for it, so that people can go on there.</summary>
    public async Task CloseAsync(Action<string> warn, CancellationToken cancellation)
    {
        foreach (var channel in _opened.ToList())
        {
            try
            {
                await writer.CompleteImportAsync(channel, cancellation);
                _opened.Remove(channel);
            }
            catch (Exception exception) when (exception is GraphRefusedException or ItemGoneException)
            {
                warn($"A channel could not be closed after the import: {exception.Message}");
            }
        }
    }

    private GraphChannel? Existing(ItemVersion channel)
    {
        var name = NameOf(channel);
        if (into is not null)
            return _now!.Value.Select(candidate => candidate.Channel).FirstOrDefault(candidate => candidate.Id == into) ?? throw new GraphRefusedException("The chosen channel is not in the target team.", "NoChannel", requestId: null, status: 404);
        // What few people were to read goes only where few people read: everybody in the team reads a standard channel.
        var membership = channel.Properties.GetValueOrDefault(TeamItems.MembershipProperty, Standard);
        var found = (sameTeam && suffix.Length == 0 ? _now!.Value.Select(candidate => candidate.Channel).FirstOrDefault(candidate => candidate.Id == ItemIds.GraphIdOf(channel.Id)) : null)
            ?? _now!.Value.Select(candidate => candidate.Channel).FirstOrDefault(candidate => candidate.Name.Equals(name, StringComparison.OrdinalIgnoreCase) && (membership == Standard || candidate.Membership == membership));
        if (found is null && membership != Standard)
            throw new GraphRefusedException($"The {membership} channel '{channel.Name}' is not in the target, and an application makes standard channels only, which everybody in the team reads. "
                + $"Make a {membership} channel of this name, or choose a channel.", "NoChannel", requestId: null, status: 404);
        return found ?? (import ? null : _now!.Value.Select(candidate => candidate.Channel).FirstOrDefault()); // an archive needs any folder of the team
    }

    private string NameOf(ItemVersion channel) => TeamWriter.Acceptable(suffix.Length == 0 ? channel.Name : $"{channel.Name} {suffix}");

    private async Task<TargetChannel> OpenAsync(GraphChannel channel, string channelItemId, CancellationToken cancellation)
    {
        if (!import)
            return new TargetChannel(channel.Id, channel.Name, []);
        var present = new Dictionary<string, string?>(StringComparer.Ordinal);
        await foreach (var page in reader.ReadMessagesAsync(channel.Id, since: null, cancellation))
            foreach (var message in page.Messages.Where(message => !message.IsDeleted))
                present[KeyOf(message.PostId, message.Id)] = message.Author;
        if (channel.MigrationMode != "inProgress") // otherwise an earlier attempt of the job opened it
        {
            var first = await earliest(channelItemId, cancellation);
            await writer.StartImportAsync(channel.Id, channel.Created is { } created && first < created ? first.AddSeconds(-1) : null, cancellation);
        }
        _opened.Add(channel.Id);
        return new TargetChannel(channel.Id, channel.Name, present);
    }

    private async Task<TargetChannel> MakeAsync(ItemVersion channel, CancellationToken cancellation)
    {
        var description = channel.Contents.ContainsKey(ContentRoles.Json) ? (string?)JsonNode.Parse((await ItemOutcomes.ReadJsonAsync(point, channel, cancellation)).Span)?["description"] : null;
        var first = await earliest(channel.Id, cancellation);
        DateTimeOffset? since = first == DateTimeOffset.MaxValue ? null : first.AddSeconds(-1); // nothing was said in it: an ordinary channel
        for (var number = 1; ; number++)
        {
            var name = number == 1 ? NameOf(channel) : TeamWriter.Acceptable($"{NameOf(channel)} {number}");
            try
            {
                var id = await writer.CreateChannelAsync(name, description, since, cancellation);
                if (since is not null)
                    _opened.Add(id);
                return new TargetChannel(id, name, []);
            }
            catch (GraphRefusedException e) when (e.Status is 400 or 409 && number < MostNames)
            {
                // A deleted channel keeps its name for a month.
            }
        }
    }

    public static string KeyOf(string? postId, string messageId) => postId is null ? messageId : $"{postId}/{messageId}";
}
