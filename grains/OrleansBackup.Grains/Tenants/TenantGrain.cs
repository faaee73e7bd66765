using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Runtime;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Runs;
using OrleansBackup.Domain.Storage;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.GrainInterfaces.Restores;
using OrleansBackup.GrainInterfaces.Tenants;
using OrleansBackup.Grains.Access;
using OrleansBackup.Grains.Composition;
using OrleansBackup.Grains.Restores;
using OrleansBackup.Microsoft365;

namespace OrleansBackup.Grains.Tenants;

/// <summary>The life of one customer: onboarded, discovered, watched over. Its resources do their work themselves.</summary>
internal sealed partial class TenantGrain(
    [PersistentState("tenant", StateStores.Default)] IPersistentState<TenantState> storage,
    TenantConnections connections, VaultStores stores, RestoreAdmission restores, TenantEnds ends, ProviderKeys keys, SweepTurns turns, IOptions<SweepOptions> sweeping, IHostApplicationLifetime process, TimeProvider time, ILogger<TenantGrain> log)
    : Grain, ITenantGrain, IRemindable
{
    private const string Watch = "watch";
    private const int GrainCallsAtOnce = 32;
    private const int LargestPage = 1_000;
    private const int RestoresKept = 1_000;
    private const int TendedAtOnce = 500;
    private static readonly TimeSpan WatchPeriod = TimeSpan.FromHours(1);
    private static readonly TimeSpan DiscoveryPeriod = TimeSpan.FromDays(1);

    private readonly StateKeeper<TenantState> _keeper = new(storage);
    private TenantHealthBook _health = null!;
    private LongJob _move = null!, _destruction = null!;

    private TenantId Tenant => TenantId.Parse(this.GetPrimaryKeyString());

    private TenantState State => _keeper.State;

    private string StoreName => State.Store ?? stores.Default.Name;

    private DateTimeOffset Now => time.GetUtcNow();

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        await base.OnActivateAsync(cancellationToken);
        _health = new TenantHealthBook(this, _keeper);
        _move = MoveJob();
        _destruction = DestructionJob();
        _move.GoOn(); // the process died under it
        _destruction.GoOn();
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        await _leaving.CancelAsync();
        await Task.WhenAll(_sweep ?? Task.CompletedTask, _move.Going, _destruction.Going).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        await _health.WriteAsync();
        _leaving.Dispose();
        await base.OnDeactivateAsync(reason, cancellationToken);
    }

    public async Task<TenantOverview> Onboard(TenantOnboarding request, CancellationToken cancellation)
    {
        Validate(request);
        RequireNotEnding();
        var storage = request.Storage ?? State.Storage;
        var store = await TryAsync(() => ChooseStoreAsync(request.Store, storage, cancellation));
        var client = connections.Connect(Tenant, request.ClientId, request.ClientSecret);
        var permissions = await TryAsync(() => TenantSignIn.CheckAsync(client, Tenant, cancellation));
        var wrapped = await TryAsync(async () =>
        {
            await VaultAccess.CreateTenantAsync(Tenant, store, cancellation);
            return await connections.WrapSecretAsync(Tenant, request.ClientSecret, cancellation);
        });
        await _keeper.ChangeAsync(state => state with
        {
            Name = request.Name,
            Access = new TenantAccess(Tenant, request.ClientId, wrapped),
            Settings = request.Settings,
            OnboardedAt = state.Access is null ? Now : state.OnboardedAt,
            Permissions = permissions,
            Problem = null,
            Store = store.Name,
            Storage = storage,
        });
        await GrainFactory.Provider().Enlist(Tenant, request.Name, cancellation);
        await this.RegisterOrUpdateReminder(Watch, WatchPeriod, WatchPeriod);
        await RegisterSweepAsync();
        LogOnboarded(log, Tenant);
        await TryPutCardAsync(cancellation);
        await DiscoverAsync(reapply: true, cancellation);
        return Overview();
    }

    public Task<TenantOverview> GetOverview(CancellationToken cancellation)
    {
        RequireOnboarded();
        return Task.FromResult(Overview());
    }

    public async Task<TenantOverview> ChangeSettings(TenantSettings settings, CancellationToken cancellation)
    {
        RequireOnboarded();
        RequireNotEnding();
        ValidateSettings(settings);
        await _keeper.ChangeAsync(state =>
        {
            var resources = ResourceCensus.Rescope(state.Resources, settings.Scope, Now);
            return state with { Settings = settings, Resources = resources, Untold = state.Untold.Union(ToTell(state.Resources, resources, everybody: true)) };
        });
        await TryPutCardAsync(cancellation);
        await TellAsync(cancellation);
        return Overview();
    }

    public async Task<TenantOverview> ChangeStorage(StorageDemand demand, CancellationToken cancellation)
    {
        RequireOnboarded();
        if (demand.Problem() is { } problem)
            throw new InvalidRequestException("countries", problem);
        await TryAsync(async () => { await VaultStores.RequireAsync(stores.Of(StoreName), demand, "countries", cancellation); return true; });
        await _keeper.ChangeAsync(state => state with { Storage = demand });
        await TryPutCardAsync(cancellation);
        return Overview();
    }

    public async Task<ImmutableArray<PermissionState>> CheckPermissions(CancellationToken cancellation)
    {
        RequireOnboarded();
        var client = await TryAsync(() => connections.GetAsync(Tenant, cancellation));
        var permissions = await TryAsync(() => TenantSignIn.ReadPermissionsAsync(client, cancellation));
        await _keeper.ChangeAsync(state => state with { Permissions = permissions });
        return permissions;
    }

    public Task<DiscoveryResult> Discover(CancellationToken cancellation)
    {
        RequireOnboarded();
        RequireNotEnding();
        return DiscoverAsync(reapply: false, cancellation);
    }

    public Task<ResourcePage> ListResources(string? after, int limit, CancellationToken cancellation)
    {
        RequireOnboarded();
        if (limit is < 1 or > LargestPage)
            throw new InvalidRequestException("limit", $"Ask for between 1 and {LargestPage} resources at once.");
        var ordered = State.Resources.Values
            .OrderBy(resource => resource.DisplayName, StringComparer.OrdinalIgnoreCase).ThenBy(resource => resource.Resource.LocalName, StringComparer.Ordinal).ToList();
        var start = 0;
        if (after is not null && (start = ordered.FindIndex(resource => resource.Resource.LocalName == after) + 1) == 0)
            throw new InvalidRequestException("after", "No resource of this tenant has this id; start the list again without it.");
        var page = ordered.Skip(start).Take(limit).Select(resource => _health.Listing(resource)).ToImmutableArray();
        return Task.FromResult(new ResourcePage(page, start + page.Length < ordered.Count ? page[^1].Resource.LocalName : null));
    }

    public Task<ResourceListing> GetResource(ResourceId resource, CancellationToken cancellation)
    {
        RequireOnboarded();
        return Task.FromResult(_health.Listing(Known(resource)));
    }

    public async Task<int> SweepOverdue(CancellationToken cancellation)
    {
        RequireOnboarded();
        _move.GoOn();
        _destruction.GoOn();
        if (State.Destruction is { IsOpen: true })
            return 0;
        await TellAsync(cancellation);
        if (SweepIsLate())
            _ = SweepWhenDueAsync();
        var overdue = State.Resources.Values.Where(resource => resource.Protected && _health.NeedsAttention(resource, Now)).ToList();
        var started = 0;
        await Parallel.ForEachAsync(overdue, InParallel(cancellation), async (resource, token) =>
        {
            if (await GrainFactory.Resource(resource.Resource).StartIfDue(token))
                Interlocked.Increment(ref started);
        });
        var untended = State.Resources.Values.Where(resource => _health.NeedsCare(resource, Now)).OrderBy(_health.CareDueAt).Take(TendedAtOnce).ToList();
        await Parallel.ForEachAsync(untended, InParallel(cancellation), async (resource, token) => await GrainFactory.Resource(resource.Resource).Tend(token));
        return started;
    }

    public Task ReportHealth(ResourceHealth health, CancellationToken cancellation)
    {
        _health.Take(health);
        return Task.CompletedTask;
    }

    public Task<TenantAccess> GetAccess(CancellationToken cancellation)
    {
        RequireOnboarded();
        return Task.FromResult(State.Access!);
    }

    public Task<string> GetStore(CancellationToken cancellation)
    {
        RequireOnboarded();
        return Task.FromResult(StoreName);
    }

    public async Task<RestoreJobId> StartRestore(RestoreRequest request, CancellationToken cancellation)
    {
        RequireOnboarded();
        Known(request.Point.Resource);
        if (request.TargetResource is { } target)
            Known(target);
        await TryAsync(async () => { await restores.CheckAsync(request, cancellation); return true; });
        var job = RestoreJobId.New(Now);
        // Listed first: a job that runs and that nobody can see is worse than one that is listed and never began.
        await _keeper.ChangeAsync(state => state with { Restores = state.Restores.Insert(0, job) });
        await GrainFactory.Restore(Tenant, job).Start(request, cancellation);
        await ForgetOldRestoresAsync(cancellation);
        return job;
    }

    /// <summary>Lets go of the oldest ended jobs beyond the bound. One that has not ended stays listed until it has.</summary>
    private async Task ForgetOldRestoresAsync(CancellationToken cancellation)
    {
        foreach (var old in State.Restores.Skip(RestoresKept).Reverse().Take(GrainCallsAtOnce).ToList())
        {
            try
            {
                if (await GrainFactory.Restore(Tenant, old).Forget(cancellation))
                    await _keeper.ChangeAsync(state => state with { Restores = state.Restores.Remove(old) });
            }
            catch (Exception exception)
            {
                LogRestoreKept(log, old, exception); // the new job runs; the next one tries again
                return;
            }
        }
    }

    public Task<ImmutableArray<RestoreJobId>> ListRestores(CancellationToken cancellation)
    {
        RequireOnboarded();
        return Task.FromResult(State.Restores);
    }

    public async Task ReceiveReminder(string reminderName, TickStatus status)
    {
        switch (reminderName) // a tick never waits for the work: the reminder would be held until it times out
        {
            case Sweep:
                _ = SweepWhenDueAsync();
                return;
            case Move:
                await _move.TickAsync();
                return;
            case Destruction:
                await _destruction.TickAsync();
                return;
        }
        _destruction.GoOn();
        if (State.Access is null || State.Destruction is { IsOpen: true })
            return;
        await RegisterSweepAsync(); // tenants of earlier releases have none
        await TryPutCardAsync(_leaving.Token); // neither this
        try
        {
            if (State.DiscoveredAt is not { } last || Now - last >= DiscoveryPeriod)
                await DiscoverAsync(reapply: false, CancellationToken.None);
        }
        catch (ServiceException exception)
        {
            await _keeper.ChangeAsync(state => state with { Problem = exception.Message });
            LogDiscoveryFailed(log, Tenant, exception);
        }
        await SweepOverdue(CancellationToken.None);
    }

    private async Task<DiscoveryResult> DiscoverAsync(bool reapply, CancellationToken cancellation)
    {
        var client = await TryAsync(() => connections.GetAsync(Tenant, cancellation));
        var before = State.Resources;
        var found = await TryAsync(() => MailboxDiscovery.FindAsync(client, Tenant, id => KnownAs(before, id), cancellation));
        DiscoveryResult? result = null;
        await _keeper.ChangeAsync(state =>
        {
            (var resources, result) = ResourceCensus.Take(state.Resources, found, state.Settings.Scope, Now);
            return state with
            {
                Resources = resources, DiscoveredAt = Now, Problem = null,
                Untold = state.Untold.Union(ToTell(state.Resources, resources, everybody: reapply)),
            };
        });
        await TellAsync(cancellation);
        LogDiscovered(log, Tenant, result!.Found, result.New, result.Vanished);
        return result;
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

    /// <summary>Tells each resource that does not know it yet how it stands. One that cannot be reached keeps nobody else waiting: the next sweep tells it.</summary>
    private async Task TellAsync(CancellationToken cancellation)
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
        if (!told.IsEmpty)
            await _keeper.ChangeAsync(state => state with { Untold = state.Untold.Except(told) });
    }

    private Task TellAsync(KnownResource known, CancellationToken cancellation)
    {
        var (grain, settings) = (GrainFactory.Resource(known.Resource), State.Settings);
        return known.Protected
            ? grain.Protect(new ResourceSettings(known.DisplayName, known.Address, settings.Retention, settings.Window, settings.Scope.HiddenFolders), cancellation)
            : grain.Release(known.Reason, cancellation);
    }

    private DiscoveredMailbox? KnownAs(ImmutableDictionary<string, KnownResource> resources, string userId) =>
        resources.GetValueOrDefault(new ResourceId(Tenant, ResourceKind.Mailbox, userId).LocalName) is { } known
            ? new DiscoveredMailbox(known.Resource, known.DisplayName, known.Address, known.Purpose, known.Protected, null)
            : null;

    private TenantOverview Overview()
    {
        var resources = State.Resources.Values.Select(resource => _health.Listing(resource)).ToList();
        var guarded = resources.Where(resource => resource.Protected).ToList();
        return new TenantOverview(Tenant, State.Name, State.Settings, State.OnboardedAt, State.DiscoveredAt, guarded.Count, resources.Count - guarded.Count,
            guarded.Count(resource => resource.Health?.LastOutcome is RunOutcome.Succeeded or RunOutcome.SucceededWithWarnings),
            guarded.Count(resource => resource.Health?.Running == true),
            guarded.Count(resource => resource.Health?.LastOutcome == RunOutcome.Failed), State.Permissions, State.Problem
            ?? (State.Untold.IsEmpty ? null : $"{State.Untold.Count} resources could not be told how they stand; they are told again within the hour."))
        {
            Store = StoreName, Storage = State.Storage, SweptAt = State.SweptAt,
        };
    }

    // The local name alone would let a caller of one tenant name another tenant's resource.
    private KnownResource Known(ResourceId resource) => (resource.Tenant == Tenant ? State.Resources.GetValueOrDefault(resource.LocalName) : null)
        ?? throw new NotFoundException($"Tenant {Tenant} has no resource '{resource.LocalName}'.");

    private void RequireOnboarded()
    {
        if (State.Access is null)
            throw new NotFoundException($"There is no tenant {Tenant}; onboard it first.");
    }

    private static ParallelOptions InParallel(CancellationToken cancellation) =>
        new() { MaxDegreeOfParallelism = GrainCallsAtOnce, CancellationToken = cancellation, TaskScheduler = TaskScheduler.Current };
}
