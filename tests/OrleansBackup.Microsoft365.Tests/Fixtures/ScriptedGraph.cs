using System.Buffers.Text;
using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace OrleansBackup.Microsoft365.Tests.Fixtures;

/// <summary>One request as it left the connector.</summary>
internal sealed record SentRequest(string Method, Uri Address, string? Authorization, string Prefer, string Body, HttpRequestHeaders Headers, string? ContentRange)
{
    public string Path => Uri.UnescapeDataString(Address.PathAndQuery);
}

/// <summary>Plays a script in place of the network, and keeps what was asked. A request without a line in the script fails the test.</summary>
internal sealed class ScriptedGraph : HttpMessageHandler
{
    public const string Tenant = "11111111-2222-3333-4444-555555555555";
    private readonly Lock _lock = new();
    private readonly List<Line> _lines = [];
    private readonly List<SentRequest> _sent = [];
    private readonly List<SentRequest> _signIns = [];
    private readonly Queue<Reply> _signInReplies = new();

    /// <summary>Permissions in the tokens that are given from now on; null makes tokens that cannot be read.</summary>
    public string[]? Roles { get; set; } = ["User.Read.All", "Mail.Read", "Mail.ReadWrite", "MailboxSettings.Read"];

    public IReadOnlyList<SentRequest> Sent
    {
        get { lock (_lock) return [.. _sent]; }
    }

    public IReadOnlyList<SentRequest> SignIns
    {
        get { lock (_lock) return [.. _signIns]; }
    }

    /// <summary>Answers requests whose path and query hold the words, in order; a line that is used up falls through to the next.</summary>
    public ScriptedGraph When(string method, string pathHas, params Reply[] replies)
    {
        lock (_lock) _lines.Add(new Line(method, pathHas, new Queue<Func<SentRequest, Reply>>(replies.Select(r => new Func<SentRequest, Reply>(_ => r))), Always: null));
        return this;
    }

    public ScriptedGraph Always(string method, string pathHas, Func<SentRequest, Reply> reply)
    {
        lock (_lock) _lines.Add(new Line(method, pathHas, new Queue<Func<SentRequest, Reply>>(), reply));
        return this;
    }

    public ScriptedGraph WhenSigningIn(params Reply[] replies)
    {
        foreach (var reply in replies) _signInReplies.Enqueue(reply);
        return this;
    }

    /// <summary>Every line of the script was played to its end.</summary>
    public void AssertAllPlayed()
    {
        lock (_lock) Assert.All(_lines, line => Assert.True(line.Replies.Count == 0, $"{line.Method} {line.PathHas}: {line.Replies.Count} answers were never asked for."));
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var body = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken);
        var sent = new SentRequest(request.Method.Method, request.RequestUri!, request.Headers.Authorization?.ToString(),
            request.Headers.TryGetValues("Prefer", out var prefer) ? string.Join(", ", prefer) : "", body, request.Headers, request.Content?.Headers.ContentRange?.ToString());
        Reply reply;
        lock (_lock)
        {
            if (request.RequestUri!.AbsolutePath.EndsWith("/oauth2/v2.0/token", StringComparison.Ordinal))
            {
                _signIns.Add(sent);
                reply = _signInReplies.TryDequeue(out var scripted) ? scripted : Token();
            }
            else
            {
                _sent.Add(sent);
                var line = _lines.FirstOrDefault(l => l.Method == sent.Method && sent.Path.Contains(l.PathHas, StringComparison.Ordinal) && (l.Always is not null || l.Replies.Count > 0))
                    ?? throw new Xunit.Sdk.XunitException($"Not in the script: {sent.Method} {sent.Address}");
                reply = line.Replies.Count > 0 ? line.Replies.Dequeue()(sent) : line.Always!(sent);
            }
        }

        if (reply is Reply.Stalled) await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
        return reply switch
        {
            Reply.Answer answer => Compose(answer, request),
            _ => throw new HttpRequestException("The connection was reset."),
        };
    }

    private static HttpResponseMessage Compose(Reply.Answer answer, HttpRequestMessage request)
    {
        var response = new HttpResponseMessage(answer.Status) { Content = new ByteArrayContent(answer.Body), RequestMessage = request };
        response.Headers.TryAddWithoutValidation("request-id", "req-1");
        foreach (var (name, value) in answer.Headers)
        {
            if (!response.Headers.TryAddWithoutValidation(name, value))
            {
                response.Content.Headers.Remove(name);
                response.Content.Headers.TryAddWithoutValidation(name, value);
            }
        }

        return response;
    }

    private Reply Token()
    {
        var roles = Roles is null ? null : string.Join(',', Roles.Select(r => $"\"{r}\""));
        var payload = Roles is null ? "opaque" : $"x.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes($$"""{"n":{{_signIns.Count}},"roles":[{{roles}}]}"""))}.y";
        return Reply.Json($$"""{"token_type":"Bearer","expires_in":3599,"ext_expires_in":3599,"access_token":"{{payload}}"}""");
    }

    private sealed record Line(string Method, string PathHas, Queue<Func<SentRequest, Reply>> Replies, Func<SentRequest, Reply>? Always);
}
