using System.Text.Json;

namespace OrleansBackup.Microsoft365.Teams;

/// <summary>A channel as a listing shows it.</summary>
/// <param name="Membership"><c>standard</c>, <c>private</c> or <c>shared</c>; the latter two have a site of their own.</param>
/// <param name="TenantId">Of the tenant that it lives in: a shared channel can be another organisation's.</param>
public sealed record GraphChannel(string Id, string Name, string Membership, bool IsArchived, string? TenantId, string? MigrationMode)
{
    public DateTimeOffset? Created { get; private init; }

    internal static GraphChannel? Read(JsonElement channel) => TolerantJson.GetText(channel, "id") is { Length: > 0 } id
        ? new GraphChannel(id, TolerantJson.GetText(channel, "displayName") is { Length: > 0 } name ? name : id, TolerantJson.GetText(channel, "membershipType") ?? "standard",
            channel.TryGetProperty("isArchived", out var archived) && archived.ValueKind == JsonValueKind.True, TolerantJson.GetText(channel, "tenantId"), TolerantJson.GetText(channel, "migrationMode"))
        {
            Created = DateTimeOffset.TryParse(TolerantJson.GetText(channel, "createdDateTime"), System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.AssumeUniversal, out var created) ? created : null,
        } : null;
}
