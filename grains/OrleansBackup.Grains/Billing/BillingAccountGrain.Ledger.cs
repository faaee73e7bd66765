using System.Collections.Immutable;
using Orleans;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Metering;
using OrleansBackup.GrainInterfaces.Billing;
using OrleansBackup.Grains.Ledger;
using OrleansBackup.Vault;

namespace OrleansBackup.Grains.Billing;

/// <summary>What of the account outlives the database, and how it comes back.</summary>
internal sealed partial class BillingAccountGrain
{
    private string? _kept;

    public async Task<ImmutableArray<string>> Recover(ImmutableArray<MonthUsage> usage, CancellationToken cancellation)
    {
        var problems = new List<string>();
        foreach (var month in usage)
            await GrainFactory.Billing(Tenant, month.Month).RecoverUsage(month, cancellation);
        if (State is not { Profile: null, Invoices.IsEmpty: true, Pending: null, ClosedUntil: null })
            return []; // it is in use, and knows better
        var account = await ledgers.ReadOrTellAsync<LedgerAccount>(LedgerNames.Account(Tenant), problems, cancellation);
        var documents = new List<LedgerInvoice>();
        foreach (var booked in await GrainFactory.InvoiceBook().List(Tenant, cancellation))
            if (await ledgers.ReadOrTellAsync<LedgerInvoice>(LedgerNames.Invoice(booked.Number), problems, cancellation) is { } found)
            {
                documents.Add(found);
                await GrainFactory.Billing(Tenant, booked.Month).KeepDocument(booked.Number, found.Json, cancellation);
                if (InvoiceLost(account, found))
                    await GrainFactory.WorkOrders(Tenant).MarkInvoiced(found.Work, booked.Number, cancellation);
            }
        problems.AddRange((account?.Invoices ?? []).Where(known => documents.All(one => one.Booked.Number != known.Number)).Select(known =>
            $"Document {known.Number} was issued to {Tenant} and is not in the ledger: look for it outside, and keep what you find."));
        if (account is null && documents.Count == 0 && usage.IsEmpty)
            return [.. problems];
        // A document is entered before the account: the newest may know of days that the account did not come to write down.
        var newest = documents.LastOrDefault(one => InvoiceLost(account, one));
        await this.RegisterOrUpdateReminder(Close, Period, Period);
        await _keeper.ChangeAsync(state => state with
        {
            Profile = account?.Profile,
            Months = [.. usage.Select(one => one.Month).Order()],
            Charged = newest?.Charged ?? account?.Charged ?? [],
            Invoices = [.. documents.Select(one => new InvoicePlace(one.Booked.Number, one.Booked.Month))],
            ClosedUntil = newest?.ClosedUntil ?? account?.ClosedUntil,
            Reminded = account?.Reminded.ToImmutableDictionary() ?? state.Reminded,
        });
        return [.. problems];
    }

    public async Task EnterLedger(CancellationToken cancellation)
    {
        var booked = (await GrainFactory.InvoiceBook().List(Tenant, cancellation)).ToDictionary(one => one.Number, StringComparer.Ordinal);
        var work = await GrainFactory.WorkOrders(Tenant).List(cancellation);
        foreach (var place in State.Invoices.Where(place => booked.ContainsKey(place.Number)))
        {
            var (json, cause) = ((await GetDocument(place.Number, cancellation)).Json, await GrainFactory.InvoiceBook().FindCause(place.Number, cancellation));
            // As the account stands now: it says at least what was charged with that document, so nothing is charged again.
            await EnterAsync(new(booked[place.Number], cause ?? $"{Tenant}/{place.Number}", json, State.ClosedUntil, State.Charged, [.. work.Where(order => order.Invoice == place.Number).Select(order => order.Id)]), cancellation);
        }
        foreach (var month in State.Months)
            await GrainFactory.Billing(Tenant, month).EnterLedger(cancellation);
        await KeepAsync(cancellation);
    }

    public async Task ForgetDocuments(ImmutableArray<string> numbers, CancellationToken cancellation)
    {
        var gone = State.Invoices.Where(place => numbers.Contains(place.Number)).ToList();
        foreach (var month in gone.GroupBy(place => place.Month))
            await GrainFactory.Billing(Tenant, month.Key).ForgetDocuments([.. month.Select(place => place.Number)], cancellation);
        if (gone.Count > 0)
            await _keeper.ChangeAsync(state => state with { Invoices = state.Invoices.RemoveAll(gone.Contains), Reminded = state.Reminded.RemoveRange(numbers) });
        await KeepAsync(cancellation);
    }

    public async Task ForgetAccount(CancellationToken cancellation)
    {
        foreach (var month in State.Months)
            await GrainFactory.Billing(Tenant, month).ForgetMonth(cancellation);
        await this.ForgetReminderAsync(Close);
        await _keeper.ClearAsync();
        await ledgers.DeleteAsync(LedgerNames.Account(Tenant), cancellation); // in this grain's turn and last: a tick of its own would write it again
    }

    private static bool InvoiceLost(LedgerAccount? account, LedgerInvoice document) => account is null || account.Invoices.All(known => known.Number != document.Booked.Number);

    /// <summary>The document goes where it outlives everything, before anybody sees it.</summary>
    private async Task EnterAsync(LedgerInvoice document, CancellationToken cancellation)
    {
        var name = LedgerNames.Invoice(document.Booked.Number);
        try
        {
            await ledgers.EnterAsync(name, LedgerJson.Write(document), cancellation);
        }
        catch (DocumentTakenException)
        {
            // Entered by a run that died after it, perhaps of a release that wrote less about it: the document itself must be the same.
            if ((await ledgers.ReadOrTellAsync<LedgerInvoice>(name, [], cancellation))?.Json != document.Json)
                throw new GrainInterfaces.NotPossibleNowException($"Number {document.Booked.Number} has another document in the ledger: what is issued never changes.");
        }
    }

    /// <summary>Writes down how the account stands; what cannot be written now is written by the next tick.</summary>
    private async Task KeepAsync(CancellationToken cancellation)
    {
        if (State is { Profile: null, Invoices.IsEmpty: true, ClosedUntil: null })
            return;
        var text = LedgerJson.Write(new LedgerAccount(State.Profile, State.ClosedUntil, State.Charged, State.Invoices, State.Reminded.ToImmutableSortedDictionary(StringComparer.Ordinal)));
        if (text == _kept)
            return;
        await ledgers.ReplaceAsync(LedgerNames.Account(Tenant), text, cancellation);
        _kept = text;
    }
}
