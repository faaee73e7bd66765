using System.IO.Compression;
using Microsoft.Extensions.DependencyInjection;
using OrleansBackup.Domain.Audit;
using OrleansBackup.Domain.Contracts;
using OrleansBackup.Domain.Exports;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Audit;
using OrleansBackup.GrainInterfaces.Contracts;
using OrleansBackup.GrainInterfaces.Exports;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.Grains.Composition;
using OrleansBackup.Grains.Exports;
using OrleansBackup.Grains.Tests.Given;
using OrleansBackup.GraphSimulator.Generation;
using OrleansBackup.Vault.Stores;

namespace OrleansBackup.Grains.Tests.Actors;

/// <summary>Everything of a customer leaves in forms that every program reads, whole or not at all, and only for whom it belongs to.</summary>
public sealed class TenantExportTests(SimulatorFixture simulator) : IClassFixture<SimulatorFixture>
{
    private const string Director = "person1@example.nl";
    private static readonly CancellationToken Never = CancellationToken.None;
    private static readonly TenantRecipe Small = new() { Users = 2, MessagesPerMailbox = 8 };

    [Fact]
    public async Task An_export_holds_every_item_of_every_resource_is_signed_and_checks_the_contract_off()
    {
        await using var scene = await ServiceScene.StartAsync(simulator, Small);
        await LedgerRecoveryTests.MadeAsync(scene);
        await scene.UntilPointsAsync(1);
        await Assert.ThrowsAsync<InvalidRequestException>(() => StartAsync(scene, by: null)); // no notice, and nobody asked
        await Assert.ThrowsAsync<InvalidRequestException>(() => StartAsync(scene, by: "stranger@example.nl"));
        await scene.Grains.Contract(scene.Tenant).ReceiveNotice(null, Director, "Letter 1", "first-key", Never);
        await scene.Grains.Contract(scene.Tenant).ProcessNotice("first-key", Never);

        await StartAsync(scene, by: null);
        var ended = await EndedAsync(scene);

        Assert.Null(ended.Problem);
        var folder = FolderOf(scene, ended);
        var key = await scene.Grains.Provider().GetDeletionKey(Never);
        Assert.Empty((await ExportVerifier.VerifyAsync(folder, key, Never)).Problems);
        for (var at = 0; at < 2; at++)
        {
            var items = (await scene.Resource(at).ListPoints(Never))[0].Items;
            var done = ended.Done.Single(one => one.Name == scene.Mailbox(at).LocalName);
            Assert.Equal((items, 0), (done.Items, done.NotIncluded));
            using var zip = ZipFile.OpenRead(Path.Combine(folder, done.FileName));
            Assert.Equal(8, zip.Entries.Count(entry => entry.Name.EndsWith(".eml", StringComparison.Ordinal)));
        }
        Assert.NotEmpty(Contract.Of((await scene.Grains.Contract(scene.Tenant).Get(Never)).Journal.Select(line => ContractJournal.Read(line).Event)).Export!.Reference);
        Assert.Contains((await scene.Grains.Audit(scene.Tenant).List(null, 20, Never)).Entries, entry => entry.Act == AuditActs.Exported && entry.Facts["manifest"] == ended.Manifest);

        foreach (var outside in new[] { "../api-key", "..", "../../../keys/provider.key", "/etc/passwd", $"{ended.Order.Id:D}/../{ExportManifest.FileName}", ExportManifest.FileName.ToUpperInvariant(), "a.zip.part", "" })
            await Assert.ThrowsAsync<NotFoundException>(async () => await scene.Grains.Exports(scene.Tenant).Read(ended.Order.Id, outside, Never).FirstAsync());

        foreach (var file in Directory.GetFiles(folder, "*.zip").Append(Path.Combine(folder, ExportManifest.FileName)))
        {
            var whole = await File.ReadAllBytesAsync(file);
            await File.WriteAllBytesAsync(file, [.. whole[..^30], (byte)(whole[^30] ^ 1), .. whole[^29..]]);
            Assert.NotEmpty((await ExportVerifier.VerifyAsync(folder, key, Never)).Problems);
            await File.WriteAllBytesAsync(file, whole);
        }
        await File.WriteAllTextAsync(Path.Combine(folder, "more.txt"), "put there");
        Assert.Contains("more.txt", Assert.Single((await ExportVerifier.VerifyAsync(folder, key, Never)).Problems), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_export_that_was_killed_goes_on_after_the_start_makes_no_whole_archive_again_and_is_whole()
    {
        await using var scene = await ServiceScene.StartAsync(simulator, new TenantRecipe { Users = 3, MessagesPerMailbox = 150 });
        await LedgerRecoveryTests.MadeAsync(scene);
        await scene.UntilPointsAsync(1);
        await StartAsync(scene, by: Director);
        while ((await scene.Grains.Exports(scene.Tenant).List(Never))[0].Done.IsEmpty)
            await Task.Yield(); // a pause could miss the middle
        await scene.KillAsync();
        var folder = Path.Combine(scene.Folder, "exports", scene.Tenant.ToString());
        var first = Directory.GetFiles(folder, "*.zip", SearchOption.AllDirectories).ToDictionary(file => file, File.GetLastWriteTimeUtc);

        await scene.StartServiceAsync();
        var ended = await EndedAsync(scene);

        Assert.Equal((3, null), (ended.Done.Length, ended.Problem));
        Assert.Empty((await ExportVerifier.VerifyAsync(FolderOf(scene, ended), await scene.Grains.Provider().GetDeletionKey(Never), Never)).Problems);
        Assert.Contains(first, file => File.GetLastWriteTimeUtc(file.Key) == file.Value);
        await scene.Grains.Exports(scene.Tenant).Delete(ended.Order.Id, Never);
        Assert.Empty(Directory.GetFiles(folder, "*", SearchOption.AllDirectories));
        await Assert.ThrowsAsync<NotFoundException>(async () => await scene.Grains.Exports(scene.Tenant).Read(ended.Order.Id, ExportManifest.FileName, Never).FirstAsync());
    }

    [Fact]
    public async Task An_export_of_which_something_could_not_be_read_says_so_and_checks_nothing_off()
    {
        await using var scene = await ServiceScene.StartAsync(simulator, Small);
        await LedgerRecoveryTests.MadeAsync(scene);
        await scene.UntilPointsAsync(1);
        await scene.Grains.Contract(scene.Tenant).ReceiveNotice(null, Director, "Letter 1", "first-key", Never);
        await scene.Grains.Contract(scene.Tenant).ProcessNotice("first-key", Never);
        var pack = Directory.EnumerateFiles(Path.Combine(scene.Folder, "vault"), "*", SearchOption.AllDirectories).First(file => file.Contains("/packs/", StringComparison.Ordinal));
        var bytes = await File.ReadAllBytesAsync(pack);
        bytes[bytes.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(pack, bytes);

        await StartAsync(scene, by: null);
        var ended = await EndedAsync(scene);

        Assert.Contains("could not be read", ended.Problem, StringComparison.Ordinal);
        Assert.True(ended.Done.Sum(one => one.NotIncluded) > 0);
        Assert.Null(Contract.Of((await scene.Grains.Contract(scene.Tenant).Get(Never)).Journal.Select(line => ContractJournal.Read(line).Event)).Export);
        Assert.Empty((await ExportVerifier.VerifyAsync(FolderOf(scene, ended), await scene.Grains.Provider().GetDeletionKey(Never), Never)).Problems); // what is there is what was signed
    }

    [Fact]
    public async Task A_kill_in_the_middle_of_an_archive_leaves_one_part_that_nobody_can_read_and_costs_that_one_archive_only()
    {
        HookedBlobStore? store = null;
        await using var scene = await ServiceScene.StartAsync(simulator, new TenantRecipe { Users = 3, MessagesPerMailbox = 40 }, services => services.AddSingleton<IBlobStore>(provider =>
            store = new HookedBlobStore(new FolderBlobStore(Path.Combine(provider.GetRequiredService<Microsoft.Extensions.Options.IOptions<DataOptions>>().Value.Folder, "vault")))));
        await LedgerRecoveryTests.MadeAsync(scene);
        await scene.UntilPointsAsync(1);
        var folder = Path.Combine(scene.Folder, "exports", scene.Tenant.ToString());
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        store!.BeforeGetRange = store.BeforeGet = _ =>
        {
            // The second archive has begun: whatever it reads now never comes.
            if (!Directory.Exists(folder) || Directory.GetFiles(folder, "*.zip", SearchOption.AllDirectories).Length == 0 || Directory.GetFiles(folder, "*" + ResourceArchive.PartEnding, SearchOption.AllDirectories).Length == 0)
                return Task.CompletedTask;
            reached.TrySetResult();
            return new TaskCompletionSource().Task;
        };
        var order = (await StartAsync(scene, by: Director)).Order.Id;
        await reached.Task.WaitAsync(Hang.Limit);
        await scene.KillAsync();
        var first = Assert.Single(Directory.GetFiles(folder, "*.zip", SearchOption.AllDirectories));
        var (written, part) = (File.GetLastWriteTimeUtc(first), Assert.Single(Directory.GetFiles(folder, "*" + ResourceArchive.PartEnding, SearchOption.AllDirectories)));
        Assert.NotEmpty((await ExportVerifier.VerifyAsync(Path.GetDirectoryName(first)!, "", Never)).Problems); // what a crash leaves passes for nothing

        await scene.StartServiceAsync();
        await Assert.ThrowsAsync<NotFoundException>(async () => await scene.Grains.Exports(scene.Tenant).Read(order, Path.GetFileName(part), Never).FirstAsync());
        var ended = await EndedAsync(scene);

        Assert.Equal((3, null), (ended.Done.Length, ended.Problem));
        Assert.Equal(written, File.GetLastWriteTimeUtc(first));
        Assert.Empty(Directory.GetFiles(folder, "*" + ResourceArchive.PartEnding, SearchOption.AllDirectories));
        Assert.Empty(Directory.GetFiles(folder, "*" + ResourceArchive.ContentEnding, SearchOption.AllDirectories));
        Assert.Empty((await ExportVerifier.VerifyAsync(FolderOf(scene, ended), await scene.Grains.Provider().GetDeletionKey(Never), Never)).Problems);
    }

    private static Task<TenantExportStatus> StartAsync(ServiceScene scene, string? by) =>
        scene.Grains.Exports(scene.Tenant).Start(new(Guid.NewGuid(), null, by, new PersonsDecision("first-key", "Letter 2", scene.Clock.GetUtcNow())), Never);

    private static string FolderOf(ServiceScene scene, TenantExportStatus export) => Path.Combine(scene.Folder, "exports", scene.Tenant.ToString(), export.Order.Id.ToString("D"));

    private static async Task<TenantExportStatus> EndedAsync(ServiceScene scene)
    {
        using var patience = new CancellationTokenSource(Hang.Limit);
        TenantExportStatus status;
        while ((status = (await scene.Grains.Exports(scene.Tenant).List(patience.Token))[0]).IsOpen)
        {
            Assert.True(status.Problem is null, status.Problem);
            await Hang.MomentAsync(patience.Token);
        }
        return status;
    }
}
