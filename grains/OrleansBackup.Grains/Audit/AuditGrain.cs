using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Runtime;
using OrleansBackup.Domain.Audit;
using OrleansBackup.Domain.Subscriptions;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Audit;
using OrleansBackup.Grains.Access;
using OrleansBackup.Grains.Subscriptions;
using OrleansBackup.Grains.Tenants;
using OrleansBackup.Vault;

namespace OrleansBackup.Grains.Audit;

/// <summary>The life of an audit book: it grows. Its newest entries stand in its own state; each time that is full, it becomes a part of its own and is never written again. What of it is an event is handed on, at least once.</summary>
internal sealed partial class AuditGrain(
    [PersistentState("audit", StateStores.Default)] IPersistentState<AuditBookState> storage, TenantEnds ends, TimeProvider time, ILogger<AuditGrain> log) : Grain, IAuditGrain
{
    /// <summary>So many entries are rewritten when one is added, at most. Stored by what it decided, so it never changes.</summary>
    public const int PartEntries = 64;

    private const int LargestPage = 1_000;

    private readonly StateKeeper<AuditBookState> _keeper = new(storage);

    private string Book => this.GetPrimaryKeyString();

    public async Task<AuditEntry> Append(AuditNote note, CancellationToken cancellation)
    {
        if (_keeper.State.Open.Length >= PartEntries)
        {
            // The part first: a crash in between leaves entries in both places, and the same write comes again.
            await Part(_keeper.State.Parts).Write(_keeper.State.Open, cancellation);
            await _keeper.ChangeAsync(state => state with { Parts = state.Parts + 1, Open = [] });
        }
        AuditEntry? entry = null;
        await _keeper.ChangeAsync(state =>
        {
            entry = AuditChain.Next(Book, new AuditEnd(state.Count, state.Hash), Latest(state), note.Actor, note.Act, note.Subject, note.Facts);
            // What is no event is told with its own writing, so that the mark costs nothing and stays near the end.
            var told = state.ToldUntil == state.Count && EventOf(entry) is null ? entry.Sequence : state.ToldUntil;
            return state with { Open = state.Open.Add(entry), Count = entry.Sequence, Hash = entry.Hash(), At = entry.At, Told = told };
        });
        // The book comes first: what cannot be handed over here stands in it all the same, and is handed over later.
        await TellAsync(cancellation);
        return entry!;
    }

    public Task Attend(CancellationToken cancellation) => TellAsync(cancellation);

    /// <summary>Hands over every event after the mark, the oldest first, and moves the mark. A crash in between hands some over again, and their ids drop them.</summary>
    private async Task TellAsync(CancellationToken cancellation)
    {
        var told = _keeper.State.ToldUntil;
        try
        {
            for (var part = told / PartEntries; told < _keeper.State.Count; part++)
                foreach (var entry in (await ReadAsync(_keeper.State, part, cancellation)).Where(entry => entry.Sequence > told))
                {
                    if (EventOf(entry) is { } happened)
                        await GrainFactory.PublishAsync(happened, cancellation);
                    told = entry.Sequence;
                }
        }
        catch (Exception exception) when (!cancellation.IsCancellationRequested)
        {
            LogNotTold(log, Book, told + 1, exception);
        }
        if (told > _keeper.State.ToldUntil)
            await _keeper.ChangeAsync(state => state with { Told = told });
    }

    private ServiceEvent? EventOf(AuditEntry entry) => AuditedEvents.Of(GrainKeys.ParseBook(Book), entry);

    public async Task<AuditPage> List(long? before, int limit, CancellationToken cancellation)
    {
        if (limit is < 1 or > LargestPage)
            throw new InvalidRequestException("limit", $"Ask for between 1 and {LargestPage} entries at once.");
        var state = _keeper.State;
        var entries = ImmutableArray.CreateBuilder<AuditEntry>();
        for (var sequence = Math.Min((before ?? long.MaxValue) - 1, state.Count); sequence > Deleted(state).Count && entries.Count < limit;)
        {
            var part = (sequence - 1) / PartEntries;
            foreach (var entry in (await ReadAsync(state, part, cancellation)).Where(entry => entry.Sequence <= sequence).OrderByDescending(entry => entry.Sequence).Take(limit - entries.Count))
                entries.Add(entry);
            sequence = part * PartEntries;
        }
        return new AuditPage(entries.ToImmutable(), entries.Count > 0 && entries[^1].Sequence > Deleted(state).Count + 1 ? entries[^1].Sequence : null);
    }

    public async IAsyncEnumerable<ReadOnlyMemory<byte>> Export([EnumeratorCancellation] CancellationToken cancellation)
    {
        var state = _keeper.State; // as it is now: what is added meanwhile stands behind the head
        for (var part = Deleted(state).Count / PartEntries; part <= state.Parts; part++)
        {
            var entries = await ReadAsync(state, part, cancellation);
            if (entries.Length > 0)
                yield return Lines(entries.Select(entry => entry.Line()));
        }
        yield return Lines([Head(state)]);
    }

    public async Task<AuditEnd?> FindDeletable(DateTimeOffset before, bool whole, CancellationToken cancellation)
    {
        var state = _keeper.State;
        if (whole)
            return state.Count > 0 && state.At < before ? new AuditEnd(state.Count, state.Hash) : null;
        AuditEnd? found = null;
        for (var part = Deleted(state).Count / PartEntries; part < state.Parts && (await Part(part).Read(cancellation))[^1] is var last && last.At < before; part++)
            found = new AuditEnd(last.Sequence, last.Hash());
        return found;
    }

    public async Task Delete(long entries, CancellationToken cancellation)
    {
        var state = _keeper.State;
        if (entries >= state.Count)
        {
            for (var part = state.PartsCleared; part < state.Parts; part++)
                await Part(part).Delete(cancellation);
            await _keeper.ClearAsync();
            return;
        }
        // The book first: nobody may look for a part that is gone. Those that a crash leaves are deleted by the next call.
        if (entries > Deleted(state).Count && entries % PartEntries == 0 && entries / PartEntries <= state.Parts)
        {
            var end = (await Part((entries / PartEntries) - 1).Read(cancellation))[^1];
            await _keeper.ChangeAsync(before => before with { Deleted = new AuditEnd(end.Sequence, end.Hash()) });
        }
        for (var part = _keeper.State.PartsCleared; part < Deleted(_keeper.State).Count / PartEntries; part++)
            await Part(part).Delete(cancellation);
        await _keeper.ChangeAsync(before => before with { PartsCleared = Deleted(before).Count / PartEntries });
    }

    private static AuditEnd Deleted(AuditBookState state) => state.Deleted ?? AuditEnd.Empty;

    private byte[] Head(AuditBookState state)
    {
        try
        {
            var head = new AuditHead(Book, state.Count, state.Hash, time.GetUtcNow(), ends.Signer.Fingerprint, state.Deleted);
            return head.Line(ends.Signer.Sign(head.Core()));
        }
        catch (VaultException exception)
        {
            throw VaultAccess.Translate(exception);
        }
    }

    private static byte[] Lines(IEnumerable<byte[]> lines) => [.. lines.SelectMany(line => line.Append((byte)'\n'))];

    private async Task<ImmutableArray<AuditEntry>> ReadAsync(AuditBookState state, long part, CancellationToken cancellation) =>
        part == state.Parts ? state.Open : await Part(part).Read(cancellation);

    /// <summary>Never before the last entry: the clock of another machine may go behind.</summary>
    private DateTimeOffset Latest(AuditBookState state) => time.GetUtcNow() is var now && now < state.At ? state.At.Value : now;

    private IAuditPartGrain Part(long part) => GrainFactory.GetGrain<IAuditPartGrain>(GrainKeys.OfAuditPart(Book, part));

    [LoggerMessage(2725, LogLevel.Error, "Entry {Sequence} of the audit book {Book} could not be handed to its subscriptions; it is handed over with the next entry, or within the hour")]
    private static partial void LogNotTold(ILogger log, string book, long sequence, Exception exception);
}
