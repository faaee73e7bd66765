using System.Buffers.Text;
using System.Collections.Frozen;
using System.Text;
using System.Text.Json;

namespace OrleansBackup.Microsoft365.SignIn;

/// <summary>An access token and what we may know of it. Its text never leaves the request that carries it.</summary>
/// <param name="Roles">The application permissions that it carries; null when the token cannot be read, which is allowed: it is opaque by contract.</param>
internal sealed record GraphToken(string Value, DateTimeOffset RenewAt, IReadOnlySet<string>? Roles)
{
    public override string ToString() => "GraphToken";

    /// <summary>Reads the <c>roles</c> claim. A token of an application without consent has none: that is an empty set.</summary>
    public static IReadOnlySet<string>? ReadRoles(string token)
    {
        if (token.Split('.') is not [_, var payload, _]) return null;
        try
        {
            using var claims = JsonDocument.Parse(Base64Url.DecodeFromUtf8(Encoding.ASCII.GetBytes(payload)));
            if (claims.RootElement.ValueKind != JsonValueKind.Object) return null;
            return claims.RootElement.TryGetProperty("roles", out var roles) && roles.ValueKind == JsonValueKind.Array
                ? roles.EnumerateArray().Select(TolerantJson.GetText).OfType<string>().ToFrozenSet(StringComparer.OrdinalIgnoreCase)
                : FrozenSet<string>.Empty;
        }
        catch (Exception e) when (e is FormatException or JsonException)
        {
            return null;
        }
    }
}
