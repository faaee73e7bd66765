using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using OrleansBackup.Domain.Audit;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Keeping;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Audit;
using OrleansBackup.GrainInterfaces.Billing;
using OrleansBackup.GrainInterfaces.Contracts;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.Grains.Ledger;
using OrleansBackup.Vault;

namespace OrleansBackup.Grains.Keeping;

/// <summary>
/// What is over its term goes: first the evidence is decided and written, then each document goes from the ledger and from the database, then the audit book says so. Each step can be
/// repeated, so after a crash the same deletion goes on.
/// </summary>
internal sealed partial class DocumentKeepingGrain
{
    /// <returns>How many documents are over their term and held.</returns>
    private async Task<long> DeleteAsync(DateOnly today, CancellationToken cancellation)
    {
        for (var number = 1; ; number++)
        {
            var (going, held) = await PlanAsync(today, cancellation);
            if (going.IsEmpty)
                return held;
            var name = string.Create(CultureInfo.InvariantCulture, $"{today:yyyy-MM-dd}/{number:0000}");
            if (await ledgers.ReadAsync(LedgerNames.Deletion(name), cancellation) is not null)
                continue; // of an earlier attempt of this day
            await _keeper.ChangeAsync(state => state with { Pending = new(name, LedgerJson.Write(new DocumentDeletion(today, Rule, going))) });
            await CarryOutAsync(cancellation);
        }
    }

    /// <summary>What may go now, the oldest first; at most as much as one piece of evidence names.</summary>
    private async Task<(ImmutableArray<DeletedDocument> Going, long Held)> PlanAsync(DateOnly today, CancellationToken cancellation)
    {
        var (going, held, most) = (ImmutableArray.CreateBuilder<DeletedDocument>(), 0L, options.Value.DocumentsAtOnce);
        var inService = (await GrainFactory.Provider().ListTenants(cancellation)).Select(listing => listing.Tenant).ToHashSet();
        var answers = new Dictionary<TenantId, bool>();
        var booked = await GrainFactory.InvoiceBook().List(null, cancellation);
        foreach (var matter in InvoiceMatter.Of(booked, await GrainFactory.InvoiceBook().ListPayments(null, cancellation)).Where(matter => Rule.MayGo(matter.Last, today)))
            await TakeAsync(matter.Tenant,
            [
                .. matter.Documents.Select(one => new DeletedDocument(KeptKind.Invoice, one.Number, $"{matter.Tenant}", one.Sha256, matter.Last)),
                .. matter.Payments.Select(one => new DeletedDocument(KeptKind.Payment, LedgerNames.Payment(one.Id).Value, $"{matter.Tenant}", HashOf(LedgerJson.Write(one)), matter.Last)),
            ]);
        var records = await ends.ListRecordsAsync(cancellation);
        foreach (var record in records.Where(record => Rule.MayGo(calendar.DayOf(record.At), today)))
            await TakeAsync(record.Tenant, [new(KeptKind.DeletionRecord, record.Name.Value, $"{record.Tenant}", await ends.HashOfRecordAsync(record.Name, cancellation), calendar.DayOf(record.At))]);
        var customers = booked.Select(one => one.Tenant).Concat(records.Select(record => record.Tenant)).Concat(inService).ToHashSet();
        customers.UnionWith(await AccountsAsync(cancellation));
        foreach (var customer in customers.OrderBy(one => one.Value))
        {
            if (going.Count >= most)
                break;
            var ended = await GrainFactory.Contract(customer).ListEnded(cancellation);
            foreach (var contract in ended.Contracts.Where(contract => Rule.MayGo(contract.On, today)))
                await TakeAsync(customer, [new(KeptKind.Contract, $"{customer}/{contract.Number}", $"{customer}", contract.Sha256, contract.On)]);
            var isGone = !inService.Contains(customer) && ended is { Contracts.IsEmpty: true, IsUnderContract: false } && booked.All(one => one.Tenant != customer) && records.All(record => record.Tenant != customer);
            if (isGone && await FindClosedAccountAsync(customer, cancellation) is { } account)
                await TakeAsync(customer, [new(KeptKind.Account, LedgerNames.Account(customer).Value, $"{customer}", HashOf(account.Text), calendar.DayOf(account.WrittenAt))]);
            await TakeAuditAsync(GrainKeys.Of(customer), customer, isGone);
        }
        await TakeAuditAsync(GrainKeys.Provider, null, whole: false);
        return (going.ToImmutable(), held);

        async Task TakeAuditAsync(string book, TenantId? customer, bool whole)
        {
            var before = calendar.At(Rule.KeptFrom(today), TimeSpan.Zero);
            if (await GrainFactory.GetGrain<IAuditGrain>(book).FindDeletable(before, whole, cancellation) is { } end)
                await TakeAsync(customer, [new(KeptKind.Audit, $"{book}/{end.Count}", customer?.ToString(), end.Hash, Rule.KeptFrom(today).AddDays(-1))]);
        }

        async Task TakeAsync(TenantId? customer, ImmutableArray<DeletedDocument> documents)
        {
            if (await IsHeldAsync(customer))
                held += documents.Length;
            else if (going.Count < most)
                going.AddRange(documents);
        }

        async Task<bool> IsHeldAsync(TenantId? customer)
        {
            if (State.Holds.Any(hold => hold.Tenant is null || hold.Tenant == customer) || customer is not { } one)
                return State.Holds.Any(hold => hold.Tenant is null || hold.Tenant == customer);
            if (!answers.TryGetValue(one, out var isHeld))
                answers[one] = isHeld = inService.Contains(one) && await GrainFactory.Tenant(one).FindHold(cancellation) is not null;
            return isHeld;
        }
    }

