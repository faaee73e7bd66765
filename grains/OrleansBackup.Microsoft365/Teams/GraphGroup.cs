using System.Globalization;
using System.Text.Json;

namespace OrleansBackup.Microsoft365.Teams;

/// <summary>A group of the directory.</summary>
/// <param name="Name">Its display name, or where that is missing its mail address or id.</param>
/// <param name="IsUnified">A Microsoft 365 group: it has a mailbox and a site.</param>
/// <param name="HasTeam">A team was made of it; the team has the group's id.</param>
public sealed record GraphGroup(string Id, string Name, string? Mail, bool IsUnified, bool HasTeam, string? Visibility, DateTimeOffset? Created)
{
    internal const string Select = "id,displayName,mail,groupTypes,resourceProvisioningOptions,visibility,createdDateTime";

    internal static GraphGroup? Read(JsonElement group)
    {
        if (TolerantJson.GetText(group, "id") is not { Length: > 0 } id) return null;
        var mail = TolerantJson.GetText(group, "mail");
        var name = TolerantJson.GetText(group, "displayName");
        return new GraphGroup(id, !string.IsNullOrWhiteSpace(name) ? name : mail ?? id, mail, Holds(group, "groupTypes", "Unified"), Holds(group, "resourceProvisioningOptions", "Team"),
            TolerantJson.GetText(group, "visibility"),
            DateTimeOffset.TryParse(TolerantJson.GetText(group, "createdDateTime"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var created) ? created : null);
    }

    private static bool Holds(JsonElement group, string property, string word) =>
        group.TryGetProperty(property, out var words) && words.ValueKind == JsonValueKind.Array && words.EnumerateArray().Any(given => string.Equals(TolerantJson.GetText(given), word, StringComparison.OrdinalIgnoreCase));
}
