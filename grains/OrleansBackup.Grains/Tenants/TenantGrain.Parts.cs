using System.Collections.Immutable;
using Orleans;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Results;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.GrainInterfaces.Tenants;

namespace OrleansBackup.Grains.Tenants;

/// <summary>The parts in which a tenant's resources are kept: how many there are, and asking them all.</summary>
internal sealed partial class TenantGrain
{
    private const int PartsAskedAtOnce = 16, PartsAtWorkAtOnce = 4;

    public Task ReportHealth(ResourceHealth health, CancellationToken cancellation) =>
        State.Parts > 0 && health.Resource.Tenant == Tenant ? PartOf(health.Resource).Report(health, cancellation) : Task.CompletedTask;

    public async Task<ResourcePage> ListResources(string? after, int limit, CancellationToken cancellation)
    {
        RequireOnboarded();
        if (limit is < 1 or > LargestPage)
            throw new InvalidRequestException("limit", $"Ask for between 1 and {LargestPage} resources at once.");
        ListingPlace? place = null;
        if (after is not null)
            place = ResourceId.TryParseLocalName(Tenant, after, out var last) && await PartOf(last).Find(last, cancellation) is { } known
                ? ListingOrder.PlaceOf(known)
                : throw new InvalidRequestException("after", "No resource of this tenant has this id; start the list again without it.");
        var page = new List<ResourceListing>();
        var isMore = true;
        while (isMore && page.Count < limit)
        {
            (var next, isMore) = await MergeAsync(place, limit - page.Count, cancellation);
            page.AddRange(next);
            if (page.Count == 0)
                break;
            place = ListingOrder.PlaceOf(page[^1]);
        }
        return new ResourcePage([.. page], isMore ? page[^1].Resource.LocalName : null);
    }

    public async Task<ImmutableArray<DayMeasure>> GetMeasures(CancellationToken cancellation)
    {
        RequireOnboarded();
        return DayMeasure.Sum(await AskPartsAsync((part, _) => part.GetMeasures(cancellation)));
    }

    public async Task<ImmutableArray<DueWork>> ListDue(DuePlace? after, int limit, CancellationToken cancellation)
    {
        RequireOnboarded();
        if (limit is < 1 or > LargestPage)
            throw new InvalidRequestException("limit", $"Ask for between 1 and {LargestPage} at once.");
        var parts = await AskPartsAsync((part, _) => part.ListDue(after, limit, cancellation));
        return [.. parts.SelectMany(part => part).OrderBy(due => due.Place, DueOrder.Instance).Take(limit)];
    }

    public async Task<ResourceListing> GetResource(ResourceId resource, CancellationToken cancellation)
    {
        RequireOnboarded();
        return await KnownAsync(resource, cancellation);
    }

    /// <summary>The next of all parts in order. Each is asked for a little more than its share; what comes after the last that one of them gave is not known yet.</summary>
    private async Task<(IEnumerable<ResourceListing> Next, bool IsMore)> MergeAsync(ListingPlace? after, int limit, CancellationToken cancellation)
    {
        var share = Math.Min(limit + 1, (limit / State.Parts * 3 / 2) + 8);
        var lists = await AskPartsAsync((part, _) => part.List(after, share, cancellation));
        var sure = lists.Where(list => list.Length == share).Select(list => ListingOrder.PlaceOf(list[^1])).Min(ListingOrder.Instance);
        var merged = lists.SelectMany(list => list).OrderBy(ListingOrder.PlaceOf, ListingOrder.Instance)
            .TakeWhile(listing => sure is null || ListingOrder.Instance.Compare(ListingOrder.PlaceOf(listing), sure) <= 0).ToList();
        return (merged.Take(limit), sure is not null || merged.Count > limit);
    }

    // The local name alone would let a caller of one tenant name another tenant's resource.
    private async Task<ResourceListing> KnownAsync(ResourceId resource, CancellationToken cancellation) =>
        (resource.Tenant == Tenant ? await PartOf(resource).Find(resource, cancellation) : null)
        ?? throw new NotFoundException($"Tenant {Tenant} has no resource '{resource.LocalName}'.");

    private async Task<PartCounts> CountsAsync(CancellationToken cancellation)
    {
        var counts = await AskPartsAsync((part, _) => part.GetCounts(cancellation));
        return counts.Aggregate(new PartCounts(ResourceCounts.None, 0), (sum, part) => sum + part);
    }

