using System.Collections.Immutable;
using System.Text.Json;
using OrleansBackup.ClientApi.Checks;
using OrleansBackup.Domain.Calendar;
using OrleansBackup.Domain.Contracts;
using OrleansBackup.Domain.Plans;
using OrleansBackup.GrainInterfaces.Contracts;

namespace OrleansBackup.ClientApi.Contracts;

/// <summary>A contract to make.</summary>
/// <param name="Plan">The id of a plan that is sold.</param>
/// <param name="Start">The first day.</param>
/// <param name="Overrides">What deviates from the plan, each with its written agreement.</param>
/// <param name="Prerequisites">By service that the plan requires: what shows that the customer has it.</param>
/// <param name="Reference">Where the written contract is found.</param>
public sealed record ContractRequestBody(string? Plan, DateOnly? Start, ImmutableArray<OverrideBody>? Overrides, ImmutableSortedDictionary<string, string>? Prerequisites, string? Reference);

/// <summary>A deviation from a plan.</summary>
/// <param name="Path">The parameter, such as retention.keep.</param>
/// <param name="Value">Its other value, as JSON.</param>
/// <param name="Reference">Where the written agreement is found.</param>
public sealed record OverrideBody(string? Path, JsonElement? Value, string? Reference, string? AgreedBy, DateOnly? AgreedOn)
{
    public static OverrideBody Of(PlanOverride one) => new(one.Path, JsonSerializer.Deserialize<JsonElement>(one.Value), one.Reference, one.AgreedBy, one.AgreedOn);
}

/// <summary>How a contract stands today.</summary>
/// <param name="End">The last day as it is known; null: it goes on until somebody gives notice.</param>
/// <param name="DestructionOn">When the backups are destroyed; null: no end is known.</param>
/// <param name="TermUntil">The last day of the present term.</param>
/// <param name="LastNoticeDay">The last day on which notice ends it at the end of the present term.</param>
/// <param name="EndIfNoticeToday">The last day if notice came in today.</param>
/// <param name="ProcessingAgreementOn">When the processing agreement was signed; null: none is registered.</param>
/// <param name="Waiting">What waits for a person, in Dutch and English.</param>
public sealed record ContractBody(
    DateOnly Today, DateOnly Start, DateOnly? End, DateOnly? DestructionOn, string Plan, int PlanVersion, string TermsVersion, string Reference, ImmutableArray<OverrideBody> Overrides,
    DateOnly TermFrom, DateOnly TermUntil, Renewal Renewal, DateOnly LastNoticeDay, DateOnly EndIfNoticeToday, DateOnly? ProcessingAgreementOn, NoticeOfContractBody? Notice, SuspensionBody? Suspension,
    ImmutableArray<ChangeBody> Changes, ImmutableArray<ActBody> Proposals, bool Destroyed, ImmutableArray<WordsBody> Waiting)
{
    public static ContractBody Of(ContractRecord record, WorkingCalendar working)
    {
        var (contract, today) = (Read(record), record.Today);
        var (agreed, rules) = (contract.AgreementOn(today), contract.RulesOn(today, working));
        var term = rules.TermOn(today);
        return new(
            today, contract.Start, contract.EndOn(working), contract.DestructionOn(working), agreed.Plan.Id, agreed.Plan.Version, contract.TermsOn(today), agreed.Reference, [.. agreed.Overrides.Select(OverrideBody.Of)],
            term.From, term.Until, rules.Terms.Renewal, rules.LastNoticeDay(term), new ContractPreview(working).EarliestEnd(contract, today), contract.ProcessingAgreement?.SignedOn,
            contract.Notice is { } notice ? new(notice.ReceivedOn, notice.By, notice.Reference, contract.RulesOn(notice.ReceivedOn, working).ProcessingDeadline(notice.ReceivedOn), notice.ProcessedOn, notice.EndsOn) : null,
            SuspensionBody.Of(contract), [.. contract.Changes.Select(change => ChangeBody.Of(change, today))], [.. contract.Acts.Select(ActBody.Of)], contract.Destroyed is not null,
            [.. record.Waiting.Select(WordsBody.Of)]);
    }

    internal static Contract Read(ContractRecord record) => Contract.Of(record.Journal.Select(line => ContractJournal.Read(line).Event));
}

/// <summary>A notice of the customer.</summary>
/// <param name="ProcessBy">The last day on which it is processed in time.</param>
public sealed record NoticeOfContractBody(DateOnly ReceivedOn, string By, string Reference, DateOnly ProcessBy, DateOnly? ProcessedOn, DateOnly? EndsOn);

/// <summary>Suspension, or the warning of it.</summary>
/// <param name="WarnedOn">When the customer was warned; null: no warning stands.</param>
/// <param name="Earliest">Before this day it does not begin.</param>
/// <param name="Since">The first day without backups; null: it has not begun.</param>
/// <param name="FrozenUntil">Up to and with this day nothing expires, and after it not until a person decides; null: points expire.</param>
public sealed record SuspensionBody(DateOnly? WarnedOn, DateOnly? Earliest, DateOnly? Since, DateOnly? FrozenUntil, string Why)
{
    internal static SuspensionBody? Of(Contract contract) => contract.OpenSuspension is { } open ? new(null, null, open.From, open.FrozenUntil, open.Why)
        : contract.Warning is { } warned ? new(warned.On, warned.Earliest, null, null, warned.Why) : null;
}

