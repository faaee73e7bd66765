using System.ComponentModel.DataAnnotations;

namespace OrleansBackup.Grains.Budget;

/// <summary>How hard one tenant's Graph may be used as a whole. Configuration section <c>Graph:Budget</c>.</summary>
/// <remarks>Microsoft's mail limits are per app and mailbox and are kept beside each mailbox's traffic; this is the ceiling over all of them.</remarks>
public sealed record GraphBudgetOptions
{
    public const string Section = "Graph:Budget";

    /// <summary>Requests per second in one tenant. Default 1,000: far below what Graph grants an app in all (130,000 per 10 s), far above 16 a second.</summary>
    [Range(1, 100_000)]
    public int RequestsPerSecond { get; init; } = 1_000;

    /// <summary>Requests per second to Teams in one tenant. Default 25: below the 30 that Teams grants for reading.</summary>
    /// <remarks>Source: Graph throttling limits, Microsoft Teams. SharePoint's follow from the tenant's licences.</remarks>
    [Range(1, 10_000)]
    public int TeamsRequestsPerSecond { get; init; } = 25;

    /// <summary>Permits taken at once by a process, so that a request does not cost a grain call.</summary>
    [Range(1, 10_000)]
    public int Block { get; init; } = 200;
}