    private async Task CarryOutAsync(CancellationToken cancellation)
    {
        var (name, text) = (State.Pending!.Name, State.Pending.Text);
        await ledgers.EnterAsync(LedgerNames.Deletion(name), text, cancellation);
        var documents = LedgerJson.Read<DocumentDeletion>(text).Documents;
        foreach (var kind in documents.GroupBy(document => document.Kind).OrderBy(kind => kind.Key))
            await CarryOutAsync(kind.Key, [.. kind], cancellation);
        await GrainFactory.ProviderAudit().NoteAsync(AuditActs.Service, AuditActs.DeletedDocuments, name, cancellation,
            [("evidence", HashOf(text)), ("documents", $"{documents.Length}"), .. documents.GroupBy(document => document.Kind).Select(kind => ($"of{kind.Key}", $"{kind.Count()}"))]);
        await _keeper.ChangeAsync(state => state with
        {
            Pending = null, Deleted = state.Deleted + documents.Length,
            Deletions = [.. state.Deletions.Where(one => one != name).Prepend(name).Take(DeletionsListed)],
        });
        LogDeleted(log, documents.Length, name);
    }

    private async Task CarryOutAsync(KeptKind kind, ImmutableArray<DeletedDocument> documents, CancellationToken cancellation)
    {
        switch (kind)
        {
            case KeptKind.Invoice:
                // The account's books first and the list of all last: what is still listed is met again after a crash.
                foreach (var document in documents)
                    await ledgers.DeleteAsync(LedgerNames.Invoice(document.Name), cancellation);
                foreach (var customer in documents.GroupBy(document => TenantId.Parse(document.Tenant!)))
                    await GrainFactory.BillingAccount(customer.Key).ForgetDocuments([.. customer.Select(document => document.Name)], cancellation);
                await GrainFactory.InvoiceBook().ForgetDocuments([.. documents.Select(document => document.Name)], cancellation);
                break;
            case KeptKind.Payment:
                foreach (var document in documents)
                    await ledgers.DeleteAsync(new DocumentName(document.Name), cancellation);
                break;
            case KeptKind.Account:
                foreach (var document in documents)
                    await GrainFactory.BillingAccount(TenantId.Parse(document.Tenant!)).ForgetAccount(cancellation);
                break;
            case KeptKind.Contract:
                foreach (var document in documents)
                    await GrainFactory.Contract(TenantId.Parse(document.Tenant!)).ForgetEnded(int.Parse(document.Name.Split('/')[1], CultureInfo.InvariantCulture), cancellation);
                break;
            case KeptKind.DeletionRecord:
                foreach (var document in documents)
                    await ends.DeleteRecordAsync(new(document.Name), cancellation);
                break;
            case KeptKind.Audit:
                foreach (var (book, count) in documents.Select(document => document.Name.Split('/')).Select(parts => (parts[0], long.Parse(parts[1], CultureInfo.InvariantCulture))))
                    await GrainFactory.GetGrain<IAuditGrain>(book).Delete(count, cancellation);
                break;
            default:
                throw new InvalidOperationException($"Unknown kind of document {kind}.");
        }
    }

    /// <summary>An account that the database knows as the ledger does. Where it does not, the database was lost and not recovered yet: it proves nothing about what has ended.</summary>
    private async Task<VaultDocument?> FindClosedAccountAsync(TenantId customer, CancellationToken cancellation) =>
        await ledgers.ReadAsync(LedgerNames.Account(customer), cancellation) is { } found && LedgerJson.Read<LedgerAccount>(found) is { Invoices.IsEmpty: true } account
        && account.Profile == await GrainFactory.BillingAccount(customer).GetProfile(cancellation) && (await ledgers.ListAsync(LedgerNames.Contracts(customer), cancellation)).IsEmpty ? found : null;

    private async Task<IEnumerable<TenantId>> AccountsAsync(CancellationToken cancellation) =>
        (await ledgers.ListAsync(LedgerNames.Accounts, cancellation)).Select(name => TenantId.Parse(name.Value[LedgerNames.Accounts.Length..]));

    private static string HashOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    [LoggerMessage(2852, LogLevel.Information, "{Documents} documents are over their legal term and were deleted; the evidence is {Evidence}")]
    private static partial void LogDeleted(ILogger log, int documents, string evidence);
}
