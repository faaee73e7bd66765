using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.Options;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.GrainInterfaces.Restores;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Runs;
using OrleansBackup.Grains.Resources;
using OrleansBackup.Grains.Mailboxes.Exports;
using OrleansBackup.Grains.Mailboxes.Items;
using OrleansBackup.Grains.Restores;
using OrleansBackup.Grains.Runs;
using OrleansBackup.Grains.Tests.Given;
using OrleansBackup.GraphSimulator.Admin;
using OrleansBackup.GraphSimulator.Generation;
using OrleansBackup.GraphSimulator.World;
using OrleansBackup.Microsoft365.Exports;
using OrleansBackup.Microsoft365.Items;
using OrleansBackup.Microsoft365.Mail;
using OrleansBackup.Vault;
using ItemVersion = OrleansBackup.Vault.ItemVersion;
using SimulatedMailbox = OrleansBackup.GraphSimulator.World.Mailbox;

namespace OrleansBackup.Grains.Tests.Mailboxes.Items;

/// <summary>Calendars, contacts and tasks of a simulated mailbox on one side, a vault on the other, and the truth of both.</summary>
/// <param name="lookUpsBeforeListing">See <see cref="MailWriteOptions.LookUpsBeforeListing"/>.</param>
internal sealed class ItemScene(MailboxScene scene, int lookUpsBeforeListing = 10) : IAsyncDisposable
{
    // Known to the service alone, or told in another way: compared elsewhere.
    private static readonly string[] NotCompared = ["exceptionOccurrences", "cancelledOccurrences", "checklistItems", "linkedResources"];

    private readonly ItemSources _sources = new(Options.Create(new ItemReadOptions { PageSize = 9, ListingPageSize = 20 }), Options.Create(new MailReadOptions()), Options.Create(new MailWriteOptions { LookUpsBeforeListing = lookUpsBeforeListing }));

    public MailboxScene Scene => scene;

    public SimulatedMailbox Mailbox => scene.Mailbox;

    public SimulatedMailbox OtherMailbox => scene.Admin.Mailbox(scene.TenantText, scene.OtherUserId);

    public static async Task<ItemScene> StartAsync(SimulatorFixture simulator, ulong seed = 1, int events = 40, int contacts = 30, int tasks = 30, string? calendars = null, string? cards = null, int lookUpsBeforeListing = 10) =>
        new(await MailboxScene.StartAsync(simulator, recipe: new TenantRecipe
        {
            Users = 2,
            Seed = seed,
            MessagesPerMailbox = 2,
            EventsPerMailbox = events,
            ContactsPerMailbox = contacts,
            TasksPerMailbox = tasks,
            CalendarDirectory = calendars,
            ContactDirectory = cards,
            Domain = $"t{Guid.NewGuid():N}.example",
        }), lookUpsBeforeListing);

    public async Task<RunResult> RunAsync(CancellationToken cancellation = default)
    {
        var now = TimeProvider.System.GetUtcNow();
        var id = RunId.New(now);
        var vault = await scene.VaultAsync();
        await using var writer = await vault.BeginRunAsync(id.Value, now, cancellation);
        var request = new RunRequest(scene.Resource, id, now, HiddenFolders: true, CompareListing: false, Grains.Resources.DamageToHeal.None);
        var session = new RunSession(request, writer, new RunBoard(id, RunReason.Requested, now, TimeProvider.System), scene.Options, TimeProvider.System,
            Microsoft.Extensions.Logging.Abstractions.NullLogger<RunSession>.Instance);
        var exports = scene.Exports ? new ItemExports(scene.Client, scene.UserId, scene.ExportOptions, scene.ExportRuns) : null;
        foreach (var kind in ItemPartKind.All)
            await new ItemPart(kind, _sources.Read(kind, scene.Client, scene.UserId), exports).BackUpAsync(session, cancellation);
        if (exports is not null)
            await new ExportsPart(exports).BackUpAsync(session, cancellation);
        return await session.SealAsync(cancellation);
    }

    public async Task<MemoryLedger> RestoreAsync(RestorePoint point, RestoreSelection selection, ConflictPolicy conflict = ConflictPolicy.Skip, string? targetUser = null,
        ImmutableArray<string> under = default, MemoryLedger? ledger = null, CancellationToken cancellation = default)
    {
        ledger ??= new MemoryLedger();
        var vault = await scene.VaultAsync();
        await using var reader = await vault.OpenPointAsync(point.Sequence, cancellation);
        var target = scene.Resource with { ObjectId = targetUser ?? scene.UserId };
        var request = new RestoreRequest(new RestorePointId(scene.Resource, point.Sequence), selection, target, under.IsDefault ? [] : under, conflict, "test");
        var source = new RestoreSource(request, ledger.Job, reader, await FolderTree.ReadAsync(reader, cancellation));
        var import = await scene.ImportAsync(target.ObjectId, reader, cancellation);
        var parts = new List<IPartRestore>();
        foreach (var kind in ItemPartKind.All)
        {
            var writer = _sources.Write(kind, scene.Client, target.ObjectId);
            var targets = new TargetContainers(kind, source, await writer.ReadContainersAsync(cancellation), writer);
            parts.Add(new ItemPartRestore(kind, source, source.PlanOf(kind.Part, kind.Item), targets, writer, import,
                (container, token) => ContainerIndex.ReadAsync(scene.Client, target.ObjectId, kind.Contained, container, token)));
        }
        await new RestoreRun(parts, ledger).RunAsync(cancellation);
        return ledger;
    }

