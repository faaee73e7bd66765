using Orleans;
using Orleans.Runtime;

namespace OrleansBackup.Grains.Tests.Given;

/// <summary>The reminders of a scene, with which a test does something before one is written. Everything behind it is the real one.</summary>
internal sealed class HookedReminderTable(IReminderTable inner, Func<ReminderEntry, Task> beforeUpsert) : IReminderTable
{
    public Task StartAsync(CancellationToken cancellationToken) => inner.StartAsync(cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => inner.StopAsync(cancellationToken);

    public Task<ReminderTableData> ReadRows(GrainId grainId) => inner.ReadRows(grainId);

    public Task<ReminderTableData> ReadRows(uint begin, uint end) => inner.ReadRows(begin, end);

    public Task<ReminderEntry?> ReadRow(GrainId grainId, string reminderName) => inner.ReadRow(grainId, reminderName)!;

    public async Task<string?> UpsertRow(ReminderEntry entry)
    {
        await beforeUpsert(entry);
        return await inner.UpsertRow(entry);
    }

    public Task<bool> RemoveRow(GrainId grainId, string reminderName, string eTag) => inner.RemoveRow(grainId, reminderName, eTag);

    public Task TestOnlyClearTable() => inner.TestOnlyClearTable();
}
