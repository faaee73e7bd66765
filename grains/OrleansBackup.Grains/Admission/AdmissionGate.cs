using System.Collections.Immutable;
using Microsoft.Extensions.Options;
using OrleansBackup.Domain.Identity;
using OrleansBackup.GrainInterfaces.Operations;
using OrleansBackup.Grains.Telemetry;

namespace OrleansBackup.Grains.Admission;

/// <summary>Who is under way and who waits; for the operators' page.</summary>
public interface IAdmissionOverviewSource
{
    AdmissionOverview Overview();

    /// <summary>How many were told so far that there is no place to wait either (<see cref="AdmissionGate.HasRoom"/>). They come again.</summary>
    long TurnedAway { get; }
}

/// <summary>Ends the work of this process in order, before the process ends.</summary>
public interface IServiceDrain
{
    /// <summary>Nothing begins any more; what is under way commits what it has and hands over. Whatever goes on after a cancellation is broken off like in a crash.</summary>
    /// <exception cref="OperationCanceledException">Some work is still under way.</exception>
    Task DrainAsync(CancellationToken cancellation);
}

/// <summary>The process's gate: lets so many runs in at once, the others wait in the order in which they came. Restores go before them.</summary>
/// <remarks>
/// Some places are never given to runs over drives, sites and teams, the first of which take days: however many of those there are, mailboxes get their turn.
/// Not a grain: what it protects is this process's memory and cores. It closes once, when the process is to end; other processes go on with what waited.
/// </remarks>
internal sealed class AdmissionGate(IOptions<AdmissionOptions> options, TimeProvider time) : IAdmissionOverviewSource, IServiceDrain, IAdmissionRelief
{
    private const int ShownWaiting = 100;

    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _closing = new();
    private readonly TaskCompletionSource _empty = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly LinkedList<Visit> _waiting = new();
    private readonly LinkedList<Visit> _running = new();
    private readonly LinkedList<Visit> _yielding = new();
    private bool _closed;
    private long _turnedAway;

    /// <summary>Whether the process is to end.</summary>
    public bool IsClosed
    {
        get
        {
            lock (_lock)
                return _closed;
        }
    }

    /// <inheritdoc/>
    public long TurnedAway => Interlocked.Read(ref _turnedAway);

    /// <summary>Whether work that can come again later may begin. Asked before anything is begun, so that a whole estate that falls due at once costs a question each and not a
    /// failed run; a tenth of the places to wait is left to what has asked already, and to people.</summary>
    public bool HasRoom()
    {
        lock (_lock)
            if (_waiting.Count < options.Value.WaitingRuns - (options.Value.WaitingRuns / 10))
                return true;
        Interlocked.Increment(ref _turnedAway);
        return false;
    }

    /// <summary>Cancelled when the gate closes: whoever is inside commits what it has and leaves; the state says what to go on with.</summary>
    public CancellationToken Closing => _closing.Token;

    /// <inheritdoc/>
    public async Task DrainAsync(CancellationToken cancellation)
    {
        Visit[] turnedAway;
        lock (_lock)
        {
            _closed = true;
            turnedAway = [.. _waiting, .. _yielding];
            _waiting.Clear();
            _yielding.Clear();
            if (_running.Count == 0)
                _empty.TrySetResult();
        }
        await _closing.CancelAsync(); // outside the lock: what is cancelled may leave
        foreach (var visit in turnedAway)
            visit.Admitted.TrySetCanceled(Closing);
        await _empty.Task.WaitAsync(cancellation);
    }

    /// <summary>Waits for a place; disposing what it returns gives the place to the next.</summary>
    /// <exception cref="AdmissionRefusedException">Too many wait already.</exception>
    /// <exception cref="OperationCanceledException">Cancelled, or the gate has closed.</exception>
    public Task<IDisposable> EnterAsync(ResourceId resource, string what, CancellationToken cancellation) =>
        MeasuredAsync(new Visit(this, new AdmittedRun(resource, what, time.GetUtcNow())), EnterAsync, cancellation);

    /// <summary>As <see cref="EnterAsync(ResourceId, string, CancellationToken)"/>, before all runs that wait: somebody waits for it.</summary>
    public Task<IDisposable> EnterFirstAsync(ResourceId resource, string what, CancellationToken cancellation) =>
        MeasuredAsync(new Visit(this, new AdmittedRun(resource, what, time.GetUtcNow())) { IsFirst = true }, EnterAsync, cancellation);

    /// <summary>As <see cref="EnterAsync(ResourceId, string, CancellationToken)"/>, for what another process may take on while it waits.</summary>
    public Task<IDisposable> EnterMovableAsync(ResourceId resource, string what, CancellationToken cancellation) =>
        MeasuredAsync(new Visit(this, new AdmittedRun(resource, what, time.GetUtcNow())) { CanMove = true }, EnterAsync, cancellation);

    /// <inheritdoc/>
    public ImmutableArray<ResourceId> ShareOf(int newcomers, int processes)
    {
        lock (_lock)
        {
            var share = (((_running.Count + _waiting.Count) * newcomers) + (processes / 2)) / processes;
            return [.. _waiting.Reverse().Where(visit => visit.CanMove).Take(share).Select(visit => visit.Run.Resource)]; // who came early has waited for a place here, and is next
        }
    }

