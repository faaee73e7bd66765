using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using OrleansBackup.GraphSimulator.Http;
using OrleansBackup.GraphSimulator.World;

namespace OrleansBackup.GraphSimulator.Identity;

/// <summary>Makes access tokens and recognises them. A token carries the permissions consented when it was issued.</summary>
public sealed class TokenIssuer(SimulatedWorld world)
{
    /// <summary>Life of a token, on the real clock.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(3599);

    private const int MaxRemembered = 10_000;
    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);
    private readonly ConcurrentDictionary<string, Claims> _known = new();

    public string Issue(SimulatedTenant tenant, string authority)
    {
        var now = world.Clock.Real.GetUtcNow();
        var roles = new JsonArray([.. tenant.Permissions.Order(StringComparer.Ordinal).Select(name => (JsonNode)name)]);
        var claims = new JsonObject
        {
            ["aud"] = "https://graph.microsoft.com",
            ["iss"] = $"{authority}/{tenant.Id}/v2.0",
            ["iat"] = now.ToUnixTimeSeconds(),
            ["nbf"] = now.ToUnixTimeSeconds(),
            ["exp"] = (now + Lifetime).ToUnixTimeSeconds(),
            ["appid"] = tenant.App.ClientId.ToString(),
            ["idtyp"] = "app",
            ["oid"] = tenant.App.ClientId.ToString(),
            ["tid"] = tenant.Id.ToString(),
            ["number"] = tenant.NextToken(),
        };
        if (roles.Count > 0)
            claims["roles"] = roles;
        var content = $"{Encode("{\"typ\":\"JWT\",\"alg\":\"HS256\"}"u8)}.{Encode(Encoding.UTF8.GetBytes(claims.ToJsonString()))}";
        return $"{content}.{Encode(HMACSHA256.HashData(_key, Encoding.ASCII.GetBytes(content)))}";
    }

    /// <summary>Who sends this <c>Authorization</c> header.</summary>
    /// <exception cref="GraphErrorException">401: no token, not ours, expired, or revoked.</exception>
    public CallerIdentity Authenticate(string? authorization)
    {
        if (authorization is null || !authorization.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase))
            throw GraphErrors.InvalidToken("Access token is empty.");
        var token = authorization["Bearer ".Length..].Trim();
        if (!_known.TryGetValue(token, out var claims))
        {
            claims = Read(token);
            if (_known.Count > MaxRemembered)
                _known.Clear();
            _known[token] = claims;
        }
        if (world.Clock.Real.GetUtcNow() >= claims.Expires)
            throw GraphErrors.InvalidToken("Lifetime validation failed, the token is expired.");
        if (!world.TryFindTenant(claims.Tenant, out var tenant) || tenant.IsRevoked(claims.Number))
            throw GraphErrors.InvalidToken("Access token validation failure. The token was revoked.");
        // Consent that was withdrawn acts at once; consent that was added needs a new token.
        return new CallerIdentity(tenant, tenant.App.ClientId, tenant.Permissions.Intersect(claims.Roles));
    }

    private Claims Read(string token)
    {
        var parts = token.Split('.');
        try
        {
            if (parts.Length != 3 || !CryptographicOperations.FixedTimeEquals(Decode(parts[2]), HMACSHA256.HashData(_key, Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"))))
                throw GraphErrors.InvalidToken("Access token validation failure. Invalid signature.");
            var claims = JsonNode.Parse(Decode(parts[1]))!.AsObject();
            return new Claims(claims["tid"]!.GetValue<string>(), DateTimeOffset.FromUnixTimeSeconds(claims["exp"]!.GetValue<long>()),
                claims["number"]!.GetValue<long>(),
                claims["roles"] is JsonArray roles ? [.. roles.Select(role => role!.GetValue<string>())] : []);
        }
        catch (Exception e) when (e is FormatException or JsonException)
        {
            throw GraphErrors.InvalidToken("CompactToken parsing failed with error code: 80049217");
        }
    }

    internal static string Encode(ReadOnlySpan<byte> bytes) => Convert.ToBase64String(bytes).TrimEnd('=').Replace('+', '-').Replace('/', '_');

    internal static byte[] Decode(string text) => Convert.FromBase64String(text.Replace('-', '+').Replace('_', '/') + new string('=', (4 - text.Length % 4) % 4));

    private sealed record Claims(string Tenant, DateTimeOffset Expires, long Number, ImmutableArray<string> Roles);
}
