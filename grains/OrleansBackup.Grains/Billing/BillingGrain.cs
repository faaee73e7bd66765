using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Runtime;
using OrleansBackup.Domain.Calendar;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Invoicing;
using OrleansBackup.Domain.Metering;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Billing;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.Grains.Ledger;
using OrleansBackup.Vault;

namespace OrleansBackup.Grains.Billing;

/// <summary>One month of one tenant: its usage by day and its documents.</summary>
internal sealed partial class BillingGrain([PersistentState("billing-month", StateStores.Default)] IPersistentState<BillingMonthState> storage, Ledgers ledgers, ILogger<BillingGrain> log) : Grain, IBillingGrain
{
    private readonly StateKeeper<BillingMonthState> _keeper = new(storage);

    private MonthUsage? _kept;

    private TenantId Tenant => TenantId.Parse(this.GetPrimaryKeyString().Split('/')[0]);

    private CalendarMonth Month => CalendarMonth.Parse(this.GetPrimaryKeyString().Split('/')[^1]);

    public async Task TakeUsage(DateOnly day, ImmutableArray<MeteredAccount> seen, CancellationToken cancellation)
    {
        var before = _keeper.State.Usage ?? MonthUsage.Empty(Month);
        var after = before.With(day, seen);
        if (after.Observed != before.Observed || !after.Accounts.SequenceEqual(before.Accounts))
            await _keeper.ChangeAsync(state => state with { Usage = after });
        await KeepUsageAsync(after, cancellation);
    }

    public Task RecoverUsage(MonthUsage usage, CancellationToken cancellation) =>
        _keeper.State.Usage is not null ? Task.CompletedTask : _keeper.ChangeAsync(state => state with { Usage = usage });

    /// <summary>Under the tenant's own key, for it names persons. Each look tries again what could not be written: metering waits for no store.</summary>
    private async Task KeepUsageAsync(MonthUsage usage, CancellationToken cancellation)
    {
        if (_kept == usage)
            return;
        try
        {
            await ledgers.ReplaceAsync(Tenant, LedgerNames.MonthUsage(Month), LedgerJson.Write(usage), cancellation);
            _kept = usage;
        }
        catch (TenantKeyMissingException)
        {
            _kept = usage; // it has no backups beside which anything could stand
        }
        catch (ServiceException exception)
        {
            LogUsageNotKept(log, Tenant, Month, exception);
        }
    }

    public Task ForgetNames(CancellationToken cancellation) =>
        _keeper.State.Usage is null ? Task.CompletedTask : _keeper.ChangeAsync(state => state with { Usage = state.Usage?.WithoutNames() });

    public Task EnterLedger(CancellationToken cancellation) => _keeper.State.Usage is { } usage ? KeepUsageAsync(usage, cancellation) : Task.CompletedTask;

    public Task ForgetDocuments(ImmutableArray<string> numbers, CancellationToken cancellation) =>
        _keeper.ChangeAsync(state => state with { Documents = state.Documents.RemoveAll(document => numbers.Contains(document.Number)) });

    public Task ForgetMonth(CancellationToken cancellation) => _keeper.ClearAsync();

    public Task<MonthUsage> GetUsage(CancellationToken cancellation) => Task.FromResult(_keeper.State.Usage ?? MonthUsage.Empty(Month));

    public async Task KeepDocument(string number, string json, CancellationToken cancellation)
    {
        if (_keeper.State.Documents.FirstOrDefault(kept => kept.Number == number) is { } kept)
        {
            if (kept.Json != json)
                throw new NotPossibleNowException($"Document {number} is kept with another text: what is issued never changes.");
            return;
        }

        await _keeper.ChangeAsync(state => state with { Documents = state.Documents.Add(new(number, json, InvoiceFile.HashOf(json))) });
    }

    public Task<ImmutableArray<IssuedDocument>> ListDocuments(CancellationToken cancellation) => Task.FromResult(_keeper.State.Documents);

    [LoggerMessage(2813, LogLevel.Warning, "The users of tenant {Tenant} in {Month} could not be written beside its backups; the next look tries again")]
    private static partial void LogUsageNotKept(ILogger log, TenantId tenant, CalendarMonth month, Exception exception);
}
