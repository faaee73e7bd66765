using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using OrleansBackup.Domain.Runs;
using OrleansBackup.GrainInterfaces.Operations;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.GrainInterfaces.Tenants;

namespace OrleansBackup.ClientApi.Operations;

/// <summary>The operators' page as HTML: one document, no script, nothing loaded from elsewhere; it asks for itself again every few seconds.</summary>
internal static class OperationsPage
{
    private const int RefreshSeconds = 5;
    private const int MaxProcesses = 200;
    private const int MaxGrainColumns = 8;
    private const int MaxCalls = 100;

    private const string Style = """
        :root { color-scheme: light dark; --ink: light-dark(#1b1f24, #e6e8eb); --dim: light-dark(#5b6470, #9aa4b0); --line: light-dark(#dde1e6, #343a42);
                --card: light-dark(#fff, #1d2126); --page: light-dark(#f4f6f8, #14171a); --bad: light-dark(#b42318, #ff8a80); --good: light-dark(#146c43, #6fd8a0); --link: light-dark(#0b57a4, #8ab8ff); }
        body { font: 15px/1.45 system-ui, sans-serif; color: var(--ink); background: var(--page); margin: 0 auto; padding: 1.5rem; max-width: 75rem; }
        h1 { font-size: 1.35rem; margin: 0 } h2 { font-size: 1rem; margin: 0 0 .6rem } p { margin: .2rem 0 1rem; color: var(--dim) }
        section { background: var(--card); border: 1px solid var(--line); border-radius: .6rem; padding: 1rem; margin-bottom: 1rem; overflow-x: auto }
        .figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(9rem, 1fr)); gap: 1rem } .figures b { display: block; font-size: 1.5rem; font-variant-numeric: tabular-nums }
        table { border-collapse: collapse; width: 100% } th, td { text-align: left; padding: .3rem 1.5rem .3rem 0; border-bottom: 1px solid var(--line); vertical-align: top }
        tr:last-child td { border-bottom: 0 } th { color: var(--dim); font-weight: 500 } .n { text-align: right; font-variant-numeric: tabular-nums }
        .n:last-child { padding-right: 0 } .narrow { width: auto; min-width: 18rem }
        .away { opacity: .5 } a { color: var(--link) } .bad { color: var(--bad) } .good { color: var(--good) } .dim { color: var(--dim) } code { font-size: .9em; white-space: nowrap } th { white-space: nowrap }
        """;

    /// <summary>Nothing may run or load on the page but its own style.</summary>
    public static string ContentSecurityPolicy { get; } =
        $"default-src 'none'; style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Style)))}'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

    public static string Render(OperationsGlance glance)
    {
        var now = glance.Process;
        var overviews = glance.Tenants.Select(line => line.Overview).OfType<TenantOverview>().ToList();
        var failing = overviews.Sum(tenant => tenant.FailingResources);
        return Document("operations", RefreshSeconds, $"""
            <h1>OrleansBackup</h1><p>Engine {Text(now.Engine)} · up {Span(now.Now - now.StartedAt)} · {Time(now.Now)} · <a href="/operations/due">What is due</a> · <a href="/docs">API</a></p>
            <section class="figures">
            {EstateFigures(glance.Estate)}
            {Figure("runs under way", $"{Number(glance.Running.Length)} of {Number(Alive(glance).Sum(process => process.Admission.Limit))}")}
            {Figure("waiting for a place", Number(glance.WaitingInAll))}
            {Figure("reminders", Told(glance.Reminders.Registered))}
            {Figure("reminders due within the hour", Told(glance.Reminders.DueWithinTheHour))}
            {Figure("reminders overdue", Told(glance.Reminders.Overdue), bad: glance.Reminders.Overdue > 0)}
            </section>
            {ProcessTable(glance)}
            {TenantTable(glance)}
            {Pages(glance)}
            {FailingTable(glance, failing)}
            {RestoreTable(glance)}
            {RunTable("Runs and restores under way", glance, glance.Running, glance.Running.Length)}
            {RunTable("Waiting for a place", glance, glance.Waiting, glance.WaitingInAll)}
            {BudgetTable(glance)}
            {GrainTable(glance)}
            {Table("Calls since the processes started", "No call yet.", ["Kind", "Call", "#Calls", "#Refused or failed", "#Mean", "#Worst"],
                CallsOf(Alive(glance)).OrderByDescending(call => call.Calls).Take(MaxCalls).Select(CallRow))}
            """);
    }

