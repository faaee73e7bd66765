using System.Collections.Immutable;
using Orleans;
using Orleans.Runtime;
using OrleansBackup.Domain.Audit;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Openings;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Audit;
using OrleansBackup.GrainInterfaces.Openings;
using OrleansBackup.GrainInterfaces.Resources;

namespace OrleansBackup.Grains.Openings;

/// <summary>The life of a tenant's openings: made by somebody for a reason, used, over. What is over is found when a program asks, and by a reminder when none does.</summary>
internal sealed class OpeningBookGrain(
    [PersistentState("openings", StateStores.Default)] IPersistentState<OpeningBookState> storage, TimeProvider time) : Grain, IOpeningBookGrain, IRemindable
{
    private const string Ends = "ends";
    private static readonly TimeSpan Tick = TimeSpan.FromMinutes(5);

    /// <summary>A point that goes is noticed so much later at most; asking for each request would be most of the work of serving it.</summary>
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(5);

    private readonly StateKeeper<OpeningBookState> _keeper = new(storage);
    private readonly Dictionary<string, DateTimeOffset> _looked = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _ending = new(1); // interleaved calls must not write down one end twice

    private TenantId Tenant => TenantId.Parse(this.GetPrimaryKeyString());

    private DateTimeOffset Now => time.GetUtcNow();

    private IEnumerable<OpeningListing> Standing => _keeper.State.Openings.Select(one => one.Listing).Where(one => one.End is null);

    public async Task<OpeningListing> Open(OpeningOrder order, CancellationToken cancellation)
    {
        var opened = Decision.Of(order.Who, order.Why, Now);
        if (order.Why.Length > OpeningRules.LongestWhy)
            throw new InvalidRequestException("why", $"Say why in at most {OpeningRules.LongestWhy} characters.");
        if (OpeningRules.WhyNot(order.Point.Resource.Kind, order.Protocol) is { } wrong)
            throw new InvalidRequestException("protocol", wrong);
        if (OpeningRules.WhyNot(order.Lasts) is { } tooLong)
            throw new InvalidRequestException("lasts", tooLong);
        if (order.Point.Resource.Tenant != Tenant || order.Id.Tenant != Tenant)
            throw new InvalidRequestException("point", "The restore point is one of another tenant.");
        await EndWhatIsOverAsync(cancellation);
        if (await TenantStoppedAsync(cancellation) is { } stopped)
            throw new NotPossibleNowException(stopped);
        await GrainFactory.Point(order.Point).GetSummary(cancellation);
        if (Standing.Count() >= OpeningRules.MostOpen)
            throw new NotPossibleNowException($"This tenant has {OpeningRules.MostOpen} open restore points; end some first.");
        var made = new OpeningListing(order.Id, order.Point, order.Protocol, opened, Now + order.Lasts);
        await NoteAsync(AuditActs.OpenPoint, order.Who, made, cancellation, ("why", order.Why), ("until", $"{made.Until:u}"));
        await this.RegisterOrUpdateReminder(Ends, Tick, Tick);
        await _keeper.ChangeAsync(state => state.With(new KeptOpening(made, Convert.ToHexStringLower(order.PasswordHash.AsSpan()))));
        return made;
    }

    public async Task<ImmutableArray<OpeningListing>> List(CancellationToken cancellation)
    {
        await EndWhatIsOverAsync(cancellation);
        return [.. _keeper.State.Openings.Select(one => one.Listing)];
    }

    public async Task<OpeningListing> End(OpeningId opening, string who, CancellationToken cancellation)
    {
        if (_keeper.State.Find(opening) is null)
            throw new NotFoundException("This tenant has no such opening.");
        await EndAsync(opening, OpeningEnd.Ended, who, cancellation);
        return _keeper.State.Find(opening)!.Listing;
    }

    public async Task<OpenedPoint?> Enter(OpeningId opening, ReadOnlyMemory<byte> passwordHash, OpeningProtocol protocol, string from, CancellationToken cancellation)
    {
        if (_keeper.State.Find(opening) is not { } kept || !OpeningPassword.IsSame(Convert.FromHexString(kept.PasswordHash), passwordHash.Span) || kept.Listing.Protocol != protocol
            || !await IsOpen(opening, cancellation))
            return null;
        var point = await GrainFactory.Point(kept.Listing.Point).GetSummary(cancellation);
        if (kept.Listing.FirstUsedAt is null)
        {
            await NoteAsync(AuditActs.UseOpening, kept.Listing.Opened.Who, kept.Listing, cancellation, ("from", from));
            await _keeper.ChangeAsync(state => state.With(opening, one => one with { FirstUsedAt = one.FirstUsedAt ?? Now, LastUsedAt = Now }));
        }
        return new OpenedPoint(kept.Listing.Point, point.Run, point.SealedAt, kept.Listing.Until);
    }

    public async Task<bool> IsOpen(OpeningId opening, CancellationToken cancellation)
    {
        if (_keeper.State.Find(opening) is not { Listing: { End: null } standing })
            return false;
        if (standing.Until <= Now || !_looked.TryGetValue(opening.Text, out var looked) || looked + BetweenLooks <= Now)
        {
            if (await WhyOverAsync(standing, cancellation) is { } end)
                await EndAsync(opening, end, null, cancellation);
            else
                _looked[opening.Text] = Now;
        }
        return _keeper.State.Find(opening) is { Listing.End: null };
    }

    public Task AddUse(OpeningId opening, OpeningUse use, CancellationToken cancellation) => _keeper.State.Find(opening) is null
        ? Task.CompletedTask
        : _keeper.ChangeAsync(state => state.With(opening, one => one with { Use = one.Use + use, LastUsedAt = Now }));

    public Task<bool> MayCustomersOpen(CancellationToken cancellation) => Task.FromResult(_keeper.State.CustomersMayOpen);

    public Task LetCustomersOpen(bool allowed, CancellationToken cancellation) => _keeper.ChangeAsync(state => state with { CustomersMayOpen = allowed });

    public async Task ReceiveReminder(string reminderName, TickStatus status)
    {
        await EndWhatIsOverAsync(CancellationToken.None);
        if (!Standing.Any())
            await this.ForgetReminderAsync(Ends);
    }

    public async Task Forget(CancellationToken cancellation)
    {
        foreach (var standing in Standing.ToList())
            await EndAsync(standing.Id, OpeningEnd.TenantStopped, null, cancellation);
        await this.ForgetReminderAsync(Ends);
        await _keeper.ClearAsync();
    }

    private async Task EndWhatIsOverAsync(CancellationToken cancellation)
    {
        foreach (var standing in Standing.ToList())
            if (await WhyOverAsync(standing, cancellation) is { } end)
                await EndAsync(standing.Id, end, null, cancellation);
    }

    private async Task<OpeningEnd?> WhyOverAsync(OpeningListing standing, CancellationToken cancellation)
    {
        if (standing.Until <= Now)
            return OpeningEnd.Expired;
        try
        {
            if (await TenantStoppedAsync(cancellation) is not null)
                return OpeningEnd.TenantStopped;
            await GrainFactory.Point(standing.Point).GetSummary(cancellation);
            return null;
        }
        catch (NotFoundException)
        {
            return OpeningEnd.PointGone;
        }
    }

    /// <summary>Suspended, not only ended: after the end of a contract the customer has a time in which to take out what is his.</summary>
    private async Task<string?> TenantStoppedAsync(CancellationToken cancellation)
    {
        var place = await GrainFactory.Tenant(Tenant).GetPlace(cancellation);
        if (place.Paused is { } paused && (await GrainFactory.Tenant(Tenant).GetStanding(cancellation) is null || await IsEndingAsync(cancellation)))
            return paused;
        return place.RunsHalted is { } halted && await GrainFactory.Contract(Tenant).GetTimeline(cancellation) is { Suspensions: [.., { Until: null }] } ? halted : null;
    }

    private async Task<bool> IsEndingAsync(CancellationToken cancellation)
    {
        try
        {
            return (await GrainFactory.Tenant(Tenant).GetDestruction(cancellation)).IsOpen;
        }
        catch (NotFoundException)
        {
            return false; // paused for a move, in which everything can be read
        }
    }

    private async Task EndAsync(OpeningId opening, OpeningEnd end, string? who, CancellationToken cancellation)
    {
        await _ending.WaitAsync(cancellation);
        try
        {
            if (_keeper.State.Find(opening) is not { Listing: { End: null } standing })
                return;
            // Ended first: a book that cannot be written to must not keep it open.
            await _keeper.ChangeAsync(state => state.With(opening, one => one with { End = end, EndedAt = end == OpeningEnd.Expired ? one.Until : Now, EndedBy = who }));
            await NoteAsync(AuditActs.EndOpening, who ?? AuditActs.Service, standing, cancellation, ("end", end.ToString()), ("items", $"{standing.Use.Items}"), ("bytes", $"{standing.Use.Bytes}"));
        }
        finally
        {
            _looked.Remove(opening.Text);
            _ending.Release();
        }
    }

    private Task NoteAsync(string act, string actor, OpeningListing opening, CancellationToken cancellation, params (string, string)[] facts) => GrainFactory.Audit(Tenant).NoteAsync(
        actor, act, $"resources/{opening.Point.Resource.LocalName}/points/{opening.Point.Sequence}", cancellation, [("opening", opening.Id.Text), ("protocol", opening.Protocol.ToString()), .. facts]);
}
