using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.ServerSentEvents;
using System.Text.Json;

namespace OrleansBackup.Demo.Clients;

/// <summary>The server's REST API, as any outside program would use it. The contract is the server's OpenAPI document.</summary>
public sealed class ServerApi : IDisposable
{
    /// <summary>No call waits for a run or a job, so this is plenty.</summary>
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromMinutes(2);

    /// <summary>How often one call waits for its turn: many callers that wait for one bucket may miss it a few times, not for ever.</summary>
    private const int MostWaits = 60;

    private readonly HttpClient _http;

    public ServerApi(Uri address, string apiKey)
    {
        _http = new HttpClient { BaseAddress = address, Timeout = AnswerWithin };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", apiKey);
    }

    public Uri Address => _http.BaseAddress!;

    /// <summary>True when the server says that it is ready; false while it cannot be reached or is not.</summary>
    public async Task<bool> IsReadyAsync(CancellationToken cancellation)
    {
        try
        {
            using var answer = await _http.GetAsync("/health/ready", cancellation);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false; // not listening yet: the caller asks again, up to its limit
        }
    }

    /// <exception cref="DemoFailedException">The server refused; the message holds its problem details.</exception>
    public async Task<T> GetAsync<T>(string path, CancellationToken cancellation)
    {
        using var answer = await SendAsync(HttpMethod.Get, path, null, cancellation);
        return await ReadAsync<T>(answer, cancellation);
    }

    /// <summary>The answer, or null when there is no such thing.</summary>
    public async Task<T?> FindAsync<T>(string path, CancellationToken cancellation) where T : class
    {
        using var answer = await SendAsync(HttpMethod.Get, path, null, cancellation);
        return answer.StatusCode == HttpStatusCode.NotFound ? null : await ReadAsync<T>(answer, cancellation);
    }

    public async Task<T> PostAsync<T>(string path, object? body, CancellationToken cancellation)
    {
        using var answer = await SendAsync(HttpMethod.Post, path, body, cancellation);
        return await ReadAsync<T>(answer, cancellation);
    }

    /// <summary>Hands a download to <paramref name="read"/> as it comes. Null: the server says that it has no such content (404 or 409).</summary>
    public async Task<T?> DownloadAsync<T>(string path, Func<Stream, CancellationToken, Task<T>> read, CancellationToken cancellation) where T : class
    {
        using var answer = await SendAsync(HttpMethod.Get, path, null, cancellation);
        if (answer.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Conflict)
            return null;
        await ThrowIfRefusedAsync(answer, cancellation);
        await using var content = await answer.Content.ReadAsStreamAsync(cancellation);
        return await read(content, cancellation);
    }

    /// <summary>Follows a stream of server-sent events to its <c>end</c>.</summary>
    /// <exception cref="DemoFailedException">The stream stopped before the end.</exception>
    public async IAsyncEnumerable<T> WatchAsync<T>(string path, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        using var answer = await SendAsync(HttpMethod.Get, path, null, cancellation);
        await ThrowIfRefusedAsync(answer, cancellation);
        await using var content = await answer.Content.ReadAsStreamAsync(cancellation);
        await foreach (var item in SseParser.Create(content).EnumerateAsync(cancellation))
        {
            if (item.EventType == "problem")
                throw new DemoFailedException($"the events of {path} ended with {item.Data}");
            if (item.Data.Length > 0 && JsonSerializer.Deserialize<T>(item.Data, DemoJson.Options) is { } data)
                yield return data;
            if (item.EventType == "end")
                yield break;
        }
        throw new DemoFailedException($"the events of {path} stopped before their end");
    }

    public void Dispose() => _http.Dispose();

    /// <summary>Sends it, and again when the server says that this caller asked too much: a polite client waits as it is told.</summary>
    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, object? body, CancellationToken cancellation)
    {
        for (var waits = 0; ; waits++)
        {
            var answer = await SendOnceAsync(method, path, body, cancellation);
            if (answer.StatusCode != HttpStatusCode.TooManyRequests || answer.Headers.RetryAfter?.Delta is not { } wait || waits == MostWaits)
                return answer;
            answer.Dispose();
            await Task.Delay(wait, cancellation);
        }
    }

    private async Task<HttpResponseMessage> SendOnceAsync(HttpMethod method, string path, object? body, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body, options: DemoJson.Options) };
        try
        {
            return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
        }
        catch (TaskCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            throw new DemoFailedException($"{method} {path} was not answered within {AnswerWithin.TotalSeconds:0} s", e);
        }
        catch (HttpRequestException e)
        {
            throw new DemoFailedException($"{method} {path} failed: {e.Message}", e);
        }
    }

    private static async Task<T> ReadAsync<T>(HttpResponseMessage answer, CancellationToken cancellation)
    {
        await ThrowIfRefusedAsync(answer, cancellation);
        return await answer.Content.ReadFromJsonAsync<T>(DemoJson.Options, cancellation)
            ?? throw new DemoFailedException($"{answer.RequestMessage?.RequestUri} answered null");
    }

    private static async Task ThrowIfRefusedAsync(HttpResponseMessage answer, CancellationToken cancellation)
    {
        if (answer.IsSuccessStatusCode)
            return;
        var text = await answer.Content.ReadAsStringAsync(cancellation);
        throw new DemoFailedException($"{answer.RequestMessage?.Method} {answer.RequestMessage?.RequestUri?.PathAndQuery} answered {(int)answer.StatusCode}: {text}");
    }
}
