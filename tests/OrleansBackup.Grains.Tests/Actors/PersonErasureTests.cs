using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using OrleansBackup.Domain.Audit;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Runs;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Audit;
using OrleansBackup.GrainInterfaces.Erasures;
using OrleansBackup.GrainInterfaces.Points;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.GrainInterfaces.Tenants;
using OrleansBackup.Grains.Tests.Given;
using OrleansBackup.GraphSimulator.Generation;
using OrleansBackup.GraphSimulator.World;

namespace OrleansBackup.Grains.Tests.Actors;

/// <summary>One person leaves every restore point of a tenant: the own mailbox and OneDrive whole, and what was sent, organised or written elsewhere; everything else stays byte for byte.</summary>
public sealed class PersonErasureTests(SimulatorFixture simulator) : IClassFixture<SimulatorFixture>
{
    private static readonly CancellationToken Never = CancellationToken.None;
    private static readonly PersonsDecision Demand = new("the operator", "demand of 14 March", DateTimeOffset.UnixEpoch);

    [Fact]
    public async Task A_person_is_found_over_mail_events_and_files_and_what_two_people_chose_goes_and_all_else_stays_byte_for_byte_and_nothing_comes_back()
    {
        await using var scene = await ReadyAsync();
        var (person, drive) = (Person(scene), new ResourceId(scene.Tenant, ResourceKind.OneDrive, scene.Mailbox().ObjectId));
        var (own, ownDrive) = (scene.Mailbox(1), new ResourceId(scene.Tenant, ResourceKind.OneDrive, scene.Mailbox(1).ObjectId));
        var before = await ReadAsync(scene);
        // By another way: whole texts in what Microsoft 365 told of an item.
        var expected = before.Where(one => one.Key.Resource != own && one.Key.Resource != ownDrive && one.Value.Names(person)).Select(one => (one.Key.Resource, one.Key.Item)).ToHashSet();

        var search = await FoundAsync(scene, person);
        Assert.Equal(new[] { own, ownDrive }.ToHashSet(), search.Own.Select(one => one.Resource).ToHashSet());
        var found = await Searches(scene).ListFound(search.Id, 0, 1_000, Never);
        Assert.Equal(expected, found.Select(item => (item.Resource, item.ItemId)).ToHashSet());
        Assert.Equal(["event", "file", "message"], found.Select(item => item.Kind).Distinct().Order());
        Assert.Contains(found, item => item.Places.Contains("ccRecipients"));
        Assert.Contains(found, item => item.Kind == "message" && item.Places.Contains("from"));
        Assert.Equal((await Searches(scene).ListFound(search.Id, 1, 1, Never))[0].ItemId, found[1].ItemId);

        var spared = found.First(item => item.Kind == "event");
        var choice = new ErasureChoice(search.ListHash!, [own.LocalName, ownDrive.LocalName], AllFound: true, [], [new(spared.Resource.LocalName, [spared.ItemId])], Demand);
        Assert.Equal("list", (await Assert.ThrowsAsync<InvalidRequestException>(() => Searches(scene).Erase(search.Id, choice with { ListHash = "another" }, Never))).Field);
        Assert.Equal("items", (await Assert.ThrowsAsync<InvalidRequestException>(() => Searches(scene).Erase(search.Id, choice with { Except = [new(spared.Resource.LocalName, ["unknown"])] }, Never))).Field);
        Assert.Equal("whole", (await Assert.ThrowsAsync<InvalidRequestException>(() => Searches(scene).Erase(search.Id, choice with { Whole = [scene.Mailbox().LocalName] }, Never))).Field);
        Assert.Contains("scope.excluded", (await Assert.ThrowsAsync<NotPossibleNowException>(() => Searches(scene).Erase(search.Id, choice, Never))).Message, StringComparison.Ordinal);
        Assert.Equal(before.Keys.Order(), (await ReadAsync(scene)).Keys.Order()); // nothing was erased by what was refused
        await scene.TenantGrain.ChangeSettings(TenantSettings.Default with { Scope = TenantSettings.Default.Scope with { Excluded = [own.ObjectId] } }, Never);

        await Searches(scene).Erase(search.Id, choice, Never);
        var ended = await UntilAsync(scene, search.Id, ErasureSearchStage.Ended);

        Assert.All(ended.Done, done => Assert.Null(done.Problem));
        Assert.Equal(found.Length - 1, ended.Done.Sum(done => done.Items));
        Assert.Null(ended.Address);
        expected.Remove((spared.Resource, spared.ItemId));
        var kept = before.Where(one => one.Key.Resource != own && one.Key.Resource != ownDrive && !expected.Contains((one.Key.Resource, one.Key.Item))).ToDictionary();
        var after = await ReadAsync(scene);
        Assert.Equal(kept.Keys.Order(), after.Keys.Order());
        Assert.All(kept, one => Assert.Equal(one.Value.Hash, after[one.Key].Hash));
        Assert.Empty(await scene.Grains.Resource(own).ListPoints(Never));

        // Microsoft 365 has all of it still: neither a comparison nor a reading from the beginning brings it back.
        scene.Admin.ForgetDeltaTokens(scene.Tenant.ToString(), scene.Mailbox().ObjectId);
        scene.Admin.Drive(scene.Tenant.ToString(), scene.Mailbox().ObjectId).ForgetDeltaTokens();
        foreach (var resource in new[] { scene.Mailbox(), drive })
            foreach (var compare in new[] { false, true })
                Assert.Null((await ServiceScene.EndOfRunAsync(scene.Grains.Resource(resource), await scene.Grains.Resource(resource).StartRun(RunReason.Requested, compare, Never))).Problem);
        Assert.DoesNotContain((await ReadAsync(scene)).Keys, key => expected.Contains((key.Resource, key.Item)));
        Assert.Empty((await scene.Resource().CheckVault(everyByte: true, Never)).Findings);

        var entries = (await scene.Grains.Audit(scene.Tenant).List(null, 1_000, Never)).Entries;
        Assert.Equal(["begun", "ended"], entries.Where(entry => entry.Act == AuditActs.ErasePerson).Select(entry => entry.Facts["stage"]).Order());
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{scene.Tenant}\n{person.ToLowerInvariant()}")));
        Assert.All(entries.Where(entry => entry.Act is AuditActs.ErasePerson or AuditActs.SearchPerson), entry => Assert.Equal(hash, entry.Facts["person"]));
        Assert.DoesNotContain(entries.SelectMany(entry => entry.Facts.Values).Concat(entries.Select(entry => entry.Subject)), text => text.Contains(person, StringComparison.OrdinalIgnoreCase) || text.Contains("private words", StringComparison.Ordinal));
        await Assert.ThrowsAsync<NotPossibleNowException>(() => Searches(scene).ListFound(search.Id, 0, 10, Never)); // the list is gone
    }

