using Microsoft.Extensions.Options;
using Orleans;
using OrleansBackup.Domain.Calendar;
using OrleansBackup.Domain.Checks;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Schedule;
using OrleansBackup.GrainInterfaces.Resources;

namespace OrleansBackup.Grains.Checks;

/// <summary>What checks and reports go by: the plan of each tenant, the calendars, the rules.</summary>
internal sealed class CheckServices(ContractCalendar calendar, WorkingCalendar workingDays, IOptions<CheckOptions> options)
{
    public ContractCalendar Calendar => calendar;

    public WorkingCalendar WorkingDays => workingDays;

    public CheckOptions Options => options.Value;

    public SeverityRules Rules => new(Options.CriticalAfterMissed);

    public TimeSpan ReportsWithin => Options.ReportsWithin;

    public async Task<CheckTerms> TermsOfAsync(IGrainFactory grains, TenantId tenant, DateOnly day, CancellationToken cancellation) =>
        (await grains.Contract(tenant).GetTimeline(cancellation))?.PlanOn(day) is { } plan
            ? new(plan.Monitoring.DailyCheck, plan.Monitoring.CheckAt.ToTimeSpan(), TimeSpan.FromHours(plan.Schedule.GraceHours), plan.Monitoring.CustomerOnCritical, plan.Report.Monthly)
            : new(true, Options.At, Options.Grace, true, true);
}

/// <param name="At">The hour of the daily check.</param>
/// <param name="Grace">How long after its moment a backup may still come.</param>
internal sealed record CheckTerms(bool DailyCheck, TimeSpan At, TimeSpan Grace, bool CustomerOnCritical, bool MonthlyReport);
