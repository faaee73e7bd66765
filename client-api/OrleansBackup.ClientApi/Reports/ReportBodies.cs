using System.Collections.Immutable;
using OrleansBackup.GrainInterfaces.Reports;

namespace OrleansBackup.ClientApi.Reports;

/// <summary>The monthly reports of a customer, newest first.</summary>
public sealed record ReportListBody(ImmutableArray<ReportSummaryBody> Reports)
{
    /// <summary>What to give as <c>after</c> for the next part; null: this was the last.</summary>
    public string? Next { get; init; }
}

/// <summary>One report that is frozen.</summary>
/// <param name="Sha256">Of its JSON: the same for ever.</param>
/// <param name="AsksConfirmation">The customer is asked to check the list, since new resources do not join by themselves.</param>
/// <param name="Confirmation">Who checked the list; null: nobody yet.</param>
/// <param name="NoticedAt">When the contacts were told; null: not yet.</param>
public sealed record ReportSummaryBody(string Month, DateTimeOffset MadeAt, string Sha256, bool AsksConfirmation, ConfirmationBody? Confirmation, DateTimeOffset? NoticedAt)
{
    public static ReportSummaryBody Of(ReportSummary report) => new(report.Month, report.MadeAt, report.Sha256, report.AsksConfirmation, ConfirmationBody.Of(report.Confirmation), report.NoticedAt);
}

/// <summary>Somebody at the customer has checked the list.</summary>
/// <param name="WrittenBy">Whose API key wrote it down.</param>
public sealed record ConfirmationBody(string Who, string WrittenBy, DateTimeOffset At, string Remarks)
{
    public static ConfirmationBody? Of(ReportConfirmation? confirmation) => confirmation is null ? null : new(confirmation.Who, confirmation.WrittenBy, confirmation.At, confirmation.Remarks);
}

/// <summary>The customer has checked the list of a report.</summary>
/// <param name="Who">Who did, at the customer; required.</param>
/// <param name="Remarks">What he said of it; default nothing.</param>
public sealed record ConfirmationRequestBody(string? Who, string? Remarks);