    /// <summary>What lies in calendars of others is not this mailbox's.</summary>
    public ItemsState Truth(DateTimeOffset? at = null, string? user = null)
    {
        var state = scene.Admin.Items(scene.TenantText, user ?? scene.UserId, at);
        var shared = state.Containers.Where(container => container.Properties.TryGetProperty("canEdit", out var edit) && !edit.GetBoolean()).Select(container => container.Id).ToHashSet();
        return state with { Containers = [.. state.Containers.Where(container => !shared.Contains(container.Id))], Items = [.. state.Items.Where(item => !shared.Contains(item.ContainerId))] };
    }

    /// <summary>Every container and item of a point against the simulator's own history: ids, places, every property and every byte.</summary>
    public async Task AssertPointIsTrueAsync(RestorePoint point, DateTimeOffset? at = null)
    {
        var truth = Truth(at);
        await using var reader = await (await scene.VaultAsync()).OpenPointAsync(point.Sequence, CancellationToken.None);
        var folders = await FolderTree.ReadAsync(reader, CancellationToken.None);
        Assert.Equal(truth.Containers.Select(container => (container.Id, container.Name)).Order(),
            folders.All.Where(folder => folder.Kind != ItemKinds.CalendarGroup && folder.Kind != ItemKinds.MailFolder).Select(folder => (ItemIds.GraphIdOf(folder.Id), folder.Name)).Order());

        var held = new Dictionary<string, ItemVersion>(StringComparer.Ordinal);
        foreach (var kind in ItemPartKind.All)
            await foreach (var item in reader.ItemsAsync(new ItemFilter(kind.Item), CancellationToken.None))
                held.Add(ItemIds.GraphIdOf(item.Id), item);
        Assert.Equal(truth.Items.Select(item => (item.Id, item.ContainerId)).Order(), held.Select(item => (item.Key, ItemIds.GraphIdOf(item.Value.ParentId!))).Order());
        foreach (var item in truth.Items)
            await AssertTrueAsync(item, held[item.Id], reader);
    }

    private static async Task AssertTrueAsync(StateItem item, ItemVersion held, PointReader reader)
    {
        using var json = JsonDocument.Parse(await ReadAsync(reader, held.Contents[ContentRoles.Json]));
        AssertSame(item.Properties, json.RootElement, item.Id);
        Assert.Equal(item.PhotoSha256, held.Contents.TryGetValue(ContentRoles.Photo, out var photo) ? Hash(await ReadAsync(reader, photo)) : null);
        // An attachment list has no order that means anything.
        var entries = ItemRecord.AttachmentsOf(held).Select((entry, index) => (entry.Name, Bytes: held.Contents.GetValueOrDefault(ItemRecord.AttachmentContent(index)))).OrderBy(entry => entry.Name, StringComparer.Ordinal).ToList();
        var expected = item.Attachments.Select(attachment => (attachment.Name, attachment.Kind, attachment.Sha256)).ToList();
        expected.AddRange(item.Exceptions.SelectMany(exception => exception.Attachments).Select(attachment => (attachment.Name, attachment.Kind, attachment.Sha256)));
        Assert.Equal(expected.Select(attachment => attachment.Name).Order(StringComparer.Ordinal), entries.Select(entry => entry.Name));
        expected.Sort((one, other) => string.CompareOrdinal(one.Name, other.Name));
        for (var index = 0; index < entries.Count; index++)
        {
            if (entries[index].Bytes is { } bytes)
                Assert.Equal(expected[index].Sha256, Hash(await ReadAsync(reader, bytes)));
            else
                Assert.Equal("reference", expected[index].Kind);
        }
        if (item.Kind == ItemKind.Task)
        {
            foreach (var part in new[] { "checklistItems", "linkedResources" })
                Assert.True(JsonElement.DeepEquals(item.Held.GetProperty(part), json.RootElement.GetProperty(part)), $"{part} of {item.Id}");
        }
        if (item.Properties.TryGetProperty("type", out var type) && type.GetString() == "seriesMaster")
        {
            var exceptions = json.RootElement.GetProperty("exceptionOccurrences").EnumerateArray().ToList();
            Assert.Equal(item.Exceptions.Count, exceptions.Count);
            foreach (var (exception, stored) in item.Exceptions.Zip(exceptions))
                AssertSame(exception.Properties, stored, $"{item.Id} on {exception.Day}");
            Assert.Equal(item.Cancelled.Select(day => day.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture)),
                json.RootElement.GetProperty("cancelledOccurrences").EnumerateArray().Select(day => day.GetString()![^10..]));
        }
    }

    private static void AssertSame(JsonElement truth, JsonElement stored, string what)
    {
        foreach (var property in truth.EnumerateObject().Where(property => !property.Name.StartsWith('@') && !NotCompared.Contains(property.Name)))
            Assert.True(stored.TryGetProperty(property.Name, out var value) && JsonElement.DeepEquals(property.Value, value),
                $"{property.Name} of {what} is {property.Value} and was kept as {(stored.TryGetProperty(property.Name, out var kept) ? kept.ToString() : "nothing")}");
    }

    private static async Task<byte[]> ReadAsync(PointReader reader, ContentReference content)
    {
        await using var stream = await reader.OpenContentAsync(content, CancellationToken.None);
        using var buffer = new MemoryStream();
        await stream.CopyToAsync(buffer);
        return buffer.ToArray();
    }

    public static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    public ValueTask DisposeAsync() => scene.DisposeAsync();
}
