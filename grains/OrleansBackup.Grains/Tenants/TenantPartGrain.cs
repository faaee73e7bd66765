using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Runtime;
using OrleansBackup.Domain.Forecast;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Results;
using OrleansBackup.Domain.Runs;
using OrleansBackup.Domain.Schedule;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.GrainInterfaces.Tenants;
using OrleansBackup.Grains.Discovery;

namespace OrleansBackup.Grains.Tenants;

/// <summary>Some of a tenant's resources: who they are, who was told what, and how they stand. A large tenant has many of these, so that none is its bottleneck.</summary>
internal sealed partial class TenantPartGrain(
    [PersistentState("tenant-part", StateStores.Default)] IPersistentState<TenantPartState> storage,
    [PersistentState("tenant-part-health", StateStores.Default)] IPersistentState<PartHealthState> healthStorage,
    BackupSchedule schedule, ContractCalendar calendar, TimeProvider time, ILogger<TenantPartGrain> log)
    : Grain, ITenantPartGrain
{
    private const int GrainCallsAtOnce = 16;
    private const int TurnsHashed = 1 << 20;

    // Resources are spread over all processes: when so many one after the other find no place at the gate of theirs, the gates of all are full.
    private const int TurnedAwayAtMost = 64;

    private readonly StateKeeper<TenantPartState> _keeper = new(storage);
    private PartHealthBook _health = null!;
    private ImmutableArray<KnownResource>? _inOrder;
    private ResourceCounts? _hinted;
    private bool _reported;

    private TenantId Tenant => GrainKeys.ParsePart(this.GetPrimaryKeyString()).Tenant;

    private int Part => GrainKeys.ParsePart(this.GetPrimaryKeyString()).Part;

    private TenantPartState State => _keeper.State;

    private DateTimeOffset Now => time.GetUtcNow();

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        await base.OnActivateAsync(cancellationToken);
        // Only in memory: stored it is the same.
        storage.State = State with { Resources = SharedTexts.In(State.Resources) };
        healthStorage.State = healthStorage.State with { Health = SharedTexts.In(healthStorage.State.Health, State.Resources) };
        _health = new PartHealthBook(new StateKeeper<PartHealthState>(healthStorage), calendar, time);
        this.RegisterGrainTimer(_ => WriteAndHintAsync(), new GrainTimerCreationOptions
        {
            DueTime = PartHealthBook.ShortestInterval, Period = PartHealthBook.ShortestInterval, Interleave = true,
        });
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        await _health.WriteAsync(Names());
        await base.OnDeactivateAsync(reason, cancellationToken);
    }

    public Task<bool> Report(ResourceHealth health, CancellationToken cancellation)
    {
        if (!State.Resources.TryGetKey(health.Resource.LocalName, out var name))
            return Task.FromResult(false);
        _health.Take(name, SharedTexts.In(health, State.Resources[name]));
        _reported = true;
        return Task.FromResult(true);
    }

    public Task<PartCounts> GetCounts(CancellationToken cancellation) => Task.FromResult(new PartCounts(Counts(), State.Untold.Count)
    {
        Results = ResultTally.Of(State.Resources.Where(entry => entry.Value.Protected).Select(entry => _health.Of(entry.Key)).OfType<ResourceHealth>().Select(health => health.Results), calendar.DayOf(Now)),
        LogicalBytes = State.Resources.Keys.Sum(name => _health.Of(name)?.LogicalBytes ?? 0),
    });

    public Task<ImmutableArray<DayMeasure>> GetMeasures(CancellationToken cancellation) => Task.FromResult(_health.Measures);

    public Task<ResourceListing?> Find(ResourceId resource, CancellationToken cancellation) =>
        Task.FromResult(State.Resources.GetValueOrDefault(resource.LocalName) is { } known ? _health.With(known).Listing() : null);

    public Task<ImmutableArray<ResourceListing>> List(ListingPlace? after, int limit, CancellationToken cancellation)
    {
        var ordered = _inOrder ??= [.. State.Resources.Values.OrderBy(PlaceOf, ListingOrder.Instance)];
        var start = 0;
        if (after is not null)
            for (var end = ordered.Length; start < end;)
                if ((start + end) / 2 is var middle && ListingOrder.Instance.Compare(PlaceOf(ordered[middle]), after) <= 0)
                    start = middle + 1;
                else
                    end = middle;
        return Task.FromResult<ImmutableArray<ResourceListing>>([.. ordered.Skip(start).Take(limit).Select(resource => _health.With(resource).Listing())]);
    }

    public Task<ImmutableArray<DueWork>> ListDue(DuePlace? after, int limit, CancellationToken cancellation) => Task.FromResult<ImmutableArray<DueWork>>(
        [.. State.Resources.Values.Select(resource => DueOf(resource, Now)).OfType<DueWork>().Where(due => DueOrder.Instance.Compare(due.Place, after) > 0).OrderBy(due => due.Place, DueOrder.Instance).Take(limit)]);

    public Task<PartFirstBackups> ListFirstBackups(int mostDone, CancellationToken cancellation)
    {
        var left = ImmutableArray.CreateBuilder<FirstBackupLeft>();
        var done = ImmutableArray.CreateBuilder<FirstBackup>();
        var doneInAll = 0;
        // By a hash of its name, as good as the order in which they were told to begin.
        foreach (var resource in State.Resources.Values.Where(resource => resource.Protected).OrderBy(resource => TenantParts.Of(resource.Resource.LocalName, TurnsHashed)))
        {
            var health = _health.Of(resource.Resource.LocalName);
            if (health?.LastGoodStart is null)
                left.Add(new FirstBackupLeft(resource.Resource, new ToldSize(null, resource.UsedBytes)));
            else if (doneInAll++ < mostDone)
                done.Add(new FirstBackup(resource.Resource.Kind, FirstBackupStage.Done, health.FirstBackup?.Told ?? default)
                {
                    Worked = health.FirstBackup?.Worked ?? TimeSpan.Zero, Waited = health.FirstBackup?.Waited ?? TimeSpan.Zero,
                    Items = health.FirstBackup?.Items ?? health.Items, Bytes = health.FirstBackup?.Bytes ?? health.LogicalBytes, Requests = health.FirstBackup?.Requests ?? 0,
                });
        }
        return Task.FromResult(new PartFirstBackups(left.ToImmutable(), left.Count == 0 ? [] : done.ToImmutable(), doneInAll));
    }

    public Task<PartCensus> GetCensus(CancellationToken cancellation) =>
        Task.FromResult(new PartCensus([.. State.Resources.Values.Select(_health.With)], [.. State.Untold]) { Unannounced = [.. State.Unannounced], Spans = [.. State.Spans.Select(entry => new ResourceSpans(entry.Key, entry.Value))] });

    public async Task Put(PartOrder order, PartCensus census, CancellationToken cancellation)
    {
        await ChangeAsync(state => state with
        {
            Order = order,
            Resources = census.Resources.ToImmutableDictionary(resource => resource.Resource.LocalName, resource => resource with { Health = null }),
            Untold = [.. census.Untold],
            Unannounced = census.Unannounced.IsDefault ? [] : [.. census.Unannounced],
            Spans = census.Spans.IsDefault ? state.Spans : census.Spans.ToImmutableDictionary(one => one.LocalName, one => one.Spans),
        });
        foreach (var resource in census.Resources)
            if (resource.Health is { } health)
                _health.TakeOver(health);
        await _health.WriteAsync(Names());
    }

    public async Task<DiscoveryResult> Take(PartOrder order, ImmutableArray<DiscoveredResource> found, bool everybody, CancellationToken cancellation)
    {
        DiscoveryResult? result = null;
        await ChangeAsync(state =>
        {
            // Of another division that did not come to its end some may be here that belong elsewhere now.
            var mine = state.Resources.RemoveRange(state.Resources.Values.Where(known => TenantParts.Of(known.Resource, order.Parts) != Part).Select(known => known.Resource.LocalName));
            (var resources, result) = ResourceCensus.Take(mine, found, order.Settings.Scope, order.Looked, Now);
            return state with
            {
                Order = order, Resources = resources, Untold = [.. state.Untold.Where(resources.ContainsKey), .. ToTell(mine, resources, everybody)],
                Unannounced = [.. state.Unannounced.Where(resources.ContainsKey), .. order.IsFirst ? [] : ResourceCensus.NewlyUnprotected(mine, resources, order.Settings.Scope)],
            };
        });
        return result!;
    }

    public Task Rescope(PartOrder order, CancellationToken cancellation) => ChangeAsync(state =>
    {
        var resources = ResourceCensus.Rescope(state.Resources, order.Settings.Scope, Now);
        return state with { Order = order, Resources = resources, Untold = state.Untold.Union(ToTell(state.Resources, resources, everybody: true)) };
    });

    public async Task Tell(CancellationToken cancellation)
    {
        if (State.Untold.IsEmpty)
            return;
        var told = new ConcurrentBag<string>();
        await Parallel.ForEachAsync(State.Untold, InParallel(cancellation), async (name, token) =>
        {
            try
            {
                await TellAsync(State.Resources[name], token);
                told.Add(name);
            }
            catch (Exception exception) when (!token.IsCancellationRequested)
            {
                LogNotTold(log, State.Resources[name].Resource, exception);
            }
        });
        if (!told.IsEmpty) // one write for all: who was told twice after a crash is none the worse
            await ChangeAsync(state => state with { Untold = state.Untold.Except(told) });
    }

    public Task<ImmutableArray<KnownResource>> ListUnannounced(int limit, CancellationToken cancellation) => Task.FromResult<ImmutableArray<KnownResource>>(
        [.. State.Unannounced.Order(StringComparer.Ordinal).Select(name => State.Resources.GetValueOrDefault(name)).OfType<KnownResource>().Take(limit)]);

    public Task Announced(ImmutableArray<string> localNames, CancellationToken cancellation) =>
        ChangeAsync(state => state with { Unannounced = state.Unannounced.Except(localNames) });

    public async Task<int> AttendOverdue(int tendAtMost, CancellationToken cancellation)
    {
        int started = 0, turnedAwayInARow = 0;
        var overdue = State.Resources.Values.Where(resource => resource.Protected && _health.NeedsAttention(resource, Now)).ToLookup(_health.IsSaidToRun);
        await EachAsync(overdue[true], StartAsync, cancellation); // whoever died under its run goes on with it, room or not
        await EachAsync(overdue[false].OrderBy(_health.LastGoodStart), (resource, token) =>
            Volatile.Read(ref turnedAwayInARow) < TurnedAwayAtMost ? StartAsync(resource, token) : Task.CompletedTask, cancellation);
        var untended = State.Resources.Values.Where(resource => _health.NeedsCare(resource, Now)).OrderBy(_health.CareDueAt).Take(tendAtMost).ToList();
        await EachAsync(untended, (resource, token) => resource.Tend(token), cancellation);
        return started;

        async Task StartAsync(IProtectedResourceGrain resource, CancellationToken token)
        {
            if (await resource.StartIfDue(token))
            {
                Interlocked.Increment(ref started);
                Volatile.Write(ref turnedAwayInARow, 0);
            }
            else if (await AskAsync(resource, token))
                Interlocked.Increment(ref turnedAwayInARow);
        }
    }

    public Task Wake(CancellationToken cancellation) =>
        EachAsync(State.Resources.Values.Where(resource => resource.Protected), (resource, token) => resource.StartIfDue(token), cancellation);

    public Task Quiesce(CancellationToken cancellation) => EachAsync(EverProtected(), (resource, token) => resource.Quiesce(token), cancellation);

    public async Task<ResourceHold?> FindHold(CancellationToken cancellation)
    {
        var holds = new ConcurrentBag<ResourceHold>();
        await Parallel.ForEachAsync(EverProtected(), InParallel(cancellation), async (resource, token) =>
        {
            if ((await GrainFactory.Resource(resource.Resource).GetExpiryStanding(token)).Hold is { Stands: true } hold)
                holds.Add(new ResourceHold(resource.Resource, hold.Placed.At));
        });
        return holds.MinBy(hold => hold.PlacedAt);
    }

    public async Task Forget(CancellationToken cancellation)
    {
        await EachAsync(EverProtected(), (resource, token) => resource.Forget(token), cancellation);
        await _health.ForgetAsync();
        _inOrder = null;
        await _keeper.ClearAsync();
    }

    /// <summary>Nothing began. Either its process had no place for it, or it is not due, and what is known of it here is older than the truth: a report was lost.</summary>
    /// <returns>Whether there was no place.</returns>
    private async Task<bool> AskAsync(IProtectedResourceGrain resource, CancellationToken cancellation)
    {
        try
        {
            var status = await resource.GetStatus(cancellation);
            await Report(status.Health, cancellation);
            return status.TurnedAway;
        }
        catch (NotFoundException)
        {
            return false; // it was not told yet that it is protected
        }
    }

    private Task TellAsync(KnownResource known, CancellationToken cancellation)
    {
        var (grain, order) = (GrainFactory.Resource(known.Resource), State.Order);
        return known.Protected
            ? grain.Protect(new ResourceSettings(known.DisplayName, known.Address, order.Settings.Retention, order.Settings.Window, order.Settings.Scope.HiddenFolders) { Parts = order.Parts }, cancellation)
            : grain.Release(known.Reason, cancellation);
    }

    // Who is protected and stands otherwise than before, and who no longer is. Who never was has nothing to be told.
    private static IEnumerable<string> ToTell(
        ImmutableDictionary<string, KnownResource> before, ImmutableDictionary<string, KnownResource> after, bool everybody) =>
        from entry in after
        let known = before.GetValueOrDefault(entry.Key)
        where entry.Value.Protected
            ? everybody || known is not { Protected: true } || known.DisplayName != entry.Value.DisplayName || known.Address != entry.Value.Address
            : known is { Protected: true }
        select entry.Key;

    private ResourceCounts Counts()
    {
        var (now, window) = (Now, State.Order.Settings.Window);
        int guarded = 0, unguarded = 0, healthy = 0, overdue = 0, failing = 0, running = 0;
        foreach (var (name, resource) in State.Resources)
        {
            if (!resource.Protected)
            {
                unguarded += resource.Resource.Kind.CanBeProtected() ? 1 : 0;
                continue;
            }
            guarded++;
            var health = _health.Of(name);
            var standing = schedule.StandingOf(resource.Resource, window, health?.LastGoodStart, resource.Since, now);
            healthy += standing == BackupStanding.Healthy ? 1 : 0;
            overdue += standing == BackupStanding.Overdue ? 1 : 0;
            failing += health?.LastOutcome == RunOutcome.Failed ? 1 : 0;
            running += health?.Running == true ? 1 : 0;
        }
        return new ResourceCounts(guarded, unguarded, healthy, overdue, failing, running);
    }

    /// <summary>Null: it is not protected and has nothing that needs care.</summary>
    private DueWork? DueOf(KnownResource resource, DateTimeOffset now)
    {
        var (health, window) = (_health.Of(resource.Resource.LocalName), State.Order.Settings.Window);
        if (!resource.Protected && _health.CareDueAt(resource) is null)
            return null;
        var (what, at, standing) = resource.Protected
            ? (DueKind.Backup, schedule.DueAt(resource.Resource, window, health?.LastGoodStart, resource.Since),
                schedule.StandingOf(resource.Resource, window, health?.LastGoodStart, resource.Since, now))
            : _health.CareDueAt(resource)!.Value is var care ? (DueKind.Care, care, care > now ? BackupStanding.Healthy : BackupStanding.Late) : default;
        return new DueWork(resource.Resource, resource.DisplayName, resource.Address, what, at, standing, health?.Running == true, health?.Problem);
    }

    private async Task WriteAndHintAsync()
    {
        await _health.WriteWhenDueAsync(Names());
        if (!_reported)
            return;
        _reported = false;
        if (Counts() is var counts && counts != _hinted)
        {
            await GrainFactory.Tenant(Tenant).CountsChanged(CancellationToken.None);
            _hinted = counts;
        }
    }

    private async Task ChangeAsync(Func<TenantPartState, TenantPartState> change)
    {
        try
        {
            await _keeper.ChangeAsync(state => change(state) is var changed && ReferenceEquals(changed.Resources, state.Resources)
                ? changed : WithSpans(state, changed with { Resources = SharedTexts.In(changed.Resources) }));
        }
        finally
        {
            _inOrder = null;
        }
    }

    private IEnumerable<KnownResource> EverProtected() => State.Resources.Values.Where(resource => resource.Protected || _health.Of(resource.Resource.LocalName) is not null);

    private string[] Names() => [.. State.Resources.Keys];

    private static ListingPlace PlaceOf(KnownResource resource) => new(resource.DisplayName, resource.Resource.LocalName);

    private Task EachAsync(IEnumerable<KnownResource> resources, Func<IProtectedResourceGrain, CancellationToken, Task> ask, CancellationToken cancellation) =>
        Parallel.ForEachAsync(resources, InParallel(cancellation), async (resource, token) => await ask(GrainFactory.Resource(resource.Resource), token));

    private static ParallelOptions InParallel(CancellationToken cancellation) =>
        new() { MaxDegreeOfParallelism = GrainCallsAtOnce, CancellationToken = cancellation, TaskScheduler = TaskScheduler.Current };

    [LoggerMessage(2404, LogLevel.Error, "{Resource} could not be told how it stands; the next sweep tells it")]
    private static partial void LogNotTold(ILogger log, ResourceId resource, Exception exception);
}
