using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Orleans;
using OrleansBackup.ClientApi.Changes;
using OrleansBackup.GrainInterfaces.Points;
using OrleansBackup.GrainInterfaces.Resources;

namespace OrleansBackup.ClientApi.Points;

/// <summary>A restore point found by its address, and what callers may keep of its content.</summary>
/// <remarks>
/// A sealed point never changes, so what its sequence number gives is immutable. So is what a day gives once a later point exists: runs of a resource
/// follow one another, so no run of that day can still be going. The newest day may get another point, and is asked for again each time.
/// Even so content is kept for an hour at most, and by the caller alone, never by a proxy: a point that retention let go, or whose items were
/// erased (it is then made again under another number), must not live on in caches. The resource is always asked first whether the point is still there.
/// </remarks>
internal sealed class OpenPoint
{
    private static readonly TimeSpan KeptByCallers = TimeSpan.FromHours(1);

    private OpenPoint(RestorePointSummary summary, IRestorePointGrain grain, bool isSettled)
    {
        Summary = summary;
        Grain = grain;
        IsSettled = isSettled;
        Name = $"{summary.Run.Value:N}-{summary.Sequence}";
    }

    public RestorePointSummary Summary { get; }

    public IRestorePointGrain Grain { get; }

    /// <summary>No other point in the world has this name.</summary>
    public string Name { get; }

    /// <summary>The address that was asked for can never name another point.</summary>
    public bool IsSettled { get; }

    /// <exception cref="Problems.ProblemException">An id cannot be one, or the resource has no such point.</exception>
    public static async Task<OpenPoint> FindAsync(string tenant, string resource, string point, IGrainFactory grains, CancellationToken cancellation)
    {
        var (id, address) = (AddressParts.Resource(tenant, resource), PointAddress.Parse(point, "point"));
        var points = await grains.Resource(id).ListPoints(cancellation);
        var summary = address.FindIn(points);
        return new OpenPoint(summary, grains.Point(new RestorePointId(id, summary.Sequence)), address.Sequence is not null || (address.Day is { } day && points.Any(later => later.Day > day)));
    }

    /// <summary>Finds the point for content of it: sets what a caller may keep, and tells whether the caller has it already.</summary>
    public static async Task<(OpenPoint Point, bool CallerHasIt)> FindForContentAsync(
        string tenant, string resource, string point, HttpContext context, IGrainFactory grains)
    {
        var open = await FindAsync(tenant, resource, point, grains, context.RequestAborted);
        var tag = new EntityTagHeaderValue($"\"{open.Name}\"");
        SayWhatMayBeKept(context.Response, tag, open.IsSettled);
        return (open, StateTag.CallerHas(context.Request, tag));
    }

    public static void SayWhatMayBeKept(HttpResponse response, EntityTagHeaderValue tag, bool isSettled)
    {
        var headers = response.GetTypedHeaders();
        headers.ETag = tag;
        headers.CacheControl = isSettled
            ? new CacheControlHeaderValue { Private = true, MaxAge = KeptByCallers, Extensions = { new NameValueHeaderValue("immutable") } }
            : new CacheControlHeaderValue { Private = true, NoCache = true };
    }
}
