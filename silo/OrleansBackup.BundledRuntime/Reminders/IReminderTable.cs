using Orleans.Runtime;

namespace Orleans;

/// <summary>Where reminders are kept. When a method returns, its change is durable.</summary>
public interface IReminderTable
{
    Task StartAsync(CancellationToken cancellationToken = default) => Task.CompletedTask;
    Task StopAsync(CancellationToken cancellationToken = default) => Task.CompletedTask;

    Task<ReminderTableData> ReadRows(GrainId grainId);

    /// <summary>Those whose grain's uniform hash lies after <paramref name="begin"/> and up to <paramref name="end"/>.</summary>
    /// <remarks>The range goes over the top if <paramref name="begin"/> is not less: two equal numbers mean all.</remarks>
    Task<ReminderTableData> ReadRows(uint begin, uint end);

    Task<ReminderEntry?> ReadRow(GrainId grainId, string reminderName);

    /// <summary>Stores the entry over whatever was there.</summary>
    /// <returns>The new etag.</returns>
    Task<string?> UpsertRow(ReminderEntry entry);

    /// <returns>False if there was no such row with that etag.</returns>
    Task<bool> RemoveRow(GrainId grainId, string reminderName, string eTag);

    Task TestOnlyClearTable();
}

/// <summary>One stored reminder.</summary>
[GenerateSerializer]
public sealed class ReminderEntry
{
    [Id(0)]
    public GrainId GrainId { get; set; }

    [Id(1)]
    public string ReminderName { get; set; } = "";

    /// <summary>UTC. When the next tick is due that has not been delivered; later ones follow each <see cref="Period"/>.</summary>
    [Id(2)]
    public DateTime StartAt { get; set; }

    [Id(3)]
    public TimeSpan Period { get; set; }

    [Id(4)]
    public string? ETag { get; set; }

    public override string ToString() => $"{ReminderName} of {GrainId} at {StartAt:O} every {Period}";
}

/// <summary>Reminders as read from the table.</summary>
[GenerateSerializer]
public sealed class ReminderTableData
{
    public ReminderTableData() => Reminders = [];
    public ReminderTableData(ReminderEntry entry) => Reminders = [entry];
    public ReminderTableData(IEnumerable<ReminderEntry> list) => Reminders = [.. list];

    [Id(0)]
    public IList<ReminderEntry> Reminders { get; private set; }
}
