using System.Collections.Immutable;
using OrleansBackup.Domain.Notices;

namespace OrleansBackup.Domain.Plans;

/// <summary>What is sold under one name: every rule of a service description as data, so that a provider writes another without code.</summary>
/// <remarks>
/// A plan is a JSON document (see <see cref="PlanFile"/>); the member names are the parameter names of the clause table in the docs. A contract keeps
/// the plan as it was sold, with its version; a changed document is a new version and touches no contract by itself.
/// </remarks>
/// <param name="Id">Small letters, digits and hyphens.</param>
/// <param name="Version">Rises with every change of the document.</param>
public sealed record ServicePlan(
    string Id,
    int Version,
    BothLanguages Name,
    TermsOfService Terms,
    ScheduleTerms Schedule,
    RetentionTerms Retention,
    ScopeTerms Scope,
    StorageTerms Storage,
    MonitoringTerms Monitoring,
    RestoreTerms Restore,
    RehearsalTerms Rehearsal,
    ReportTerms Report,
    ContractTerms Contract,
    ChangeTerms Change,
    EndTerms End,
    SuspensionTerms Suspension,
    BillingTerms Billing,
    PaymentTerms Payment,
    WorkTerms Work,
    LiabilityTerms Liability)
{
    /// <summary>Everything that is wrong with it, each with the path of the parameter; empty: nothing.</summary>
    public ImmutableArray<PlanProblem> Problems() => PlanRules.Check(this);
}

/// <summary>What is wrong with a plan, and where.</summary>
/// <param name="Path">Such as <c>contract.notice</c>; empty: the document as a whole.</param>
public sealed record PlanProblem(string Path, string Problem);

/// <summary>The conditions that apply, and the words that they define.</summary>
/// <param name="Version">As printed on the conditions; which version applied when is kept with the contract.</param>
/// <param name="Documents">Titles or addresses of the documents that belong to it.</param>
/// <param name="Glossary">The nouns that the portal and the reports use.</param>
public sealed record TermsOfService(string Version, ImmutableArray<string> Documents, ImmutableSortedDictionary<string, BothLanguages> Glossary)
{
    /// <summary>Sentences that the customer is to read in every report: what is promised and what cannot be.</summary>
    public ImmutableArray<BothLanguages> Statements { get; init; } = [];

    /// <summary>A deviation needs a reference to the written agreement.</summary>
    public bool OverrideRequiresWrittenReference { get; init; } = true;

    /// <summary>A processing agreement (GDPR, article 28) is expected; its absence is warned of.</summary>
    public bool ProcessingAgreementExpected { get; init; } = true;
}
