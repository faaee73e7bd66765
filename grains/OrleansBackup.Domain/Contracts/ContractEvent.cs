using System.Collections.Immutable;
using System.Text.Json.Serialization;
using OrleansBackup.Domain.Plans;

namespace OrleansBackup.Domain.Contracts;

/// <summary>Something that happened in the life of a contract. Only ever added; what a contract is follows from all of them (<see cref="Contract.With"/>).</summary>
/// <remarks>The names in the journal are stored: a name, once used, keeps its meaning. A member that is added later has a default.</remarks>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(ContractMade), "made")]
[JsonDerivedType(typeof(PlanChanged), "plan-changed")]
[JsonDerivedType(typeof(ProcessingAgreementKept), "processing-agreement")]
[JsonDerivedType(typeof(TermsPublished), "terms-published")]
[JsonDerivedType(typeof(NoticeReceived), "notice-received")]
[JsonDerivedType(typeof(NoticeProcessed), "notice-processed")]
[JsonDerivedType(typeof(NoticeWithdrawn), "notice-withdrawn")]
[JsonDerivedType(typeof(ChangeRequested), "change-requested")]
[JsonDerivedType(typeof(ChangeClosed), "change-closed")]
[JsonDerivedType(typeof(SuspensionWarned), "suspension-warned")]
[JsonDerivedType(typeof(SuspensionCalledOff), "suspension-called-off")]
[JsonDerivedType(typeof(Suspended), "suspended")]
[JsonDerivedType(typeof(FreezeDecided), "freeze-decided")]
[JsonDerivedType(typeof(SuspensionLifted), "suspension-lifted")]
[JsonDerivedType(typeof(DeletionAgreed), "deletion-agreed")]
[JsonDerivedType(typeof(ExportConfirmed), "export-confirmed")]
[JsonDerivedType(typeof(ActProposed), "act-proposed")]
[JsonDerivedType(typeof(ActConfirmed), "act-confirmed")]
[JsonDerivedType(typeof(ActDropped), "act-dropped")]
[JsonDerivedType(typeof(Told), "told")]
[JsonDerivedType(typeof(DestructionOrdered), "destruction-ordered")]
[JsonDerivedType(typeof(DestructionRefused), "destruction-refused")]
[JsonDerivedType(typeof(Destroyed), "destroyed")]
public abstract record ContractEvent;

/// <summary>The contract was made.</summary>
/// <param name="Start">The first day.</param>
/// <param name="PlanText">The plan's document as it was sold.</param>
/// <param name="Prerequisites">For each service that the plan requires, what shows that the customer has it.</param>
public sealed record ContractMade(DateOnly Start, string PlanText, ImmutableArray<PlanOverride> Overrides, ImmutableSortedDictionary<string, string> Prerequisites, string Reference) : ContractEvent;

/// <summary>From a day on another plan, another version of it, or other deviations hold.</summary>
/// <param name="NewTerm">A new first term begins on that day; false: terms go on as they were counted.</param>
/// <param name="Reference">The written agreement.</param>
public sealed record PlanChanged(DateOnly From, string PlanText, ImmutableArray<PlanOverride> Overrides, bool NewTerm, string Reference) : ContractEvent;

/// <summary>How the processing agreement (GDPR, article 28) stands.</summary>
/// <param name="SignedOn">Null: none is signed.</param>
public sealed record ProcessingAgreementKept(DateOnly? SignedOn, string? Reference) : ContractEvent;

/// <summary>The conditions have a new version.</summary>
/// <param name="From">The first day on which it applies.</param>
/// <param name="Document">Where the text is found.</param>
public sealed record TermsPublished(string Version, DateOnly From, string Document) : ContractEvent;

/// <summary>The customer has given notice.</summary>
/// <param name="On">The day on which it came in.</param>
/// <param name="By">The contact who gave it.</param>
/// <param name="Reference">The letter or message.</param>
public sealed record NoticeReceived(DateOnly On, string By, string Reference) : ContractEvent;

/// <summary>The notice was processed, and the customer is told until when the contract runs.</summary>
public sealed record NoticeProcessed(DateOnly On, DateOnly EndsOn) : ContractEvent;

