using OrleansBackup.GrainInterfaces.Rehearsals;
using OrleansBackup.Portal.Components;

namespace OrleansBackup.Portal.Pages.Rehearsals;

/// <summary>How a rehearsal stands, as level and text.</summary>
public static class RehearsalWriting
{
    public static StatusLevel Level(RehearsalListing rehearsal) => rehearsal switch
    {
        { Stage: not RehearsalStage.Done } => StatusLevel.Running,
        { Failed: > 0 } => StatusLevel.Bad,
        { Unreached: > 0 } => StatusLevel.Warning,
        _ => StatusLevel.Good,
    };

    public static string KeyOf(RehearsalListing rehearsal) => rehearsal switch
    {
        { Stage: RehearsalStage.Inventory } => "rehearsals.state-inventory",
        { Stage: RehearsalStage.Reading } => "rehearsals.state-reading",
        { Failed: > 0 } => "rehearsals.state-differences",
        { Unreached: > 0 } => "rehearsals.state-unreached",
        _ => "rehearsals.state-same",
    };
}
