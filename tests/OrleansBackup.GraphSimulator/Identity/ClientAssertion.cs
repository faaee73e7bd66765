using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using OrleansBackup.GraphSimulator.World;

namespace OrleansBackup.GraphSimulator.Identity;

/// <summary>Checks the signed assertion with which an app proves its certificate.</summary>
/// <remarks>Source: Microsoft identity platform, "Certificate credentials".</remarks>
internal static class ClientAssertion
{
    /// <exception cref="SignInErrorException">700027: signature, certificate or audience is wrong. 700024: outside its time.</exception>
    public static void Verify(string assertion, SimulatedTenant tenant, string tokenEndpoint, DateTimeOffset now)
    {
        var parts = assertion.Split('.');
        try
        {
            if (parts.Length != 3)
                throw Wrong("The assertion is not a signed token.");
            var header = JsonNode.Parse(TokenIssuer.Decode(parts[0]))!.AsObject();
            var claims = JsonNode.Parse(TokenIssuer.Decode(parts[1]))!.AsObject();
            var certificate = tenant.App.Certificates.Values.FirstOrDefault(candidate => Names(header, candidate))
                ?? throw Wrong("The certificate with identifier used to sign the client assertion is not registered on application.");
            var padding = (string?)header["alg"] == "PS256" ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1;
            using var key = certificate.GetRSAPublicKey() ?? throw Wrong("The certificate has no RSA key.");
            if (!key.VerifyData(Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), TokenIssuer.Decode(parts[2]), HashAlgorithmName.SHA256, padding))
                throw Wrong("Client assertion contains an invalid signature.");
            var client = tenant.App.ClientId.ToString();
            if ((string?)claims["iss"] != client || (string?)claims["sub"] != client || (string?)claims["aud"] != tokenEndpoint)
                throw Wrong("Client assertion audience, issuer or subject does not match.");
            if (Seconds(claims["exp"]) <= now.ToUnixTimeSeconds() || Seconds(claims["nbf"]) > now.ToUnixTimeSeconds() + 300)
                throw new SignInErrorException(700024, "Client assertion is not within its valid time range.");
        }
        catch (Exception e) when (e is FormatException or JsonException or InvalidOperationException)
        {
            throw Wrong("The assertion cannot be read.");
        }
    }

    private static bool Names(JsonObject header, X509Certificate2 certificate) =>
        (string?)header["x5t#S256"] == TokenIssuer.Encode(SHA256.HashData(certificate.RawData))
        || (string?)header["x5t"] == TokenIssuer.Encode(certificate.GetCertHash());

    // Some libraries write the times as text.
    private static long Seconds(JsonNode? time) => long.Parse(time?.ToString() ?? "", System.Globalization.CultureInfo.InvariantCulture);

    private static SignInErrorException Wrong(string text) => new(700027, text);
}
