using OrleansBackup.Microsoft365.Transport;

namespace OrleansBackup.Microsoft365.Drives;

/// <summary>The bytes of a file over as many connections and addresses as it takes, in order and without a gap.</summary>
/// <remarks>
/// A broken connection goes on with a range; an address that expired is asked for anew, and the item looked at: one that was saved again meanwhile
/// is not put together from two versions. A service that sends the whole file instead of a range is read up to where we were.
/// </remarks>
internal sealed class ResumingDownload(GraphClient client, DriveRequests requests, DriveReadOptions options, DriveItem file, long from) : Stream
{
    private const int DiscardBytes = 64 * 1024;

    private OpenedContent? _content;
    private Uri? _address = Uri.TryCreate(file.DownloadUrl, UriKind.Absolute, out var given) ? given : null;
    private string? _servedVersion;
    private long _position = from;
    private long? _end;
    private int _breaks;
    private int _refreshes;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => _position;
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.IsEmpty) return 0;
        while (true)
        {
            if (_position == _end) return 0;
            try
            {
                _content ??= await OpenAsync(cancellationToken);
                if (_position == _end) return 0; // nothing in it
                var read = await _content.ReadAsync(buffer, cancellationToken);
                if (read > 0)
                {
                    _position += read;
                    _breaks = 0;
                    return read;
                }

                if (_end is null || _position == _end) return 0; // where no length was promised, the end is the end
                throw new IOException("The transfer was cut short.");
            }
            catch (IOException e)
            {
                await CloseAsync();
                if (++_breaks > options.MaxBreaksInARow)
                    throw new GraphTransientException($"Drive '{requests.DriveId}': a download broke off again and again.", "CutShort", requestId: null, status: null, e);
                await Task.Delay(client.Options.FirstBackoff * _breaks, client.Time, cancellationToken);
            }
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("A download is read asynchronously.");

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override async ValueTask DisposeAsync()
    {
        await CloseAsync();
        await base.DisposeAsync();
    }

    private async Task<OpenedContent> OpenAsync(CancellationToken cancellation)
    {
        var content = await OpenAddressAsync(cancellation);
        try
        {
            Check(content);
            // The whole file though a part was asked for: up to where we were it is known.
            for (var behind = _position - (content.Status == 206 ? content.From ?? 0 : 0); behind > 0;)
            {
                var read = await content.ReadAsync(new byte[(int)Math.Min(DiscardBytes, behind)], cancellation);
                if (read == 0) throw new IOException("The transfer was cut short.");
                behind -= read;
            }

            return content;
        }
        catch
        {
            await content.DisposeAsync();
            throw;
        }
    }

    private void Check(OpenedContent content)
    {
        if (content.IsInfected) throw new ItemUnreadableException($"Drive '{requests.DriveId}': the service holds a file for harmful.", "malwareDetected", requestId: null);
        var from = content.Status == 206 ? content.From ?? 0 : 0;
        if (from > _position) throw new IOException("The service began behind what was asked for.");
        var end = content.Length is { } length ? from + length : (long?)null;
        if (_position > 0 && ((_servedVersion is not null && content.ETag is not null && content.ETag != _servedVersion) || (_end is not null && end is not null && end != _end)))
            throw Changed();
        _servedVersion ??= content.ETag;
        _end ??= end;
    }

    private async Task<OpenedContent> OpenAddressAsync(CancellationToken cancellation)
    {
        while (true)
        {
            _address ??= await AddressAsync(cancellation);
            try
            {
                return await client.OpenAsync(Request(_address), cancellation);
            }
            catch (GraphTransientException e) when (e.Status is 401 or 403 or 404 or 410 && _refreshes < options.MaxBreaksInARow)
            {
                _refreshes++;
                _address = null; // it has expired; the item has a new one
            }
            catch (GraphTransientException e) when (file.IsNotebookFile)
            {
                throw new ItemUnreadableException($"Drive '{requests.DriveId}': the service does not hand out a notebook's file ({e.Code}).", e.Code, e.RequestId, e);
            }
            catch (GraphRefusedException e) when (e.Status == 416 && _position > 0)
            {
                throw Changed();
            }
        }
    }

    private GraphRequest Request(Uri address)
    {
        var isGraph = client.IsOurs(address);
        return requests.Read(address, isGraph ? RequestSubject.DriveItem : RequestSubject.Download) with
        {
            CarriesToken = isGraph,
            RangeFrom = _position > 0 ? _position : null,
            MaxPassingAttempts = file.IsNotebookFile ? options.AttemptsWhereHopeIsSmall : null,
        };
    }

    /// <summary>A fresh address of the same version.</summary>
    private async Task<Uri> AddressAsync(CancellationToken cancellation)
    {
        var answer = await client.SendAsync(requests.Read(requests.Item(file.Id), RequestSubject.DriveItem), cancellation);
        var now = DriveItem.Read(answer.Json) ?? throw new ItemGoneException($"Drive '{requests.DriveId}': the item is gone.", "NoId", requestId: null);
        if (now.IsMalware) throw new ItemUnreadableException($"Drive '{requests.DriveId}': the service holds a file for harmful.", "malwareDetected", requestId: null);
        if (_position > 0 && now.ETag != file.ETag) throw Changed();
        return Uri.TryCreate(now.DownloadUrl, UriKind.Absolute, out var fresh) && _refreshes < options.MaxBreaksInARow ? fresh : requests.Content(file.Id);
    }

    private FileChangedException Changed() => new($"Drive '{requests.DriveId}': a file was saved again while it was being read.");

    private async Task CloseAsync()
    {
        if (_content is { } content) await content.DisposeAsync();
        _content = null;
    }
}
