using System.ComponentModel.DataAnnotations;

namespace OrleansBackup.Microsoft365;

/// <summary>How hard Graph may be used and how long we bear with it. Configuration section <c>Graph:Client</c>.</summary>
public sealed record GraphClientOptions
{
    public const string Section = "Graph:Client";

    /// <summary>Requests under way at once against one mailbox. Default 4: what Microsoft grants an application per mailbox.</summary>
    /// <remarks>Source: Graph throttling limits, "Outlook service limits". More only earns refusals.</remarks>
    [Range(1, 4)]
    public int RequestsPerMailbox { get; init; } = 4;

    /// <summary>Requests under way at once against one OneDrive or library. Default 6; Microsoft bounds the whole tenant, not the drive.</summary>
    [Range(1, 20)]
    public int RequestsPerDrive { get; init; } = 6;

    /// <summary>Requests against one mailbox within <see cref="RequestWindow"/>. Default 10,000 per 10 minutes (same source).</summary>
    [Range(1, 10_000)]
    public int RequestsPerWindow { get; init; } = 10_000;

    public TimeSpan RequestWindow { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Bytes written to one mailbox within <see cref="UploadWindow"/>. Default 150 MB per 5 minutes (same source).</summary>
    [Range(1, 150_000_000)]
    public long UploadBytesPerWindow { get; init; } = 150_000_000;

    public TimeSpan UploadWindow { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Answers in a row without a refusal before one more request at once is tried again.</summary>
    [Range(1, 10_000)]
    public int SuccessesToWiden { get; init; } = 50;

    /// <summary>Callers that may queue for one mailbox; one more is turned away with <see cref="GraphTransientException"/>.</summary>
    [Range(1, 100_000)]
    public int MaxWaitingPerMailbox { get; init; } = 1_000;

    /// <summary>A mailbox unused for this long is forgotten by the limiter; longer than any window, so no limit is forgotten early.</summary>
    public TimeSpan ForgetMailboxAfter { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>Attempts in all for passing failures (408, 502, 503, 504, 509, broken connections).</summary>
    [Range(1, 20)]
    public int MaxAttempts { get; init; } = 6;

    /// <summary>Attempts in all for 500, which is often permanent for one item.</summary>
    [Range(1, 20)]
    public int MaxServerErrorAttempts { get; init; } = 3;

    /// <summary>Wait before the second attempt where the service names none; doubles each time, plus or minus a quarter.</summary>
    public TimeSpan FirstBackoff { get; init; } = TimeSpan.FromSeconds(2);

    public TimeSpan MaxBackoff { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How long one request may be refused in all before <see cref="ThrottledTooLongException"/>.</summary>
    public TimeSpan MaxThrottledTime { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>How long an attempt may go without anything being received, on <see cref="NetworkClock"/>.</summary>
    public TimeSpan StallTimeout { get; init; } = TimeSpan.FromSeconds(150);

    /// <summary>The largest JSON answer taken into memory; a page beyond it is asked for in halves.</summary>
    [Range(1_000_000, int.MaxValue)]
    public int MaxJsonBytes { get; init; } = 64_000_000;

    /// <summary>Contents up to this size stay in memory; larger ones go to a temporary file that vanishes when closed.</summary>
    [Range(0, int.MaxValue)]
    public int SpoolToFileAbove { get; init; } = 256_000;

    /// <summary>Folder for those files; null is the system's.</summary>
    public string? SpoolFolder { get; init; }

    /// <summary>Source of jitter, 0 ≤ x &lt; 1; seeded in tests.</summary>
    public Func<double> Jitter { get; init; } = Random.Shared.NextDouble;

    /// <summary>The clock of time-outs. The machine's own: a stalled connection stalls in real time even where days are simulated.</summary>
    public TimeProvider NetworkClock { get; init; } = TimeProvider.System;
}
