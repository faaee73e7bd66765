using System.Collections.Immutable;
using OrleansBackup.Chaos.Plan;
using OrleansBackup.Demo.Processes;

namespace OrleansBackup.Chaos.World;

/// <summary>The bundled engine: one process, its state and its backups in one folder.</summary>
internal sealed class EngineWorld(DateTimeOffset start, DemoFolder folder, DemoSimulator simulator) : ChaosWorld(start)
{
    private static readonly TimeSpan LongFreeze = TimeSpan.FromSeconds(12);

    public override DemoSimulator Simulator => simulator;

    public override ImmutableArray<ActKind> Acts => ChaosPlan.ForOneProcess;

    public override string Description => "bundled engine: one process, backups in a folder";

    public static async Task<ChaosWorld> OpenAsync(ChaosOptions options, DateTimeOffset start, CancellationToken cancellation)
    {
        var folder = DemoFolder.Open(options.Data);
        var world = new EngineWorld(start, folder, new DemoSimulator(folder));
        try
        {
            await world.Simulator.StartAsync(start, limits: false, cancellation);
            await world.StartAsync(world.AddSlot(), cancellation);
            return world;
        }
        catch
        {
            await world.DisposeAsync();
            throw;
        }
    }

    public override Task UntilTakenForDeadAsync(ServerSlot slot, CancellationToken cancellation) => Task.Delay(LongFreeze, cancellation);

    public override Task PlayAsync(Act act, Action<string> tell, CancellationToken cancellation) =>
        throw new InvalidOperationException($"{act.Kind} is nothing that can be done to one process.");

    public override void Heal() { } // nothing but processes was hurt

    public override async ValueTask DisposeAsync()
    {
        foreach (var slot in Slots)
            await slot.Server.DisposeAsync();
        await simulator.DisposeAsync();
        folder.Dispose();
    }

    protected override DemoServer Prepare() => new(folder, simulator, "--Backup:Runs:SegmentChanges", "10") { TimeToStart = TimeSpan.FromMinutes(5) };
}
