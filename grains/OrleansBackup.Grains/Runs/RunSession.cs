using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Runs;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.Grains.Budget;
using OrleansBackup.Grains.Resources;
using OrleansBackup.Vault;

namespace OrleansBackup.Grains.Runs;

/// <summary>What the parts of one run share: the vault's writer, the board, the checkpoint, the warnings, and when a segment is committed.</summary>
/// <remarks>The writer takes one caller at a time, but for <see cref="RunWriter.StoreAsync(Stream, CancellationToken)"/>; so parts run one after the other.</remarks>
internal sealed partial class RunSession
{
    private const int WarningsKept = 100;

    private readonly ILogger _log;
    private readonly RequestMeter _meter = RequestMeter.Begin();
    private readonly Dictionary<string, string> _sections;
    private readonly Dictionary<string, Func<string>> _live = new(StringComparer.Ordinal);
    private readonly ImmutableArray<string>.Builder _warnings = ImmutableArray.CreateBuilder<string>();
    private ImmutableSortedDictionary<string, string> _details = ImmutableSortedDictionary<string, string>.Empty;
    private DateTimeOffset _committedAt;

    public RunSession(RunRequest request, RunWriter writer, RunBoard board, RunOptions options, TimeProvider time, ILogger<RunSession> log)
    {
        (Request, Writer, Board, Options, Time, _log) = (request, writer, board, options, time, log);
        _sections = new Dictionary<string, string>(RunCheckpoint.Parse(writer.Checkpoint), StringComparer.Ordinal);
        _committedAt = time.GetUtcNow();
        writer.Distrust(request.ToHeal.Contents);
    }

    public RunRequest Request { get; }

    public RunWriter Writer { get; }

    public RunBoard Board { get; }

    public RunOptions Options { get; }

    public TimeProvider Time { get; }

    /// <summary>How far the part had come in the newest segment; null: it begins.</summary>
    public string? CheckpointOf(string part) => _sections.GetValueOrDefault(part);

    /// <summary>Asked at each commit from now on for how far the part has come.</summary>
    public void KeepCheckpoint(string part, Func<string> current) => _live[part] = current;

    /// <summary>The part's own debt list.</summary>
    public DebtBook DebtsOf(string part) => new(part, Writer, Options, Time);

    /// <summary>Items of the part to download again whatever the marks say, because their stored bytes are damaged.</summary>
    public ImmutableArray<string> ToHealOf(string part) => [.. Request.ToHeal.Items.Where(id => ItemIds.PartOf(id) == part)];

    /// <summary>Writes a detail into the point.</summary>
    public void Note(string key, string value) => _details = _details.SetItem(key, value);

    /// <summary>The part is not in the point; the run goes on without it and says so.</summary>
    public void Lack(string part, string reason)
    {
        Note(PointDetails.Lacks + part, reason);
        Warn($"This restore point lacks {part}: {reason}");
    }

    public void Warn(string warning)
    {
        if (_warnings.Count < WarningsKept)
            _warnings.Add(warning);
        LogWarning(_log, Request.Resource, warning);
    }

    /// <summary>Tells the board how many bytes Microsoft 365 says there are, if this is the first backup; what an interrupted one has stored already is none of this run's.</summary>
    /// <param name="usedBytes">Null: it does not say.</param>
    public async Task ExpectBytesAsync(long? usedBytes, CancellationToken cancellation)
    {
        if (Writer.Previous is not null || usedBytes is not { } bytes)
            return;
        if (Writer.Resumed)
            foreach (var kind in new[] { ItemKinds.File, ItemKinds.Transfer })
                await foreach (var item in Writer.ItemsAsync(new ItemFilter(kind, null), cancellation))
                    bytes -= item.Size;
        Board.Update(progress => progress with { BytesExpected = Math.Max(0, bytes) });
    }

    /// <summary>Commits a segment once there is enough for one, or the process is to end.</summary>
    /// <exception cref="OperationCanceledException">The process is to end; all of it is committed.</exception>
    public async Task CommitWhenDueAsync(CancellationToken cancellation)
    {
        if (!Request.HandOver.IsCancellationRequested && Writer.PendingChanges < Options.SegmentChanges && Writer.PendingBytes < Options.SegmentBytes
            && Time.GetUtcNow() - _committedAt < TimeSpan.FromSeconds(Options.SegmentSeconds))
            return;
        if (Writer.PendingChanges > 0)
        {
            await Writer.CommitSegmentAsync(Checkpoint(), cancellation);
            Board.Update(progress => progress with { Counts = Metered(progress.Counts) with { Segments = progress.Counts.Segments + 1 } });
        }
        _committedAt = Time.GetUtcNow();
        Request.HandOver.ThrowIfCancellationRequested();
    }

    public async Task<RunResult> SealAsync(CancellationToken cancellation)
    {
        Board.Step("Sealing the restore point");
        await ForgetTransfersAsync(cancellation);
        long debts = 0;
        await foreach (var _ in Writer.ItemsAsync(new ItemFilter(ItemKinds.Debt, null), cancellation))
            debts++;
        Board.Update(progress => progress with { Counts = Metered(progress.Counts) with { Failed = debts, Segments = progress.Counts.Segments + 1 } });
        var outcome = debts > 0 || _warnings.Count > 0 ? RunOutcome.SucceededWithWarnings : RunOutcome.Succeeded;
        var point = await Writer.SealAsync(Checkpoint(), _details.SetItem(PointDetails.Outcome, outcome.ToString()), cancellation);
        return new RunResult(point, outcome, _warnings.ToImmutable()) { Mark = Writer.Mark, GoneRound = [.. Writer.GoneRound] };
    }

    /// <summary>What is still half downloaded was given up: no point shows half a file.</summary>
    private async Task ForgetTransfersAsync(CancellationToken cancellation)
    {
        var left = new List<string>();
        await foreach (var transfer in Writer.ItemsAsync(new ItemFilter(ItemKinds.Transfer, null), cancellation))
            left.Add(transfer.Id);
        foreach (var id in left)
            await Writer.RemoveAsync(id, cancellation);
    }

    private string Checkpoint()
    {
        foreach (var (part, current) in _live)
            _sections[part] = current();
        return RunCheckpoint.Write(_sections);
    }

    private RunCounts Metered(RunCounts counts)
    {
        Board.Waited = _meter.Waited;
        return counts with { Requests = _meter.Requests, Throttled = _meter.Throttled };
    }

    [LoggerMessage(2201, LogLevel.Warning, "Run over {Resource}: {Warning}")]
    private static partial void LogWarning(ILogger log, ResourceId resource, string warning);
}
