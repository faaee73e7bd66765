using System.IO.Compression;
using System.Text;
using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Runtime;
using OrleansBackup.Domain.Calendar;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Notices;
using OrleansBackup.Domain.Reports;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Notices;
using OrleansBackup.GrainInterfaces.Reports;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.Grains.Checks;
using OrleansBackup.Grains.Ledger;
using OrleansBackup.Vault;

namespace OrleansBackup.Grains.Reports;

/// <summary>The life of one month's report: looked at while the month goes on, frozen once it is over, told of, confirmed.</summary>
internal sealed partial class MonthlyReportGrain(
    [PersistentState("monthly-report", StateStores.Default)] IPersistentState<MonthlyReportState> storage,
    ReportBuilder builder, IReportRenderer renderer, CheckServices services, Ledgers ledgers, TimeProvider time, ILogger<MonthlyReportGrain> log) : Grain, IMonthlyReportGrain
{
    private readonly StateKeeper<MonthlyReportState> _keeper = new(storage);

    private TenantId Tenant => GrainKeys.ParseReport(this.GetPrimaryKeyString()).Tenant;

    private CalendarMonth Month => GrainKeys.ParseReport(this.GetPrimaryKeyString()).Month;

    private MonthlyReportState State => _keeper.State;

    public async Task Make(CancellationToken cancellation)
    {
        if (State.Summary is null)
        {
            if (time.GetUtcNow() < Month.Ends(services.Calendar))
                throw new NotPossibleNowException($"The month {Month} is not over; its report is frozen when it is.");
            var frozen = FrozenReport.Of(await builder.BuildAsync(GrainFactory, Tenant, Month, await BeforeAsync(cancellation), cancellation));
            var report = frozen.Thaw();
            await KeepAsync(frozen.Text, new ReportSummary(report.Month, report.MadeAt, frozen.Sha256, report.AsksConfirmation, null, null), cancellation);
            LogFrozen(log, Tenant, report.Month, frozen.Sha256);
        }
        if (State.Summary is { NoticedAt: null } summary)
        {
            // Under one key, so that a crash after it tells nobody twice; the key is given back once this grain knows that it told.
            var key = $"report/{summary.Month}";
            await GrainFactory.NoticeBook(Tenant).Raise(new NoticeMatter(NoticeKind.ReportReady, key, Announcement(summary), [], null), cancellation);
            await ChangeAsync(known => known with { NoticedAt = time.GetUtcNow() }, cancellation);
            await GrainFactory.NoticeBook(Tenant).End(key, cancellation);
        }
    }

    public async Task<ReportReading> Read(CancellationToken cancellation)
    {
        if (State.Summary is { } summary)
            return new ReportReading(Unpack(State.Packed), summary.Sha256, summary);
        var overview = await GrainFactory.Tenant(Tenant).GetOverview(cancellation);
        if (time.GetUtcNow() < Month.Begins(services.Calendar) || overview.OnboardedAt >= Month.Ends(services.Calendar))
            throw new NotFoundException($"Of {Month} there is no report: the month lies ahead, or before this tenant's first.");
        if (time.GetUtcNow() >= Month.Ends(services.Calendar))
            throw new NotFoundException($"The report of {Month} is not made yet; it is made on the first day after the month.");
        var draft = FrozenReport.Of(await builder.BuildAsync(GrainFactory, Tenant, Month, await BeforeAsync(cancellation), cancellation));
        return new ReportReading(draft.Text, draft.Sha256, null);
    }

    public async Task<ReportDocument> ReadDocument(ReportForm form, NoticeLanguage language, CancellationToken cancellation)
    {
        if (State.Summary is { } summary)
            return new ReportDocument((await DocumentsAsync(cancellation)).In(form, language), summary.Sha256, summary.MadeAt);
        var draft = await Read(cancellation);
        var report = new FrozenReport(draft.Text, draft.Sha256).Thaw();
        return new ReportDocument(renderer.Render(report, form, language), draft.Sha256, report.MadeAt);
    }

    public Task<ReportSummary?> GetSummary(CancellationToken cancellation) => Task.FromResult(State.Summary);

    public async Task<ReportSummary> Confirm(string who, string by, string remarks, CancellationToken cancellation)
    {
        if (string.IsNullOrWhiteSpace(who))
            throw new InvalidRequestException("who", "Say who at the customer has checked the list.");
        if (State.Summary is null)
            throw new NotPossibleNowException($"The report of {Month} is not frozen yet: what would be confirmed still changes.");
        await ChangeAsync(known => known.Confirmation is null ? known with { Confirmation = new ReportConfirmation(who.Trim(), by, time.GetUtcNow(), remarks) } : known, cancellation);
        return State.Summary;
    }

    public async Task Forget(CancellationToken cancellation)
    {
        if (_keeper.Exists)
            await _keeper.ClearAsync();
    }

    private async Task<MonthlyReport?> BeforeAsync(CancellationToken cancellation) =>
        await GrainFactory.MonthlyReport(Tenant, Month.Previous).GetSummary(cancellation) is not { } before ? null
            : await GrainFactory.MonthlyReport(Tenant, Month.Previous).Read(cancellation) is var reading ? new FrozenReport(reading.Text, before.Sha256).Thaw() : null;

    private BothLanguages Announcement(ReportSummary summary)
    {
        var (nl, en) = (new ReportFormat(NoticeLanguage.Nl, services.Calendar).Month(summary.Month), new ReportFormat(NoticeLanguage.En, services.Calendar).Month(summary.Month));
        return summary.AsksConfirmation
            ? new($"de rapportage over {nl} staat klaar. Controleer de lijst en bevestig haar: wat er niet in staat, is niet meegenomen in de backup", $"the report of {en} is ready. Check the list and confirm it: what is not in it is not in the backup")
            : new($"de rapportage over {nl} staat klaar", $"the report of {en} is ready");
    }

    public async Task Recover(string text, ReportSummary summary, CancellationToken cancellation)
    {
        if (FrozenReport.OfText(text).Sha256 != summary.Sha256)
            throw new InvalidRequestException("text", $"The report of {Month} is not the one that was frozen.");
        if (State.Summary is null)
            await _keeper.ChangeAsync(state => state with { Packed = Pack(text), Summary = summary });
    }

    public async Task EnterLedger(CancellationToken cancellation)
    {
        if (State.Summary is not { } summary)
            return;
        if (await ledgers.ReadAsync(Tenant, LedgerNames.Report(Month), cancellation) is null)
            await ledgers.EnterAsync(Tenant, LedgerNames.Report(Month), Unpack(State.Packed), cancellation);
        var documents = LedgerJson.Write(await DocumentsAsync(cancellation));
        if (await ledgers.ReadAsync(Tenant, LedgerNames.ReportDocuments(Month), cancellation) is null)
            await ledgers.EnterAsync(Tenant, LedgerNames.ReportDocuments(Month), documents, cancellation);
        await ledgers.ReplaceAsync(Tenant, LedgerNames.ReportNotes(Month), LedgerJson.Write(summary), cancellation);
    }

    /// <summary>Beside the backups first: what is told of outlives the database. A report that was frozen before a crash is the one that counts.</summary>
    private async Task KeepAsync(string text, ReportSummary summary, CancellationToken cancellation)
    {
        try
        {
            await ledgers.EnterAsync(Tenant, LedgerNames.Report(Month), text, cancellation);
        }
        catch (DocumentTakenException)
        {
            var frozen = await ledgers.ReadAsync(Tenant, LedgerNames.Report(Month), cancellation);
            var (kept, report) = (FrozenReport.OfText(text = frozen!.Text), FrozenReport.OfText(text).Thaw());
            summary = new ReportSummary(report.Month, report.MadeAt, kept.Sha256, report.AsksConfirmation, null, null);
        }
        var documents = await FreezeDocumentsAsync(FrozenReport.OfText(text).Thaw(), cancellation);
        await ledgers.ReplaceAsync(Tenant, LedgerNames.ReportNotes(Month), LedgerJson.Write(summary), cancellation);
        await _keeper.ChangeAsync(state => state with { Packed = Pack(text), Documents = Pack(documents), Summary = summary });
    }

    /// <summary>Also of a month that was frozen before documents were, or that came back after the loss of the database.</summary>
    private async Task<FrozenDocuments> DocumentsAsync(CancellationToken cancellation)
    {
        if (State.Documents.Length == 0)
        {
            var documents = await FreezeDocumentsAsync(FrozenReport.OfText(Unpack(State.Packed)).Thaw(), cancellation);
            await _keeper.ChangeAsync(state => state with { Documents = Pack(documents) });
        }
        return LedgerJson.Read<FrozenDocuments>(Unpack(State.Documents));
    }

    /// <summary>Those that were entered first are the ones that count, whichever release made them.</summary>
    private async Task<string> FreezeDocumentsAsync(MonthlyReport report, CancellationToken cancellation)
    {
        if (await ledgers.ReadAsync(Tenant, LedgerNames.ReportDocuments(Month), cancellation) is { } kept)
            return kept.Text;
        var documents = LedgerJson.Write(FrozenDocuments.Of(report, renderer));
        try
        {
            await ledgers.EnterAsync(Tenant, LedgerNames.ReportDocuments(Month), documents, cancellation);
            return documents;
        }
        catch (DocumentTakenException)
        {
            return (await ledgers.ReadAsync(Tenant, LedgerNames.ReportDocuments(Month), cancellation))!.Text;
        }
    }

    private async Task ChangeAsync(Func<ReportSummary, ReportSummary> change, CancellationToken cancellation)
    {
        var after = change(State.Summary!);
        await ledgers.ReplaceAsync(Tenant, LedgerNames.ReportNotes(Month), LedgerJson.Write(after), cancellation);
        await _keeper.ChangeAsync(state => state with { Summary = after });
    }

    // Some hundred bytes a resource as text; a tenth of that in the row.
    private static byte[] Pack(string text)
    {
        using var packed = new MemoryStream();
        using (var brotli = new BrotliStream(packed, CompressionLevel.Optimal))
            brotli.Write(Encoding.UTF8.GetBytes(text));
        return packed.ToArray();
    }

    private static string Unpack(byte[] packed)
    {
        using var brotli = new BrotliStream(new MemoryStream(packed), CompressionMode.Decompress);
        using var reader = new StreamReader(brotli, Encoding.UTF8);
        return reader.ReadToEnd();
    }

    [LoggerMessage(2821, LogLevel.Information, "The report of tenant {Tenant} over {Month} is frozen: {Sha256}")]
    private static partial void LogFrozen(ILogger log, TenantId tenant, string month, string sha256);
}

/// <summary>One frozen report. Additive: a field, once written, keeps its meaning.</summary>
[GenerateSerializer, Immutable, Alias("monthly-report-state")]
internal sealed record MonthlyReportState : StoredState
{
    /// <summary>Brotli over the JSON.</summary>
    [Id(0)] public byte[] Packed { get; init; } = [];

    /// <summary>Null: it was not made.</summary>
    [Id(1)] public ReportSummary? Summary { get; init; }

    /// <summary>Brotli over the JSON of <see cref="FrozenDocuments"/>. Empty: frozen before documents were kept, and none was asked for since.</summary>
    [Id(2)] public byte[] Documents { get; init; } = [];
}
