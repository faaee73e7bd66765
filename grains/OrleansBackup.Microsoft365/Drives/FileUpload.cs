using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using OrleansBackup.Microsoft365.Transport;

namespace OrleansBackup.Microsoft365.Drives;

/// <summary>Sends one file through an upload session, piece by piece; holds one piece in memory.</summary>
internal sealed class FileUpload(GraphClient client, DriveRequests requests, DriveWriteOptions options)
{
    /// <param name="path">Where the session is made.</param>
    /// <param name="conflict">The word of the service.</param>
    public async Task<DriveItem> SendAsync(string path, FileToWrite file, string conflict, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await SendOnceAsync(path, file, conflict, cancellation);
            }
            catch (GraphTransientException) when (attempt < options.MaxUploads)
            {
                await Task.Delay(client.Options.FirstBackoff * attempt, client.Time, cancellation); // the session is no more, or its end unknown: begin anew
            }
        }
    }

    private async Task<DriveItem> SendOnceAsync(string path, FileToWrite file, string conflict, CancellationToken cancellation)
    {
        var address = await BeginAsync(path, file, conflict, cancellation);
        try
        {
            await using var content = await file.Open(cancellation);
            var piece = new byte[(int)Math.Min((long)options.PieceUnits * DriveWriteOptions.PieceUnit, file.Length)];
            for (long sent = 0; ;)
            {
                var length = await content.ReadAtLeastAsync(piece, (int)Math.Min(piece.Length, file.Length - sent), throwOnEndOfStream: true, cancellation);
                length = (int)Math.Min(length, file.Length - sent);
                var answer = await PieceAsync(address, piece, length, sent, file.Length, cancellation);
                sent += length;
                if (sent == file.Length) return answer is null ? throw Lost() : DriveWriter.Read(answer);
            }
        }
        catch (Exception e) when (e is not GraphTransientException { Status: 404 })
        {
            await AbandonAsync(address);
            throw;
        }
    }

    private async Task<Uri> BeginAsync(string path, FileToWrite file, string conflict, CancellationToken cancellation)
    {
        var body = DriveWriter.Compose(json =>
        {
            json.WriteStartObject("item");
            json.WriteString("@microsoft.graph.conflictBehavior", conflict);
            json.WriteNumber("fileSize", file.Length);
            DriveWriter.WriteDates(json, file.Created, file.Modified);
            json.WriteEndObject();
        });
        var answer = await client.SendAsync(requests.Write(HttpMethod.Post, path, body) with { AnyPermission = GraphPermissions.UploadFiles }, cancellation);
        using var document = JsonDocument.Parse(answer.Json);
        return Uri.TryCreate(TolerantJson.GetText(document.RootElement, "uploadUrl"), UriKind.Absolute, out var url) && url.Scheme == Uri.UriSchemeHttps
            ? url : throw new GraphTransientException($"Drive '{requests.DriveId}': an upload session has no address.", "BadUploadUrl", requestId: null, status: null);
    }

    /// <returns>The answer; null when the service says that it has the piece already, so that it has no answer of its own.</returns>
    private async Task<GraphResponse?> PieceAsync(Uri address, byte[] piece, int length, long from, long total, CancellationToken cancellation)
    {
        var request = Request(HttpMethod.Put, address) with
        {
            BodyBytes = length,
            Body = () => new ByteArrayContent(piece, 0, length)
            {
                Headers = { ContentType = new MediaTypeHeaderValue("application/octet-stream"), ContentRange = new ContentRangeHeaderValue(from, from + length - 1, total) },
            },
        };
        try
        {
            return await client.SendAsync(request, cancellation);
        }
        catch (GraphRefusedException e) when (e.Status == 416)
        {
            // The answer to an earlier attempt was lost: the session says where it is.
            return await NextExpectedAsync(address, cancellation) == from + length ? null : throw Lost();
        }
    }

    private async Task<long?> NextExpectedAsync(Uri address, CancellationToken cancellation)
    {
        var answer = await client.SendAsync(Request(HttpMethod.Get, address), cancellation);
        using var document = JsonDocument.Parse(answer.Json);
        return document.RootElement.TryGetProperty("nextExpectedRanges", out var ranges) && ranges.ValueKind == JsonValueKind.Array && ranges.GetArrayLength() > 0
            && TolerantJson.GetText(ranges[0]) is { } range && long.TryParse(range.Split('-')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var next) ? next : null;
    }

    /// <summary>Also when cancelled: a session that nobody ends holds the name for days.</summary>
    private async Task AbandonAsync(Uri address)
    {
        try
        {
            await client.SendAsync(Request(HttpMethod.Delete, address) with { MaxPassingAttempts = 1, MaxServerErrorAttempts = 1 }, CancellationToken.None);
        }
        catch (GraphException)
        {
            // It ends by itself; what matters is the failure that brought us here.
        }
    }

    private GraphRequest Request(HttpMethod method, Uri address) => new()
    {
        Method = method, Address = address, Subject = RequestSubject.DriveUpload, Mailbox = DriveRequests.Load(requests.DriveId), CarriesToken = false,
    };

    private GraphTransientException Lost() => new($"Drive '{requests.DriveId}': an upload session lost its place.", "UploadLost", requestId: null, status: 416);
}
