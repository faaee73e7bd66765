using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace OrleansBackup.ClientApi.Streams;

/// <summary>Headers of everything that came from a customer's mailbox: to be saved, never to be shown or run by a browser as a page of ours.</summary>
internal static class DownloadHeaders
{
    public static void Set(HttpResponse response, string contentType, string fileName)
    {
        var disposition = new ContentDispositionHeaderValue("attachment");
        disposition.SetHttpFileName(fileName);
        response.ContentType = contentType;
        response.Headers.ContentDisposition = disposition.ToString();
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers.ContentSecurityPolicy = "sandbox; default-src 'none'";
    }

    /// <summary>What a sender claimed of an attachment, if it can be a content type at all.</summary>
    public static string SafeContentType(string? claimed) =>
        MediaTypeHeaderValue.TryParse(claimed, out var type) && type is { MatchesAllTypes: false, MatchesAllSubTypes: false } ? type.MediaType.ToString() : "application/octet-stream";
}
