using System.Collections.Immutable;
using System.Text.Json;

namespace OrleansBackup.Microsoft365.Drives;

/// <summary>To whom an entry in an item's permissions gives something.</summary>
public enum SharingKind
{
    /// <summary>One person or group of the directory, or somebody outside by address.</summary>
    Recipient,

    /// <summary>A group that exists in the one site only, which Graph cannot give anything to.</summary>
    SiteGroup,

    /// <summary>Whoever has the link.</summary>
    Link,

    /// <summary>A link for certain people.</summary>
    LinkForRecipients,

    /// <summary>An application, or something that this release does not know.</summary>
    Other,
}

/// <summary>One entry of an item's permissions as it was backed up.</summary>
public sealed record SharingEntry
{
    public required SharingKind Kind { get; init; }

    /// <summary><c>read</c>, <c>write</c>, <c>owner</c>, or a word of the service.</summary>
    public required string Role { get; init; }

    /// <summary>It comes from a folder above, so it comes back with that folder.</summary>
    public bool IsInherited { get; init; }

    public ImmutableArray<SharingRecipient> Recipients { get; init; } = [];

    /// <summary><c>view</c>, <c>edit</c>…; null for what is no link.</summary>
    public string? LinkType { get; init; }

    public string? LinkScope { get; init; }

    public bool HasPassword { get; init; }

    public string? Expires { get; init; }

    /// <summary>What there is to put back on this very item.</summary>
    public bool IsOwn => !IsInherited && Role != "owner";

    /// <param name="json">The answer that <see cref="DriveReader.ReadPermissionsAsync"/> gave.</param>
    public static ImmutableArray<SharingEntry> Parse(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 128 });
        if (!document.RootElement.TryGetProperty("value", out var entries) || entries.ValueKind != JsonValueKind.Array) return [];
        return [.. entries.EnumerateArray().Where(entry => entry.ValueKind == JsonValueKind.Object).Select(Read)];
    }

    private static SharingEntry Read(JsonElement entry)
    {
        var role = entry.TryGetProperty("roles", out var roles) && roles.ValueKind == JsonValueKind.Array && roles.GetArrayLength() > 0 ? TolerantJson.GetText(roles[0]) ?? "" : "";
        var shared = new SharingEntry
        {
            Kind = SharingKind.Other,
            Role = role,
            IsInherited = entry.TryGetProperty("inheritedFrom", out var from) && from.ValueKind == JsonValueKind.Object && from.EnumerateObject().Any(),
            HasPassword = entry.TryGetProperty("hasPassword", out var password) && password.ValueKind == JsonValueKind.True,
            Expires = TolerantJson.GetText(entry, "expirationDateTime"),
        };
        if (entry.TryGetProperty("link", out var link) && link.ValueKind == JsonValueKind.Object)
        {
            var scope = TolerantJson.GetText(link, "scope");
            return shared with
            {
                Kind = scope is "users" or "existingAccess" ? SharingKind.LinkForRecipients : SharingKind.Link,
                LinkType = TolerantJson.GetText(link, "type"),
                LinkScope = scope,
                Recipients = entry.TryGetProperty("grantedToIdentitiesV2", out var many) && many.ValueKind == JsonValueKind.Array ? [.. many.EnumerateArray().Select(Recipient).OfType<SharingRecipient>()] : [],
            };
        }

        if (!entry.TryGetProperty("grantedToV2", out var one) || one.ValueKind != JsonValueKind.Object) return shared;
        if (Recipient(one) is { } recipient) return shared with { Kind = SharingKind.Recipient, Recipients = [recipient] };
        return one.TryGetProperty("siteGroup", out var group) ? shared with { Kind = SharingKind.SiteGroup, Recipients = [new SharingRecipient(null, null, TolerantJson.GetText(group, "displayName"))] } : shared;
    }

    private static SharingRecipient? Recipient(JsonElement identity)
    {
        foreach (var kind in new[] { "user", "group", "siteUser" })
        {
            if (!identity.TryGetProperty(kind, out var who) || who.ValueKind != JsonValueKind.Object) continue;
            var id = TolerantJson.GetText(who, "id");
            var email = TolerantJson.GetText(who, "email");
            // A site's own number of a person names nobody elsewhere.
            if (email is not null || (Guid.TryParse(id, out _) && kind != "siteUser"))
                return new SharingRecipient(Guid.TryParse(id, out _) ? id : null, email, TolerantJson.GetText(who, "displayName"));
        }

        return null;
    }
}

/// <summary>A person or group: by directory id, by address, or both.</summary>
public sealed record SharingRecipient(string? ObjectId, string? Email, string? Name);
