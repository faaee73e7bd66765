namespace OrleansBackup.Grains.Runs;

/// <summary>Keys of the details that a run writes into its restore point. Stored: a key, once used, keeps its meaning.</summary>
internal static class PointDetails
{
    /// <summary>When the point was compared with an independent listing; absent: it was not.</summary>
    public const string ComparedAt = "compared-at";

    /// <summary>How many items that listing had.</summary>
    public const string Listed = "listed";

    /// <summary>How the run ended, so that a point found again after a crash keeps its outcome.</summary>
    public const string Outcome = "outcome";

    /// <summary>Whether items are kept in Exchange's own form beside the readable one: <c>whole</c>, <c>filling</c> (older ones follow) or <c>closed</c>.</summary>
    public const string Exports = "exports";

    /// <summary>Before a part's name: that it is not in the point, and why.</summary>
    public const string Lacks = "lacks:";
}
