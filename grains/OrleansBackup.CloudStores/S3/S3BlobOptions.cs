using OrleansBackup.CloudStores.Transient;

namespace OrleansBackup.CloudStores.S3;

/// <summary>Where an S3-compatible bucket is, and how it is used.</summary>
public sealed record S3BlobOptions
{
    public required string Bucket { get; init; }

    /// <summary>The service's address; null: Amazon's own, in <see cref="Region"/>.</summary>
    public Uri? Endpoint { get; init; }

    /// <summary>The region that requests are signed for.</summary>
    public string Region { get; init; } = "us-east-1";

    /// <summary>Whether the bucket is part of the path and not of the host name; most services that are not Amazon's want that. Default true.</summary>
    public bool PathStyle { get; init; } = true;

    /// <summary>Content from a stream goes up in parts of this size, at least 5 MiB by S3's own rule; one is in memory. Default 16 MiB: up to 156 GiB an object.</summary>
    public int PartBytes { get; init; } = 16 << 20;

    /// <summary>Names of one page of a list. Default 1,000, the most that S3 gives.</summary>
    public int ListPage { get; init; } = 1_000;

    /// <summary>Compliance (nobody can shorten a retention) or governance (an administrator can). Default compliance.</summary>
    public bool LockRetention { get; init; } = true;

    public RetryOptions Retry { get; init; } = new();
}
