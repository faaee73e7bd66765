using System.Collections.Immutable;
using OrleansBackup.Domain.Calendar;
using OrleansBackup.Domain.Plans;

namespace OrleansBackup.Domain.Contracts;

/// <summary>Decides what may happen to a contract today, and says as events what then happened. Refuses with the reason and the way out.</summary>
/// <remarks>Pure: reads no clock, keeps nothing, tells nobody. Every method gives the event to add to the journal.</remarks>
/// <param name="today">The present day of the contract's calendar.</param>
public sealed class ContractDecisions(Contract contract, WorkingCalendar calendar, DateOnly today)
{
    private ServicePlan Plan => contract.AgreementOn(today).Plan;

    private DateOnly? End => contract.EndOn(calendar);

    /// <exception cref="PlanProblemException">The plan or a deviation makes no sense.</exception>
    public static ContractMade Make(DateOnly start, string planText, ImmutableArray<PlanOverride> overrides, ImmutableSortedDictionary<string, string> prerequisites, string reference)
    {
        Require(reference, "reference");
        var plan = PlanAgreement.Of(start, PlanFile.Write(PlanFile.Read(planText)), overrides, start, reference);
        foreach (var service in plan.Plan.Contract.Requires)
            if (string.IsNullOrWhiteSpace(prerequisites.GetValueOrDefault(service)))
                throw new ContractRefusedException($"prerequisites.{service}", $"The plan '{plan.Plan.Id}' is only sold together with '{service}': give the reference of that contract of the customer.");
        return new ContractMade(start, plan.Sold, overrides, prerequisites, reference);
    }

    /// <param name="by">Who gave notice for the customer; whether he may is for the caller to check.</param>
    public NoticeReceived ReceiveNotice(DateOnly on, string by, string reference)
    {
        RequireGoingOn();
        Require(by, "by");
        Require(reference, "reference");
        if (contract.Notice is not null)
            throw new ContractRefusedException(null, "Notice was given already; withdraw it first if another is to take its place.");
        return on > today || on < contract.Start.AddYears(-1)
            ? throw new ContractRefusedException("on", "A notice comes in today or came in before, at most a year before the contract began.")
            : new NoticeReceived(on, by, reference);
    }

    public NoticeProcessed ProcessNotice()
    {
        var notice = contract.Notice ?? throw new ContractRefusedException(null, "No notice is waiting: register it first.");
        return notice.EndsOn is { } end
            ? throw new ContractRefusedException(null, $"The notice was processed on {notice.ProcessedOn:yyyy-MM-dd}; the contract ends on {end:yyyy-MM-dd}.")
            : new NoticeProcessed(today, contract.EndFor(notice, today, calendar));
    }

    /// <remarks>Nothing was deleted for the notice, so nothing has to be put back: terms and renewal are what they were.</remarks>
    public NoticeWithdrawn WithdrawNotice(string by, string reference)
    {
        Require(by, "by");
        Require(reference, "reference");
        if (contract.Notice is null)
            throw new ContractRefusedException(null, "No notice stands that could be withdrawn.");
        return today > End
            ? throw new ContractRefusedException(null, $"The contract ended on {End:yyyy-MM-dd}: a notice can be withdrawn until it takes effect. Make a new contract instead.")
            : new NoticeWithdrawn(today, by, reference);
    }

    public PlanChanged ChangePlan(DateOnly from, string planText, ImmutableArray<PlanOverride> overrides, bool newTerm, string reference)
    {
        RequireGoingOn();
        Require(reference, "reference");
        if (from < today || from <= contract.Start)
            throw new ContractRefusedException("from", "A plan changes from today or a later day, after the first day of the contract: what was delivered and billed is not rewritten.");
        if (from > End)
            throw new ContractRefusedException("from", $"The contract ends on {End:yyyy-MM-dd}, before the plan would change.");
        var agreed = PlanAgreement.Of(from, PlanFile.Write(PlanFile.Read(planText)), overrides, from, reference);
        if (agreed.Plan.Contract.Renewal == Renewal.None && !newTerm)
            throw new ContractRefusedException("newTerm", "The other plan is not renewed by itself: a new term has to begin with it, or the contract would be over at once.");
        foreach (var service in agreed.Plan.Contract.Requires)
            if (!contract.Prerequisites.ContainsKey(service))
                throw new ContractRefusedException("plan", $"The plan '{agreed.Plan.Id}' is only sold together with '{service}', which this contract does not name.");
        return new PlanChanged(from, agreed.Sold, overrides, newTerm, reference);
    }

    public ChangeRequested RequestChange(ChangeKind change, string what, DateOnly on, string by)
    {
        RequireGoingOn();
        Require(what, "what");
        Require(by, "by");
        if (on > today || on < contract.Start)
            throw new ContractRefusedException("on", "A request comes in today, or came in since the contract began.");
        return new ChangeRequested(contract.Changes.Length + 1, change, what, on, Plan.Change.Deadline is { } length ? ContractDays.Deadline(on, length, calendar) : null, by);
    }

