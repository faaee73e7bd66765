namespace OrleansBackup.Portal.Components;

/// <summary>A page above the one that is read.</summary>
public sealed record WayStep(string Title, string Address);
