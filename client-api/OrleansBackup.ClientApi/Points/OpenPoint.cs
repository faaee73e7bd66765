using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Orleans;
using OrleansBackup.GrainInterfaces.Points;
using OrleansBackup.GrainInterfaces.Resources;

namespace OrleansBackup.ClientApi.Points;

/// <summary>A restore point found by its address, and what callers may keep of its content.</summary>
/// <remarks>
/// A sealed point never changes, so what its sequence number gives is immutable. Even so it is kept for an hour at most and by the caller
/// alone: a point that retention let go must not live on in caches. The resource is always asked first whether the point is still there.
/// </remarks>
internal sealed class OpenPoint
{
    private static readonly TimeSpan KeptByCallers = TimeSpan.FromHours(1);

    private readonly EntityTagHeaderValue _tag;

    private OpenPoint(RestorePointSummary summary, IRestorePointGrain grain)
    {
        Summary = summary;
        Grain = grain;
        _tag = new EntityTagHeaderValue($"\"{summary.Run.Value:N}-{summary.Sequence}\"");
    }

    public RestorePointSummary Summary { get; }

    public IRestorePointGrain Grain { get; }

    /// <exception cref="Problems.ProblemException">An id cannot be one, or the resource has no such point.</exception>
    public static async Task<OpenPoint> FindAsync(string tenant, string resource, string point, IGrainFactory grains, CancellationToken cancellation)
    {
        var (id, address) = (AddressParts.Resource(tenant, resource), PointAddress.Parse(point, "point"));
        var summary = address.FindIn(await grains.Resource(id).ListPoints(cancellation));
        return new OpenPoint(summary, grains.Point(new RestorePointId(id, summary.Sequence)));
    }

    /// <summary>Finds the point for content of it: sets what a caller may keep, and tells whether the caller has it already.</summary>
    public static async Task<(OpenPoint Point, bool CallerHasIt)> FindForContentAsync(
        string tenant, string resource, string point, HttpContext context, IGrainFactory grains)
    {
        var open = await FindAsync(tenant, resource, point, grains, context.RequestAborted);
        var headers = context.Response.GetTypedHeaders();
        headers.ETag = open._tag;
        headers.CacheControl = PointAddress.Parse(point, "point").Sequence is null
            ? new CacheControlHeaderValue { Private = true, NoCache = true }
            : new CacheControlHeaderValue { Private = true, MaxAge = KeptByCallers, Extensions = { new NameValueHeaderValue("immutable") } };
        return (open, context.Request.GetTypedHeaders().IfNoneMatch.Any(tag => tag.Compare(open._tag, useStrongComparison: false)));
    }
}
