using OrleansBackup.Domain.Schedule;
using OrleansBackup.GrainInterfaces.Tenants;

namespace OrleansBackup.ClientApi.Operations;

/// <summary>A page of what is due, as HTML; beside <see cref="OperationsPage"/>, of which it has its looks. It does not ask for itself again: every tenant is asked for it.</summary>
internal static class OperationsDuePage
{
    public static string Render(DueList list, bool isFirst, DateTimeOffset now) => OperationsPage.Document("what is due", null, $"""
        <h1>OrleansBackup</h1><p>{OperationsPage.Time(now)} · <a href="/operations">Operations</a></p>
        {(list.Silent.IsEmpty ? "" : $"<p class=\"bad\">Not answered, so missing here: {OperationsPage.Text(string.Join(", ", list.Silent.Select(tenant => tenant.Name)))}</p>")}
        {OperationsPage.Table("Due, the longest overdue first", "Nothing is due at any time.", ["Resource", "Tenant", "What", "Due", "Standing", "Problem"], list.Lines.Select(line => Row(line, now)))}
        <p>{(isFirst ? "" : "<a href=\"/operations/due\">from the beginning</a> ")}{(list.Next is { } next ? $"<a href=\"/operations/due?after={Uri.EscapeDataString(DueList.Mark(next))}\">further</a>" : "")}</p>
        """);

    private static string Row(DueLine line, DateTimeOffset now)
    {
        var due = line.Due;
        var passed = due.DueAt <= now;
        return $"<td>{OperationsPage.Text(due.Address)}<br><code class=\"dim\">{OperationsPage.Text(due.Resource.LocalName)}</code></td>{OperationsPage.NameCell(line.Tenant)}"
            + $"{OperationsPage.Cell(due.What == DueKind.Backup ? "backup" : "care of its points")}"
            + $"<td>{OperationsPage.Time(due.DueAt)}<br><span class=\"dim\">{(passed ? $"for {OperationsPage.Span(now - due.DueAt)}" : $"in {OperationsPage.Span(due.DueAt - now)}")}</span></td>"
            + $"<td{(due.Standing == BackupStanding.Overdue ? " class=\"bad\"" : "")}>{StandingOf(due, passed)}</td>{OperationsPage.Cell(due.Problem ?? "")}";
    }

    private static string StandingOf(DueWork due, bool passed) =>
        due.Running ? "under way or waiting for a place" : due.Standing == BackupStanding.Overdue ? "overdue: a whole day is missing" : passed ? "due" : "to come";
}
