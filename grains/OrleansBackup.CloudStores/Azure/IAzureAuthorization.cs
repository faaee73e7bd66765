using System.Net.Http.Headers;
using Azure.Core;

namespace OrleansBackup.CloudStores.Azure;

/// <summary>Signs in each request to Azure Storage.</summary>
internal interface IAzureAuthorization
{
    ValueTask AuthorizeAsync(HttpRequestMessage request, CancellationToken cancellation);
}

/// <summary>Signs in with a token of Microsoft Entra ID: a managed identity, a workload identity, a client secret.</summary>
internal sealed class TokenAuthorization(TokenCredential credential, TimeProvider time, string scope = TokenAuthorization.StorageScope) : IAzureAuthorization
{
    public const string StorageScope = "https://storage.azure.com/.default";
    private static readonly TimeSpan Early = TimeSpan.FromMinutes(5);

    private AccessToken _token;

    public async ValueTask AuthorizeAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        if (request.RequestUri is not { Scheme: "https" } and not { IsLoopback: true })
            throw new InvalidOperationException("A token is never sent over an unencrypted connection.");
        var token = _token;
        if (token.Token is null || token.ExpiresOn - Early <= time.GetUtcNow())
            _token = token = await credential.GetTokenAsync(new TokenRequestContext([scope]), cancellation); // two at once do no harm
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token.Token);
    }
}
