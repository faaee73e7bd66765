using System.Collections.Immutable;
using OrleansBackup.Domain.Checks;
using OrleansBackup.Domain.Coverage;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Notices;
using OrleansBackup.Domain.Plans;
using OrleansBackup.Domain.Schedule;
using OrleansBackup.Domain.Scope;

namespace OrleansBackup.Domain.Reports;

/// <summary>Makes a month's report from the facts. Pure: the same facts give the same report, whatever their order.</summary>
/// <remarks>The rule of completeness: a resource is listed exactly when it was protected at some moment of the month. Source: service description, "Onderdelen die hier niet worden vermeld … zijn niet meegenomen".</remarks>
public static class ReportAssembly
{
    public static MonthlyReport Assemble(ReportFacts facts, ContractCalendar calendar)
    {
        var (begins, ends) = (facts.Month.Begins(calendar), facts.Month.Ends(calendar));
        var ordered = facts.Resources.OrderBy(one => one.Resource.Kind).ThenBy(one => one.Name, StringComparer.OrdinalIgnoreCase).ThenBy(one => one.Resource.LocalName, StringComparer.Ordinal).ToList();
        ImmutableArray<ProtectedLine> listed = [.. ordered.Select(one => Line(one, begins, ends)).OfType<ProtectedLine>()];
        var isSelection = ResourceKinds.Protectable.Any(facts.Scope.IsSelection);
        var report = new MonthlyReport(facts.Tenant.Value, facts.TenantName, facts.Month.ToString(), facts.MadeAt)
        {
            Plan = facts.Plan is { } plan ? PlanOf(plan, facts.Deviations) : null,
            Storage = facts.Storage,
            AsksConfirmation = isSelection && facts.Plan?.Report.AskConfirmation != false,
            Protected = listed,
            NotProtected = [.. ordered.Where(one => IsUnprotected(one, ends)).Select(Unprotected)],
            Unprotectable = [.. ResourceKinds.Unprotectable.Select(kind => new LimitLine(kind, ReportWords.PluralOf(kind), ReportWords.LimitationOf(kind)))],
            NotComingBack = [.. Losses(listed)],
            Failures = [.. ordered.SelectMany(one => Failures(one, facts.Incidents, begins, ends))],
            Incidents = [.. facts.Incidents.Where(incident => incident.From < ends && (incident.Until is not { } until || until > begins) && (incident.Tenants.IsEmpty || incident.Tenants.Contains(facts.Tenant)))
                .Select(incident => incident with { Tenants = [] }).OrderBy(incident => incident.From).ThenBy(incident => incident.Id)],
            Restores = [.. facts.Restores.Where(restore => restore.AskedAt >= begins && restore.AskedAt < ends).OrderBy(restore => restore.AskedAt)],
            Rehearsals = [.. facts.Rehearsals.Where(one => ReportMonth.Of(one.Day) == facts.Month).OrderBy(one => one.Day)],
            Billing = facts.Billing,
            Capabilities = Capabilities.Of(facts.GrantedPermissions, listed.Where(line => line.State == LineState.Protected).Select(line => line.Kind), listed.SelectMany(line => line.Lacking)),
        };
        return report with { Difference = facts.Before is { } before ? Difference(before, report) : null };
    }

    /// <summary>What of the list has changed: by id, so that a renamed resource is the same and one made anew is another.</summary>
    public static ReportDifference Difference(MonthlyReport before, MonthlyReport now)
    {
        var (old, fresh) = (Standing(before), Standing(now));
        return new(before.Month,
            [.. fresh.Values.Where(line => !old.ContainsKey(line.Id)).Select(Label)],
            [.. old.Values.Where(line => !fresh.ContainsKey(line.Id)).Select(Label)],
            [.. fresh.Values.Where(line => old.TryGetValue(line.Id, out var was) && Label(was) != Label(line)).Select(line => new RenamedLine(line.Id, Label(old[line.Id]), Label(line)))],
            old.Values.Sum(line => line.Bytes), fresh.Values.Sum(line => line.Bytes),
            Capabilities.Lost(before.Capabilities, now.Capabilities), Capabilities.Lost(now.Capabilities, before.Capabilities));
    }

    private static SortedDictionary<string, ProtectedLine> Standing(MonthlyReport report) =>
        new(report.Protected.Where(line => line.State == LineState.Protected).ToDictionary(line => line.Id), StringComparer.Ordinal);

