using Orleans;
using Orleans.Runtime;

namespace OrleansBackup.ActorRuntime.Tests.Sqlite;

/// <summary>What the state file promises of reminders.</summary>
public sealed class SqliteReminderTableTests
{
    private static readonly DateTime Start = new(2026, 3, 1, 2, 3, 4, 567, DateTimeKind.Utc);

    [Fact]
    public async Task A_reminder_is_read_back_as_it_was()
    {
        using var open = new OpenFile();
        var etag = await open.Reminders.UpsertRow(Entry("a", "daily"));
        open.Close();
        var read = await open.Reminders.ReadRow(GrainId.Create("mailbox", "a"), "daily");
        Assert.NotNull(read);
        Assert.Equal(Start, read.StartAt);
        Assert.Equal(DateTimeKind.Utc, read.StartAt.Kind);
        Assert.Equal(TimeSpan.FromHours(24), read.Period);
        Assert.Equal(etag, read.ETag);
        Assert.Null(await open.Reminders.ReadRow(GrainId.Create("mailbox", "a"), "other"));
    }

    [Fact]
    public async Task Upserting_replaces_and_gives_a_new_etag()
    {
        using var open = new OpenFile();
        var first = await open.Reminders.UpsertRow(Entry("a", "daily"));
        var second = await open.Reminders.UpsertRow(Entry("a", "daily"));
        Assert.NotEqual(first, second);
        Assert.Single((await open.Reminders.ReadRows(GrainId.Create("mailbox", "a"))).Reminders);
    }

    [Fact]
    public async Task A_reminder_is_removed_only_with_its_etag()
    {
        using var open = new OpenFile();
        var etag = await open.Reminders.UpsertRow(Entry("a", "daily"));
        var id = GrainId.Create("mailbox", "a");
        Assert.False(await open.Reminders.RemoveRow(id, "daily", "another"));
        Assert.True(await open.Reminders.RemoveRow(id, "daily", etag!));
        Assert.False(await open.Reminders.RemoveRow(id, "daily", etag!));
    }

    [Fact]
    public async Task Ranges_that_split_the_ring_hold_every_reminder_once()
    {
        using var open = new OpenFile();
        for (var i = 0; i < 100; i++)
            await open.Reminders.UpsertRow(Entry($"{i}", "daily"));
        const uint third = uint.MaxValue / 3;
        var one = await open.Reminders.ReadRows(0, third);
        var two = await open.Reminders.ReadRows(third, 2 * third);
        var three = await open.Reminders.ReadRows(2 * third, 0); // over the top
        Assert.Equal(100, one.Reminders.Concat(two.Reminders).Concat(three.Reminders).Select(entry => entry.GrainId).Distinct().Count());
        Assert.Equal(100, one.Reminders.Count + two.Reminders.Count + three.Reminders.Count);
        Assert.Equal(100, (await open.Reminders.ReadRows(5, 5)).Reminders.Count);
        Assert.All([one, two, three], part => Assert.NotEmpty(part.Reminders));
    }

    private static ReminderEntry Entry(string key, string name) =>
        new() { GrainId = GrainId.Create("mailbox", key), ReminderName = name, StartAt = Start, Period = TimeSpan.FromHours(24) };
}
