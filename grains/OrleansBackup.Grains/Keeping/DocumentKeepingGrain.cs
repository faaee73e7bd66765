using System.Collections.Immutable;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Runtime;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Keeping;
using OrleansBackup.Domain.Schedule;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Keeping;
using OrleansBackup.Grains.Ledger;
using OrleansBackup.Grains.Tenants;
using OrleansBackup.Vault;

namespace OrleansBackup.Grains.Keeping;

/// <summary>The life of the provider's documents after they were issued: kept as long as the law wants, held longer where somebody says so, deleted then.</summary>
internal sealed partial class DocumentKeepingGrain(
    [PersistentState("document-keeping", StateStores.Default)] IPersistentState<DocumentKeepingState> storage, Ledgers ledgers, TenantEnds ends, ContractCalendar calendar,
    IOptions<KeepingOptions> options, IHostApplicationLifetime process, TimeProvider time, ILogger<DocumentKeepingGrain> log) : Grain, IDocumentKeepingGrain, IRemindable
{
    private const string Day = "day";
    private const int DeletionsListed = 100;
    private static readonly TimeSpan Tick = TimeSpan.FromHours(1);

    private readonly StateKeeper<DocumentKeepingState> _keeper = new(storage);
    private readonly CancellationTokenSource _leaving = CancellationTokenSource.CreateLinkedTokenSource(process.ApplicationStopping);
    private LongJob _work = null!;

    private DocumentKeepingState State => _keeper.State;

    private DateOnly Today => calendar.DayOf(time.GetUtcNow());

    private KeepingRule Rule => options.Value.Rule;

    private bool IsDue => State.DoneOn != Today || State.CaughtUpAt is null || State.Pending is not null;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        await base.OnActivateAsync(cancellationToken);
        _work = new LongJob(this, _leaving.Token) { Reminder = Day, IsOpen = () => IsDue, Attempt = WorkAsync, Failed = FailedAsync };
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        await _leaving.CancelAsync();
        await _work.Going.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        _leaving.Dispose();
        await base.OnDeactivateAsync(reason, cancellationToken);
    }

    public async Task<DocumentKeeping> Attend(CancellationToken cancellation)
    {
        await this.RegisterOrUpdateReminder(Day, Tick, Tick);
        _work.GoOn();
        return Standing();
    }

    public Task ReceiveReminder(string reminderName, TickStatus status)
    {
        _work.GoOn(); // each hour once more, until the day's work is done
        return Task.CompletedTask;
    }

    public async Task<DocumentKeeping> EnterAgain(CancellationToken cancellation)
    {
        await _keeper.ChangeAsync(state => state with { CaughtUpAt = null, CaughtUp = [] });
        return await Attend(cancellation);
    }

    public Task<DocumentKeeping> Get(CancellationToken cancellation) => Task.FromResult(Standing());

    public async Task<DocumentHold> PlaceHold(TenantId? tenant, string who, string why, CancellationToken cancellation)
    {
        var decided = Decision.Of(who, why, time.GetUtcNow());
        await SyncAsync(cancellation);
        var hold = new DocumentHold(Guid.NewGuid(), tenant, decided.Who, decided.Why, decided.At);
        await KeepHoldsAsync([.. State.Holds, hold], cancellation);
        LogHeld(log, hold.Id, tenant);
        return hold;
    }

    public async Task LiftHold(Guid hold, CancellationToken cancellation)
    {
        await SyncAsync(cancellation);
        if (State.Holds.Any(one => one.Id == hold))
            await KeepHoldsAsync([.. State.Holds.Where(one => one.Id != hold)], cancellation);
    }

    public async Task<string> ReadDeletion(string name, CancellationToken cancellation)
    {
        var all = await ledgers.ListAsync(LedgerNames.Deletions, cancellation);
        return all.Any(one => one.Value == LedgerNames.Deletions + name) && await ledgers.ReadAsync(new DocumentName(LedgerNames.Deletions + name), cancellation) is { } found
            ? found.Text : throw new NotFoundException($"There is no evidence of a deletion '{name}'.");
    }

    private DocumentKeeping Standing() => new(
        Rule, Rule.KeptFrom(Today), State.Holds, State.DoneOn, State.CaughtUpAt, State.Deletions, State.Deleted, State.Held, State.Problem);

    private async Task WorkAsync(CancellationToken cancellation)
    {
        var today = Today;
        await SyncAsync(cancellation);
        if (State.CaughtUpAt is null)
            await CatchUpAsync(cancellation);
        if (State.Pending is not null)
            await CarryOutAsync(cancellation);
        var held = await DeleteAsync(today, cancellation);
        await _keeper.ChangeAsync(state => state with { DoneOn = today, Held = held, Problem = null });
    }

    private async Task FailedAsync(Exception exception)
    {
        LogFailed(log, exception);
        await _keeper.ChangeAsync(state => state with { Problem = LongJob.Tell(exception) });
    }

    /// <summary>Holds stand in the ledger first, for a lost database must not lift them.</summary>
    private async Task KeepHoldsAsync(ImmutableArray<DocumentHold> holds, CancellationToken cancellation)
    {
        await ledgers.ReplaceAsync(LedgerNames.Holds, LedgerJson.Write(new DocumentHolds(holds)), cancellation);
        await _keeper.ChangeAsync(state => state with { Holds = holds });
    }

    private async Task SyncAsync(CancellationToken cancellation)
    {
        if (State.IsSynced)
            return;
        var holds = await ledgers.ReadAsync(LedgerNames.Holds, cancellation) is { } kept ? LedgerJson.Read<DocumentHolds>(kept).Holds : [];
        var deletions = (await ledgers.ListAsync(LedgerNames.Deletions, cancellation)).Select(name => name.Value[LedgerNames.Deletions.Length..]).Reverse().ToList();
        await _keeper.ChangeAsync(state => state.IsSynced ? state : state with { IsSynced = true, Holds = holds, Deletions = [.. deletions.Take(DeletionsListed)] });
    }

    [LoggerMessage(2850, LogLevel.Warning, "Hold {Hold} was placed on the documents of {Tenant} (nobody: of all)")]
    private static partial void LogHeld(ILogger log, Guid hold, TenantId? tenant);

    [LoggerMessage(2851, LogLevel.Error, "The care of the provider's documents ended early; tried again within the hour")]
    private static partial void LogFailed(ILogger log, Exception exception);
}

/// <summary>All holds on documents, as they stand in the ledger.</summary>
internal sealed record DocumentHolds(ImmutableArray<DocumentHold> Holds);
