using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace OrleansBackup.GraphSimulator.World;

/// <summary>Calendars, contacts and tasks: what can happen to them. <c>at</c> defaults to the clock and is never before the last event.</summary>
public sealed partial class Mailbox
{
    private const long FirstItem = 1L << 40;
    private readonly Dictionary<long, MailboxItem> _items = [];
    private readonly Dictionary<long, MailboxItem> _itemsByMutable = [];
    private readonly Dictionary<string, MailboxItem> _wellKnownItems = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<SentMessage> _sent = [];
    private long _lastItem = FirstItem;

    /// <summary>Everything that left this mailbox because of a change to a calendar: invitations, updates, cancellations. In order.</summary>
    public IReadOnlyList<SentMessage> Sent => Read<IReadOnlyList<SentMessage>>(() => [.. _sent]);

    /// <summary>Items that ever existed, the deleted ones included. Call within <see cref="Read{T}"/>.</summary>
    internal IReadOnlyCollection<MailboxItem> AllItems => _items.Values;

    /// <summary>Items that exist, in the order of their making. Call within <see cref="Read{T}"/>.</summary>
    internal IEnumerable<MailboxItem> Items(ItemKind kind, MailboxItem? container = null) =>
        _items.Values.Where(item => item.Kind == kind && !item.Latest.IsDeleted && (container is null || item.Latest.Container == container));

    /// <summary>The default calendar, calendar group, contact folder or task list.</summary>
    public MailboxItem WellKnownItem(string name) => Read(() => _wellKnownItems[name]);

    /// <summary>An item that exists now, by the number in its immutable (or constant) id.</summary>
    public ItemVersion? FindItem(long number) =>
        Read(() => _items.TryGetValue(number, out var item) && !item.Latest.IsDeleted ? item.Latest : null);

    /// <summary>An item that exists now, by the number in its changeable id.</summary>
    public ItemVersion? FindItemByMutable(long number) =>
        Read(() => _itemsByMutable.TryGetValue(number, out var item) && !item.Latest.IsDeleted ? item.Latest : null);

    public ItemVersion AddItem(ItemKind kind, MailboxItem? container, JsonObject properties, DateTimeOffset? at = null, string? wellKnownName = null,
        Func<ItemVersion, ItemVersion>? and = null) => Read(() =>
    {
        var (sequence, time) = Next(at);
        var item = new MailboxItem(kind, ++_lastItem, wellKnownName);
        var version = new ItemVersion
        {
            Item = item, Sequence = sequence, At = time, CreatedAt = time, Container = container, MutableNumber = item.Number, Properties = properties,
        };
        item.Latest = and is null ? version : and(version);
        _items.Add(item.Number, item);
        _itemsByMutable.Add(item.Number, item);
        if (wellKnownName is not null)
            _wellKnownItems.Add(wellKnownName, item);
        return item.Latest;
    });

    public ItemVersion ChangeItem(MailboxItem item, Func<ItemVersion, ItemVersion> change, DateTimeOffset? at = null) => Read(() =>
    {
        var (sequence, time) = Next(at);
        return item.Latest = change(item.Latest) with { Previous = item.Latest, Sequence = sequence, At = time };
    });

    /// <summary>To another calendar, folder or list of the same mailbox: the changeable id changes.</summary>
    public ItemVersion MoveItem(MailboxItem item, MailboxItem to, DateTimeOffset? at = null) => Read(() =>
    {
        _itemsByMutable.Remove(item.Latest.MutableNumber);
        var number = ++_lastItem;
        _itemsByMutable.Add(number, item);
        return ChangeItem(item, version => version with { Container = to, MutableNumber = number }, at);
    });

    /// <summary>Deletes an item, and with a container all in it. Tells nobody: that is what the API does.</summary>
    public void DeleteItem(MailboxItem item, DateTimeOffset? at = null) => Read(() =>
    {
        foreach (var child in _items.Values.Where(child => child.Latest.Container == item && !child.Latest.IsDeleted).ToList())
            DeleteItem(child, at);
        return ChangeItem(item, version => version with { IsDeleted = true }, at);
    });

    /// <summary>Notes a message that the service would now send to people.</summary>
    internal void Send(string kind, IEnumerable<string> recipients, string? subject) => Read(() =>
    {
        var to = recipients.ToImmutableArray();
        if (!to.IsEmpty)
            _sent.Add(new SentMessage(_clock.GetUtcNow(), kind, to, subject));
        return to.Length;
    });

    /// <summary>Changes of the items of a container (null: of all of that kind) after a position.</summary>
    internal DeltaPage<(ItemVersion Version, bool Removed)> ItemChanges(ItemKind kind, MailboxItem? container, long position, long until, bool isFirstRound, int limit) => Read(() =>
    {
        var changed = _items.Values.Where(item => item.Kind == kind && item.Latest.Sequence > position && item.Latest.Sequence <= until)
            .Select(item => (Version: item.Latest, Removed: item.Latest.IsDeleted || (container is not null && item.Latest.Container != container)))
            .Where(change => !change.Removed || (!isFirstRound && WasIn(change.Version, container)))
            .OrderBy(change => change.Version.Sequence).ToList();
        return changed.Count <= limit
            ? new DeltaPage<(ItemVersion, bool)>(changed, until, IsLast: true)
            : new DeltaPage<(ItemVersion, bool)>(changed[..limit], changed[limit - 1].Version.Sequence, IsLast: false);
    });

    private static bool WasIn(ItemVersion version, MailboxItem? container)
    {
        for (var before = version; before is not null; before = before.Previous)
        {
            if (container is null || before.Container == container)
                return true;
        }
        return false;
    }
}

/// <summary>A message that the service would have sent. <paramref name="Kind"/>: <c>invitation</c>, <c>update</c>, <c>cancellation</c> or <c>mail</c>.</summary>
public sealed record SentMessage(DateTimeOffset At, string Kind, ImmutableArray<string> Recipients, string? Subject);
