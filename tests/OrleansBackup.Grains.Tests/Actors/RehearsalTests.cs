using System.Text;
using Orleans;
using OrleansBackup.Domain.Rehearsals;
using OrleansBackup.GrainInterfaces.Rehearsals;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.Grains.Tests.Given;
using OrleansBackup.GraphSimulator.Generation;

namespace OrleansBackup.Grains.Tests.Actors;

/// <summary>A rehearsal draws what nobody chose, brings it back, signs what came of it, and tells the truth when something does not come back.</summary>
public sealed class RehearsalTests(SimulatorFixture simulator) : IClassFixture<SimulatorFixture>
{
    private static readonly CancellationToken Never = CancellationToken.None;

    [Fact]
    public async Task A_rehearsal_of_the_estate_brings_back_every_kind_and_a_stranger_can_verify_it()
    {
        await using var scene = await ReadyAsync();
        var first = await HeldAsync(scene.Grains.Rehearsals());
        Assert.Equal((first.Drawn, 0), (first.Same, first.Failed));

        var (record, verdict) = await VerifyAsync(scene, scene.Grains.Rehearsals(), first.Name, previous: null);
        Assert.Empty(verdict.Problems);
        Assert.True(verdict.DrawCompared);
        Assert.Contains(verdict.Record!.Items, item => item.Drawn is { Kind: "message", Age: PointAge.Old });
        Assert.Contains(verdict.Record.Items, item => item.Drawn.Purpose == RehearsalDraw.Shared);
        Assert.NotNull((await scene.Resource().GetRestorability(Never)).LastRehearsedAt);

        var second = await HeldAsync(scene.Grains.Rehearsals());
        Assert.NotEqual(first.Name, second.Name);
        Assert.Empty((await VerifyAsync(scene, scene.Grains.Rehearsals(), second.Name, record)).Verdict.Problems); // it names the record before
    }

    [Fact]
    public async Task What_is_damaged_in_the_store_fails_in_the_record_and_the_rest_goes_on()
    {
        await using var scene = await ReadyAsync();
        foreach (var pack in new DirectoryInfo(scene.Folder).EnumerateFiles("*", SearchOption.AllDirectories).Where(file => file.Directory!.Name == "packs").ToList())
        {
            var bytes = await File.ReadAllBytesAsync(pack.FullName);
            bytes[100] ^= 1;
            await File.WriteAllBytesAsync(pack.FullName, bytes);
        }

        var held = await HeldAsync(scene.Grains.Rehearsals());

        Assert.NotEqual(0, held.Failed);
        Assert.Equal(held.Drawn, held.Same + held.Failed);
        var (_, verdict) = await VerifyAsync(scene, scene.Grains.Rehearsals(), held.Name, null);
        Assert.Empty(verdict.Problems); // the record is true
        Assert.All(verdict.Record!.Items.Where(item => !item.IsSame), item => Assert.NotNull(item.Problem));
    }

    [Fact]
    public async Task A_resource_whose_store_cannot_be_read_is_named_in_the_record_and_the_others_are_rehearsed()
    {
        await using var scene = await ReadyAsync();
        var broken = scene.Mailbox(1);
        await scene.StopAsync();
        foreach (var file in new DirectoryInfo(scene.Folder).EnumerateFiles("*", SearchOption.AllDirectories)
            .Where(file => file.FullName.Contains($"/resources/{broken.LocalName}/", StringComparison.OrdinalIgnoreCase) && !file.FullName.Contains("/packs/", StringComparison.Ordinal)).ToList())
            await File.WriteAllBytesAsync(file.FullName, [1, 2, 3]);
        await scene.StartServiceAsync();

        var held = await HeldAsync(scene.Grains.Rehearsals());

        var (_, verdict) = await VerifyAsync(scene, scene.Grains.Rehearsals(), held.Name, null);
        Assert.Empty(verdict.Problems);
        Assert.Equal((scene.Tenant.ToString(), broken.LocalName), (Assert.Single(verdict.Record!.Unreached).Tenant, verdict.Record.Unreached[0].Resource));
        Assert.Equal((1, held.Drawn, 0), (held.Unreached, held.Same, held.Failed));
        Assert.DoesNotContain(verdict.Record.Items, item => item.Drawn.Resource == broken.LocalName);
        Assert.NotEmpty(verdict.Record.Items);
    }

    [Fact]
    public async Task A_rehearsal_of_one_tenant_is_chargeable_work_and_goes_on_after_its_process_was_killed()
    {
        await using var scene = await ReadyAsync();
        var begun = await scene.Grains.Rehearsals(scene.Tenant).Begin("the operator", "the customer asks", 40, Never);
        Assert.NotNull(begun.WorkOrder);
        await scene.KillAsync();
        await scene.StartServiceAsync();

        var held = await EndedAsync(scene.Grains.Rehearsals(scene.Tenant), begun.Name);

        Assert.Equal((held.Drawn, 0), (held.Same, held.Failed));
        Assert.Empty((await VerifyAsync(scene, scene.Grains.Rehearsals(scene.Tenant), begun.Name, null)).Verdict.Problems);
    }

    private async Task<ServiceScene> ReadyAsync()
    {
        var scene = await ServiceScene.StartAsync(simulator, new TenantRecipe { Users = 2, SharedMailboxes = 1, MessagesPerMailbox = 8 });
        await scene.OnboardAsync();
        await scene.UntilPointsAsync(1);
        await scene.RunAsync();
        return scene;
    }

    private static async Task<RehearsalListing> HeldAsync(IRehearsalGrain book) => await EndedAsync(book, (await book.Begin("the operator", "to see it", 30, Never)).Name);

    private static async Task<RehearsalListing> EndedAsync(IRehearsalGrain book, string name)
    {
        using var patience = new CancellationTokenSource(Hang.Limit);
        while (true)
            if (await book.Get(name, patience.Token) is { Stage: RehearsalStage.Done } ended)
                return ended;
            else
                await Hang.MomentAsync(patience.Token);
    }

    private static async Task<(byte[] Record, RehearsalVerdict Verdict)> VerifyAsync(ServiceScene scene, IRehearsalGrain book, string name, byte[]? previous)
    {
        var lines = (await book.ReadRecord(name, Never)).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Encoding.UTF8.GetBytes).ToArray();
        using var inventory = new MemoryStream();
        await foreach (var piece in book.ReadInventory(name, Never))
            inventory.Write(piece.Span);
        var drawnFrom = Encoding.UTF8.GetString(inventory.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Encoding.UTF8.GetBytes).ToArray();
        return (lines[0], RehearsalVerifier.Verify(lines, await scene.Grains.Provider().GetDeletionKey(Never), drawnFrom, previous));
    }
}
