using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;
using Orleans;
using OrleansBackup.ClientApi.Changes;
using OrleansBackup.ClientApi.Problems;
using OrleansBackup.ClientApi.Security;
using OrleansBackup.ClientApi.Streams;
using OrleansBackup.Domain.Access;
using OrleansBackup.GrainInterfaces.Points;

namespace OrleansBackup.ClientApi.Points;

/// <summary>Two restore points of a resource side by side: what was added, changed and removed from the first to the second, of any kind of resource.</summary>
internal static class CompareEndpoints
{
    public static void MapCompare(this IEndpointRouteBuilder points)
    {
        points.MapGet("/{point}/compare/{other}", Compare).Needs(Permission.SeeContent).Produces<ComparisonBody>()
            .WithSummary("Compares two restore points: what was added, changed and removed from the first to the second, in parts, by id.");
        points.MapGet("/{point}/compare/{other}/events", Watch).Needs(Permission.SeeContent).Produces<PointChangeBody>(contentType: "text/event-stream")
            .WithSummary("Compares two restore points: server-sent events 'change' as differences are found, then one 'end' with the sums.");
    }

    private static async Task<IResult> Compare(
        string tenant, string resource, string point, string other, HttpContext context, IGrainFactory grains, string? after = null, int? limit = null, string? change = null)
    {
        var most = AddressParts.Limit(limit);
        PointChangeKind? wanted = change switch
        {
            null => null,
            "added" => PointChangeKind.Added,
            "changed" => PointChangeKind.Changed,
            "removed" => PointChangeKind.Removed,
            _ => throw new ProblemException(Problem.InvalidField("change", "'change' is added, changed or removed.")),
        };
        var (first, second) = await FindAsync(tenant, resource, point, other, context, grains);
        var (tag, keep) = (new EntityTagHeaderValue($"\"{first.Name}+{second.Name}\""), first.IsSettled && second.IsSettled);
        OpenPoint.SayWhatMayBeKept(context.Response, tag, keep);
        if (StateTag.CallerHas(context.Request, tag))
            return TypedResults.StatusCode(StatusCodes.Status304NotModified);
        var changes = ImmutableArray.CreateBuilder<PointChangeBody>();
        await foreach (var one in ChangesAsync(first, second, after, context.RequestAborted))
        {
            if (wanted is { } only && one.Change != only)
                continue;
            if (changes.Count == most)
                return TypedResults.Ok(new ComparisonBody(PointBody.Of(first.Summary), PointBody.Of(second.Summary), changes.ToImmutable(), changes[^1].Id));
            changes.Add(PointChangeBody.Of(one));
        }
        return TypedResults.Ok(new ComparisonBody(PointBody.Of(first.Summary), PointBody.Of(second.Summary), changes.ToImmutable(), null));
    }

    private static async Task<IResult> Watch(string tenant, string resource, string point, string other, HttpContext context, IGrainFactory grains)
    {
        var (first, second) = await FindAsync(tenant, resource, point, other, context, grains);
        var sums = new ComparisonEndBody(0, 0, 0);
        return await EventStream.StartAsync(context, token => ChangesAsync(first, second, null, token), one =>
        {
            sums = one.Change switch
            {
                PointChangeKind.Added => sums with { Added = sums.Added + 1 },
                PointChangeKind.Changed => sums with { Changed = sums.Changed + 1 },
                _ => sums with { Removed = sums.Removed + 1 },
            };
            return PointChangeBody.Of(one);
        }, _ => Task.FromResult<object>(sums), "change");
    }

    private static async Task<(OpenPoint First, OpenPoint Second)> FindAsync(string tenant, string resource, string point, string other, HttpContext context, IGrainFactory grains)
    {
        PointAddress.Parse(other, "other");
        return (await OpenPoint.FindAsync(tenant, resource, point, grains, context.RequestAborted), await OpenPoint.FindAsync(tenant, resource, other, grains, context.RequestAborted));
    }

    private static async IAsyncEnumerable<PointChange> ChangesAsync(OpenPoint first, OpenPoint second, string? after, [EnumeratorCancellation] CancellationToken cancellation)
    {
        if (first.Summary.Sequence == second.Summary.Sequence)
            yield break;
        await foreach (var part in first.Grain.Compare(second.Summary.Sequence, after, cancellation))
            foreach (var one in part)
                yield return one;
    }
}

/// <summary>A part of what differs between two points, by id.</summary>
/// <param name="From">The first point.</param>
/// <param name="To">The second point.</param>
/// <param name="Next">What to give as <c>after</c> for the next part; null: this was the last.</param>
public sealed record ComparisonBody(PointBody From, PointBody To, ImmutableArray<PointChangeBody> Changes, string? Next);

/// <summary>An item, or a folder of any kind, that is not in both points alike.</summary>
/// <param name="Before">As the first point has it; null: added.</param>
/// <param name="After">As the second point has it; null: removed.</param>
/// <param name="Differences">Of what changed: moved, renamed, content, properties.</param>
public sealed record PointChangeBody(string Id, PointChangeKind Change, ImmutableArray<ItemDifference> Differences, ItemBody? Before, ItemBody? After)
{
    public static PointChangeBody Of(PointChange change) => new(
        change.Id, change.Change, change.Differences, change.Before is { } before ? ItemBody.Of(before) : null, change.After is { } after ? ItemBody.Of(after) : null);
}

/// <summary>How many differences a comparison found.</summary>
public sealed record ComparisonEndBody(long Added, long Changed, long Removed);
