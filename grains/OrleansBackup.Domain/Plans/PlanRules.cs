using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace OrleansBackup.Domain.Plans;

/// <summary>What makes no sense in a plan, said with the parameter's path, so that whoever writes one can mend it.</summary>
internal static partial class PlanRules
{
    public static ImmutableArray<PlanProblem> Check(ServicePlan plan)
    {
        var problems = ImmutableArray.CreateBuilder<PlanProblem>();
        Demand(PlanId().IsMatch(plan.Id), "id", "Small letters, digits and hyphens, at most 40.");
        Demand(plan.Version > 0, "version", "A version is 1 or more.");
        Demand(plan.Schedule.PerDay == 1, "schedule.perDay", "One run per calendar day is what the schedule can do.");
        Demand(plan.Schedule.GraceHours is >= 0 and <= 72, "schedule.graceHours", "Between 0 and 72 hours.");
        Demand(plan.Retention.Keep.Unit is TermUnit.Days or TermUnit.Months or TermUnit.Years && plan.Retention.Rule().Problem() is null, "retention.keep", "In days (P90D), months (P1M) or years, at most a hundred years.");
        Demand(plan.Scope is { DirectChats: false, GroupChats: false }, "scope.directChats", "Chats cannot be protected; a plan may not promise it.");
        Demand(plan.Scope is not { Mail: false } || plan.Scope is { Calendar: false, Contacts: false, Tasks: false }, "scope.mail", "Calendar, contacts and tasks lie in the mailbox: they are sold with its mail.");
        Demand(plan.Storage.Demand().Problem() is null, "storage.countries", "Two letters each, such as NL.");
        Demand(plan.Storage.MigrationNoticeDays is >= 0 and <= 365, "storage.migrationNoticeDays", "Between 0 and 365 days.");
        Demand(plan.Storage.EncryptionRequired, "storage.encryptionRequired", "Backups are always encrypted; a plan may not say otherwise.");
        Demand(plan.Restore.Hours is null or > 0, "restore.hours", "More than 0, or nothing.");
        Demand(plan.Rehearsal is { Scope: Plans.RehearsalScope.None, PerYear: 0 } or { Scope: Plans.RehearsalScope.Estate, PerYear: 1 or 2 or 4 or 12 }, "rehearsal.perYear", "0 without a scope, or 1, 2, 4 or 12 over the estate.");
        Demand(plan.Rehearsal.MinimumItems is >= 0 and <= 100_000 && (plan.Rehearsal.PerYear == 0 || plan.Rehearsal.MinimumItems > 0), "rehearsal.minimumItems", "At least 1 where rehearsals are sold.");
        Demand(!plan.Report.Languages.IsEmpty, "report.languages", "At least one of nl and en.");
        Demand(plan.Contract.Term.Unit is TermUnit.Months or TermUnit.Years or TermUnit.Days, "contract.term", "In days, months or years.");
        Demand(plan.Contract.RenewalTerm.Unit is TermUnit.Months or TermUnit.Years or TermUnit.Days, "contract.renewalTerm", "In days, months or years.");
        Demand(plan.Contract.Renewal != Renewal.Monthly || plan.Contract.Notice.Unit == TermUnit.CalendarMonths || plan.Contract.Notice.Unit == TermUnit.Days, "contract.notice", "In days or whole calendar months.");
        Demand(plan.Contract.Notice.Unit is TermUnit.Days or TermUnit.CalendarMonths, "contract.notice", "In days (P30D) or whole calendar months (P1CM).");
        Demand(plan.Contract.NoticeFrom == NoticeFrom.Received || plan.Contract.NoticeProcessing is not null, "contract.noticeProcessing", "Notice that counts from its processing needs a time within which it is processed.");
        Demand(plan.End.DeleteAfter.Unit is TermUnit.Days or TermUnit.Months, "end.deleteAfter", "In days or months.");
        Demand(plan.End.ReminderDays.All(day => day is > 0 and <= 365), "end.reminderDays", "Between 1 and 365 days each.");
        Demand(plan.Suspension.WarnDaysBefore is >= 0 and <= 365, "suspension.warnDaysBefore", "Between 0 and 365 days.");
        Demand(plan.Suspension.MostFrozenDays is >= 0 and <= 3_650, "suspension.mostFrozenDays", "Between 0 and 3,650 days.");
        Demand(plan.Billing is { Cycle: BillingCycle.Monthly, Month: null } or { Cycle: BillingCycle.Yearly, Month: >= 1 and <= 12 }, "billing.month", "1 to 12 for a yearly cycle, nothing for a monthly one.");
        Demand(plan.Billing.Metric != BillingMetric.MaximumUsersInMonth || plan.Billing is { Cycle: BillingCycle.Monthly, InAdvance: false }, "billing.metric", "The maximum of a month is known after it: it needs a monthly cycle that is not in advance.");
        Demand(PlanId().IsMatch(plan.Billing.PriceList), "billing.priceList", "The name of a price list: small letters, digits and hyphens.");
        Demand(plan.Payment.TermDays is >= 0 and <= 120, "payment.termDays", "Between 0 and 120 days.");
        Demand(plan.Payment.ReminderDays.All(day => day is > 0 and <= 365), "payment.reminderDays", "Between 1 and 365 days each.");
        Demand(plan.Liability.CapMonths is null or > 0, "liability.capMonths", "More than 0, or nothing.");
        return problems.ToImmutable();

        void Demand(bool holds, string path, string problem)
        {
            if (!holds)
                problems.Add(new(path, problem));
        }
    }

    [GeneratedRegex("^[a-z0-9][a-z0-9-]{0,39}$")]
    private static partial Regex PlanId();
}
