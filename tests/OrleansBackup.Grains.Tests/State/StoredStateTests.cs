using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Orleans.Runtime;
using OrleansBackup.SqliteStorage;

namespace OrleansBackup.Grains.Tests.State;

/// <summary>Releases side by side: what one has stored, the next reads whole, and the one before loses nothing of what the next has added.</summary>
/// <remarks>The folder <c>stored</c> holds one document of each state as each release that changed it wrote it. Old ones stay as they are; a changed state gets one more.</remarks>
public sealed class StoredStateTests
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "State", "stored");

    public static TheoryData<string> Documents { get; } = [.. Directory.GetFiles(Folder, "*.json").Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];

    private static Dictionary<string, Type> States { get; } = typeof(StoredState).Assembly.GetTypes()
        .SelectMany(type => type.GetConstructors(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)).SelectMany(constructor => constructor.GetParameters())
        .Select(parameter => parameter.ParameterType)
        .Where(type => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IPersistentState<>) && !type.ContainsGenericParameters)
        .Select(type => type.GetGenericArguments()[0]).Distinct().ToDictionary(type => type.Name, StringComparer.Ordinal);

    [Fact]
    public void Every_state_has_a_document_and_keeps_what_it_does_not_know()
    {
        Assert.Equal(States.Keys.Order(), Directory.GetFiles(Folder, "*.json").Select(file => Path.GetFileName(file).Split('-')[0]).Distinct().Order());
        Assert.All(States.Values, state => Assert.True(state.IsAssignableTo(typeof(StoredState)), state.Name));
    }

    [Theory]
    [MemberData(nameof(Documents))]
    public void Nothing_that_a_release_has_stored_is_lost_or_read_otherwise(string document)
    {
        var stored = File.ReadAllText(Path.Combine(Folder, document));
        var state = JsonSerializer.Deserialize(stored, States[document.Split('-')[0]], StateJson.Options);
        Assert.Null(((StoredState)state!).FromNewerReleases); // each member of it has its place
        AssertHolds(JsonNode.Parse(stored)!, JsonSerializer.SerializeToNode(state, state.GetType(), StateJson.Options)!, document);
    }

    [Theory]
    [MemberData(nameof(Documents))]
    public void What_a_newer_release_has_added_survives_a_change_by_this_one(string document)
    {
        var newer = JsonNode.Parse(File.ReadAllText(Path.Combine(Folder, document)))!.AsObject();
        newer["AddedLater"] = new JsonObject { ["Reason"] = "a court order", ["Days"] = 7 };
        var state = newer.Deserialize(States[document.Split('-')[0]], StateJson.Options)!;
        var changed = state.GetType().GetMethod("<Clone>$")!.Invoke(state, null)!; // as 'state with { … }' does
        Assert.Equal("""{"Reason":"a court order","Days":7}""", JsonSerializer.SerializeToNode(changed, changed.GetType(), StateJson.Options)!["AddedLater"]!.ToJsonString());
    }

    private static void AssertHolds(JsonNode? expected, JsonNode? actual, string path)
    {
        switch (expected)
        {
            case JsonObject members:
                Assert.All(members, member => AssertHolds(member.Value, actual?[member.Key], $"{path}.{member.Key}"));
                break;
            case JsonArray elements:
                Assert.True(elements.Count == (actual as JsonArray)?.Count, path);
                for (var at = 0; at < elements.Count; at++)
                    AssertHolds(elements[at], actual![at], $"{path}[{at}]");
                break;
            default:
                Assert.True(JsonNode.DeepEquals(expected, actual), $"{path}: {expected?.ToJsonString()} became {actual?.ToJsonString()}");
                break;
        }
    }
}
