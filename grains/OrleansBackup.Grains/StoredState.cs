using System.Text.Json;
using System.Text.Json.Serialization;

namespace OrleansBackup.Grains;

/// <summary>What every stored state has in common: what a newer release wrote into it and this one does not know stays in it.</summary>
/// <remarks>
/// During a rolling upgrade a grain may go back and forth between an old and a new release. Only the top level of a state is kept so: what a release adds for the first time
/// goes there, not into a record inside it.
/// </remarks>
internal abstract record StoredState
{
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? FromNewerReleases { get; init; }
}
