using System.Collections.Immutable;
using Orleans;
using Orleans.Runtime;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Invoicing;
using OrleansBackup.Domain.Notices;
using OrleansBackup.Domain.Schedule;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Billing;
using OrleansBackup.Grains.Ledger;
using OrleansBackup.Vault;

namespace OrleansBackup.Grains.Billing;

/// <summary>The work that was done for one tenant. Who pays is <see cref="WorkCharging"/>.</summary>
internal sealed class WorkOrderBookGrain(
    [PersistentState("work-order-book", StateStores.Default)] IPersistentState<WorkOrderBookState> storage, IContractTimelines contracts, Ledgers ledgers, ContractCalendar calendar, TimeProvider time) : Grain, IWorkOrderBookGrain
{
    private const int LongestText = 500;

    private readonly StateKeeper<WorkOrderBookState> _keeper = new(storage);

    public async Task<WorkOrder> Open(WorkKind kind, string subject, BothLanguages description, string? causeReference, CancellationToken cancellation)
    {
        if (!Enum.IsDefined(kind))
            throw new InvalidRequestException("kind", "restore, change, rehearsal, customerFault or providerFault.");
        if (string.IsNullOrWhiteSpace(subject) || subject.Length > LongestText || causeReference is { Length: > LongestText })
            throw new InvalidRequestException("subject", $"What the work is on, in at most {LongestText} characters.");
        foreach (var text in new[] { description.Nl, description.En })
            if (string.IsNullOrWhiteSpace(text) || text.Length > LongestText || text.Any(char.IsControl))
                throw new InvalidRequestException("description", $"What the invoice says of it, in both languages, in one line of at most {LongestText} characters.");
        if (_keeper.State.Orders.FirstOrDefault(known => known.IsSameWork(kind, subject, causeReference)) is { } same)
            return same;
        var order = new WorkOrder(Guid.CreateVersion7(time.GetUtcNow()), kind, subject, description, causeReference, time.GetUtcNow());
        await KeepAsync(orders => orders.Insert(0, order), cancellation);
        return order;
    }

    public async Task<WorkOrder> Close(Guid order, int minutes, bool delivered, CancellationToken cancellation)
    {
        if (minutes is < 0 or > WorkClosing.MostMinutes)
            throw new InvalidRequestException("minutes", $"Between 0 and {WorkClosing.MostMinutes} minutes.");
        return Find(order).Closing is not { } closing ? await ChangeAsync(order, known => known with { Closing = new(time.GetUtcNow(), minutes, delivered) }, cancellation)
            : closing.Minutes == minutes && closing.Delivered == delivered ? Find(order)
            : throw new NotPossibleNowException("This work was closed with other figures; a decision on who pays can still be made.");
    }

    public async Task<WorkOrder> Decide(Guid order, bool charge, string reason, string? agreement, string by, CancellationToken cancellation)
    {
        var (known, decision) = (Find(order), new WorkDecision(charge, reason, agreement, by, time.GetUtcNow()));
        if (known.Invoice is { } invoice)
            throw new NotPossibleNowException($"This work is on invoice {invoice}; correct that by a credit note.");
        var contract = await contracts.OfAsync(TenantId.Parse(this.GetPrimaryKeyString()), cancellation);
        if (contract is null)
            throw new NotPossibleNowException("This tenant has no contract, so nobody is charged.");
        var day = calendar.DayOf(known.Closing?.At ?? time.GetUtcNow());
        var plan = contract.PlanOn(day) ?? (day < contract.Start ? contract.Periods[0] : contract.Periods[^1]).Plan;
        if (WorkCharging.Problem(known, decision, plan.Work) is { } problem)
            throw new InvalidRequestException(string.IsNullOrWhiteSpace(reason) ? "reason" : "agreement", problem);
        return await ChangeAsync(order, one => one with { Decision = decision }, cancellation);
    }

    public Task<ImmutableArray<WorkOrder>> List(CancellationToken cancellation) => Task.FromResult(_keeper.State.Orders);

    public Task<ImmutableArray<WorkOrder>> ListForInvoice(DateTimeOffset closedBefore, string? invoice, CancellationToken cancellation) =>
        Task.FromResult<ImmutableArray<WorkOrder>>([.. _keeper.State.Orders.Where(order => order.Closing is { } closing && closing.At < closedBefore && (order.Invoice is null || order.Invoice == invoice))]);

    public Task MarkInvoiced(ImmutableArray<Guid> orders, string invoice, CancellationToken cancellation) => orders.IsEmpty ? Task.CompletedTask :
        KeepAsync(known => [.. known.Select(order => orders.Contains(order.Id) ? order with { Invoice = invoice } : order)], cancellation);

    public Task Forget(CancellationToken cancellation) => _keeper.ClearAsync();

    public Task Recover(ImmutableArray<WorkOrder> orders, CancellationToken cancellation) =>
        _keeper.State.Orders.IsEmpty ? _keeper.ChangeAsync(state => state with { Orders = orders }) : Task.CompletedTask;

    public Task EnterLedger(CancellationToken cancellation) => _keeper.State.Orders.IsEmpty ? Task.CompletedTask : KeepAsync(orders => orders, cancellation);

    private async Task<WorkOrder> ChangeAsync(Guid order, Func<WorkOrder, WorkOrder> change, CancellationToken cancellation)
    {
        await KeepAsync(orders => [.. orders.Select(known => known.Id == order ? change(known) : known)], cancellation);
        return Find(order);
    }

    /// <summary>Beside the tenant's backups first, so that work which no invoice has yet is not lost with the database.</summary>
    private async Task KeepAsync(Func<ImmutableArray<WorkOrder>, ImmutableArray<WorkOrder>> change, CancellationToken cancellation)
    {
        var after = change(_keeper.State.Orders);
        try
        {
            await ledgers.ReplaceAsync(TenantId.Parse(this.GetPrimaryKeyString()), LedgerNames.Work, LedgerJson.Write(new WorkOrderList(after)), cancellation);
        }
        catch (Exception exception) when (exception is TenantKeyMissingException or NotPossibleNowException)
        {
            // No backups beside which it could stand, or a tenant that is being moved or destroyed: the work of that time is kept with the next change.
        }
        await _keeper.ChangeAsync(state => state with { Orders = after });
    }

    private WorkOrder Find(Guid order) => _keeper.State.Orders.FirstOrDefault(known => known.Id == order) ?? throw new NotFoundException($"There is no work order {order:D} of this tenant.");
}
