using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json;
using OrleansBackup.Microsoft365.Transport;

namespace OrleansBackup.Microsoft365.Exports;

/// <summary>Puts exported items back into one mailbox exactly as they were. The service sends nothing to anybody by it.</summary>
public sealed class ItemImporter(ExchangeMailbox mailbox, ExportOptions options)
{
    private readonly Lock _lock = new();
    private Task<Session>? _session;

    /// <summary>Whether a stream of this length is tried at all.</summary>
    public bool Takes(long length) => length <= options.LargestImport;

    /// <summary>Makes a new item in the folder.</summary>
    /// <param name="open">Opens the stream; called again for each attempt.</param>
    /// <param name="find">Looks whether the item is there already, after a request whose reply was lost: an import must not happen twice.</param>
    /// <returns>The item's id: a changeable one, see <see cref="ExchangeMailbox.TranslateAsync"/>, or what <paramref name="find"/> gave.</returns>
    /// <exception cref="GraphRefusedException">The service does not take this stream.</exception>
    /// <exception cref="FolderGoneException">There is no such folder.</exception>
    /// <exception cref="TenantAccessException">The tenant does not permit it (any more).</exception>
    /// <exception cref="MailboxUnavailableException">The mailbox takes no imports (any more).</exception>
    public async Task<string> ImportAsync(string folderId, Func<CancellationToken, Task<Stream>> open, long length, Func<CancellationToken, Task<string?>> find, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(open);
        ArgumentNullException.ThrowIfNull(find);
        for (var attempt = 1; ; attempt++)
        {
            var session = await SessionAsync(cancellation);
            try
            {
                return await SendAsync(session, folderId, open, length, cancellation);
            }
            catch (GraphTransientException e) when (e.Code == "ErrorItemNotFound")
            {
                throw new FolderGoneException($"Mailbox '{mailbox.UserId}': the folder to import into is gone ({e.Code}).", e.Code, e.RequestId);
            }
            catch (GraphTransientException e) when (e.Status is 409 or 416)
            {
                throw new GraphRefusedException($"Mailbox '{mailbox.UserId}': the item was not taken ({e.Code}).", e.Code, e.RequestId, e.Status.Value);
            }
            catch (GraphTransientException e) when (e.Status is 401 or 403 or 404 or 410 && attempt < options.MaxAttempts)
            {
                Forget(session); // the address has expired; nothing was done
            }
            catch (GraphTransientException e) when (e.Status is 401 or 403 or 404 or 410)
            {
                // New addresses are given and none takes anything: the way is closed, whatever is put into it.
                throw new MailboxUnavailableException(MailboxProblem.AccessDenied, $"Mailbox '{mailbox.UserId}': import sessions open and take nothing ({e.Code}).", e.Code, e.RequestId);
            }
            catch (GraphTransientException) when (attempt < options.MaxAttempts)
            {
                if (await find(cancellation) is { } made) return made;
                await Task.Delay(mailbox.Client.Options.FirstBackoff * attempt, mailbox.Client.Time, cancellation);
            }
        }
    }

    private async Task<string> SendAsync(Uri session, string folderId, Func<CancellationToken, Task<Stream>> open, long length, CancellationToken cancellation)
    {
        var start = ImportBody.StartOf(folderId);
        var answer = await mailbox.Client.SendAsync(new GraphRequest
        {
            Method = HttpMethod.Post,
            Address = session,
            Subject = RequestSubject.Upload,
            Mailbox = mailbox.UserId,
            CarriesToken = false,
            IsRepeatable = false,
            Body = () => new ImportBody(start, open, length),
            BodyBytes = ImportBody.LengthOf(start, length),
        }, cancellation);
        using var document = JsonDocument.Parse(answer.Json);
        return TolerantJson.GetText(document.RootElement, "itemId") is { Length: > 0 } id ? id
            : throw new GraphTransientException($"Mailbox '{mailbox.UserId}': an item was imported and has no id.", "NoId", requestId: null, status: null);
    }

    /// <summary>One address serves all imports until it is about to expire.</summary>
    private async Task<Uri> SessionAsync(CancellationToken cancellation)
    {
        Task<Session> opening;
        lock (_lock)
        {
            if (_session is not { IsCompleted: false } && !(_session is { IsCompletedSuccessfully: true } open && open.Result.Expires - options.SessionMargin > mailbox.Client.Time.GetUtcNow()))
                _session = OpenAsync(cancellation);
            opening = _session;
        }

        return (await opening).Address;
    }

    private async Task<Session> OpenAsync(CancellationToken cancellation)
    {
        var answer = await mailbox.Client.SendAsync(mailbox.Post(mailbox.Path("createImportSession"), "{}"u8.ToArray(), GraphPermissions.ImportItems), cancellation);
        using var document = JsonDocument.Parse(answer.Json);
        if (!Uri.TryCreate(TolerantJson.GetText(document.RootElement, "importUrl"), UriKind.Absolute, out var address) || address.Scheme != Uri.UriSchemeHttps)
            throw new GraphTransientException($"Mailbox '{mailbox.UserId}': an import session has no address.", "BadImportUrl", requestId: null, status: null);
        return new Session(address, DateTimeOffset.TryParse(TolerantJson.GetText(document.RootElement, "expirationDateTime"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time : mailbox.Client.Time.GetUtcNow() + (options.SessionMargin * 2));
    }

    private void Forget(Uri address)
    {
        lock (_lock)
        {
            if (_session is { IsCompletedSuccessfully: true } open && open.Result.Address == address) _session = null;
        }
    }

    private sealed record Session(Uri Address, DateTimeOffset Expires);
}

/// <summary>The body of one import: JSON around the stream as base64, written as it is read.</summary>
internal sealed class ImportBody : HttpContent
{
    private static readonly byte[] End = "\"}"u8.ToArray();

    private readonly byte[] _start;
    private readonly Func<CancellationToken, Task<Stream>> _open;
    private readonly long _length;

    public ImportBody(byte[] start, Func<CancellationToken, Task<Stream>> open, long length)
    {
        (_start, _open, _length) = (start, open, length);
        Headers.ContentType = new MediaTypeHeaderValue("application/json");
    }

    public static byte[] StartOf(string folderId)
    {
        var whole = Items.JsonBody.Write(json =>
        {
            json.WriteString("FolderId", folderId);
            json.WriteString("Mode", "create");
            json.WriteString("Data", "");
        });
        return whole[..^End.Length];
    }

    public static long LengthOf(byte[] start, long length) => start.Length + ((length + 2) / 3 * 4) + End.Length;

    protected override bool TryComputeLength(out long length)
    {
        length = LengthOf(_start, _length);
        return true;
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        await stream.WriteAsync(_start, cancellationToken);
        await using (var content = await _open(cancellationToken))
        {
            using var transform = new ToBase64Transform();
            await using var text = new CryptoStream(stream, transform, CryptoStreamMode.Write, leaveOpen: true);
            await content.CopyToAsync(text, cancellationToken);
            await text.FlushFinalBlockAsync(cancellationToken);
        }

        await stream.WriteAsync(End, cancellationToken);
    }
}
