using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using OrleansBackup.GrainInterfaces.Operations;

namespace OrleansBackup.ClientApi.Operations;

/// <summary>The operators' page as HTML: one document, no script, nothing loaded from elsewhere; it asks for itself again every few seconds.</summary>
internal static class OperationsPage
{
    private const int RefreshSeconds = 5;

    private const string Style = """
        :root { color-scheme: light dark; --ink: light-dark(#1b1f24, #e6e8eb); --dim: light-dark(#5b6470, #9aa4b0); --line: light-dark(#dde1e6, #343a42);
                --card: light-dark(#fff, #1d2126); --page: light-dark(#f4f6f8, #14171a); --bad: light-dark(#b42318, #ff8a80); --good: light-dark(#146c43, #6fd8a0); }
        body { font: 15px/1.45 system-ui, sans-serif; color: var(--ink); background: var(--page); margin: 0 auto; padding: 1.5rem; max-width: 75rem; }
        h1 { font-size: 1.35rem; margin: 0 } h2 { font-size: 1rem; margin: 0 0 .6rem } p { margin: .2rem 0 1rem; color: var(--dim) }
        section { background: var(--card); border: 1px solid var(--line); border-radius: .6rem; padding: 1rem; margin-bottom: 1rem; overflow-x: auto }
        .figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(9rem, 1fr)); gap: 1rem } .figures b { display: block; font-size: 1.5rem; font-variant-numeric: tabular-nums }
        table { border-collapse: collapse; width: 100% } th, td { text-align: left; padding: .3rem .8rem .3rem 0; border-bottom: 1px solid var(--line); vertical-align: top }
        tr:last-child td { border-bottom: 0 } th { color: var(--dim); font-weight: 500 } .n { text-align: right; font-variant-numeric: tabular-nums }
        .bad { color: var(--bad) } .good { color: var(--good) } .dim { color: var(--dim) } code { font-size: .9em }
        """;

    /// <summary>Nothing may run or load on the page but its own style.</summary>
    public static string ContentSecurityPolicy { get; } =
        $"default-src 'none'; style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Style)))}'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

    /// <param name="tenantsInAll">How many there are, of which <paramref name="tenants"/> may be the first.</param>
    public static string Render(OperationsSnapshot now, IReadOnlyList<TenantLine> tenants, int tenantsInAll) => $"""
        <!DOCTYPE html>
        <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
        <meta http-equiv="refresh" content="{RefreshSeconds}"><title>OrleansBackup: operations</title><style>{Style}</style></head><body>
        <h1>OrleansBackup</h1><p>Engine {Text(now.Engine)} · up {Span(now.Now - now.StartedAt)} · {Time(now.Now)} · <a href="/docs">API</a></p>
        <section class="figures">
        {Figure("runs under way", $"{now.Admission.Running.Length} of {now.Admission.Limit}")}
        {Figure("runs waiting", Number(now.Admission.Waiting.Length))}
        {Figure("activations", Number(now.Activations.Sum(kind => kind.Active)))}
        {Figure("reminders", now.Reminders.Registered is { } registered ? Number(registered) : "not told")}
        {Figure("reminders overdue", now.Reminders.Overdue is { } overdue ? Number(overdue) : "not told", bad: now.Reminders.Overdue > 0)}
        {Figure("failed calls", Number(now.Calls.Sum(call => call.Errors)))}
        </section>
        {TenantTable(tenants, tenantsInAll)}
        {RunTable("Runs under way", now.Admission.Running, now.Now)}
        {RunTable("Runs waiting for a place", now.Admission.Waiting, now.Now)}
        {Table("Activations", "No grain is active.", ["Kind", "#Active"],
            now.Activations.OrderByDescending(kind => kind.Active).Select(kind => $"{Cell(kind.GrainType)}{CountCell(kind.Active)}"))}
        {Table("Calls since the start", "No call yet.", ["Grain", "Method", "#Calls", "#Failed", "#Mean", "#Worst"],
            now.Calls.OrderByDescending(call => call.Calls).Select(CallRow))}
        </body></html>
        """;

