namespace OrleansBackup.GraphSimulator.Limits;

/// <summary>The service's limits. Defaults are Microsoft's for an app and mailbox, or an app and tenant.</summary>
/// <remarks>Source: Microsoft Graph service-specific throttling limits, "Outlook" and "Identity and access".</remarks>
public sealed record LimitSettings
{
    /// <summary>False lets everything through and only counts.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>Requests at once against one mailbox.</summary>
    public int MailboxConcurrency { get; init; } = 4;

    public int MailboxRequests { get; init; } = 10_000;
    public TimeSpan MailboxWindow { get; init; } = TimeSpan.FromMinutes(10);

    public long UploadBytes { get; init; } = 150L * 1024 * 1024;
    public TimeSpan UploadWindow { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Units of the directory's bucket per 10 seconds; null: by the number of users (3,500, 5,000 or 8,000).</summary>
    public int? DirectoryUnits { get; init; }

    /// <summary>Resource units of files and sites per minute; null: by the number of users, as licences count (1,250 up to 6,250).</summary>
    /// <remarks>Source: avoid getting throttled in SharePoint Online, "Application throttling".</remarks>
    public int? FilesUnitsPerMinute { get; init; }

    /// <summary>How long a download address lives, on the real clock.</summary>
    public TimeSpan DownloadLifetime { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How long an address to import items lives, on the real clock. Microsoft names no figure.</summary>
    public TimeSpan ImportSessionLifetime { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Largest request body.</summary>
    public int RequestBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>Requests a second of an app against one team with all its channels.</summary>
    /// <remarks>Source: throttling limits, "Microsoft Teams": four a second on a given team or channel.</remarks>
    public int TeamRequestsPerSecond { get; init; } = 4;

    /// <summary>False sends 429 without <c>Retry-After</c>.</summary>
    public bool SendRetryAfter { get; init; } = true;

    /// <summary>Delta tokens that a mailbox or drive remembers; 0: all. The oldest answer as dead.</summary>
    public int LiveDeltaTokens { get; init; }

    /// <summary>Time that every request takes, on the real clock.</summary>
    public TimeSpan Latency { get; init; }
}
