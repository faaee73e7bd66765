using System.Collections.Immutable;
using OrleansBackup.Domain.Audit;
using OrleansBackup.Domain.Identity;

namespace OrleansBackup.Portal.Pages.Audit;

/// <summary>A part of an audit book.</summary>
/// <param name="Tenant">Null: the provider's own book.</param>
/// <param name="Looked">How many entries were looked through for those that are shown.</param>
/// <param name="Next">Where to go on looking; null: the book was looked through to its beginning.</param>
/// <param name="Verdict">What verifying the whole book found; null: nobody asked.</param>
public sealed record AuditModel(TenantId? Tenant, string TenantName, AuditQuery Query, ImmutableArray<AuditEntry> Entries, int Looked, long? Next, AuditVerdict? Verdict)
{
    public string Address => Tenant is { } tenant ? $"/tenants/{tenant}/audit" : "/audit";

    public string AddressBefore(long? before) => $"{Address}?actor={Uri.EscapeDataString(Query.Actor)}&act={Uri.EscapeDataString(Query.Act)}&q={Uri.EscapeDataString(Query.Subject)}&before={before}";
}

/// <summary>Which entries: each text has to be somewhere in its part; an empty one asks for nothing.</summary>
/// <param name="Subject">In the subject or in a fact.</param>
/// <param name="Before">Only earlier entries; null: from the newest.</param>
public sealed record AuditQuery(string Actor, string Act, string Subject, long? Before)
{
    public bool IsAll => Actor.Length + Act.Length + Subject.Length == 0;

    public bool Matches(AuditEntry entry) => Has(entry.Actor, Actor) && Has(entry.Act, Act) && (Has(entry.Subject, Subject) || entry.Facts.Values.Any(value => Has(value, Subject)));

    private static bool Has(string text, string part) => part.Length == 0 || text.Contains(part, StringComparison.OrdinalIgnoreCase);
}
