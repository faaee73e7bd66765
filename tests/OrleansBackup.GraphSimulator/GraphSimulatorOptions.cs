namespace OrleansBackup.GraphSimulator;

/// <summary>How a simulator is started.</summary>
public sealed record GraphSimulatorOptions
{
    /// <summary>The port; 0 takes a free one.</summary>
    public int Port { get; init; }

    /// <summary>Under which name others reach the simulator. With any but <c>localhost</c> it listens at every address of the machine: for a network of containers.</summary>
    public string Host { get; init; } = "localhost";

    /// <summary>The real clock; the tenants' clock adds an offset to it.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>The service's limits; default: Microsoft's.</summary>
    public Limits.LimitSettings Limits { get; init; } = new();
}
