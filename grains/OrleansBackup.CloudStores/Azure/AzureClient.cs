using System.Globalization;
using OrleansBackup.CloudStores.Transient;
using OrleansBackup.Vault;

namespace OrleansBackup.CloudStores.Azure;

/// <summary>Sends requests to one container: version, date, sign-in, and again what failed in passing.</summary>
internal sealed class AzureClient(HttpClient http, Uri container, IAzureAuthorization authorization, RetryOptions retry, TimeProvider time)
{
    // Has everything that is used here: conditional puts, checksums of ranges, immutability of versions.
    private const string ServiceVersion = "2021-12-02";

    private readonly Retrying _retrying = new(retry, time);

    /// <summary>For messages: where the container is, without anything secret.</summary>
    public string Store { get; } = container.GetLeftPart(UriPartial.Path);

    /// <param name="path">Beneath the container, "" for the container itself.</param>
    /// <param name="query">Without '?', values escaped.</param>
    /// <param name="prepare">Adds headers and body; called for each attempt.</param>
    /// <param name="read">Makes the answer of the attempt with this number. Throws <see cref="PassingFailureException"/> to have it tried again.</param>
    public Task<T> SendAsync<T>(
        HttpMethod method, string path, string query, Action<HttpRequestMessage> prepare, Func<HttpResponseMessage, int, CancellationToken, Task<T>> read,
        CancellationToken cancellation) => _retrying.RunAsync(
        async (attempt, token) =>
        {
            using var request = new HttpRequestMessage(method, AddressOf(path, query));
            request.Headers.TryAddWithoutValidation("x-ms-version", ServiceVersion);
            request.Headers.TryAddWithoutValidation("x-ms-date", time.GetUtcNow().ToString("R", CultureInfo.InvariantCulture));
            prepare(request);
            await authorization.AuthorizeAsync(request, token);
            try
            {
                using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, token);
                return await read(response, attempt, token);
            }
            catch (Exception e) when (e is HttpRequestException or IOException)
            {
                throw new PassingFailureException(e.Message, null, last => new StoreUnavailableException(Store, e.Message, last), e);
            }
        },
        last => new StoreUnavailableException(Store, "it does not answer in time", last), cancellation);

    private Uri AddressOf(string path, string query) =>
        new($"{Store}{(path.Length == 0 ? "" : "/")}{path}{(query.Length == 0 ? "" : "?")}{query}");
}
