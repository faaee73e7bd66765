using System.Collections.Immutable;

namespace OrleansBackup.Domain.Plans;

// What a plan says about the life of a contract: how long, how it goes on, how it ends.

/// <summary>What happens when a term is over and nobody gave notice.</summary>
public enum Renewal
{
    /// <summary>A new term of <see cref="ContractTerms.RenewalTerm"/> begins.</summary>
    Tacit = 1,

    /// <summary>It goes on from month to month and may be ended at the end of each.</summary>
    Monthly = 2,

    /// <summary>It ends.</summary>
    None = 3,
}

/// <summary>From when the time of notice counts.</summary>
public enum NoticeFrom
{
    /// <summary>The day on which the customer's notice came in.</summary>
    Received = 1,

    /// <summary>The day on which the provider processed it.</summary>
    Processed = 2,
}

/// <param name="Term">The first term.</param>
/// <param name="RenewalTerm">The length of each further one.</param>
/// <param name="Notice">The time of notice: days, or whole calendar months.</param>
/// <param name="NoticeProcessing">How long the provider may take to process a notice; null: none.</param>
/// <param name="Requires">Other services that the customer must have, such as <c>m365-service</c>.</param>
public sealed record ContractTerms(TermLength Term, Renewal Renewal, TermLength RenewalTerm, TermLength Notice, NoticeFrom NoticeFrom, TermLength? NoticeProcessing, ImmutableArray<string> Requires);

/// <param name="Deadline">Within what time a change that was asked for is carried out; null: none is promised.</param>
public sealed record ChangeTerms(TermLength? Deadline);

/// <summary>What happens to the backup after the contract.</summary>
/// <param name="DeleteAfter">From the last day to the destruction, unless another date was agreed.</param>
/// <param name="ReminderDays">How many days before the destruction the customer is reminded to secure his data.</param>
/// <param name="ExportFromNotice">Whether an export of everything is offered from the day of notice.</param>
public sealed record EndTerms(TermLength DeleteAfter, ImmutableArray<int> ReminderDays, bool ExportFromNotice);

/// <summary>Whether old points go on expiring while no new ones are made.</summary>
public enum RetentionMeanwhile
{
    /// <summary>Nothing expires.</summary>
    Freeze = 1,

    /// <summary>Points expire as ever.</summary>
    Continue = 2,
}

/// <summary>Suspension on late payment. A person decides it, always.</summary>
/// <param name="Allowed">Whether the conditions know it at all.</param>
/// <param name="WarnDaysBefore">How long before it the customer is warned.</param>
/// <param name="MostFrozenDays">After so many days of <see cref="RetentionMeanwhile.Freeze"/> a person has to decide again.</param>
public sealed record SuspensionTerms(bool Allowed, int WarnDaysBefore, RetentionMeanwhile Retention, int MostFrozenDays);
