using System.Collections.Immutable;

namespace OrleansBackup.Microsoft365.Drives;

/// <summary>A page of a round over a drive: apply its items in order, then keep its link.</summary>
public sealed record DrivePage
{
    /// <summary>In the order of the service: of an item that occurs more than once the last occurrence counts.</summary>
    public required ImmutableArray<DriveItem> Items { get; init; }

    /// <summary>Where to go on after this page has been applied; empty: from nothing.</summary>
    public required string Link { get; init; }

    /// <summary>The round is complete.</summary>
    public required bool IsLast { get; init; }

    /// <summary>With this page a round from nothing begins: what it does not list by its end is not there any more.</summary>
    public bool Restarted { get; init; }

    /// <summary>The round was made of listings of folders, which may miss what is moved meanwhile: ask for what it did not list.</summary>
    public bool IsWalk { get; init; }

    /// <summary>Worth telling people.</summary>
    public string? Warning { get; init; }
}
