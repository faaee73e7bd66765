using System.Diagnostics.CodeAnalysis;

namespace OrleansBackup.GraphSimulator.World;

/// <summary>One mailbox with its whole history. Every change is an event with a number and a time; nothing is forgotten.</summary>
/// <remarks>
/// Filled from its seed on first use, so a tenant of many mailboxes costs what is touched. All state is read and changed
/// under one lock; versions are immutable and may be read outside it.
/// </remarks>
public sealed partial class Mailbox
{
    private readonly Lock _lock = new();
    private readonly Dictionary<int, MailFolder> _folders = [];
    private readonly Dictionary<string, MailFolder> _wellKnown = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<long, MailMessage> _messages = [];
    private readonly Dictionary<long, MailMessage> _moved = [];
    private readonly SimulatorClock _clock;
    private Action<Mailbox>? _fill;
    private long _sequence;
    private long _lastNumber;
    private DateTimeOffset _lastEvent = DateTimeOffset.MinValue;

    /// <param name="userId">The owner.</param>
    /// <param name="address">The owner's address.</param>
    /// <param name="clock">Gives the time of changes.</param>
    /// <param name="fill">Makes the initial content, on first use.</param>
    public Mailbox(Guid userId, string address, SimulatorClock clock, Action<Mailbox>? fill)
    {
        UserId = userId;
        Address = address;
        _clock = clock;
        _fill = fill;
    }

    public Guid UserId { get; }
    public string Address { get; }

    /// <summary>How many messages filling will make; tells a size without filling.</summary>
    public int ExpectedMessages { get; init; }

    /// <summary>The number of the newest change.</summary>
    public long Sequence => Read(() => _sequence);

    /// <summary>Delta tokens issued before this number are dead.</summary>
    public long OldestLiveToken { get; private set; }

    /// <summary>Makes every delta token of this mailbox answer as dead.</summary>
    public void ForgetDeltaTokens() => Read(() => OldestLiveToken = _lastToken + 1);

    /// <summary>Runs <paramref name="read"/> on a state that does not change meanwhile.</summary>
    public T Read<T>(Func<T> read)
    {
        lock (_lock)
        {
            Fill();
            return read();
        }
    }

    /// <summary>All folders that exist. Call within <see cref="Read{T}"/>.</summary>
    internal IEnumerable<MailFolder> Folders => _folders.Values.Where(folder => !folder.Latest.IsDeleted);

    /// <summary>All folders that ever existed.</summary>
    internal IReadOnlyCollection<MailFolder> AllFolders => _folders.Values;

    /// <summary>All messages that ever existed.</summary>
    internal IReadOnlyCollection<MailMessage> AllMessages => _messages.Values;

    /// <summary>A folder by its well-known name. It exists in every mailbox.</summary>
    public MailFolder WellKnown(string name) => Read(() => _wellKnown[name]);

    internal bool TryWellKnown(string name, [MaybeNullWhen(false)] out MailFolder folder)
    {
        MailFolder? found = null;
        var exists = Read(() => _wellKnown.TryGetValue(name, out found));
        folder = found;
        return exists;
    }

    /// <summary>A folder that exists now, by number.</summary>
    public MailFolder? FindFolder(int number) =>
        Read(() => _folders.TryGetValue(number, out var folder) && !folder.Latest.IsDeleted ? folder : null);

    /// <summary>A message that exists now, by the number in its immutable id.</summary>
    public MessageVersion? FindMessage(long number) =>
        Read(() => _messages.TryGetValue(number, out var message) && message.Latest.Folder is not null ? message.Latest : null);

    /// <summary>A message that exists now, by the number in its changeable id; an id from before a move finds nothing.</summary>
    public MessageVersion? FindMessageByMutable(long number) => Read(() =>
        (_messages.TryGetValue(number, out var message) || _moved.TryGetValue(number, out message))
        && message.Latest.Folder is not null && message.Latest.MutableNumber == number ? message.Latest : null);

    /// <summary>Any message that ever existed, by the number in its immutable id.</summary>
    public MailMessage? FindHistory(long number) => Read(() => _messages.GetValueOrDefault(number));

    /// <summary>How many messages lie in the visible tree now.</summary>
    public int CountMessages() => Read(() => _folders.Values.Where(folder => folder.IsInTree).Sum(folder => folder.Messages.Count));

    internal IEnumerable<MailFolder> Children(MailFolder parent) => Folders.Where(folder => folder.Latest.Parent == parent);

    private void Fill()
    {
        if (_fill is not { } fill)
            return;
        _fill = null; // first, because filling calls back into the mailbox
        fill(this);
    }

    private (long Sequence, DateTimeOffset At) Next(DateTimeOffset? at)
    {
        var time = at ?? _clock.GetUtcNow();
        if (time < _lastEvent)
            time = _lastEvent; // the order of events is the order of their numbers, whatever the clock does
        _lastEvent = time;
        return (++_sequence, time);
    }
}
