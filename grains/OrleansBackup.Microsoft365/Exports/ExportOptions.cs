using System.ComponentModel.DataAnnotations;

namespace OrleansBackup.Microsoft365.Exports;

/// <summary>How items are exported and imported in Exchange's own form. Configuration section <c>Graph:Exports</c>.</summary>
public sealed record ExportOptions
{
    public const string Section = "Graph:Exports";

    /// <summary>Items of one request. Default and most 20: what the service takes.</summary>
    /// <remarks>Source: Graph v1.0, <c>mailbox: exportItems</c>.</remarks>
    [Range(1, 20)]
    public int ItemsPerRequest { get; init; } = 20;

    /// <summary>Bytes of one request, as far as sizes are known before. Default 50 MB: what a broken transfer costs to repeat.</summary>
    [Range(1_000, 2_000_000_000)]
    public long BytesPerRequest { get; init; } = 50_000_000;

    /// <summary>The largest stream that is imported. Default 100 MB: as text it is what one mailbox takes in five minutes.</summary>
    [Range(1_000, 1_000_000_000)]
    public long LargestImport { get; init; } = 100_000_000;

    /// <summary>Attempts for one request whose answer broke off, and for one import whose reply was lost.</summary>
    [Range(1, 10)]
    public int MaxAttempts { get; init; } = 4;

    /// <summary>A session that expires sooner than this is not begun with any more.</summary>
    public TimeSpan SessionMargin { get; init; } = TimeSpan.FromMinutes(2);
}

/// <summary>Puts items together into requests. Pure.</summary>
public static class ExportBatches
{
    /// <summary>In the given order, each batch as long as both bounds allow; an item larger than the bound goes alone.</summary>
    /// <param name="sizeOf">Bytes that an item is expected to have.</param>
    public static IEnumerable<IReadOnlyList<T>> Split<T>(IEnumerable<T> items, Func<T, long> sizeOf, ExportOptions options)
    {
        ArgumentNullException.ThrowIfNull(items);
        ArgumentNullException.ThrowIfNull(sizeOf);
        ArgumentNullException.ThrowIfNull(options);
        var batch = new List<T>();
        long bytes = 0;
        foreach (var item in items)
        {
            var size = sizeOf(item);
            if (batch.Count > 0 && (batch.Count == options.ItemsPerRequest || bytes + size > options.BytesPerRequest))
            {
                yield return batch;
                (batch, bytes) = ([], 0);
            }
            batch.Add(item);
            bytes += size;
        }
        if (batch.Count > 0) yield return batch;
    }
}
