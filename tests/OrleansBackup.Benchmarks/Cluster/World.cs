namespace OrleansBackup.Benchmarks.Cluster;

/// <summary>Which installation a measuring process runs on.</summary>
internal enum World
{
    /// <summary>Nothing in it: what the server takes by itself.</summary>
    Empty,

    /// <summary>The large one, registered and idle.</summary>
    Estate,

    /// <summary>A smaller one that is backed up day after day.</summary>
    Runs,
}
