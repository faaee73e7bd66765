using System.Collections.Immutable;
using Orleans;
using Orleans.Runtime;
using OrleansBackup.Domain.Invoicing;
using OrleansBackup.Domain.Metering;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Billing;

namespace OrleansBackup.Grains.Billing;

/// <summary>One month of one tenant: its usage by day and its documents.</summary>
internal sealed class BillingGrain([PersistentState("billing-month", StateStores.Default)] IPersistentState<BillingMonthState> storage) : Grain, IBillingGrain
{
    private readonly StateKeeper<BillingMonthState> _keeper = new(storage);

    private BillingMonth Month => BillingMonth.Parse(this.GetPrimaryKeyString().Split('/')[^1]);

    public async Task TakeUsage(DateOnly day, ImmutableArray<MeteredAccount> seen, CancellationToken cancellation)
    {
        var before = _keeper.State.Usage ?? MonthUsage.Empty(Month);
        var after = before.With(day, seen);
        if (after.Observed != before.Observed || !after.Accounts.SequenceEqual(before.Accounts))
            await _keeper.ChangeAsync(state => state with { Usage = after });
    }

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
}