    [Fact]
    public async Task A_search_and_an_erasure_that_were_killed_go_on_and_what_a_hold_refuses_is_told_while_the_rest_is_done()
    {
        await using var scene = await ReadyAsync();
        var id = Guid.CreateVersion7();
        await Searches(scene).Start(id, Person(scene), Demand, Never);
        await Assert.ThrowsAsync<NotPossibleNowException>(() => Searches(scene).Start(Guid.CreateVersion7(), "other@example.nl", Demand, Never));
        await scene.KillAsync();
        await scene.StartServiceAsync();
        var search = await UntilAsync(scene, id, ErasureSearchStage.Found);
        var found = await Searches(scene).ListFound(id, 0, 1_000, Never);
        await scene.Resource().PlaceLegalHold("the operator", "a court order", Never);

        await Searches(scene).Erase(id, new ErasureChoice(search.ListHash!, [], AllFound: true, [], [], Demand), Never);
        await scene.KillAsync();
        await scene.StartServiceAsync();
        var ended = await UntilAsync(scene, id, ErasureSearchStage.Ended);

        Assert.Contains("hold", Assert.Single(ended.Done, done => done.Resource == scene.Mailbox().LocalName).Problem, StringComparison.Ordinal);
        Assert.Contains(ended.Done, done => done is { Problem: null, Points: > 0 });
        var after = await ReadAsync(scene);
        Assert.All(found, item => Assert.Equal(item.Resource == scene.Mailbox(), after.Keys.Any(key => (key.Resource, key.Item) == (item.Resource, item.ItemId))));
        Assert.NotNull(ended.Problem);
    }

