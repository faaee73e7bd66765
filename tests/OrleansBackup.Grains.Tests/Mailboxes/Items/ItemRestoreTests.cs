using System.Text.Json.Nodes;
using OrleansBackup.GrainInterfaces.Restores;
using OrleansBackup.Grains.Runs;
using OrleansBackup.Grains.Tests.Given;
using OrleansBackup.GraphSimulator.Admin;
using OrleansBackup.GraphSimulator.Faults;
using OrleansBackup.GraphSimulator.Ids;
using OrleansBackup.GraphSimulator.World;
using OrleansBackup.Microsoft365.Items;
using OrleansBackup.Vault;
using SimulatedMailbox = OrleansBackup.GraphSimulator.World.Mailbox;

namespace OrleansBackup.Grains.Tests.Mailboxes.Items;

public sealed class ItemRestoreTests(SimulatorFixture simulator) : IClassFixture<SimulatorFixture>
{
    private static readonly RestoreSelection Everything = new(true, [], []);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task A_random_day_of_a_random_life_comes_back_in_an_empty_mailbox_and_nobody_is_written_to(int seed)
    {
        await using var items = await ItemScene.StartAsync(simulator, (ulong)seed, events: 60);
        RestorePoint chosen = null!;
        var at = DateTimeOffset.MinValue;
        for (var day = 0; day < 3; day++)
        {
            items.Scene.Admin.PlayLife(items.Scene.TenantText, new LifeRecipe(1, (ulong)(seed * 7 + day), Intensity: 1, ItemIntensity: 30));
            var result = await items.RunAsync();
            if (day == seed % 3)
                (chosen, at) = (result.Point, items.Scene.Admin.World.Clock.GetUtcNow());
        }
        items.Scene.Admin.EmptyItems(items.Scene.TenantText, items.Scene.OtherUserId);

        var ledger = await items.RestoreAsync(chosen, Everything, targetUser: items.Scene.OtherUserId);

        AssertAllBack(items, items.Truth(at), ledger, items.Scene.OtherUserId);
        AssertNobodyWasToldAnything(items);
    }

    [Theory]
    [InlineData(10, 60)]
    [InlineData(100_000, null)]
    public async Task Many_items_are_looked_for_by_listing_where_they_lie_and_the_outcome_is_that_of_asking_for_each(int lookUpsBeforeListing, int? requestsAtMost)
    {
        await using var items = await ItemScene.StartAsync(simulator, events: 60, contacts: 60, tasks: 60, lookUpsBeforeListing: lookUpsBeforeListing);
        var point = (await items.RunAsync()).Point;
        var deleted = Delete(items, 3);
        await items.RestoreAsync(point, Everything);
        items.Scene.Admin.World.Statistics.Reset();

        var second = await items.RestoreAsync(point, Everything); // all is there: what is asked for is asked for to look

        var asked = items.Scene.Admin.World.Statistics.View().Endpoints.Where(endpoint => !endpoint.Template.EndsWith("$batch", StringComparison.Ordinal)).Sum(endpoint => endpoint.Requests);
        Assert.Equal(second.Asked, second.Outcomes.Count(outcome => outcome.Kind == OutcomeKind.Skipped));
        Assert.True(deleted > 0 && (requestsAtMost is null || asked <= requestsAtMost), $"{asked} requests were sent to look for {second.Asked} items.");
    }

    [Fact]
    public async Task What_was_deleted_comes_back_in_place_and_what_is_there_stays()
    {
        await using var items = await ItemScene.StartAsync(simulator, events: 50);
        var point = (await items.RunAsync()).Point;
        var truth = items.Truth();
        var deleted = Delete(items, 3);
        var calendar = items.Mailbox.Read(() => items.Mailbox.AllItems.First(item => item is { Kind: ItemKind.Calendar, WellKnownName: null } && (string?)item.Latest.Properties["name"] == "Urlaub"));
        items.Mailbox.DeleteItem(calendar);

        var ledger = await items.RestoreAsync(point, Everything);

        Assert.True(ledger.Count(OutcomeKind.Restored) > deleted);
        Assert.Empty(ledger.Outcomes.Where(outcome => outcome.Kind == OutcomeKind.Failed).Select(outcome => $"{outcome.ItemId} {outcome.Reason}"));
        Assert.Equal(truth.Items.Count, items.Truth().Items.Count);
        Assert.Equal(truth.Containers.Select(container => container.Name).Order(), items.Truth().Containers.Select(container => container.Name).Order());
        AssertNobodyWasToldAnything(items);

        var again = await items.RestoreAsync(point, Everything);
        Assert.Equal(truth.Items.Count, again.Count(OutcomeKind.Skipped));
        Assert.Equal(truth.Items.Count, items.Truth().Items.Count);
    }

