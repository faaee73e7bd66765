using System.Collections.Immutable;
using OrleansBackup.Domain.Calendar;
using OrleansBackup.Domain.Contracts.Consequences;
using OrleansBackup.Domain.Plans;

namespace OrleansBackup.Domain.Contracts;

/// <summary>What a preview shows.</summary>
public enum PreviewKind
{
    /// <summary>An invoice is made.</summary>
    Invoice = 1,

    /// <summary>The customer is told that the contract will be renewed.</summary>
    WillRenewNotice = 2,

    /// <summary>The last day on which notice ends the contract at the end of the term.</summary>
    LastNoticeDay = 3,

    /// <summary>A new term begins.</summary>
    Renewal = 4,

    /// <summary>Another plan begins.</summary>
    PlanChange = 5,

    /// <summary>The last day of the contract.</summary>
    End = 6,

    /// <summary>The customer is reminded to secure his data.</summary>
    EndReminder = 7,

    /// <summary>The backups and their key are destroyed.</summary>
    Destruction = 8,
}

/// <summary>Something that is going to happen on a day if everything stays as it is.</summary>
/// <param name="About">The renewal or the destruction that a notice or a last day is about; null elsewhere.</param>
public sealed record PreviewEntry(DateOnly Day, PreviewKind Kind, string Plan, DateOnly? About, ForecastInvoice? Invoice);

/// <summary>Plays the months to come of a contract.</summary>
/// <remarks>Pure, and by terms and months instead of days: two years take far less than a millisecond. A test plays the same day by day.</remarks>
/// <param name="billing">How billing stands and what is expected; null: invoices are told without amounts.</param>
public sealed class ContractPreview(WorkingCalendar calendar, BillingOutlook? billing = null)
{
    public const int Months = 24;

    public ImmutableArray<PreviewEntry> Play(Contract contract, DateOnly today) => Play(contract, today, billing);

    private ImmutableArray<PreviewEntry> Play(Contract contract, DateOnly today, BillingOutlook? from)
    {
        var until = ContractDays.AfterMonths(today, Months).AddDays(-1);
        var timeline = contract.Timeline(calendar);
        return [.. Terms(contract, timeline, today, until).Concat(Ending(contract, today)).Concat(Invoices(timeline, today, until, from))
            .Where(one => one.Day >= today && one.Day <= until).OrderBy(one => one.Day).ThenBy(one => one.Kind)];
    }

    /// <summary>The same, and as it would be with another plan from a day on.</summary>
    /// <exception cref="ContractRefusedException">The contract cannot change to it so.</exception>
    /// <exception cref="PlanProblemException">The plan or a deviation makes no sense.</exception>
    public PlanComparison Compare(Contract contract, PlanChanged change, DateOnly today)
    {
        var changed = contract.With(change);
        var (now, then) = (contract.AgreementOn(change.From).Plan, changed.AgreementOn(change.From).Plan);
        // Both begin with what was charged under the present contract: what was paid in advance comes back under another plan.
        var from = billing is { ClosedUntil: not null } ? billing : InvoiceForecast.Played(contract.Timeline(calendar), today.AddDays(-1), billing ?? new());
        return new PlanComparison(Play(contract, today, from), Play(changed, today, from), now.Id, then.Id,
            RetentionShortened: RetentionChange.Shortens(now.Retention.Rule(), then.Retention.Rule()),
            EarliestEndNow: EarliestEnd(contract, today), EarliestEndThen: EarliestEnd(changed, change.From));
    }

    /// <summary>The last day of the contract if notice came in on this day.</summary>
    public DateOnly EarliestEnd(Contract contract, DateOnly day)
    {
        var rules = contract.RulesOn(day, calendar);
        return contract.EndOn(calendar) ?? rules.EndFor(rules.CountsFrom(day, null));
    }

    private IEnumerable<PreviewEntry> Terms(Contract contract, ContractTimeline timeline, DateOnly today, DateOnly until)
    {
        foreach (var period in timeline.Periods)
        {
            if (period.From > contract.Start)
                yield return new(period.From, PreviewKind.PlanChange, period.Plan.Id, null, null);
            var rules = contract.RulesOn(period.From, calendar);
            var begin = period.From > today ? period.From : today;
            if (begin > until || period.Until < begin)
                continue;
            for (var term = rules.TermOn(begin); term.From <= until && (period.Until is not { } last || term.From <= last); term = rules.Term(term.Number + 1))
            {
                var isMonth = rules.Terms.Renewal == Renewal.Monthly && term.Number > 0;
                if (term.Number > 0 && (!isMonth || term.Number == 1) && period.Contains(term.From))
                    yield return new(term.From, PreviewKind.Renewal, period.Plan.Id, null, null);
                if (timeline.End is not null || rules.Terms.Renewal == Renewal.None)
                {
                    if (rules.Terms.Renewal == Renewal.None)
                        break;
                    continue;
                }
                // A plan that changes before the last day for notice has its own.
                var lastNotice = rules.LastNoticeDay(term);
                if (!isMonth && period.Contains(lastNotice))
                    yield return new(lastNotice, PreviewKind.LastNoticeDay, period.Plan.Id, term.Until.AddDays(1), null);
                if (ContractDuties.WillRenew(rules, term, term.From) is { } notice && NoticeDay(contract, notice, period, today) is { } day)
                    yield return new(day, PreviewKind.WillRenewNotice, period.Plan.Id, notice.About, null);
            }
        }
    }

    /// <summary>The day on which the notice is really sent: when it is due, but not before the plan holds, nor twice; null: never.</summary>
    private static DateOnly? NoticeDay(Contract contract, ContractDuty notice, PlanPeriod period, DateOnly today)
    {
        if (contract.Told.Contains(notice.Key))
            return null;
        var day = new[] { notice.Since, period.From, today }.Max();
        return day <= notice.LastDay && period.Contains(day) ? day : null;
    }

    private IEnumerable<PreviewEntry> Ending(Contract contract, DateOnly today)
    {
        if (contract.EndOn(calendar) is not { } end || contract.Destroyed is not null)
            yield break;
        var (plan, destruction) = (contract.AgreementOn(end).Plan, contract.DestructionOn(calendar)!.Value);
        yield return new(end, PreviewKind.End, plan.Id, null, null);
        yield return new(destruction < today ? today : destruction, PreviewKind.Destruction, plan.Id, null, null);
        if (contract.Notice is { EndsOn: null })
            yield break; // reminders begin when the notice is processed
        var known = contract.Notice?.ProcessedOn ?? contract.Start;
        foreach (var days in plan.End.ReminderDays)
            if (destruction.AddDays(-days) is var day && day >= known)
                yield return new(day, PreviewKind.EndReminder, plan.Id, destruction, null);
    }

    private static IEnumerable<PreviewEntry> Invoices(ContractTimeline timeline, DateOnly today, DateOnly until, BillingOutlook? from) =>
        InvoiceForecast.Between(timeline, today, until, from).Select(invoice => new PreviewEntry(invoice.Day, PreviewKind.Invoice, invoice.Lines[^1].Plan, null, invoice));
}

/// <summary>A contract as it is and as it would be with another plan.</summary>
/// <param name="RetentionShortened">Points would go earlier: it needs a proposal with the list of them, and a second person.</param>
public sealed record PlanComparison(
    ImmutableArray<PreviewEntry> Now, ImmutableArray<PreviewEntry> Then, string PlanNow, string PlanThen, bool RetentionShortened, DateOnly EarliestEndNow, DateOnly EarliestEndThen);
