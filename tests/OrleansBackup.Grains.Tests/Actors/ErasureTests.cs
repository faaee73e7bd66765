using System.Collections.Immutable;
using Orleans;
using OrleansBackup.Domain.Audit;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Audit;
using OrleansBackup.GrainInterfaces.Points;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.Grains.Tests.Given;
using OrleansBackup.GraphSimulator.Generation;

namespace OrleansBackup.Grains.Tests.Actors;

/// <summary>One person's items leave a mailbox's restore points; the others, and the backups to come, do not notice.</summary>
public sealed class ErasureTests(SimulatorFixture simulator) : IClassFixture<SimulatorFixture>
{
    private static readonly CancellationToken Never = CancellationToken.None;

    [Fact]
    public async Task An_erased_message_is_in_no_point_any_more_and_everything_else_is()
    {
        await using var scene = await ReadyAsync();
        var person = scene.Admin.State(scene.Tenant.ToString(), scene.Mailbox().ObjectId, null, null).Messages[0].Id;
        scene.Admin.DeleteMessage(scene.Tenant.ToString(), scene.Mailbox().ObjectId, person, hard: true); // gone at the source first, as the demand goes there too
        var before = await ReadAsync(scene);
        Assert.All(before, point => Assert.Contains(person, point.Keys));

        var outcome = await scene.Resource().Erase(Order(person), Never);

        Assert.Equal((1, before.Count), (outcome.Items, outcome.Points));
        var after = await ReadAsync(scene);
        Assert.Equal(before.Select(point => point.Remove(person)), after, SameItems);
        Assert.Contains((await scene.Grains.Audit(scene.Tenant).List(null, 10, Never)).Entries, entry => entry.Act == AuditActs.Erased && entry.Facts["erasure"] == outcome.Id.ToString("D"));

        Assert.Null((await scene.RunAsync()).Problem); // the next run goes on from there
        Assert.DoesNotContain(person, (await ReadAsync(scene))[0].Keys);
        Assert.Empty((await scene.Resource().CheckVault(everyByte: true, Never)).Findings);
    }

    [Fact]
    public async Task A_legal_hold_refuses_it_and_so_does_a_folder()
    {
        await using var scene = await ReadyAsync();
        var message = scene.Admin.State(scene.Tenant.ToString(), scene.Mailbox().ObjectId, null, null).Messages[0].Id;
        var folder = (await scene.Grains.Point(new(scene.Mailbox(), (await scene.Resource().ListPoints(Never))[0].Sequence)).ListFolders(Never)).First(one => one.Kind == "folder");
        Assert.Equal("itemIds", (await Assert.ThrowsAsync<InvalidRequestException>(() => scene.Resource().Erase(Order(folder.Id), Never))).Field);

        await scene.Resource().PlaceLegalHold("the operator", "a court order", Never);

        await Assert.ThrowsAsync<NotPossibleNowException>(() => scene.Resource().Erase(Order(message), Never));
        Assert.All(await ReadAsync(scene), point => Assert.Contains(message, point.Keys));
    }

    private async Task<ServiceScene> ReadyAsync()
    {
        var scene = await ServiceScene.StartAsync(simulator, new TenantRecipe { Users = 1, MessagesPerMailbox = 12 });
        await scene.OnboardAsync();
        await scene.UntilPointsAsync(1);
        await scene.RunAsync();
        return scene;
    }

    private static ErasureOrder Order(params string[] items) => new(Guid.NewGuid(), Everything: false, [.. items], new PersonsDecision("the operator", "a demand of 1 March", DateTimeOffset.UnixEpoch));

    private static bool SameItems(ImmutableSortedDictionary<string, string> one, ImmutableSortedDictionary<string, string> other) => one.SequenceEqual(other);

    /// <summary>The items of every point, newest first, with the hash of what each holds.</summary>
    private static async Task<List<ImmutableSortedDictionary<string, string>>> ReadAsync(ServiceScene scene)
    {
        var points = new List<ImmutableSortedDictionary<string, string>>();
        foreach (var summary in await scene.Resource().ListPoints(Never))
        {
            var (point, items) = (scene.Grains.Point(new(scene.Mailbox(), summary.Sequence)), ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal));
            foreach (var folder in await point.ListFolders(Never))
                foreach (var item in (await point.ListItems(folder.Id, null, 1_000, Never)).Items)
                    items[item.Id] = await HashAsync(point, item);
            points.Add(items.ToImmutable());
        }
        return points;
    }

    private static async Task<string> HashAsync(IRestorePointGrain point, ItemAtPoint item)
    {
        using var bytes = new MemoryStream();
        foreach (var content in item.Contents)
            await foreach (var piece in point.ReadContent(item.Id, content.Role, Never))
                bytes.Write(piece.Span);
        return Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes.ToArray()));
    }
}