/// <summary>A change that the customer asked for.</summary>
/// <param name="Deadline">The last day on which it is carried out in time; null: the plan promises none.</param>
/// <param name="Effective">From when it holds; null: it is open, or was refused.</param>
public sealed record ChangeBody(int Number, ChangeKind Change, string What, DateOnly On, string By, DateOnly? Deadline, bool Overdue, DateOnly? ClosedOn, DateOnly? Effective, string? Outcome)
{
    internal static ChangeBody Of(ChangeRequest change, DateOnly today) => new(
        change.Asked.Number, change.Asked.Change, change.Asked.What, change.Asked.On, change.Asked.By, change.Asked.Deadline, change.IsOverdue(today), change.Closed?.On, change.Closed?.Effective, change.Closed?.Outcome);
}

/// <summary>Something that makes restore points unrecoverable, from its proposal on.</summary>
/// <param name="ListHash">SHA-256 of the list that was shown.</param>
/// <param name="Notice">The key of the notice that told the customer.</param>
public sealed record ActBody(
    int Number, ActKind Kind, string Why, int Resources, long Points, DateOnly? FirstLoss, DateOnly? LastLoss, string ListHash, string Notice, DateOnly? ConfirmedOn, DateOnly? DroppedOn)
{
    internal static ActBody Of(ContractAct act) => new(
        act.Proposed.Number, act.Proposed.Act, act.Proposed.Why, act.Proposed.Resources, act.Proposed.Points, act.Proposed.FirstLoss, act.Proposed.LastLoss, act.Proposed.ListHash, act.Proposed.NoticeKey,
        act.ConfirmedOn, act.DroppedOn);
}

/// <summary>The journal of a contract, oldest first.</summary>
public sealed record JournalBody(ImmutableArray<JournalEntryBody> Entries)
{
    /// <summary>What to give as <c>after</c> for the next part; null: this was the last.</summary>
    public string? Next { get; init; }
}

/// <summary>Something that happened.</summary>
/// <param name="Who">The holder of the API key, or service.</param>
/// <param name="Event">What, with its kind.</param>
public sealed record JournalEntryBody(int Number, DateTimeOffset At, string Who, JsonElement Event)
{
    public static JournalEntryBody Of(string line)
    {
        var entry = JsonSerializer.Deserialize<JsonElement>(line);
        return new(entry.GetProperty("number").GetInt32(), entry.GetProperty("at").GetDateTimeOffset(), entry.GetProperty("who").GetString()!, entry.GetProperty("event"));
    }
}

/// <summary>What the next 24 months bring if everything stays as it is.</summary>
public sealed record PreviewBody(ImmutableArray<PreviewEntryBody> Entries)
{
    public static PreviewBody Of(ImmutableArray<PreviewEntry> entries) => new([.. entries.Select(PreviewEntryBody.Of)]);
}

/// <summary>Something on a day to come.</summary>
/// <param name="About">The renewal or the destruction that it is about.</param>
/// <param name="Amount">Of an invoice, without tax; null: prices are not known.</param>
/// <param name="Lines">Of an invoice: which days of which plan.</param>
public sealed record PreviewEntryBody(DateOnly Day, PreviewKind Kind, string Plan, DateOnly? About, DateOnly? DueOn, decimal? Amount, ImmutableArray<ForecastLine>? Lines)
{
    public static PreviewEntryBody Of(PreviewEntry entry) => new(entry.Day, entry.Kind, entry.Plan, entry.About, entry.Invoice?.DueOn, entry.Invoice?.Amount, entry.Invoice?.Lines);
}

/// <summary>Another plan to try or to move to.</summary>
/// <param name="NewTerm">A new first term begins on that day; default false.</param>
/// <param name="Reference">The written agreement; not needed to try.</param>
public sealed record PlanMoveBody(string? Plan, DateOnly? From, ImmutableArray<OverrideBody>? Overrides, bool? NewTerm, string? Reference);

/// <summary>The contract as it is and as it would be.</summary>
/// <param name="RetentionShortened">Points would go earlier: it needs a proposal, and a second person.</param>
/// <param name="EarliestEndNow">The last day if notice came in today.</param>
/// <param name="EarliestEndThen">The last day if notice came in when the other plan begins.</param>
public sealed record PlanComparisonBody(string PlanNow, string PlanThen, bool RetentionShortened, DateOnly EarliestEndNow, DateOnly EarliestEndThen, PreviewBody Now, PreviewBody Then);

/// <summary>Something that the customer says.</summary>
/// <param name="On">When it came in; default today.</param>
/// <param name="By">The e-mail address of a contact who may say it.</param>
/// <param name="Reference">The letter or message.</param>
public sealed record CustomerWordBody(DateOnly? On, string? By, string? Reference);

/// <summary>The day on which the backups are destroyed, and where that is agreed.</summary>
public sealed record DeletionDateBody(DateOnly? On, string? Reference);

/// <summary>How the processing agreement stands.</summary>
/// <param name="SignedOn">Absent: none is signed.</param>
public sealed record ProcessingAgreementBody(DateOnly? SignedOn, string? Reference);

/// <summary>New conditions.</summary>
/// <param name="Document">Where the text is found.</param>
public sealed record TermsBody(string? Version, DateOnly? From, string? Document);

/// <summary>A change that the customer asks for.</summary>
public sealed record ChangeRequestBody(ChangeKind? Change, string? What, DateOnly? On, string? By);

/// <summary>What became of a change request.</summary>
/// <param name="Effective">From when it holds; absent: it is refused.</param>
/// <param name="Minutes">Time spent on it, for the work orders; absent: none.</param>
public sealed record ChangeClosingBody(DateOnly? Effective, string? Outcome, int? Minutes);

/// <summary>Why; it is kept.</summary>
public sealed record ReasonBody(string? Why);

/// <summary>What happens to old points after the freeze of a suspension.</summary>
/// <param name="Until">The freeze goes on until then; absent: points expire from now on.</param>
public sealed record FreezeBody(DateOnly? Until, string? Why);
