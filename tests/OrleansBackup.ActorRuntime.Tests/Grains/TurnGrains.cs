using System.Runtime.CompilerServices;
using Orleans;
using Orleans.Concurrency;
using Orleans.Runtime;

namespace OrleansBackup.ActorRuntime.Tests.Grains;

/// <summary>Where tests and grains of one process meet: gates that a test opens, and notes of what happened.</summary>
/// <remarks>Found by name and not by injection, so that it works alike in every engine. Names are unique per test.</remarks>
public sealed class Rendezvous
{
    private static readonly System.Collections.Concurrent.ConcurrentDictionary<string, Rendezvous> All = new();
    private readonly TaskCompletionSource _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<string> _notes = [];
    private TaskCompletionSource _noted = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Gate => _gate.Task;

    public static Rendezvous At(string name) => All.GetOrAdd(name, _ => new Rendezvous());

    public void Open() => _gate.TrySetResult();

    public void Note(string note)
    {
        lock (_notes)
        {
            _notes.Add(note);
            _noted.TrySetResult();
            _noted = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    public IReadOnlyList<string> Notes
    {
        get
        {
            lock (_notes)
                return [.. _notes];
        }
    }

    /// <exception cref="TimeoutException">It was not noted; the message says what was.</exception>
    public async Task Noted(string note, int times = 1)
    {
        while (true)
        {
            Task changed;
            lock (_notes)
            {
                if (_notes.Count(one => one == note) >= times)
                    return;
                changed = _noted.Task;
            }
            try
            {
                await changed.WaitAsync(Fixtures.Given.Patience);
            }
            catch (TimeoutException)
            {
                throw new TimeoutException($"'{note}' was not noted {times} times; noted: {string.Join(", ", Notes)}");
            }
        }
    }
}

/// <summary>Shows when turns begin and end. Key: the name of the <see cref="Rendezvous"/>.</summary>
[Alias("test-turns")]
public interface ITurnsGrain : IGrainWithStringKey
{
    /// <summary>Notes its begin, waits for the gate, notes its end.</summary>
    Task Wait(string name);

    Task<string> Quick(string name);

    [AlwaysInterleave]
    Task<string> QuickInterleaved(string name);

    [ReadOnly]
    Task WaitReading(string name);

    /// <summary>Whether every await came back to the scheduler it left.</summary>
    Task<bool> ComesBack();

    /// <summary>Adds one, with an await between reading and writing.</summary>
    Task<int> AddSlowly();

    [OneWay]
    Task Tell(string name);

    ValueTask<int> Value(int number);

    ValueTask Nothing();

    [ResponseTimeout("00:00:05")]
    Task WaitShortly(string name);

    Task WaitFor(string name, CancellationToken cancellation);

    Task<int> Sum(int a, int b, int c, int d, int e, int f, int g, int h, int i);
}

public class TurnsGrain : Grain, ITurnsGrain
{
    private int _number;

    private Rendezvous Here => Rendezvous.At(this.GetPrimaryKeyString());

    public async Task Wait(string name)
    {
        Here.Note($"{name} begins");
        await Here.Gate;
        Here.Note($"{name} ends");
    }

    public Task<string> Quick(string name)
    {
        Here.Note(name);
        return Task.FromResult(name);
    }

    public Task<string> QuickInterleaved(string name) => Quick(name);

    public Task WaitReading(string name) => Wait(name);

    public Task WaitShortly(string name) => Wait(name);

    public async Task<bool> ComesBack()
    {
        var mine = TaskScheduler.Current;
        await Task.Yield();
        var afterYield = TaskScheduler.Current == mine;
        await Task.Run(() => { });
        return afterYield && TaskScheduler.Current == mine && mine != TaskScheduler.Default;
    }

    public async Task<int> AddSlowly()
    {
        var read = _number;
        await Task.Run(() => { });
        return _number = read + 1;
    }

    public Task Tell(string name)
    {
        Here.Note(name);
        throw new InvalidOperationException("nobody hears this");
    }

    public ValueTask<int> Value(int number) => new(number);

    public async ValueTask Nothing() => await Task.Yield();

    public async Task WaitFor(string name, CancellationToken cancellation)
    {
        Here.Note($"{name} begins");
        try
        {
            await Here.Gate.WaitAsync(cancellation);
            Here.Note($"{name} ends");
        }
        catch (OperationCanceledException)
        {
            Here.Note($"{name} is cancelled");
            throw;
        }
    }

    public Task<int> Sum(int a, int b, int c, int d, int e, int f, int g, int h, int i) => Task.FromResult(a + b + c + d + e + f + g + h + i);
}

/// <inheritdoc cref="ITurnsGrain"/>
public interface IReentrantTurnsGrain : IGrainWithStringKey
{
    Task Wait(string name);
    Task<string> Quick(string name);
}

[Reentrant]
public sealed class ReentrantTurnsGrain : Grain, IReentrantTurnsGrain
{
    public async Task Wait(string name)
    {
        Rendezvous.At(this.GetPrimaryKeyString()).Note($"{name} begins");
        await Rendezvous.At(this.GetPrimaryKeyString()).Gate;
    }

    public Task<string> Quick(string name) => Task.FromResult(name);
}

/// <summary>Calls others along a path, to make chains. Key: the name of a <see cref="Rendezvous"/>.</summary>
public interface IChainGrain : IGrainWithStringKey
{
    /// <summary>Calls the first of the path with the rest of it.</summary>
    Task<string> Follow(string[] path);
}

public sealed class ChainGrain : Grain, IChainGrain
{
    public async Task<string> Follow(string[] path)
    {
        var me = this.GetPrimaryKeyString();
        if (path is not [var next, .. var rest])
            return me;
        var called = GrainFactory.GetGrain<IChainGrain>(next).Follow(rest);
        Rendezvous.At(me).Note("has called");
        return $"{me}>{await called}";
    }
}

/// <summary>Several of one key at once. Key: the name of the <see cref="Rendezvous"/>.</summary>
public interface IWorkerGrain : IGrainWithStringKey
{
    Task<Guid> Work();
}

[StatelessWorker(2)]
public sealed class WorkerGrain : Grain, IWorkerGrain
{
    private readonly Guid _worker = Guid.NewGuid();

    public async Task<Guid> Work()
    {
        var here = Rendezvous.At(this.GetPrimaryKeyString());
        here.Note("begins");
        await here.Gate;
        return _worker;
    }
}

/// <summary>Streams. Key: the name of the <see cref="Rendezvous"/>.</summary>
public interface IStreamGrain : IGrainWithStringKey
{
    IAsyncEnumerable<int> Count(int to, CancellationToken cancellation);

    /// <summary>One item, then nothing until cancelled.</summary>
    IAsyncEnumerable<int> Endless(CancellationToken cancellation);

    IAsyncEnumerable<List<int>> Lists();

    IAsyncEnumerable<int> Fails(int after);

    /// <summary>Ends every <see cref="Endless"/> that waits, in the grain's own turn.</summary>
    Task<string> Quick();

    Task Go();
}

public sealed class StreamGrain : Grain, IStreamGrain
{
    private readonly List<int> _kept = [1];

    private Rendezvous Here => Rendezvous.At(this.GetPrimaryKeyString());

    public async IAsyncEnumerable<int> Count(int to, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var mine = TaskScheduler.Current;
        for (var i = 1; i <= to; i++)
        {
            await Task.Yield();
            cancellation.ThrowIfCancellationRequested();
            if (TaskScheduler.Current != mine)
                throw new InvalidOperationException("The stream left the grain's scheduler.");
            yield return i;
        }
    }

    public async IAsyncEnumerable<int> Endless([EnumeratorCancellation] CancellationToken cancellation)
    {
        try
        {
            Here.Note("begins");
            yield return 1;
            await Task.Delay(Timeout.Infinite, cancellation);
        }
        finally
        {
            Here.Note("ends");
        }
    }

    public async IAsyncEnumerable<List<int>> Lists()
    {
        yield return _kept;
        await Task.Yield();
        yield return _kept;
    }

    public async IAsyncEnumerable<int> Fails(int after)
    {
        for (var i = 0; i < after; i++)
        {
            await Task.Yield();
            yield return i;
        }
        throw new InvalidOperationException("the stream broke");
    }

    public Task<string> Quick() => Task.FromResult("quick");

    public Task Go()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }
}
