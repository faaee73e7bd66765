using System.ComponentModel.DataAnnotations;
using OrleansBackup.Domain.Access;

namespace OrleansBackup.ClientApi.Security.OpenId;

/// <summary>The organisation's sign-in: an OpenID Connect provider, such as Microsoft Entra ID. Configuration section <c>Api:OpenId</c>. Without <c>Authority</c> there is none.</summary>
public sealed record OpenIdOptions : IValidatableObject
{
    public const string Section = "Api:OpenId";

    /// <summary>Where the provider's discovery document is, without <c>/.well-known/openid-configuration</c>. For Entra: <c>https://login.microsoftonline.com/{tenant}/v2.0</c>.</summary>
    public string? Authority { get; init; }

    /// <summary>The application that browsers sign in to. Without it there are only tokens, no sign-in of browsers.</summary>
    public string? ClientId { get; init; }

    /// <summary>Its secret; none for a public client, which is protected by PKCE alone.</summary>
    public string? ClientSecret { get; init; }

    /// <summary>Whom a token that is sent with a call must be meant for. Default: <see cref="ClientId"/>.</summary>
    public string? Audience { get; init; }

    /// <summary>For an authority of many organisations (Entra's <c>common</c> or <c>organizations</c>): the directory ids that may sign in, with commas between them.</summary>
    public string? Organisations { get; init; }

    /// <summary>What browsers ask for, with spaces between. Default: <c>openid profile email</c>.</summary>
    public string Scopes { get; init; } = "openid profile email";

    /// <summary>The claim that holds what <see cref="RoleMap"/> maps: text or a list of texts. Default: <c>roles</c>.</summary>
    public string RoleClaim { get; init; } = "roles";

    /// <summary>From a value of the claim to a role of this service. Values that are not in it give nothing.</summary>
    public Dictionary<string, string> RoleMap { get; init; } = [];

    /// <summary>The claim that holds the directory ids of the only tenants that somebody reaches. Default: none; whoever has a provider's role reaches all.</summary>
    public string? TenantClaim { get; init; }

    /// <summary>The claim that says the e-mail address is the person's own. Default: <c>email_verified</c>; Entra calls it <c>xms_edov</c>.</summary>
    public string EmailVerifiedClaim { get; init; } = "email_verified";

    /// <summary>How far the clocks may be apart. Default: two minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan ClockSkew { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>An unknown key makes the key set be read again at most so often: whoever invents keys must not make the server ask all day. Default: a minute.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan KeysAtMostEvery { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>And without any such key so often, so that one that was withdrawn is gone. Default: an hour.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "7.00:00:00")]
    public TimeSpan KeysAtLeastEvery { get; init; } = TimeSpan.FromHours(1);

    public bool IsOn => !string.IsNullOrWhiteSpace(Authority);

    public bool SignsInBrowsers => IsOn && !string.IsNullOrWhiteSpace(ClientId);

    internal string TokenAudience => Audience ?? ClientId ?? "";

    internal IReadOnlyList<string> Directories => (Organisations ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!IsOn)
        {
            if (ClientId is not null || Audience is not null || RoleMap.Count > 0)
                yield return new($"{Section}:Authority is missing: without it nothing else of {Section} has a meaning.");
            yield break;
        }
        if (!Uri.TryCreate(Authority, UriKind.Absolute, out var authority) || !IsSafe(authority) || authority.Query.Length > 0)
            yield return new($"{Section}:Authority must be an https address such as https://login.microsoftonline.com/<tenant>/v2.0; it is '{Authority}'.");
        if (string.IsNullOrWhiteSpace(TokenAudience))
            yield return new($"{Section}:ClientId or {Section}:Audience has to say which tokens are meant for this server.");
        if (!Scopes.Split(' ').Contains("openid"))
            yield return new($"{Section}:Scopes must have 'openid' in it.");
        foreach (var (value, role) in RoleMap.Where(entry => !Roles.TryParse(entry.Value, out _)))
            yield return new($"{Section}:RoleMap:{value} must be one of {Roles.Choices}; it is '{role}'.");
        if (Directories.Any(directory => !Guid.TryParseExact(directory, "D", out _)))
            yield return new($"{Section}:Organisations must be directory ids, with commas between them.");
    }

    /// <summary>Keys and tokens travel there: https, or this machine.</summary>
    internal static bool IsSafe(Uri address) => address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback);
}
