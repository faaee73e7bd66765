namespace OrleansBackup.Microsoft365.Teams;

/// <summary>Why a team of an open tenant cannot be used.</summary>
public enum TeamProblem
{
    /// <summary>There is none of that id now. Keep the restore points and look again daily.</summary>
    NoTeam,

    /// <summary>It is locked; others of the tenant are not.</summary>
    Locked,

    /// <summary>The tenant, or Microsoft for its protected APIs, keeps the application out.</summary>
    AccessDenied,
}

/// <summary>This team, or what is said in it, cannot be used now; others of the tenant may be.</summary>
public sealed class TeamUnavailableException(TeamProblem problem, string message, string code, string? requestId)
    : GraphException(message, code, requestId, isTransient: false)
{
    public TeamProblem Problem { get; } = problem;
}
