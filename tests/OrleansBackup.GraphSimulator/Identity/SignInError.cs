namespace OrleansBackup.GraphSimulator.Identity;

/// <summary>A refusal of the identity platform: an AADSTS number with its OAuth error and status.</summary>
public sealed class SignInErrorException(int number, string text) : Exception($"AADSTS{number}: {text}")
{
    public int Number { get; } = number;

    /// <summary>The OAuth error of the number.</summary>
    /// <remarks>Source: Microsoft Entra authentication and authorization error codes.</remarks>
    public string OAuthError => Number switch
    {
        7000215 or 7000222 or 70002 or 700027 or 700024 or 700030 or 7000218 or 1000502 => "invalid_client",
        700011 or 700016 or 7000229 or 70001 or 7000112 => "unauthorized_client",
        70011 => "invalid_scope",
        65001 => "invalid_grant",
        650052 or 650056 => "invalid_client",
        53003 => "access_denied",
        90006 or 90012 => "temporarily_unavailable",
        70003 => "unsupported_grant_type",
        _ => "invalid_request",
    };

    public int Status => OAuthError switch { "invalid_client" => 401, "temporarily_unavailable" => 503, _ => 400 };
}
