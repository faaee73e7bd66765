using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using OrleansBackup.Domain.Calendar;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Invoicing;
using OrleansBackup.GrainInterfaces.Billing;
using OrleansBackup.GrainInterfaces.Subscriptions;
using OrleansBackup.GrainInterfaces.Tenants;
using OrleansBackup.Vault;

namespace OrleansBackup.Grains.Ledger;

/// <summary>How the documents of the ledgers are named. Stored: a form, once used, never changes.</summary>
internal static class LedgerNames
{
    public const string Invoices = "invoices/", Payments = "payments/", Prices = "prices/", Accounts = "accounts/", AllContracts = "contracts/", Usage = "usage/", Reports = "reports/", Deletions = "deletions/";

    public static DocumentName Holds { get; } = new("holds");

    /// <summary>The evidence of a deletion.</summary>
    public static DocumentName Deletion(string name) => new(Deletions + name);

    public static DocumentName Work { get; } = new("work");

    /// <summary>Of the provider's app registration.</summary>
    public static DocumentName Certificates { get; } = new("certificates");

    /// <summary>Of the tenant, or of the provider: who subscribed to events.</summary>
    public static DocumentName Subscriptions { get; } = new("subscriptions");

    public static DocumentName Invoice(string number) => new(Invoices + number);

    /// <summary>By a hash: the bank's ids have any form.</summary>
    public static DocumentName Payment(string id) => new(Payments + Hash(id));

    public static DocumentName PriceList(string id) => new(Prices + id);

    public static DocumentName Account(TenantId tenant) => new($"{Accounts}{tenant}");

    public static DocumentName ContractLine(TenantId tenant, int contract, int line) => new($"{Contracts(tenant)}{contract.ToString("000", CultureInfo.InvariantCulture)}/{line.ToString("0000000000", CultureInfo.InvariantCulture)}");

    public static string ContractLines(TenantId tenant, int contract) => $"{Contracts(tenant)}{contract.ToString("000", CultureInfo.InvariantCulture)}/";

    public static string Contracts(TenantId tenant) => $"{AllContracts}{tenant}/";

    /// <summary>By the hash that the journal names, so that a list which no journal knows stands in nobody's way.</summary>
    public static DocumentName Consequences(TenantId tenant, string sha256) => new($"consequences/{tenant}/{sha256}");

    public static DocumentName MonthUsage(CalendarMonth month) => new($"{Usage}{month}");

    public static DocumentName Report(CalendarMonth month) => new($"{Reports}{month}");

    /// <summary>Its documents as they were first made.</summary>
    public static DocumentName ReportDocuments(CalendarMonth month) => new($"report-documents/{month}");

    /// <summary>Who was told of a report and who confirmed it, beside its text that never changes.</summary>
    public static DocumentName ReportNotes(CalendarMonth month) => new($"report-notes/{month}");

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}

/// <summary>An issued document with all that its issuing changed, so that from it alone nothing is charged twice and no number given again.</summary>
/// <param name="Cause">What the number was given for.</param>
/// <param name="Json">Byte for byte as it was issued.</param>
/// <param name="ClosedUntil">The last month that the account had closed with it.</param>
/// <param name="Charged">What the account had charged with it, wholly.</param>
/// <param name="Work">The orders on it.</param>
internal sealed record LedgerInvoice(BookedInvoice Booked, string Cause, string Json, CalendarMonth? ClosedUntil, ImmutableArray<ChargedPeriod> Charged, ImmutableArray<Guid> Work);

/// <summary>Certificates of the provider's app registration, oldest first; their keys wrapped.</summary>
internal sealed record CertificateList(ImmutableArray<KeptCertificate> Certificates);

/// <summary>Who subscribed to events, oldest first.</summary>
internal sealed record SubscriptionList(ImmutableArray<KeptSubscription> Subscriptions);

/// <summary>All work of a tenant that is remembered, newest first.</summary>
internal sealed record WorkOrderList(ImmutableArray<WorkOrder> Orders);

/// <summary>How a tenant's billing stood.</summary>
internal sealed record LedgerAccount(BillingProfile? Profile, CalendarMonth? ClosedUntil, ImmutableArray<ChargedPeriod> Charged, ImmutableArray<InvoicePlace> Invoices, ImmutableSortedDictionary<string, int> Reminded);
