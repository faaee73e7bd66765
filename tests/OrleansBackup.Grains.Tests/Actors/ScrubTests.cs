using OrleansBackup.Grains.Tests.Given;
using OrleansBackup.GraphSimulator.Generation;

namespace OrleansBackup.Grains.Tests.Actors;

/// <summary>Stored bytes rot, and the mailbox notices and heals itself from Microsoft 365 while it still can.</summary>
public sealed class ScrubTests(SimulatorFixture simulator) : IClassFixture<SimulatorFixture>
{
    private static readonly TenantRecipe OneMailbox = new() { Users = 1, MessagesPerMailbox = 25 };

    [Fact]
    public async Task A_flipped_byte_is_found_by_the_scrub_and_healed_by_the_next_run_in_every_restore_point()
    {
        await using var scene = await ServiceScene.StartAsync(simulator, OneMailbox);
        await scene.OnboardAsync();
        await scene.UntilPointsAsync(1);
        await scene.RunAsync();
        FlipAByteOfAPack(scene);
        Assert.NotEmpty((await scene.Resource().CheckVault(everyByte: true, CancellationToken.None)).Findings);

        await ScrubRoundAsync(scene);
        var found = await scene.Resource().Scrub(CancellationToken.None);
        Assert.NotEmpty(found.Items);
        Assert.Single(found.Objects);
        Assert.Contains(found.Items[0], (await scene.Resource().GetStatus(CancellationToken.None)).Health.Problem, StringComparison.Ordinal);

        Assert.Null((await scene.RunAsync()).Problem);
        await scene.Resource().StartIfDue(CancellationToken.None); // waits until the run has looked again at what it was to heal
        Assert.Empty((await scene.Resource().CheckVault(everyByte: true, CancellationToken.None)).Findings); // all points, byte for byte
        Assert.Empty(await scene.Resource().ListDebts(CancellationToken.None));
        Assert.Null((await scene.Resource().GetStatus(CancellationToken.None)).Health.Problem);
    }

    [Fact]
    public async Task What_the_mailbox_no_longer_has_cannot_be_healed_and_is_told_by_name()
    {
        await using var scene = await ServiceScene.StartAsync(simulator, OneMailbox);
        await scene.OnboardAsync();
        await scene.UntilPointsAsync(1);
        DeleteAllMessages(scene);
        await scene.RunAsync();
        FlipAByteOfAPack(scene);
        await ScrubRoundAsync(scene);
        await scene.RunAsync();

        var status = await scene.Resource().GetStatus(CancellationToken.None);
        Assert.Contains("damaged", status.Health.Problem, StringComparison.Ordinal);
        Assert.NotEmpty((await scene.Resource().Scrub(CancellationToken.None)).Items);
    }

    [Fact]
    public async Task A_resource_reads_its_share_by_itself_after_each_days_run()
    {
        await using var scene = await ServiceScene.StartAsync(simulator, OneMailbox);
        await scene.OnboardAsync();
        await scene.UntilPointsAsync(1);
        DeleteAllMessages(scene); // else the run after the find could heal it before this test looks, and there would be nothing to see
        await scene.RunAsync();
        FlipAByteOfAPack(scene);
        using var patience = new CancellationTokenSource(Hang.Limit);
        while ((await scene.Resource().GetStatus(patience.Token)).Health.Problem is null) // 28 slices cover all; a day passes between two
        {
            scene.Clock.Shift(TimeSpan.FromDays(1));
            await scene.RunAsync();
        }
    }

    private static async Task ScrubRoundAsync(ServiceScene scene)
    {
        DateTimeOffset? ended;
        var before = (await scene.Resource().Scrub(CancellationToken.None)).LastRoundEndedAt;
        do
        {
            scene.Clock.Shift(TimeSpan.FromSeconds(1));
            ended = (await scene.Resource().Scrub(CancellationToken.None)).LastRoundEndedAt;
        }
        while (ended is null || ended == before);
    }

    private static void DeleteAllMessages(ServiceScene scene)
    {
        foreach (var message in scene.Admin.State(scene.Tenant.ToString(), scene.Mailbox().ObjectId, null, null).Messages)
            scene.Admin.DeleteMessage(scene.Tenant.ToString(), scene.Mailbox().ObjectId, message.Id, hard: true);
    }

    private static void FlipAByteOfAPack(ServiceScene scene)
    {
        var pack = new DirectoryInfo(scene.Folder).EnumerateFiles("*", SearchOption.AllDirectories).Where(f => f.Directory!.Name == "packs").MaxBy(f => f.Length)!;
        var bytes = File.ReadAllBytes(pack.FullName);
        bytes[100] ^= 1;
        File.WriteAllBytes(pack.FullName, bytes);
    }
}
