using System.Collections.Immutable;
using OrleansBackup.Domain.Calendar;
using OrleansBackup.Domain.Checks;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Schedule;

namespace OrleansBackup.Domain.Tests.Checks;

/// <summary>Everything without a good backup since the last check, whatever lay in between.</summary>
public sealed class CheckFindingTests
{
    private static readonly ContractCalendar Calendar = ContractCalendar.Amsterdam;
    private static readonly BackupSchedule Schedule = new(Calendar);
    private static readonly TenantId Tenant = new(new Guid("00000000-0000-4000-8000-000000000001"));
    private static readonly ResourceId Mailbox = new(Tenant, ResourceKind.Mailbox, "00000000-0000-0000-0000-000000000007");
    private static readonly TimeSpan Grace = TimeSpan.FromHours(6), Nine = TimeSpan.FromHours(9);
    private static readonly DateOnly Begin = new(2025, 1, 1);

    [Fact]
    public void Trap_1_a_failure_on_Saturday_is_seen_on_Monday_although_Sunday_was_good()
    {
        var (friday, saturday, monday) = (new DateOnly(2026, 3, 13), new DateOnly(2026, 3, 14), new DateOnly(2026, 3, 16));
        var finding = Check(from: friday, on: monday, until: monday, failed: [saturday]);

        Assert.NotNull(finding);
        Assert.Equal(saturday, Calendar.DayOf(Assert.Single(finding.Missed).Moment));
        Assert.Equal(FaultKind.MicrosoftFails, finding.Kind);
        Assert.False(finding.IsOpen);
        Assert.Null(Check(from: new(2026, 3, 12), on: friday, until: friday, failed: [saturday])); // Friday's own check knows nothing of it
        Assert.Null(Check(from: monday, on: new(2026, 3, 17), until: new(2026, 3, 17), failed: [saturday])); // and it is shown once
    }

    [Theory] // in each case one day in the free time fails and the next is good
    [InlineData("2026-04-02", "2026-04-03", "2026-04-04")] // Maundy Thursday to Good Friday, which is a working day here
    [InlineData("2026-04-03", "2026-04-07", "2026-04-04")] // Good Friday to the Tuesday after Easter Monday
    [InlineData("2026-04-03", "2026-04-07", "2026-04-05")]
    [InlineData("2026-04-03", "2026-04-07", "2026-04-06")]
    [InlineData("2026-04-24", "2026-04-28", "2026-04-25")] // King's Day on a Monday makes the weekend long
    [InlineData("2026-04-24", "2026-04-28", "2026-04-27")]
    [InlineData("2025-04-25", "2025-04-28", "2025-04-26")] // King's Day on the Saturday, since the 27th is a Sunday
    [InlineData("2026-12-24", "2026-12-28", "2026-12-25")] // both Christmas days
    [InlineData("2026-03-27", "2026-03-30", "2026-03-29")] // the day of 23 hours
    [InlineData("2026-10-23", "2026-10-26", "2026-10-25")] // and the one of 25
    public void Trap_1_whatever_fails_on_free_days_is_seen_on_the_next_working_day(string last, string next, string failed)
    {
        var (before, check, day) = (DateOnly.Parse(last, null), DateOnly.Parse(next, null), DateOnly.Parse(failed, null));
        Assert.Equal(check, WorkingCalendar.Netherlands.Next(before));
        if (day >= check)
            return; // it belongs to the check after
        Assert.Equal(day, Calendar.DayOf(Assert.Single(Check(from: before, on: check, until: check, failed: [day])!.Missed).Moment));
    }

    [Fact]
    public void Every_missed_day_of_a_year_is_shown_by_exactly_one_check()
    {
        for (var day = new DateOnly(2026, 1, 10); day < new DateOnly(2026, 12, 20); day = day.AddDays(1))
        {
            var shown = 0;
            for (var check = WorkingCalendar.Netherlands.Next(day.AddDays(-5)); check < day.AddDays(9); check = WorkingCalendar.Netherlands.Next(check))
                shown += Check(from: Before(check), on: check, until: check, failed: [day])?.Missed.Length ?? 0;
            Assert.True(shown == 1, $"{day}: {shown}");
        }
    }

    [Fact]
    public void A_resource_that_says_nothing_any_more_is_seen_by_its_last_good_run_alone()
    {
        var good = Moment(new DateOnly(2026, 3, 11)).AddMinutes(3);
        var finding = Of(new CheckedResource(Mailbox, "Robin", "", At(Begin), good, [], FaultKind.None, null, false), new(2026, 3, 13), new(2026, 3, 16));

        Assert.Equal(5, finding!.MissedInARow); // Thursday to Monday, whose moment lies in the early morning
        Assert.Equal((FaultKind.NoRun, FaultSeverity.Critical, true), (finding.Kind, finding.Severity, finding.IsOpen));
        Assert.Equal(3, finding.Missed.Length); // Thursday's and Friday's own were shown on Friday
    }

