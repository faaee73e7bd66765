using System.Text.Json;

namespace OrleansBackup.Microsoft365.Teams;

/// <summary>A team as a listing shows it; its id is its group's.</summary>
public sealed record GraphTeam(string Id, string Name)
{
    internal static GraphTeam? Read(JsonElement team) => TolerantJson.GetText(team, "id") is { Length: > 0 } id
        ? new GraphTeam(id, TolerantJson.GetText(team, "displayName") is { Length: > 0 } name ? name : id) : null;
}
