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

    NoDrive,
    DriveLocked,
}

/// <summary>The one table from statuses and codes to meanings. Pure. Codes are compared without case: the services differ.</summary>
internal static class FailureMeaning
{
    public static Meaning Of(GraphFailure failure, RequestSubject subject)
    {
        if (failure.Cause == FailureCause.Broken) return Meaning.Passing;
        if (failure.Status is not 429 and not 509 && CollaborationFailures.Of(failure, subject) is { } ofCollaboration) return ofCollaboration;
        if (failure.Status is 429 or 509) return Meaning.Throttled;
        if (subject is RequestSubject.Drive or RequestSubject.DriveItem or RequestSubject.DriveWrite or RequestSubject.DriveUpload or RequestSubject.Download
            && OfDrive(failure, subject) is { } meaning) return meaning;
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

    /// <summary>What only OneDrive and SharePoint say, or say with another meaning; null: as elsewhere.</summary>
    private static Meaning? OfDrive(GraphFailure failure, RequestSubject subject)
    {
        if (failure.Has("malwareDetected", "virusSuspicious")) return Meaning.ItemUnreadable;
        switch (subject)
        {
            case RequestSubject.Download:
                return failure.Status is 401 or 403 or 404 or 410 ? Meaning.SessionLost : failure.Status == 423 ? Meaning.ItemUnreadable : null;
            case RequestSubject.DriveUpload:
                return failure.Status is 401 or 404 or 410 ? Meaning.SessionLost : failure.Status is 409 or 412 or 416 or 423 ? Meaning.Refused : null;
            case RequestSubject.Drive:
                if (failure.Status == 423) return Meaning.DriveLocked;
                if (failure.Status == 404 && !failure.HasEmptyBody) return Meaning.NoDrive; // in words only, or with whatever code
                if (failure.Status == 400 && failure.Has("notSupported", "BadRequest")) return Meaning.NoDrive; // a tenant without SharePoint
                break;
            case RequestSubject.DriveItem:
                if (failure.Status == 423) return Meaning.ItemUnreadable;
                if (failure.Status == 404 && !failure.HasEmptyBody) return Meaning.ItemGone;
                break;
            case RequestSubject.DriveWrite:
                return failure.Status == 404 && !failure.HasEmptyBody ? Meaning.ItemGone : failure.Status == 423 ? Meaning.Refused : null;
        }

        // Good calls are refused as invalid now and then.
        return failure.Status == 400 && failure.Has("invalidRequest") ? Meaning.ServerError : null;
    }
}
