using Orleans;

namespace OrleansBackup.Domain.Identity;

/// <summary>One customer organisation: its Microsoft Entra directory id, never a domain name, which can change.</summary>
/// <remarks>Source: Microsoft Graph v1.0, <c>organization.id</c>.</remarks>
[GenerateSerializer, Immutable, Alias("tenant-id")]
public readonly record struct TenantId([property: Id(0)] Guid Value)
{
    /// <exception cref="FormatException"><paramref name="text"/> is not a GUID in <c>D</c> form.</exception>
    public static TenantId Parse(string text) => TryParse(text, out var id)
        ? id
        : throw new FormatException($"'{text}' is not a tenant id: it must be the directory's GUID, such as 00000000-0000-0000-0000-000000000001.");

    public static bool TryParse(string? text, out TenantId id)
    {
        var valid = Guid.TryParseExact(text, "D", out var value);
        id = new TenantId(value);
        return valid;
    }

    public override string ToString() => Value.ToString("D");
}
