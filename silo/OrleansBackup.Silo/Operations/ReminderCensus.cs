using Orleans;
using OrleansBackup.SqliteStorage;

namespace OrleansBackup.Silo.Operations;

/// <summary>Counts the reminders now and then. A table that can count is asked to; any other is read piece by piece, and nothing of it is kept but the sums.</summary>
/// <remarks>A page that refreshes itself must not cost the database anything of note: a round is followed by a rest of twenty times its length.</remarks>
internal sealed class ReminderCensus(IReminderTable table, TimeProvider time)
{
    private const uint Pieces = 64;
    private const int RestPerWork = 20;

    /// <summary>A tick on its way is not overdue yet.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan Soon = TimeSpan.FromHours(1), ShortestRest = TimeSpan.FromSeconds(15), Patience = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private Task<ReminderCount?> _round = Task.FromResult<ReminderCount?>(null);
    private ReminderCount? _last;
    private long? _goodUntil;

    /// <summary>The newest count; null until the first round has ended. Waits for a round only briefly.</summary>
    public async Task<ReminderCount?> CountAsync(CancellationToken cancellation)
    {
        Task<ReminderCount?> round;
        lock (_lock)
        {
            if (_round.IsCompleted && (_goodUntil is not { } until || time.GetTimestamp() >= until))
                _round = Task.Run(RoundAsync, CancellationToken.None);
            round = _round;
        }
        await ((Task)round).WaitAsync(Patience, time, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellation.ThrowIfCancellationRequested();
        if (round.IsFaulted)
            await round;
        lock (_lock)
            return _last;
    }

    private async Task<ReminderCount?> RoundAsync()
    {
        var began = time.GetTimestamp();
        var now = time.GetUtcNow().UtcDateTime;
        ReminderCount count;
        if (table is SqliteReminderTable counting)
        {
            var (all, late, soon) = await counting.CountAsync(now - Grace, now + Soon);
            count = new ReminderCount(all, late, soon - late);
        }
        else
        {
            count = await ReadAsync(now);
        }
        lock (_lock)
        {
            _last = count;
            var rest = time.GetElapsedTime(began) * RestPerWork;
            _goodUntil = time.GetTimestamp() + (long)((rest > ShortestRest ? rest : ShortestRest).TotalSeconds * time.TimestampFrequency);
        }
        return count;
    }

    private async Task<ReminderCount> ReadAsync(DateTime now)
    {
        var count = new ReminderCount(0, 0, 0);
        const uint piece = uint.MaxValue / Pieces;
        for (uint number = 0; number < Pieces; number++)
        {
            var (begin, end) = (number * piece, number == Pieces - 1 ? 0 : (number + 1) * piece); // the last goes over the top, to where the first begins
            foreach (var row in (await table.ReadRows(begin, end)).Reminders)
            {
                var start = DateTime.SpecifyKind(row.StartAt, DateTimeKind.Utc);
                var next = start >= now || row.Period <= TimeSpan.Zero ? start : now + TimeSpan.FromTicks(row.Period.Ticks - ((now - start).Ticks % row.Period.Ticks));
                count = new ReminderCount(count.All + 1, count.Late + (start < now - Grace ? 1 : 0), count.Soon + (next <= now + Soon ? 1 : 0));
            }
        }
        return count;
    }
}

/// <param name="Late">Whose stored moment has passed; whether that means a missed tick depends on the engine.</param>
/// <param name="Soon">Whose next moment is within the hour.</param>
internal sealed record ReminderCount(long All, long Late, long Soon);
