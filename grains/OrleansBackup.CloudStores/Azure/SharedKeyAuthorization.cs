using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;

namespace OrleansBackup.CloudStores.Azure;

/// <summary>Signs each request with the storage account's key.</summary>
/// <remarks>Source: Azure Storage REST, "Authorize with Shared Key", version 2015-02-21 and later.</remarks>
internal sealed class SharedKeyAuthorization(string account, byte[] key) : IAzureAuthorization
{
    private static readonly string[] SignedHeaders =
        ["Content-Encoding", "Content-Language", "Content-Length", "Content-MD5", "Content-Type", "Date", "If-Modified-Since", "If-Match", "If-None-Match", "If-Unmodified-Since", "Range"];

    public ValueTask AuthorizeAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        var signature = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(TextToSign(request)));
        request.Headers.Authorization = new AuthenticationHeaderValue("SharedKey", $"{account}:{Convert.ToBase64String(signature)}");
        return ValueTask.CompletedTask;
    }

    internal string TextToSign(HttpRequestMessage request)
    {
        var text = new StringBuilder().Append(request.Method.Method).Append('\n');
        foreach (var header in SignedHeaders)
            text.Append(ValueOf(request, header)).Append('\n');
        var own = request.Headers.Where(header => header.Key.StartsWith("x-ms-", StringComparison.OrdinalIgnoreCase));
        foreach (var (name, values) in own.Select(header => (header.Key.ToLowerInvariant(), header.Value)).OrderBy(header => header.Item1, StringComparer.Ordinal))
            text.Append(CultureInfo.InvariantCulture, $"{name}:{string.Join(',', values)}\n");
        text.Append('/').Append(account).Append(request.RequestUri!.AbsolutePath);
        foreach (var (name, value) in Parameters(request.RequestUri).OrderBy(parameter => parameter.Name, StringComparer.Ordinal))
            text.Append('\n').Append(name).Append(':').Append(value);
        return text.ToString();
    }

    private static string ValueOf(HttpRequestMessage request, string header) => header == "Content-Length"
        ? request.Content?.Headers.ContentLength is { } length and > 0 ? length.ToString(CultureInfo.InvariantCulture) : ""
        : request.Headers.TryGetValues(header, out var values) || request.Content?.Headers.TryGetValues(header, out values) == true ? string.Join(',', values!) : "";

    private static IEnumerable<(string Name, string Value)> Parameters(Uri address) =>
        from part in address.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries)
        let pair = part.Split('=', 2)
        select (Uri.UnescapeDataString(pair[0]).ToLowerInvariant(), pair.Length == 2 ? Uri.UnescapeDataString(pair[1]) : "");
}
