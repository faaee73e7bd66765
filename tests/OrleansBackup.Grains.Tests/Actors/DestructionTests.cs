using System.IO.Compression;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using OrleansBackup.Domain.Retention;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.GrainInterfaces.Tenants;
using OrleansBackup.Grains.Access;
using OrleansBackup.Grains.Tests.Given;
using OrleansBackup.GraphSimulator.Generation;
using OrleansBackup.Vault.Keys.Destruction;

namespace OrleansBackup.Grains.Tests.Actors;

/// <summary>A tenant ends: nothing of it is left but a signed record that says so.</summary>
public sealed class DestructionTests(SimulatorFixture simulator) : IClassFixture<SimulatorFixture>
{
    private static readonly TenantRecipe OneMailbox = new() { Users = 1, MessagesPerMailbox = 10 };

    [Fact]
    public async Task Nothing_of_a_destroyed_tenant_is_left_but_the_signed_record_and_it_can_begin_anew()
    {
        await using var scene = await ServiceScene.StartAsync(simulator, OneMailbox);
        await scene.OnboardAsync();
        await scene.UntilPointsAsync(1);
        await scene.TenantGrain.StartDestruction(Order(scene), CancellationToken.None);
        var ended = await EndAsync(scene);
        Assert.Equal((DestructionState.Done, true, 0L), (ended.State, ended.HasRecord, ended.ObjectsLeft));
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(scene.Folder, "vault"), "*", SearchOption.AllDirectories));
        Assert.Equal(0, scene.Services.GetRequiredService<VaultStores>().Default.Repository.TenantKeysInMemory);
        await Assert.ThrowsAsync<NotFoundException>(() => scene.TenantGrain.GetOverview(CancellationToken.None));
        await Assert.ThrowsAsync<NotFoundException>(() => scene.Resource().GetStatus(CancellationToken.None));
        Assert.Empty(await scene.Grains.Provider().ListTenants(CancellationToken.None));

        var files = await RecordAsync(scene);
        Assert.Equal(["inventory.txt", "provider.pem", "record.json", "record.sig"], files.Keys.Order());
        var key = await scene.Grains.Provider().GetDeletionKey(CancellationToken.None);
        Assert.Equal(key, Encoding.ASCII.GetString(files["provider.pem"]));
        var verdict = DeletionRecordVerifier.Verify(files["record.json"], files["record.sig"], key, files["inventory.txt"]);
        Assert.Empty(verdict.Problems);
        Assert.Equal((scene.Tenant.ToString(), "kim", "The contract ended.", ended.Objects), (verdict.Record!.Tenant, verdict.Record.OrderedBy, verdict.Record.Reason, verdict.Record.Inventory.Objects));
        Assert.NotEmpty(verdict.Record.Attempts);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(scene.Folder, "keys", "deletion-signing.pem")));

        await scene.OnboardAsync();
        await scene.UntilPointsAsync(1);
        Assert.Single(await scene.Resource().ListPoints(CancellationToken.None));
        Assert.NotEmpty(await RecordAsync(scene)); // the old record stays
    }

    [Fact]
    public async Task Without_the_exact_words_a_reason_or_under_legal_hold_nothing_is_destroyed()
    {
        await using var scene = await ServiceScene.StartAsync(simulator, OneMailbox);
        await scene.OnboardAsync();
        await scene.UntilPointsAsync(1);
        Assert.Equal("confirmation", (await Assert.ThrowsAsync<InvalidRequestException>(
            () => scene.TenantGrain.StartDestruction(Order(scene) with { Confirmation = $"destroy {Guid.NewGuid()}" }, CancellationToken.None))).Field);
        Assert.Equal("why", (await Assert.ThrowsAsync<InvalidRequestException>(() => scene.TenantGrain.StartDestruction(Order(scene) with { Why = "" }, CancellationToken.None))).Field);

        await scene.Resource().PlaceLegalHold("robin", "Court order", CancellationToken.None);
        Assert.Contains("legal hold", (await Assert.ThrowsAsync<NotPossibleNowException>(() => scene.TenantGrain.StartDestruction(Order(scene), CancellationToken.None))).Message, StringComparison.Ordinal);
        await scene.Resource().LiftLegalHold("robin", "Case closed", CancellationToken.None);
        await scene.TenantGrain.ChangeSettings(TenantSettings.Default with { Retention = RetentionRule.OfDays(90) with { LegalHold = true } }, CancellationToken.None);
        await Assert.ThrowsAsync<NotPossibleNowException>(() => scene.TenantGrain.StartDestruction(Order(scene), CancellationToken.None));
        // Nor can one person take the hold out of the settings, with a contract or without.
        Assert.Contains("Two persons", (await Assert.ThrowsAsync<NotPossibleNowException>(() => scene.TenantGrain.ChangeSettings(TenantSettings.Default, CancellationToken.None))).Message, StringComparison.Ordinal);

        await Assert.ThrowsAsync<NotFoundException>(() => scene.TenantGrain.GetDestruction(CancellationToken.None));
        await Assert.ThrowsAsync<NotFoundException>(() => RecordAsync(scene));
        Assert.Empty((await scene.Resource().CheckVault(everyByte: true, CancellationToken.None)).Findings);
    }

    [Fact]
    public async Task A_destruction_whose_process_died_goes_on_by_itself_and_no_run_brings_anything_back()
    {
        await using var scene = await ServiceScene.StartAsync(simulator, new TenantRecipe { Users = 3, MessagesPerMailbox = 60 });
        await scene.OnboardAsync();
        await scene.UntilPointsAsync(1);
        await scene.Resource().StartRun(Domain.Runs.RunReason.Requested, false, CancellationToken.None);
        await scene.TenantGrain.StartDestruction(Order(scene), CancellationToken.None);
        var keys = Path.Combine(scene.Folder, "vault", scene.Tenant.ToString(), "keys");
        while (File.Exists(keys))
            await Hang.MomentAsync();
        await scene.KillAsync();
        await scene.StartServiceAsync();
        Assert.Equal(DestructionState.Done, (await EndAsync(scene)).State);
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(scene.Folder, "vault"), "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task What_the_store_may_not_delete_yet_goes_when_its_time_has_come_and_is_unreadable_until_then()
    {
        using var folder = new StoreFolders();
        await using var scene = await ServiceScene.StartAsync(simulator, OneMailbox, settings: new(folder.Settings) { ["Vault:RetainFor"] = "3.00:00:00" }, behind: TimeSpan.FromDays(20));
        await scene.OnboardAsync();
        await scene.UntilPointsAsync(1);
        await scene.TenantGrain.StartDestruction(Order(scene), CancellationToken.None);
        var waiting = await UntilAsync(scene, status => status.State == DestructionState.WaitingForRetention);
        Assert.True(waiting is { HasRecord: true, ObjectsLeft: > 0, KeptUntil: not null, EndedAt: null }, $"{waiting}");
        Assert.DoesNotContain(Files(folder.Of("ireland")), file => file.EndsWith($"{scene.Tenant}/keys", StringComparison.Ordinal));
        await Assert.ThrowsAsync<NotFoundException>(() => scene.TenantGrain.GetOverview(CancellationToken.None));

        await scene.StopAsync();
        scene.Clock.Shift(TimeSpan.FromDays(4));
        await scene.StartServiceAsync();
        var ended = await EndAsync(scene);
        Assert.Equal((DestructionState.Done, 0L, null), (ended.State, ended.ObjectsLeft, ended.KeptUntil));
        Assert.Empty(Files(folder.Of("ireland")));
        var files = await RecordAsync(scene);
        var key = await scene.Grains.Provider().GetDeletionKey(CancellationToken.None);
        Assert.Equal(0, DeletionRecordVerifier.Verify(files["record.json"], files["record.sig"], key, files["inventory.txt"]).Record!.ObjectsLeft.Objects);
        Assert.NotNull(Domain.Evidence.CanonicalJson.Read(files["record.json"])); // one form for everything that is signed, though it is written in two places
    }

    private static string[] Files(string folder) => Directory.GetFiles(folder, "*", SearchOption.AllDirectories);

    private static DestructionRequest Order(ServiceScene scene) => new($"destroy {scene.Tenant}", "kim", "The contract ended.");

    private static Task<TenantDestructionStatus> EndAsync(ServiceScene scene) => UntilAsync(scene, status => !status.IsOpen);

    private static async Task<TenantDestructionStatus> UntilAsync(ServiceScene scene, Func<TenantDestructionStatus, bool> isSo)
    {
        using var patience = new CancellationTokenSource(Hang.Limit);
        TenantDestructionStatus status;
        while (!isSo(status = await scene.TenantGrain.GetDestruction(patience.Token)))
        {
            Assert.True(status.Problem is null, status.Problem);
            patience.Token.ThrowIfCancellationRequested();
        }
        return status;
    }

    private static async Task<Dictionary<string, byte[]>> RecordAsync(ServiceScene scene)
    {
        using var bytes = new MemoryStream();
        await foreach (var piece in scene.TenantGrain.ReadDeletionRecord(CancellationToken.None))
            bytes.Write(piece.Span);
        var files = new Dictionary<string, byte[]>();
        using var zip = new ZipArchive(bytes);
        foreach (var entry in zip.Entries)
        {
            using var content = entry.Open();
            using var copy = new MemoryStream();
            await content.CopyToAsync(copy);
            files.Add(entry.Name, copy.ToArray());
        }
        return files;
    }
}
