using System.Text.Json.Nodes;
using OrleansBackup.GraphSimulator.Admin;
using OrleansBackup.GraphSimulator.Generation;
using OrleansBackup.GraphSimulator.Limits;
using OrleansBackup.GraphSimulator.Tests.Given;

namespace OrleansBackup.GraphSimulator.Tests;

/// <summary>The simulator against itself: who folds every delta round holds what the history says is true.</summary>
public sealed class FoldingTests
{
    [Theory]
    [InlineData(true, 1)]
    [InlineData(true, 2)]
    [InlineData(false, 1)]
    [InlineData(false, 3)]
    public async Task Folding_delta_rounds_gives_the_state_that_the_history_tells(bool immutable, ulong seed)
    {
        await using var graph = await SimulatedGraph.StartAsync(new TenantRecipe { Users = 1, MessagesPerMailbox = 40, Seed = seed },
            new GraphSimulatorOptions { Limits = new LimitSettings { Enabled = false } });
        var copy = new FoldedMailbox(graph, immutable);
        var past = new List<(DateTimeOffset At, Dictionary<string, string> State)>();
        for (var day = 0; day < 5; day++)
        {
            await copy.FoldAsync();
            var truth = Truth(graph, immutable, null);
            Assert.Equal(truth.OrderBy(pair => pair.Key, StringComparer.Ordinal), copy.Messages.OrderBy(pair => pair.Key, StringComparer.Ordinal));
            Assert.Equal(TrueFolders(graph), copy.Folders.OrderBy(pair => pair.Key, StringComparer.Ordinal));
            past.Add((graph.Host.World.Clock.GetUtcNow(), truth));
            graph.Admin.PlayLife(graph.TenantName, new LifeRecipe(1, seed + (ulong)day, Intensity: 50));
        }
        // What was true on a day stays true of that day, whatever came later.
        foreach (var (at, state) in past)
            Assert.Equal(state.OrderBy(pair => pair.Key, StringComparer.Ordinal), Truth(graph, immutable, at).OrderBy(pair => pair.Key, StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Changes_during_the_rounds_are_never_lost(bool immutable)
    {
        await using var graph = await SimulatedGraph.StartAsync(new TenantRecipe { Users = 1, MessagesPerMailbox = 50 }, new GraphSimulatorOptions { Limits = new LimitSettings { Enabled = false } });
        var copy = new FoldedMailbox(graph, immutable);
        var writing = Task.Run(() => Write(graph));
        while (!writing.IsCompleted)
            await copy.FoldAsync();
        await writing;
        await copy.FoldAsync();
        Assert.Equal(Truth(graph, immutable, null).OrderBy(pair => pair.Key, StringComparer.Ordinal), copy.Messages.OrderBy(pair => pair.Key, StringComparer.Ordinal));
    }

    private static void Write(SimulatedGraph graph)
    {
        var random = new Random(11);
        var ids = new List<string>();
        for (var i = 0; i < 2000; i++)
        {
            if (ids.Count < 20 || random.Next(3) == 0)
                ids.Add(graph.Admin.Deliver(graph.TenantName, graph.User, Samples.Plain($"{i}"), random.Next(2) == 0 ? "inbox" : "archive"));
            else if (random.Next(4) == 0)
            {
                var at = random.Next(ids.Count);
                graph.Admin.DeleteMessage(graph.TenantName, graph.User, ids[at], hard: true);
                ids.RemoveAt(at);
            }
            else
                graph.Admin.MoveMessage(graph.TenantName, graph.User, ids[random.Next(ids.Count)], random.Next(2) == 0 ? "inbox" : "archive");
        }
    }

    private static Dictionary<string, string> Truth(SimulatedGraph graph, bool immutable, DateTimeOffset? at)
    {
        var found = new Dictionary<string, string>();
        string? cursor = null;
        do
        {
            var page = graph.Admin.State(graph.TenantName, graph.User, at, cursor, pageSize: 17);
            foreach (var message in page.Messages)
                found.Add(immutable ? message.Id : message.MutableId, Describe(JsonNode.Parse(message.Properties.GetRawText())!.AsObject()));
            cursor = page.Cursor;
        }
        while (cursor is not null);
        return found;
    }

    private static IOrderedEnumerable<KeyValuePair<string, string>> TrueFolders(SimulatedGraph graph) => graph.Admin.State(graph.TenantName, graph.User).Folders
        .Select(folder => KeyValuePair.Create(folder.Id, $"{folder.ParentId} {folder.Path[^1]}")).OrderBy(pair => pair.Key, StringComparer.Ordinal);

    private static string Describe(JsonObject message) => string.Join('|', new[] { "subject", "isRead", "categories", "flag", "parentFolderId", "changeKey", "bodyPreview", "lastModifiedDateTime" }
        .Select(name => message[name]?.ToJsonString()));

    /// <summary>A client that keeps nothing but what delta told it.</summary>
    private sealed class FoldedMailbox(SimulatedGraph graph, bool immutable)
    {
        private readonly Dictionary<string, string> _links = [];
        private readonly Dictionary<string, Dictionary<string, string>> _byFolder = [];
        private string? _folderLink;

        public Dictionary<string, string> Folders { get; } = [];

        public IEnumerable<KeyValuePair<string, string>> Messages => _byFolder.Values.SelectMany(messages => messages);

        public async Task FoldAsync()
        {
            var prefer = immutable ? $"odata.maxpagesize=7, {SimulatedGraph.Immutable}" : "odata.maxpagesize=7";
            var (folders, folderLink) = await graph.AllAsync(_folderLink ?? $"/users/{graph.User}/mailFolders/delta?$select=displayName,parentFolderId", "odata.maxpagesize=4");
            _folderLink = folderLink;
            foreach (var folder in folders)
            {
                var id = (string)folder["id"]!;
                if (folder.ContainsKey("@removed"))
                {
                    Folders.Remove(id);
                    _links.Remove(id);
                    _byFolder.Remove(id);
                }
                else if ((string?)folder["@odata.type"] != "#microsoft.graph.mailSearchFolder")
                    Folders[id] = $"{folder["parentFolderId"]} {folder["displayName"]}";
            }
            foreach (var id in Folders.Keys)
            {
                var (messages, link) = await graph.AllAsync(_links.GetValueOrDefault(id) ?? $"/users/{graph.User}/mailFolders/{id}/messages/delta", prefer);
                _links[id] = link!;
                var known = _byFolder.TryGetValue(id, out var existing) ? existing : _byFolder[id] = [];
                foreach (var message in messages)
                {
                    if (message.ContainsKey("@removed"))
                        known.Remove((string)message["id"]!);
                    else
                        known[(string)message["id"]!] = Describe(message);
                }
            }
        }
    }
}
