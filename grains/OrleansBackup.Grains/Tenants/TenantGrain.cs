using System.Collections.Immutable;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Runtime;
using OrleansBackup.Domain.Audit;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Runs;
using OrleansBackup.Domain.Storage;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Audit;
using OrleansBackup.GrainInterfaces.Budget;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.GrainInterfaces.Restores;
using OrleansBackup.GrainInterfaces.Tenants;
using OrleansBackup.Grains.Access;
using OrleansBackup.Grains.Checks;
using OrleansBackup.Grains.Composition;
using OrleansBackup.Grains.Discovery;
using OrleansBackup.Grains.Restores;
using OrleansBackup.Microsoft365;

namespace OrleansBackup.Grains.Tenants;

/// <summary>The life of one customer: onboarded, discovered, watched over. Its resources do their work themselves.</summary>
internal sealed partial class TenantGrain(
    [PersistentState("tenant", StateStores.Default)] IPersistentState<TenantState> storage,
    TenantConnections connections, VaultStores stores, ResourceRestorer restores, ResourceDiscovery discovery, CheckServices checks, TenantEnds ends, ProviderKeys keys, TenantProspect prospect, SweepTurns turns, IOptions<SweepOptions> sweeping, IHostApplicationLifetime process, TimeProvider time, ILogger<TenantGrain> log)
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
    private LongJob _move = null!, _destruction = null!;

    private TenantId Tenant => TenantId.Parse(this.GetPrimaryKeyString());

    private TenantState State => _keeper.State;

    private string StoreName => State.Store ?? stores.Default.Name;

    private DateTimeOffset Now => time.GetUtcNow();

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        await base.OnActivateAsync(cancellationToken);
        if (State is { Parts: 0, Access: not null })
            await MoveToPartsAsync(cancellationToken);
        _move = MoveJob();
        _destruction = DestructionJob();
        _move.GoOn(); // the process died under it
        _destruction.GoOn();
        TellProviderIn(SoonAfterActivation);
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        await _leaving.CancelAsync();
        await Task.WhenAll(_sweep ?? Task.CompletedTask, _reporting, _move.Going, _destruction.Going).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        _leaving.Dispose();
        await base.OnDeactivateAsync(reason, cancellationToken);
    }

    public async Task<TenantOverview> Onboard(TenantOnboarding request, CancellationToken cancellation)
    {
        Validate(request);
        RequireNotEnding();
        RequireNothingLost(request.Settings);
        var storage = request.Storage ?? State.Storage;
        var store = await TryAsync(() => ChooseStoreAsync(request.Store, storage, cancellation));
        var certificate = request.Certificate is { } named ? await FindAsync(named, cancellation) : null;
        using var client = certificate is not null ? await ConnectAsync(request.ClientId, certificate, cancellation)
            : connections.Connect(Tenant, request.ClientId, new SecretProof(request.ClientSecret));
        var permissions = await TryAsync(() => TenantSignIn.CheckAsync(client, Tenant, cancellation));
        var wrapped = await TryAsync(async () =>
        {
            await VaultAccess.CreateTenantAsync(Tenant, store, cancellation);
            return request.Certificate is null ? await connections.WrapSecretAsync(Tenant, request.ClientSecret, cancellation) : "";
        });
        await _keeper.ChangeAsync(state => SigningIn(state with { Access = new TenantAccess(Tenant, request.ClientId, wrapped), CertificateInUse = null }) with
        {
            Name = request.Name,
            Settings = request.Settings,
            OnboardedAt = state.Access is null ? Now : state.OnboardedAt,
            Permissions = permissions,
            Problem = null,
            Store = store.Name,
            Storage = storage,
            Parts = TenantParts.Needed(0, state.Parts),
        });
        await GrainFactory.Provider().Enlist(Tenant, request.Name, cancellation);
        await GrainFactory.CheckDiary().Attend(cancellation); // from the first tenant on somebody looks when a check is due
        await this.RegisterOrUpdateReminder(Watch, WatchPeriod, WatchPeriod);
        await RegisterSweepAsync();
        await GrainFactory.Audit(Tenant).NoteAsync(AuditActs.Service, AuditActs.Onboard, Tenant.ToString(), cancellation, ("name", request.Name), ("store", store.Name), ("client", request.ClientId));
        LogOnboarded(log, Tenant);
        await TryPutCardAsync(cancellation);
        await DiscoverAsync(reapply: true, cancellation);
        await TellProviderAsync(always: true, cancellation);
        return await OverviewAsync(cancellation);

        TenantState SigningIn(TenantState state) => certificate is not null ? state.SignsInWith(certificate, request.ClientId, Now) : state;
    }

    public Task<ImmutableArray<PermissionState>> TryAccess(string clientId, string clientSecret, CancellationToken cancellation)
    {
        ValidateCredential(clientId, clientSecret);
        return TryAsync(() => TenantSignIn.TryAsync(connections.Connect(Tenant, clientId, new SecretProof(clientSecret)), Tenant, cancellation));
    }

    public Task<TenantOverview> GetOverview(CancellationToken cancellation)
    {
        RequireOnboarded();
        return OverviewAsync(cancellation);
    }

    public async Task<TenantOverview> ChangeSettings(TenantSettings settings, CancellationToken cancellation)
    {
        RequireOnboarded();
        RequireNotEnding();
        ValidateSettings(settings);
        RequireNothingLost(settings);
        return await TakeSettingsAsync(settings, cancellation);
    }

    private async Task<TenantOverview> TakeSettingsAsync(TenantSettings settings, CancellationToken cancellation)
    {
        await _keeper.ChangeAsync(state => state with { Settings = settings, RescopeOwed = true });
        await RescopeAsync(cancellation);
        await TryPutCardAsync(cancellation);
        await TellAsync(cancellation);
        return await OverviewAsync(cancellation);
    }

    public async Task<TenantOverview> ChangeStorage(StorageDemand demand, CancellationToken cancellation)
    {
        RequireOnboarded();
        if (demand.Problem() is { } problem)
            throw new InvalidRequestException("countries", problem);
        await TryAsync(async () => { await VaultStores.RequireAsync(stores.Of(StoreName), demand, "countries", cancellation); return true; });
        await _keeper.ChangeAsync(state => state with { Storage = demand });
        await TryPutCardAsync(cancellation);
        return await OverviewAsync(cancellation);
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

    public async Task<int> SweepOverdue(CancellationToken cancellation)
    {
        RequireOnboarded();
        _move.GoOn();
        _destruction.GoOn();
        if (State.Destruction is { IsOpen: true })
            return 0;
        if (State.RescopeOwed)
            await RescopeAsync(cancellation);
        await TellAsync(cancellation);
        await AnnounceAsync(cancellation);
        if (SweepIsLate())
            _ = SweepWhenDueAsync();
        await WakeRestoresAsync(cancellation);
        var started = 0;
        await WithPartsAsync(async (part, _, token) => Interlocked.Add(ref started, await part.AttendOverdue(Math.Max(1, TendedAtOnce / State.Parts), token)), cancellation);
        await TellFaultsAsync(cancellation);
        await TellCertificateAsync(cancellation);
        await GrainFactory.Audit(Tenant).Attend(cancellation);
        _ = MakeReportsOnceAsync(); // a large tenant's takes minutes: no sweep waits for it
        await TellProviderAsync(always: true, cancellation);
        return started;
    }

    public Task<string> GetName(CancellationToken cancellation)
    {
        RequireOnboarded();
        return Task.FromResult(State.Name);
    }

    public Task<TenantAccess> GetAccess(CancellationToken cancellation)
    {
        RequireOnboarded();
        return Task.FromResult(State.SignIn(Now)!);
    }

    public Task<string> GetStore(CancellationToken cancellation)
    {
        RequireOnboarded();
        return Task.FromResult(StoreName);
    }

    public async Task<RestoreJobId> StartRestore(RestoreRequest request, CancellationToken cancellation)
    {
        RequireOnboarded();
        await KnownAsync(request.Point.Resource, cancellation);
        if (request.TargetResource is { } target)
            await KnownAsync(target, cancellation);
        await RequireAskedForAsync(request, cancellation);
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
        var census = await CensusAsync(cancellation);
        var before = census.Resources.ToDictionary(resource => resource.Resource);
        var isFirst = State.DiscoveredAt is null && before.Count == 0;
        var findings = await TryAsync(() => discovery.FindAsync(client, Tenant, before, cancellation));
        var found = findings.Found;
        await GrainFactory.GetGrain<IGraphBudgetGrain>(GrainKeys.Of(Tenant)).SetLicences(findings.Licences, cancellation);
        await TellUsageAsync(findings.Accounts, cancellation);
        var parts = TenantParts.Needed(before.Count + found.Count(resource => !before.ContainsKey(resource.Resource)), State.Parts);
        var divided = parts > State.Parts;
        if (divided)
            await DivideAsync(parts, census, cancellation);
        var (settings, mine) = (State.Settings, found.ToLookup(resource => TenantParts.Of(resource.Resource, parts)));
        var results = await AskPartsAsync((part, number) => part.Take(new PartOrder(parts, settings.Cut(number, parts)) { Looked = findings.Looked, IsFirst = isFirst }, [.. mine[number]], reapply || divided, cancellation));
        await _keeper.ChangeAsync(state => state with { DiscoveredAt = Now, Problem = null });
        await TellAsync(cancellation);
        await AnnounceAsync(cancellation);
        var result = new DiscoveryResult(results.Sum(part => part.Found), results.Sum(part => part.New), results.Sum(part => part.Vanished), results.Sum(part => part.Protected), results.Sum(part => part.NotProtected),
            [.. findings.Warnings, .. results.SelectMany(part => part.Warnings)]);
        LogDiscovered(log, Tenant, result.Found, result.New, result.Vanished);
        return result;
    }

    private async Task<TenantOverview> OverviewAsync(CancellationToken cancellation)
    {
        var counts = await CountsAsync(cancellation);
        var notices = await NoticesAsync(cancellation);
        var resources = counts.Resources;
        var forecast = await ForecastAsync(cancellation);
        return new TenantOverview(Tenant, State.Name, State.Settings, State.OnboardedAt, State.DiscoveredAt, resources.Protected, resources.Unprotected,
            resources.Healthy, resources.Running, resources.Failing, State.Permissions, ProblemOf(counts) ?? notices.Problem())
        {
            Store = StoreName, Storage = State.Storage, SweptAt = State.SweptAt, OverdueResources = resources.Overdue, NoticesUndelivered = notices.NobodyToTell + notices.Undelivered,
            FirstBackupsLeft = forecast.Outlook.BackupsLeft, FirstBackupsExpectedEnd = forecast.ExpectedEnd,
        };
    }

    private void RequireOnboarded()
    {
        if (State.Access is null)
            throw new NotFoundException($"There is no tenant {Tenant}; onboard it first.");
    }

    private static ParallelOptions InParallel(int atOnce, CancellationToken cancellation) =>
        new() { MaxDegreeOfParallelism = atOnce, CancellationToken = cancellation, TaskScheduler = TaskScheduler.Current };
}
