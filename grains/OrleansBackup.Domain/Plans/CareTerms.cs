using System.Collections.Immutable;
using OrleansBackup.Domain.Notices;

namespace OrleansBackup.Domain.Plans;

// What a plan says about looking after the backup: who looks when, who is told, what is tried out and what is reported.

/// <summary>Who looks when, and who is told.</summary>
/// <param name="DailyCheck">Whether a person checks on every working day what has no good backup.</param>
/// <param name="CheckAt">The hour of that check, in the contract's time zone.</param>
/// <param name="CustomerOnCritical">A critical fault is told to the customer's contacts, once, and its end as well.</param>
/// <param name="NewUnprotectedSameDay">What is found and does not join by itself is told to the customer the same day.</param>
public sealed record MonitoringTerms(bool DailyCheck, TimeOnly CheckAt, bool CustomerOnCritical, bool NewUnprotectedSameDay);

/// <summary>Restores for the customer.</summary>
/// <param name="AuthorisedContactsOnly">Nobody but a contact with that authority may ask.</param>
/// <param name="Hours">Promised from request to end; null: best effort, no clock.</param>
public sealed record RestoreTerms(bool AuthorisedContactsOnly, int? Hours);

/// <summary>Over what rehearsals draw their sample.</summary>
public enum RehearsalScope
{
    /// <summary>No rehearsals are part of the service.</summary>
    None = 1,

    /// <summary>All tenants together.</summary>
    Estate = 2,
}

/// <summary>Restore tests that are part of the service.</summary>
/// <param name="PerYear">Spread over the year: four are one in each quarter.</param>
/// <param name="MinimumItems">Fewer are never drawn while there are so many.</param>
/// <param name="PerTenantOnRequest">A customer may ask for his own.</param>
public sealed record RehearsalTerms(int PerYear, RehearsalScope Scope, int MinimumItems, bool PerTenantOnRequest);

/// <summary>The monthly report.</summary>
/// <param name="Monthly">Made and sent each month; false: made on request.</param>
/// <param name="AskConfirmation">With a selection, the customer is asked to confirm the list.</param>
public sealed record ReportTerms(bool Monthly, bool AskConfirmation, ImmutableArray<NoticeLanguage> Languages);
