using System.ComponentModel.DataAnnotations;

namespace OrleansBackup.Grains.Admission;

/// <summary>How much work one process takes on at once. Configuration section <c>Backup:Admission</c>.</summary>
public sealed record AdmissionOptions
{
    public const string Section = "Backup:Admission";

    /// <summary>Runs and restores under way at once in this process. Default 8: each keeps some tens of MB and part of a core.</summary>
    [Range(1, 256)]
    public int ConcurrentRuns { get; init; } = 8;

    /// <summary>How many may wait at the gate. Who comes later is refused and comes back by its reminder.</summary>
    [Range(1, 1_000_000)]
    public int WaitingRuns { get; init; } = 10_000;

    /// <summary>Of the places for runs, so many are never given to runs over drives, sites and teams, so that slow ones never keep all mailboxes waiting. At least one place
    /// stays for each. Default 2.</summary>
    [Range(0, 10_000)]
    public int PlacesForMailboxes { get; init; } = 2;
}
