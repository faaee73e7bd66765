using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.Grains.Tests.Given;
using OrleansBackup.GraphSimulator.Generation;

namespace OrleansBackup.Grains.Tests.Points;

/// <summary>The items of a folder come page by page.</summary>
public sealed class ListingTests(SimulatorFixture simulator) : IClassFixture<SimulatorFixture>
{
    [Fact]
    public async Task Pages_give_every_item_once_and_a_mark_that_is_none_is_refused_by_name()
    {
        await using var scene = await ServiceScene.StartAsync(simulator, new TenantRecipe { Users = 1, MessagesPerMailbox = 30 });
        await scene.OnboardAsync();
        await scene.UntilPointsAsync(1);
        var point = scene.Grains.Point(new RestorePointId(scene.Mailbox(), (await scene.Resource().ListPoints(CancellationToken.None))[0].Sequence));
        var inbox = (await point.ListFolders(CancellationToken.None)).Single(folder => folder.WellKnownName == "inbox").Id;
        var all = (await point.ListItems(inbox, null, 1_000, CancellationToken.None)).Items;
        var paged = new List<string>();
        for (string? after = null; ;)
        {
            var page = await point.ListItems(inbox, after, 2, CancellationToken.None);
            paged.AddRange(page.Items.Select(item => item.Id));
            if ((after = page.Next) is null)
                break;
        }
        Assert.Equal(all.Select(item => item.Id), paged);
        foreach (var nonsense in new[] { "nonsense", inbox, "" })
            Assert.Equal("after", (await Assert.ThrowsAsync<InvalidRequestException>(() => point.ListItems(inbox, nonsense, 2, CancellationToken.None))).Field);
    }
}
