using System.Collections.Frozen;
using OrleansBackup.Domain.Audit;
using OrleansBackup.Domain.Identity;

namespace OrleansBackup.Domain.Subscriptions;

/// <summary>Which entries of audit books are events as well: the ends of jobs that the books keep, and what happens to keys and at sign-in. Pure.</summary>
public static class AuditedEvents
{
    private const string Act = "act", Actor = "actor";

    /// <summary>Facts that stay in the book: what somebody wrote in a request, and what has the name of a fact that every event has of its own.</summary>
    private static readonly FrozenSet<string> Left = FrozenSet.ToFrozenSet(["asked", "query", Act, Actor], StringComparer.Ordinal);

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
        return kind is { } found ? ServiceEvent.Of(found, tenant, $"audit/{entry.Sequence}", entry.At, entry.Subject,
            [(Act, entry.Act), (Actor, entry.Actor), .. entry.Facts.Where(fact => !Left.Contains(fact.Key)).Select(fact => (fact.Key, fact.Value))]) : null;
    }
}
