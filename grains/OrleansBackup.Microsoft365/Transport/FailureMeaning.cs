namespace OrleansBackup.Microsoft365.Transport;

/// <summary>What a failure means, whatever way the service chose to say it.</summary>
internal enum Meaning
{
    Throttled,
    Passing,
    ServerError,
    TokenRejected,

    /// <summary>The site or team does not exist.</summary>
    ResourceMissing,

    /// <summary>The site or team exists and is locked or archived.</summary>
    ResourceLocked,
    AccessDenied,
    TokenDead,
    FolderGone,
    ItemGone,
    ItemUnreadable,
    NoMailbox,
    MailboxMissing,
    OverQuota,
    Refused,

    /// <summary>An upload session is no more: its upload has to begin again.</summary>
    SessionLost,
}

/// <summary>The one table from statuses and codes to meanings. Pure. Codes are compared without case: the services differ.</summary>
internal static class FailureMeaning
{
    public static Meaning Of(GraphFailure failure, RequestSubject subject)
    {
        if (failure.Cause == FailureCause.Broken) return Meaning.Passing;
        if (failure.Status is not 429 and not 509 && CollaborationFailures.Of(failure, subject) is { } ofCollaboration) return ofCollaboration;
        if (failure.Status is 429 or 509) return Meaning.Throttled;
        if (subject == RequestSubject.Upload && failure.Status is 401 or 403 or 404 or 409 or 410 or 416) return Meaning.SessionLost;
        if (failure.Has("SyncStateNotFound", "SyncStateInvalid", "ResyncRequired", "resyncChangesApplyDifferences", "resyncChangesUploadDifferences")
            || failure.Status == 410) return Meaning.TokenDead;
        if (failure.Has("ErrorQuotaExceeded", "quotaLimitReached") || failure.Status == 507) return Meaning.OverQuota;
        if (failure.Has("ErrorSyncFolderNotFound", "ErrorFolderNotFound")) return Meaning.FolderGone;
        if (failure.Has("ErrorItemNotFound", "itemNotFound")) return subject == RequestSubject.Folder ? Meaning.FolderGone : Meaning.ItemGone;
        if (subject == RequestSubject.Folder && failure.Has("ErrorInvalidIdMalformed")) return Meaning.FolderGone; // no folder ever had that id
        if (subject != RequestSubject.Tenant)
        {
            // "AuthenticationError" is a catch-all of the mailbox service; for a mailbox it mostly means that it has no licence.
            if (failure.Has("MailboxNotEnabledForRESTAPI", "MailboxNotSupportedForRESTAPI", "ErrorInvalidUser", "ErrorNonExistentMailbox",
                "Request_ResourceNotFound", "AuthenticationError")) return Meaning.NoMailbox;
            if (failure.Has("ResourceNotFound", "ErrorMailboxMoveInProgress", "ErrorMailboxStoreUnavailable")) return Meaning.MailboxMissing;
        }

        if (failure.Has("ErrorCorruptData", "ErrorInvalidRecipients", "ErrorContentConversionFailed", "ErrorMimeContentConversionFailed",
            "ErrorCannotOpenFileAttachment", "ErrorMessageSizeExceeded", "ErrorInvalidIdMalformed")) return Meaning.ItemUnreadable;
        if (failure.Has("ErrorTooManyObjectsOpened")) return Meaning.Passing; // the store's handles come free again
        return failure.Status switch
        {
            401 => Meaning.TokenRejected,
            403 => Meaning.AccessDenied,
            404 when failure.HasEmptyBody => Meaning.Passing, // no code, no body: a front end spoke, not the mailbox
            404 when failure.Codes.IsEmpty => Meaning.Refused,
            408 or 502 or 503 or 504 => Meaning.Passing,
            500 => Meaning.ServerError,
            >= 400 and < 500 when failure.SaysPayloadReadFailed => Meaning.Passing,
            < 400 => Meaning.Passing, // an error object inside a good answer, or a body that is no JSON
            _ => Meaning.Refused,
        };
    }
}
