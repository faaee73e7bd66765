using System.Threading.Channels;
using Microsoft.Extensions.Options;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Grains.Admission;
using OrleansBackup.Grains.Tests.Given;

namespace OrleansBackup.Grains.Tests.Admission;

/// <summary>A process that owns an estate that is overdue as a whole.</summary>
public sealed class GradualStartTests
{
    private const int Estate = 2_000, Places = 500, AskedAtOnce = Places - (Places / 10);

    private readonly AdmissionGate _gate = new(
        Options.Create(new AdmissionOptions { ConcurrentRuns = 1, WaitingRuns = Places }), new ManualClock(DateTimeOffset.UnixEpoch));

    private readonly Looks _looks = new();
    private readonly Queue<int> _overdue = new(Enumerable.Range(0, Estate));
    private readonly Queue<Task<IDisposable>> _begun = new();
    private int _wakes, _mostWaiting;

    [Fact]
    public async Task It_begins_what_has_room_looks_again_when_half_of_that_is_done_and_ends_when_nobody_was_turned_away()
    {
        var start = GradualStart.RunAsync(_gate, WakeAsync, _looks, CancellationToken.None);
        var look = await _looks.NextAsync();
        Assert.Equal((1, AskedAtOnce), (_wakes, _gate.Overview().WaitingInAll));

        await EndAsync((AskedAtOnce / 2) - 1); // one more than half waits still
        look();
        look = await _looks.NextAsync();
        Assert.Equal(1, _wakes);
        await EndAsync(1);
        look();
        look = await _looks.NextAsync();
        Assert.Equal((2, AskedAtOnce), (_wakes, _gate.Overview().WaitingInAll));

        for (; _overdue.Count > AskedAtOnce / 2; look = await _looks.NextAsync())
        {
            await EndAsync(AskedAtOnce / 2);
            look();
        }
        await EndAsync(AskedAtOnce);
        look();
        await start;
        Assert.Empty(_overdue);
        Assert.Equal(AskedAtOnce, _mostWaiting);
    }

    [Fact]
    public async Task Who_could_not_be_asked_is_asked_again_at_the_next_look()
    {
        var asked = 0;
        var start = GradualStart.RunAsync(_gate, _ => Task.FromResult(++asked > 2), _looks, CancellationToken.None);
        (await _looks.NextAsync())();
        (await _looks.NextAsync())();
        await start;
        Assert.Equal(3, asked);
    }

    // As the tenants' sweep does: each asks, and who is turned away begins nothing.
    private Task<bool> WakeAsync(CancellationToken cancellation)
    {
        _wakes++;
        while (_overdue.Count > 0 && _gate.HasRoom())
            _begun.Enqueue(_gate.EnterAsync(new ResourceId(new TenantId(Guid.Empty), ResourceKind.Mailbox, $"{_overdue.Dequeue()}"), "backup", cancellation));
        _mostWaiting = Math.Max(_mostWaiting, _gate.Overview().WaitingInAll);
        return Task.FromResult(true);
    }

    private async Task EndAsync(int runs)
    {
        for (var run = 0; run < runs; run++)
            (await _begun.Dequeue()).Dispose();
    }

    /// <summary>Time that passes only when it is asked to. Who has set a timer has decided everything before it.</summary>
    private sealed class Looks : TimeProvider
    {
        private readonly Channel<Action> _timers = Channel.CreateUnbounded<Action>();

        public async Task<Action> NextAsync() => await _timers.Reader.ReadAsync();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            _timers.Writer.TryWrite(() => callback(state));
            return new Timer();
        }

        private sealed class Timer : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => true;

            public void Dispose()
            {
            }

            public ValueTask DisposeAsync() => ValueTask.CompletedTask;
        }
    }
}
