using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.Json;

namespace OrleansBackup.Grains.Erasures;

/// <summary>Where a person stands in an item as Microsoft Graph sent it: as sender, receiver, organiser, author, member… Pure.</summary>
/// <remarks>Looks at the fields that name people, in any item, and never at what people wrote: a mail that only speaks of somebody is not his.</remarks>
internal sealed class PersonInItem(string address, ImmutableHashSet<string> userIds)
{
    /// <summary>Fields that hold an address, or a name that for people from elsewhere is their address.</summary>
    private static readonly FrozenSet<string> Addresses = FrozenSet.ToFrozenSet(
        ["address", "email", "emailAddress", "mail", "userPrincipalName", "loginName", "displayName", "name"], StringComparer.Ordinal);

    /// <summary>Objects whose id is that of a person.</summary>
    private static readonly FrozenSet<string> People = FrozenSet.ToFrozenSet(["user", "emailAddress"], StringComparer.Ordinal);

    /// <summary>What people wrote.</summary>
    private static readonly FrozenSet<string> Written = FrozenSet.ToFrozenSet(["body", "bodyPreview", "uniqueBody", "subject", "fields", "canvasLayout", "content"], StringComparer.Ordinal);

    /// <returns>The topmost fields under which he stands, in ordinal order; empty: he does not.</returns>
    /// <exception cref="JsonException">It is no JSON.</exception>
    public ImmutableArray<string> PlacesIn(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 128 });
        if (document.RootElement.ValueKind != JsonValueKind.Object)
            return [];
        return [.. document.RootElement.EnumerateObject().Where(field => !Written.Contains(field.Name) && (IsAddress(field.Name, field.Value) || StandsIn(field.Value, field.Name)))
            .Select(field => field.Name).Distinct().Order(StringComparer.Ordinal)];
    }

    /// <summary>Whether a field that the item table itself holds is his address.</summary>
    public bool Is(string text) => string.Equals(text, address, StringComparison.OrdinalIgnoreCase);

    private bool StandsIn(JsonElement element, string within) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().Any(field => IsAddress(field.Name, field.Value) || IsHisId(field, within) || StandsIn(field.Value, field.Name)),
        JsonValueKind.Array => element.EnumerateArray().Any(one => StandsIn(one, within)),
        _ => false,
    };

    // SharePoint writes a sign-in name as a claim, with the address at its end.
    private bool IsAddress(string field, JsonElement value) => Addresses.Contains(field) && value.ValueKind == JsonValueKind.String && value.GetString() is { } text
        && (Is(text) || text.EndsWith('|' + address, StringComparison.OrdinalIgnoreCase));

    private bool IsHisId(JsonProperty field, string within) =>
        ((field.Name == "id" && People.Contains(within)) || field.Name == "userId") && field.Value.ValueKind == JsonValueKind.String && userIds.Contains(field.Value.GetString()!.ToLowerInvariant());
}
