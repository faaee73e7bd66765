using OrleansBackup.Demo.Processes;

namespace OrleansBackup.Chaos.World;

/// <summary>A place where a process of the service runs, ends and is started again.</summary>
internal sealed class ServerSlot(DemoServer server)
{
    public DemoServer Server { get; } = server;

    /// <summary>Whether it should be answering. False while the plan has it dead, frozen or starting.</summary>
    public volatile bool Serving;

    /// <summary>How many shifts of the clock it knows.</summary>
    public int ShiftsKnown { get; set; }
}