    [Fact]
    public void What_is_protected_since_yesterday_is_not_held_against_the_days_before()
    {
        var since = At(new DateOnly(2026, 3, 15));
        Assert.Null(Of(new CheckedResource(Mailbox, "New", "", since, Moment(new DateOnly(2026, 3, 16)).AddMinutes(1),
            [new(Moment(new DateOnly(2026, 3, 14)), FaultKind.NoRun, null, null)], FaultKind.None, null, false), new(2026, 3, 13), new(2026, 3, 16)));
        Assert.Equal(2, Of(new CheckedResource(Mailbox, "New", "", since, null, [], FaultKind.None, null, true), new(2026, 3, 13), new(2026, 3, 16))!.MissedInARow);
    }

    [Fact]
    public void A_backup_that_is_not_late_yet_is_left_alone()
    {
        var moment = Moment(new DateOnly(2026, 3, 15));
        var resource = new CheckedResource(Mailbox, "Robin", "", At(Begin), Moment(new DateOnly(2026, 3, 14)).AddMinutes(1), [], FaultKind.None, null, false);
        var span = new CheckSpan(moment.AddDays(-1), moment.AddHours(5), Grace);

        Assert.Null(CheckFinding.Of(resource, Schedule, BackupWindow.Default, span, SeverityRules.Default));
        Assert.NotNull(CheckFinding.Of(resource, Schedule, BackupWindow.Default, span with { Until = moment.AddHours(6) }, SeverityRules.Default));
    }

    [Fact]
    public void What_fell_into_an_incident_is_put_down_to_it_and_nothing_else_is()
    {
        var (saturday, sunday) = (new DateOnly(2026, 3, 14), new DateOnly(2026, 3, 15));
        var incident = new Incident(Guid.NewGuid(), FaultKind.ForceMajeure, new("stroomstoring", "power cut"), At(saturday), At(sunday), [], "ticket 7", "the director", At(sunday));
        var finding = Check(new(2026, 3, 13), new(2026, 3, 16), new(2026, 3, 16), [saturday])!;

        Assert.Equal((FaultKind.ForceMajeure, incident.Id), (finding.With([incident]).Kind, finding.With([incident]).Incident));
        Assert.Equal(FaultKind.MicrosoftFails, finding.With([incident with { Tenants = [new TenantId(Guid.NewGuid())] }]).Kind);
        var both = Check(new(2026, 3, 13), new(2026, 3, 16), new(2026, 3, 16), [saturday, sunday])!;
        Assert.Equal(2, both.Missed.Length);
        Assert.NotEqual(FaultKind.ForceMajeure, both.With([incident]).Kind); // Sunday's is not explained by it
    }

    /// <summary>The life of a mailbox that is good on every day but some, up to the check, and what the check shows of it.</summary>
    private static CheckFinding? Check(DateOnly from, DateOnly on, DateOnly until, DateOnly[] failed)
    {
        var now = Calendar.At(on, Nine);
        var good = new List<DateTimeOffset>();
        var bad = new List<FailedRun>();
        for (var day = until.AddDays(-20); Moment(day) <= now; day = day.AddDays(1))
            if (failed.Contains(day))
                bad.Add(new(new RunId(Guid.NewGuid()), Moment(day).AddMinutes(1), FaultKind.MicrosoftFails, "Microsoft 365 answered 503."));
            else
                good.Add(Moment(day).AddMinutes(2));
        var missed = MissedMoments.Find(Schedule, Mailbox, BackupWindow.Default, good, bad, now.AddDays(-14), now);
        var latest = bad.Count > 0 && bad[^1].StartedAt > good[^1] ? bad[^1].Kind : FaultKind.None;
        return CheckFinding.Of(new CheckedResource(Mailbox, "Robin", "robin@example.nl", At(Begin), good[^1], missed, latest, null, false), Schedule, BackupWindow.Default,
            new CheckSpan(Calendar.At(from, Nine), now, Grace), SeverityRules.Default);
    }

    private static CheckFinding? Of(CheckedResource resource, DateOnly from, DateOnly on) =>
        CheckFinding.Of(resource, Schedule, BackupWindow.Default, new CheckSpan(Calendar.At(from, Nine), Calendar.At(on, Nine), Grace), SeverityRules.Default);

    private static DateOnly Before(DateOnly day)
    {
        do
            day = day.AddDays(-1);
        while (!WorkingCalendar.Netherlands.IsWorkingDay(day));
        return day;
    }

    private static DateTimeOffset Moment(DateOnly day) => Schedule.NextMoment(Mailbox, BackupWindow.Default, At(day).AddTicks(-1));

    private static DateTimeOffset At(DateOnly day) => Calendar.At(day, TimeSpan.Zero);
}
