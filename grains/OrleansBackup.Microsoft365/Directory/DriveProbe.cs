namespace OrleansBackup.Microsoft365.Directory;

/// <summary>Whether a user has a OneDrive, as one look showed.</summary>
/// <param name="Presence">Unknown: the answer was no good; nothing may be concluded.</param>
/// <param name="Code">What Microsoft 365 said instead of showing one.</param>
public sealed record DriveProbe(string UserId, DrivePresence Presence, string? Code)
{
    /// <summary>What the service counts as used, old versions included; null when it does not say.</summary>
    public long? UsedBytes { get; init; }
}

public enum DrivePresence
{
    Unknown = 0,
    HasDrive = 1,
    NoDrive = 2,
}
