using System.Collections.Immutable;
using System.Globalization;
using Orleans;
using OrleansBackup.Domain.Calendar;
using OrleansBackup.Domain.Contracts;
using OrleansBackup.Domain.Invoicing;
using OrleansBackup.Domain.Metering;
using OrleansBackup.Domain.Notices;
using OrleansBackup.Domain.Subscriptions;
using OrleansBackup.GrainInterfaces.Billing;
using OrleansBackup.GrainInterfaces.Notices;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.Grains.Subscriptions;

namespace OrleansBackup.Grains.Billing;

/// <summary>
/// How a run becomes a document. What is charged is written down first, then it gets its number, then it goes where it is kept; each step can be repeated, so a crash between
/// any two of them leaves no number without a document and no day charged twice.
/// </summary>
internal sealed partial class BillingAccountGrain
{
    /// <returns>False: something is missing without which nothing can be invoiced; the run is made when it is there.</returns>
    private async Task<bool> RunAsync(CalendarMonth month, ContractTimeline contract, CancellationToken cancellation)
    {
        var problem = options.Value.Provider is null ? "No invoices are made: the provider's name and address are not configured (Billing)."
            : State.Profile is null ? "No invoices are made: nobody has said to whom they go; give this tenant a billing profile." : null;
        if (problem is not null)
        {
            if (State.Problem != problem)
                await _keeper.ChangeAsync(state => state with { Problem = problem });
            return false;
        }

        var prices = await GrainFactory.PriceBook().List(cancellation);
        var work = await GrainFactory.WorkOrders(Tenant).ListForInvoice(calendar.At(month.First, TimeSpan.Zero), null, cancellation);
        var usage = await Task.WhenAll(State.Months.Where(one => one <= month).TakeLast(MonthsLookedBack).Select(one => GrainFactory.Billing(Tenant, one).GetUsage(cancellation)));
        var draft = InvoiceDrafter.Draft(new BillingCase(month, contract, new UsageHistory(usage), State.Charged, work, prices.ToDictionary(list => list.Id, StringComparer.Ordinal), State.Profile!, calendar.DayOf));
        var plan = contract.PlanOn(month.First) ?? contract.Periods[^1].Plan;
        ImmutableArray<string> held = [.. draft.Held.Select(one => string.Create(CultureInfo.InvariantCulture, $"{one.From:yyyy-MM-dd} to {one.Until:yyyy-MM-dd}: {one.Reason}"))];
        await _keeper.ChangeAsync(state => draft.Lines.IsEmpty
            ? state with { ClosedUntil = month, Charged = draft.ChargedBy("-"), Held = held, Problem = null }
            : state with
            {
                ClosedUntil = month, Held = held, Problem = null,
                Pending = new($"{Tenant}/{month}", month, draft.Lines, draft.Charged, draft.Work, draft.TermDays, plan.Payment.ReminderDays, options.Value.Provider!, state.Profile!, null),
            });
        if (!draft.Lines.IsEmpty)
            await IssueAsync(cancellation);
        return true;
    }

    /// <summary>Brings the pending document to its end, from wherever it was left.</summary>
    private async Task<string> IssueAsync(CancellationToken cancellation)
    {
        var pending = State.Pending!;
        var (number, day) = await GrainFactory.InvoiceBook().Reserve(pending.Cause, Today, cancellation);
        var invoice = Invoice.Of(number, Tenant, pending.Month, day, pending.TermDays, pending.Provider, pending.Profile, pending.Lines, pending.Corrects);
        var json = InvoiceFile.Write(invoice);
        var booked = new BookedInvoice(number, Tenant, pending.Month, day, invoice.DueOn, invoice.Owed, InvoiceFile.HashOf(json), pending.Corrects?.Invoice, pending.ReminderDays);
        var charged = new InvoiceDraft([], pending.Charged, [], [], 0).ChargedBy(number);
        await EnterAsync(new(booked, pending.Cause, json, State.ClosedUntil, charged, pending.Work), cancellation);
        await GrainFactory.Billing(Tenant, pending.Month).KeepDocument(number, json, cancellation);
        await GrainFactory.WorkOrders(Tenant).MarkInvoiced(pending.Work, number, cancellation);
        await GrainFactory.InvoiceBook().Book(booked, cancellation);
        // Before the document is done with: an attempt that is cut off here tells it again, under the same id.
        await GrainFactory.PublishAsync(ServiceEvent.Of(EventKind.InvoiceReady, Tenant, number, time.GetUtcNow(), $"tenants/{Tenant}/invoices/{number}", ("number", number), ("month", $"{pending.Month}")), cancellation);
        await _keeper.ChangeAsync(state => state with
        {
            Pending = null,
            Charged = charged,
            Invoices = state.Invoices.Any(place => place.Number == number) ? state.Invoices : state.Invoices.Add(new(number, pending.Month)),
        });
        LogIssued(log, number, Tenant, pending.Month);
        return number;
    }

    /// <summary>Tells the customer of what he has not paid, once for each reminder of his plan.</summary>
    private async Task RemindAsync()
    {
        foreach (var late in (await GrainFactory.InvoiceBook().ListOverdue(Today, Tenant, CancellationToken.None)).Where(late => late.Reminder > State.Reminded.GetValueOrDefault(late.Invoice.Number)))
        {
            var (number, due) = (late.Invoice.Number, late.Invoice.DueOn.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
            await GrainFactory.NoticeBook(Tenant).Raise(new(NoticeKind.ContractNews, $"payment/{number}/{late.Reminder}", new(
                $"Factuur {number} had uiterlijk {due} betaald moeten zijn; open staat € {late.Open}.", $"Invoice {number} was to be paid by {due}; € {late.Open} is open."), [], null), CancellationToken.None);
            await _keeper.ChangeAsync(state => state with { Reminded = state.Reminded.SetItem(number, late.Reminder) });
        }
        await KeepAsync(CancellationToken.None);
    }
}
