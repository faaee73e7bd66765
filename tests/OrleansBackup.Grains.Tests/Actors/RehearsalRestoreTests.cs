using System.Collections.Immutable;
using System.Text;
using Orleans;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Rehearsals;
using OrleansBackup.GrainInterfaces.Rehearsals;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.GrainInterfaces.Tenants;
using OrleansBackup.Grains.Tests.Given;
using OrleansBackup.GraphSimulator.Admin;
using OrleansBackup.GraphSimulator.Generation;
using OrleansBackup.GraphSimulator.Identity;

namespace OrleansBackup.Grains.Tests.Actors;

/// <summary>A rehearsal really restores: into a place that is gone afterwards, without anybody noticing, and it says honestly what it could not try.</summary>
public sealed class RehearsalRestoreTests(SimulatorFixture simulator) : IClassFixture<SimulatorFixture>
{
    private static readonly CancellationToken Never = CancellationToken.None;
    private static readonly string[] Restorable = ["message", "event", "contact", "task", "file", "list-item", "page", "channel-message"];

    [Fact]
    public async Task Every_kind_is_really_restored_and_comes_back_as_it_was_and_nothing_stays_and_nobody_is_told()
    {
        await using var scene = await ReadyAsync();
        var before = await WorldAsync(scene);

        var record = await HeldAsync(scene, 40);

        Assert.True(record.Items.All(item => item.IsSame), string.Join('\n', record.Items.Where(item => !item.IsSame).Select(item => $"{item.Drawn.Kind} {item.Way} {item.Problem} [{string.Join(", ", item.Differences)}] lost {string.Join(", ", item.Lost)}")));
        foreach (var kind in Restorable)
            Assert.True(record.Items.Any(item => item.Drawn.Kind == kind && item.Way != RehearsalWay.Read), $"{kind}: {string.Join("; ", record.Items.Where(item => item.Drawn.Kind == kind).Select(item => item.WayReason))}");
        Assert.All(record.Items, item => Assert.Equal(item.Way != RehearsalWay.Read, item.IsCleared == true));
        Assert.All(record.Items.Where(item => item.Way == RehearsalWay.Read), item => Assert.NotNull(item.WayReason));
        Assert.Equal(before, await WorldAsync(scene));
        Assert.Equal(0, new ThingsAdmin(scene.Admin).CountSent(scene.Tenant.ToString()));
    }

    private async Task<ServiceScene> ReadyAsync(TenantRecipe? recipe = null, Dictionary<string, string?>? settings = null)
    {
        var scene = await ServiceScene.StartAsync(simulator, recipe ?? Everything, settings: settings);
        await scene.OnboardAsync();
        await scene.UntilPointsAsync(1);
        return scene;
    }

    private static TenantRecipe Everything { get; } = new()
    {
        Users = 2, SharedMailboxes = 1, MessagesPerMailbox = 8, EventsPerMailbox = 8, ContactsPerMailbox = 5, TasksPerMailbox = 5, FilesPerDrive = 6, Sites = 1, Teams = 1, ItemsPerList = 5,
        FilesPerLibrary = 3, PagesPerSite = 2, MessagesPerChannel = 6, SharePoint = true, Permissions = [.. KnownPermissions.All, .. CollaborationPermissions.All],
    };

    private static async Task<RehearsalRecord> HeldAsync(ServiceScene scene, int minimum)
    {
        var book = scene.Grains.Rehearsals();
        return await EndedAsync(scene, (await book.Begin("the operator", "to see it", minimum, Never)).Name);
    }

    private static async Task<RehearsalRecord> EndedAsync(ServiceScene scene, string name)
    {
        var book = scene.Grains.Rehearsals();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(240));
        while ((await book.Get(name, patience.Token)).Stage != RehearsalStage.Done)
            await Task.Delay(20, patience.Token);
        var lines = (await book.ReadRecord(name, Never)).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Encoding.UTF8.GetBytes).ToArray();
        using var inventory = new MemoryStream();
        await foreach (var piece in book.ReadInventory(name, Never))
            inventory.Write(piece.Span);
        var drawnFrom = Encoding.UTF8.GetString(inventory.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Encoding.UTF8.GetBytes).ToArray();
        var verdict = RehearsalVerifier.Verify(lines, await scene.Grains.Provider().GetDeletionKey(Never), drawnFrom, previous: null);
        Assert.Empty(verdict.Problems);
        Assert.True(verdict.DrawCompared);
        return verdict.Record!;
    }

    /// <summary>Everything that is in the tenant's Microsoft 365 now, with its place.</summary>
    private static async Task<string> WorldAsync(ServiceScene scene)
    {
        var (things, tenant, lines) = (new ThingsAdmin(scene.Admin), scene.Tenant.ToString(), new List<string>());
        foreach (var listing in (await scene.TenantGrain.ListResources(null, 1_000, Never)).Resources.Where(listing => listing.Protected))
        {
            lines.AddRange(things.Read(tenant, listing.Resource.Kind.Token(), listing.Resource.ObjectId).Things.Select(thing => $"{listing.Resource.LocalName} {thing.Kind} {thing.Id} {thing.Name} {thing.ContainerId}"));
            if (listing.Resource.Kind != ResourceKind.Mailbox)
                continue;
            var mail = scene.Admin.State(tenant, listing.Resource.ObjectId);
            lines.AddRange(mail.Folders.Select(folder => $"{listing.Resource.LocalName} folder {folder.Id} {string.Join('/', folder.Path)}"));
            lines.AddRange(mail.Messages.Select(message => $"{listing.Resource.LocalName} message {message.Id} {message.FolderId}"));
        }
        return string.Join('\n', lines.Order(StringComparer.Ordinal));
    }
}
