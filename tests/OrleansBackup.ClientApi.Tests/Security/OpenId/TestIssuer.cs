using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace OrleansBackup.ClientApi.Tests.Security.OpenId;

/// <summary>A provider of our own making, for what no honest provider would issue: it signs anything with anything.</summary>
internal sealed class TestIssuer : IDisposable
{
    public const string Issuer = "https://sign-in.example";
    public const string Audience = "api://backup";
    public static readonly DateTimeOffset Now = new(2026, 11, 22, 9, 0, 0, TimeSpan.Zero);

    // Made once: making a key takes longer than all else in these tests together.
    private static readonly RSAParameters[] Made = [.. Enumerable.Range(0, 2).Select(_ => MakeKey())];

    public RSA Rsa { get; } = RSA.Create(Made[0]);

    public RSA OtherRsa { get; } = RSA.Create(Made[1]);

    public ECDsa Curve { get; } = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public static JsonObject Claims() => new()
    {
        ["iss"] = Issuer, ["aud"] = Audience, ["sub"] = "kim-1", ["exp"] = Now.AddMinutes(10).ToUnixTimeSeconds(), ["iat"] = Now.ToUnixTimeSeconds(), ["nbf"] = Now.ToUnixTimeSeconds(),
        ["roles"] = new JsonArray("backup-admins"), ["email"] = "Kim@Provider.example", ["email_verified"] = true,
    };

    public string Sign(JsonObject claims, string algorithm = "RS256", string? keyId = "rsa", Action<JsonObject>? adjust = null)
    {
        var header = new JsonObject { ["alg"] = algorithm, ["typ"] = "JWT" };
        if (keyId is not null)
            header["kid"] = keyId;
        adjust?.Invoke(header);
        var signed = $"{Part(header.ToJsonString())}.{Part(claims.ToJsonString())}";
        return $"{signed}.{Base64Url.EncodeToString(Signature(algorithm, Encoding.ASCII.GetBytes(signed)))}";
    }

    public JsonElement KeySet(params string[] ids) => JsonSerializer.SerializeToElement(new { keys = ids.Select(Key).ToArray() });

    public void Dispose()
    {
        Rsa.Dispose();
        OtherRsa.Dispose();
        Curve.Dispose();
    }

    public static string Part(string json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json));

    private Dictionary<string, string> Key(string id)
    {
        if (id.StartsWith("ec", StringComparison.Ordinal))
        {
            var point = Curve.ExportParameters(false).Q;
            return new() { ["kty"] = "EC", ["crv"] = "P-256", ["kid"] = id, ["use"] = "sig", ["x"] = Base64Url.EncodeToString(point.X), ["y"] = Base64Url.EncodeToString(point.Y) };
        }
        var rsa = (id == "other" ? OtherRsa : Rsa).ExportParameters(false);
        return new() { ["kty"] = "RSA", ["kid"] = id, ["use"] = id == "encrypting" ? "enc" : "sig", ["n"] = Base64Url.EncodeToString(rsa.Modulus), ["e"] = Base64Url.EncodeToString(rsa.Exponent) };
    }

    private static RSAParameters MakeKey()
    {
        using var key = RSA.Create(2048);
        return key.ExportParameters(true);
    }

    private byte[] Signature(string algorithm, byte[] bytes) => algorithm switch
    {
        "RS256" => Rsa.SignData(bytes, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1),
        "PS256" => Rsa.SignData(bytes, HashAlgorithmName.SHA256, RSASignaturePadding.Pss),
        "ES256" => Curve.SignData(bytes, HashAlgorithmName.SHA256),
        "HS256" => HMACSHA256.HashData(Rsa.ExportSubjectPublicKeyInfo(), bytes), // the public key taken for a shared secret
        "none" => [],
        _ => Rsa.SignData(bytes, HashAlgorithmName.SHA512, RSASignaturePadding.Pkcs1),
    };
}
