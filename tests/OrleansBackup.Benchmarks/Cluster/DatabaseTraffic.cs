namespace OrleansBackup.Benchmarks.Cluster;

/// <summary>What went into the database so far.</summary>
/// <param name="Processor">Of the database's own processes; none where it is part of the server.</param>
internal sealed record DatabaseTraffic(long StateWrites, long ReminderWrites, TimeSpan Processor)
{
    public static DatabaseTraffic operator -(DatabaseTraffic after, DatabaseTraffic before) =>
        new(after.StateWrites - before.StateWrites, after.ReminderWrites - before.ReminderWrites, after.Processor - before.Processor);
}

/// <param name="What">What of the database was measured.</param>
internal sealed record DatabaseSize(string What, long Bytes);