    /// <param name="refreshSeconds">Null: it stays as it is.</param>
    internal static string Document(string title, int? refreshSeconds, string body) => $"""
        <!DOCTYPE html>
        <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
        {(refreshSeconds is { } seconds ? $"<meta http-equiv=\"refresh\" content=\"{seconds}\">" : "")}<title>OrleansBackup: {Text(title)}</title><style>{Style}</style></head><body>
        {body}
        </body></html>
        """;

    private static string TenantTable(OperationsGlance glance) => Table(
        glance.Before == 0 ? Title("Tenants", glance.Tenants.Length, glance.TenantsInAll)
            : $"Tenants ({Number(glance.Before + 1)} to {Number(glance.Before + glance.Tenants.Length)} of {Number(glance.TenantsInAll)})",
        "No tenant has been taken into service.",
        ["Tenant", "#Protected", "#Healthy", "#Overdue", "#Running", "#Failing", "#Not protected", "Problem"],
        glance.Tenants.Select(line => line.Overview is { } tenant
            ? $"{NameCell(line)}{CountCell(tenant.ProtectedResources)}{CountCell(tenant.HealthyResources)}{CountCell(tenant.OverdueResources, bad: tenant.OverdueResources > 0)}{CountCell(tenant.RunningResources)}"
                + $"{CountCell(tenant.FailingResources, bad: tenant.FailingResources > 0)}{CountCell(tenant.UnprotectedResources)}{ProblemCell(tenant.Problem)}"
            : $"{NameCell(line)}<td></td><td></td><td></td><td></td><td></td><td></td>{ProblemCell(line.Error)}"));

    private static IEnumerable<ProcessSnapshot> Alive(OperationsGlance glance) => glance.Processes.Where(process => process.SilentFor is null).Select(process => process.Snapshot);

    private static string EstateFigures(EstateStanding? estate) => estate is not { Resources: var resources } ? Figure("resources", "not told", bad: true)
        : Figure("resources healthy", $"{Number(resources.Healthy)} of {Number(resources.Protected)}")
            + Figure("overdue", Number(resources.Overdue), bad: resources.Overdue > 0)
            + Figure("failing", Number(resources.Failing), bad: resources.Failing > 0)
            + Figure(estate.Told < estate.Tenants ? $"tenants, {Number(estate.Tenants - estate.Told)} not heard of yet" : "tenants", Number(estate.Tenants))
            + Figure("tenants hindered", Number(estate.Hindered), bad: estate.Hindered > 0);

