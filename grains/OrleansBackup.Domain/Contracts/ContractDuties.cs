using System.Collections.Immutable;
using OrleansBackup.Domain.Calendar;
using OrleansBackup.Domain.Plans;

namespace OrleansBackup.Domain.Contracts;

/// <summary>What a day of a contract is due to bring, without anybody asking for it.</summary>
public enum DutyKind
{
    /// <summary>Tell the customer that the contract will be renewed, while he can still give notice.</summary>
    WillRenew = 1,

    /// <summary>Tell him that it was renewed.</summary>
    Renewed = 2,

    /// <summary>A notice waits longer than it may: alert the provider.</summary>
    NoticeOverdue = 3,

    /// <summary>A change request waits longer than it may: alert the provider.</summary>
    ChangeOverdue = 4,

    /// <summary>The freeze of a suspension is over: a person has to decide. Until then nothing expires.</summary>
    FreezeOver = 5,

    /// <summary>Remind the customer to secure his data before it is destroyed.</summary>
    EndReminder = 6,

    /// <summary>The last day has passed: no new backups.</summary>
    Ended = 7,

    /// <summary>The day of destruction has come.</summary>
    Destroy = 8,

    /// <summary>New conditions: tell the customer.</summary>
    NewTerms = 9,

    /// <summary>The customer may be suspended from now on: a person decides.</summary>
    SuspensionPossible = 10,

    /// <summary>No processing agreement is signed though one is expected: alert the provider.</summary>
    ProcessingAgreementMissing = 11,

    /// <summary>The day of destruction comes near and nobody has confirmed it with a second person.</summary>
    EndUnconfirmed = 12,
}

/// <summary>Something that is due.</summary>
/// <param name="Key">The same duty has the same key, so that it is done once.</param>
/// <param name="Since">From when it is due.</param>
/// <param name="About">The day that it is about: the renewal, the deadline, the destruction.</param>
/// <param name="LastDay">The last day on which something can be done about it; null: there is none.</param>
public sealed record ContractDuty(DutyKind Kind, string Key, DateOnly Since, DateOnly About, DateOnly? LastDay);

/// <summary>Decides what is due on a day. A day that was missed is made up: what was due since then and was not done is due still, unless it came to nothing.</summary>
/// <remarks>Pure. Whoever carries a duty out writes <see cref="Told"/> with its key.</remarks>
public static class ContractDuties
{
    /// <summary>So long before the last day on which notice can be given the customer is told that the contract will be renewed.</summary>
    public const int RenewalNoticeDays = 30;

    public static ImmutableArray<ContractDuty> DueOn(Contract contract, DateOnly today, WorkingCalendar calendar)
    {
        if (today < contract.Start || contract.Destroyed is not null)
            return [];
        var end = contract.EndOn(calendar);
        return [.. Running(contract, today, end, calendar).Concat(Ending(contract, today, end, calendar)).Where(duty => duty.Since <= today && !contract.Told.Contains(duty.Key)).OrderBy(duty => duty.Since)];
    }

    /// <summary>The notice that a contract will be renewed, for the term that ends with it; null: this term's end is none of which one is told.</summary>
    /// <remarks>A contract that goes on from month to month is told of once, before its first term ends.</remarks>
    public static ContractDuty? WillRenew(TermRules rules, ContractTerm term, DateOnly notBefore)
    {
        if (rules.Terms.Renewal == Renewal.None || rules.Terms.Renewal == Renewal.Monthly && term.Number > 0)
            return null;
        var (last, renewal) = (rules.LastNoticeDay(term), term.Until.AddDays(1));
        var since = last.AddDays(-RenewalNoticeDays);
        return new(DutyKind.WillRenew, $"will-renew/{renewal:yyyy-MM-dd}", since < notBefore ? notBefore : since, renewal, last);
    }

    /// <summary>What waits for a person at the provider, whether he was told or not.</summary>
    public static ImmutableArray<ContractDuty> WaitingForAPerson(Contract contract, DateOnly today, WorkingCalendar calendar) =>
        [.. DueOn(contract with { Told = [] }, today, calendar).Where(duty => IsForAPerson(duty.Kind))];

