namespace OrleansBackup.Microsoft365.Drives;

/// <summary>Why one drive of an open tenant cannot be used.</summary>
public enum DriveProblem
{
    /// <summary>There is none: a user without OneDrive, a library that was deleted. Keep the restore points and look again daily.</summary>
    NoDrive,

    /// <summary>The site is locked or archived; others of the tenant are not.</summary>
    Locked,

    /// <summary>The tenant keeps the application out of this one.</summary>
    AccessDenied,
}

/// <summary>This drive cannot be used now; others of the tenant can.</summary>
public sealed class DriveUnavailableException(DriveProblem problem, string message, string code, string? requestId)
    : GraphException(message, code, requestId, isTransient: false)
{
    public DriveProblem Problem { get; } = problem;
}

/// <summary>The file was saved again while it was being read: what was read is of no single version. Read the item and begin anew.</summary>
public sealed class FileChangedException(string message) : GraphException(message, "FileChanged", requestId: null, isTransient: true);
