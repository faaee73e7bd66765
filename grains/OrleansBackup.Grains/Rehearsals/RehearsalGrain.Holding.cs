using System.Collections.Immutable;
using System.Text;
using OrleansBackup.Domain.Audit;
using OrleansBackup.Domain.Evidence;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Invoicing;
using OrleansBackup.Domain.Rehearsals;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Audit;
using OrleansBackup.GrainInterfaces.Billing;
using OrleansBackup.GrainInterfaces.Rehearsals;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.GrainInterfaces.Tenants;
using OrleansBackup.Vault;

namespace OrleansBackup.Grains.Rehearsals;

/// <summary>How a rehearsal is held: look what there is, draw, bring back one item after the other, sign.</summary>
internal sealed partial class RehearsalGrain
{
    private const int LinesOfPage = 1_000, ResourcesAtOnce = 4, ResourcesAPage = 500;

    private async Task HoldAsync(CancellationToken cancellation)
    {
        if (Open is { Stage: RehearsalStage.Inventory })
            await DrawAsync(cancellation);
        while (Open is { Stage: RehearsalStage.Reading } && State.Done.Length < State.Drawn.Length)
        {
            var drawn = State.Drawn[State.Done.Length];
            var trial = Trial(State.Done.Length);
            var item = await TryAsync(trial, drawn, cancellation);
            cancellation.ThrowIfCancellationRequested(); // what failed because the process ends says nothing
            await _keeper.ChangeAsync(state => WithItem(state, item));
            await trial.Settle(cancellation); // one that is cut off here keeps a few bytes, and owes nothing
        }
        if (Open is { Stage: RehearsalStage.Reading } going)
            await SignAsync(going, cancellation);
        await this.ForgetReminderAsync(Hold);
    }

    private async Task DrawAsync(CancellationToken cancellation)
    {
        var (lines, unreached) = (new List<InventoryLine>(), new List<UnreachedResource>());
        ImmutableArray<TenantId> tenants = IsEstate ? [.. (await GrainFactory.Provider().ListTenants(cancellation)).Select(tenant => tenant.Tenant)] : [TenantId.Parse(Book)];
        foreach (var tenant in tenants)
            await AddAsync(tenant, lines, unreached, cancellation);
        lines.Sort((one, other) => string.CompareOrdinal($"{one.Tenant}/{one.Resource}/{one.Point:d19}", $"{other.Tenant}/{other.Resource}/{other.Point:d19}"));
        var pages = lines.Chunk(LinesOfPage).ToArray();
        for (var page = 0; page < pages.Length; page++)
            await Page(Open!.Name, Number(page)).Write([.. pages[page].Select(line => Encoding.UTF8.GetString(line.Line()))], cancellation);
        var root = InventoryRoot.Of(lines);
        var drawn = RehearsalDraw.Draw(RehearsalDraw.Seed(State.LastRecord, root), lines, Open!.Minimum);
        await ChangeAsync(one => one with
        {
            Stage = RehearsalStage.Reading, InventoryRoot = root, InventoryLines = lines.Count, InventoryPages = pages.Length, Drawn = drawn.Length, Unreached = unreached.Count,
        }, state => state with { Drawn = drawn, Done = [], Unreached = [.. unreached] });
    }

    private async Task AddAsync(TenantId tenant, List<InventoryLine> lines, List<UnreachedResource> unreached, CancellationToken cancellation)
    {
        string? after = null;
        do
        {
            var page = await GrainFactory.Tenant(tenant).ListResources(after, ResourcesAPage, cancellation);
            foreach (var some in page.Resources.Where(listing => listing.Health is not null).Chunk(ResourcesAtOnce))
                foreach (var (own, reason, listing) in await Task.WhenAll(some.Select(listing => LinesOfAsync(listing, cancellation))))
                {
                    lines.AddRange(own);
                    if (reason is not null)
                        unreached.Add(new(tenant.ToString(), listing.Resource.LocalName, reason));
                }
            after = page.Next;
        }
        while (after is not null);
    }

    private async Task<(ImmutableArray<InventoryLine> Lines, string? Reason, ResourceListing Listing)> LinesOfAsync(ResourceListing listing, CancellationToken cancellation)
    {
        try
        {
            return ([.. (await GrainFactory.Resource(listing.Resource).ListForRehearsal(State.LastRecord, cancellation)).Where(point => !point.Kinds.IsEmpty).Select(point => new InventoryLine(
                listing.Resource.Tenant.ToString(), listing.Resource.LocalName, listing.Purpose, point.Sequence, point.Age, EvidenceTime.Cut(point.SealedAt), point.Kinds) { At = point.At, Of = point.Of })],
                null, listing);
        }
        catch (ServiceException exception)
        {
            LogUnreached(log, Book, listing.Resource, exception);
            return ([], exception.Message, listing);
        }
    }

