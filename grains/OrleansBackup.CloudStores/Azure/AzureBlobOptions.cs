using OrleansBackup.CloudStores.Transient;

namespace OrleansBackup.CloudStores.Azure;

/// <summary>Sizes and bounds of an Azure Blob store.</summary>
public sealed record AzureBlobOptions
{
    /// <summary>Content from a stream goes up in blocks of this size; one is in memory. Default 8 MiB: up to 390 GiB an object.</summary>
    public int BlockBytes { get; init; } = 8 << 20;

    /// <summary>Names of one page of a list. Default 5,000, the most that the service gives.</summary>
    public int ListPage { get; init; } = 5_000;

    /// <summary>Whether a retention can be shortened by an administrator (<c>unlocked</c>) or by nobody (<c>locked</c>). Default locked.</summary>
    public bool LockRetention { get; init; } = true;

    public RetryOptions Retry { get; init; } = new();
}
