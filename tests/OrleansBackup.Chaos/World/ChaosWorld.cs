using System.Collections.Immutable;
using System.Diagnostics;
using OrleansBackup.Chaos.Plan;
using OrleansBackup.Demo;
using OrleansBackup.Demo.Clients;
using OrleansBackup.Demo.Processes;

namespace OrleansBackup.Chaos.World;

/// <summary>The service as processes, the simulated Microsoft 365 before it, and one time for all of them.</summary>
internal abstract class ChaosWorld(DateTimeOffset start) : IAsyncDisposable
{
    private readonly long _since = Stopwatch.GetTimestamp();
    private readonly Lock _lock = new();
    private ImmutableArray<ServerSlot> _slots = [];
    private TimeSpan _offset;
    private int _shifts;

    public abstract DemoSimulator Simulator { get; }

    /// <summary>What can be done to this world.</summary>
    public abstract ImmutableArray<ActKind> Acts { get; }

    /// <summary>What it is made of, and what could not be had.</summary>
    public abstract string Description { get; }

    public ImmutableArray<ServerSlot> Slots
    {
        get
        {
            lock (_lock)
                return _slots;
        }
    }

    /// <summary>What the clocks of the service should show.</summary>
    public DateTimeOffset Now
    {
        get
        {
            lock (_lock)
                return start + _offset + Stopwatch.GetElapsedTime(_since);
        }
    }

    /// <summary>One more process; it is not started yet.</summary>
    public ServerSlot AddSlot()
    {
        var slot = new ServerSlot(Prepare());
        lock (_lock)
            _slots = _slots.Add(slot);
        return slot;
    }

    public async Task StartAsync(ServerSlot slot, CancellationToken cancellation)
    {
        var shifts = _shifts;
        await slot.Server.StartAsync(Now, cancellation);
        (slot.ShiftsKnown, slot.Serving) = (shifts, true);
    }

    /// <summary>From now on time is later by so much. The processes are told by <see cref="TellTimeAsync"/>.</summary>
    public void Shift(TimeSpan by)
    {
        lock (_lock)
            (_offset, _shifts) = (_offset + by, _shifts + 1);
    }

    public void ShiftTo(DateTimeOffset time)
    {
        if (time - Now is { } by && by > TimeSpan.Zero)
            Shift(by);
    }

    /// <summary>Puts the clock of each process forward that does not know the newest shift. One that does not answer is told the next time.</summary>
    public async Task TellTimeAsync(CancellationToken cancellation)
    {
        var shifts = _shifts;
        foreach (var slot in Slots.Where(slot => slot.Serving && slot.ShiftsKnown < shifts))
        {
            try
            {
                await slot.Server.Api.PostAsync<ClockAnswer>("/operations/clock", new { set = Now }, cancellation);
                slot.ShiftsKnown = shifts;
            }
            catch (DemoFailedException failed) when (failed.Message.Contains("only goes forward", StringComparison.Ordinal))
            {
                slot.ShiftsKnown = shifts;
            }
            catch (DemoFailedException)
            {
                // It is being killed or starts again: asked once more in a moment.
            }
        }
    }

    /// <summary>Waits until the rest of the service takes a frozen process for dead. Alone: for a while that no call survives.</summary>
    public abstract Task UntilTakenForDeadAsync(ServerSlot slot, CancellationToken cancellation);

    /// <summary>Does what is no matter of single processes: database and store.</summary>
    /// <param name="tell">For the reader.</param>
    public abstract Task PlayAsync(Act act, Action<string> tell, CancellationToken cancellation);

    /// <summary>Everything but the processes of the service works again.</summary>
    public abstract void Heal();

    public abstract ValueTask DisposeAsync();

    protected abstract DemoServer Prepare();
}
