using System.ComponentModel.DataAnnotations;

namespace OrleansBackup.Microsoft365.Sites;

/// <summary>How sites are read. Configuration section <c>Graph:Sites</c>.</summary>
public sealed record SiteReadOptions
{
    public const string Section = "Graph:Sites";

    /// <summary>List items per page, their columns included. Default 500. A page that the service fails on is asked for without columns.</summary>
    [Range(1, 5_000)]
    public int PageSize { get; init; } = 500;
}
