using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using OrleansBackup.GraphSimulator.World;

namespace OrleansBackup.GraphSimulator.Identity;

/// <summary>Checks the signed assertion with which an app proves its certificate, and takes each once only.</summary>
/// <remarks>
/// Sources: Microsoft identity platform, "Certificate credentials"; RFC 7523, section 3. Stricter than the real one where that is lenient: it wants PSS padding and the
/// SHA-256 thumbprint, which the real one only recommends, and refuses a number that it has seen, which RFC 7523 allows and the real one does not promise.
/// </remarks>
internal static class ClientAssertion
{
    public const string Type = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

    private const int LongestLifeSeconds = 3_600, SkewSeconds = 300, MostSeen = 10_000;

    /// <exception cref="SignInErrorException">700027: signature, certificate, audience or number is wrong. 700024: outside its time. 1000502: the certificate has ended.</exception>
    public static void Verify(string assertion, SimulatedTenant tenant, string tokenEndpoint, DateTimeOffset now)
    {
        var parts = assertion.Split('.');
        try
        {
            if (parts.Length != 3)
                throw Wrong("The assertion is not a signed token.");
            var header = JsonNode.Parse(TokenIssuer.Decode(parts[0]))!.AsObject();
            var claims = JsonNode.Parse(TokenIssuer.Decode(parts[1]))!.AsObject();
            if ((string?)header["alg"] != "PS256" || (string?)header["typ"] != "JWT")
                throw Wrong("The assertion is not signed with PS256.");
            var certificate = tenant.App.Certificates.Values.FirstOrDefault(candidate => (string?)header["x5t#S256"] == TokenIssuer.Encode(SHA256.HashData(candidate.RawData)))
                ?? throw Wrong("The certificate with identifier used to sign the client assertion is not registered on application.");
            using var key = certificate.GetRSAPublicKey() ?? throw Wrong("The certificate has no RSA key.");
            if (!key.VerifyData(Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), TokenIssuer.Decode(parts[2]), HashAlgorithmName.SHA256, RSASignaturePadding.Pss))
                throw Wrong("Client assertion contains an invalid signature.");
            RequireClaims(claims, tenant, tokenEndpoint, now.ToUnixTimeSeconds());
            if (certificate.NotAfter.ToUniversalTime() <= now)
                throw new SignInErrorException(1000502, "The provided certificate is not within its specified validity period.");
        }
        catch (Exception e) when (e is FormatException or JsonException or InvalidOperationException)
        {
            throw Wrong("The assertion cannot be read.");
        }
    }

    private static void RequireClaims(JsonObject claims, SimulatedTenant tenant, string tokenEndpoint, long now)
    {
        var client = tenant.App.ClientId.ToString();
        if ((string?)claims["iss"] != client || (string?)claims["sub"] != client || (string?)claims["aud"] != tokenEndpoint)
            throw Wrong("Client assertion audience, issuer or subject does not match.");
        var ends = Seconds(claims["exp"]);
        if (ends <= now || ends > now + LongestLifeSeconds || Seconds(claims["nbf"]) > now + SkewSeconds)
            throw new SignInErrorException(700024, "Client assertion is not within its valid time range.");
        if ((string?)claims["jti"] is not { Length: > 0 } number)
            throw Wrong("The assertion has no number of its own.");
        var seen = tenant.App.SeenAssertions;
        if (seen.Count > MostSeen)
        {
            foreach (var old in seen.Where(one => one.Value <= now))
                seen.TryRemove(old);
        }
        if (!seen.TryAdd(number, ends))
            throw Wrong("The assertion was used before.");
    }

    // Some libraries write the times as text.
    private static long Seconds(JsonNode? time) => long.Parse(time?.ToString() ?? "", CultureInfo.InvariantCulture);

    private static SignInErrorException Wrong(string text) => new(700027, text);
}