    private static string ProcessTable(OperationsGlance glance) => Table(
        "Processes", "None.", ["Process", "State", "Version", "Engine", "#Up", "#Under way", "#Waiting", "#Grains", "#Calls"],
        glance.Processes.Take(MaxProcesses).Select(one => one.Snapshot is var process
            ? $"<td><code>{Text(process.Name)}</code></td>{(one.SilentFor is { } silent ? $"<td class=\"bad\">silent for {Span(silent)}</td>" : "<td class=\"good\">up</td>")}"
                + $"{Cell(process.Version)}{Cell(process.Engine)}<td class=\"n\">{Span(process.Now - process.StartedAt)}</td>"
                + $"<td class=\"n\">{process.Admission.Running.Length} of {process.Admission.Limit}</td>{CountCell(process.Admission.WaitingInAll)}"
                + $"{CountCell(process.Activations.Sum(kind => (long)kind.Active))}{CountCell(process.Calls.Sum(call => call.Calls))}"
            : ""),
        faded: [.. glance.Processes.Select(one => one.SilentFor is not null)]);

    private static string BudgetTable(OperationsGlance glance) => glance.Budgets.IsEmpty ? "" : Table(
        "Requests to Microsoft Graph, of tenants with runs under way", "None.", ["Tenant", "#Allowed a second", "#Granted since its start", "#Refused by Microsoft", "Paused until"],
        glance.Budgets.Select(line => $"{NameCell(line.Tenant)}<td class=\"n\">{line.Usage.PermitsPerSecond.ToString("N1", CultureInfo.InvariantCulture)}</td>{CountCell(line.Usage.GrantedTotal)}"
            + $"{CountCell(line.Usage.ThrottlesTotal, bad: line.Usage.ThrottlesTotal > 0)}{Cell(line.Usage.PausedUntil is { } until && until > glance.Process.Now ? Time(until) : "")}"));

    /// <summary>A column for each process, as long as there are few.</summary>
    private static string GrainTable(OperationsGlance glance)
    {
        var processes = Alive(glance).ToList();
        var columns = processes.Count is > 1 and <= MaxGrainColumns ? processes : [];
        return Table("Active grains", "No grain is active.", ["Kind", "#Active", .. columns.Select(process => $"#{process.Name}")],
            processes.SelectMany(process => process.Activations).GroupBy(kind => kind.GrainType).OrderByDescending(kind => kind.Sum(one => (long)one.Active)).Select(kind =>
                $"{Cell(Kind(kind.Key))}{CountCell(kind.Sum(one => (long)one.Active))}"
                + string.Concat(columns.Select(process => CountCell(process.Activations.Where(one => one.GrainType == kind.Key).Sum(one => (long)one.Active))))), narrow: true);
    }

    private static IEnumerable<CallStatistics> CallsOf(IEnumerable<ProcessSnapshot> processes) =>
        processes.SelectMany(process => process.Calls).GroupBy(call => (call.GrainType, call.Method)).Select(same => new CallStatistics(
            same.Key.GrainType, same.Key.Method, same.Sum(call => call.Calls), same.Sum(call => call.Errors),
            same.Aggregate(TimeSpan.Zero, (sum, call) => sum + (call.MeanLatency * call.Calls)) / Math.Max(1, same.Sum(call => call.Calls)), same.Max(call => call.WorstLatency)));

    /// <summary>The tables below are of this page.</summary>
    private static string Pages(OperationsGlance glance)
    {
        var page = glance.Before / OperationsGlance.MaxTenants;
        var earlier = glance.Before > 0 ? $"<a href=\"/operations?page={page - 1}\">earlier tenants</a> " : "";
        var later = glance.Before + glance.Tenants.Length < glance.TenantsInAll ? $"<a href=\"/operations?page={page + 1}\">further tenants</a>" : "";
        return earlier.Length + later.Length == 0 ? "" : $"<p>{earlier}{later}</p>";
    }

    private static string RestoreTable(OperationsGlance glance) => glance.FailedRestores.IsEmpty ? "" : Table(
        "Restores that failed", "None.", ["Job", "Tenant", "Ended", "#Asked", "#Restored", "#Failed", "Problem"],
        glance.FailedRestores.OrderByDescending(line => line.Job.EndedAt).Select(line =>
            $"<td>{Text(line.Job.Request.RequestedBy)}<br><code class=\"dim\">{Text(line.Job.Job.ToString())}</code></td>{Cell(line.Tenant.Name)}"
            + $"{Cell(line.Job.EndedAt is { } ended ? $"{Span(glance.Process.Now - ended)} ago" : "")}{CountCell(line.Job.Asked)}{CountCell(line.Job.Restored)}{CountCell(line.Job.Failed, bad: true)}"
            + $"<td class=\"bad\">{Text(line.Job.Problem ?? "Some items; the job lists them.")}</td>"));

    private static string FailingTable(OperationsGlance glance, int inAll) => inAll == 0 ? "" : Table(
        Title("Failing", glance.Failing.Length, inAll), "Asked again, none is failing.", ["Resource", "Tenant", "Last good run", "On whose side", "Problem"],
        glance.Failing.Select(line =>
            $"<td>{Text(line.Resource.Address)}<br><code class=\"dim\">{Text(line.Resource.Resource.LocalName)}</code></td>{Cell(line.Tenant.Name)}"
            + $"{Cell(line.Resource.Health!.LastGoodStart is { } good ? $"{Span(glance.Process.Now - good)} ago" : "never")}"
            + $"{Cell(Side(line.Resource.Health.Cause))}<td class=\"bad\">{Text(line.Resource.Health.Problem ?? "not told")}</td>"));

    private static string RunTable(string title, OperationsGlance glance, ImmutableArray<PlacedRun> runs, int inAll) => Table(
        Title(title, Math.Min(runs.Length, OperationsGlance.MaxRuns), inAll), "None.", ["Resource", "What", "Progress", "Waits for", "#For"],
        runs.Take(OperationsGlance.MaxRuns).Select(placed => placed.Run is var run && glance.Statuses.GetValueOrDefault(run.Resource) is var status
            ? $"<td>{(status is { Settings.Address: { Length: > 0 } address } ? $"{Text(address)}<br>" : "")}<code class=\"dim\">{Text(run.Resource.ToString())}</code></td>"
                + $"<td>{Text(run.What)}<br><span class=\"dim\">{Text(placed.Process)}</span></td>{ProgressCell(status?.CurrentRun)}{Cell(status?.Waiting.For ?? "It does not say.")}"
                + $"<td class=\"n\">{Span(glance.Process.Now - run.Since)}</td>"
            : ""));

    private static string ProgressCell(RunProgress? run) => run is not { Counts: var counts } ? "<td></td>"
        : $"<td>{Text(run.Step)}<br><span class=\"dim\">{Number(counts.Added + counts.Changed)} read{(run.ItemsExpected > 0 ? $" of about {Number(run.ItemsExpected)}" : "")}{(run.ExpectedEnd is { } end ? $", until about {Text(end.ToString("u", CultureInfo.InvariantCulture))}" : "")}, "
            + $"{Number(counts.Requests)} requests, {Number(counts.Throttled)} refused</span></td>";

    private static string CallRow(CallStatistics call) =>
        $"{Cell(Kind(call.GrainType))}{Cell(call.Method)}{CountCell(call.Calls)}{CountCell(call.Errors)}"
        + $"<td class=\"n\">{Milliseconds(call.MeanLatency)}</td><td class=\"n\">{Milliseconds(call.WorstLatency)}</td>";

    /// <param name="columns">A column of figures begins with #.</param>
    internal static string Table(string title, string ifEmpty, string[] columns, IEnumerable<string> rows, bool narrow = false, bool[]? faded = null)
    {
        var body = string.Concat(rows.Select((row, number) => $"<tr{(faded is not null && faded[number] ? " class=\"away\"" : "")}>{row}</tr>\n"));
        var head = string.Concat(columns.Select(column => column[0] == '#' ? $"<th class=\"n\">{Text(column[1..])}</th>" : $"<th>{Text(column)}</th>"));
        return $"<section><h2>{Text(title)}</h2>{(body.Length == 0 ? $"<span class=\"dim\">{Text(ifEmpty)}</span>" : $"<table{(narrow ? " class=\"narrow\"" : "")}><tr>{head}</tr>\n{body}</table>")}</section>";
    }

    private static string Title(string what, int shown, int inAll) => inAll > shown ? $"{what} ({Number(shown)} of {Number(inAll)})" : what;

    private static string Side(FaultCause cause) => cause switch
    {
        FaultCause.CustomerConfiguration => "customer: configuration",
        FaultCause.CustomerLicence => "customer: licence",
        FaultCause.Microsoft => "Microsoft",
        FaultCause.Provider => "provider",
        FaultCause.ThirdParty => "third party",
        FaultCause.ForceMajeure => "force majeure",
        _ => "not told",
    };

    /// <summary>One way of writing for what engines call by type or by alias: RestorePointGrain, restore-point, IRemindable.</summary>
    private static string Kind(string name)
    {
        var bare = name.EndsWith("Grain", StringComparison.Ordinal) && name.Length > 5 ? name[..^5] : name;
        bare = bare is ['I', >= 'A' and <= 'Z', ..] ? bare[1..] : bare;
        return string.Concat(bare.Select((letter, at) => letter == '-' ? " " : char.IsUpper(letter) ? $"{(at > 0 ? " " : "")}{char.ToLowerInvariant(letter)}" : letter.ToString()));
    }

    private static string Figure(string what, string value, bool bad = false) => $"<div><b{(bad ? " class=\"bad\"" : "")}>{Text(value)}</b>{Text(what)}</div>";

    internal static string Cell(string text) => $"<td>{Text(text)}</td>";

    private static string NameCell(TenantLine line) => NameCell(line.Tenant);

    internal static string NameCell(TenantListing tenant) => $"<td>{Text(tenant.Name)}<br><code class=\"dim\">{Text(tenant.Tenant.ToString())}</code></td>";

    private static string Told(long? number) => number is { } told ? Number(told) : "not told";

    private static string ProblemCell(string? problem) => problem is null ? "<td class=\"good\">none</td>" : $"<td class=\"bad\">{Text(problem)}</td>";

    private static string CountCell(long count, bool bad = false) => $"<td class=\"n{(bad ? " bad" : "")}\">{Number(count)}</td>";

    private static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private static string Milliseconds(TimeSpan span) => string.Create(CultureInfo.InvariantCulture, $"{span.TotalMilliseconds:N1} ms");

    internal static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);

    internal static string Span(TimeSpan span) => span switch
    {
        { TotalDays: >= 1 } => $"{span.Days} d {span.Hours} h",
        { TotalHours: >= 1 } => $"{span.Hours} h {span.Minutes} min",
        { TotalMinutes: >= 1 } => $"{span.Minutes} min {span.Seconds} s",
        _ => $"{Math.Max(0, span.Seconds)} s",
    };

    internal static string Text(string text) => HtmlEncoder.Default.Encode(text);
}