    [Fact]
    public async Task More_than_a_list_holds_comes_in_parts_and_the_parts_are_the_whole_whether_each_is_erased_or_only_looked_at()
    {
        await using var scene = await ReadyAsync(new() { ["Backup:ErasureSearches:MostItems"] = "1000" });
        var whole = await FoundAsync(scene, Person(scene));
        var all = (await Searches(scene).ListFound(whole.Id, 0, 1_000, Never)).Select(item => (item.Resource, item.ItemId)).ToHashSet();
        Assert.True(all.Count > 7, $"Only {all.Count} items: no part would be full.");
        Assert.False(whole.IsPart);
        await Assert.ThrowsAsync<NotPossibleNowException>(() => Searches(scene).Continue(whole.Id, Guid.NewGuid(), Person(scene), Demand, Never));
        await scene.StopAsync();
        scene.Settings["Backup:ErasureSearches:MostItems"] = "3";
        await scene.StartServiceAsync();

        // Looked at and dropped, part by part; a crash in between changes nothing.
        var looked = new HashSet<(Domain.Identity.ResourceId, string)>();
        var part = await FoundAsync(scene, Person(scene));
        for (var parts = 1; ; parts++)
        {
            var found = await Searches(scene).ListFound(part.Id, 0, 1_000, Never);
            Assert.InRange(found.Length, part.IsPart ? 3 : 0, 3);
            looked.UnionWith(found.Select(item => (item.Resource, item.ItemId)));
            if (!part.IsPart)
                break;
            Assert.Contains("continues", part.Problem, StringComparison.Ordinal);
            Assert.InRange(parts, 1, all.Count + 1);
            await Searches(scene).Drop(part.Id, Never);
            if (parts == 1)
            {
                await scene.KillAsync();
                await scene.StartServiceAsync();
                await Assert.ThrowsAsync<InvalidRequestException>(() => Searches(scene).Continue(part.Id, Guid.NewGuid(), "other@example.nl", Demand, Never));
            }
            part = await ContinuedAsync(scene, part);
        }
        Assert.Equal(all.Order(ByText), looked.Order(ByText));

        // Erased part by part: points get new numbers under it, and still nothing is left out.
        part = await FoundAsync(scene, Person(scene));
        var erased = 0;
        while (part.Items > 0 || part.IsPart)
        {
            if (part.Items > 0)
            {
                await Searches(scene).Erase(part.Id, new ErasureChoice(part.ListHash!, [], AllFound: true, [], [], Demand), Never);
                erased += (await UntilAsync(scene, part.Id, ErasureSearchStage.Ended)).Done.Sum(done => done.Items);
            }
            if (!part.IsPart)
                break;
            part = await ContinuedAsync(scene, part);
        }
        Assert.True(erased >= all.Count, $"{erased} of {all.Count}");
        Assert.Equal(0, (await FoundAsync(scene, Person(scene))).Items);
    }

    private static readonly Comparer<(Domain.Identity.ResourceId Resource, string Item)> ByText = Comparer<(Domain.Identity.ResourceId Resource, string Item)>.Create((one, other) => string.CompareOrdinal($"{one}", $"{other}"));

    private static async Task<ErasureSearch> ContinuedAsync(ServiceScene scene, ErasureSearch earlier)
    {
        var id = Guid.CreateVersion7();
        Assert.Equal(earlier.Id, (await Searches(scene).Continue(earlier.Id, id, Person(scene), Demand, Never)).Continues);
        return await UntilAsync(scene, id, ErasureSearchStage.Found);
    }

    private async Task<ServiceScene> ReadyAsync(Dictionary<string, string?>? settings = null)
    {
        var scene = await ServiceScene.StartAsync(simulator, new TenantRecipe { Users = 2, MessagesPerMailbox = 8, EventsPerMailbox = 30, FilesPerDrive = 4 }, settings: settings);
        var (tenant, mailbox, person) = (scene.Tenant.ToString(), scene.Mailbox().ObjectId, Person(scene));
        var drive = scene.Admin.Drive(tenant, mailbox);
        drive.CreateFile(drive.Root, "by the person.bin", new SeededFile(7, 3_000), by: person);
        Deliver($"From: {person}\r\nTo: a@example.com\r\nSubject: sent\r\n\r\nprivate words\r\n");
        await scene.OnboardAsync();
        await scene.UntilPointsAsync(1);
        Deliver($"From: b@example.com\r\nTo: a@example.com\r\nCc: {person}\r\nSubject: copied\r\n\r\nprivate words\r\n");
        Deliver($"From: b@example.com\r\nTo: a@example.com\r\nSubject: only spoken of\r\n\r\nAsk {person} for it.\r\n");
        Assert.Null((await scene.RunAsync()).Problem); // so that points differ in what they have of the person
        return scene;

        void Deliver(string mime) => scene.Admin.Deliver(tenant, mailbox, Encoding.UTF8.GetBytes(mime));
    }

