using System.ComponentModel.DataAnnotations;
using OrleansBackup.Vault.Format;

namespace OrleansBackup.Vault;

/// <summary>Sizes and bounds of the vault. Configuration section <c>Vault</c>. Nothing here changes how stored objects are read.</summary>
public sealed record VaultOptions
{
    public const string Section = "Vault";

    /// <summary>Content shorter than this goes into packs, compressed with its neighbours. Default 64 KiB.</summary>
    [Range(0, 1 << 20)]
    public int SmallContentBytes { get; init; } = 64 << 10;

    /// <summary>Small content is compressed together until a block has about this many bytes; reading one item reads one block. Default 512 KiB.</summary>
    [Range(1, 16 << 20)]
    public int TargetBlockBytes { get; init; } = 512 << 10;

    /// <summary>A pack ends at about this stored size. Two are in memory at most. Default 3 MiB: with its last block it fits a buffer of 4.</summary>
    [Range(1, 256 << 20)]
    public int TargetPackBytes { get; init; } = 3 << 20;

    /// <summary>Chunks of large content: least, mean and most bytes. Defaults 256 KiB, 1 MiB, 4 MiB.</summary>
    /// <remarks>Changing them makes the next version of each file share nothing with the last.</remarks>
    [Range(64, 64 << 20)]
    public int LeastChunkBytes { get; init; } = 256 << 10;

    [Range(256, 64 << 20)]
    public int MeanChunkBytes { get; init; } = 1 << 20;

    [Range(1024, 64 << 20)]
    public int MostChunkBytes { get; init; } = 4 << 20;

    /// <summary>Blocks and chunks of one writer that are compressed, encrypted or stored at once; more wait. Default 4.</summary>
    [Range(1, 64)]
    public int BlocksUnderWay { get; init; } = 4;

    /// <summary>Segments that a reader has to replay before they are merged into a base. Default 10.</summary>
    [Range(2, 1000)]
    public int SegmentsBeforeBase { get; init; } = 10;

    /// <summary>Items of a base are read in blocks of about this many bytes. Default 64 KiB.</summary>
    [Range(256, 16 << 20)]
    public int BaseBlockBytes { get; init; } = 64 << 10;

    /// <summary>A base is stored in parts of about this size, so that writing one needs no more memory. Default 4 MiB.</summary>
    [Range(256, 256 << 20)]
    public int BasePartBytes { get; init; } = 2 << 20;

    /// <summary>Blocks and indexes that an open resource keeps. Default 4 MiB.</summary>
    [Range(0, 1 << 30)]
    public int CacheBytes { get; init; } = 4 << 20;

    /// <summary>How new blocks are compressed. Default: zstd where libzstd.so.1 is there, otherwise Brotli.</summary>
    public BlockCompression Compression { get; init; } = BlockCodec.BestHere;

    /// <summary>How long a removed object stays for those who may still read it. Must exceed the longest run and restore. Default 7 days.</summary>
    public TimeSpan GracePeriod { get; init; } = TimeSpan.FromDays(7);

    /// <summary>How long a sweep waits for a resource to commit anything by itself, before it puts an empty segment after its log. A run that
    /// is going then has to begin again, so let it exceed the time between two runs. Nothing but that depends on it. Default 3 days.</summary>
    public TimeSpan SweepPatience { get; init; } = TimeSpan.FromDays(3);

    /// <summary>Layers that hold what no point shows any more are merged once their newer part is this share of the whole. Default 0.1.</summary>
    /// <remarks>Less gives space back sooner and rewrites the item table more often: each changed item costs about one over this.</remarks>
    [Range(0.001, 1)]
    public double MergeShare { get; init; } = 0.1;

    /// <summary>After so long they are merged however small that part is, so that what expired does not stay for ever. Default 30 days.</summary>
    public TimeSpan MergeAfter { get; init; } = TimeSpan.FromDays(30);

    /// <summary>A pack is written again without its dead content once less than this share of its bytes is named. Default 0.5.</summary>
    [Range(0, 1)]
    public double RepackShare { get; init; } = 0.5;

    /// <summary>How long the store must refuse to delete each object that is written, counted from its writing. Default null: as long as
    /// nobody deletes it. The store has to be able to; what it says afterwards is read back. Keys are never retained: they have to be destructible.</summary>
    public TimeSpan? RetainFor { get; init; }

    /// <summary>How much longer than <see cref="RetainFor"/> a sweep has the store keep what the newest points need, so that points sealed until the
    /// next sweep are kept whole. Let it exceed the time between two sweeps. Default 14 days.</summary>
    public TimeSpan RetainAhead { get; init; } = TimeSpan.FromDays(14);

    /// <summary>How long a tenant's key that was unwrapped is kept in memory, so that the next opening need not ask the key vault again; as long a key that was taken back there still
    /// opens backups here. A key that is destroyed here opens nothing from that moment. Default 10 minutes; zero: each opening unwraps.</summary>
    public TimeSpan KeepTenantKeysFor { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How many of them at most, in each store of each process; then the oldest goes. Default 1,000: more tenants than have runs in ten minutes.</summary>
    [Range(0, 100_000)]
    public int TenantKeysKept { get; init; } = 1_000;
}
