using System.Collections.Immutable;
using OrleansBackup.Chaos.Plan;
using OrleansBackup.Chaos.World;

namespace OrleansBackup.Chaos.Play;

/// <summary>Does to the service what the plan says, one act after the other, and starts again what has ended, as a supervisor would.</summary>
internal sealed class ActPlayer(ChaosWorld world, Action<string> tell)
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan TimeForZombie = TimeSpan.FromSeconds(90);

    private readonly Dictionary<ActKind, int> _played = [];

    /// <summary>How often each kind of act was done.</summary>
    public IReadOnlyDictionary<ActKind, int> Played => _played;

    /// <summary>Processes that ended although nobody killed or ended them, such as one that found itself taken for dead.</summary>
    public int EndedByThemselves { get; private set; }

    public async Task PlayAsync(ImmutableArray<Act> acts, CancellationToken cancellation)
    {
        foreach (var act in acts)
        {
            await Task.Delay(act.After, cancellation);
            await PlayAsync(act, cancellation);
            _played[act.Kind] = _played.GetValueOrDefault(act.Kind) + 1;
            await SuperviseAsync(cancellation);
        }
    }

    /// <summary>Starts again what has ended by itself.</summary>
    public async Task SuperviseAsync(CancellationToken cancellation)
    {
        foreach (var slot in world.Slots.Where(slot => slot.Serving && slot.Server.HasEnded))
        {
            EndedByThemselves++;
            slot.Serving = false;
            tell($"{slot.Server.Name} has ended by itself and is started again");
            await slot.Server.EndAsync(cancellation);
            await world.StartAsync(slot, cancellation);
        }
    }

    private async Task PlayAsync(Act act, CancellationToken cancellation)
    {
        var slot = world.Slots[act.Draw % world.Slots.Length];
        switch (act.Kind)
        {
            case ActKind.Kill:
                slot.Serving = false;
                tell($"kill -9 {slot.Server.Name} (process {slot.Server.ProcessId})");
                await slot.Server.KillAsync(cancellation);
                if (world.Slots.Length > 1)
                    await Task.Delay(TimeSpan.FromSeconds(1 + act.Draw % 40), cancellation); // sometimes back before the others have noticed, sometimes after
                await world.StartAsync(slot, cancellation);
                tell($"{slot.Server.Name} is back (process {slot.Server.ProcessId})");
                break;
            case ActKind.Freeze:
                await FreezeAsync(slot, cancellation);
                break;
            case ActKind.MoveClock:
                var by = TimeSpan.FromMinutes(2 + act.Draw % 15);
                tell($"every clock goes forward by {by.TotalMinutes:0} minutes");
                world.Shift(by);
                break;
            case ActKind.StormGraph:
                tell("Microsoft 365 refuses and breaks off requests");
                await StormAsync((ulong)act.Draw, cancellation);
                break;
            case ActKind.Add:
                var added = world.AddSlot();
                await world.StartAsync(added, cancellation);
                tell($"{added.Server.Name} has come as process {added.Server.ProcessId}");
                break;
            case ActKind.Drain:
                await ReplaceAsync(slot, cancellation);
                break;
            case ActKind.ReplaceAll:
                tell("each process is replaced in turn");
                foreach (var each in world.Slots)
                    await ReplaceAsync(each, cancellation);
                break;
            default:
                await world.PlayAsync(act, tell, cancellation);
                break;
        }
    }

    private async Task FreezeAsync(ServerSlot slot, CancellationToken cancellation)
    {
        slot.Serving = false;
        tell($"{slot.Server.Name} stands still (SIGSTOP to process {slot.Server.ProcessId})");
        slot.Server.Freeze();
        try
        {
            await world.UntilTakenForDeadAsync(slot, cancellation);
        }
        finally
        {
            slot.Server.Thaw();
        }
        tell($"{slot.Server.Name} goes on as if no time had passed");
        if (world.Slots.Length > 1)
        {
            // It finds out that the others took it for dead, and must go. Until then nothing that it does may harm.
            var waited = TimeSpan.Zero;
            for (; !slot.Server.HasEnded && waited < TimeForZombie; waited += Look)
                await Task.Delay(Look, cancellation);
            tell(slot.Server.HasEnded ? $"{slot.Server.Name} has seen that it was taken for dead, and has ended" : $"{slot.Server.Name} is still there after {TimeForZombie.TotalSeconds:0} s");
            if (!slot.Server.HasEnded)
                throw new ChaosFailedException($"{slot.Server.Name} was taken for dead and does not end");
            await slot.Server.EndAsync(cancellation);
            await world.StartAsync(slot, cancellation);
        }
        slot.Serving = true;
    }

    private async Task ReplaceAsync(ServerSlot slot, CancellationToken cancellation)
    {
        tell($"{slot.Server.Name} is asked to end (process {slot.Server.ProcessId})");
        slot.Serving = false;
        var status = await slot.Server.EndAsync(cancellation);
        if (status != 0)
            throw new ChaosFailedException($"{slot.Server.Name} ended with status {status} when it was asked to; see {slot.Server.LogFile}");
        await world.StartAsync(slot, cancellation);
        tell($"{slot.Server.Name} has handed over and is back (process {slot.Server.ProcessId})");
    }

    /// <summary>Some hundred requests go wrong, each in one of several ways. Few enough in a row that no single item is given up.</summary>
    private async Task StormAsync(ulong seed, CancellationToken cancellation)
    {
        var simulator = world.Simulator.Api;
        await simulator.ClearFaultsAsync(cancellation);
        await simulator.OrderFaultAsync(new { kind = "Status", status = 429, code = "TooManyRequests", retryAfterSeconds = 2, probability = 0.1, count = 30, seed }, cancellation);
        await simulator.OrderFaultAsync(new { kind = "Status", status = 503, probability = 0.1, count = 30, seed = seed + 1 }, cancellation);
        await simulator.OrderFaultAsync(new { kind = "Reset", probability = 0.05, count = 15, seed = seed + 2 }, cancellation);
        await simulator.OrderFaultAsync(new { kind = "CutBody", probability = 0.05, count = 15, seed = seed + 3 }, cancellation);
        await SlowDownAsync(simulator, cancellation);
    }

    /// <summary>Each request takes a while, so that runs last long enough for something to happen to them.</summary>
    public static Task SlowDownAsync(Demo.Clients.SimulatorApi simulator, CancellationToken cancellation) =>
        simulator.OrderFaultAsync(new { kind = "Delay", delayMilliseconds = 250 }, cancellation);
}
