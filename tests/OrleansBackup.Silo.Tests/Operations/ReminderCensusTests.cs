using Orleans;
using Orleans.Runtime;
using OrleansBackup.Silo.Operations;

namespace OrleansBackup.Silo.Tests.Operations;

/// <summary>A table that cannot count is read in pieces; together they are the whole ring, each row once.</summary>
public sealed class ReminderCensusTests
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    [Fact]
    public async Task Every_row_is_counted_once_wherever_on_the_ring_it_lies()
    {
        uint[] edges = [0, 1, uint.MaxValue, uint.MaxValue - 1, uint.MaxValue / 64, (uint.MaxValue / 64) + 1, (uint.MaxValue / 64 * 64) - 1, uint.MaxValue / 64 * 64, (uint.MaxValue / 64 * 64) + 1];
        uint[] anywhere = [.. Enumerable.Range(0, 5_000).Select(number => unchecked((uint)number * 2_654_435_761u))];
        var table = new RingTable([.. edges.Concat(anywhere).Select(hash => (hash, Row(TimeProvider.System.GetUtcNow().UtcDateTime.AddHours(12))))]);

        var count = await new ReminderCensus(table, TimeProvider.System).CountAsync(CancellationToken.None);

        Assert.Equal(new ReminderCount(edges.Length + anywhere.Length, 0, 0), count);
        Assert.Equal(64, table.Readings); // and never all at once
    }

    [Fact]
    public async Task What_has_passed_is_late_and_what_comes_within_the_hour_is_soon_by_its_period()
    {
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;
        var table = new RingTable([
            (1, Row(now.AddMinutes(30))), // soon
            (2, Row(now.AddHours(5))),
            (3, Row(now.AddDays(-3).AddMinutes(20))), // late, and soon again
            (4, Row(now.AddDays(-3).AddHours(6)))]); // late

        Assert.Equal(new ReminderCount(4, 2, 2), await new ReminderCensus(table, TimeProvider.System).CountAsync(CancellationToken.None));
    }

    private static ReminderEntry Row(DateTime start) => new() { ReminderName = "daily", StartAt = start, Period = Day };

    /// <summary>Answers for a range as the contract of the table says; everything else is not asked.</summary>
    private sealed class RingTable((uint Hash, ReminderEntry Row)[] rows) : IReminderTable
    {
        public int Readings { get; private set; }

        public Task<ReminderTableData> ReadRows(uint begin, uint end)
        {
            Readings++;
            return Task.FromResult(new ReminderTableData(rows.Where(row => begin < end ? row.Hash > begin && row.Hash <= end : row.Hash > begin || row.Hash <= end).Select(row => row.Row)));
        }

        public Task<ReminderTableData> ReadRows(GrainId grainId) => throw new NotSupportedException();

        public Task<ReminderEntry?> ReadRow(GrainId grainId, string reminderName) => throw new NotSupportedException();

        public Task<string?> UpsertRow(ReminderEntry entry) => throw new NotSupportedException();

        public Task<bool> RemoveRow(GrainId grainId, string reminderName, string eTag) => throw new NotSupportedException();

        public Task TestOnlyClearTable() => throw new NotSupportedException();
    }
}
