using Microsoft.AspNetCore.Http;

namespace OrleansBackup.ClientApi.Streams;

/// <summary>Content that comes in verified pieces, sent on as it comes: never more than one piece in memory.</summary>
/// <remarks>
/// The first piece is read before the answer begins, so that what is missing or refused becomes a problem. An error after that cuts
/// the connection: a caller sees a broken transfer, never a short file that looks whole.
/// </remarks>
internal sealed class PieceStream : IAsyncDisposable
{
    private readonly IAsyncEnumerator<ReadOnlyMemory<byte>> _pieces;
    private bool _more;

    private PieceStream(IAsyncEnumerator<ReadOnlyMemory<byte>> pieces) => _pieces = pieces;

    public static async Task<PieceStream> OpenAsync(IAsyncEnumerable<ReadOnlyMemory<byte>> pieces, CancellationToken cancellation)
    {
        var stream = new PieceStream(pieces.GetAsyncEnumerator(cancellation));
        try
        {
            stream._more = await stream._pieces.MoveNextAsync();
            return stream;
        }
        catch
        {
            await stream.DisposeAsync();
            throw;
        }
    }

    public async Task CopyToAsync(Stream target, CancellationToken cancellation)
    {
        while (_more)
        {
            await target.WriteAsync(_pieces.Current, cancellation);
            _more = await _pieces.MoveNextAsync();
        }
    }

    public ValueTask DisposeAsync() => _pieces.DisposeAsync();

    /// <summary>The pieces as a download of its own.</summary>
    public IResult AsDownload(string contentType, string fileName) => new Download(this, contentType, fileName);

    private sealed class Download(PieceStream pieces, string contentType, string fileName) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            await using (pieces)
            {
                DownloadHeaders.Set(httpContext.Response, contentType, fileName);
                if (!HttpMethods.IsHead(httpContext.Request.Method))
                    await pieces.CopyToAsync(httpContext.Response.Body, httpContext.RequestAborted);
            }
        }
    }
}
