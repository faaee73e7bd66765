using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace OrleansBackup.Portal.Hosting;

/// <summary>How far something has come, told to a page that stays open: server-sent events for <c>ProgressMeter</c>, in the reader's words.</summary>
public static class ProgressEvents
{
    /// <param name="Expected">0: nobody knows.</param>
    public readonly record struct News(long Done, long Expected, string Text);

    /// <summary>Sends <c>progress</c> as often as there is news, and <c>end</c> when the watching comes to its end. Whoever goes away is no longer told.</summary>
    public static async Task StreamAsync<T>(HttpContext context, IAsyncEnumerable<T> watched, Func<T, News> tell)
    {
        var (response, cancellation) = (context.Response, context.RequestAborted);
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-store";
        response.Headers["X-Accel-Buffering"] = "no";
        try
        {
            await foreach (var one in watched.WithCancellation(cancellation))
            {
                var (done, expected, text) = tell(one);
                await SendAsync(response, "progress", JsonSerializer.Serialize(new { done, expected, text }, JsonSerializerOptions.Web), cancellation);
            }
            await SendAsync(response, "end", "{}", cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // the page was closed
        }
    }

    private static async Task SendAsync(HttpResponse response, string name, string data, CancellationToken cancellation)
    {
        await response.Body.WriteAsync(Encoding.UTF8.GetBytes($"event: {name}\ndata: {data}\n\n"), cancellation);
        await response.Body.FlushAsync(cancellation);
    }
}
