using System.Buffers.Text;
using System.Text.Json;

namespace OrleansBackup.ClientApi.Security.OpenId;

/// <summary>What a token must be to be believed.</summary>
/// <param name="Issuer">As the provider's discovery document says it; <c>{tenantid}</c> in it stands for the directory that the token names.</param>
/// <param name="Directories">The directories that may stand for it.</param>
/// <param name="Nonce">For a browser's sign-in: what it was begun with. Null: not asked for.</param>
internal sealed record TokenDemand(string Issuer, IReadOnlyList<string> Directories, string Audience, TimeSpan Skew, string? Nonce = null);

/// <summary>A token was not believed. The message is for logs and books: it holds nothing of the token.</summary>
internal sealed class TokenRefusedException(string why) : Exception(why);

/// <summary>A signed token (RFC 7519), taken apart. Nothing in it is believed before <see cref="Verify"/> has returned.</summary>
/// <remarks>Sources: RFC 7515, RFC 8725 (best practices): the algorithm is of a fixed few and must fit the key; no key, address or certificate that a token brings along is looked at.</remarks>
internal sealed class TokenReader
{
    private const int LongestToken = 16 * 1024;
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 16 };

    private readonly string _signed;
    private readonly byte[] _signature;
    private readonly JsonElement _claims;

    private TokenReader(string signed, byte[] signature, string algorithm, string? keyId, JsonElement claims) =>
        (_signed, _signature, Algorithm, KeyId, _claims) = (signed, signature, algorithm, keyId, claims);

    public string Algorithm { get; }

    public string? KeyId { get; }

    /// <summary>Whether text has the form of a token at all; an API key has not.</summary>
    public static bool HasForm(string text) => text.Count('.') == 2 && text.StartsWith("ey", StringComparison.Ordinal);

    /// <exception cref="TokenRefusedException">It is none, or of a kind that is not taken.</exception>
    public static TokenReader Parse(string token)
    {
        if (token.Length > LongestToken || token.Split('.') is not [var header, var payload, var signature])
            throw new TokenRefusedException("it is no signed token");
        var head = Json(header);
        var algorithm = Text(head, "alg");
        if (algorithm is not ("RS256" or "PS256" or "ES256"))
            throw new TokenRefusedException("its algorithm is not taken");
        if (head.TryGetProperty("crit", out _))
            throw new TokenRefusedException("it demands an extension");
        if (head.TryGetProperty("typ", out _) && Text(head, "typ")?.ToUpperInvariant() is not ("JWT" or "AT+JWT" or "APPLICATION/AT+JWT"))
            throw new TokenRefusedException("it is a token of another kind");
        return Base64Url.IsValid(signature) && signature.Length > 0
            ? new TokenReader($"{header}.{payload}", Base64Url.DecodeFromChars(signature), algorithm, Text(head, "kid"), Json(payload))
            : throw new TokenRefusedException("it is not signed");
    }

    /// <summary>The keys of a set that can have signed it: the one it names, or, where it names none, the only one that fits.</summary>
    public SigningKey? KeyIn(IEnumerable<SigningKey> keys) => keys.Where(key => (KeyId is null || key.Id == KeyId) && key.Fits(Algorithm)).ToList() is [var only] ? only : null;

    /// <returns>Its claims, which are to be believed.</returns>
    /// <exception cref="TokenRefusedException">Something does not hold.</exception>
    public JsonElement Verify(SigningKey key, TokenDemand demand, DateTimeOffset now)
    {
        if (!key.Verifies(Algorithm, _signed, _signature))
            throw new TokenRefusedException("its signature is wrong");
        RequireIssuer(demand);
        var audiences = Texts(_claims, "aud");
        if (!audiences.Contains(demand.Audience))
            throw new TokenRefusedException("it is meant for another audience");
        if (demand.Nonce is { } nonce)
        {
            if (Text(_claims, "nonce") != nonce)
                throw new TokenRefusedException("it does not belong to this sign-in");
            // OpenID Connect Core 3.1.3.7: an ID token for several has to say whom it was given to.
            if (Text(_claims, "azp") is { } party ? party != demand.Audience : audiences.Count > 1)
                throw new TokenRefusedException("it was given to another application");
        }
        if (!(Time("exp") is { } end && now < end + demand.Skew))
            throw new TokenRefusedException("it has expired, or never does");
        if (_claims.TryGetProperty("nbf", out _) && !(Time("nbf") is { } begin && now >= begin - demand.Skew))
            throw new TokenRefusedException("it is not valid yet");
        if (_claims.TryGetProperty("iat", out _) && !(Time("iat") is { } made && now >= made - demand.Skew))
            throw new TokenRefusedException("it was made in the future");
        return string.IsNullOrWhiteSpace(Text(_claims, "sub")) ? throw new TokenRefusedException("it names nobody") : _claims;
    }

    public static string? Text(JsonElement of, string name) => of.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>A text or a list of texts; anything else is none.</summary>
    public static IReadOnlyList<string> Texts(JsonElement of, string name) => !of.TryGetProperty(name, out var value) ? [] : value.ValueKind switch
    {
        JsonValueKind.String => [value.GetString()!],
        JsonValueKind.Array => [.. value.EnumerateArray().Where(one => one.ValueKind == JsonValueKind.String).Select(one => one.GetString()!)],
        _ => [],
    };

    private void RequireIssuer(TokenDemand demand)
    {
        var expected = demand.Issuer;
        if (expected.Contains("{tenantid}", StringComparison.Ordinal))
        {
            // One authority of many organisations: its issuer names the one that the token is of, and that has to be one of ours.
            if (Text(_claims, "tid") is not { } directory || !demand.Directories.Contains(directory, StringComparer.OrdinalIgnoreCase))
                throw new TokenRefusedException("its organisation may not sign in here");
            expected = expected.Replace("{tenantid}", directory, StringComparison.Ordinal);
        }
        else if (demand.Directories.Count > 0 && Text(_claims, "tid") is { } directory && !demand.Directories.Contains(directory, StringComparer.OrdinalIgnoreCase))
            throw new TokenRefusedException("its organisation may not sign in here");
        if (Text(_claims, "iss") != expected)
            throw new TokenRefusedException("it is of another issuer");
    }

    // Seconds since 1970, with or without a fraction.
    private DateTimeOffset? Time(string name) =>
        _claims.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var seconds) && seconds is >= 0 and < 253_402_300_799
            ? DateTimeOffset.UnixEpoch.AddSeconds(seconds)
            : null;

    private static JsonElement Json(string part)
    {
        try
        {
            using var document = Base64Url.IsValid(part) ? JsonDocument.Parse(Base64Url.DecodeFromChars(part), Strict) : throw new TokenRefusedException("it cannot be read");
            return document.RootElement.ValueKind == JsonValueKind.Object ? document.RootElement.Clone() : throw new TokenRefusedException("it cannot be read");
        }
        catch (JsonException)
        {
            throw new TokenRefusedException("it cannot be read");
        }
    }
}
