using System.Collections.Immutable;
using Orleans;

namespace OrleansBackup.Silo.Operations;

/// <summary>When each reminder is next due, read from the table at most once in a while: a page that refreshes itself must not read it all each time.</summary>
internal sealed class ReminderCensus(IReminderTable table, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan GoodFor = TimeSpan.FromSeconds(15);

    private readonly SemaphoreSlim _reading = new(1);
    private (DateTimeOffset Until, ImmutableArray<DateTimeOffset> DueTimes) _last = (DateTimeOffset.MinValue, []);

    /// <summary>What the table holds as the next time of each reminder; engines differ in whether they move it on after each tick.</summary>
    public async Task<ImmutableArray<DateTimeOffset>> DueTimesAsync(CancellationToken cancellation)
    {
        await _reading.WaitAsync(cancellation);
        try
        {
            if (time.GetUtcNow() < _last.Until)
                return _last.DueTimes;
            var rows = await table.ReadRows(0, 0); // an empty range goes all the way round: every reminder
            _last = (time.GetUtcNow() + GoodFor, [.. rows.Reminders.Select(row => new DateTimeOffset(DateTime.SpecifyKind(row.StartAt, DateTimeKind.Utc)))]);
            return _last.DueTimes;
        }
        finally
        {
            _reading.Release();
        }
    }

    public void Dispose() => _reading.Dispose();
}
