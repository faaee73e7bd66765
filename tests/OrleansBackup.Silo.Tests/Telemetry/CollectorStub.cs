using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace OrleansBackup.Silo.Tests.Telemetry;

/// <summary>Takes what a process sends to an OpenTelemetry collector over HTTP, and keeps it.</summary>
internal sealed class CollectorStub : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<(string Path, string Body)> _received = new();

    private CollectorStub(WebApplication app) => _app = app;

    public string Address => _app.Urls.Single();

    public static async Task<CollectorStub> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var stub = new CollectorStub(builder.Build());
        stub._app.Urls.Add("http://127.0.0.1:0");
        stub._app.MapPost("/v1/{signal}", async (HttpRequest request) =>
        {
            using var bytes = new MemoryStream();
            await request.Body.CopyToAsync(bytes);
            // The texts inside the protocol's messages are plain UTF-8; they are all that is looked for.
            stub._received.Enqueue((request.Path, Encoding.Latin1.GetString(bytes.ToArray())));
        });
        await stub._app.StartAsync();
        return stub;
    }

    /// <summary>Everything that came for traces, metrics or logs.</summary>
    public string Of(string signal) => string.Concat(_received.Where(sent => sent.Path == $"/v1/{signal}").Select(sent => sent.Body));

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}
