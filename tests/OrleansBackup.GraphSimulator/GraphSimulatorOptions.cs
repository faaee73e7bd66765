namespace OrleansBackup.GraphSimulator;

/// <summary>How a simulator is started.</summary>
public sealed record GraphSimulatorOptions
{
    /// <summary>Loopback port; 0 takes a free one.</summary>
    public int Port { get; init; }

    /// <summary>The real clock; the tenants' clock adds an offset to it.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>The service's limits; default: Microsoft's.</summary>
    public Limits.LimitSettings Limits { get; init; } = new();
}
