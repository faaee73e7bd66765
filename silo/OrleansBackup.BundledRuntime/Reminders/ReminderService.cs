using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Hosting;
using Orleans.Runtime;
using OrleansBackup.BundledRuntime;

namespace Orleans.Timers;

/// <summary>Keeps every reminder of the silo in one queue by due time, and wakes grains when their time has come.</summary>
/// <remarks>
/// The table holds, for each reminder, the first tick that has not been delivered. It moves on after a delivery, so whatever fell due
/// while the process was down is found at the next start and made up, once. A kill between delivery and the move repeats one tick:
/// at least once, never less. One clock timer serves all reminders, and looks at the time again when it fires: a clock that jumps
/// days ahead brings each reminder one tick.
/// </remarks>
internal sealed partial class ReminderService : IReminderRegistry, IDisposable
{
    /// <summary>Longer waits are cut in pieces: clock timers have an upper bound.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);

    private static readonly TimeSpan SmallestJump = TimeSpan.FromMilliseconds(100);

    private readonly Lock _gate = new();
    private readonly SiloRuntime _runtime;
    private readonly IReminderTable _table;
    private readonly BundledReminderOptions _bounds;
    private readonly TimeSpan _minimumPeriod;
    private readonly ILogger _log;
    private readonly Dictionary<(GrainId Grain, string Name), Reminder> _reminders = [];
    private readonly PriorityQueue<(Reminder Reminder, int Schedule), DateTime> _queue = new();
    private readonly SemaphoreSlim _places;
    private readonly SemaphoreSlim _wake = new(0, 1);
    private readonly CancellationTokenSource _stopped = new();
    private readonly HashSet<Task> _ticks = [];
    private ITimer? _clock;
    private Task _dispatching = Task.CompletedTask;

    public ReminderService(
        SiloRuntime runtime, IReminderTable table, IOptions<ReminderOptions> options, IOptions<BundledReminderOptions> bounds,
        ILogger<ReminderService> log)
    {
        _runtime = runtime;
        _table = table;
        _minimumPeriod = options.Value.MinimumReminderPeriod;
        _bounds = bounds.Value;
        _log = log;
        _places = new SemaphoreSlim(_bounds.MostTicksAtOnce);
    }

    private DateTime UtcNow => _runtime.Time.GetUtcNow().UtcDateTime;

