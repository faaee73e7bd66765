using OrleansBackup.Domain.Runs;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.GrainInterfaces.Tenants;
using OrleansBackup.Portal.Components;

namespace OrleansBackup.Portal.Pages.Tenants;

/// <summary>How a resource stands, in one word. Pure.</summary>
public enum ResourceState
{
    NotProtected = 0,

    /// <summary>Protected, and there is no restore point yet.</summary>
    Waiting = 1,
    Good = 2,

    /// <summary>Good, but its newest point owes items or lacks a part.</summary>
    Noticed = 3,
    Failing = 4,

    /// <summary>No good backup since its last moment but one.</summary>
    Overdue = 5,
}

public static class ResourceStates
{
    // Two of its moments have passed, whatever its place in the window.
    private static readonly TimeSpan TwoDays = TimeSpan.FromHours(48);

    public static ResourceState Of(ResourceListing resource, DateTimeOffset now) => resource switch
    {
        { Protected: false } => ResourceState.NotProtected,
        { Health: { LastGoodStart: null } or null } when now - resource.Since < TwoDays => resource.Health?.LastOutcome == RunOutcome.Failed ? ResourceState.Failing : ResourceState.Waiting,
        { Health: null or { LastGoodStart: null } } => ResourceState.Overdue,
        { Health: { LastGoodStart: { } good } } when now - good > TwoDays => ResourceState.Overdue,
        { Health.LastOutcome: RunOutcome.Failed } => ResourceState.Failing,
        { Health: { Debts: > 0 } or { Lacks.IsEmpty: false } } => ResourceState.Noticed,
        _ => ResourceState.Good,
    };

    public static StatusLevel Level(this ResourceState state) => state switch
    {
        ResourceState.Good => StatusLevel.Good,
        ResourceState.Noticed => StatusLevel.Notice,
        ResourceState.Failing => StatusLevel.Warning,
        ResourceState.Overdue => StatusLevel.Bad,
        _ => StatusLevel.None,
    };
}
