using System.Globalization;
using OrleansBackup.Domain.Calendar;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Reports;
using OrleansBackup.GrainInterfaces.Resources;

namespace OrleansBackup.GrainInterfaces;

/// <summary>The one place that turns ids into grain keys and back. Keys are stored: a form, once used, never changes.</summary>
public static class GrainKeys
{
    /// <summary>There is one provider in an installation.</summary>
    public const string Provider = "provider";

    /// <summary>And one board for all its processes.</summary>
    public const string ProcessBoard = "processes";

    /// <summary>And one diary of daily checks.</summary>
    public const string CheckDiary = "checks";

    /// <param name="day">Of the contract's calendar.</param>
    public static string OfCheck(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <exception cref="FormatException">The key is not one of a check.</exception>
    public static DateOnly ParseCheck(string key) => DateOnly.ParseExact(key, "yyyy-MM-dd", CultureInfo.InvariantCulture);

    public static string OfReport(TenantId tenant, CalendarMonth month) => $"{tenant}/{month}";

    /// <exception cref="FormatException">The key is not one of a report.</exception>
    public static (TenantId Tenant, CalendarMonth Month) ParseReport(string key) => key.Split('/') is [var tenant, var month] && CalendarMonth.TryParse(month, out var parsed)
        ? (TenantId.Parse(tenant), parsed)
        : throw new FormatException($"'{key}' is not the key of a report (tenant/month).");

    public static string Of(TenantId id) => id.ToString();

    public static string OfPart(TenantId tenant, int part) => $"{tenant}/{part}";

    public static string Of(ResourceId id) => $"{id.Tenant}/{id.Kind.Token()}/{id.ObjectId}";

    public static string Of(RestorePointId id) => $"{Of(id.Resource)}/{id.Sequence}";

    public static string Of(TenantId tenant, RestoreJobId job) => $"{tenant}/{job}";

    public static string OfOutcomes(TenantId tenant, RestoreJobId job, int page) => $"{tenant}/{job}/{page}";

    /// <param name="book">The key of the book: <see cref="Of(TenantId)"/> or <see cref="Provider"/>.</param>
    public static string OfAuditPart(string book, long part) => $"{book}/{part}";

    /// <param name="book">As <see cref="OfAuditPart"/>.</param>
    /// <param name="page">A number, or <c>record</c>.</param>
    public static string OfRehearsalPage(string book, string rehearsal, string page) => $"{book}/{rehearsal}/{page}";

    /// <summary>Of what a tenant has once and the provider as well.</summary>
    /// <param name="tenant">Null: the provider's.</param>
    public static string OfBook(TenantId? tenant) => tenant is { } one ? Of(one) : Provider;

    /// <exception cref="FormatException">The key is neither a tenant's nor the provider's.</exception>
    public static TenantId? ParseBook(string key) => key == Provider ? null : TenantId.Parse(key);

    /// <param name="book">As <see cref="OfBook"/> gives it.</param>
    public static string OfOutbox(string book, Guid subscription) => $"{book}/{subscription:D}";

    /// <exception cref="FormatException">The key is not one of an outbox.</exception>
    public static (TenantId? Tenant, Guid Subscription) ParseOutbox(string key) => key.Split('/') is [var book, var subscription] && Guid.TryParseExact(subscription, "D", out var id)
        ? (ParseBook(book), id)
        : throw new FormatException($"'{key}' is not the key of an outbox (book/subscription).");

    /// <param name="book">As <see cref="OfAuditPart"/>.</param>
    /// <param name="number">Of the item in the order in which it was drawn, from 0.</param>
    public static string OfTrial(string book, string rehearsal, int number) => $"{book}/{rehearsal}/{number}";

    public static string OfEvidence(TenantId tenant, int contract, int act) => $"{tenant}/{contract}/{act}";

    public static string Of(TenantId tenant, CalendarMonth month) => $"{tenant}/{month}";

    /// <exception cref="FormatException">The key is not one of a resource.</exception>
    public static ResourceId ParseResource(string key) => key.Split('/', 3) is [var tenant, var kind, { Length: > 0 } item]
        ? new(TenantId.Parse(tenant), ResourceKinds.FromToken(kind), item)
        : throw new FormatException($"'{key}' is not a resource key (tenant/kind/object id).");

    /// <exception cref="FormatException">The key is not one of a tenant's part.</exception>
    public static (TenantId Tenant, int Part) ParsePart(string key) => key.Split('/') is [var tenant, var part] && int.TryParse(part, out var number)
        ? (TenantId.Parse(tenant), number)
        : throw new FormatException($"'{key}' is not the key of a tenant's part (tenant/number).");

    /// <exception cref="FormatException">The key is not one of a restore point.</exception>
    public static RestorePointId ParsePoint(string key)
    {
        var cut = key.LastIndexOf('/');
        return cut > 0 && long.TryParse(key.AsSpan(cut + 1), out var sequence)
            ? new(ParseResource(key[..cut]), sequence)
            : throw new FormatException($"'{key}' is not a restore point key (tenant/kind/object id/sequence).");
    }

    /// <exception cref="FormatException">The key is not one of a restore job.</exception>
    public static (TenantId Tenant, RestoreJobId Job) ParseRestore(string key) =>
        key.Split('/') is [var tenant, var job] && RestoreJobId.TryParse(job, out var id)
            ? (TenantId.Parse(tenant), id)
            : throw new FormatException($"'{key}' is not a restore job key (tenant/job).");
}