    internal async Task StartAsync(CancellationToken cancellation)
    {
        await _table.StartAsync(cancellation);
        var stored = await _table.ReadRows(0, 0);
        lock (_gate)
        {
            foreach (var entry in stored.Reminders)
            {
                // Registered by a startup task before the table was read: that is the newer one.
                if (_reminders.ContainsKey((entry.GrainId, entry.ReminderName)))
                    continue;
                entry.ETag = null; // read anew before it is needed; a hundred thousand of them are nine megabytes
                var reminder = new Reminder(entry);
                _reminders.Add((entry.GrainId, entry.ReminderName), reminder);
                Enqueue(reminder);
            }
        }
        LogLoaded(_log, stored.Reminders.Count);
        _clock = _runtime.Time.CreateTimer(_ => Wake(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _dispatching = Task.Run(() => DispatchAsync(_stopped.Token), CancellationToken.None);
        Wake();
    }

    /// <summary>No further tick begins.</summary>
    internal async Task StopAsync()
    {
        await _stopped.CancelAsync();
        await _dispatching;
    }

    /// <summary>After the grains have gone: waits until every tick that was delivered is noted in the table.</summary>
    internal async Task FinishAsync(CancellationToken cancellation)
    {
        Task[] ticks;
        lock (_gate)
            ticks = [.. _ticks];
        await Task.WhenAll(ticks).WaitAsync(cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _table.StopAsync(cancellation);
    }

    public void Dispose()
    {
        _stopped.Cancel();
        _clock?.Dispose();
    }

    public async Task<IGrainReminder> RegisterOrUpdateReminder(GrainId callingGrainId, string reminderName, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dueTime, TimeSpan.Zero);
        if (period < _minimumPeriod)
            throw new ArgumentException($"Reminder '{reminderName}' has a period of {period}; the shortest is {_minimumPeriod}.", nameof(period));
        var entry = new ReminderEntry { GrainId = callingGrainId, ReminderName = reminderName, StartAt = UtcNow + dueTime, Period = period };
        Reminder reminder;
        Task stored;
        lock (_gate)
        {
            if (!_reminders.TryGetValue((callingGrainId, reminderName), out reminder!))
                _reminders.Add((callingGrainId, reminderName), reminder = new Reminder(entry));
            stored = reminder.LastWrite = StoreAfter(reminder.LastWrite, entry);
        }
        await stored; // if this throws, the reminder stays what it was before, which may be unscheduled
        lock (_gate)
        {
            if (!reminder.IsGone)
            {
                reminder.Entry = entry;
                Enqueue(reminder);
            }
        }
        Wake();
        return reminder;
    }

    /// <remarks>Whatever schedule the handle was given for: a name is one reminder.</remarks>
    public async Task UnregisterReminder(GrainId callingGrainId, IGrainReminder reminder)
    {
        ArgumentNullException.ThrowIfNull(reminder);
        Task removed;
        lock (_gate)
        {
            if (!_reminders.Remove((callingGrainId, reminder.ReminderName), out var known))
                return; // gone already: the caller has what it wants
            known.IsGone = true;
            known.Schedule++;
            removed = known.LastWrite = RemoveAfter(known.LastWrite, known);
        }
        await removed;
    }

    public Task<IGrainReminder?> GetReminder(GrainId callingGrainId, string reminderName)
    {
        lock (_gate)
        {
            var reminder = _reminders.GetValueOrDefault((callingGrainId, reminderName));
            return Task.FromResult<IGrainReminder?>(reminder is { Schedule: > 0 } ? reminder : null);
        }
    }

    public async Task<List<IGrainReminder>> GetReminders(GrainId callingGrainId)
    {
        var rows = await _table.ReadRows(callingGrainId);
        lock (_gate)
        {
            return [.. rows.Reminders.Select(row => _reminders.GetValueOrDefault((row.GrainId, row.ReminderName))).OfType<IGrainReminder>()];
        }
    }

    private async Task StoreAfter(Task before, ReminderEntry entry)
    {
        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _table.UpsertRow(entry);
    }

    private async Task RemoveAfter(Task before, Reminder reminder)
    {
        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var stored = await _table.ReadRow(reminder.GrainId, reminder.ReminderName);
        if (stored?.ETag is { } etag)
            await _table.RemoveRow(reminder.GrainId, reminder.ReminderName, etag);
    }

    /// <summary>Call under the lock.</summary>
    private void Enqueue(Reminder reminder) => _queue.Enqueue((reminder, ++reminder.Schedule), reminder.Entry.StartAt);

    private void Wake()
    {
        lock (_gate)
        {
            if (_wake.CurrentCount == 0)
                _wake.Release();
        }
    }

    private async Task DispatchAsync(CancellationToken stopped)
    {
        try
        {
            while (true)
            {
                await _wake.WaitAsync(stopped);
                while (TakeDue() is { } due)
                {
                    await _places.WaitAsync(stopped);
                    Track(TickAsync(due.Reminder, due.Entry, due.Schedule)); // reports its own errors
                }
            }
        }
        catch (OperationCanceledException) when (stopped.IsCancellationRequested)
        {
            // The silo stops; what is due stays in the table.
        }
    }

    private void Track(Task tick)
    {
        lock (_gate)
            _ticks.Add(tick);
        tick.ContinueWith(done =>
        {
            lock (_gate)
                _ticks.Remove(done);
        }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    /// <summary>The next reminder that is due, marked as ticking; otherwise arms the clock for the next one.</summary>
    private (Reminder Reminder, ReminderEntry Entry, int Schedule)? TakeDue()
    {
        lock (_gate)
        {
            while (_queue.TryPeek(out var next, out var dueAt))
            {
                if (next.Schedule != next.Reminder.Schedule)
                {
                    _queue.Dequeue(); // was registered anew or removed since
                    continue;
                }
                var wait = dueAt - UtcNow;
                if (wait > TimeSpan.Zero)
                {
                    _clock!.Change(wait < LongestWait ? wait : LongestWait, Timeout.InfiniteTimeSpan);
                    // A clock that jumped between the look at it and the arming would fire late by the jump: look again.
                    if (wait - (dueAt - UtcNow) > SmallestJump)
                        continue;
                    return null;
                }
                _queue.Dequeue();
                if (next.Reminder.IsTicking)
                    continue; // registered anew while a tick of it runs: its end puts the reminder back
                next.Reminder.IsTicking = true;
                return (next.Reminder, next.Reminder.Entry, next.Schedule);
            }
            return null;
        }
    }

    private async Task TickAsync(Reminder reminder, ReminderEntry entry, int schedule)
    {
        var sentAt = UtcNow;
        try
        {
            Task tick;
            try
            {
                var remindable = (IRemindable)(object)_runtime.References.Create(entry.GrainId, typeof(IRemindable)); // throws if the class is no more
                tick = remindable.ReceiveReminder(entry.ReminderName, new TickStatus(entry.StartAt, entry.Period, sentAt));
                await tick.WaitAsync(_bounds.TickHoldsPlaceFor, _runtime.Time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            finally
            {
                _places.Release();
            }
            await tick;
        }
        catch (Exception exception) when (!_stopped.IsCancellationRequested)
        {
            LogTickFailed(_log, entry.ReminderName, entry.GrainId, exception);
        }
        catch (Exception exception)
        {
            LogTickCutOff(_log, entry.ReminderName, entry.GrainId, exception.GetType().Name);
            return; // not delivered for sure: it stays due in the table
        }
        await MoveOnAsync(reminder, entry, sentAt, schedule);
    }

    private async Task MoveOnAsync(Reminder reminder, ReminderEntry delivered, DateTime sentAt, int schedule)
    {
        try
        {
            Task stored = Task.CompletedTask;
            lock (_gate)
            {
                // Registered anew or removed in the meantime: then that is what counts.
                if (!reminder.IsGone && reminder.Schedule == schedule)
                {
                    reminder.Entry = After(delivered, sentAt);
                    stored = reminder.LastWrite = StoreAfter(reminder.LastWrite, reminder.Entry);
                }
            }
            await stored;
        }
        catch (Exception exception)
        {
            // In memory it has moved on; after a restart the tick would come once more, which is allowed.
            LogNotStored(_log, delivered.ReminderName, delivered.GrainId, exception);
        }
        lock (_gate)
        {
            reminder.IsTicking = false;
            if (!reminder.IsGone)
                Enqueue(reminder);
        }
        Wake();
    }

    private static ReminderEntry After(ReminderEntry delivered, DateTime sentAt)
    {
        // Counted from when it was sent, not from now: what fell due while it ran has not been delivered by it.
        var missed = Math.Max(0, (sentAt - delivered.StartAt).Ticks / delivered.Period.Ticks);
        return new ReminderEntry
        {
            GrainId = delivered.GrainId,
            ReminderName = delivered.ReminderName,
            Period = delivered.Period,
            StartAt = delivered.StartAt + ((missed + 1) * delivered.Period),
        };
    }

    [LoggerMessage(7401, LogLevel.Information, "{Count} reminders loaded")]
    private static partial void LogLoaded(ILogger log, int count);

    [LoggerMessage(7402, LogLevel.Error, "Reminder {Name} of {Grain} failed; the next tick comes after its period")]
    private static partial void LogTickFailed(ILogger log, string name, GrainId grain, Exception exception);

    [LoggerMessage(7403, LogLevel.Error, "Reminder {Name} of {Grain} was delivered, which could not be stored")]
    private static partial void LogNotStored(ILogger log, string name, GrainId grain, Exception exception);

    [LoggerMessage(7404, LogLevel.Debug, "Reminder {Name} of {Grain} was cut off by the stop ({Error}); it comes again at the next start")]
    private static partial void LogTickCutOff(ILogger log, string name, GrainId grain, string error);
}
