using Orleans;
using Orleans.Runtime;
using OrleansBackup.ActorRuntime.Tests.Fixtures;

namespace OrleansBackup.ActorRuntime.Tests.Grains;

/// <summary>Notes when it comes and goes. Key: the name of the <see cref="Rendezvous"/>.</summary>
public interface ILifeGrain : IGrainWithStringKey
{
    Task<Guid> Activation();
    Task GoAway();
    Task Stay(TimeSpan time);
    Task Wait();
}

public sealed class LifeGrain : Grain, ILifeGrain
{
    private readonly Guid _activation = Guid.NewGuid();
    private readonly Rendezvous _here;

    // The key is known in the constructor already.
    public LifeGrain() => _here = Rendezvous.At(this.GetPrimaryKeyString());

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _here.Note("comes");
        return Task.CompletedTask;
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        await Task.Yield();
        _here.Note($"goes: {reason.ReasonCode}");
    }

    public Task<Guid> Activation() => Task.FromResult(_activation);

    public Task GoAway()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    public Task Stay(TimeSpan time)
    {
        DelayDeactivation(time);
        return Task.CompletedTask;
    }

    public async Task Wait()
    {
        _here.Note("waits");
        await _here.Gate;
    }
}

/// <summary>Cannot come to life as long as its key says so.</summary>
public interface IStillbornGrain : IGrainWithStringKey
{
    Task<string> Hello();
}

public sealed class StillbornGrain : Grain, IStillbornGrain
{
    /// <summary>How many more activations of a key fail.</summary>
    public static System.Collections.Concurrent.ConcurrentDictionary<string, int> Failures { get; } = new();

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        var left = Failures.AddOrUpdate(this.GetPrimaryKeyString(), 0, (_, before) => before - 1);
        return left >= 0 ? throw new MailboxMissingException("not yet") : Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        Rendezvous.At(this.GetPrimaryKeyString()).Note("goes");
        return Task.CompletedTask;
    }

    public Task<string> Hello() => Task.FromResult("hello");
}

/// <summary>Two states over one key and the same row, to play two writers.</summary>
public interface IRivalGrain : IGrainWithStringKey
{
    Task<Guid> Activation();

    /// <summary>Writes with what it read, whether or not that is still what is stored.</summary>
    Task Write(int value);

    /// <summary>Changes the row behind the grain's back.</summary>
    Task Usurp(int value);

    Task<int> Value();

    /// <summary>Writes and handles the conflict itself.</summary>
    Task<bool> TryWrite(int value);

    Task<(bool Exists, bool HasEtag)> Record();
}

public sealed class RivalGrain(
    [PersistentState("rival", Given.Storage)] IPersistentState<CounterState> mine,
    [PersistentState("rival", Given.Storage)] IPersistentState<CounterState> others) : Grain, IRivalGrain
{
    private readonly Guid _activation = Guid.NewGuid();

    public Task<Guid> Activation() => Task.FromResult(_activation);

    public Task Write(int value)
    {
        mine.State.Value = value;
        return mine.WriteStateAsync();
    }

    public async Task Usurp(int value)
    {
        await others.ReadStateAsync();
        others.State.Value = value;
        await others.WriteStateAsync();
    }

    public Task<int> Value() => Task.FromResult(mine.State.Value);

    public async Task<bool> TryWrite(int value)
    {
        try
        {
            await Write(value);
            return true;
        }
        catch (Orleans.Storage.InconsistentStateException)
        {
            await mine.ReadStateAsync();
            return false;
        }
    }

    public Task<(bool Exists, bool HasEtag)> Record() => Task.FromResult((mine.RecordExists, mine.Etag is not null));
}

/// <summary>Reminders and timers. Key: the name of the <see cref="Rendezvous"/>.</summary>
public interface IClockworkGrain : IGrainWithStringKey
{
    Task Remind(string name, TimeSpan due, TimeSpan period);
    Task<bool> Forget(string name);
    Task<string[]> Reminders();
    Task StartTimer(string name, TimeSpan due, TimeSpan period, bool interleave);
    Task StopTimer();
    Task Wait();
    Task GoAway();
}

