using Azure.Core;

namespace OrleansBackup.CloudStores.Tests;

/// <summary>A sign-in that always gives the same token, and counts.</summary>
internal sealed class FixedToken(string token, DateTimeOffset expires) : TokenCredential
{
    public int Asked { get; private set; }

    public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken)
    {
        Asked++;
        return new(token, expires);
    }

    public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
        ValueTask.FromResult(GetToken(requestContext, cancellationToken));
}
