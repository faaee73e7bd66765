using System.Globalization;
using OrleansBackup.GraphSimulator.Generation;

namespace OrleansBackup.GraphSimulator.World;

/// <summary>One drive, a OneDrive or a library of a site, with its whole history. Nothing is forgotten.</summary>
/// <remarks>Filled from its seed on first use. All state is read and changed under one lock; versions are immutable.</remarks>
public sealed partial class Drive
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, DriveItem> _items = new(StringComparer.Ordinal);
    private readonly List<DriveItemVersion> _log = [];
    private readonly SimulatorClock _clock;
    private Action<Drive>? _fill;
    private long _sequence;
    private long _lastNumber;
    private long _lastToken;
    private DateTimeOffset _lastEvent = DateTimeOffset.MinValue;

    /// <param name="id">The drive's id, as the service makes them.</param>
    /// <param name="ownerKey"><c>user:{id}</c> or <c>site:{id}</c>.</param>
    /// <param name="name">What a library is called.</param>
    /// <param name="clock">Gives the time of changes.</param>
    /// <param name="fill">Makes the initial content, on first use.</param>
    public Drive(string id, string ownerKey, string name, SimulatorClock clock, Action<Drive>? fill)
    {
        (Id, OwnerKey, Name, _clock, _fill) = (id, ownerKey, name, clock, fill);
        CreatedAt = clock.GetUtcNow();
        Root = NewItem(DriveItemKind.Root);
        Place(new DriveItemVersion
        {
            Item = Root, Sequence = ++_sequence, At = DateTimeOffset.MinValue, Name = "root", Parent = null,
            Created = CreatedAt, Modified = CreatedAt, CreatedBy = "", ModifiedBy = "",
        });
    }

    public string Id { get; }

    public string OwnerKey { get; }

    public string Name { get; }

    public DateTimeOffset CreatedAt { get; }

    public DriveItem Root { get; }

    /// <summary>A OneDrive; otherwise a library.</summary>
    public bool IsPersonal => OwnerKey.StartsWith("user:", StringComparison.Ordinal);

    /// <summary>Why the drive cannot be used; null when it can.</summary>
    public MailboxRefusal? Refusal { get; set; }

    /// <summary>Bad habits on order.</summary>
    public DriveQuirks Quirks { get; set; } = new();

    /// <summary>Mails that sharing has sent to people so far.</summary>
    public int InvitationsSent { get; internal set; }

    /// <summary>The number of the newest change.</summary>
    public long Sequence => Read(() => _sequence);

    /// <summary>Delta tokens issued before this number are dead.</summary>
    public long OldestLiveToken { get; private set; }

    /// <summary>Download addresses carry this number; those with another one have expired.</summary>
    public long DownloadEpoch { get; private set; }

    /// <summary>Makes every delta token of this drive answer as dead.</summary>
    public void ForgetDeltaTokens() => Read(() => OldestLiveToken = _lastToken + 1);

    /// <summary>Makes every download address that was handed out expire now.</summary>
    public void ExpireDownloads() => Read(() => ++DownloadEpoch);

    internal long IssueToken(int liveTokens) => Read(() =>
    {
        var number = ++_lastToken;
        if (liveTokens > 0)
            OldestLiveToken = Math.Max(OldestLiveToken, number - liveTokens + 1);
        return number;
    });

    /// <summary>Runs <paramref name="read"/> on a state that does not change meanwhile.</summary>
    public T Read<T>(Func<T> read)
    {
        lock (_lock)
        {
            if (_fill is { } fill)
            {
                _fill = null; // first, because filling calls back into the drive
                fill(this);
            }
            return read();
        }
    }

    /// <summary>All items that ever existed.</summary>
    internal IReadOnlyCollection<DriveItem> AllItems => _items.Values;

    /// <summary>An item that exists now.</summary>
    public DriveItem? Find(string id) => Read(() =>
        id == "root" ? Root : _items.TryGetValue(id, out var item) && !item.Latest.IsDeleted ? item : null);

    /// <summary>The item of that name, in any case of its letters, that lies in the parent now.</summary>
    public DriveItem? Child(DriveItem parent, string name) =>
        Read(() => parent.Children.FirstOrDefault(child => child.Latest.Name.Equals(name, StringComparison.OrdinalIgnoreCase)));

    /// <summary>Names from the top down to the item, joined with slashes.</summary>
    public string Path(DriveItem item) => Read(() =>
    {
        var names = new Stack<string>();
        for (var at = item; at.Kind != DriveItemKind.Root; at = at.Latest.Parent!)
            names.Push(at.Latest.Name);
        return string.Join('/', names);
    });

    private DriveItem NewItem(DriveItemKind kind)
    {
        var number = ++_lastNumber;
        var item = new DriveItem(number, string.Create(CultureInfo.InvariantCulture, $"01{StableHash.Of(Id):X16}{number:X14}"), kind);
        _items.Add(item.Id, item);
        return item;
    }

    private (long Sequence, DateTimeOffset At) Next(DateTimeOffset? at)
    {
        var time = at ?? _clock.GetUtcNow();
        if (time < _lastEvent)
            time = _lastEvent;
        _lastEvent = time;
        return (++_sequence, time);
    }
}

/// <summary>Bad habits of one drive that are seen in the field.</summary>
public sealed record DriveQuirks
{
    /// <summary>A round tells old states of items again before the new one.</summary>
    public bool ReplaysOldStates { get; init; }

    /// <summary>Delta pages of more than this many items time out; 0: every one does. Null: none.</summary>
    public int? DeltaTimesOutAbove { get; init; }

    /// <summary>Office, PDF and HTML files are changed by the service after an upload.</summary>
    public bool EnrichesUploads { get; init; }

    /// <summary>A range is answered with the whole file.</summary>
    public bool IgnoresRanges { get; init; }

    /// <summary>Sharing with people outside, and links for everybody, are switched off.</summary>
    public bool RefusesExternalSharing { get; init; }

    /// <summary>The address in a 410 answers 500.</summary>
    public bool BreaksResyncAddress { get; init; }
}
