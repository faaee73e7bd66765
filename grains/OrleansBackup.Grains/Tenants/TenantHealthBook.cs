using System.Collections.Immutable;
using Orleans;
using Orleans.Runtime;
using OrleansBackup.Domain.Identity;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.GrainInterfaces.Tenants;

namespace OrleansBackup.Grains.Tenants;

/// <summary>How each resource stands, as it last said. Kept in memory and written once in a while: each resource holds its own truth.</summary>
internal sealed class TenantHealthBook
{
    private static readonly TimeSpan WriteInterval = TimeSpan.FromSeconds(10);

    private readonly StateKeeper<TenantState> _keeper;
    private readonly Dictionary<string, ResourceHealth> _unwritten = new(StringComparer.Ordinal);

    public TenantHealthBook(TenantGrain grain, StateKeeper<TenantState> keeper)
    {
        _keeper = keeper;
        grain.RegisterGrainTimer(_ => WriteAsync(), new GrainTimerCreationOptions { DueTime = WriteInterval, Period = WriteInterval, Interleave = true });
    }

    public void Take(ResourceHealth health)
    {
        _unwritten[health.Resource.LocalName] = health;
    }

    public ResourceListing Listing(KnownResource resource) =>
        (resource with { Health = _unwritten.GetValueOrDefault(resource.Resource.LocalName) ?? resource.Health }).Listing();

    /// <summary>True when nothing good is known of its latest moment, or a run is said to be under way: its process may have died since. One that lives answers at once.</summary>
    public bool NeedsAttention(KnownResource resource, DateTimeOffset now)
    {
        var health = _unwritten.GetValueOrDefault(resource.Resource.LocalName) ?? resource.Health;
        return health is null || health.LastGoodStart is null || health.NextMoment <= now
            || health.Running || health.LastOutcome == Domain.Runs.RunOutcome.Failed;
    }

    /// <summary>True when no run comes to it any more and its own daily tick was lost, as far as it has told.</summary>
    public bool NeedsCare(KnownResource resource, DateTimeOffset now) => !resource.Protected && CareDueAt(resource) <= now;

    /// <summary>Null: it has no points, or never had.</summary>
    public DateTimeOffset? CareDueAt(KnownResource resource) =>
        (_unwritten.GetValueOrDefault(resource.Resource.LocalName) ?? resource.Health) is { RestorePoints: > 0 } health ? health.CareDueAt ?? DateTimeOffset.MinValue : null;

    /// <summary>At the end of the tenant.</summary>
    public void Forget()
    {
        _unwritten.Clear();
    }

    public async Task WriteAsync()
    {
        if (_unwritten.Count == 0)
            return;
        var batch = _unwritten.ToList();
        _unwritten.Clear();
        try
        {
            await _keeper.ChangeAsync(state => state with
            {
                Resources = state.Resources.SetItems(batch
                    .Where(entry => state.Resources.ContainsKey(entry.Key))
                    .Select(entry => KeyValuePair.Create(entry.Key, state.Resources[entry.Key] with { Health = entry.Value }))),
            });
        }
        catch
        {
            foreach (var (name, health) in batch)
                _unwritten.TryAdd(name, health); // newer word stays newer
            throw;
        }
    }
}
