using System.Collections.Immutable;
using Orleans;
using Orleans.Runtime;
using OrleansBackup.Domain.Invoicing;
using OrleansBackup.Domain.Schedule;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Billing;
using OrleansBackup.Grains.Ledger;

namespace OrleansBackup.Grains.Billing;

/// <summary>The provider's price lists: those that came with the server until they are changed, then his own.</summary>
internal sealed class PriceBookGrain(
    [PersistentState("price-book", StateStores.Default)] IPersistentState<PriceBookState> storage, PriceCatalog delivered, Ledgers ledgers, ContractCalendar calendar, TimeProvider time) : Grain, IPriceBookGrain
{
    private readonly StateKeeper<PriceBookState> _keeper = new(storage);

    private DateOnly Today => calendar.DayOf(time.GetUtcNow());

    public Task<ImmutableArray<PriceList>> List(CancellationToken cancellation) =>
        Task.FromResult<ImmutableArray<PriceList>>([.. _keeper.State.Lists.Values.Concat(delivered.Lists.Where(list => !_keeper.State.Lists.ContainsKey(list.Id))).OrderBy(list => list.Id, StringComparer.Ordinal)]);

    public async Task<PriceList> Put(PriceList list, CancellationToken cancellation)
    {
        var problem = Find(list.Id) is { } before ? PriceIndexing.ProblemOfChange(before, list, Today) : list.Problem();
        if (problem is not null)
            throw new InvalidRequestException("versions", problem);
        return await KeepAsync(list, cancellation);
    }

    public async Task<PriceList> Index(string list, DateOnly validFrom, decimal percent, string reason, string by, CancellationToken cancellation)
    {
        var before = Find(list) ?? throw new NotFoundException($"There is no price list '{list}'.");
        var indexation = new Indexation(percent, reason, by, time.GetUtcNow());
        if (PriceIndexing.Problem(before, validFrom, indexation, Today) is { } problem)
            throw new InvalidRequestException("percent", problem);
        return await KeepAsync(PriceIndexing.Index(before, validFrom, indexation, Today), cancellation);
    }

    public async Task<ImmutableArray<string>> Recover(CancellationToken cancellation)
    {
        var problems = new List<string>();
        foreach (var name in await ledgers.ListAsync(LedgerNames.Prices, cancellation))
            if (await ledgers.ReadOrTellAsync<PriceList>(name, problems, cancellation) is { } list && !_keeper.State.Lists.ContainsKey(list.Id))
                await _keeper.ChangeAsync(state => state with { Lists = state.Lists.SetItem(list.Id, list) });
        return [.. problems];
    }

    public async Task EnterLedger(CancellationToken cancellation)
    {
        foreach (var list in _keeper.State.Lists.Values)
            await ledgers.ReplaceAsync(LedgerNames.PriceList(list.Id), LedgerJson.Write(list), cancellation);
    }

    /// <summary>In the ledger first: what is acknowledged outlives the database.</summary>
    private async Task<PriceList> KeepAsync(PriceList list, CancellationToken cancellation)
    {
        await ledgers.ReplaceAsync(LedgerNames.PriceList(list.Id), LedgerJson.Write(list), cancellation);
        await _keeper.ChangeAsync(state => state with { Lists = state.Lists.SetItem(list.Id, list) });
        return list;
    }

    private PriceList? Find(string id) => _keeper.State.Lists.GetValueOrDefault(id) ?? delivered.Lists.FirstOrDefault(list => list.Id == id);
}