    /// <summary>Waits for a place that no run wants: for work that can wait. One such visitor is inside at a time.</summary>
    public Task<IDisposable> EnterYieldingAsync(ResourceId resource, string what, CancellationToken cancellation) =>
        MeasuredAsync(new Visit(this, new AdmittedRun(resource, what, time.GetUtcNow())) { Yields = true }, EnterYieldingAsync, cancellation);

    private async Task<IDisposable> MeasuredAsync(Visit visit, Func<Visit, CancellationToken, Task> enterAsync, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var came = time.GetTimestamp();
        ServiceTelemetry.WaitsAtGate(1);
        try
        {
            await enterAsync(visit, cancellation);
        }
        finally
        {
            ServiceTelemetry.WaitsAtGate(-1);
        }
        ServiceTelemetry.AdmittedAtGate(time.GetElapsedTime(came));
        return visit;
    }

    private async Task EnterAsync(Visit visit, CancellationToken cancellation)
    {
        lock (_lock)
        {
            if (_closed)
                throw new OperationCanceledException(Closing);
            if (HasPlaceFor(visit)) // whoever waits has none, or would be inside
            {
                _running.AddLast(visit.Place);
                return;
            }
            if (_waiting.Count >= options.Value.WaitingRuns)
                throw new AdmissionRefusedException(_waiting.Count);
            if (visit.IsFirst && FirstRunThatWaits() is { } before)
                _waiting.AddBefore(before, visit.Place);
            else
                _waiting.AddLast(visit.Place);
        }
        await AdmittedAsync(visit, cancellation);
    }

    private async Task EnterYieldingAsync(Visit visit, CancellationToken cancellation)
    {
        lock (_lock)
        {
            if (_closed)
                throw new OperationCanceledException(Closing);
            if (HasRoomForYielding())
            {
                _running.AddLast(visit.Place);
                return;
            }
            _yielding.AddLast(visit.Place); // bounded by the resources of this process, each of which waits once
        }
        await AdmittedAsync(visit, cancellation);
    }

    private async Task AdmittedAsync(Visit visit, CancellationToken cancellation)
    {
        using var registration = cancellation.Register(() => Withdraw(visit, cancellation));
        await visit.Admitted.Task;
    }

    private bool HasPlaceFor(Visit visit) => _running.Count < options.Value.ConcurrentRuns
        && (!visit.MayBeLong || _running.Count(other => other.MayBeLong) < Math.Max(1, options.Value.ConcurrentRuns - options.Value.PlacesForMailboxes));

    private LinkedListNode<Visit>? FirstRunThatWaits()
    {
        for (var node = _waiting.First; node is not null; node = node.Next)
            if (!node.Value.IsFirst)
                return node;
        return null;
    }

    private Visit? NextToAdmit() => _waiting.FirstOrDefault(HasPlaceFor) ?? (HasRoomForYielding() ? _yielding.First?.Value : null);

    private bool HasRoomForYielding() => _running.Count < options.Value.ConcurrentRuns && !_waiting.Any(HasPlaceFor) && !_running.Any(visit => visit.Yields);

    public AdmissionOverview Overview()
    {
        lock (_lock)
            return new AdmissionOverview(options.Value.ConcurrentRuns,
                [.. _running.Select(visit => visit.Run)], [.. _waiting.Take(ShownWaiting).Select(visit => visit.Run)], _waiting.Count);
    }

    private void Withdraw(Visit visit, CancellationToken cancellation)
    {
        lock (_lock)
        {
            if (visit.Place.List is not { } queue || queue == _running)
                return; // admitted in the same moment: its owner sees the cancellation and leaves
            queue.Remove(visit.Place);
        }
        visit.Admitted.TrySetCanceled(cancellation);
    }

    private void Leave(Visit visit)
    {
        Visit? next = null;
        lock (_lock)
        {
            if (visit.Place.List != _running)
                return;
            _running.Remove(visit.Place);
            ServiceTelemetry.LeftGate();
            if (_closed && _running.Count == 0)
                _empty.TrySetResult();
            if (NextToAdmit() is { } first)
            {
                first.Place.List!.Remove(first.Place);
                next = first;
                next.Run = next.Run with { Since = time.GetUtcNow() };
                _running.AddLast(first.Place);
            }
        }
        next?.Admitted.TrySetResult();
    }

    private sealed class Visit : IDisposable
    {
        private readonly AdmissionGate _gate;

        public Visit(AdmissionGate gate, AdmittedRun run)
        {
            _gate = gate;
            Run = run;
            Place = new LinkedListNode<Visit>(this);
        }

        public AdmittedRun Run { get; set; }

        public bool Yields { get; init; }

        public bool CanMove { get; init; }

        public bool IsFirst { get; init; }

        // A restore is let in whatever it is of.
        public bool MayBeLong => !IsFirst && !Yields && Run.Resource.Kind != ResourceKind.Mailbox;

        public LinkedListNode<Visit> Place { get; }

        // Continuations must not run inside the lock-free tail of whoever leaves.
        public TaskCompletionSource Admitted { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Dispose() => _gate.Leave(this);
    }
}

/// <summary>The gate's queue is full. Nothing is wrong with the resource; its reminder brings it back.</summary>
internal sealed class AdmissionRefusedException(int waiting) : Exception($"{waiting} runs wait at this process's gate already.");