    private static string Person(ServiceScene scene) => scene.Created.Mailboxes[1].Upn;

    private static IErasureSearchGrain Searches(ServiceScene scene) => scene.Grains.ErasureSearches(scene.Tenant);

    private static async Task<ErasureSearch> FoundAsync(ServiceScene scene, string person)
    {
        var id = Guid.CreateVersion7();
        await Searches(scene).Start(id, person.ToUpperInvariant(), Demand, Never); // addresses are the same in any case of their letters
        return await UntilAsync(scene, id, ErasureSearchStage.Found);
    }

    private static async Task<ErasureSearch> UntilAsync(ServiceScene scene, Guid id, ErasureSearchStage stage)
    {
        using var patience = new CancellationTokenSource(Hang.Limit);
        while (true)
        {
            var search = await Searches(scene).Get(id, patience.Token);
            if (search.Stage == stage)
                return search;
            Assert.False(patience.IsCancellationRequested, $"{search.Stage}: {search.Problem}");
            await Hang.MomentAsync();
        }
    }

    /// <summary>Every item of every point of every resource: a hash over all that is kept of it, and what Microsoft 365 told of it.</summary>
    private static async Task<Dictionary<ItemKey, ItemRead>> ReadAsync(ServiceScene scene)
    {
        var read = new Dictionary<ItemKey, ItemRead>();
        foreach (var listing in (await scene.TenantGrain.ListResources(null, 1_000, Never)).Resources)
        {
            // Points are counted from the oldest: an erasure gives them new numbers, and keeps their order.
            var points = await PointsAsync(scene, listing.Resource);
            for (var place = 0; place < points.Length; place++)
            {
                var point = scene.Grains.Point(new RestorePointId(listing.Resource, points[place]));
                foreach (var folder in await point.ListFolders(Never))
                    foreach (var item in (await point.ListItems(folder.Id, null, 1_000, Never)).Items)
                        read[new(listing.Resource, place, item.Id)] = await ReadAsync(point, item);
            }
        }
        return read;
    }

    private static async Task<long[]> PointsAsync(ServiceScene scene, ResourceId resource)
    {
        try
        {
            return [.. (await scene.Grains.Resource(resource).ListPoints(Never)).OrderBy(point => point.Sequence).Select(point => point.Sequence)];
        }
        catch (NotFoundException)
        {
            return [];
        }
    }

    private static async Task<ItemRead> ReadAsync(IRestorePointGrain point, ItemAtPoint item)
    {
        var (hash, told) = (new StringBuilder($"{item.Kind}\n{item.Subject}\n{item.FolderId}\n{item.Size}\n"), "");
        foreach (var content in item.Contents)
        {
            using var bytes = new MemoryStream();
            await foreach (var piece in point.ReadContent(item.Id, content.Role, Never))
                bytes.Write(piece.Span);
            hash.Append(content.Role).Append(Convert.ToHexStringLower(SHA256.HashData(bytes.ToArray()))).Append('\n');
            if (content.Role is "json" or "message")
                told = Encoding.UTF8.GetString(bytes.ToArray());
        }
        return new(hash.ToString(), told);
    }

    private sealed record ItemKey(ResourceId Resource, int Place, string Item) : IComparable<ItemKey>
    {
        public int CompareTo(ItemKey? other) => string.CompareOrdinal(ToString(), other?.ToString());
    }

    private sealed record ItemRead(string Hash, string Told)
    {
        public bool Names(string person) => Told.Contains($"\"{person}\"", StringComparison.OrdinalIgnoreCase);
    }
}