    private static string TenantTable(IReadOnlyList<TenantLine> tenants, int inAll) => Table(
        inAll > tenants.Count ? $"Tenants (the first {Number(tenants.Count)} of {Number(inAll)})" : "Tenants",
        "No tenant has been taken into service.",
        ["Tenant", "#Protected", "#Healthy", "#Running", "#Failing", "#Not protected", "Problem"],
        tenants.Select(line => line.Overview is { } tenant
            ? $"{NameCell(line)}{CountCell(tenant.ProtectedResources)}{CountCell(tenant.HealthyResources)}{CountCell(tenant.RunningResources)}"
                + $"{CountCell(tenant.FailingResources, bad: tenant.FailingResources > 0)}{CountCell(tenant.UnprotectedResources)}{ProblemCell(tenant.Problem)}"
            : $"{NameCell(line)}<td></td><td></td><td></td><td></td><td></td>{ProblemCell(line.Error)}"));

    private static string RunTable(string title, ImmutableArray<AdmittedRun> runs, DateTimeOffset now) => Table(title, "None.", ["Resource", "What", "#For"],
        runs.OrderBy(run => run.Since).Select(run => $"<td><code>{Text(run.Resource.ToString())}</code></td>{Cell(run.What)}<td class=\"n\">{Span(now - run.Since)}</td>"));

    private static string CallRow(CallStatistics call) =>
        $"{Cell(call.GrainType)}{Cell(call.Method)}{CountCell(call.Calls)}{CountCell(call.Errors, bad: call.Errors > 0)}"
        + $"<td class=\"n\">{Milliseconds(call.MeanLatency)}</td><td class=\"n\">{Milliseconds(call.WorstLatency)}</td>";

    /// <param name="columns">A column of figures begins with #.</param>
    private static string Table(string title, string ifEmpty, string[] columns, IEnumerable<string> rows)
    {
        var body = string.Concat(rows.Select(row => $"<tr>{row}</tr>\n"));
        var head = string.Concat(columns.Select(column => column[0] == '#' ? $"<th class=\"n\">{Text(column[1..])}</th>" : $"<th>{Text(column)}</th>"));
        return $"<section><h2>{Text(title)}</h2>{(body.Length == 0 ? $"<span class=\"dim\">{Text(ifEmpty)}</span>" : $"<table><tr>{head}</tr>\n{body}</table>")}</section>";
    }

    private static string Figure(string what, string value, bool bad = false) => $"<div><b{(bad ? " class=\"bad\"" : "")}>{Text(value)}</b>{Text(what)}</div>";

    private static string Cell(string text) => $"<td>{Text(text)}</td>";

    private static string NameCell(TenantLine line) => $"<td>{Text(line.Tenant.Name)}<br><code class=\"dim\">{Text(line.Tenant.Tenant.ToString())}</code></td>";

    private static string ProblemCell(string? problem) => problem is null ? "<td class=\"good\">none</td>" : $"<td class=\"bad\">{Text(problem)}</td>";

    private static string CountCell(long count, bool bad = false) => $"<td class=\"n{(bad ? " bad" : "")}\">{Number(count)}</td>";

    private static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private static string Milliseconds(TimeSpan span) => string.Create(CultureInfo.InvariantCulture, $"{span.TotalMilliseconds:N1} ms");

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);

    private static string Span(TimeSpan span) => span switch
    {
        { TotalDays: >= 1 } => $"{span.Days} d {span.Hours} h",
        { TotalHours: >= 1 } => $"{span.Hours} h {span.Minutes} min",
        { TotalMinutes: >= 1 } => $"{span.Minutes} min {span.Seconds} s",
        _ => $"{Math.Max(0, span.Seconds)} s",
    };

    private static string Text(string text) => HtmlEncoder.Default.Encode(text);
}
