using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using OrleansBackup.CommandLine.Connecting;

namespace OrleansBackup.CommandLine.Http;

/// <summary>The REST API of one server. The contract is the server's OpenAPI document; answers are read by name and passed on as they are.</summary>
/// <remarks>
/// A server that is busy (429, 503) and says when to come again is asked again then. A request that changes something carries an Idempotency-Key,
/// the same one each time, so that asking again never does it twice. Redirects are not followed: the key goes to the named server only.
/// </remarks>
internal sealed class ApiClient : IDisposable
{
    public const string Root = "api/v1/";
    private const int MostAttempts = 6;

    /// <summary>Longer than this nobody waits at a prompt: the command ends and says so.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(2);

    /// <summary>Until an answer begins; streams and downloads may then take as long as they take.</summary>
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromMinutes(5);

    private readonly HttpClient _http;
    private readonly TimeProvider _time;
    private readonly Action<string> _note;

    public ApiClient(Connection connection, TimeProvider time, Action<string> note)
    {
        (_time, _note) = (time, note);
        Server = connection.Server;
        _http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, AutomaticDecompression = DecompressionMethods.All, ConnectTimeout = TimeSpan.FromSeconds(20) })
        {
            BaseAddress = connection.Server,
            Timeout = Timeout.InfiniteTimeSpan, // of its own it would cut long downloads
        };
        _http.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("orleansbackup", typeof(ApiClient).Assembly.GetName().Version?.ToString()));
        if (connection.Key is { } key)
            _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
    }

    public Uri Server { get; }

    public async Task<JsonElement> GetAsync(string path, CancellationToken cancellation)
    {
        using var response = await SendAsync(HttpMethod.Get, path, null, cancellation);
        return await JsonOfAsync(response, cancellation);
    }

    public Task<JsonElement> PostAsync(string path, JsonNode? body, CancellationToken cancellation) => ChangeAsync(HttpMethod.Post, path, body, null, cancellation);

    /// <param name="ifMatch">The ETag of what the change was made from; null: the server gave none.</param>
    public async Task<JsonElement> ChangeAsync(HttpMethod method, string path, JsonNode? body, string? ifMatch, CancellationToken cancellation)
    {
        using var response = await SendAsync(method, path, body, cancellation, ifMatch: ifMatch);
        return await JsonOfAsync(response, cancellation);
    }

    /// <summary>With its ETag, to change it from.</summary>
    public async Task<(JsonElement Body, string? ETag)> GetForChangeAsync(string path, CancellationToken cancellation)
    {
        using var response = await SendAsync(HttpMethod.Get, path, null, cancellation);
        return (await JsonOfAsync(response, cancellation), response.Headers.ETag?.ToString());
    }

    /// <summary>The answer when its headers are there; its caller reads and disposes it.</summary>
    /// <exception cref="CommandFailedException">The server refused, cannot be reached, or was busy for too long.</exception>
    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, JsonNode? body, CancellationToken cancellation, string? accept = null, string? ifMatch = null)
    {
        var idempotencyKey = method == HttpMethod.Post ? Guid.NewGuid().ToString() : null;
        for (var attempt = 1; ; attempt++)
        {
            using var request = new HttpRequestMessage(method, new Uri(Server, Address(path)));
            if (body is not null)
                request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
            if (accept is not null)
                request.Headers.Accept.ParseAdd(accept);
            if (idempotencyKey is not null)
                request.Headers.Add("Idempotency-Key", idempotencyKey);
            if (ifMatch is not null)
                request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
            var response = await AnswerAsync(request, cancellation);
            if (response.IsSuccessStatusCode)
                return response;
            using (response)
            {
                var wait = WaitOf(response);
                if (wait is null || wait > LongestWait || attempt == MostAttempts)
                    throw await ProblemAnswer.ReadAsync(response, cancellation);
                _note($"The server is busy ({(int)response.StatusCode}); asking again in {wait.Value.TotalSeconds:F0} s.");
                await Task.Delay(wait.Value, _time, cancellation);
            }
        }
    }

    private async Task<HttpResponseMessage> AnswerAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        using var tooLate = new CancellationTokenSource(AnswerWithin, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, tooLate.Token);
        try
        {
            return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
        }
        catch (HttpRequestException e)
        {
            throw Unreachable(e);
        }
        catch (OperationCanceledException) when (tooLate.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            throw new CommandFailedException(ExitCode.Unreachable, $"{Server} did not answer within {AnswerWithin.TotalMinutes:F0} minutes.", "What was asked may still happen: look before asking again.");
        }
    }

    private CommandFailedException Unreachable(HttpRequestException e) => new(ExitCode.Unreachable, e.HttpRequestError == HttpRequestError.SecureConnectionError
        ? $"No safe connection to {Server}: {e.InnerException?.Message ?? e.Message}"
        : $"{Server} cannot be reached: {e.Message}", "Check the address and whether the server runs: its /health/ready says more.");

    /// <summary>Addresses are those of the API, unless they begin at the server's root.</summary>
    private static string Address(string path) => path.StartsWith('/') ? path[1..] : Root + path;

    private TimeSpan? WaitOf(HttpResponseMessage response)
    {
        if (response.StatusCode is not (HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable))
            return null;
        var wait = response.Headers.RetryAfter is { } after ? after.Delta ?? after.Date - _time.GetUtcNow() : null;
        return wait < TimeSpan.Zero ? TimeSpan.Zero : wait;
    }

    private async Task<JsonElement> JsonOfAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        try
        {
            await using var content = await response.Content.ReadAsStreamAsync(cancellation);
            using var text = new StreamReader(content, Encoding.UTF8);
            var whole = await text.ReadToEndAsync(cancellation);
            if (whole.Length == 0)
                return default;
            using var document = JsonDocument.Parse(whole);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            throw new CommandFailedException(ExitCode.Failed, $"{response.RequestMessage?.RequestUri} answered with something that is not JSON.", $"Is {Server} an OrleansBackup server?");
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw new CommandFailedException(ExitCode.Unreachable, $"The answer of {Server} broke off: {e.Message}");
        }
    }

    public void Dispose() => _http.Dispose();
}
