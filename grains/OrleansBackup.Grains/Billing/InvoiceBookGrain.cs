using System.Collections.Immutable;
using System.Globalization;
using Orleans;
using Orleans.Runtime;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Invoicing;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Billing;

namespace OrleansBackup.Grains.Billing;

/// <summary>The provider's book of invoices.</summary>
internal sealed class InvoiceBookGrain([PersistentState("invoice-book", StateStores.Default)] IPersistentState<InvoiceBookState> storage) : Grain, IInvoiceBookGrain
{
    private readonly StateKeeper<InvoiceBookState> _keeper = new(storage);

    public async Task<InvoiceNumber> Reserve(string cause, DateOnly day, CancellationToken cancellation)
    {
        if (!_keeper.State.Reserved.ContainsKey(cause))
            await _keeper.ChangeAsync(state =>
            {
                if (state.Reserved.ContainsKey(cause))
                    return state;
                // Numbers rise with their days: a clock that went back does not put an invoice before an earlier number.
                var dated = state.Reserved.Values.Select(one => one.Day).Append(day).Max();
                var next = state.Years.GetValueOrDefault(dated.Year) + 1;
                return state with
                {
                    Years = state.Years.SetItem(dated.Year, next),
                    Reserved = state.Reserved.SetItem(cause, new(string.Create(CultureInfo.InvariantCulture, $"{dated.Year}-{next:00000}"), dated)),
                };
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

        await _keeper.ChangeAsync(state => state with { Payments = state.Payments.Add(payment) });
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
