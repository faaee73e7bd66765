namespace OrleansBackup.GraphSimulator.World;

/// <summary>The things of one collection (groups, items of a list, messages of a channel) with their whole history. Nothing is forgotten.</summary>
/// <remarks>All state is read and changed under one lock; states are immutable. Filled on first use.</remarks>
/// <typeparam name="T">An immutable state.</typeparam>
public sealed class ChronicleBook<T>(SimulatorClock clock, Action<ChronicleBook<T>>? fill = null) where T : class
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Chronicle<T>> _things = new(StringComparer.Ordinal);
    private readonly List<ChronicleVersion<T>> _log = [];
    private Action<ChronicleBook<T>>? _fill = fill;
    private long _lastToken;
    private DateTimeOffset _lastEvent = DateTimeOffset.MinValue;

    /// <summary>The number of the newest change.</summary>
    public long Sequence => Read(() => (long)_log.Count);

    /// <summary>Delta tokens issued before this number are dead.</summary>
    public long OldestLiveToken { get; private set; }

    /// <summary>Makes every delta token of this collection answer as dead.</summary>
    public void ForgetDeltaTokens() => Read(() => OldestLiveToken = _lastToken + 1);

    internal long IssueToken(int liveTokens) => Read(() =>
    {
        var number = ++_lastToken;
        if (liveTokens > 0)
            OldestLiveToken = Math.Max(OldestLiveToken, number - liveTokens + 1);
        return number;
    });

    /// <summary>What exists now, in the order of its making.</summary>
    public IReadOnlyList<ChronicleVersion<T>> Living => Read<IReadOnlyList<ChronicleVersion<T>>>(() =>
        [.. _things.Values.Select(thing => thing.Latest).Where(version => !version.IsDeleted).OrderBy(version => version.Thing.Number)]);

    /// <summary>What existed at a moment, in the order of its making.</summary>
    public IReadOnlyList<ChronicleVersion<T>> LivingAt(DateTimeOffset time) => Read<IReadOnlyList<ChronicleVersion<T>>>(() =>
        [.. _things.Values.Select(thing => thing.At(time)).OfType<ChronicleVersion<T>>().Where(version => !version.IsDeleted).OrderBy(version => version.Thing.Number)]);

    /// <summary>Something that exists now.</summary>
    public ChronicleVersion<T>? Find(string id) => Read(() => _things.TryGetValue(id, out var thing) && !thing.Latest.IsDeleted ? thing.Latest : null);

    public int Count => Read(() => _things.Values.Count(thing => !thing.Latest.IsDeleted));

    /// <param name="make">The state, from the number that the new thing has in the collection and the time.</param>
    /// <param name="id">From that number; null: the number itself.</param>
    public ChronicleVersion<T> Add(Func<long, DateTimeOffset, T> make, Func<long, string>? id = null, DateTimeOffset? at = null) => Read(() =>
    {
        var number = _things.Count + 1;
        var thing = new Chronicle<T>(id?.Invoke(number) ?? number.ToString(System.Globalization.CultureInfo.InvariantCulture), number);
        var time = Next(at);
        if (_things.TryGetValue(thing.Id, out var old) && old.Latest is { IsDeleted: true } gone) // somebody comes back under the id of then
            return Place(gone with { State = make(old.Number, time), IsDeleted = false, Sequence = _log.Count + 1, At = time, Number = gone.Number + 1, Previous = gone });
        _things.Add(thing.Id, thing);
        return Place(new ChronicleVersion<T>(thing, make(number, time), _log.Count + 1, time, 1, IsDeleted: false, Previous: null));
    });

    /// <exception cref="KeyNotFoundException">There is none of that id now.</exception>
    public ChronicleVersion<T> Change(string id, Func<T, DateTimeOffset, T> change, DateTimeOffset? at = null) => Read(() =>
    {
        var latest = Find(id) ?? throw new KeyNotFoundException($"Nothing '{id}' is there.");
        var time = Next(at);
        return Place(latest with { State = change(latest.State, time), Sequence = _log.Count + 1, At = time, Number = latest.Number + 1, Previous = latest });
    });

    /// <summary>Takes it away; one that is not there stays away.</summary>
    public void Delete(string id, DateTimeOffset? at = null) => Read(() =>
    {
        if (Find(id) is { } latest)
            Place(latest with { IsDeleted = true, Sequence = _log.Count + 1, At = Next(at), Previous = latest });
        return true;
    });

    /// <summary>Changes after <paramref name="position"/> up to <paramref name="until"/>, each thing in its newest state only.</summary>
    /// <remarks>What changes again after <paramref name="until"/> is left to the next round, as the service does.</remarks>
    public DeltaPage<ChronicleVersion<T>> Changes(long position, long until, bool isFirstRound, int limit) => Read(() =>
    {
        var page = new List<ChronicleVersion<T>>();
        for (var i = (int)position; i < Math.Min(until, _log.Count); i++)
        {
            if (page.Count == limit)
                return new DeltaPage<ChronicleVersion<T>>(page, i, IsLast: false);
            var version = _log[i];
            if (version.Thing.Latest == version && !(isFirstRound && version.IsDeleted))
                page.Add(version);
        }
        return new DeltaPage<ChronicleVersion<T>>(page, until, IsLast: true);
    });

    /// <summary>Runs <paramref name="read"/> on a state that does not change meanwhile.</summary>
    public TResult Read<TResult>(Func<TResult> read)
    {
        lock (_lock)
        {
            if (_fill is { } fill)
            {
                _fill = null; // first, because filling calls back
                fill(this);
            }
            return read();
        }
    }

    private ChronicleVersion<T> Place(ChronicleVersion<T> version)
    {
        version.Thing.Latest = version;
        _log.Add(version);
        return version;
    }

    private DateTimeOffset Next(DateTimeOffset? at)
    {
        var time = at ?? clock.GetUtcNow();
        return _lastEvent = time < _lastEvent ? _lastEvent : time;
    }
}

/// <summary>One thing from its making to its end: a chain of versions, newest first, so that the past stays readable.</summary>
public sealed class Chronicle<T>(string id, long number) where T : class
{
    public string Id { get; } = id;

    /// <summary>The how-manieth of its collection.</summary>
    public long Number { get; } = number;

    public ChronicleVersion<T> Latest { get; internal set; } = null!;

    /// <summary>The version that was true at <paramref name="time"/>; null when there was no such thing yet.</summary>
    public ChronicleVersion<T>? At(DateTimeOffset time)
    {
        var version = Latest;
        while (version is not null && version.At > time)
            version = version.Previous;
        return version;
    }
}

/// <summary>A thing as it was from one change to the next. Immutable.</summary>
/// <param name="Number">Which version of the thing; its eTag is made from it.</param>
public sealed record ChronicleVersion<T>(Chronicle<T> Thing, T State, long Sequence, DateTimeOffset At, int Number, bool IsDeleted, ChronicleVersion<T>? Previous) where T : class
{
    public string Id => Thing.Id;

    // The chain and the chronicle name each other: equality by value would never end.
    public bool Equals(ChronicleVersion<T>? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);
}
