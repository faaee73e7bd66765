using System.Collections.Immutable;
using System.Text.Json;
using OrleansBackup.Microsoft365.Transport;

namespace OrleansBackup.Microsoft365.Tests.Schema;

/// <summary>One request as it left the connector.</summary>
/// <param name="Path">With its query, behind the version.</param>
/// <param name="Declared">The permissions of which one is enough, as the connector believes; empty: it does not say, as for a part of a batch.</param>
internal sealed record RecordedRequest(string Method, string Path, string Body, ImmutableArray<string> Declared);

/// <summary>Keeps what goes to Graph by addresses that we spelt; links that the service gave are its own.</summary>
internal sealed class RequestRecorder(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    public List<RecordedRequest> Requests { get; } = [];

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var path = request.RequestUri!.PathAndQuery;
        var isOurs = path.StartsWith("/v1.0/", StringComparison.Ordinal) && !path.Contains("token=", StringComparison.Ordinal) && request.Headers.Authorization is not null;
        if (isOurs)
        {
            var body = request.Content?.Headers.ContentType?.MediaType == "application/json" ? await request.Content.ReadAsStringAsync(cancellationToken) : "";
            lock (Requests)
            {
                Requests.Add(new RecordedRequest(request.Method.Method, path["/v1.0".Length..], body, request.Options.TryGetValue(GraphRequest.PermissionsOption, out var declared) ? declared : []));
                if (path.EndsWith("$batch", StringComparison.Ordinal))
                {
                    using var batch = JsonDocument.Parse(body);
                    Requests.AddRange(batch.RootElement.GetProperty("requests").EnumerateArray().Select(p => new RecordedRequest(p.GetProperty("method").GetString()!, p.GetProperty("url").GetString()!, "", [])));
                }
            }
        }

        return await base.SendAsync(request, cancellationToken);
    }
}
