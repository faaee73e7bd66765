namespace OrleansBackup.Microsoft365.Limits;

/// <summary>One limiter per tenant and mailbox for the whole process, so that a backup and a restore of one mailbox share what it grants.</summary>
/// <remarks>A mailbox unused for <see cref="GraphClientOptions.ForgetMailboxAfter"/> is dropped; memory follows the mailboxes in use.</remarks>
internal sealed class MailboxLimiters(GraphClientOptions options, TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(string Tenant, string Mailbox), Entry> _entries = [];
    private DateTimeOffset _nextSweep = DateTimeOffset.MinValue;

    public int Count
    {
        get { lock (_lock) return _entries.Count; }
    }

    /// <param name="mailbox">Null: the tenant's directory.</param>
    public MailboxLimiter Get(string tenant, string? mailbox)
    {
        lock (_lock)
        {
            var now = time.GetUtcNow();
            if (now >= _nextSweep) Sweep(now);
            var key = (tenant, mailbox ?? "");
            if (!_entries.TryGetValue(key, out var entry)) _entries.Add(key, entry = new Entry(new MailboxLimiter(OptionsOf(mailbox), time)));
            entry.LastUsed = now;
            return entry.Limiter;
        }
    }

    // What a drive grants is counted for the tenant as a whole, in resource units: here only its requests at once are bounded.
    private GraphClientOptions OptionsOf(string? mailbox) => mailbox is null || !Drives.DriveRequests.IsLoad(mailbox, out _) ? options
        : options with { RequestsPerMailbox = options.RequestsPerDrive, RequestsPerWindow = int.MaxValue, UploadBytesPerWindow = long.MaxValue };

    private void Sweep(DateTimeOffset now)
    {
        _nextSweep = now + (options.ForgetMailboxAfter / 2);
        foreach (var (key, entry) in _entries)
        {
            if (entry.LastUsed + options.ForgetMailboxAfter > now || !entry.Limiter.IsIdle) continue;
            _entries.Remove(key);
            entry.Limiter.Dispose();
        }
    }

    private sealed class Entry(MailboxLimiter limiter)
    {
        public MailboxLimiter Limiter { get; } = limiter;

        public DateTimeOffset LastUsed { get; set; }
    }
}
