using System.Globalization;
using OrleansBackup.GraphSimulator.Faults;
using OrleansBackup.GraphSimulator.Identity;
using OrleansBackup.GraphSimulator.Limits;
using OrleansBackup.GraphSimulator.World;

namespace OrleansBackup.GraphSimulator.Http;

/// <summary>Takes a request from arrival to answer: who calls, may they, is there budget left, is a fault due, what is the answer.</summary>
public sealed class GraphPipeline
{
    private readonly SimulatedWorld _world;
    private readonly TokenIssuer _tokens;
    private readonly BatchEndpoint _batch;

    public GraphPipeline(SimulatedWorld world, TokenIssuer tokens, GraphRouter router)
    {
        _world = world;
        _tokens = tokens;
        Router = router;
        _batch = new BatchEndpoint(this);
    }

    public GraphRouter Router { get; }

    public async Task<GraphResponse> SendAsync(GraphRequest request, CancellationToken cancellation)
    {
        var template = request.RawPath.Equals("/$batch", StringComparison.OrdinalIgnoreCase) ? "/$batch" : "(unknown)";
        GraphResponse response;
        try
        {
            if (template == "/$batch")
                response = await BatchAsync(request, cancellation);
            else
            {
                var (route, values) = Router.Find(request.Method, request.RawPath);
                template = route.Template;
                request.Values = values;
                response = await AnswerAsync(request, route, cancellation);
            }
        }
        catch (GraphErrorException e)
        {
            response = Error(request, e);
        }
        catch (Exception e) when (request.Body.Length > 0 && e is (InvalidOperationException or FormatException))
        {
            // JSON that is well formed and has a value of another type than the property: readers throw deep inside.
            response = Error(request, new GraphErrorException(400, "RequestBodyRead", "A property of the request body has a value of the wrong type."));
        }
        _world.Statistics.Count(request.Method, template, response.Status, response.Body.Length);
        return response;
    }

    /// <summary>A block of an upload session: no token is asked, faults on order are played.</summary>
    internal async Task<GraphResponse> UploadAsync(GraphRequest request, string? mailbox, Func<GraphResponse> answer, CancellationToken cancellation)
    {
        try
        {
            return await WithFaultsAsync(request, mailbox, answer, cancellation);
        }
        catch (GraphErrorException e)
        {
            return Error(request, e);
        }
    }

    /// <summary>An error body in Graph's shape.</summary>
    public GraphResponse Error(GraphRequest request, GraphErrorException error)
    {
        var requestId = Guid.NewGuid().ToString();
        var response = GraphResponse.Json(error.Status, json =>
        {
            json.WriteStartObject();
            json.WriteStartObject("error");
            json.WriteString("code", error.Code);
            json.WriteString("message", error.Message);
            json.WriteStartObject("innerError");
            json.WriteString("date", _world.Clock.Real.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture));
            json.WriteString("request-id", requestId);
            json.WriteString("client-request-id", request.Header("client-request-id") ?? requestId);
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteEndObject();
        });
        if (error.RetryAfter is { } seconds)
            response = response.With("Retry-After", seconds.ToString(CultureInfo.InvariantCulture));
        return error.Location is null ? response : response.With("Location", error.Location);
    }

    private async Task<GraphResponse> BatchAsync(GraphRequest request, CancellationToken cancellation)
    {
        request.Caller ??= _tokens.Authenticate(request.Header("Authorization"));
        return request.Method == "POST"
            ? await _batch.SendAsync(request, cancellation)
            : throw new GraphErrorException(405, "Request_BadRequest", "Specified HTTP method is not allowed for the request target.");
    }

    private async Task<GraphResponse> AnswerAsync(GraphRequest request, GraphRoute route, CancellationToken cancellation)
    {
        request.Caller ??= _tokens.Authenticate(request.Header("Authorization"));
        var mailbox = route.Service == GraphService.Exchange ? MailboxKey(request) : null;
        using var budget = _world.Limits.Enter(request, route, mailbox);
        if (budget.Refusal is { } refusal)
            throw refusal;
        if (_world.Limits.Current.Latency is { } latency && latency > TimeSpan.Zero)
            await Task.Delay(latency, _world.Clock.Real, cancellation);
        var response = await WithFaultsAsync(request, mailbox, () => request.Caller.Permissions.Overlaps(route.AnyOf) ? route.Handle(request) : throw Forbidden(route.Service), cancellation);
        return route.Service == GraphService.Files && _world.Limits.FilesWarning(request.Caller) is var (limit, left, reset)
            ? response.With("RateLimit-Limit", Text(limit)).With("RateLimit-Remaining", Text(left)).With("RateLimit-Reset", Text(reset))
            : response;

        static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
    }

    private async Task<GraphResponse> WithFaultsAsync(GraphRequest request, string? mailbox, Func<GraphResponse> answer, CancellationToken cancellation)
    {
        var fault = _world.Faults.Next(request, mailbox);
        if (fault?.Delay is { } delay)
            await Task.Delay(delay, _world.Clock.Real, cancellation);
        if (fault is not null && FaultActs.Before(fault, request, this) is { } instead)
            return instead;
        var response = answer();
        return fault is null ? response : FaultActs.After(fault, request, response);
    }

    // The limit counts a mailbox once, whether it is named by id or by name.
    private static string MailboxKey(GraphRequest request)
    {
        var user = request.Values.GetValueOrDefault("user") ?? (request.Values.TryGetValue("mailbox", out var exchange) ? Exports.ExchangePlaces.UserOf(exchange)?.ToString() : null) ?? "";
        return request.Tenant.Directory.Find(user)?.Id.ToString() ?? user.ToLowerInvariant();
    }

    private static GraphErrorException Forbidden(GraphService service) => service switch
    {
        GraphService.Teams => new GraphErrorException(403, "Forbidden", "Missing role permissions on the request."),
        GraphService.Directory => new GraphErrorException(403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation."),
        GraphService.Files => new GraphErrorException(403, "accessDenied", "Access denied"),
        _ => new GraphErrorException(403, "ErrorAccessDenied", "Access is denied. Check credentials and try again."),
    };
}
