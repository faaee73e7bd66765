using System.ComponentModel.DataAnnotations;

namespace OrleansBackup.Grains.Erasures;

/// <summary>Bounds of looking for one person. Configuration section <c>Backup:ErasureSearches</c>.</summary>
public sealed record ErasureSearchOptions
{
    public const string Section = "Backup:ErasureSearches";

    /// <summary>A list holds so many items at most: it is one row of the database, some 300 bytes for each. A search that finds more stops there, and is continued when that part is dealt with.</summary>
    [Range(1, 200_000)]
    public int MostItems { get; init; } = 20_000;

    /// <summary>So many searches are remembered; what they found is not.</summary>
    [Range(1, 1_000)]
    public int Kept { get; init; } = 50;
}
