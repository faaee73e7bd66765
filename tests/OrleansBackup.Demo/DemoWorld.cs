using OrleansBackup.Demo.Clients;
using OrleansBackup.Demo.Output;
using OrleansBackup.Demo.Processes;

namespace OrleansBackup.Demo;

/// <summary>What every part of the story shares: the choices, the two processes and how to talk to them, and where to tell it.</summary>
public sealed record DemoWorld(DemoOptions Options, IDemoOutput Output, DemoServer Server, DemoSimulator Simulator)
{
    public Patience Patience { get; } = new(() =>
    {
        Server.ThrowIfEnded();
        Simulator.ThrowIfEnded();
    });

    public ServerApi Api => Server.Api;
}
