using OrleansBackup.Domain.Checks;
using OrleansBackup.GrainInterfaces.Checks;
using OrleansBackup.Portal.Components;

namespace OrleansBackup.Portal.Pages.Checks;

/// <summary>How a daily check and what it found are shown.</summary>
public static class CheckWriting
{
    /// <summary>The end of the key of its text.</summary>
    public static string StateOf(DailyCheck check) => check switch
    {
        { MadeAt: null } => "going-on",
        { IsAcknowledged: true } => "acknowledged",
        { CarriedTo: not null } => "carried",
        _ => "open",
    };

    public static StatusLevel Level(DailyCheck check) => check switch
    {
        { MadeAt: null } => StatusLevel.Running,
        { IsAcknowledged: true } => StatusLevel.Good,
        { CarriedTo: not null } => StatusLevel.Warning,
        _ => StatusLevel.Bad,
    };

    public static StatusLevel Level(FaultSeverity severity) => severity switch
    {
        FaultSeverity.Critical => StatusLevel.Bad,
        FaultSeverity.Warning => StatusLevel.Warning,
        _ => StatusLevel.Notice,
    };
}
