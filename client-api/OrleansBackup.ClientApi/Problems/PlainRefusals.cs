using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using OrleansBackup.ClientApi.Json;

namespace OrleansBackup.ClientApi.Problems;

/// <summary>Gives a body to the refusals that the web server makes before any of our code is asked: a request that is no HTTP, such as one with <c>%00</c> in its address.</summary>
/// <remarks>
/// The server has no place for this, so it is done on the connection. Only what is written while no request of the connection is answered by us is looked
/// at, so that no byte of an answer of ours is ever taken for such a refusal.
/// </remarks>
internal static class PlainRefusals
{
    private const string Answering = "OrleansBackup.Answering";

    /// <summary>Around everything: from here to the end the answer is ours.</summary>
    public static async Task Mark(HttpContext context, RequestDelegate next)
    {
        if (context.Features.Get<IConnectionItemsFeature>() is not { Items: { } items })
        {
            await next(context);
            return;
        }
        items[Answering] = true;
        context.Response.OnCompleted(() =>
        {
            items.Remove(Answering);
            return Task.CompletedTask;
        });
        await next(context);
    }

    public static ConnectionDelegate Explain(ConnectionDelegate next) => async connection =>
    {
        var transport = connection.Transport;
        connection.Transport = new Explained(transport.Input, new Writer(transport.Output, connection.Items));
        try
        {
            await next(connection);
        }
        finally
        {
            connection.Transport = transport;
        }
    };

    private sealed record Explained(PipeReader Input, PipeWriter Output) : IDuplexPipe;

    /// <summary>Passes everything on; holds what is written between answers until it is flushed, and looks whether it is a bare refusal.</summary>
    private sealed class Writer(PipeWriter inner, IDictionary<object, object?> items) : PipeWriter
    {
        private readonly ArrayBufferWriter<byte> _held = new();
        private bool _holds;

        public override bool CanGetUnflushedBytes => inner.CanGetUnflushedBytes;

        public override long UnflushedBytes => inner.UnflushedBytes + _held.WrittenCount;

        public override void Advance(int bytes)
        {
            if (_holds)
                _held.Advance(bytes);
            else
                inner.Advance(bytes);
        }

        public override Memory<byte> GetMemory(int sizeHint = 0) => Holds() ? _held.GetMemory(sizeHint) : inner.GetMemory(sizeHint);

        public override Span<byte> GetSpan(int sizeHint = 0) => Holds() ? _held.GetSpan(sizeHint) : inner.GetSpan(sizeHint);

        public override void CancelPendingFlush() => inner.CancelPendingFlush();

        public override void Complete(Exception? exception = null)
        {
            PassOn();
            inner.Complete(exception);
        }

        public override async ValueTask CompleteAsync(Exception? exception = null)
        {
            PassOn();
            await inner.CompleteAsync(exception);
        }

        public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
        {
            PassOn();
            return inner.FlushAsync(cancellationToken);
        }

        private bool Holds()
        {
            if (items.ContainsKey(Answering) && _holds)
                PassOn(); // in order
            return _holds = !items.ContainsKey(Answering);
        }

        private void PassOn()
        {
            if (_held.WrittenCount > 0)
                inner.Write(Explanation(_held.WrittenSpan) is { IsEmpty: false } explained ? explained : _held.WrittenSpan);
            _held.Clear();
            _holds = false;
        }

        // "HTTP/1.1 400 Bad Request", no content, and the connection is closed after it.
        private static ReadOnlySpan<byte> Explanation(ReadOnlySpan<byte> written)
        {
            if (!written.StartsWith("HTTP/1.1 4"u8) || !written.EndsWith("\r\n\r\n"u8) || written.IndexOf("Content-Length: 0\r\n"u8) < 0 || written.IndexOf("Connection: close\r\n"u8) < 0)
                return default;
            var status = int.Parse(written.Slice(9, 3), NumberStyles.None, CultureInfo.InvariantCulture);
            var problem = Problem.OfStatus(status, "", "");
            problem.Extensions["traceId"] = "";
            var body = JsonSerializer.Serialize<ProblemDetails>(problem, ApiJson.Options);
            var head = Encoding.ASCII.GetString(written).Replace("Content-Length: 0\r\n",
                string.Create(CultureInfo.InvariantCulture, $"Content-Type: application/problem+json\r\nCache-Control: no-store\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n"), StringComparison.Ordinal);
            return Encoding.UTF8.GetBytes(head + body);
        }
    }
}
