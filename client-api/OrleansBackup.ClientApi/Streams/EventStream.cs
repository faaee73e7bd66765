using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;
using OrleansBackup.ClientApi.Problems;

namespace OrleansBackup.ClientApi.Streams;

/// <summary>Progress as server-sent events: <c>progress</c> as often as there is news, then one <c>end</c> with the final state.</summary>
/// <remarks>
/// The first state is read before the answer begins, so that what does not exist is a 404. Should watching fail later, the last event is
/// <c>problem</c> instead of <c>end</c>. A caller that goes away stops the watching, never the work.
/// </remarks>
internal static class EventStream
{
    /// <param name="progress">Ends when what is watched ends.</param>
    /// <param name="final">The state to send as the end.</param>
    public static async Task<IResult> StartAsync<T>(
        HttpContext context, IAsyncEnumerable<T> progress, Func<T, object> shape, Func<CancellationToken, Task<object>> final)
    {
        var cancellation = context.RequestAborted;
        var states = progress.GetAsyncEnumerator(cancellation);
        try
        {
            var any = await states.MoveNextAsync();
            context.Response.Headers.CacheControl = "no-store";
            return TypedResults.ServerSentEvents(EventsAsync(context, states, any, shape, final, cancellation));
        }
        catch
        {
            await states.DisposeAsync();
            throw;
        }
    }

    private static async IAsyncEnumerable<SseItem<object>> EventsAsync<T>(
        HttpContext context, IAsyncEnumerator<T> states, bool any, Func<T, object> shape, Func<CancellationToken, Task<object>> final,
        [EnumeratorCancellation] CancellationToken cancellation)
    {
        await using (states)
        {
            SseItem<object>? last = null;
            while (any)
            {
                yield return new SseItem<object>(shape(states.Current), "progress");
                (any, last) = await NextAsync(context, async () => await states.MoveNextAsync() ? (true, null) : (false, new SseItem<object>(await final(cancellation), "end")));
            }
            yield return last ?? new SseItem<object>(await final(cancellation), "end");
        }
    }

    // An iterator cannot yield from a catch, so the failure is turned into the last event here.
    private static async Task<(bool More, SseItem<object>? Last)> NextAsync(HttpContext context, Func<Task<(bool, SseItem<object>?)>> next)
    {
        try
        {
            return await next();
        }
        catch (Exception failure) when (!context.RequestAborted.IsCancellationRequested)
        {
            var problem = ProblemExceptionHandler.Report(failure, context);
            return (false, new SseItem<object>(ProblemWriter.AsJson(problem, ProblemWriter.TraceId(context)), "problem"));
        }
    }
}