/// <summary>The customer takes the notice back before it took effect.</summary>
public sealed record NoticeWithdrawn(DateOnly On, string By, string Reference) : ContractEvent;

/// <summary>The customer asks for a change.</summary>
/// <param name="Deadline">The last day on which it is carried out in time; null: the plan promises none.</param>
public sealed record ChangeRequested(int Number, ChangeKind Change, string What, DateOnly On, DateOnly? Deadline, string By) : ContractEvent;

/// <summary>A change was carried out, or refused.</summary>
/// <param name="Effective">From when it holds; null: it was refused.</param>
public sealed record ChangeClosed(int Number, DateOnly On, DateOnly? Effective, string Outcome) : ContractEvent;

/// <summary>The customer is warned that the service will be suspended.</summary>
/// <param name="Earliest">Before this day it is not.</param>
public sealed record SuspensionWarned(DateOnly On, DateOnly Earliest, string Why) : ContractEvent;

/// <summary>He has paid, or a person decided otherwise.</summary>
public sealed record SuspensionCalledOff(DateOnly On, string Why) : ContractEvent;

/// <summary>From this day no new backups are made.</summary>
public sealed record Suspended(DateOnly From, RetentionMeanwhile Retention, DateOnly? FrozenUntil, string Why) : ContractEvent;

/// <summary>A person decided what happens to old points after the freeze.</summary>
/// <param name="FrozenUntil">The freeze goes on until then; null: points expire as ever.</param>
public sealed record FreezeDecided(DateOnly On, DateOnly? FrozenUntil, string Why) : ContractEvent;

/// <summary>Backups are made again from this day on.</summary>
public sealed record SuspensionLifted(DateOnly On, string Why) : ContractEvent;

/// <summary>Another day of destruction than the plan's was agreed.</summary>
public sealed record DeletionAgreed(DateOnly On, string Reference) : ContractEvent;

/// <summary>The customer confirmed that he has secured his data, or that he does not want it.</summary>
public sealed record ExportConfirmed(DateOnly On, string By, string Reference) : ContractEvent;

/// <summary>Somebody wants to do what makes restore points unrecoverable, and what that is was computed and told.</summary>
/// <param name="Details">What is to be done, as JSON of its own.</param>
/// <param name="ListHash">SHA-256 of the list of points that was shown.</param>
/// <param name="NoticeKey">The notice to the customer's contacts.</param>
public sealed record ActProposed(
    int Number, ActKind Act, string Details, string Why, int Resources, long Points, DateOnly? FirstLoss, DateOnly? LastLoss, string ListHash, string NoticeKey) : ContractEvent;

/// <summary>A second person has looked at it and it was done.</summary>
public sealed record ActConfirmed(int Number, DateOnly On) : ContractEvent;

/// <summary>It is not going to be done.</summary>
public sealed record ActDropped(int Number, DateOnly On, string Why) : ContractEvent;

/// <summary>A notice was handed over for sending, or a person was alerted: once per key.</summary>
public sealed record Told(DateOnly On, string Key) : ContractEvent;

/// <summary>The destruction of the backups was begun.</summary>
public sealed record DestructionOrdered(DateOnly On) : ContractEvent;

/// <summary>It was refused; nothing was erased.</summary>
public sealed record DestructionRefused(DateOnly On, string Why) : ContractEvent;

/// <summary>Everything is destroyed; the signed record tells of it.</summary>
public sealed record Destroyed(DateOnly On, long Objects, long Bytes) : ContractEvent;

/// <summary>What a change request is about.</summary>
public enum ChangeKind
{
    /// <summary>Something joins the backup.</summary>
    Add = 1,

    /// <summary>Something leaves it.</summary>
    Remove = 2,

    /// <summary>Another retention.</summary>
    Retention = 3,

    /// <summary>Another plan.</summary>
    Plan = 4,

    /// <summary>Anything else about the set-up.</summary>
    Other = 5,
}

/// <summary>What can make restore points unrecoverable.</summary>
public enum ActKind
{
    /// <summary>Another retention or scope in the tenant's settings.</summary>
    Settings = 1,

    /// <summary>No new backups.</summary>
    Suspend = 2,

    /// <summary>Another plan.</summary>
    Plan = 3,

    /// <summary>The destruction after the end.</summary>
    End = 4,
}
