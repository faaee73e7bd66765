using Microsoft.Extensions.DependencyInjection;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Runs;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.GrainInterfaces.Restores;
using OrleansBackup.Grains.Tests.Given;
using OrleansBackup.GraphSimulator.Faults;
using OrleansBackup.GraphSimulator.Generation;
using OrleansBackup.Vault.Keys;
using OrleansBackup.Vault.Stores;

namespace OrleansBackup.Grains.Tests.Actors;

/// <summary>Each fault gives a clear error at the right level; no restore point is lost or half sealed, and the next run heals.</summary>
public sealed class FaultTests(SimulatorFixture simulator) : IClassFixture<SimulatorFixture>
{
    [Fact]
    public async Task A_full_disk_fails_the_run_keeps_the_points_and_the_next_run_heals()
    {
        var store = new FullableBlobStore(new FolderBlobStore(Directory.CreateTempSubdirectory("orleansbackup-vault-").FullName));
        await using var scene = await ServiceScene.StartAsync(simulator, services: services => services.AddSingleton<IBlobStore>(store));
        await scene.OnboardAsync();
        await scene.UntilPointsAsync(1);
        scene.Admin.PlayLife(scene.Tenant.ToString(), new(Days: 1, Intensity: 10));
        store.IsFull = true;
        var failed = await scene.RunAsync();
        Assert.Equal((RunOutcome.Failed, FaultCause.Provider), (failed.Outcome, failed.Cause));
        Assert.Contains("full", failed.Problem, StringComparison.Ordinal);
        Assert.True(store.Refused > 0);
        store.IsFull = false;
        Assert.Equal(RunOutcome.Succeeded, (await scene.RunAsync(compare: true)).Outcome);
        Assert.Empty((await scene.Resource().CheckVault(everyByte: true, CancellationToken.None)).Findings);
    }

    [Fact]
    public async Task Another_key_file_reads_nothing_and_says_so()
    {
        await using var scene = await ServiceScene.StartAsync(simulator);
        await scene.OnboardAsync();
        await scene.UntilPointsAsync(1);
        await scene.StopAsync();
        var key = Path.Combine(scene.Folder, "keys", "provider.key");
        File.Move(key, key + ".right");
        KeyFile.Create(key);
        await scene.StartServiceAsync();
        var failed = await scene.RunAsync();
        Assert.Equal((RunOutcome.Failed, FaultCause.Provider), (failed.Outcome, failed.Cause));
        Assert.Contains("key", failed.Problem, StringComparison.Ordinal);
        var point = (await scene.Resource().ListPoints(CancellationToken.None))[0];
        await Assert.ThrowsAsync<VaultUnavailableException>(() => scene.Grains.Point(new RestorePointId(scene.Mailbox(), point.Sequence)).ListFolders(CancellationToken.None));
        await scene.StopAsync();
        File.Move(key + ".right", key, overwrite: true);
        await scene.StartServiceAsync();
        Assert.Equal(RunOutcome.Succeeded, (await scene.RunAsync()).Outcome);
    }

    [Fact]
    public async Task A_throttling_storm_slows_a_run_and_loses_nothing()
    {
        await using var scene = await ServiceScene.StartAsync(simulator, new TenantRecipe { Users = 1, MessagesPerMailbox = 60 });
        simulator.Host.World.Faults.Add(new Fault
        {
            Kind = FaultKind.Status, Status = 429, Code = "ApplicationThrottled", Tenant = scene.Tenant.ToString(), Path = "/users/.+/(messages|mailFolders)", Count = 40, Probability = 0.3,
        });
        await scene.OnboardAsync();
        await scene.UntilPointsAsync(1);
        var run = (await scene.Resource().ListRuns(CancellationToken.None))[0].Progress;
        Assert.Equal((RunOutcome.Succeeded, 60), (run.Outcome, run.Counts.Added));
        Assert.True(run.Counts.Throttled > 0);
        simulator.Host.World.Faults.Clear();
    }

    [Fact]
    public async Task A_target_that_does_not_exist_is_refused_before_anything_starts()
    {
        await using var scene = await ServiceScene.StartAsync(simulator, new TenantRecipe { Users = 1, UnlicensedUsers = 1, MessagesPerMailbox = 5 });
        await scene.OnboardAsync();
        var resources = await scene.UntilPointsAsync(1);
        var point = (await scene.Resource().ListPoints(CancellationToken.None))[0];
        var request = new RestoreRequest(new RestorePointId(scene.Mailbox(), point.Sequence), RestoreSelection.All, null, [], ConflictPolicy.Copy, "test");
        var withoutMailbox = resources.Single(listing => !listing.Protected && listing.Resource.Kind == ResourceKind.Mailbox).Resource;

        var refused = await Assert.ThrowsAsync<InvalidRequestException>(() =>
            scene.TenantGrain.StartRestore(request with { TargetResource = withoutMailbox }, CancellationToken.None));
        Assert.Equal("target.resource", refused.Field);
        await Assert.ThrowsAsync<NotFoundException>(() => scene.TenantGrain.StartRestore(
            request with { TargetResource = scene.Mailbox() with { ObjectId = Guid.NewGuid().ToString() } }, CancellationToken.None));
        await Assert.ThrowsAsync<NotFoundException>(() => scene.TenantGrain.StartRestore(
            request with { Point = request.Point with { Sequence = 999_999 } }, CancellationToken.None));
        var unknown = await Assert.ThrowsAsync<InvalidRequestException>(() => scene.TenantGrain.StartRestore(
            request with { Selection = RestoreSelection.Item("no-such-item") }, CancellationToken.None));
        Assert.Equal("selection.itemIds", unknown.Field);
        Assert.Empty(await scene.TenantGrain.ListRestores(CancellationToken.None));
        Assert.Equal(5, scene.Admin.Mailboxes(scene.Tenant.ToString())[0].Messages);
    }

