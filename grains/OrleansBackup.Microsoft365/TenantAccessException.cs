namespace OrleansBackup.Microsoft365;

/// <summary>Why a tenant does not let us in.</summary>
public enum TenantAccessProblem
{
    /// <summary>The secret is wrong or has expired: ask for a new one.</summary>
    Credential,

    /// <summary>The application is unknown, disabled or no longer consented to in the tenant: ask for consent again.</summary>
    Consent,

    /// <summary>A permission is missing: <see cref="TenantAccessException.MissingPermission"/> names it.</summary>
    PermissionMissing,

    /// <summary>The tenant does not exist, has lapsed, or its rules block the application.</summary>
    TenantBlocked,
}

/// <summary>The whole tenant is closed to us: stop its work and tell somebody once. Nothing about any mailbox may be concluded from it.</summary>
public sealed class TenantAccessException(TenantAccessProblem problem, string message, string code, string? requestId = null, string? missingPermission = null, Exception? inner = null)
    : GraphException(message, code, requestId, isTransient: false, inner)
{
    public TenantAccessProblem Problem { get; } = problem;

    /// <summary>A permission that would do, such as <c>Mail.Read</c>; set with <see cref="TenantAccessProblem.PermissionMissing"/>.</summary>
    public string? MissingPermission { get; } = missingPermission;
}