public sealed class ClockworkGrain : Grain, IClockworkGrain, IRemindable
{
    private IGrainTimer? _timer;
    private int _ticking;

    private Rendezvous Here => Rendezvous.At(this.GetPrimaryKeyString());

    public Task Remind(string name, TimeSpan due, TimeSpan period) => this.RegisterOrUpdateReminder(name, due, period);

    public async Task<bool> Forget(string name)
    {
        if (await this.GetReminder(name) is not { } reminder)
            return false;
        await this.UnregisterReminder(reminder);
        return true;
    }

    public async Task<string[]> Reminders() => [.. (await this.GetReminders()).Select(reminder => reminder.ReminderName).Order()];

    public async Task ReceiveReminder(string reminderName, TickStatus status)
    {
        Here.Note(_ticking++ == 0 ? reminderName : $"{reminderName} twice at once");
        if (reminderName.StartsWith("slow", StringComparison.Ordinal))
            await Here.Gate;
        _ticking--;
        if (reminderName.StartsWith("bad", StringComparison.Ordinal))
            throw new InvalidOperationException("a bad tick");
        Here.Note($"{reminderName} done");
    }

    public Task StartTimer(string name, TimeSpan due, TimeSpan period, bool interleave)
    {
        var mine = TaskScheduler.Current;
        _timer = this.RegisterGrainTimer(() =>
        {
            Here.Note(TaskScheduler.Current == mine ? name : $"{name} in a strange place");
            return Task.CompletedTask;
        }, new GrainTimerCreationOptions(due, period) { Interleave = interleave });
        return Task.CompletedTask;
    }

    public Task StopTimer()
    {
        _timer!.Dispose();
        return Task.CompletedTask;
    }

    public async Task Wait()
    {
        Here.Note("waits");
        await Here.Gate;
        Here.Note("waited");
    }

    public Task GoAway()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }
}

/// <summary>Takes ticks in the pauses of others. Key: the name of the <see cref="Rendezvous"/>.</summary>
public interface IRestlessGrain : IGrainWithStringKey
{
    Task Remind(string name, TimeSpan due, TimeSpan period);
}

[Orleans.Concurrency.Reentrant]
public sealed class RestlessGrain : Grain, IRestlessGrain, IRemindable
{
    public Task Remind(string name, TimeSpan due, TimeSpan period) => this.RegisterOrUpdateReminder(name, due, period);

    public Task ReceiveReminder(string reminderName, TickStatus status)
    {
        var here = Rendezvous.At(this.GetPrimaryKeyString());
        here.Note(reminderName);
        return reminderName == "slow" ? here.Gate : Task.CompletedTask;
    }
}

/// <summary>What travels beside the arguments.</summary>
public interface IContextGrain : IGrainWithStringKey
{
    Task<string?> Read(string key);

    /// <summary>Asks another grain, so that the value travels two steps.</summary>
    Task<string?> ReadFurther(string key);

    Task Change(string key, string value);
    Task<bool> SeesAsyncLocal();

    /// <summary>Not async, so what it sets is not taken back by its own end.</summary>
    Task LeaveAsyncLocal();
}

public sealed class ContextGrain : Grain, IContextGrain
{
    public static AsyncLocal<string?> Stray { get; } = new();

    public Task<string?> Read(string key) => Task.FromResult(RequestContext.Get(key) as string);
    public Task<string?> ReadFurther(string key) => GrainFactory.GetGrain<IContextGrain>("further").Read(key);

    public Task Change(string key, string value)
    {
        RequestContext.Set(key, value);
        return Task.CompletedTask;
    }

    public Task LeaveAsyncLocal()
    {
        Stray.Value = "left behind";
        return Task.CompletedTask;
    }

    public Task<bool> SeesAsyncLocal() => Task.FromResult(Stray.Value is not null);
}