    [Fact]
    public async Task A_restore_without_permission_to_write_is_refused_by_its_name_and_accepted_once_it_is_granted()
    {
        string[] toRead = ["User.Read.All", "Mail.Read", "MailboxSettings.Read"];
        await using var scene = await ServiceScene.StartAsync(simulator, new TenantRecipe { Users = 1, MessagesPerMailbox = 5, Permissions = [.. toRead] });
        await scene.OnboardAsync();
        await scene.UntilPointsAsync(1);
        var point = (await scene.Resource().ListPoints(CancellationToken.None))[0];
        var request = new RestoreRequest(new RestorePointId(scene.Mailbox(), point.Sequence), RestoreSelection.All, null, [], ConflictPolicy.Copy, "test");

        var refused = await Assert.ThrowsAsync<TenantAccessRefusedException>(() => scene.TenantGrain.StartRestore(request, CancellationToken.None));
        Assert.Contains("Mail.ReadWrite", refused.Message, StringComparison.Ordinal);
        Assert.Empty(await scene.TenantGrain.ListRestores(CancellationToken.None));

        scene.Admin.SetPermissions(scene.Tenant.ToString(), [.. toRead, "Mail.ReadWrite"], revokeTokens: false);
        var status = await scene.RestoreAsync(request);
        Assert.Equal((RestoreState.Completed, 5L), (status.State, status.Restored));
    }

    [Fact]
    public async Task A_damaged_pack_fails_its_items_alone_and_the_check_names_it()
    {
        await using var scene = await ServiceScene.StartAsync(simulator, new TenantRecipe { Users = 1, MessagesPerMailbox = 30 });
        await scene.OnboardAsync();
        await scene.UntilPointsAsync(1);
        var point = (await scene.Resource().ListPoints(CancellationToken.None))[0];
        var pack = Directory.EnumerateFiles(Path.Combine(scene.Folder, "vault"), "*", SearchOption.AllDirectories).First(file => file.Contains("/packs/", StringComparison.Ordinal));
        var bytes = await File.ReadAllBytesAsync(pack);
        bytes[bytes.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(pack, bytes);
        var check = await scene.Resource().CheckVault(everyByte: true, CancellationToken.None);
        Assert.NotEmpty(check.Findings);
        scene.Admin.Empty(scene.Tenant.ToString(), scene.Mailbox().ObjectId);
        var status = await scene.RestoreAsync(new RestoreRequest(new RestorePointId(scene.Mailbox(), point.Sequence), RestoreSelection.All, null, [], ConflictPolicy.Skip, "test"));
        Assert.Equal(RestoreState.CompletedWithFailures, status.State);
        Assert.True(status.Failed > 0);
        Assert.Equal(status.Asked, status.Restored + status.Skipped + status.Failed);
    }

    [Fact]
    public async Task What_a_point_holds_can_be_browsed_and_read_byte_for_byte()
    {
        await using var scene = await ServiceScene.StartAsync(simulator, new TenantRecipe { Users = 1, MessagesPerMailbox = 40 });
        await scene.OnboardAsync();
        await scene.UntilPointsAsync(1);
        var point = scene.Grains.Point(new RestorePointId(scene.Mailbox(), (await scene.Resource().ListPoints(CancellationToken.None))[0].Sequence));
        var seen = 0;
        foreach (var folder in await point.ListFolders(CancellationToken.None))
        {
            string? after = null;
            do
            {
                var page = await point.ListItems(folder.Id, after, 7, CancellationToken.None);
                foreach (var item in page.Items)
                {
                    using var mime = new MemoryStream();
                    await foreach (var piece in point.ReadMime(item.Id, CancellationToken.None))
                        mime.Write(piece.Span);
                    Assert.Equal(scene.Admin.Mime(scene.Tenant.ToString(), scene.Mailbox().ObjectId, item.Id).ToArray(), mime.ToArray());
                    seen++;
                }
                after = page.Next;
            }
            while (after is not null);
        }
        Assert.Equal(40, seen);
    }
}
