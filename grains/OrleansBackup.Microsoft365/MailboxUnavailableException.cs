namespace OrleansBackup.Microsoft365;

/// <summary>Why one mailbox of an open tenant cannot be used.</summary>
public enum MailboxProblem
{
    /// <summary>There is none: no licence, a guest, on-premises, inactive. Keep the restore points and look again daily.</summary>
    NoMailbox,

    /// <summary>It was not found, which also happens to healthy mailboxes for hours: never take it for a deletion at once.</summary>
    TemporarilyMissing,

    /// <summary>The tenant keeps the application out of this one mailbox (an application access policy).</summary>
    AccessDenied,
}

/// <summary>This mailbox cannot be used now; others of the tenant can.</summary>
public sealed class MailboxUnavailableException(MailboxProblem problem, string message, string code, string? requestId)
    : GraphException(message, code, requestId, isTransient: problem == MailboxProblem.TemporarilyMissing)
{
    public MailboxProblem Problem { get; } = problem;
}
