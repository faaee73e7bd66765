using System.Collections.Immutable;
using System.Globalization;
using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Runtime;
using OrleansBackup.Domain.Audit;
using OrleansBackup.Domain.Identity;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Audit;
using OrleansBackup.GrainInterfaces.Billing;
using OrleansBackup.GrainInterfaces.Contracts;
using OrleansBackup.GrainInterfaces.Keeping;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.GrainInterfaces.Subscriptions;
using OrleansBackup.GrainInterfaces.Tenants;
using OrleansBackup.Grains.Ledger;
using OrleansBackup.Grains.Recovery;
using OrleansBackup.Grains.Telemetry;
using OrleansBackup.Vault;

namespace OrleansBackup.Grains.Tenants;

/// <summary>Work over all tenants, one after the other: each tenant does its own part, and what is done is remembered, so that a crash costs one tenant's part at most.</summary>
internal sealed partial class ProviderGrain
{
    private const string Rotation = "rotation", Recovery = "recovery";

    private readonly CancellationTokenSource _leaving = CancellationTokenSource.CreateLinkedTokenSource(process.ApplicationStopping);
    private LongJob _rotation = null!, _recovery = null!;

    public async Task<ProviderJobStatus> StartKeyRotation(string who, string why, CancellationToken cancellation)
    {
        if (_keeper.State.Rotation is not { IsOpen: true })
            await AcceptAsync(_rotation, who, why, (state, job) => state with { Rotation = job });
        return _keeper.State.Rotation!;
    }

    public Task<ProviderJobStatus> GetKeyRotation(CancellationToken cancellation) =>
        Task.FromResult(_keeper.State.Rotation ?? throw new NotFoundException("No rotation of the key was ever asked for."));

    public async Task<ProviderJobStatus> StartRecovery(string who, string why, CancellationToken cancellation)
    {
        if (_keeper.State.Recovery is not { IsOpen: true })
            await AcceptAsync(_recovery, who, why, (state, job) => state with { Recovery = job });
        return _keeper.State.Recovery!;
    }

    public Task<ProviderJobStatus> GetRecovery(CancellationToken cancellation) =>
        Task.FromResult(_keeper.State.Recovery ?? throw new NotFoundException("No recovery was ever asked for."));

