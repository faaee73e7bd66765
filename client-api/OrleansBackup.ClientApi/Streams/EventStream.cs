using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OrleansBackup.ClientApi.Changes;
using OrleansBackup.ClientApi.Problems;

namespace OrleansBackup.ClientApi.Streams;

/// <summary>Progress as server-sent events: <c>progress</c> (or what a search finds) as often as there is news, then one <c>end</c> with the final state.</summary>
/// <remarks>
/// The first state is read before the answer begins, so that what does not exist is a 404. Should watching fail later, the last event is
/// <c>problem</c> instead of <c>end</c>. A caller that goes away stops the watching, never the work. When the server stops, the stream
/// just ends; a caller that saw no <c>end</c> asks again. Each event holds the whole state, so nothing is lost meanwhile: its <c>id</c> is that of the
/// state, and who comes back with it as <c>Last-Event-ID</c> hears of that state no second time. What a search finds has no ids: it begins anew.
/// </remarks>
internal static class EventStream
{
    /// <param name="watch">Ends when what is watched ends.</param>
    /// <param name="final">The state to send as the end.</param>
    public static async Task<IResult> StartAsync<T>(
        HttpContext context, Func<CancellationToken, IAsyncEnumerable<T>> watch, Func<T, object> shape, Func<CancellationToken, Task<object>> final,
        string eventName = "progress")
    {
        var stopping = context.RequestServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        var leaving = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        context.Response.RegisterForDispose(leaving);
        var states = watch(leaving.Token).GetAsyncEnumerator(leaving.Token);
        try
        {
            var any = await states.MoveNextAsync();
            return TypedResults.ServerSentEvents(EventsAsync(context, states, any, shape, final, eventName, leaving.Token));
        }
        catch
        {
            await states.DisposeAsync();
            throw;
        }
    }

    private static async IAsyncEnumerable<SseItem<object>> EventsAsync<T>(
        HttpContext context, IAsyncEnumerator<T> states, bool any, Func<T, object> shape, Func<CancellationToken, Task<object>> final,
        string eventName, [EnumeratorCancellation] CancellationToken leaving)
    {
        await using (states)
        {
            var last = context.Request.Headers["Last-Event-ID"].ToString();
            while (any)
            {
                var next = Event(shape(states.Current), eventName);
                if (next.EventId is null || next.EventId != last)
                    yield return next;
                (any, var problem) = await NextAsync(context, async () => await states.MoveNextAsync(), leaving);
                if (problem is { } failed)
                {
                    yield return failed;
                    yield break;
                }
            }
            if (leaving.IsCancellationRequested)
                yield break; // it has not ended, only the watching has
            SseItem<object> end = default;
            var (_, unread) = await NextAsync(context, async () => { end = Event(await final(leaving), "end"); return true; }, leaving);
            yield return unread ?? end;
        }
    }

    private static SseItem<object> Event(object state, string name) => name is "progress" or "end"
        ? new SseItem<object>(state, name) { EventId = StateTag.Of(state).Tag.ToString().Trim('"') }
        : new SseItem<object>(state, name);

    // An iterator cannot yield from a catch, so a failure is turned into the last event here.
    private static async Task<(bool More, SseItem<object>? Problem)> NextAsync(HttpContext context, Func<Task<bool>> next, CancellationToken leaving)
    {
        try
        {
            return (await next(), null);
        }
        catch (OperationCanceledException) when (leaving.IsCancellationRequested)
        {
            return (false, null);
        }
        catch (Exception failure) when (!leaving.IsCancellationRequested)
        {
            var problem = ProblemExceptionHandler.Report(failure, context);
            return (false, new SseItem<object>(ProblemWriter.AsJson(problem, ProblemWriter.TraceId(context)), "problem"));
        }
    }
}
