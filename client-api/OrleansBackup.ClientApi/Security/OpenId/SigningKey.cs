using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace OrleansBackup.ClientApi.Security.OpenId;

/// <summary>A public key of a provider's key set, and what it may be used for. A token's header chooses among keys, never what a key is.</summary>
/// <remarks>Sources: RFC 7517, RFC 7518; only RS256, PS256 and ES256, so that there is nothing weak or symmetric to be talked into.</remarks>
internal sealed record SigningKey
{
    private const int LeastRsaBits = 2048;

    private readonly RSAParameters? _rsa;
    private readonly ECParameters? _curve;
    private readonly string? _onlyFor;

    private SigningKey(string? id, string? onlyFor, RSAParameters? rsa, ECParameters? curve) => (Id, _onlyFor, _rsa, _curve) = (id, onlyFor, rsa, curve);

    public string? Id { get; }

    /// <summary>Whether this key's kind, and what its set says it is for, go with the algorithm.</summary>
    public bool Fits(string algorithm) => (_onlyFor is null || _onlyFor == algorithm) && algorithm switch
    {
        "RS256" or "PS256" => _rsa is not null,
        "ES256" => _curve is not null,
        _ => false,
    };

    public bool Verifies(string algorithm, string signed, byte[] signature)
    {
        if (!Fits(algorithm))
            return false;
        var bytes = Encoding.ASCII.GetBytes(signed);
        if (_curve is { } curve)
        {
            using var ec = ECDsa.Create(curve);
            return signature.Length == 64 && ec.VerifyData(bytes, signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        }
        using var rsa = RSA.Create(_rsa!.Value);
        return rsa.VerifyData(bytes, signature, HashAlgorithmName.SHA256, algorithm == "PS256" ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1);
    }

    /// <summary>The keys of a set that signatures can be verified with; what is of another kind, for another use, or too short is left out.</summary>
    /// <exception cref="JsonException">It is no key set.</exception>
    public static IReadOnlyList<SigningKey> ReadSet(JsonElement set) =>
        set.ValueKind == JsonValueKind.Object && set.TryGetProperty("keys", out var keys) && keys.ValueKind == JsonValueKind.Array
            ? [.. keys.EnumerateArray().Select(Read).OfType<SigningKey>()]
            : throw new JsonException("This is no key set.");

    private static SigningKey? Read(JsonElement key)
    {
        if (key.ValueKind != JsonValueKind.Object || Text(key, "use") is not (null or "sig"))
            return null;
        try
        {
            switch (Text(key, "kty"))
            {
                case "RSA" when Bytes(key, "n") is { } modulus && modulus.Length * 8 >= LeastRsaBits && Bytes(key, "e") is { } exponent:
                    var rsa = new RSAParameters { Modulus = modulus, Exponent = exponent };
                    RSA.Create(rsa).Dispose();
                    return new(Text(key, "kid"), Text(key, "alg"), rsa, null);
                case "EC" when Text(key, "crv") == "P-256" && Bytes(key, "x") is { Length: 32 } x && Bytes(key, "y") is { Length: 32 } y:
                    var curve = new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = new ECPoint { X = x, Y = y } };
                    ECDsa.Create(curve).Dispose(); // a point that is not on the curve is none
                    return new(Text(key, "kid"), Text(key, "alg"), null, curve);
                default:
                    return null;
            }
        }
        catch (CryptographicException)
        {
            return null; // one broken key must not take the others away
        }
    }

    private static string? Text(JsonElement key, string name) => key.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static byte[]? Bytes(JsonElement key, string name) => Text(key, name) is { } text && Base64Url.IsValid(text) ? Base64Url.DecodeFromChars(text) : null;
}
