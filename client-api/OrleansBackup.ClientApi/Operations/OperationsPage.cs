using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using OrleansBackup.Domain.Runs;
using OrleansBackup.GrainInterfaces.Operations;
using OrleansBackup.GrainInterfaces.Tenants;

namespace OrleansBackup.ClientApi.Operations;

/// <summary>The operators' page as HTML: one document, no script, nothing loaded from elsewhere; it asks for itself again every few seconds.</summary>
internal static class OperationsPage
{
    private const int RefreshSeconds = 5;

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
        a { color: var(--link) } .bad { color: var(--bad) } .good { color: var(--good) } .dim { color: var(--dim) } code { font-size: .9em; white-space: nowrap } th { white-space: nowrap }
        """;

    /// <summary>Nothing may run or load on the page but its own style.</summary>
    public static string ContentSecurityPolicy { get; } =
        $"default-src 'none'; style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Style)))}'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

    public static string Render(OperationsGlance glance)
    {
        var now = glance.Process;
        var overviews = glance.Tenants.Select(line => line.Overview).OfType<TenantOverview>().ToList();
        var (failing, overdue) = (overviews.Sum(tenant => tenant.FailingResources), now.Reminders.Overdue);
        return $"""
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
            <meta http-equiv="refresh" content="{RefreshSeconds}"><title>OrleansBackup: operations</title><style>{Style}</style></head><body>
            <h1>OrleansBackup</h1><p>Engine {Text(now.Engine)} · up {Span(now.Now - now.StartedAt)} · {Time(now.Now)} · <a href="/docs">API</a></p>
            <section class="figures">
            {Figure("resources healthy", $"{Number(overviews.Sum(tenant => tenant.HealthyResources))} of {Number(overviews.Sum(tenant => tenant.ProtectedResources))}")}
            {Figure("failing", Number(failing), bad: failing > 0)}
            {Figure("runs under way", $"{now.Admission.Running.Length} of {now.Admission.Limit}")}
            {Figure("waiting for a place", Number(now.Admission.Waiting.Length))}
            {Figure("reminders", now.Reminders.Registered is { } registered ? Number(registered) : "not told")}
            {Figure("reminders overdue", overdue is { } late ? Number(late) : "not told", bad: overdue > 0)}
            </section>
            {TenantTable(glance)}
            {Pages(glance)}
            {FailingTable(glance, failing)}
            {RestoreTable(glance)}
            {RunTable("Runs and restores under way", glance, now.Admission.Running)}
            {RunTable("Waiting for a place", glance, now.Admission.Waiting)}
            {Table("Active grains", "No grain is active.", ["Kind", "#Active"],
                now.Activations.OrderByDescending(kind => kind.Active).Select(kind => $"{Cell(Kind(kind.GrainType))}{CountCell(kind.Active)}"), narrow: true)}
            {Table("Calls since the start", "No call yet.", ["Kind", "Call", "#Calls", "#Refused or failed", "#Mean", "#Worst"],
                now.Calls.OrderByDescending(call => call.Calls).Select(CallRow))}
            </body></html>
            """;
    }

    private static string TenantTable(OperationsGlance glance) => Table(
        glance.Before == 0 ? Title("Tenants", glance.Tenants.Length, glance.TenantsInAll)
            : $"Tenants ({Number(glance.Before + 1)} to {Number(glance.Before + glance.Tenants.Length)} of {Number(glance.TenantsInAll)})",
        "No tenant has been taken into service.",
        ["Tenant", "#Protected", "#Healthy", "#Running", "#Failing", "#Not protected", "Problem"],
        glance.Tenants.Select(line => line.Overview is { } tenant
            ? $"{NameCell(line)}{CountCell(tenant.ProtectedResources)}{CountCell(tenant.HealthyResources)}{CountCell(tenant.RunningResources)}"
                + $"{CountCell(tenant.FailingResources, bad: tenant.FailingResources > 0)}{CountCell(tenant.UnprotectedResources)}{ProblemCell(tenant.Problem)}"
            : $"{NameCell(line)}<td></td><td></td><td></td><td></td><td></td>{ProblemCell(line.Error)}"));

    /// <summary>The figures above and the tables below are of this page.</summary>
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

    private static string RunTable(string title, OperationsGlance glance, ImmutableArray<AdmittedRun> runs) => Table(
        Title(title, Math.Min(runs.Length, OperationsGlance.MaxRuns), runs.Length), "None.", ["Resource", "What", "#For"],
        runs.OrderBy(run => run.Since).Take(OperationsGlance.MaxRuns).Select(run =>
            $"<td>{(glance.Addresses.TryGetValue(run.Resource, out var address) ? $"{Text(address)}<br>" : "")}<code class=\"dim\">{Text(run.Resource.ToString())}</code></td>"
            + $"{Cell(run.What)}<td class=\"n\">{Span(glance.Process.Now - run.Since)}</td>"));

    private static string CallRow(CallStatistics call) =>
        $"{Cell(Kind(call.GrainType))}{Cell(call.Method)}{CountCell(call.Calls)}{CountCell(call.Errors)}"
        + $"<td class=\"n\">{Milliseconds(call.MeanLatency)}</td><td class=\"n\">{Milliseconds(call.WorstLatency)}</td>";

    /// <param name="columns">A column of figures begins with #.</param>
    private static string Table(string title, string ifEmpty, string[] columns, IEnumerable<string> rows, bool narrow = false)
    {
        var body = string.Concat(rows.Select(row => $"<tr>{row}</tr>\n"));
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
