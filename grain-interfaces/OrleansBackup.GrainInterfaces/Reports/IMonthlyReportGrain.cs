using Orleans;
using Orleans.Concurrency;
using OrleansBackup.Domain.Notices;

namespace OrleansBackup.GrainInterfaces.Reports;

/// <summary>The report of one tenant over one month: made once after the month, frozen, told of, and confirmed by the customer where a selection asks for it.</summary>
/// <remarks>Key: <see cref="GrainKeys.OfReport"/>. Documents are made from its frozen text; it never changes.</remarks>
[Alias("monthly-report")]
public interface IMonthlyReportGrain : IGrainWithStringKey
{
    /// <summary>Makes and freezes the report if its month is over and it was not made yet, and tells the contacts. Safe to repeat; answers when it is done.</summary>
    [ResponseTimeout("00:10:00"), Alias("make")]
    Task Make(CancellationToken cancellation);

    /// <summary>The frozen report, or how the report of the present month looks so far, which is not kept.</summary>
    /// <exception cref="NotFoundException">The month lies ahead, or before the tenant's first.</exception>
    [AlwaysInterleave, ResponseTimeout("00:10:00"), Alias("read")]
    Task<ReportReading> Read(CancellationToken cancellation);

    /// <summary>The report as a document. That of a frozen month is kept as it was first made: it comes out the same, byte for byte, whatever makes documents in later releases.</summary>
    /// <exception cref="NotFoundException">The month lies ahead, or before the tenant's first.</exception>
    [ResponseTimeout("00:10:00"), Alias("read-document")]
    Task<ReportDocument> ReadDocument(ReportForm form, NoticeLanguage language, CancellationToken cancellation);

    /// <summary>What is known of it without its text. Null: it was not made.</summary>
    [AlwaysInterleave, Alias("get-summary")]
    Task<ReportSummary?> GetSummary(CancellationToken cancellation);

    /// <summary>The customer has checked the list. The first confirmation stays.</summary>
    /// <param name="who">Who confirmed it at the customer.</param>
    /// <param name="by">Who wrote that down.</param>
    /// <exception cref="InvalidRequestException">Nobody is named.</exception>
    /// <exception cref="NotPossibleNowException">The report is not frozen yet.</exception>
    [Alias("confirm")]
    Task<ReportSummary> Confirm(string who, string by, string remarks, CancellationToken cancellation);

    /// <summary>Forgets it, at the end of the tenant. Safe to repeat.</summary>
    [Alias("forget")]
    Task Forget(CancellationToken cancellation);

    /// <summary>After the loss of the database: takes the frozen report over, unless this month has one. Safe to repeat.</summary>
    /// <exception cref="InvalidRequestException">The text is not the one that the summary names.</exception>
    [Alias("recover")]
    Task Recover(string text, ReportSummary summary, CancellationToken cancellation);

    /// <summary>Enters a report that was frozen before the ledger was there. Safe to repeat.</summary>
    [Alias("enter-ledger")]
    Task EnterLedger(CancellationToken cancellation);
}

/// <param name="Sha256">Of the text.</param>
/// <param name="NoticedAt">When the contacts were told; null: not yet.</param>
[GenerateSerializer, Immutable, Alias("report-summary")]
public sealed record ReportSummary(
    [property: Id(0)] string Month,
    [property: Id(1)] DateTimeOffset MadeAt,
    [property: Id(2)] string Sha256,
    [property: Id(3)] bool AsksConfirmation,
    [property: Id(4)] ReportConfirmation? Confirmation,
    [property: Id(5)] DateTimeOffset? NoticedAt);

/// <param name="Text">JSON of the report.</param>
/// <param name="Summary">Null: its month is not over, and it changes still.</param>
[GenerateSerializer, Immutable, Alias("report-reading")]
public sealed record ReportReading([property: Id(0)] string Text, [property: Id(1)] string Sha256, [property: Id(2)] ReportSummary? Summary);

/// <summary>What a report can be read as. Paper is printed from the page.</summary>
public enum ReportForm
{
    /// <summary>HTML.</summary>
    Page = 1,

    /// <summary>CSV.</summary>
    Sheet = 2,
}

/// <param name="Sha256">Of the report's data, not of this document.</param>
/// <param name="MadeAt">When the report was made.</param>
[GenerateSerializer, Immutable, Alias("report-document")]
public sealed record ReportDocument([property: Id(0)] string Text, [property: Id(1)] string Sha256, [property: Id(2)] DateTimeOffset MadeAt);

/// <summary>Who checked the list, and when.</summary>
[GenerateSerializer, Immutable, Alias("report-confirmation")]
public sealed record ReportConfirmation([property: Id(0)] string Who, [property: Id(1)] string WrittenBy, [property: Id(2)] DateTimeOffset At, [property: Id(3)] string Remarks);
