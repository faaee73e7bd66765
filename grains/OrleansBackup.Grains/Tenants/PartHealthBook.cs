using System.Collections.Immutable;
using OrleansBackup.Domain.Results;
using OrleansBackup.Domain.Runs;
using OrleansBackup.Domain.Schedule;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.GrainInterfaces.Tenants;

namespace OrleansBackup.Grains.Tenants;

/// <summary>How each resource of a part stands, as it last said. Kept in memory and written once in a while: each resource holds its own truth.</summary>
/// <remarks>A crash loses the reports since the last write; the tenant's hourly look asks whoever seems to need it, and hears the truth.</remarks>
internal sealed class PartHealthBook(StateKeeper<PartHealthState> keeper, ContractCalendar calendar, TimeProvider time)
{
    /// <summary>A part is written no more often than this.</summary>
    public static readonly TimeSpan ShortestInterval = TimeSpan.FromSeconds(10);

    // About 450 bytes each: however many report, a part writes some 8 KB a second at most.
    private static readonly TimeSpan IntervalPerResource = TimeSpan.FromMilliseconds(60);

    private readonly Dictionary<string, ResourceHealth> _unwritten = new(StringComparer.Ordinal);

    private long? _writtenAt;
    private ItemsChanged _unwrittenChange = new(0, 0, 0);

    /// <summary>How much was protected and what changed, day by day; as of the last write.</summary>
    public ImmutableArray<DayMeasure> Measures => keeper.State.Measures.IsDefault ? [] : keeper.State.Measures;

    /// <param name="name">The local name of its resource.</param>
    public void Take(string name, ResourceHealth health)
    {
        // A run is told of many times, and counted when its point is told of first.
        if (health.Change is { } change && health.LastSealedAt != Of(name)?.LastSealedAt)
            _unwrittenChange = Sum(_unwrittenChange, change);
        _unwritten[name] = health;
    }

    /// <summary>What is known from elsewhere, unless something is known here.</summary>
    public void TakeOver(ResourceHealth health)
    {
        if (Of(health.Resource.LocalName) is null)
            _unwritten[health.Resource.LocalName] = health;
    }

    public ResourceHealth? Of(string localName) => _unwritten.GetValueOrDefault(localName) ?? keeper.State.Health.GetValueOrDefault(localName);

    public KnownResource With(KnownResource resource) => resource with { Health = Of(resource.Resource.LocalName) };

    /// <summary>True when nothing good is known of its latest moment, or a run is said to be under way: its process may have died since. One that lives answers at once.</summary>
    public bool NeedsAttention(KnownResource resource, DateTimeOffset now)
    {
        var health = Of(resource.Resource.LocalName);
        return health is null || health.LastGoodStart is null || health.NextMoment <= now
            || health.Running || health.LastOutcome == RunOutcome.Failed;
    }

    /// <summary>A run of it is said to be under way.</summary>
    public bool IsSaidToRun(KnownResource resource) => Of(resource.Resource.LocalName) is { Running: true };

    public DateTimeOffset LastGoodStart(KnownResource resource) => Of(resource.Resource.LocalName)?.LastGoodStart ?? DateTimeOffset.MinValue;

    /// <summary>True when no run comes to it any more and its own daily tick was lost, as far as it has told.</summary>
    public bool NeedsCare(KnownResource resource, DateTimeOffset now) => !resource.Protected && CareDueAt(resource) <= now;

    /// <summary>Null: it has no points, or never had.</summary>
    public DateTimeOffset? CareDueAt(KnownResource resource) =>
        Of(resource.Resource.LocalName) is { RestorePoints: > 0 } health ? health.CareDueAt ?? DateTimeOffset.MinValue : null;

    /// <summary>At the end of the tenant.</summary>
    public Task ForgetAsync()
    {
        _unwritten.Clear();
        return keeper.ClearAsync();
    }

    /// <summary>Writes if there is something to write and the last time is long enough ago for a part of this size.</summary>
    public async Task<bool> WriteWhenDueAsync(IReadOnlyCollection<string> known)
    {
        var pace = IntervalPerResource * known.Count;
        if (_unwritten.Count == 0 || _writtenAt is { } last && time.GetElapsedTime(last) < (pace > ShortestInterval ? pace : ShortestInterval))
            return false;
        await WriteAsync(known);
        return true;
    }

    /// <param name="known">The local names that belong to the part; what is remembered of others goes.</param>
    public async Task WriteAsync(IReadOnlyCollection<string> known)
    {
        if (_unwritten.Count == 0)
            return;
        _writtenAt = time.GetTimestamp();
        var (batch, change) = (_unwritten.ToList(), _unwrittenChange);
        _unwritten.Clear();
        _unwrittenChange = new(0, 0, 0);
        try
        {
            await keeper.ChangeAsync(state =>
            {
                var health = state.Health.SetItems(batch);
                if (health.Count > known.Count)
                    health = health.RemoveRange([.. health.Keys.Except(known)]);
                var measure = new DayMeasure(
                    calendar.DayOf(time.GetUtcNow()), health.Values.Sum(one => one.LogicalBytes), health.Values.Sum(one => one.Items), change.Added, change.Changed, change.Removed);
                return state with { Health = health, Measures = DayMeasure.With(state.Measures, measure) };
            });
        }
        catch
        {
            foreach (var (name, health) in batch)
                _unwritten.TryAdd(name, health); // newer word stays newer
            _unwrittenChange = Sum(_unwrittenChange, change);
            throw;
        }
    }

    private static ItemsChanged Sum(ItemsChanged one, ItemsChanged other) => new(one.Added + other.Added, one.Changed + other.Changed, one.Removed + other.Removed);
}