    private async Task<PartCensus> CensusAsync(CancellationToken cancellation)
    {
        var parts = await AskPartsAsync((part, _) => part.GetCensus(cancellation));
        // A division that did not come to its end leaves some in two places; where they belong they are newest.
        var resources = parts.SelectMany((part, number) => part.Resources.Select(resource => (Resource: resource, IsAtHome: TenantParts.Of(resource.Resource, State.Parts) == number)))
            .OrderByDescending(found => found.IsAtHome).DistinctBy(found => found.Resource.Resource).Select(found => found.Resource);
        return new PartCensus([.. resources], [.. parts.SelectMany(part => part.Untold).Distinct()])
        {
            Unannounced = [.. parts.SelectMany(part => part.Unannounced).Distinct()],
            Spans = [.. parts.SelectMany(part => part.Spans).GroupBy(spans => spans.LocalName).Select(same => new ResourceSpans(same.Key, [.. same.SelectMany(one => one.Spans).Distinct().OrderBy(one => one.From)]))],
        };
    }

    /// <summary>What an earlier release kept in the tenant's own state goes to parts. Repeated after a crash it does the same again.</summary>
    private async Task MoveToPartsAsync(CancellationToken cancellation)
    {
        var parts = TenantParts.Needed(State.Resources.Count, 1);
        await PutAsync(Enumerable.Range(0, parts), parts, State.Settings, new PartCensus([.. State.Resources.Values], [.. State.Untold]), cancellation);
        await _keeper.ChangeAsync(state => state with
        {
            Parts = parts, Resources = ImmutableDictionary<string, KnownResource>.Empty, Untold = ImmutableHashSet<string>.Empty,
        });
    }

    /// <summary>More parts, before there are too many resources in one. The new ones first, so that nothing is missing when the number changes.</summary>
    private async Task DivideAsync(int parts, PartCensus census, CancellationToken cancellation)
    {
        var before = State.Parts;
        await PutAsync(Enumerable.Range(before, parts - before), parts, State.Settings, census, cancellation);
        await _keeper.ChangeAsync(state => state with { Parts = parts });
        await PutAsync(Enumerable.Range(0, before), parts, State.Settings, census, cancellation);
    }

    private async Task PutAsync(IEnumerable<int> numbers, int parts, TenantSettings settings, PartCensus census, CancellationToken cancellation)
    {
        var resources = census.Resources.ToLookup(resource => TenantParts.Of(resource.Resource, parts));
        var spans = census.Spans.ToDictionary(one => one.LocalName);
        var (untold, unannounced) = (census.Untold.ToHashSet(StringComparer.Ordinal), census.Unannounced.ToHashSet(StringComparer.Ordinal));
        await Parallel.ForEachAsync(numbers, InParallel(PartsAtWorkAtOnce, cancellation), async (number, token) =>
        {
            ImmutableArray<KnownResource> mine = [.. resources[number]];
            await GrainFactory.TenantPart(Tenant, number).Put(
                new PartOrder(parts, settings.Cut(number, parts)), new PartCensus(mine, [.. mine.Select(known => known.Resource.LocalName).Where(untold.Contains)])
                {
                    Unannounced = [.. mine.Select(known => known.Resource.LocalName).Where(unannounced.Contains)],
                    Spans = [.. mine.Select(known => spans.GetValueOrDefault(known.Resource.LocalName)).OfType<ResourceSpans>()],
                }, token);
        });
    }

    /// <summary>Every part takes over the settings and tells its resources. What a crash leaves of it the next sweep does.</summary>
    private async Task RescopeAsync(CancellationToken cancellation)
    {
        var settings = State.Settings;
        await WithPartsAsync((part, number, token) => part.Rescope(new PartOrder(State.Parts, settings.Cut(number, State.Parts)), token), cancellation);
        await _keeper.ChangeAsync(state => state with { RescopeOwed = state.Settings != settings });
    }

    private Task TellAsync(CancellationToken cancellation) => WithPartsAsync((part, _, token) => part.Tell(token), cancellation);

    private ITenantPartGrain PartOf(ResourceId resource) => GrainFactory.TenantPart(Tenant, TenantParts.Of(resource, State.Parts));

    /// <summary>A short question to every part.</summary>
    private async Task<TAnswer[]> AskPartsAsync<TAnswer>(Func<ITenantPartGrain, int, Task<TAnswer>> ask)
    {
        var answers = new List<TAnswer>(State.Parts);
        foreach (var some in Enumerable.Range(0, State.Parts).Chunk(PartsAskedAtOnce))
            answers.AddRange(await Task.WhenAll(some.Select(number => ask(GrainFactory.TenantPart(Tenant, number), number))));
        return [.. answers];
    }

    /// <summary>Work that every part does with its resources.</summary>
    private Task WithPartsAsync(Func<ITenantPartGrain, int, CancellationToken, Task> work, CancellationToken cancellation) =>
        Parallel.ForEachAsync(Enumerable.Range(0, State.Parts), InParallel(PartsAtWorkAtOnce, cancellation),
            async (number, token) => await work(GrainFactory.TenantPart(Tenant, number), number, token));
}
