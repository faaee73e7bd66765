using System.Text.Json.Nodes;
using OrleansBackup.Grains.Runs;
using OrleansBackup.Grains.Sites;
using OrleansBackup.Grains.Tests.Given;
using OrleansBackup.GraphSimulator.World;
using OrleansBackup.Vault;

namespace OrleansBackup.Grains.Tests.Sites;

/// <summary>A point of a site against the simulator's own history.</summary>
internal static class SiteTruth
{
    public static IEnumerable<ChronicleVersion<SiteListState>> ListsAt(SimulatedSite site, DateTimeOffset at) =>
        site.Lists.LivingAt(at).Where(list => list.State is { Template: "genericList", IsSystem: false });

    /// <summary>Every list, item and page: which there are, where they lie and what they say.</summary>
    public static async Task AssertAsync(CollaborationScene scene, SimulatedSite site, RestorePoint point, DateTimeOffset at)
    {
        await using var reader = await scene.OpenAsync(site.Id, point);
        var lists = ListsAt(site, at).ToList();
        var storedLists = await CollaborationScene.ItemsAsync(reader, ItemKinds.List);
        Assert.Equal(lists.Select(list => (SiteItems.ListId(list.Id), list.State.DisplayName)).Order(), storedLists.Select(list => (list.Key, list.Value.Item.Name)).Order());
        Assert.All(lists, list => Assert.Equal(list.State.Columns.Select(column => column.Name).Order(), storedLists[SiteItems.ListId(list.Id)].Json!["columns"]!.AsArray().Select(column => (string)column!["name"]!).Order()));

        var truth = lists.SelectMany(list => site.Items(list.Id).LivingAt(at).Select(item => (Id: SiteItems.ItemId(list.Id, item.Id), Item: item))).ToDictionary(pair => pair.Id, pair => pair.Item);
        var items = await CollaborationScene.ItemsAsync(reader, ItemKinds.ListItem);
        Assert.Equal(truth.Keys.Order(StringComparer.Ordinal), items.Keys.Order(StringComparer.Ordinal));
        foreach (var (id, (item, json)) in items)
        {
            Assert.Equal(SiteItems.ListId(ItemIds.ContainerIdOf(id)!), item.ParentId);
            AssertSays(truth[id].State, json!["fields"]!.AsObject());
        }

        var pages = site.Pages.LivingAt(at).ToDictionary(page => SiteItems.PageId(site.Id, page.Id));
        var storedPages = await CollaborationScene.ItemsAsync(reader, ItemKinds.Page);
        Assert.Equal(pages.Keys.Order(StringComparer.Ordinal), storedPages.Keys.Order(StringComparer.Ordinal));
        foreach (var (id, (_, json)) in storedPages)
        {
            Assert.Equal(pages[id].State.Title, (string?)json!["title"]);
            Assert.True(JsonNode.DeepEquals(JsonNode.Parse(pages[id].State.Canvas!), json["canvasLayout"]));
        }
    }

    /// <summary>Every column that the item has, and no other that people fill.</summary>
    private static void AssertSays(ListItemState state, JsonObject fields)
    {
        foreach (var (name, value) in state.Fields)
            Assert.True(JsonNode.DeepEquals(JsonNode.Parse(value), fields[name]), $"{name}: {value} is {fields[name]?.ToJsonString()}");
        foreach (var name in new[] { "State", "Amount", "Due", "Notes", "Done", "Tags", "OwnerLookupId" })
            Assert.Equal(state.Fields.ContainsKey(name), fields.ContainsKey(name));
    }
}
