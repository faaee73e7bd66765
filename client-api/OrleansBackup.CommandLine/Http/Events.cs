using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using OrleansBackup.CommandLine.Output;

namespace OrleansBackup.CommandLine.Http;

/// <summary>One server-sent event of the API.</summary>
/// <param name="Name">progress, found, end…</param>
internal sealed record ApiEvent(string Name, JsonElement Data)
{
    public bool IsEnd => Name == "end";
}

/// <summary>Streams of events, followed to their end.</summary>
internal static class Events
{
    private const int MostCutsInARow = 5;

    /// <summary>Waits grow with each stream that was cut before it said anything.</summary>
    private static readonly TimeSpan AfterACut = TimeSpan.FromSeconds(1);

    /// <summary>Watches work until it ends. A stream that is cut (the server restarts) is asked for again: the work goes on without it.</summary>
    /// <exception cref="CommandFailedException">The server refused, said that watching failed, or was gone for too long.</exception>
    public static async IAsyncEnumerable<ApiEvent> WatchAsync(this ApiClient api, string path, TimeProvider time, [EnumeratorCancellation] CancellationToken cancellation)
    {
        for (var cuts = 0; ; cuts++)
        {
            if (cuts > MostCutsInARow)
                throw new CommandFailedException(ExitCode.Unreachable, $"The connection to {api.Server} was cut again and again.", "The work goes on without it; watch again later.");
            if (cuts > 0)
                await Task.Delay(AfterACut * cuts, time, cancellation);
            await using var events = api.ReadAsync(path, cancellation).GetAsyncEnumerator(cancellation);
            while (await NextAsync(events, isAgain: cuts > 0))
            {
                cuts = 0;
                yield return events.Current;
                if (events.Current.IsEnd)
                    yield break;
            }
        }
    }

    /// <summary>One stream, once. It may stop before its end.</summary>
    public static async IAsyncEnumerable<ApiEvent> ReadAsync(this ApiClient api, string path, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var response = await api.SendAsync(HttpMethod.Get, path, null, cancellation, "text/event-stream");
        await using var content = await response.Content.ReadAsStreamAsync(cancellation);
        await foreach (var item in SseParser.Create(content).EnumerateAsync(cancellation))
        {
            using var data = JsonDocument.Parse(item.Data);
            if (item.EventType == "problem")
                throw ProblemAnswer.Of((int)data.RootElement.Number("status"), data.RootElement, path);
            yield return new ApiEvent(item.EventType, data.RootElement.Clone());
        }
    }

    // A broken stream is a cut, and so is a server that was there before and cannot be reached now.
    private static async Task<bool> NextAsync(IAsyncEnumerator<ApiEvent> events, bool isAgain)
    {
        try
        {
            return await events.MoveNextAsync();
        }
        catch (Exception e) when (e is HttpRequestException or IOException or HttpIOException || (isAgain && e is CommandFailedException { Code: ExitCode.Unreachable }))
        {
            return false;
        }
    }
}