    [Fact]
    public async Task Overwriting_replaces_what_is_there_but_never_a_meeting_whose_people_would_be_told()
    {
        await using var items = await ItemScene.StartAsync(simulator, events: 50);
        var point = (await items.RunAsync()).Point;
        var meetings = items.Truth().Items.Where(item => item.Kind == ItemKind.Event && item.Held.GetProperty("attendees").GetArrayLength() > 0).Select(item => item.Id).ToHashSet();
        Assert.NotEmpty(meetings);
        var before = items.Truth().Items.Count;

        var ledger = await items.RestoreAsync(point, Everything, ConflictPolicy.Overwrite);

        Assert.Equal(before, ledger.Count(OutcomeKind.Restored));
        Assert.Equal(before + meetings.Count, items.Truth().Items.Count);
        Assert.All(ledger.Outcomes, outcome => Assert.Equal(meetings.Contains(ItemIds.GraphIdOf(outcome.ItemId)), ItemEquality.Lost(outcome, ItemLossKind.NotReplaced)));
        AssertNobodyWasToldAnything(items);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("tzone://Microsoft/Custom")]
    public async Task Row_41_null_bodies_unknown_zones_empty_recurrence_zones_and_the_year_1_are_kept_and_come_back(string? zone)
    {
        await using var items = await ItemScene.StartAsync(simulator, events: 30, contacts: 0, tasks: 0);
        var series = Own(items, item => item.Latest.Properties["recurrence"] is not null && !HasPeople(item));
        items.Mailbox.ChangeItem(series, version =>
        {
            var properties = version.Properties.DeepClone().AsObject();
            properties["body"] = null;
            properties["recurrence"]!["range"]!["type"] = "noEnd";
            properties["recurrence"]!["range"]!["endDate"] = "0001-01-01";
            properties["recurrence"]!["range"]!["recurrenceTimeZone"] = zone;
            foreach (var end in new[] { "start", "end" })
                properties[end]!["timeZone"] = zone ?? "";
            return version with { Properties = properties, Exceptions = version.Exceptions.Clear(), Cancelled = [] };
        });
        var result = await items.RunAsync();
        await items.AssertPointIsTrueAsync(result.Point);
        items.Scene.Admin.EmptyItems(items.Scene.TenantText, items.Scene.OtherUserId);
        var (truth, ledger) = (items.Truth(), await items.RestoreAsync(result.Point, Everything, targetUser: items.Scene.OtherUserId));
        AssertAllBack(items, truth, ledger, items.Scene.OtherUserId);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Row_42_a_meeting_to_which_people_were_invited_after_the_backup_is_not_deleted_by_a_restore(bool isOccurrenceOnly)
    {
        await using var items = await ItemScene.StartAsync(simulator, events: 50);
        var point = (await items.RunAsync()).Point;
        var chosen = Own(items, item => !HasPeople(item) && (item.Latest.Properties["recurrence"] is not null == isOccurrenceOnly) && (!isOccurrenceOnly || !item.Latest.Exceptions.IsEmpty));
        Invite(items.Mailbox, chosen, isOccurrenceOnly);

        var ledger = await items.RestoreAsync(point, Everything, ConflictPolicy.Overwrite);

        AssertNobodyWasToldAnything(items);
        Assert.False(chosen.Latest.IsDeleted);
        var id = ItemIds.Of(ItemIds.Calendar, new ExchangeId(ExchangeIdKind.ImmutableItem, items.Mailbox.UserId, chosen.Number).ToString());
        var outcome = Assert.Single(ledger.Outcomes, outcome => outcome.ItemId == id);
        Assert.True(outcome.Kind == OutcomeKind.Restored && ItemEquality.Lost(outcome, ItemLossKind.NotReplaced), outcome.Reason);
    }

    [Fact]
    public async Task Row_42_what_an_interrupted_restore_had_made_is_not_cleared_away_once_people_are_invited_to_it()
    {
        await using var items = await ItemScene.StartAsync(simulator, events: 20, contacts: 0, tasks: 0);
        var point = (await items.RunAsync()).Point;
        items.Scene.Admin.EmptyItems(items.Scene.TenantText, items.Scene.OtherUserId);
        var ledger = new MemoryLedger { DieBeforePage = () => throw new InvalidOperationException("killed") };
        await Assert.ThrowsAsync<InvalidOperationException>(() => items.RestoreAsync(point, Everything, targetUser: items.Scene.OtherUserId, ledger: ledger));
        var other = items.OtherMailbox;
        var made = other.Read(() => other.AllItems.Where(item => item.Kind == ItemKind.Event && !item.Latest.IsDeleted).ToList());
        Assert.NotEmpty(made);
        foreach (var item in made)
            Invite(other, item, isOccurrenceOnly: false);
        (ledger.DieBeforePage, ledger.Interrupted) = (null, true);

        await items.RestoreAsync(point, Everything, targetUser: items.Scene.OtherUserId, ledger: ledger);

        AssertNobodyWasToldAnything(items);
        Assert.All(made, item => Assert.False(item.Latest.IsDeleted));
        Assert.Equal((ledger.Asked, 0), (ledger.Outcomes.Count(), ledger.Count(OutcomeKind.Failed)));
    }

    [Fact]
    public async Task Beside_makes_calendars_folders_and_lists_of_its_own()
    {
        await using var items = await ItemScene.StartAsync(simulator, events: 20);
        var point = (await items.RunAsync()).Point;
        var before = items.Truth();

        var ledger = await items.RestoreAsync(point, Everything, under: ["Aus der Sicherung"]);

        Assert.Equal(before.Items.Count, ledger.Count(OutcomeKind.Restored));
        var after = items.Truth();
        Assert.Equal(before.Items.Count * 2, after.Items.Count);
        Assert.Contains(after.Containers, container => container is { Kind: ItemKind.Calendar, Name: "Aus der Sicherung / Urlaub" });
        Assert.Contains(after.Containers, container => container is { Kind: ItemKind.ContactFolder, Name: "Aus der Sicherung" });
        Assert.Contains(after.Containers, container => container is { Kind: ItemKind.TaskList, Name: "Aus der Sicherung / Einkauf" });
        AssertNobodyWasToldAnything(items);
    }

    [Fact]
    public async Task One_calendar_or_one_contact_comes_back_alone()
    {
        await using var items = await ItemScene.StartAsync(simulator);
        var point = (await items.RunAsync()).Point;
        var calendar = items.Truth().Containers.First(container => container is { Kind: ItemKind.Calendar, WellKnownName: null });
        var contact = items.Truth().Items.First(item => item.Kind == ItemKind.Contact);
        var events = items.Truth().Items.Count(item => item.ContainerId == calendar.Id);
        items.Scene.Admin.EmptyItems(items.Scene.TenantText, items.Scene.UserId);

        await items.RestoreAsync(point, new RestoreSelection(false, [ItemIds.Of(ItemIds.Calendar, calendar.Id)], [ItemIds.Of(ItemIds.Contacts, contact.Id)]));

        Assert.Equal(events + 1, items.Truth().Items.Count);
    }

    [Fact]
    public async Task An_interrupted_restore_goes_on_and_doubles_nothing()
    {
        await using var items = await ItemScene.StartAsync(simulator, events: 40, contacts: 60, tasks: 60);
        var point = (await items.RunAsync()).Point;
        var truth = items.Truth();
        items.Scene.Admin.EmptyItems(items.Scene.TenantText, items.Scene.OtherUserId);
        var ledger = new MemoryLedger();
        var pages = 0;
        ledger.DieBeforePage = () =>
        {
            if (++pages % 2 == 1)
                throw new InvalidOperationException("The process died here.");
        };
        for (var attempt = 0; attempt < 20 && ledger.Outcomes.Count() < truth.Items.Count; attempt++)
        {
            try
            {
                await items.RestoreAsync(point, Everything, targetUser: items.Scene.OtherUserId, ledger: ledger);
            }
            catch (InvalidOperationException)
            {
                ledger.Interrupted = true;
            }
        }

        AssertAllBack(items, truth, ledger, items.Scene.OtherUserId);
        AssertNobodyWasToldAnything(items);
    }

    [Theory]
    [InlineData(FaultKind.LostReply)]
    [InlineData(FaultKind.Reset)]
    [InlineData(FaultKind.EmptyBody)]
    public async Task Lost_answers_in_the_middle_double_nothing_and_lose_nothing(FaultKind kind)
    {
        await using var items = await ItemScene.StartAsync(simulator, seed: 5, events: 30);
        var point = (await items.RunAsync()).Point;
        var truth = items.Truth();
        items.Scene.Admin.EmptyItems(items.Scene.TenantText, items.Scene.OtherUserId);
        // No more than an item has attempts: what fails three times in a row is a failure, and is told as one.
        items.Scene.Order(new Fault { Kind = kind, Method = "POST", Path = "/(events|contacts|tasks)$", Probability = 0.3, Seed = 8, Count = 2, Mailbox = items.Scene.OtherUserId });

        var ledger = await items.RestoreAsync(point, Everything, targetUser: items.Scene.OtherUserId);

        AssertAllBack(items, truth, ledger, items.Scene.OtherUserId);
    }

    [Fact]
    public async Task Real_calendars_and_contacts_come_back()
    {
        if (Corpus is not { } corpus)
            return;
        await using var items = await ItemScene.StartAsync(simulator, events: 0, contacts: 0, tasks: 0, calendars: Path.Combine(corpus, "calendar"), cards: Path.Combine(corpus, "contacts"));
        var point = (await items.RunAsync()).Point;
        await items.AssertPointIsTrueAsync(point);
        var truth = items.Truth();
        items.Scene.Admin.EmptyItems(items.Scene.TenantText, items.Scene.OtherUserId);

        var ledger = await items.RestoreAsync(point, Everything, targetUser: items.Scene.OtherUserId);

        // As a message: a collection that is shown is cut off before its reasons.
        var failed = ledger.Outcomes.Where(outcome => outcome.Kind == OutcomeKind.Failed).ToList();
        Assert.True(failed.Count == 0, string.Join('\n', failed.Select(outcome => $"{outcome.ItemId}: {outcome.Reason}")));
        AssertAllBack(items, truth, ledger, items.Scene.OtherUserId);
        AssertNobodyWasToldAnything(items);
    }

    private static string? Corpus
    {
        get
        {
            if (Environment.GetEnvironmentVariable("ORLEANSBACKUP_CORPUS") is { Length: > 0 } given)
                return given;
            for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
                if (Path.Combine(at.FullName, "shared", "corpus") is var candidate && Directory.Exists(candidate))
                    return candidate;
            return null;
        }
    }

    private static int Delete(ItemScene items, int every)
    {
        var count = 0;
        items.Mailbox.Read(() =>
        {
            foreach (var item in items.Mailbox.AllItems.Where(item => !item.IsContainer && !item.Latest.IsDeleted && item.Latest.Container!.Latest.Properties["canEdit"]?.GetValue<bool>() != false).ToList())
                if (item.Number % every == 0)
                {
                    items.Mailbox.DeleteItem(item);
                    count++;
                }
            return count;
        });
        return count;
    }

    private static void AssertAllBack(ItemScene items, ItemsState truth, MemoryLedger ledger, string user)
    {
        var now = items.Truth(user: user).Items.ToDictionary(item => item.Id);
        var outcomes = ledger.Outcomes.ToDictionary(outcome => ItemIds.GraphIdOf(outcome.ItemId));
        Assert.Equal(truth.Items.Select(item => item.Id).Order(StringComparer.Ordinal), outcomes.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(truth.Items.Count, now.Count);
        foreach (var item in truth.Items)
            ItemEquality.AssertRestored(item, now[outcomes[item.Id].NewId ?? throw new InvalidOperationException(outcomes[item.Id].Reason)], outcomes[item.Id]);
    }

    private static MailboxItem Own(ItemScene items, Func<MailboxItem, bool> isWanted) => items.Mailbox.Read(() => items.Mailbox.AllItems.First(item => item.Kind == ItemKind.Event
        && !item.Latest.IsDeleted && item.Latest.Container!.Latest.Properties["canEdit"]?.GetValue<bool>() != false && item.Latest.Properties["isOrganizer"]?.GetValue<bool>() != false && isWanted(item)));

    private static bool HasPeople(MailboxItem item) => item.Latest.Properties["attendees"] is JsonArray { Count: > 0 } || item.Latest.Exceptions.Values.Any(exception => exception.Changes["attendees"] is JsonArray { Count: > 0 });

    /// <summary>Somebody invites a person in another program; its own invitation is not of this test.</summary>
    private static void Invite(SimulatedMailbox mailbox, MailboxItem item, bool isOccurrenceOnly)
    {
        var people = new JsonArray(new JsonObject { ["type"] = "required", ["emailAddress"] = new JsonObject { ["name"] = "person", ["address"] = "person1@example.nl" } });
        mailbox.ChangeItem(item, version =>
        {
            if (isOccurrenceOnly && version.Exceptions.First() is var (day, exception))
            {
                var changes = exception.Changes.DeepClone().AsObject();
                changes["attendees"] = people;
                return version with { Exceptions = version.Exceptions.SetItem(day, exception with { Changes = changes }) };
            }
            var properties = version.Properties.DeepClone().AsObject();
            properties["attendees"] = people;
            return version with { Properties = properties };
        });
    }

    private static void AssertNobodyWasToldAnything(ItemScene items)
    {
        Assert.Empty(items.Mailbox.Sent);
        Assert.Empty(items.OtherMailbox.Sent);
    }
}
