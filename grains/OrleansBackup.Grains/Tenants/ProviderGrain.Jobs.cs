using System.Collections.Immutable;
using System.Globalization;
using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Runtime;
using Orleans.Storage;
using OrleansBackup.Domain.Identity;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.GrainInterfaces.Tenants;
using OrleansBackup.Grains.Recovery;
using OrleansBackup.Vault;

namespace OrleansBackup.Grains.Tenants;

/// <summary>Work over all tenants, one after the other: each tenant does its own part, and what is done is remembered, so that a crash costs one tenant's part at most.</summary>
internal sealed partial class ProviderGrain
{
    private const string Jobs = "jobs";
    private static readonly TimeSpan JobTick = TimeSpan.FromMinutes(1);

    private readonly CancellationTokenSource _leaving = new();
    private Task _rotation = Task.CompletedTask, _recovery = Task.CompletedTask;

    public async Task<ProviderJobStatus> StartKeyRotation(string who, string why, CancellationToken cancellation)
    {
        if (_keeper.State.Rotation is not { IsOpen: true })
            await AcceptAsync(Asked(who, why), (state, job) => state with { Rotation = job });
        return _keeper.State.Rotation!;
    }

    public Task<ProviderJobStatus> GetKeyRotation(CancellationToken cancellation) =>
        Task.FromResult(_keeper.State.Rotation ?? throw new NotFoundException("No rotation of the key was ever asked for."));

    public async Task<ProviderJobStatus> StartRecovery(string who, string why, CancellationToken cancellation)
    {
        if (_keeper.State.Recovery is not { IsOpen: true })
            await AcceptAsync(Asked(who, why), (state, job) => state with { Recovery = job });
        return _keeper.State.Recovery!;
    }

    public Task<ProviderJobStatus> GetRecovery(CancellationToken cancellation) =>
        Task.FromResult(_keeper.State.Recovery ?? throw new NotFoundException("No recovery was ever asked for."));

    public async Task ReceiveReminder(string reminderName, TickStatus status)
    {
        GoOn(); // a tick never waits for the work: the reminder would be held until it times out
        if (_keeper.State is { Rotation: not { IsOpen: true }, Recovery: not { IsOpen: true } } && await this.GetReminder(Jobs) is { } reminder)
            await this.UnregisterReminder(reminder);
    }

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        await base.OnActivateAsync(cancellationToken);
        GoOn(); // the process died under it
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        await _leaving.CancelAsync();
        await Task.WhenAll(_rotation, _recovery).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        _leaving.Dispose();
        await base.OnDeactivateAsync(reason, cancellationToken);
    }

    private async Task AcceptAsync(PersonsDecision asked, Func<ProviderState, ProviderJobStatus, ProviderState> keep)
    {
        await _keeper.ChangeAsync(state => keep(state, new ProviderJobStatus(asked, 0, [], [], null, null)));
        await this.RegisterOrUpdateReminder(Jobs, JobTick, JobTick);
        GoOn();
    }

    private void GoOn()
    {
        if (_rotation.IsCompleted && _keeper.State.Rotation is { IsOpen: true })
            _rotation = RunAsync(RotateAsync, state => state.Rotation!, (state, job) => state with { Rotation = job });
        if (_recovery.IsCompleted && _keeper.State.Recovery is { IsOpen: true })
            _recovery = RunAsync(RecoverAsync, state => state.Recovery!, (state, job) => state with { Recovery = job });
    }

    private async Task RunAsync(Func<Job, Task<string>> work, Func<ProviderState, ProviderJobStatus> get, Func<ProviderState, ProviderJobStatus, ProviderState> set)
    {
        // Give the caller its turn back, yet go on under the grain's scheduler: state has one thread.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding | ConfigureAwaitOptions.ContinueOnCapturedContext);
        var job = new Job(change => _keeper.ChangeAsync(state => set(state, change(get(state)))), () => get(_keeper.State));
        try
        {
            await job.ChangeAsync(status => status with { Problems = [] }); // of an attempt that was cut short: they are met again
            var result = await work(job);
            await job.ChangeAsync(status => status with { EndedAt = time.GetUtcNow(), Result = result });
            LogJobEnded(log, result, job.Status.Problems.Length);
        }
        catch (OperationCanceledException) when (_leaving.IsCancellationRequested)
        {
            // the activation leaves; the next one goes on
        }
        catch (InconsistentStateException)
        {
            DeactivateOnIdle(); // a newer activation owns this state, and its work
        }
        catch (Exception exception)
        {
            LogJobFailed(log, exception);
            await job.ChangeAsync(status => status with { EndedAt = time.GetUtcNow(), Result = $"It ended early: {exception.Message} Ask again; what is done is not done again." });
        }
    }

    private async Task<string> RotateAsync(Job job)
    {
        var key = await keys.Current.IdentifyAsync(_leaving.Token);
        var tenants = _keeper.State.Tenants.Keys.Order(StringComparer.Ordinal).Select(TenantId.Parse).ToList();
        await job.ChangeAsync(status => status with { Tenants = tenants.Count });
        foreach (var tenant in tenants)
            await job.DoAsync(tenant, async () => { await GrainFactory.Tenant(tenant).RotateKey(_leaving.Token); return []; });
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
        var (resources, points) = (0, 0);
        foreach (var (tenant, store) in found)
            await job.DoAsync(tenant, async () =>
            {
                var recovered = await GrainFactory.Tenant(tenant).Recover(store.Name, _leaving.Token);
                (resources, points) = (resources + recovered.Resources, points + recovered.Points);
                return recovered.Problems;
            });
        return string.Create(CultureInfo.InvariantCulture, $"{job.Status.Done.Length} of {found.Length} tenants are in service, {resources} resources and {points} restore points were found.");
    }

    private static PersonsDecision Asked(string who, string why, DateTimeOffset now) =>
        string.IsNullOrWhiteSpace(who) ? throw new InvalidRequestException("who", "Say who decides this.")
        : string.IsNullOrWhiteSpace(why) ? throw new InvalidRequestException("why", "Say why; it is kept.") : new PersonsDecision(who, why, now);

    private PersonsDecision Asked(string who, string why) => Asked(who, why, time.GetUtcNow());

    /// <summary>How far one job is, in the grain's state.</summary>
    private sealed class Job(Func<Func<ProviderJobStatus, ProviderJobStatus>, Task> change, Func<ProviderJobStatus> status)
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
            catch (Exception exception) when (exception is ServiceException or VaultException or TimeoutException)
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
