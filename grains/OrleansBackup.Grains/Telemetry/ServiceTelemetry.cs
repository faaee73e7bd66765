using System.Diagnostics;
using System.Diagnostics.Metrics;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Runs;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.GrainInterfaces.Restores;

namespace OrleansBackup.Grains.Telemetry;

/// <summary>What the service lets operators see of itself: runs, restores, the gate, what expired. Collected under <see cref="Name"/>.</summary>
/// <remarks>
/// <para>Names and units follow the semantic conventions of OpenTelemetry. A tag of a metric is never a tenant or a resource: with 100,000 of them a
/// collector would drown; spans and logs carry those.</para>
/// <para>One backup is one trace: the tick that found it due, the run it began, its place at the gate, each segment, the seal, each request to Microsoft Graph.</para>
/// </remarks>
public static class ServiceTelemetry
{
    /// <summary>Of the meter and of the source of spans.</summary>
    public const string Name = "OrleansBackup.Grains";

    private const double Minute = 60;
    private const double Hour = 60 * Minute;

    private static readonly Meter Meter = new(Name);
    private static readonly ActivitySource Spans = new(Name);

    private static readonly Histogram<double> RunTime = Meter.CreateHistogram("orleansbackup.run.duration", "s", "Runs that have ended, and how long each took from its beginning",
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [1, 10, Minute, 5 * Minute, 30 * Minute, 2 * Hour, 8 * Hour, 24 * Hour] });

    private static readonly Counter<long> RunItems = Meter.CreateCounter<long>("orleansbackup.run.items", "{item}", "Items that runs found added, changed or removed, or could not read");
    private static readonly Counter<long> RunBytes = Meter.CreateCounter<long>("orleansbackup.run.downloaded", "By", "Content that runs downloaded from Microsoft 365");

    private static readonly Histogram<double> RestoreTime = Meter.CreateHistogram("orleansbackup.restore.duration", "s", "Restore jobs that have ended, and how long each took from the order",
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [1, 10, Minute, 5 * Minute, 30 * Minute, 2 * Hour, 8 * Hour] });

    private static readonly Counter<long> RestoreItems = Meter.CreateCounter<long>("orleansbackup.restore.items", "{item}", "Items of ended restore jobs, by what became of them");

    private static readonly Counter<long> RestoreFailures = Meter.CreateCounter<long>("orleansbackup.restore.failures", "{job}", "Restore jobs that failed as a whole");

    private static readonly UpDownCounter<long> Admitted = Meter.CreateUpDownCounter<long>("orleansbackup.admission.admitted", "{run}", "Runs, restores and checks under way in this process");
    private static readonly UpDownCounter<long> Waiting = Meter.CreateUpDownCounter<long>("orleansbackup.admission.waiting", "{run}", "Those that wait at this process's gate");

    private static readonly Histogram<double> GateTime = Meter.CreateHistogram("orleansbackup.admission.wait", "s", "How long those admitted had waited at the gate",
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.01, 1, 10, Minute, 10 * Minute, Hour, 4 * Hour] });

    private static readonly Counter<long> Expired = Meter.CreateCounter<long>("orleansbackup.point.expired", "{point}", "Restore points that reached the end of their retention and went");
    private static readonly Counter<long> Reclaimed = Meter.CreateCounter<long>("orleansbackup.vault.reclaimed", "By", "Stored bytes that came back, by what deleted them");
    private static readonly Counter<long> Damage = Meter.CreateCounter<long>("orleansbackup.vault.damage", "{object}", "Stored objects found damaged");

    static ServiceTelemetry()
    {
        Meter.CreateObservableGauge("orleansbackup.estate.resources", EstateGauges.Resources, "{resource}", "Resources of all tenants, by how they stand; told by one process");
        Meter.CreateObservableGauge("orleansbackup.estate.tenants", EstateGauges.Tenants, "{tenant}", "Tenants, and those hindered as a whole; told by one process");
    }

    /// <summary>Lets what is rare begin at nothing: the first of a series that was not there before looks to a collector as if nothing had happened.</summary>
    public static void Begin()
    {
        RestoreFailures.Add(0);
        Damage.Add(0);
        Expired.Add(0);
    }

    /// <summary>The moment at which a resource looked whether a run is due.</summary>
    internal static Activity? Tick(ResourceId resource, string reminder) =>
        Tag(Spans.StartActivity("backup.tick"), resource)?.SetTag("orleansbackup.reminder", reminder);

    internal static Activity? Run(ResourceId resource, RunId run, RunReason reason) =>
        Tag(Spans.StartActivity("backup.run"), resource)?.SetTag("orleansbackup.run", run.ToString()).SetTag("orleansbackup.reason", reason.ToString());

    /// <summary>A run that has not ended, because its process leaves, is told of by the process that ends it.</summary>
    internal static void RunLeft(Activity? span, ResourceKind kind, RunProgress end)
    {
        span?.SetTag("orleansbackup.outcome", end.Outcome.ToString());
        if (end.Outcome == RunOutcome.Running)
            return;
        var took = (end.EndedAt - end.StartedAt)?.TotalSeconds ?? 0;
        var tags = new TagList { { "resource_kind", kind.ToString() }, { "outcome", end.Outcome.ToString() }, { "cause", end.Cause.ToString() } };
        RunTime.Record(took, tags);
        foreach (var (change, items) in new[] { ("added", end.Counts.Added), ("changed", end.Counts.Changed), ("removed", end.Counts.Removed), ("failed", end.Counts.Failed) })
            if (items > 0)
                RunItems.Add(items, new("resource_kind", kind.ToString()), new("change", change));
        RunBytes.Add(end.Counts.DownloadedBytes, new KeyValuePair<string, object?>("resource_kind", kind.ToString()));
        if (end.Outcome == RunOutcome.Failed)
            span?.SetStatus(ActivityStatusCode.Error, end.Cause.ToString());
    }

    internal static Activity? Restore(ResourceId from, RestoreJobId job) => Tag(Spans.StartActivity("restore.job"), from)?.SetTag("orleansbackup.job", job.ToString());

    /// <summary>As <see cref="RunLeft"/>.</summary>
    internal static void RestoreLeft(Activity? span, RestoreStatus end)
    {
        span?.SetTag("orleansbackup.outcome", end.State.ToString());
        if (!end.Ended)
            return;
        RestoreTime.Record((end.EndedAt - end.ReceivedAt)?.TotalSeconds ?? 0, new KeyValuePair<string, object?>("outcome", end.State.ToString()));
        RestoreItems.Add(end.Restored, new KeyValuePair<string, object?>("outcome", "restored"));
        RestoreItems.Add(end.Skipped, new KeyValuePair<string, object?>("outcome", "skipped"));
        RestoreItems.Add(end.Failed, new KeyValuePair<string, object?>("outcome", "failed"));
        if (end.State != RestoreState.Failed)
            return;
        RestoreFailures.Add(1);
        span?.SetStatus(ActivityStatusCode.Error);
    }

    internal static void WaitsAtGate(int change) => Waiting.Add(change);

    internal static void AdmittedAtGate(TimeSpan waited)
    {
        Admitted.Add(1);
        GateTime.Record(waited.TotalSeconds);
    }

    internal static void LeftGate() => Admitted.Add(-1);

    internal static void PointsExpired(int points, long bytes)
    {
        Expired.Add(points);
        BytesReclaimed("expiry", bytes);
    }

    internal static void BytesReclaimed(string by, long bytes) => Reclaimed.Add(bytes, new KeyValuePair<string, object?>("by", by));

    internal static void DamageFound(int objects) => Damage.Add(objects);

    private static Activity? Tag(Activity? span, ResourceId resource) =>
        span?.SetTag("orleansbackup.tenant", resource.Tenant.ToString()).SetTag("orleansbackup.resource", resource.LocalName);
}
