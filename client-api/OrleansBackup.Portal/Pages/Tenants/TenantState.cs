using OrleansBackup.GrainInterfaces.Tenants;
using OrleansBackup.Portal.Components;

namespace OrleansBackup.Portal.Pages.Tenants;

/// <summary>How a tenant stands, in one word. The worst that is true of it. Pure.</summary>
public enum TenantState
{
    /// <summary>It has not said yet.</summary>
    NotTold = 0,

    /// <summary>Nothing in it is protected.</summary>
    Empty = 1,
    Good = 2,

    /// <summary>The newest run of something failed; it is tried again by itself.</summary>
    Failing = 3,

    /// <summary>Something has had no good backup since its last moment but one.</summary>
    Overdue = 4,

    /// <summary>Something is wrong with the tenant as a whole.</summary>
    Hindered = 5,
}

public static class TenantStates
{
    public static TenantState Of(TenantStanding? standing) => standing switch
    {
        null => TenantState.NotTold,
        { Hindered: true } => TenantState.Hindered,
        { Resources.Overdue: > 0 } => TenantState.Overdue,
        { Resources.Failing: > 0 } => TenantState.Failing,
        { Resources.Protected: 0 } => TenantState.Empty,
        _ => TenantState.Good,
    };

    public static StatusLevel Level(this TenantState state) => state switch
    {
        TenantState.Good => StatusLevel.Good,
        TenantState.Failing => StatusLevel.Warning,
        TenantState.Overdue or TenantState.Hindered => StatusLevel.Bad,
        _ => StatusLevel.None,
    };
}
