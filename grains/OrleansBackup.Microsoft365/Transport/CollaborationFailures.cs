using OrleansBackup.Microsoft365.Sites;
using OrleansBackup.Microsoft365.Teams;

namespace OrleansBackup.Microsoft365.Transport;

/// <summary>What failures of SharePoint sites and of Teams mean: both say things with words and statuses that mean something else in a mailbox.</summary>
internal static class CollaborationFailures
{
    private const string SitePrefix = "site/";
    private const string TeamPrefix = "team/";

    /// <summary>What the traffic of a site is counted under, beside the ids of mailboxes.</summary>
    public static string LoadOfSite(string siteId) => SitePrefix + siteId;

    public static string LoadOfTeam(string teamId) => TeamPrefix + teamId;

    /// <summary>Whose limits bear what is counted under a name.</summary>
    public static RequestService ServiceOf(string? load) => load is null ? RequestService.Directory
        : load.StartsWith(TeamPrefix, StringComparison.Ordinal) ? RequestService.Teams
        : load.StartsWith(SitePrefix, StringComparison.Ordinal) || Drives.DriveRequests.IsLoad(load, out _) ? RequestService.Files
        : RequestService.Exchange;

    private static bool IsSite(RequestSubject subject) => subject is RequestSubject.Site or RequestSubject.SiteItem or RequestSubject.SiteWrite;

    private static bool IsTeam(RequestSubject subject) => subject is RequestSubject.Team or RequestSubject.TeamItem or RequestSubject.TeamWrite;

    /// <summary>Null: as everywhere.</summary>
    public static Meaning? Of(GraphFailure failure, RequestSubject subject)
    {
        if (failure.Has(GraphFailure.NoSharePointLicence)) return Meaning.ResourceMissing;
        if (!IsSite(subject) && !IsTeam(subject)) return null;
        if (failure.Has(GraphFailure.DeltaNotSupported)) return Meaning.Refused;
        switch (failure.Status)
        {
            case 423:
                return subject == RequestSubject.SiteWrite ? Meaning.Refused : Meaning.ResourceLocked;
            case 404 when !failure.HasEmptyBody:
                return subject is RequestSubject.Site or RequestSubject.Team ? Meaning.ResourceMissing : Meaning.ItemGone;
            case 400 when failure.Has("invalidRequest") && subject is RequestSubject.Site or RequestSubject.SiteItem:
                return Meaning.ServerError; // good calls are refused as invalid now and then
            case 409 or 412:
                return Meaning.Refused;
        }

        return null;
    }

    /// <summary>Null: as everywhere.</summary>
    public static GraphException? ToException(GraphFailure failure, Meaning meaning, GraphRequest request, IReadOnlySet<string>? roles)
    {
        var (code, id) = (failure.Code, failure.RequestId);
        if (failure.Has(GraphFailure.NoSharePointLicence)) return new SiteUnavailableException(SiteProblem.NotLicensed, "The tenant has no licence for SharePoint.", code, id);
        var isSite = IsSite(request.Subject);
        if (!isSite && !IsTeam(request.Subject)) return null;
        var about = $"{(isSite ? "Site" : "Team")} '{request.Mailbox?[(request.Mailbox.IndexOf('/', StringComparison.Ordinal) + 1)..]}'";
        return meaning switch
        {
            Meaning.ResourceMissing => isSite ? new SiteUnavailableException(SiteProblem.NoSite, $"{about} does not exist ({code}).", code, id)
                : new TeamUnavailableException(TeamProblem.NoTeam, $"{about} does not exist ({code}).", code, id),
            Meaning.ResourceLocked => isSite ? new SiteUnavailableException(SiteProblem.Locked, $"{about} is locked or archived ({code}).", code, id)
                : new TeamUnavailableException(TeamProblem.Locked, $"{about} is locked ({code}).", code, id),
            Meaning.AccessDenied => Denied(failure, request, roles, isSite, about),
            Meaning.ServerError when request.Subject is RequestSubject.SiteItem or RequestSubject.TeamItem => new ItemUnreadableException($"{about}: the service fails on the item ({code}).", code, id),
            Meaning.ItemGone => new ItemGoneException($"{about}: the item is gone ({code}).", code, id),
            Meaning.ItemUnreadable => new ItemUnreadableException($"{about}: the service cannot read the item ({code}).", code, id),
            Meaning.TokenDead => new DeltaTokenExpiredException($"{about}: the delta token has died ({code}).", code, id, failure.Location),
            Meaning.OverQuota => new QuotaExceededException($"{about} is full ({code}).", code, id),
            Meaning.Refused or Meaning.NoMailbox or Meaning.MailboxMissing or Meaning.FolderGone => new GraphRefusedException($"{about}: the request was refused ({code}).", code, id, failure.Status),
            _ => null,
        };
    }

    private static GraphException Denied(GraphFailure failure, GraphRequest request, IReadOnlySet<string>? roles, bool isSite, string about)
    {
        // The services say the same for a missing permission and for one site or team that the tenant closed; the token tells them apart.
        var hasPermission = roles is null || request.AnyPermission.Any(roles.Contains);
        if (!hasPermission)
        {
            var missing = request.AnyPermission[0];
            return new TenantAccessException(TenantAccessProblem.PermissionMissing, $"The tenant does not grant {missing} ({failure.Code}).", failure.Code, failure.RequestId, missing);
        }

        return request.Subject switch
        {
            RequestSubject.SiteItem or RequestSubject.TeamItem => new ItemUnreadableException($"{about}: an item is closed to this application ({failure.Code}).", failure.Code, failure.RequestId),
            RequestSubject.SiteWrite or RequestSubject.TeamWrite => new GraphRefusedException($"{about}: the service does not let this application write ({failure.Code}).", failure.Code, failure.RequestId, failure.Status),
            _ when isSite => new SiteUnavailableException(SiteProblem.AccessDenied, $"{about} is closed to this application ({failure.Code}).", failure.Code, failure.RequestId),
            _ => new TeamUnavailableException(TeamProblem.AccessDenied, $"{about} is closed to this application ({failure.Code}); its messages need Microsoft's approval of the application besides the permission.", failure.Code, failure.RequestId),
        };
    }
}
