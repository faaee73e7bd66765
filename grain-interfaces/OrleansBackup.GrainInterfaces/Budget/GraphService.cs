namespace OrleansBackup.GrainInterfaces.Budget;

/// <summary>A part of Microsoft Graph with limits of its own: what one uses up is nothing to the others.</summary>
/// <remarks>Source: Graph throttling limits, per service. Its words are those of the connector's own list.</remarks>
public enum GraphService
{
    Exchange = 1,

    /// <summary>SharePoint and OneDrive; counted in resource units.</summary>
    Files = 2,
    Directory = 3,
    Teams = 4,
}

/// <summary>What waits for a permit. When permits run short the later ones are left without first.</summary>
public enum WorkPriority
{
    /// <summary>Somebody waits for it.</summary>
    Restore = 1,

    /// <summary>The daily runs, and discovery.</summary>
    Backup = 2,

    /// <summary>Restores that only prove that restoring works.</summary>
    Rehearsal = 3,
}