    /// <summary>Asks again where a call took longer than a call may: a trial is held once, whoever asks.</summary>
    private async Task<RehearsedItem> TryAsync(IRehearsalTrialGrain trial, DrawnItem drawn, CancellationToken cancellation)
    {
        try
        {
            return await ClusterFault.OutlastAsync(() => trial.Try(drawn, cancellation), time, cancellation);
        }
        catch (ServiceException exception) when (!cancellation.IsCancellationRequested)
        {
            return new RehearsedItem(drawn, RehearsalWay.Read, null, 0, null, null, null, exception.Message) { WayReason = "It could not be tried." };
        }
    }

    private IRehearsalTrialGrain Trial(int number) => GrainFactory.GetGrain<IRehearsalTrialGrain>(GrainKeys.OfTrial(Book, State.Rehearsals[0].Name, number));

    private async Task SignAsync(RehearsalListing going, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var record = new RehearsalRecord(Book, going.Name, going.Ordered.Who, State.LastRecord, going.InventoryRoot!, going.InventoryLines, going.Minimum,
            going.Ordered.At, now, State.Done, ends.Signer.Fingerprint) { Unreached = State.Unreached };
        var core = record.Core();
        // The page first: the state names its hash, so the record has to be there when it does. An attempt that was cut off writes it anew.
        await Page(going.Name, Record).Write([Encoding.UTF8.GetString(core), Convert.ToBase64String(ends.Signer.Sign(core))], cancellation);
        var hash = RehearsalRecord.HashOf(core);
        await CloseWorkAsync(going, now, cancellation);
        await ChangeAsync(one => one with { Stage = RehearsalStage.Done, EndedAt = now, RecordHash = hash }, state => state with { LastRecord = hash, Drawn = [], Done = [], Unreached = [], Problem = null });
        var book = IsEstate ? GrainFactory.ProviderAudit() : GrainFactory.Audit(TenantId.Parse(Book));
        await book.NoteAsync(AuditActs.Service, AuditActs.Rehearsed, $"rehearsals/{going.Name}", cancellation, ("record", hash), ("same", $"{going.Same}"), ("restored", $"{going.Restored}"), ("failed", $"{going.Failed}"));
        LogHeld(log, Book, going.Name, going.Same, going.Failed);
    }

    /// <summary>Its duration is what it took. An attempt that was cut off after this has closed it already.</summary>
    private async Task CloseWorkAsync(RehearsalListing going, DateTimeOffset now, CancellationToken cancellation)
    {
        if (going.WorkOrder is not { } order)
            return;
        var book = GrainFactory.GetGrain<IWorkOrderBookGrain>(Book);
        var minutes = (int)Math.Clamp(Math.Ceiling((now - going.Ordered.At).TotalMinutes), 0, WorkClosing.MostMinutes);
        if ((await book.List(cancellation)).Any(known => known.Id == order && known.Closing is null))
            await book.Close(order, minutes, delivered: true, cancellation);
    }

    private static RehearsalState WithItem(RehearsalState state, RehearsedItem item) => state with
    {
        Done = state.Done.Add(item),
        Rehearsals = state.Rehearsals.SetItem(0, state.Rehearsals[0] with
        {
            Same = state.Rehearsals[0].Same + (item.IsSame ? 1 : 0), Failed = state.Rehearsals[0].Failed + (item.IsSame ? 0 : 1),
            Restored = state.Rehearsals[0].Restored + (item.Way == RehearsalWay.Read ? 0 : 1),
        }),
    };

    private Task ChangeAsync(Func<RehearsalListing, RehearsalListing> change, Func<RehearsalState, RehearsalState> also) =>
        _keeper.ChangeAsync(state => also(state with { Rehearsals = state.Rehearsals.SetItem(0, change(state.Rehearsals[0])) }));

    private Task FailedAsync(Exception exception)
    {
        LogInterrupted(log, Book, Open?.Name ?? "", exception);
        return _keeper.ChangeAsync(state => state with { Problem = LongJob.Tell(exception) });
    }
}
