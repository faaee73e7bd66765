namespace OrleansBackup.Microsoft365.Transport;

/// <summary>Turns a failure that no attempt could heal into the exception that tells the caller what to do.</summary>
internal static class FailureTranslation
{
    public static GraphException ToException(GraphFailure failure, Meaning meaning, GraphRequest request, IReadOnlySet<string>? roles)
    {
        if (CollaborationFailures.ToException(failure, meaning, request, roles) is { } ofCollaboration) return ofCollaboration;
        var code = failure.Code;
        var id = failure.RequestId;
        var about = request.Mailbox is not { } mailbox ? "The tenant" : Drives.DriveRequests.IsLoad(mailbox, out var drive) ? $"Drive '{drive}'" : $"Mailbox '{mailbox}'";
        return meaning switch
        {
            Meaning.Throttled => new ThrottledTooLongException($"{about} kept refusing requests ({code}).", code, id),
            Meaning.TokenRejected => new TenantAccessException(TenantAccessProblem.Credential, $"A fresh token was rejected ({code}).", code, id),
            Meaning.AccessDenied => Denied(failure, request, roles),
            Meaning.TokenDead => new DeltaTokenExpiredException($"{about}: the delta token has died ({code}).", code, id, failure.Location),
            Meaning.FolderGone => new FolderGoneException($"{about}: the folder is gone ({code}).", code, id),
            Meaning.ItemGone => new ItemGoneException($"{about}: the item is gone ({code}).", code, id),
            Meaning.ItemUnreadable => new ItemUnreadableException($"{about}: the service cannot read the item ({code}).", code, id),
            Meaning.NoDrive => new Drives.DriveUnavailableException(Drives.DriveProblem.NoDrive, $"{about} does not exist ({code}).", code, id),
            Meaning.DriveLocked => new Drives.DriveUnavailableException(Drives.DriveProblem.Locked, $"{about} is locked or archived ({code}).", code, id),
            Meaning.ServerError when request.Subject is RequestSubject.Item or RequestSubject.DriveItem or RequestSubject.Download =>
                new ItemUnreadableException($"{about}: the service fails on the item ({code}).", code, id),
            Meaning.NoMailbox => new MailboxUnavailableException(MailboxProblem.NoMailbox, $"{about} does not exist ({code}).", code, id),
            Meaning.MailboxMissing => new MailboxUnavailableException(MailboxProblem.TemporarilyMissing, $"{about} cannot be found at the moment ({code}).", code, id),
            Meaning.OverQuota => new QuotaExceededException($"{about} is full ({code}).", code, id),
            Meaning.Refused => new GraphRefusedException($"{about}: the request was refused ({code}).", code, id, failure.Status),
            _ => new GraphTransientException($"{about}: no good answer after all attempts ({code}).", code, id,
                failure.Cause == FailureCause.Answered ? failure.Status : null, failure.Exception),
        };
    }

    private static GraphException Denied(GraphFailure failure, GraphRequest request, IReadOnlySet<string>? roles)
    {
        // The mailbox service says the same for a missing permission and for a mailbox that the tenant closed to us.
        // The token tells them apart; where it cannot be read, one closed mailbox is the smaller claim.
        var hasPermission = roles is null ? request.Subject != RequestSubject.Tenant : request.AnyPermission.Any(roles.Contains);
        if (hasPermission && request.Subject is RequestSubject.DriveItem or RequestSubject.Download)
            return new ItemUnreadableException($"An item of a drive is closed to this application ({failure.Code}).", failure.Code, failure.RequestId);
        if (hasPermission && request.Subject == RequestSubject.DriveWrite)
            return new GraphRefusedException($"The service does not let this application change an item ({failure.Code}).", failure.Code, failure.RequestId, failure.Status);
        if (hasPermission && request.Subject == RequestSubject.Drive)
            return new Drives.DriveUnavailableException(Drives.DriveProblem.AccessDenied, $"A drive is closed to this application ({failure.Code}).", failure.Code, failure.RequestId);
        if (request.Subject != RequestSubject.Tenant && hasPermission)
        {
            return new MailboxUnavailableException(MailboxProblem.AccessDenied,
                $"Mailbox '{request.Mailbox}' is closed to this application ({failure.Code}); an access policy of the tenant may leave it out.", failure.Code, failure.RequestId);
        }

        var missing = request.AnyPermission is [var first, ..] ? first : null;
        return new TenantAccessException(TenantAccessProblem.PermissionMissing,
            $"The tenant does not grant {missing ?? "what this request needs"} ({failure.Code}).", failure.Code, failure.RequestId, missing);
    }
}
