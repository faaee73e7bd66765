namespace OrleansBackup.Microsoft365.Transport;

/// <summary>A good answer whose body is still on the wire: for files that must not be spooled whole before anybody reads them.</summary>
internal sealed class OpenedContent : IAsyncDisposable
{
    private readonly HttpResponseMessage _answer;
    private readonly Stream _body;
    private readonly GraphClientOptions _options;
    private readonly GraphCounters _counters;

    private OpenedContent(HttpResponseMessage answer, Stream body, GraphClientOptions options, GraphCounters counters) =>
        (_answer, _body, _options, _counters) = (answer, body, options, counters);

    public int Status => (int)_answer.StatusCode;

    /// <summary>Bytes that were promised; null when the service does not say.</summary>
    public long? Length => _answer.Content.Headers.ContentLength;

    /// <summary>Where the bytes begin, if the service says that they are a part.</summary>
    public long? From => _answer.Content.Headers.ContentRange?.From;

    /// <summary>Names the version that is served; null when the service does not say.</summary>
    public string? ETag => _answer.Headers.ETag?.ToString();

    /// <summary>The scanner's verdict on a file that is served all the same.</summary>
    public bool IsInfected => _answer.Headers.TryGetValues("X-Virus-Infected", out var values) && values.Contains("true", StringComparer.OrdinalIgnoreCase);

    public static async Task<OpenedContent> OfAsync(HttpResponseMessage answer, GraphClientOptions options, GraphCounters counters, CancellationToken cancellation)
    {
        try
        {
            return new OpenedContent(answer, await answer.Content.ReadAsStreamAsync(cancellation), options, counters);
        }
        catch
        {
            answer.Dispose();
            throw;
        }
    }

    /// <returns>0 at the end of what came, which may be before what was promised.</returns>
    /// <exception cref="IOException">The transfer broke or stalled.</exception>
    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellation)
    {
        using var stall = new CancellationTokenSource(_options.StallTimeout, _options.NetworkClock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellation, stall.Token);
        try
        {
            var read = await _body.ReadAsync(buffer, both.Token);
            _counters.CountReceived(read);
            return read;
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            throw new IOException("The transfer stalled.", e);
        }
        catch (HttpRequestException e)
        {
            throw new IOException("The transfer broke.", e);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _body.DisposeAsync();
        _answer.Dispose();
    }
}
