using System.Collections.Immutable;
using OrleansBackup.Domain.Retention;
using OrleansBackup.Domain.Scope;
using OrleansBackup.Domain.Storage;

namespace OrleansBackup.Domain.Plans;

// What a plan says about the backup itself: how often, how long, of what and where.

/// <summary>How often.</summary>
/// <param name="PerDay">Runs per calendar day; one is what the schedule can do.</param>
/// <param name="GraceHours">How long after the daily moment a resource without a good point is not yet called overdue.</param>
/// <param name="TimePublished">Whether the customer is shown at what time his backup runs.</param>
public sealed record ScheduleTerms(int PerDay, int GraceHours, bool TimePublished);

/// <summary>How long a restore point is owed.</summary>
/// <param name="Keep">In days, or in months counted on the calendar.</param>
/// <param name="ExpireAutomatically">What is no longer owed goes by itself.</param>
public sealed record RetentionTerms(TermLength Keep, bool ExpireAutomatically)
{
    /// <exception cref="InvalidOperationException">The unit is none that a restore point's age is counted in; <see cref="ServicePlan.Problems"/> says so.</exception>
    public RetentionRule Rule() => Keep.Unit switch
    {
        TermUnit.Days => RetentionRule.OfDays(Keep.Count),
        TermUnit.Months => RetentionRule.OfCalendarMonths(Keep.Count),
        TermUnit.Years => RetentionRule.OfCalendarMonths(12 * Keep.Count),
        var unit => throw new InvalidOperationException($"Retention is not counted in {unit}."),
    };
}

/// <summary>Of what. A part that is false is not sold; a part that Microsoft 365 does not hand out stays unprotected whatever is said here.</summary>
/// <param name="Mode">Whether what is new joins by itself.</param>
/// <param name="Calendar">Lies in the mailbox, as contacts and tasks do.</param>
public sealed record ScopeTerms(
    ScopeMode Mode, bool Mail, bool Calendar, bool Contacts, bool Tasks, bool OneDrive, bool SharePoint, bool Teams, bool DirectChats, bool GroupChats)
{
    /// <summary>What is included comes back as a whole; what cannot must be said before the contract is signed.</summary>
    public bool FullRestorePromised { get; init; }
}

/// <summary>Where.</summary>
/// <param name="Countries">Two letters each; empty: not stated.</param>
/// <param name="AllowThirdPartyCloud">Whether a cloud of somebody else may hold it, in these countries.</param>
/// <param name="MigrationNoticeDays">How long before a move to another store the customer is told.</param>
/// <param name="EncryptionRequired">A store or an option without encryption is refused.</param>
public sealed record StorageTerms(ImmutableArray<string> Countries, bool AllowThirdPartyCloud, int MigrationNoticeDays, bool EncryptionRequired)
{
    public StorageDemand Demand() => Countries.IsEmpty ? StorageDemand.Anywhere : new StorageDemand(Countries);
}