    private static string Label(ProtectedLine line) => line.Address.Length > 0 ? $"{line.Name} ({line.Address})" : line.Name;

    private static ProtectedLine? Line(ResourceFacts one, DateTimeOffset begins, DateTimeOffset ends)
    {
        if (ProtectionSpan.Within(one.Spans, one.Since, one.Protected, begins, ends) is not { } within)
            return null;
        var points = one.Points.Where(point => point.SealedAt < ends).OrderBy(point => point.SealedAt).ToList();
        var newest = points.Count > 0 ? points[^1] : null;
        var state = within.Until is null ? LineState.Protected : one.VanishedAt is { } gone && gone < ends ? LineState.Vanished : LineState.Released;
        return new(one.Resource.LocalName, one.Resource.Kind, one.Name, one.Address, one.Purpose, state, within.From >= begins ? within.From : null, within.Until,
            newest?.StartedAt, points.Count, newest?.Bytes ?? 0, newest?.Owed ?? 0, newest?.Lacking ?? []);
    }

    // Kinds that nobody can protect have a list of their own; what was protected at the end of the month is in the first list.
    private static bool IsUnprotected(ResourceFacts one, DateTimeOffset ends) =>
        one.Resource.Kind.CanBeProtected() && !one.Protected && one.Since < ends && one.VanishedAt is null && !one.Spans.Any(span => span.From < ends && span.Until >= ends);

    private static UnprotectedLine Unprotected(ResourceFacts one)
    {
        var (reason, who) = ReportWords.ReasonOf(one.Reason);
        return new(one.Resource.LocalName, one.Resource.Kind, one.Name, one.Address, one.Since, reason, who);
    }

    private static IEnumerable<LossLine> Losses(ImmutableArray<ProtectedLine> listed)
    {
        var kinds = listed.Select(line => line.Kind).ToHashSet();
        return CoverageTable.All.Where(entry => kinds.Contains(entry.Kind) && entry.ComesBack != ComesBack.AsItWas)
            .Select(entry => new LossLine(entry.Kind, ReportWords.CoverageOf(entry.What), entry.ComesBack == ComesBack.WithLosses, ReportWords.CoverageOf(entry.Note)));
    }

    private static IEnumerable<FailureLine> Failures(ResourceFacts one, ImmutableArray<Incident> incidents, DateTimeOffset begins, DateTimeOffset ends)
    {
        var missed = one.Missed.Where(moment => moment.Moment >= begins && moment.Moment < ends).ToList();
        var failures = one.FailedRuns.Where(run => run.StartedAt >= begins && run.StartedAt < ends).Select(run => (At: run.StartedAt, run.Kind, Runs: 1))
            .Concat(missed.Where(moment => moment.Run is null).Select(moment => (At: moment.Moment, moment.Kind, Runs: 0)));
        foreach (var group in failures.Select(failure => (failure.At, failure.Kind, failure.Runs, Incident: Incident.Of(incidents, one.Resource.Tenant, failure.At)))
            .GroupBy(failure => (Kind: failure.Incident?.Kind ?? failure.Kind, failure.Incident?.Id)).OrderBy(group => group.Min(failure => failure.At)))
        {
            var (first, last) = (group.Min(failure => failure.At), group.Max(failure => failure.At));
            var entry = FaultCatalogue.Of(group.Key.Kind);
            var good = one.GoodStarts.Where(start => start > last && start < ends).Order().Select(start => (DateTimeOffset?)start).FirstOrDefault();
            yield return new(one.Resource.LocalName, one.Resource.Kind, one.Name, group.Key.Kind, entry.Cause, entry.Who, group.Sum(failure => failure.Runs),
                missed.Count(moment => (Incident.Of(incidents, one.Resource.Tenant, moment.Moment)?.Kind ?? moment.Kind) == group.Key.Kind), first, last, good, group.Key.Id);
        }
    }

    private static ReportPlan PlanOf(ServicePlan plan, ImmutableArray<PlanOverride> deviations) => new(
        plan.Id, plan.Version, plan.Name, plan.Terms.Version, ReportWords.TermOf(plan.Retention.Keep), plan.Terms.Statements, plan.Terms.Glossary, deviations);
}
