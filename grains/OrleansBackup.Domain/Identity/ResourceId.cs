using Orleans;

namespace OrleansBackup.Domain.Identity;

/// <summary>One protected thing in a tenant, by Microsoft's own id of it: the user id for a mailbox.</summary>
/// <remarks>Ids of Graph are opaque and case-sensitive. A user principal name is never used: it changes.</remarks>
[GenerateSerializer, Immutable, Alias("resource-id")]
public readonly record struct ResourceId(
    [property: Id(0)] TenantId Tenant,
    [property: Id(1)] ResourceKind Kind,
    [property: Id(2)] string ObjectId)
{
    public override string ToString() => $"{Tenant}/{Kind.Token()}/{ObjectId}";

    /// <summary>The part below the tenant, as it stands in addresses of the API: <c>mailbox-{object id}</c>.</summary>
    public string LocalName => $"{Kind.Token()}-{ObjectId}";

    /// <exception cref="FormatException">The text is not <c>kind-object id</c>.</exception>
    public static ResourceId ParseLocalName(TenantId tenant, string text) => TryParseLocalName(tenant, text, out var id)
        ? id
        : throw new FormatException($"'{text}' is not a resource: expected a kind and an id, such as mailbox-00000000-0000-0000-0000-000000000001.");

    public static bool TryParseLocalName(TenantId tenant, string? text, out ResourceId id)
    {
        id = default;
        // A token can hold a hyphen, so each place for the cut is tried.
        for (var cut = text?.IndexOf('-', StringComparison.Ordinal) ?? -1; cut > 0; cut = text!.IndexOf('-', cut + 1))
            if (cut < text!.Length - 1 && ResourceKinds.TryFromToken(text[..cut], out var kind))
            {
                id = new ResourceId(tenant, kind, text[(cut + 1)..]);
                return true;
            }
        return false;
    }
}
