using System.Collections.Concurrent;
using System.Collections.Immutable;
using Orleans;
using OrleansBackup.Domain.Checks;
using OrleansBackup.Domain.Contracts;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Plans;
using OrleansBackup.Domain.Reports;
using OrleansBackup.Domain.Runs;
using OrleansBackup.Domain.Schedule;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.GrainInterfaces.Restores;
using OrleansBackup.GrainInterfaces.Tenants;
using OrleansBackup.Grains.Checks;

namespace OrleansBackup.Grains.Reports;

/// <summary>Gathers what a month's report is made from: the tenant's list, and what each resource that was protected remembers itself. Decides nothing; <see cref="ReportAssembly"/> does.</summary>
internal sealed class ReportBuilder(
    IEnumerable<IBillingBasisSource> billing, IEnumerable<IRehearsalSource> rehearsals, CheckServices checks, BackupSchedule schedule, TimeProvider time)
{
    private const int ResourcesPerPage = 1_000;

    /// <param name="before">The report of the month before, or null.</param>
    public async Task<MonthlyReport> BuildAsync(IGrainFactory grains, TenantId tenant, ReportMonth month, MonthlyReport? before, CancellationToken cancellation)
    {
        var overview = await grains.Tenant(tenant).GetOverview(cancellation);
        var spans = (await grains.Tenant(tenant).ListSpans(cancellation)).ToDictionary(one => one.LocalName, one => one.Spans);
        var timeline = await grains.Contract(tenant).GetTimeline(cancellation);
        var facts = new ReportFacts(tenant, overview.Name, month, time.GetUtcNow(), overview.Settings.Scope)
        {
            Storage = overview.Storage.Countries.IsDefaultOrEmpty ? overview.Store : $"{overview.Store} ({string.Join(", ", overview.Storage.Countries)})",
            Plan = timeline?.PlanOn(month.Last),
            Deviations = timeline is null ? [] : await DeviationsAsync(grains, tenant, month, cancellation),
            Resources = [.. (await ResourcesAsync(grains, tenant, month, overview, spans, cancellation)).Select(resource => timeline is null ? resource : resource with
            {
                // While a contract is suspended nothing is owed: no day of it is a failure.
                Missed = [.. resource.Missed.Where(missed => !timeline.IsSuspended(checks.Calendar.DayOf(missed.Moment)))],
            })],
            GrantedPermissions = [.. overview.Permissions.Where(permission => permission.Granted).Select(permission => permission.Name)],
            Incidents = await grains.CheckDiary().ListIncidents(cancellation),
            Restores = await RestoresAsync(grains, tenant, month, cancellation),
            Rehearsals = [.. (await Task.WhenAll(rehearsals.Select(source => source.OfAsync(grains, tenant, month, cancellation)))).SelectMany(one => one)],
            Billing = (await Task.WhenAll(billing.Select(source => source.OfAsync(grains, tenant, month, cancellation)))).FirstOrDefault(one => one is not null),
            Before = before,
        };
        return ReportAssembly.Assemble(facts, checks.Calendar);
    }

    private static async Task<ImmutableArray<PlanOverride>> DeviationsAsync(IGrainFactory grains, TenantId tenant, ReportMonth month, CancellationToken cancellation)
    {
        var record = await grains.Contract(tenant).Get(cancellation);
        return Contract.Of(record.Journal.Select(line => ContractJournal.Read(line).Event)).AgreementOn(month.Last).Overrides;
    }

    private async Task<ImmutableArray<ResourceFacts>> ResourcesAsync(
        IGrainFactory grains, TenantId tenant, ReportMonth month, TenantOverview overview, Dictionary<string, ImmutableArray<ProtectionSpan>> spans, CancellationToken cancellation)
    {
        var (facts, bound) = (new ConcurrentBag<ResourceFacts>(), new ParallelOptions { MaxDegreeOfParallelism = checks.Options.ResourcesAtOnce, CancellationToken = cancellation, TaskScheduler = TaskScheduler.Current });
        for (string? after = null; ;)
        {
            var page = await grains.Tenant(tenant).ListResources(after, ResourcesPerPage, cancellation);
            await Parallel.ForEachAsync(page.Resources, bound, async (listing, token) => facts.Add(await OfAsync(grains, listing, month, overview, spans.GetValueOrDefault(listing.Resource.LocalName, []), token)));
            if ((after = page.Next) is null)
                return [.. facts];
        }
    }

    private async Task<ResourceFacts> OfAsync(
        IGrainFactory grains, ResourceListing listing, ReportMonth month, TenantOverview overview, ImmutableArray<ProtectionSpan> spans, CancellationToken cancellation)
    {
        var (begins, ends) = (month.Begins(checks.Calendar), month.Ends(checks.Calendar));
        var facts = new ResourceFacts(listing.Resource, listing.DisplayName, listing.Address, listing.Purpose, listing.Protected, listing.Reason, listing.Since, listing.VanishedAt) { Spans = spans };
        if (ProtectionSpan.Within(spans, listing.Since, listing.Protected, begins, ends) is not { } within)
            return facts;
        var (points, runs) = (ImmutableArray<RestorePointSummary>.Empty, ImmutableArray<RunRecord>.Empty);
        try
        {
            (points, runs) = (await grains.Resource(listing.Resource).ListPoints(cancellation), await grains.Resource(listing.Resource).ListRuns(cancellation));
        }
        catch (NotFoundException)
        {
            // It was listed and not told of its protection yet: it has nothing.
        }
        var failed = runs.Where(run => run.Progress.Outcome == RunOutcome.Failed).OrderBy(run => run.Progress.StartedAt)
            .Select(run => new FailedRun(run.Progress.Run, run.Progress.StartedAt, FaultCatalogue.KindOf(run.Progress.Fault, run.Progress.Cause), run.Progress.Problem)).ToImmutableArray();
        ImmutableArray<DateTimeOffset> good = [.. points.Select(point => point.StartedAt).Concat(runs.Where(run => run.SealedPoint is not null).Select(run => run.Progress.StartedAt)).Distinct().Order()];
        // The last moment of the month lies open until the first of the next has come.
        var until = within.Until ?? (ends.AddDays(1) < facts.Since ? facts.Since : ends.AddDays(1));
        return facts with
        {
            Points = [.. points.Select(point => new PointFacts(point.StartedAt, point.SealedAt, point.LogicalBytes, point.Debts, [.. point.Lacks.Select(lack => lack.Part)]))],
            FailedRuns = failed,
            GoodStarts = good,
            Missed = MissedMoments.Find(schedule, listing.Resource, overview.Settings.Window, good, failed, within.From > begins ? within.From : begins, until < time.GetUtcNow() ? until : time.GetUtcNow()),
        };
    }

    private async Task<ImmutableArray<RestoreLine>> RestoresAsync(IGrainFactory grains, TenantId tenant, ReportMonth month, CancellationToken cancellation)
    {
        var lines = ImmutableArray.CreateBuilder<RestoreLine>();
        foreach (var job in (await grains.Tenant(tenant).ListRestores(cancellation)).Where(job => ReportMonth.Of(checks.Calendar.DayOf(job.AskedAt)) == month))
        {
            RestoreStatus status;
            try
            {
                status = await grains.Restore(tenant, job).GetStatus(cancellation);
            }
            catch (NotFoundException)
            {
                continue; // listed, and never began: the process died in between
            }
            lines.Add(new(job.ToString(), status.ReceivedAt, status.Request.RequestedBy, status.Request.Point.Resource.LocalName, Outcome(status.State), status.Asked, status.Restored, status.Skipped, status.Failed, status.EndedAt));
        }
        return lines.ToImmutable();
    }

    private static string Outcome(RestoreState state) => state switch
    {
        RestoreState.Completed => "completed",
        RestoreState.CompletedWithFailures => "completedWithFailures",
        RestoreState.Failed => "failed",
        RestoreState.Cancelled => "cancelled",
        _ => "running",
    };
}
