using System.Collections.Immutable;

namespace OrleansBackup.Microsoft365.Directory;

public enum PermissionState
{
    Granted,
    Missing,

    /// <summary>The token cannot be read and nothing harmless would show it.</summary>
    Unknown,
}

/// <summary>One application permission that the product uses.</summary>
/// <param name="Name">As Microsoft names it, such as <c>Mail.Read</c>.</param>
/// <param name="Purpose">What it is for, for the administrator who is asked to consent.</param>
/// <param name="Code">What the service said when it refused.</param>
public sealed record PermissionFinding(string Name, PermissionState State, string Purpose, bool NeededForBackup, bool NeededForRestore, string? Code);

/// <summary>What the tenant lets us do, found out live.</summary>
public sealed record PermissionReport(ImmutableArray<PermissionFinding> Findings)
{
    /// <summary>All that is ever asked for; nothing is known of what is granted.</summary>
    public static PermissionReport Asked => PermissionCheck.Asked;

    /// <summary>Nothing that a backup needs is missing.</summary>
    public bool CanBackUp => Findings.All(f => !f.NeededForBackup || f.State != PermissionState.Missing);

    /// <summary>Nothing that a restore needs is missing.</summary>
    public bool CanRestore => Findings.All(f => !f.NeededForRestore || f.State != PermissionState.Missing);

    public ImmutableArray<string> Missing => [.. Findings.Where(f => f.State == PermissionState.Missing).Select(f => f.Name)];
}
