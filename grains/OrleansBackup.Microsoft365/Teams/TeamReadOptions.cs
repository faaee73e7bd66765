using System.ComponentModel.DataAnnotations;

namespace OrleansBackup.Microsoft365.Teams;

/// <summary>How teams are read and written. Configuration section <c>Graph:Teams</c>.</summary>
public sealed record TeamReadOptions
{
    public const string Section = "Graph:Teams";

    /// <summary>Requests a second against one team with all its channels. Default 4: what Microsoft grants an application.</summary>
    /// <remarks>Source: Graph throttling limits, "Microsoft Teams".</remarks>
    [Range(1, 1_000_000)]
    public int RequestsPerSecond { get; init; } = 4;

    /// <summary>Posts per page, their replies included. The service takes 50 at most.</summary>
    [Range(1, 50)]
    public int PostsPerPage { get; init; } = 50;

    /// <summary>How far back changes are asked for. The service tells of eight months; older links are followed by a whole listing.</summary>
    [Range(1, 240)]
    public int ChangesReachDays { get; init; } = 220;
}
