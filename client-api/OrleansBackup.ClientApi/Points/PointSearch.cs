using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Orleans;
using OrleansBackup.Domain.Identity;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Points;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.GrainInterfaces.Tenants;

namespace OrleansBackup.ClientApi.Points;

/// <summary>A search that is going on: asks a few restore points at once and hands on what they find as they find it.</summary>
/// <remarks>Bounded: points asked at once, and answers that wait for a slow reader. A point that cannot be searched is named at the end and ends nothing.</remarks>
internal sealed class PointSearch(IGrainFactory grains, ItemSearch search, int limit)
{
    private const int AskedAtOnce = 4;
    private const int WaitingAnswers = 16;
    private const int ResourcesAtOnce = 1_000;

    private readonly ConcurrentQueue<NotSearchedBody> _notSearched = new();
    private int _searched;
    private int _found;
    private bool _more;

    public SearchEndBody End => new(_searched, _found, _more, [.. _notSearched]);

    /// <summary>Searches one point. Errors are the caller's.</summary>
    public async IAsyncEnumerable<FoundBody> InPointAsync(ResourceId resource, RestorePointSummary point, [EnumeratorCancellation] CancellationToken cancellation)
    {
        _searched = 1;
        await foreach (var part in grains.Point(new RestorePointId(resource, point.Sequence)).Search(search, cancellation))
            foreach (var item in part)
            {
                if (_more = _found == limit)
                    yield break;
                _found++;
                yield return FoundBody.Of(resource, point, item);
            }
    }

    /// <summary>Searches every resource of a tenant as it was on a day.</summary>
    /// <param name="day">The newest point of each resource on or before it; null: the newest.</param>
    public async IAsyncEnumerable<FoundBody> InTenantAsync(TenantId tenant, DateOnly? day, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var answers = Channel.CreateBounded<FoundBody>(new BoundedChannelOptions(WaitingAnswers) { SingleReader = true });
        var asking = AskAllAsync(tenant, day, answers.Writer, leaving.Token);
        try
        {
            await foreach (var found in answers.Reader.ReadAllAsync(cancellation))
            {
                if (_more = _found == limit)
                    yield break;
                _found++;
                yield return found;
            }
            await asking;
        }
        finally
        {
            await leaving.CancelAsync();
            await asking.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // either ended, or it is this cancellation
        }
    }

    private async Task AskAllAsync(TenantId tenant, DateOnly? day, ChannelWriter<FoundBody> answers, CancellationToken cancellation)
    {
        try
        {
            await Parallel.ForEachAsync(ResourcesAsync(tenant, cancellation), new ParallelOptions { MaxDegreeOfParallelism = AskedAtOnce, CancellationToken = cancellation },
                async (resource, token) => await AskAsync(resource, day, answers, token));
            answers.Complete();
        }
        catch (Exception exception)
        {
            answers.Complete(exception); // the reader throws it
        }
    }

    private async Task AskAsync(ResourceListing listing, DateOnly? day, ChannelWriter<FoundBody> answers, CancellationToken cancellation)
    {
        try
        {
            var points = await grains.Resource(listing.Resource).ListPoints(cancellation);
            if (points.FirstOrDefault(candidate => day is null || candidate.Day <= day) is not { } point)
                return; // nothing of it is held from that day
            await foreach (var part in grains.Point(new RestorePointId(listing.Resource, point.Sequence)).Search(search, cancellation))
                foreach (var item in part)
                    await answers.WriteAsync(FoundBody.Of(listing.Resource, point, item), cancellation);
            Interlocked.Increment(ref _searched);
        }
        catch (Exception exception) when (exception is ServiceException or TimeoutException)
        {
            _notSearched.Enqueue(new NotSearchedBody(listing.Resource.LocalName, listing.DisplayName, exception.Message));
        }
    }

    // A resource that was never protected has no points to ask for.
    private async IAsyncEnumerable<ResourceListing> ResourcesAsync(TenantId tenant, [EnumeratorCancellation] CancellationToken cancellation)
    {
        string? after = null;
        do
        {
            var page = await grains.Tenant(tenant).ListResources(after, ResourcesAtOnce, cancellation);
            foreach (var resource in page.Resources.Where(resource => resource.Health is not null))
                yield return resource;
            after = page.Next;
        }
        while (after is not null);
    }
}
