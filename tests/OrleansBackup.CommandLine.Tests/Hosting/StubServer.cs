using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace OrleansBackup.CommandLine.Tests.Hosting;

/// <summary>What the command asked, as it came in.</summary>
internal sealed record Asked(string Method, string Path, string Query, string Body, IHeaderDictionary Headers);

/// <summary>A server on loopback that answers what a test tells it, in the order told; the last answer of an address stays.</summary>
internal sealed class StubServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, ConcurrentQueue<Func<HttpContext, Task>>> _answers = new();

    private StubServer(WebApplication app) => _app = app;

    public Uri Address => new(_app.Urls.Single() + "/");

    public ConcurrentQueue<Asked> Seen { get; } = new();

    /// <summary>Answers what nobody told it an answer for; null: 404.</summary>
    public Func<HttpContext, Task>? Otherwise { get; set; }

    public static async Task<StubServer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.Zero);
        var app = builder.Build();
        var server = new StubServer(app);
        app.Run(server.AnswerAsync);
        await app.StartAsync();
        return server;
    }

    /// <param name="address">Method and path: <c>GET /api/v1/tenants</c>.</param>
    public StubServer On(string address, Func<HttpContext, Task> answer)
    {
        _answers.GetOrAdd(address, _ => new()).Enqueue(answer);
        return this;
    }

    public StubServer On(string address, string json, int status = 200, params (string Name, string Value)[] headers) => On(address, async context =>
    {
        context.Response.StatusCode = status;
        foreach (var (name, value) in headers)
            context.Response.Headers[name] = value;
        context.Response.ContentType = status < 400 ? "application/json" : "application/problem+json";
        await context.Response.WriteAsync(json);
    });

    /// <summary>A stream of events, whole.</summary>
    public StubServer OnEvents(string address, params (string Name, string Json)[] events) => On(address, async context =>
    {
        context.Response.ContentType = "text/event-stream";
        foreach (var (name, json) in events)
            await context.Response.WriteAsync($"event: {name}\ndata: {json}\n\n");
    });

    private async Task AnswerAsync(HttpContext context)
    {
        using var body = new StreamReader(context.Request.Body);
        var address = $"{context.Request.Method} {context.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpRequestFeature>()!.RawTarget.Split('?')[0]}";
        Seen.Enqueue(new(context.Request.Method, address.Split(' ')[1], context.Request.QueryString.Value!, await body.ReadToEndAsync(), new HeaderDictionary(context.Request.Headers.ToDictionary())));
        if (!_answers.TryGetValue(address, out var answers))
        {
            if (Otherwise is { } otherwise)
                await otherwise(context);
            else
                context.Response.StatusCode = 404;
            return;
        }
        if (answers.Count == 1 && answers.TryPeek(out var last))
            await last(context);
        else if (answers.TryDequeue(out var next))
            await next(context);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}
