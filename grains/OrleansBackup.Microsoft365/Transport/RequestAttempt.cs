using System.Net;
using System.Text.Json;

namespace OrleansBackup.Microsoft365.Transport;

/// <summary>Sends a request once, follows redirects by hand, and takes the whole answer or says exactly how it failed.</summary>
internal sealed class RequestAttempt(HttpClient http, GraphEndpoints endpoints, GraphClientOptions options, TimeProvider time, GraphCounters counters)
{
    private const int MaxRedirects = 5;
    private const int MaxErrorBytes = 256 * 1024;

    /// <returns>The answer, and the share of a limit in use where the service tells.</returns>
    /// <exception cref="AttemptFailedException">Anything but a good and whole answer.</exception>
    public async Task<(GraphResponse Answer, double? UsedShare)> SendAsync(GraphRequest request, string? token, CancellationToken cancellation)
    {
        using var stall = new CancellationTokenSource(options.StallTimeout, options.NetworkClock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellation, stall.Token);
        try
        {
            return await SendOnceAsync(request, token, () => stall.CancelAfter(options.StallTimeout), both.Token);
        }
        catch (Exception e) when (e is HttpRequestException or IOException || (e is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            throw new AttemptFailedException(new GraphFailure { Cause = FailureCause.Broken, Codes = e is OperationCanceledException ? ["TimedOut"] : [], Exception = e });
        }
    }

    /// <summary>Sends a request once and gives its body as it comes.</summary>
    /// <inheritdoc cref="SendAsync"/>
    public async Task<(OpenedContent Answer, double? UsedShare)> OpenAsync(GraphRequest request, string? token, CancellationToken cancellation)
    {
        using var stall = new CancellationTokenSource(options.StallTimeout, options.NetworkClock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellation, stall.Token);
        try
        {
            var answer = await FollowAsync(request, token, () => stall.CancelAfter(options.StallTimeout), both.Token);
            var used = LimitHeaders.UsedShare(answer.Headers);
            return (await OpenedContent.OfAsync(answer, options, counters, both.Token), used);
        }
        catch (Exception e) when (e is HttpRequestException or IOException || (e is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            throw new AttemptFailedException(new GraphFailure { Cause = FailureCause.Broken, Codes = e is OperationCanceledException ? ["TimedOut"] : [], Exception = e });
        }
    }

    private async Task<(GraphResponse Answer, double? UsedShare)> SendOnceAsync(GraphRequest request, string? token, Action progress, CancellationToken cancellation)
    {
        using var answer = await FollowAsync(request, token, progress, cancellation);
        return (request.WantsContent ? await ContentAsync(answer, progress, cancellation) : await JsonAsync(request, answer, progress, cancellation), LimitHeaders.UsedShare(answer.Headers));
    }

    /// <returns>A good answer whose body has not been read; the caller disposes it.</returns>
    private async Task<HttpResponseMessage> FollowAsync(GraphRequest request, string? token, Action progress, CancellationToken cancellation)
    {
        var address = request.Address;
        for (var hops = 0; ; hops++)
        {
            using var message = Compose(request, address, token);
            var answer = await http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, cancellation);
            try
            {
                if (request.BodyBytes > 0) counters.CountSent(request.BodyBytes);
                if (answer.IsSuccessStatusCode) return answer;
                var next = (int)answer.StatusCode is >= 300 and < 400 && hops < MaxRedirects ? Redirect(request, address, answer) : null;
                if (next is null) throw new AttemptFailedException(await FailureAsync(answer, progress, cancellation));
                address = next;
            }
            catch
            {
                answer.Dispose();
                throw;
            }

            answer.Dispose();
        }
    }

    private HttpRequestMessage Compose(GraphRequest request, Uri address, string? token)
    {
        var message = new HttpRequestMessage(request.Method, address) { Content = request.Body?.Invoke() };
        message.Options.Set(GraphRequest.PermissionsOption, request.AnyPermission);
        message.Headers.TryAddWithoutValidation("User-Agent", "ISV|OrleansBackup|OrleansBackup/1.0");
        message.Headers.TryAddWithoutValidation("Accept", "*/*");
        if (request.RangeFrom is { } from) message.Headers.Range = new System.Net.Http.Headers.RangeHeaderValue(from, null);
        if (!IsGraph(address)) return message; // nothing that is Graph's goes to another host, least of all the token
        message.Headers.TryAddWithoutValidation("client-request-id", Guid.NewGuid().ToString("D"));
        message.Headers.TryAddWithoutValidation("return-client-request-id", "true");
        if (token is not null) message.Headers.TryAddWithoutValidation("Authorization", "Bearer " + token);
        if (!request.Preferences.IsDefaultOrEmpty) message.Headers.TryAddWithoutValidation("Prefer", string.Join(", ", request.Preferences));
        return message;
    }

    private bool IsGraph(Uri address) => Uri.Compare(address, endpoints.Graph, UriComponents.SchemeAndServer, UriFormat.Unescaped, StringComparison.OrdinalIgnoreCase) == 0;

    private static Uri? Redirect(GraphRequest request, Uri from, HttpResponseMessage answer)
    {
        if (answer.Headers.Location is not { } location) return null;
        var keepsMethod = answer.StatusCode is HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect;
        if (request.Method != HttpMethod.Get && !keepsMethod) return null;
        var target = location.IsAbsoluteUri ? location : new Uri(from, location);
        return target.Scheme == Uri.UriSchemeHttps || target.Scheme == from.Scheme ? target : null;
    }

    private async Task<GraphResponse> JsonAsync(GraphRequest request, HttpResponseMessage answer, Action progress, CancellationToken cancellation)
    {
        var memory = await ReadAllAsync(answer, options.MaxJsonBytes, progress, cancellation);
        if (!request.LendsJson) await using (memory) return Json(answer, memory.ToArray(), null);
        return Json(answer, memory.GetBuffer().AsMemory(0, (int)memory.Length), memory);
    }

    private static GraphResponse Json(HttpResponseMessage answer, ReadOnlyMemory<byte> raw, IDisposable? memory)
    {
        var status = (int)answer.StatusCode;
        if (raw.IsEmpty)
        {
            return status == 200 ? throw new AttemptFailedException(Bad(answer) with { HasEmptyBody = true }) : new GraphResponse(status, raw, content: null, 0, answer.Headers.Location, memory);
        }

        ReadOnlyMemory<byte> json;
        try
        {
            json = TolerantJson.Repair(raw);
        }
        catch (JsonException e)
        {
            throw new AttemptFailedException(Bad(answer) with { Codes = ["MalformedAnswer"], Exception = e });
        }

        // A good status can carry an error: the service began to answer before it failed.
        if (ErrorIn(json) is { } error)
        {
            using (error) throw new AttemptFailedException(Bad(answer).WithError(error.RootElement));
        }

        return new GraphResponse(status, json, content: null, raw.Length, answer.Headers.Location, memory);
    }

    private async Task<GraphResponse> ContentAsync(HttpResponseMessage answer, Action progress, CancellationToken cancellation)
    {
        await using var body = await answer.Content.ReadAsStreamAsync(cancellation);
        var spool = await SpooledContent.ReadAsync(body, options, progress, cancellation);
        counters.CountReceived(spool.Length);
        if (answer.Content.Headers.ContentLength is not { } promised || promised == spool.Length)
        {
            return new GraphResponse((int)answer.StatusCode, default, spool, spool.Length, location: null);
        }

        await spool.DisposeAsync();
        throw new AttemptFailedException(new GraphFailure { Cause = FailureCause.Broken, Codes = ["CutShort"] });
    }

    private async Task<MemoryStream> ReadAllAsync(HttpResponseMessage answer, int limit, Action progress, CancellationToken cancellation)
    {
        var promised = answer.Content.Headers.ContentLength;
        if (promised > limit) throw new AttemptFailedException(Bad(answer) with { Codes = ["AnswerTooLarge"], Status = 413 });
        await using var body = await answer.Content.ReadAsStreamAsync(cancellation);
        var received = PooledMemory.NewStream();
        int read;
        while ((read = await body.ReadAsync(received.GetMemory(), cancellation)) > 0)
        {
            received.Advance(read);
            if (received.Length > limit) throw new AttemptFailedException(Bad(answer) with { Codes = ["AnswerTooLarge"], Status = 413 });
            progress();
        }

        counters.CountReceived(received.Length);
        if (promised is { } length && length != received.Length) throw new AttemptFailedException(new GraphFailure { Cause = FailureCause.Broken, Codes = ["CutShort"] });
        return received;
    }

    private async Task<GraphFailure> FailureAsync(HttpResponseMessage answer, Action progress, CancellationToken cancellation)
    {
        ReadOnlyMemory<byte> body;
        try
        {
            using var memory = await ReadAllAsync(answer, MaxErrorBytes, progress, cancellation);
            body = memory.ToArray();
        }
        catch (Exception e) when (e is AttemptFailedException or HttpRequestException or IOException)
        {
            body = default; // the status is known; a cut error text changes nothing
        }

        return GraphFailure.Read(answer.StatusCode, body) with
        {
            RequestId = LimitHeaders.RequestId(answer.Headers),
            RetryAfter = LimitHeaders.Wait(answer.Headers, time.GetUtcNow()),
            Location = answer.Headers.Location,
        };
    }

    private static GraphFailure Bad(HttpResponseMessage answer) =>
        new() { Cause = FailureCause.Answered, Status = (int)answer.StatusCode, RequestId = LimitHeaders.RequestId(answer.Headers) };

    private static JsonDocument? ErrorIn(ReadOnlyMemory<byte> json)
    {
        var reader = new Utf8JsonReader(json.Span, new JsonReaderOptions { MaxDepth = 128 });
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isError = reader.ValueTextEquals("error"u8);
            reader.Read();
            if (isError && reader.TokenType == JsonTokenType.StartObject) return JsonDocument.ParseValue(ref reader);
            reader.Skip();
        }

        return null;
    }
}
