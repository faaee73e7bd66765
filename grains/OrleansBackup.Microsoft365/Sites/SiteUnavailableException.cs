namespace OrleansBackup.Microsoft365.Sites;

/// <summary>Why a site of an open tenant cannot be used.</summary>
public enum SiteProblem
{
    /// <summary>There is none of that id now. Keep the restore points and look again daily.</summary>
    NoSite,

    /// <summary>It is locked or archived; others of the tenant are not.</summary>
    Locked,

    /// <summary>The tenant keeps the application out of this one.</summary>
    AccessDenied,

    /// <summary>The tenant has no SharePoint at all.</summary>
    NotLicensed,
}

/// <summary>This site cannot be used now; others of the tenant can, unless SharePoint as a whole is not licensed.</summary>
public sealed class SiteUnavailableException(SiteProblem problem, string message, string code, string? requestId)
    : GraphException(message, code, requestId, isTransient: false)
{
    public SiteProblem Problem { get; } = problem;
}
