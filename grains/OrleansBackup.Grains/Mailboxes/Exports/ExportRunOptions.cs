using System.ComponentModel.DataAnnotations;

namespace OrleansBackup.Grains.Mailboxes.Exports;

/// <summary>How runs take items in Exchange's own form beside the readable one. Configuration section <c>Backup:Exports</c>.</summary>
public sealed record ExportRunOptions
{
    public const string Section = "Backup:Exports";

    /// <summary>Older items that one run exports after a tenant permitted it, so that no run becomes a first backup again. Default 5,000: 250 requests and a few minutes.</summary>
    [Range(0, 1_000_000)]
    public int OlderItemsPerRun { get; init; } = 5_000;

    /// <summary>Items that wait before they are exported together, over the folders of a mailbox: four requests at once. Default 80.</summary>
    [Range(1, 10_000)]
    public int WaitFor { get; init; } = 80;
}
