using System.Collections.Immutable;
using System.Text;
using OrleansBackup.Domain.Audit;
using OrleansBackup.Domain.Evidence;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Rehearsals;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Audit;
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
            var item = await BringBackAsync(drawn, cancellation);
            cancellation.ThrowIfCancellationRequested(); // what failed because the process ends says nothing
            await _keeper.ChangeAsync(state => WithItem(state, item));
        }
        if (Open is { Stage: RehearsalStage.Reading } going)
            await SignAsync(going, cancellation);
        await this.ForgetReminderAsync(Hold);
    }

    private async Task DrawAsync(CancellationToken cancellation)
    {
        var (lines, unreached) = (new List<InventoryLine>(), 0);
        ImmutableArray<TenantId> tenants = IsEstate ? [.. (await GrainFactory.Provider().ListTenants(cancellation)).Select(tenant => tenant.Tenant)] : [TenantId.Parse(Book)];
        foreach (var tenant in tenants)
            unreached += await AddAsync(tenant, lines, cancellation);
        lines.Sort((one, other) => string.CompareOrdinal($"{one.Tenant}/{one.Resource}/{one.Point:d19}", $"{other.Tenant}/{other.Resource}/{other.Point:d19}"));
        var pages = lines.Chunk(LinesOfPage).ToArray();
        for (var page = 0; page < pages.Length; page++)
            await Page(Open!.Name, Number(page)).Write([.. pages[page].Select(line => Encoding.UTF8.GetString(line.Line()))], cancellation);
        var root = InventoryRoot.Of(lines);
        var drawn = RehearsalDraw.Draw(RehearsalDraw.Seed(State.LastRecord, root), lines, Open!.Minimum);
        await ChangeAsync(one => one with
        {
            Stage = RehearsalStage.Reading, InventoryRoot = root, InventoryLines = lines.Count, InventoryPages = pages.Length, Drawn = drawn.Length, Unreached = unreached,
        }, state => state with { Drawn = drawn, Done = [] });
    }

    /// <returns>How many resources could not be asked.</returns>
    private async Task<int> AddAsync(TenantId tenant, List<InventoryLine> lines, CancellationToken cancellation)
    {
        var (after, unreached) = ((string?)null, 0);
        do
        {
            var page = await GrainFactory.Tenant(tenant).ListResources(after, ResourcesAPage, cancellation);
            foreach (var some in page.Resources.Where(listing => listing.Health is not null).Chunk(ResourcesAtOnce))
                foreach (var found in await Task.WhenAll(some.Select(listing => LinesOfAsync(listing, cancellation))))
                    if (found is { } own)
                        lines.AddRange(own);
                    else
                        unreached++;
            after = page.Next;
        }
        while (after is not null);
        return unreached;
    }

    private async Task<ImmutableArray<InventoryLine>?> LinesOfAsync(ResourceListing listing, CancellationToken cancellation)
    {
        try
        {
            return [.. (await GrainFactory.Resource(listing.Resource).ListForRehearsal(cancellation)).Where(point => !point.Kinds.IsEmpty).Select(point => new InventoryLine(
                listing.Resource.Tenant.ToString(), listing.Resource.LocalName, listing.Purpose, point.Sequence, point.Age, EvidenceTime.Cut(point.SealedAt), point.Kinds))];
        }
        catch (ServiceException exception)
        {
            LogUnreached(log, Book, listing.Resource, exception);
            return null;
        }
    }

    private async Task<RehearsedItem> BringBackAsync(DrawnItem drawn, CancellationToken cancellation)
    {
        try
        {
            return ResourceId.TryParseLocalName(TenantId.Parse(drawn.Tenant), drawn.Resource, out var resource)
                ? await GrainFactory.Resource(resource).Rehearse(drawn, cancellation)
                : throw new NotFoundException($"'{drawn.Resource}' is no resource.");
        }
        catch (Exception exception) when (exception is ServiceException or VaultException && !cancellation.IsCancellationRequested)
        {
            return new RehearsedItem(drawn, RehearsalWay.Read, null, 0, null, null, null, exception.Message);
        }
    }

    private async Task SignAsync(RehearsalListing going, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var record = new RehearsalRecord(Book, going.Name, going.Ordered.Who, State.LastRecord, going.InventoryRoot!, going.InventoryLines, going.Minimum,
            going.Ordered.At, now, State.Done, ends.Signer.Fingerprint);
        var core = record.Core();
        // The page first: the state names its hash, so the record has to be there when it does. An attempt that was cut off writes it anew.
        await Page(going.Name, Record).Write([Encoding.UTF8.GetString(core), Convert.ToBase64String(ends.Signer.Sign(core))], cancellation);
        var hash = RehearsalRecord.HashOf(core);
        await ChangeAsync(one => one with { Stage = RehearsalStage.Done, EndedAt = now, RecordHash = hash }, state => state with { LastRecord = hash, Drawn = [], Done = [], Problem = null });
        var book = IsEstate ? GrainFactory.ProviderAudit() : GrainFactory.Audit(TenantId.Parse(Book));
        await book.NoteAsync(AuditActs.Service, AuditActs.Rehearsed, $"rehearsals/{going.Name}", cancellation, ("record", hash), ("same", $"{going.Same}"), ("failed", $"{going.Failed}"));
        LogHeld(log, Book, going.Name, going.Same, going.Failed);
    }

    private static RehearsalState WithItem(RehearsalState state, RehearsedItem item) => state with
    {
        Done = state.Done.Add(item),
        Rehearsals = state.Rehearsals.SetItem(0, state.Rehearsals[0] with
        {
            Same = state.Rehearsals[0].Same + (item.IsSame ? 1 : 0), Failed = state.Rehearsals[0].Failed + (item.IsSame ? 0 : 1),
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