    /// <param name="effective">From when it holds; null: it is refused.</param>
    public ChangeClosed CloseChange(int number, DateOnly? effective, string outcome)
    {
        Require(outcome, "outcome");
        var asked = contract.Changes.FirstOrDefault(one => one.Asked.Number == number) ?? throw new ContractRefusedException("number", $"The contract has no change request {number}.");
        return asked.Closed is { } closed
            ? throw new ContractRefusedException(null, $"The change request {number} was closed on {closed.On:yyyy-MM-dd}.")
            : new ChangeClosed(number, today, effective, outcome);
    }

    public SuspensionWarned WarnOfSuspension(string why)
    {
        RequireGoingOn();
        Require(why, "why");
        if (!Plan.Suspension.Allowed)
            throw new ContractRefusedException(null, $"The conditions of '{Plan.Id}' do not know suspension. Agree on it in writing (suspension.allowed) if it is to be possible.");
        return contract.OpenSuspension is not null ? throw new ContractRefusedException(null, "The service is suspended already.")
            : contract.Warning is { } warned ? throw new ContractRefusedException(null, $"The customer was warned on {warned.On:yyyy-MM-dd}; from {warned.Earliest:yyyy-MM-dd} on a person may suspend.")
            : new SuspensionWarned(today, today.AddDays(Plan.Suspension.WarnDaysBefore), why);
    }

    public SuspensionCalledOff CallOffSuspension(string why)
    {
        Require(why, "why");
        return contract.Warning is null ? throw new ContractRefusedException(null, "No warning of a suspension stands.") : new SuspensionCalledOff(today, why);
    }

    /// <summary>Whether a person may suspend now; asked before the proposal, and again when the second person confirms.</summary>
    public Suspended Suspend(string why)
    {
        RequireGoingOn();
        var warned = contract.Warning ?? throw new ContractRefusedException(null, contract.OpenSuspension is null
            ? "The customer was not warned. Warn him first; a suspension begins only after that." : "The service is suspended already.");
        if (today < warned.Earliest)
            throw new ContractRefusedException(null, $"The customer was warned on {warned.On:yyyy-MM-dd} that the service may be suspended from {warned.Earliest:yyyy-MM-dd}; not before.");
        var terms = Plan.Suspension;
        return new Suspended(today, terms.Retention, terms.Retention == RetentionMeanwhile.Freeze ? today.AddDays(terms.MostFrozenDays - 1) : null, why);
    }

    /// <param name="frozenUntil">Null: old points expire from now on, as retention says.</param>
    public FreezeDecided DecideFreeze(DateOnly? frozenUntil, string why)
    {
        Require(why, "why");
        if (contract.OpenSuspension is null)
            throw new ContractRefusedException(null, "The service is not suspended.");
        return frozenUntil < today ? throw new ContractRefusedException("frozenUntil", "The freeze can be prolonged to today or a later day.") : new FreezeDecided(today, frozenUntil, why);
    }

    public SuspensionLifted LiftSuspension(string why)
    {
        Require(why, "why");
        return contract.OpenSuspension is null ? throw new ContractRefusedException(null, "The service is not suspended.") : new SuspensionLifted(today, why);
    }

    public DeletionAgreed AgreeDeletion(DateOnly on, string reference)
    {
        Require(reference, "reference");
        var end = End ?? throw new ContractRefusedException(null, "No end of the contract is known; register the notice first.");
        if (contract.Destroyed is not null)
            throw new ContractRefusedException(null, "The backups are destroyed already.");
        return on <= end || on < today
            ? throw new ContractRefusedException("on", $"The backups can be destroyed after the last day of the contract, {end:yyyy-MM-dd}, and not in the past.")
            : new DeletionAgreed(on, reference);
    }

    public ExportConfirmed ConfirmExport(string by, string reference)
    {
        Require(by, "by");
        Require(reference, "reference");
        return End is null ? throw new ContractRefusedException(null, "No end of the contract is known; an export is offered from the day of notice.") : new ExportConfirmed(today, by, reference);
    }

    public TermsPublished PublishTerms(string version, DateOnly from, string document)
    {
        Require(version, "version");
        Require(document, "document");
        return from < today ? throw new ContractRefusedException("from", "New conditions apply from today or later; what applied before stays.") : new TermsPublished(version, from, document);
    }

    public ContractAct RequireOpenAct(int number)
    {
        var act = contract.Acts.FirstOrDefault(one => one.Proposed.Number == number) ?? throw new ContractRefusedException("act", $"The contract has no proposal {number}.");
        return act.IsOpen ? act : throw new ContractRefusedException(null, $"The proposal {number} was {(act.ConfirmedOn is null ? "dropped" : "confirmed")} already.");
    }

    private void RequireGoingOn()
    {
        if (contract.Destroyed is not null || today > End)
            throw new ContractRefusedException(null, $"The contract ended on {End:yyyy-MM-dd}. Make a new one.");
    }

    private static void Require(string? text, string field)
    {
        if (string.IsNullOrWhiteSpace(text))
            throw new ContractRefusedException(field, $"'{field}' is missing or empty; it is kept with the contract.");
    }
}
