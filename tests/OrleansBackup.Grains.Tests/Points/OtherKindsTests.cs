using System.Text;
using System.Text.Json;
using OrleansBackup.Domain.Identity;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Points;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.GrainInterfaces.Restores;
using OrleansBackup.Grains.Tests.Given;
using OrleansBackup.GraphSimulator.Admin;
using OrleansBackup.GraphSimulator.Generation;

namespace OrleansBackup.Grains.Tests.Points;

/// <summary>A mailbox's calendar, a site and a team of the whole service: backed up, browsed, downloaded, lost, put back, and compared with the simulator's own truth.</summary>
public sealed class OtherKindsTests(SimulatorFixture simulator) : IClassFixture<SimulatorFixture>
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task An_event_is_found_with_its_attachments_and_comes_back_without_telling_anybody()
    {
        await using var scene = await StartAsync();
        var (owner, things) = (scene.Mailbox(), new ThingsAdmin(scene.Admin));
        var lost = things.Read(Text(scene), "mailbox", owner.ObjectId).Things.First(thing => thing.Kind == "event" && thing.Contents.Any(content => content.Sha256 is not null));
        var point = await PointAsync(scene, owner);
        var item = await point.GetItem("calendar~" + lost.Id, None);

        Assert.Equal(lost.Contents.Select(content => content.Name).Order(), item.Attachments.Select(attachment => $"attachment {attachment.Name}").Order());
        Assert.DoesNotContain("mark", item.Facts.Keys);
        var with = lost.Contents.First(content => content.Sha256 is not null);
        var index = item.Attachments.ToList().FindIndex(attachment => with.Name == $"attachment {attachment.Name}");
        Assert.Equal(with.Sha256, Hash(await ReadAsync(point.ReadAttachment(item.Id, index, None))));
        Assert.StartsWith("BEGIN:VCALENDAR", Encoding.UTF8.GetString(await ReadAsync(point.ReadContent(item.Id, "ics", None))), StringComparison.Ordinal);

        things.Delete(Text(scene), "mailbox", owner.ObjectId, "event", lost.Id);
        await RestoredAsync(scene, owner, item.Id);

        var subject = lost.Properties.GetProperty("subject").GetString();
        Assert.Contains(things.Read(Text(scene), "mailbox", owner.ObjectId).Things, thing => thing.Kind == "event" && thing.Properties.GetProperty("subject").GetString() == subject);
        Assert.Equal(0, things.CountSent(Text(scene)));
    }

    [Fact]
    public async Task A_list_tells_its_columns_and_an_item_of_it_comes_back()
    {
        await using var scene = await StartAsync();
        var things = new ThingsAdmin(scene.Admin);
        var owner = await FindAsync(scene, ResourceKind.Site);
        var lost = things.Read(Text(scene), "site", owner.ObjectId).Things.First(thing => thing.Kind == "list-item");
        var point = await PointAsync(scene, owner);
        var list = (await point.ListFolders(None)).Single(folder => folder.Id == "lists~" + lost.ContainerId);

        Assert.Equal("list", (await point.GetItem(list.Id, None)).Kind);
        Assert.NotEmpty(Json(await point.GetItemProperties(list.Id, None)).GetProperty("columns").EnumerateArray());

        things.Delete(Text(scene), "site", owner.ObjectId, "list-item", lost.Id);
        await RestoredAsync(scene, owner, "lists~" + lost.Id);

        Assert.Contains(things.Read(Text(scene), "site", owner.ObjectId).Things, thing => thing.Kind == "list-item" && thing.ContainerId == lost.ContainerId
            && thing.Properties.GetProperty("fields").GetProperty("Title").GetString() == lost.Properties.GetProperty("fields").GetProperty("Title").GetString());
    }

    [Fact]
    public async Task A_team_tells_its_settings_and_a_lost_channel_comes_back_with_what_was_said()
    {
        await using var scene = await StartAsync();
        var things = new ThingsAdmin(scene.Admin);
        var owner = await FindAsync(scene, ResourceKind.Team);
        var truth = things.Read(Text(scene), "team", owner.ObjectId).Things;
        var lost = truth.First(thing => thing.Kind == "channel" && thing.Name != "General" && truth.Any(message => message.Kind == "channel-message" && message.ContainerId == thing.Id));
        var said = Said(truth, lost.Id);
        var point = await PointAsync(scene, owner);

        Assert.Equal(truth.First(thing => thing.Kind == "team").Properties.GetProperty("visibility").GetString(), Json(await point.GetItemProperties("team~" + owner.ObjectId, None)).GetProperty("visibility").GetString());

        things.Delete(Text(scene), "team", owner.ObjectId, "channel", lost.Id);
        await RestoredAsync(scene, owner, folder: "channels~" + lost.Id);

        var now = things.Read(Text(scene), "team", owner.ObjectId).Things;
        Assert.Contains(now.Where(thing => thing.Kind == "channel" && thing.Id != lost.Id), channel => Said(now, channel.Id).SequenceEqual(said));
    }

    [Fact]
    public async Task What_a_restore_would_pass_over_in_silence_is_refused()
    {
        await using var scene = await StartAsync();
        var (mailbox, team) = (scene.Mailbox(), await FindAsync(scene, ResourceKind.Team));
        var point = await PointAsync(scene, mailbox);
        var request = new RestoreRequest(new RestorePointId(mailbox, 1), RestoreSelection.All, null, [], ConflictPolicy.Skip, "somebody");

        foreach (var (asked, field) in new[] { (request with { TargetContainer = "nonsense" }, "target.container"), (request with { RemoveNewer = true }, "removeNewer") })
        {
            Assert.Equal(field, (await Assert.ThrowsAsync<InvalidRequestException>(() => scene.TenantGrain.StartRestore(asked, None))).Field);
            Assert.Equal(field, (await Assert.ThrowsAsync<InvalidRequestException>(() => point.PreviewRestore(asked, None))).Field);
        }
        var ofTeam = request with { Point = new RestorePointId(team, 1), RemoveNewer = true };
        Assert.Equal("removeNewer", (await Assert.ThrowsAsync<InvalidRequestException>(() => scene.TenantGrain.StartRestore(ofTeam, None))).Field);
    }

    private async Task<ServiceScene> StartAsync()
    {
        var scene = await ServiceScene.StartAsync(simulator, new TenantRecipe { Users = 2, MessagesPerMailbox = 2, EventsPerMailbox = 40, Teams = 1, ItemsPerList = 4, PagesPerSite = 1, MessagesPerChannel = 3 });
        await scene.OnboardAsync();
        await scene.UntilPointsAsync(1);
        return scene;
    }

    private static string Text(ServiceScene scene) => scene.Tenant.ToString();

    private static async Task<ResourceId> FindAsync(ServiceScene scene, ResourceKind kind) =>
        (await scene.TenantGrain.ListResources(null, 1_000, None)).Resources.First(listing => listing.Resource.Kind == kind && listing.Protected).Resource;

    private static async Task<IRestorePointGrain> PointAsync(ServiceScene scene, ResourceId resource) =>
        scene.Grains.Point(new RestorePointId(resource, (await scene.Grains.Resource(resource).ListPoints(None))[0].Sequence));

    private static async Task RestoredAsync(ServiceScene scene, ResourceId resource, string? item = null, string? folder = null)
    {
        var selection = new RestoreSelection(false, folder is null ? [] : [folder], item is null ? [] : [item]);
        var status = await scene.RestoreAsync(new RestoreRequest(new RestorePointId(resource, 1), selection, null, [], ConflictPolicy.Skip, "somebody"));
        Assert.Equal((RestoreState.Completed, 0L, true), (status.State, status.Skipped + status.Failed, status.Restored > 0));
    }

    // Mentions are plain text after an import.
    private static List<string> Said(IReadOnlyList<StateThing> things, string channel) =>
        [.. things.Where(thing => thing.Kind == "channel-message" && thing.ContainerId == channel).Select(thing => thing.Properties.GetProperty("createdDateTime").GetString()!).Order(StringComparer.Ordinal)];

    private static JsonElement Json(ReadOnlyMemory<byte> bytes) => JsonSerializer.Deserialize<JsonElement>(bytes.Span);

    private static string Hash(byte[] bytes) => Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes));

    private static async Task<byte[]> ReadAsync(IAsyncEnumerable<ReadOnlyMemory<byte>> pieces)
    {
        using var whole = new MemoryStream();
        await foreach (var piece in pieces)
            await whole.WriteAsync(piece);
        return whole.ToArray();
    }
}