    public Task ReceiveReminder(string reminderName, TickStatus status) => reminderName switch
    {
        Rotation => _rotation.TickAsync(),
        Recovery => _recovery.TickAsync(),
        _ => this.ForgetReminderAsync(reminderName), // an earlier release had one for both; what is open goes on by the activation
    };

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        await base.OnActivateAsync(cancellationToken);
        _rotation = JobOf(Rotation, RotateAsync, state => state.Rotation, (state, job) => state with { Rotation = job });
        _recovery = JobOf(Recovery, RecoverAsync, state => state.Recovery, (state, job) => state with { Recovery = job });
        _rotation.GoOn(); // the process died under it
        _recovery.GoOn();
        BeginEstate();
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        await _leaving.CancelAsync();
        EstateGauges.Withdraw(this);
        await Task.WhenAll(_rotation.Going, _recovery.Going, _learning).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        _leaving.Dispose();
        await base.OnDeactivateAsync(reason, cancellationToken);
    }

    private async Task AcceptAsync(LongJob job, string who, string why, Func<ProviderState, ProviderJobStatus, ProviderState> keep)
    {
        var asked = Decision.Of(who, why, time.GetUtcNow());
        await _keeper.ChangeAsync(state => keep(state, new ProviderJobStatus(asked, 0, [], [], null, null)));
        await job.StartAsync();
    }

    private LongJob JobOf(string reminder, Func<Job, Task<string>> work, Func<ProviderState, ProviderJobStatus?> get, Func<ProviderState, ProviderJobStatus, ProviderState> set)
    {
        var job = new Job(change => _keeper.ChangeAsync(state => set(state, change(get(state)!))), () => get(_keeper.State)!, _leaving.Token);
        return new(this, _leaving.Token)
        {
            Reminder = reminder,
            IsOpen = () => get(_keeper.State) is { IsOpen: true },
            Attempt = async _ =>
            {
                await job.ChangeAsync(status => status with { Problems = [] }); // of an attempt that was cut short: they are met again
                var result = await work(job);
                await job.ChangeAsync(status => status with { EndedAt = time.GetUtcNow(), Result = result });
                await GrainFactory.ProviderAudit().NoteAsync(AuditActs.Service, reminder == Rotation ? AuditActs.RotateKey : AuditActs.Recover, reminder, _leaving.Token,
                    ("result", result), ("problems", $"{job.Status.Problems.Length}"));
                LogJobEnded(log, result, job.Status.Problems.Length);
            },
            Failed = async exception =>
            {
                LogJobFailed(log, exception);
                await job.ChangeAsync(status => status with { EndedAt = time.GetUtcNow(), Result = $"It ended early: {exception.Message} Ask again; what is done is not done again." });
            },
        };
    }

    private async Task<string> RotateAsync(Job job)
    {
        var key = await keys.Current.IdentifyAsync(_leaving.Token);
        var tenants = _keeper.State.Tenants.Keys.Order(StringComparer.Ordinal).Select(TenantId.Parse).ToList();
        await job.ChangeAsync(status => status with { Tenants = tenants.Count });
        await ledgers.RotateKeyAsync(keys.Current, _leaving.Token);
        foreach (var tenant in tenants)
            await job.DoAsync(tenant, async () => { await GrainFactory.Tenant(tenant).RotateKey(_leaving.Token); return []; });
        await GrainFactory.Subscriptions(null).RewrapSecrets(_leaving.Token);
        await GrainFactory.CertificateBook().RewrapKeys(_leaving.Token);
        // Nobody asks for them, so nobody would notice that they went with the earlier key.
        foreach (var (tenant, store) in await TenantFinder.FindAsync(stores, _leaving.Token))
            if (!tenants.Contains(tenant))
                await job.TellAsync($"Tenant {tenant} has data in the store '{store.Name}' and is not in service; its key is as it was.");
        return string.Create(CultureInfo.InvariantCulture, $"{job.Status.Done.Length} of {tenants.Count} tenants are under the key {key}. ")
            + (job.Status.Problems.IsEmpty ? "No tenant needs an earlier key; it may be taken out of the configuration." : "An earlier key is still needed: see the problems.");
    }

    private async Task<string> RecoverAsync(Job job)
    {
        var found = await TenantFinder.FindAsync(stores, _leaving.Token);
        await job.ChangeAsync(status => status with { Tenants = found.Length });
        await RecoverBooksAsync(job);
        var (resources, points) = (0, 0);
        foreach (var (tenant, store) in found)
            await job.DoAsync(tenant, async () =>
            {
                var recovered = await GrainFactory.Tenant(tenant).Recover(store.Name, _leaving.Token);
                (resources, points) = (resources + recovered.Resources, points + recovered.Points);
                return recovered.Problems;
            });
        await GrainFactory.DocumentKeeping().EnterAgain(_leaving.Token); // a card of an earlier release may know what no ledger does
        return string.Create(CultureInfo.InvariantCulture, $"{job.Status.Done.Length} of {found.Length} tenants are in service, {resources} resources and {points} restore points were found.");
    }

    /// <summary>The provider's own books come first: accounts ask them. Customers whose backups are destroyed are in no store any more, and their documents and contracts are kept nevertheless.</summary>
    private async Task RecoverBooksAsync(Job job)
    {
        foreach (var problem in await GrainFactory.PriceBook().Recover(_leaving.Token))
            await job.TellAsync(problem);
        foreach (var problem in await GrainFactory.InvoiceBook().Recover(_leaving.Token))
            await job.TellAsync(problem);
        var problems = new List<string>();
        if (await ledgers.ReadOrTellAsync<SubscriptionList>(LedgerNames.Subscriptions, problems, _leaving.Token) is { } hearing)
            await GrainFactory.Subscriptions(null).Recover(hearing.Subscriptions, _leaving.Token);
        if (await ledgers.ReadOrTellAsync<CertificateList>(LedgerNames.Certificates, problems, _leaving.Token) is { } registered)
            await GrainFactory.CertificateBook().Recover(registered.Certificates, _leaving.Token);
        foreach (var problem in problems)
            await job.TellAsync(problem);
        var found = (await TenantFinder.FindAsync(stores, _leaving.Token)).Select(one => one.Tenant).ToHashSet();
        var customers = (await ledgers.ListAsync(LedgerNames.Accounts, _leaving.Token)).AddRange(await ledgers.ListAsync(LedgerNames.AllContracts, _leaving.Token));
        foreach (var name in customers.Select(name => name.Value.Split('/')[1]).Distinct(StringComparer.Ordinal))
            if (TenantId.TryParse(name, out var tenant) && !found.Contains(tenant))
                foreach (var problem in (await GrainFactory.Contract(tenant).Recover(null, _leaving.Token)).AddRange(await GrainFactory.BillingAccount(tenant).Recover([], _leaving.Token)))
                    await job.TellAsync($"Tenant {tenant}: {problem}");
    }

    /// <summary>How far one job is, in the grain's state.</summary>
    private sealed class Job(Func<Func<ProviderJobStatus, ProviderJobStatus>, Task> change, Func<ProviderJobStatus> status, CancellationToken leaving)
    {
        public ProviderJobStatus Status => status();

        public Task ChangeAsync(Func<ProviderJobStatus, ProviderJobStatus> with) => change(with);

        public Task TellAsync(string problem) => change(job => job with { Problems = job.Problems.Add(problem) });

        /// <summary>Does one tenant's part, unless it is done. What it refuses is told and keeps no other tenant waiting.</summary>
        public async Task DoAsync(TenantId tenant, Func<Task<ImmutableArray<string>>> work)
        {
            if (Status.Done.Contains(tenant))
                return;
            try
            {
                var problems = await work();
                await change(job => job with { Done = job.Done.Add(tenant), Problems = job.Problems.AddRange(problems.Select(problem => $"Tenant {tenant}: {problem}")) });
            }
            catch (Exception exception) when (!leaving.IsCancellationRequested && exception is (ServiceException or VaultException or TimeoutException))
            {
                await TellAsync($"Tenant {tenant}: {exception.Message}");
            }
        }
    }

    [LoggerMessage(2440, LogLevel.Information, "{Result} {Problems} problems")]
    private static partial void LogJobEnded(ILogger log, string result, int problems);

    [LoggerMessage(2441, LogLevel.Error, "Work over all tenants ended early")]
    private static partial void LogJobFailed(ILogger log, Exception exception);
}
