using System.Collections.Immutable;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Points;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.Grains.Tests.Given;
using OrleansBackup.GraphSimulator.Generation;

namespace OrleansBackup.Grains.Tests.Points;

/// <summary>What somebody remembers of a message is enough to find it, at any point that holds it.</summary>
public sealed class SearchTests(SimulatorFixture simulator) : IClassFixture<SimulatorFixture>
{
    [Fact]
    public async Task A_message_is_found_by_subject_sender_attachment_and_time()
    {
        await using var scene = await ServiceScene.StartAsync(simulator, new TenantRecipe { Users = 1, MessagesPerMailbox = 120 });
        await scene.OnboardAsync();
        await scene.UntilPointsAsync(1);
        var point = scene.Grains.Point(new RestorePointId(scene.Mailbox(), (await scene.Resource().ListPoints(CancellationToken.None))[0].Sequence));
        var all = await FindAsync(point, new ItemSearch([], DateTimeOffset.MinValue, null));
        Assert.Equal(scene.Admin.State(scene.Tenant.ToString(), scene.Mailbox().ObjectId).Messages.Count(message => message.Properties.TryGetProperty("receivedDateTime", out _)), all.Length);

        var wanted = all.First(item => item.Attachments.Any(attachment => attachment.Name.Length > 3) && item.Subject.Contains(' ', StringComparison.Ordinal));
        var words = wanted.Subject.ToUpperInvariant().Split(' ', StringSplitOptions.RemoveEmptyEntries).ToImmutableArray();
        Assert.Contains(await FindAsync(point, new ItemSearch(words, null, null)), item => item.Id == wanted.Id);
        Assert.Contains(await FindAsync(point, new ItemSearch([wanted.From], wanted.Received, wanted.Received!.Value.AddSeconds(1))), item => item.Id == wanted.Id);
        Assert.Contains(await FindAsync(point, new ItemSearch([wanted.Attachments.First(attachment => attachment.Name.Length > 3).Name], null, null)), item => item.Id == wanted.Id);
        Assert.Empty(await FindAsync(point, new ItemSearch(words.Add("certainly-nowhere"), null, null)));
        await Assert.ThrowsAsync<InvalidRequestException>(() => FindAsync(point, new ItemSearch([], null, null)));
    }

    private static async Task<ImmutableArray<ItemAtPoint>> FindAsync(IRestorePointGrain point, ItemSearch search)
    {
        var found = ImmutableArray.CreateBuilder<ItemAtPoint>();
        await foreach (var part in point.Search(search, CancellationToken.None))
            found.AddRange(part);
        return found.ToImmutable();
    }
}