    /// <summary>Nobody but a person can do it, and it stays until he has.</summary>
    public static bool IsForAPerson(DutyKind kind) => kind is DutyKind.NoticeOverdue or DutyKind.ChangeOverdue or DutyKind.FreezeOver or DutyKind.SuspensionPossible
        or DutyKind.ProcessingAgreementMissing or DutyKind.EndUnconfirmed;

    private static IEnumerable<ContractDuty> Running(Contract contract, DateOnly today, DateOnly? end, WorkingCalendar calendar)
    {
        if (today > end)
            yield break;
        var (plan, rules) = (contract.AgreementOn(today).Plan, contract.RulesOn(today, calendar));
        var term = rules.TermOn(today);
        if (end is null && WillRenew(rules, term, term.From) is { } renewal && today <= renewal.LastDay)
            yield return renewal;
        if (term.Number > 0 && (plan.Contract.Renewal != Renewal.Monthly || term.Number == 1))
            yield return new(DutyKind.Renewed, $"renewed/{term.From:yyyy-MM-dd}", term.From, term.From, null);
        if (contract.Notice is { EndsOn: null } notice && contract.RulesOn(notice.ReceivedOn, calendar).ProcessingDeadline(notice.ReceivedOn) is var deadline)
            yield return new(DutyKind.NoticeOverdue, $"notice-overdue/{notice.ReceivedOn:yyyy-MM-dd}/{contract.Withdrawn.Length}", deadline.AddDays(1), deadline, null);
        foreach (var change in contract.Changes)
            if (change is { Closed: null, Asked.Deadline: { } last })
                yield return new(DutyKind.ChangeOverdue, $"change-overdue/{change.Asked.Number}", last.AddDays(1), last, null);
        if (contract.Warning is { } warned)
            yield return new(DutyKind.SuspensionPossible, $"suspension-possible/{warned.On:yyyy-MM-dd}", warned.Earliest, warned.Earliest, null);
        if (contract.OpenSuspension is { FrozenUntil: { } frozen })
            yield return new(DutyKind.FreezeOver, $"freeze-over/{frozen:yyyy-MM-dd}", frozen.AddDays(1), frozen, null);
        foreach (var terms in contract.Terms)
            yield return new(DutyKind.NewTerms, $"terms/{terms.Version}", DateOnly.MinValue, terms.From, null);
        if (plan.Terms.ProcessingAgreementExpected && contract.ProcessingAgreement?.SignedOn is null)
            yield return new(DutyKind.ProcessingAgreementMissing, "processing-agreement", contract.Start, contract.Start, null);
    }

    private static IEnumerable<ContractDuty> Ending(Contract contract, DateOnly today, DateOnly? end, WorkingCalendar calendar)
    {
        if (end is not { } last || contract.Notice is { EndsOn: null })
            yield break;
        var destruction = contract.DestructionOn(calendar)!.Value;
        var known = contract.Notice?.ProcessedOn ?? contract.Start;
        var terms = contract.AgreementOn(last).Plan.End;
        // One that was missed is told by the next: nobody is sent four reminders on one day.
        var missed = terms.ReminderDays.Where(days => destruction.AddDays(-days) is var day && day <= today && day >= known).OrderBy(days => days).Take(1);
        foreach (var days in missed)
            if (destruction >= today)
                yield return new(DutyKind.EndReminder, $"end-reminder/{destruction:yyyy-MM-dd}/{days}", destruction.AddDays(-days), destruction, destruction.AddDays(-1));
        yield return new(DutyKind.Ended, $"ended/{last:yyyy-MM-dd}", last.AddDays(1), last, null);
        if (!IsEndConfirmed(contract))
            yield return new(DutyKind.EndUnconfirmed, $"end-unconfirmed/{destruction:yyyy-MM-dd}", destruction.AddDays(-terms.ReminderDays.DefaultIfEmpty(7).Min()), destruction, destruction);
        else if (contract.DestructionOrderedOn is null)
            yield return new(DutyKind.Destroy, $"destroy/{destruction:yyyy-MM-dd}", destruction, destruction, null);
    }

    /// <summary>Whether two persons have looked at what the destruction takes away, since the notice that ends the contract.</summary>
    public static bool IsEndConfirmed(Contract contract) => contract.Acts.Any(act => act is { Proposed.Act: ActKind.End, ConfirmedOn: not null, DroppedOn: null });
}
