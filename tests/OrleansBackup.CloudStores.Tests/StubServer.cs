using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace OrleansBackup.CloudStores.Tests;

/// <summary>What goes wrong with one request.</summary>
public enum StubFault
{
    /// <summary>Refused before anything was done, with the service's answer for "too many".</summary>
    Throttled,

    /// <summary>Fails before anything was done.</summary>
    Failed,

    /// <summary>The connection ends before anything was done.</summary>
    Dropped,

    /// <summary>Everything is done, and the connection ends before the answer.</summary>
    AnswerLost,

    /// <summary>A byte of the answer is another.</summary>
    Altered,

    /// <summary>The answer ends before its end.</summary>
    CutShort,

    /// <summary>No room.</summary>
    Full,
}

/// <summary>A server of a test on loopback, with a plan of faults that it plays on the requests that a test names.</summary>
public abstract class StubServer : IAsyncDisposable
{
    private readonly ConcurrentQueue<(Func<HttpRequest, bool> When, StubFault Fault)> _faults = new();
    private readonly WebApplication _app;

    protected StubServer()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0").ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = null);
        _app = builder.Build();
        _app.Run(AnswerAsync);
    }

    public Uri Address => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());

    /// <summary>What was asked, oldest first: method and path with query.</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    /// <summary>Something in the server itself went wrong; a test that sees an odd answer looks here.</summary>
    public Exception? Broken { get; private set; }

    public bool AllFaultsPlayed => _faults.IsEmpty;

    public Task StartAsync() => _app.StartAsync();

    /// <summary>Plays the faults in this order, each on the next request that fits.</summary>
    public void Play(Func<HttpRequest, bool> when, params StubFault[] faults)
    {
        foreach (var fault in faults)
            _faults.Enqueue((when, fault));
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected abstract Task<StubAnswer> AnswerAsync(HttpRequest request, byte[] body);

    protected abstract StubAnswer Of(StubFault fault);

    private async Task AnswerAsync(HttpContext context)
    {
        Requests.Enqueue($"{context.Request.Method} {context.Request.Path}{context.Request.QueryString}");
        StubFault? fault = _faults.TryPeek(out var next) && next.When(context.Request) && _faults.TryDequeue(out next) ? next.Fault : null;
        using var copy = new MemoryStream();
        await context.Request.Body.CopyToAsync(copy);
        if (fault is StubFault.Dropped)
        {
            context.Abort();
            return;
        }
        StubAnswer answer;
        try { answer = fault is StubFault.Throttled or StubFault.Failed or StubFault.Full ? Of(fault.Value) : await AnswerAsync(context.Request, copy.ToArray()); }
        catch (Exception e)
        {
            Broken = e;
            throw;
        }
        if (fault is StubFault.AnswerLost)
        {
            context.Abort();
            return;
        }
        await SendAsync(context, answer, fault);
    }

    private static async Task SendAsync(HttpContext context, StubAnswer answer, StubFault? fault)
    {
        context.Response.StatusCode = answer.Status;
        foreach (var (name, value) in answer.Headers)
            context.Response.Headers[name] = value;
        context.Response.ContentLength = answer.Length ?? answer.Body.Length;
        if (HttpMethods.IsHead(context.Request.Method) || answer.Body.Length == 0)
            return;
        var body = answer.Body.ToArray();
        if (fault is StubFault.Altered)
            body[body.Length / 2] ^= 1;
        await context.Response.Body.WriteAsync(body.AsMemory(0, fault is StubFault.CutShort ? body.Length / 2 : body.Length));
        await context.Response.Body.FlushAsync();
        if (fault is StubFault.CutShort)
            context.Abort();
    }
}

/// <param name="Length">Of an answer to HEAD, whose body is not sent.</param>
public sealed record StubAnswer(int Status, byte[] Body, long? Length = null)
{
    public Dictionary<string, string> Headers { get; init; } = new(StringComparer.OrdinalIgnoreCase);

    public static StubAnswer Empty(int status) => new(status, []);
}
