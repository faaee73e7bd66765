using System.Collections.Frozen;
using OrleansBackup.Domain.Audit;
using OrleansBackup.Domain.Identity;

namespace OrleansBackup.Domain.Subscriptions;

/// <summary>Which entries of audit books are events as well: the ends of jobs that the books keep, and what happens to keys and at sign-in. Pure.</summary>
public static class AuditedEvents
{
    /// <summary>Facts that hold what somebody wrote in a request: they stay in the book.</summary>
    private static readonly FrozenSet<string> Requests = FrozenSet.ToFrozenSet(["asked", "query"], StringComparer.Ordinal);

    /// <param name="tenant">Whose book it stands in; null: the provider's.</param>
    /// <returns>Null: it is none.</returns>
    public static ServiceEvent? Of(TenantId? tenant, AuditEntry entry)
    {
        var isJob = entry.Actor == AuditActs.Service;
        EventKind? kind = entry.Act switch
        {
            AuditActs.Move when isJob => EventKind.MoveEnded,
            AuditActs.Destroyed => EventKind.DestructionEnded,
            AuditActs.Rehearsed => EventKind.RehearsalEnded,
            AuditActs.Erased => EventKind.ErasureEnded,
            AuditActs.Exported => EventKind.ExportEnded,
            AuditActs.Propose => EventKind.ConfirmationWanted,
            AuditActs.RotateKey or AuditActs.Recover when isJob => EventKind.ProviderJobEnded,
            AuditActs.CreateKey or AuditActs.RotateAccessKey or AuditActs.RevokeKey => EventKind.KeyChanged,
            AuditActs.SignIn or AuditActs.SignInFailed or AuditActs.SignOut or AuditActs.Refused => EventKind.SignIn,
            _ => null,
        };
        return kind is { } found ? ServiceEvent.Of(found, tenant, $"audit/{entry.Sequence}", entry.At, entry.Subject, [("act", entry.Act), ("actor", entry.Actor), .. entry.Facts.Where(fact => !Requests.Contains(fact.Key)).Select(fact => (fact.Key, fact.Value))]) : null;
    }
}
