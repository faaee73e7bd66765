using System.Collections.Immutable;
using Orleans;
using Orleans.Runtime;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Invoicing;
using OrleansBackup.Domain.Keeping;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Billing;
using OrleansBackup.Grains.Keeping;
using OrleansBackup.Grains.Ledger;
using OrleansBackup.Vault;

namespace OrleansBackup.Grains.Billing;

/// <summary>The provider's book of invoices.</summary>
internal sealed class InvoiceBookGrain([PersistentState("invoice-book", StateStores.Default)] IPersistentState<InvoiceBookState> storage, Ledgers ledgers) : Grain, IInvoiceBookGrain
{
    private readonly StateKeeper<InvoiceBookState> _keeper = new(storage);

    public async Task<InvoiceNumber> Reserve(string cause, DateOnly day, CancellationToken cancellation)
    {
        if (!_keeper.State.Reserved.ContainsKey(cause))
            await _keeper.ChangeAsync(state =>
            {
                if (state.Reserved.ContainsKey(cause))
                    return state;
                return InvoiceNumbers.Next(state, cause, day);
            });
        return _keeper.State.Reserved[cause];
    }

    public async Task Book(BookedInvoice invoice, CancellationToken cancellation)
    {
        if (_keeper.State.Invoices.FirstOrDefault(known => known.Number == invoice.Number) is { } known)
        {
            if (known.Sha256 != invoice.Sha256)
                throw new NotPossibleNowException($"Number {invoice.Number} has another document.");
            return;
        }

        if (!_keeper.State.Reserved.Values.Any(one => one.Number == invoice.Number))
            throw new NotPossibleNowException($"Number {invoice.Number} was not given.");
        await _keeper.ChangeAsync(state => state with { Invoices = [.. state.Invoices.Add(invoice).OrderBy(one => one.Number, StringComparer.Ordinal)] });
    }

    public async Task Pay(TenantId tenant, Payment payment, CancellationToken cancellation)
    {
        if (string.IsNullOrWhiteSpace(payment.Id) || payment.Id.Length > 200)
            throw new InvalidRequestException("id", "The bank's id of the payment, in at most 200 characters.");
        if (payment.Amount == Money.Zero)
            throw new InvalidRequestException("amount", "An amount that is not nothing; below zero it went back.");
        if (!_keeper.State.Invoices.Any(invoice => invoice.Number == payment.Invoice && invoice.Tenant == tenant))
            throw new NotFoundException($"There is no invoice {payment.Invoice} of this tenant.");
        if (_keeper.State.Payments.FirstOrDefault(known => known.Id == payment.Id) is { } known)
        {
            if (known with { By = payment.By } != payment)
                throw new InvalidRequestException("id", $"Payment '{payment.Id}' was booked with other figures; book the difference under an id of its own.");
            return;
        }

        await EnterAsync(payment, cancellation);
        await _keeper.ChangeAsync(state => state with { Payments = state.Payments.Add(payment) });
    }

    public async Task<ImmutableArray<string>> Recover(CancellationToken cancellation)
    {
        var problems = new List<string>();
        foreach (var name in await ledgers.ListAsync(LedgerNames.Invoices, cancellation))
            if (!_keeper.State.Invoices.Any(known => name == LedgerNames.Invoice(known.Number)) && await ledgers.ReadOrTellAsync<LedgerInvoice>(name, problems, cancellation) is { } found)
                await _keeper.ChangeAsync(state => InvoiceNumbers.With(state, found));
        foreach (var name in await ledgers.ListAsync(LedgerNames.Payments, cancellation))
            if (!_keeper.State.Payments.Any(known => name == LedgerNames.Payment(known.Id)) && await ledgers.ReadOrTellAsync<Payment>(name, problems, cancellation) is { } found)
                await _keeper.ChangeAsync(state => state with { Payments = state.Payments.Add(found) });
        await _keeper.ChangeAsync(state => state with { Payments = [.. state.Payments.OrderBy(payment => payment.On).ThenBy(payment => payment.Id, StringComparer.Ordinal)] });
        var deleted = await ledgers.DeletedAsync(KeptKind.Invoice, problems, cancellation);
        return [.. problems, .. InvoiceNumbers.Missing(_keeper.State).Where(number => !deleted.Contains(number)).Select(number => $"There is no document with number {number}, and there are later ones: look for it outside, and keep what you find.")];
    }

    public async Task EnterLedger(CancellationToken cancellation)
    {
        foreach (var payment in _keeper.State.Payments)
            await EnterAsync(payment, cancellation);
    }

    public Task<string?> FindCause(string number, CancellationToken cancellation) => Task.FromResult<string?>(_keeper.State.Reserved.FirstOrDefault(one => one.Value.Number == number).Key);

    public Task ForgetDocuments(ImmutableArray<string> numbers, CancellationToken cancellation)
    {
        var gone = numbers.ToHashSet(StringComparer.Ordinal);
        return _keeper.ChangeAsync(state => state with
        {
            Invoices = state.Invoices.RemoveAll(one => gone.Contains(one.Number)),
            Payments = state.Payments.RemoveAll(one => gone.Contains(one.Invoice)),
            Reserved = state.Reserved.RemoveRange(state.Reserved.Where(one => gone.Contains(one.Value.Number)).Select(one => one.Key)),
        });
    }

    /// <summary>In the ledger first: what is acknowledged outlives the database.</summary>
    private async Task EnterAsync(Payment payment, CancellationToken cancellation)
    {
        try
        {
            await ledgers.EnterAsync(LedgerNames.Payment(payment.Id), LedgerJson.Write(payment), cancellation);
        }
        catch (DocumentTakenException)
        {
            // Entered by a call that died before it was booked. Whoever booked it does not matter, the figures do.
            if (await ledgers.ReadOrTellAsync<Payment>(LedgerNames.Payment(payment.Id), [], cancellation) is not { } entered || entered with { By = payment.By } != payment)
                throw new InvalidRequestException("id", $"Payment '{payment.Id}' was booked with other figures; book the difference under an id of its own.");
        }
    }

    public Task<ImmutableArray<BookedInvoice>> List(TenantId? tenant, CancellationToken cancellation) => Task.FromResult(Of(tenant));

    public Task<ImmutableArray<Payment>> ListPayments(TenantId? tenant, CancellationToken cancellation) => Task.FromResult(PaidBy(tenant));

    public Task<ImmutableArray<OverdueInvoice>> ListOverdue(DateOnly today, TenantId? tenant, CancellationToken cancellation) =>
        Task.FromResult(Payments.Overdue(Of(tenant), PaidBy(tenant), today));

    private ImmutableArray<BookedInvoice> Of(TenantId? tenant) => tenant is null ? _keeper.State.Invoices : [.. _keeper.State.Invoices.Where(invoice => invoice.Tenant == tenant)];

    private ImmutableArray<Payment> PaidBy(TenantId? tenant)
    {
        if (tenant is null)
            return _keeper.State.Payments;
        var mine = Of(tenant).Select(invoice => invoice.Number).ToHashSet(StringComparer.Ordinal);
        return [.. _keeper.State.Payments.Where(payment => mine.Contains(payment.Invoice))];
    }
}
