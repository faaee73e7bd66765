using System.Text.Json.Nodes;
using OrleansBackup.GraphSimulator.Calendar;
using OrleansBackup.GraphSimulator.Content;
using OrleansBackup.GraphSimulator.Tasks;
using OrleansBackup.GraphSimulator.World;

namespace OrleansBackup.GraphSimulator.Generation;

/// <summary>What happens in one day to a mailbox's calendars, contacts and tasks. Seeded; nobody is told anything, as people do that themselves.</summary>
internal sealed class ItemLife(Mailbox mailbox, MailCast cast, SortedDictionary<string, int> counts)
{
    public void PlayDay(DateTimeOffset start, double intensity, ulong seed)
    {
        var random = new SeededRandom(seed);
        var count = Math.Max(1, (int)(intensity * (0.5 + random.Fraction())));
        var times = Enumerable.Range(0, count).Select(_ => random.Below(22 * 3600)).Order().ToList();
        mailbox.Read(() =>
        {
            foreach (var seconds in times)
            {
                var kind = random.Below(3) switch
                {
                    0 => Event(ref random, start.AddSeconds(seconds)),
                    1 => Contact(ref random, start.AddSeconds(seconds)),
                    _ => Task(ref random, start.AddSeconds(seconds)),
                };
                counts[kind] = counts.GetValueOrDefault(kind) + 1;
            }
            return true;
        });
    }

    private string Event(ref SeededRandom random, DateTimeOffset at)
    {
        var calendars = mailbox.Items(ItemKind.Calendar).Where(item => item.Latest.Properties["canEdit"]!.GetValue<bool>()).ToList();
        var kind = random.Below(100);
        if (kind < 35 || Pick(ItemKind.Event, ref random) is not { } item)
        {
            ItemGenerator.AddEvent(mailbox, random.Pick(calendars), cast.Owner, cast.People, random.Next(), at, at);
            return "eventMade";
        }
        var days = item.Latest.Properties["recurrence"] is JsonObject recurrence ? Recurrence.Days(recurrence).Take(30).Where(day => !item.Latest.Cancelled.Contains(day)).ToList() : [];
        switch (kind)
        {
            case < 55 when days.Count > 1:
                var day = random.Pick(days);
                var exception = GeneratedEvent.Exception(item.Latest, day, ref random);
                mailbox.ChangeItem(item, version => version with { Exceptions = version.Exceptions.SetItem(day, exception) }, at);
                return "occurrenceChanged";
            case < 65 when days.Count > 1:
                var cancelled = random.Pick(days);
                mailbox.ChangeItem(item, version => version with { Cancelled = version.Cancelled.Add(cancelled), Exceptions = version.Exceptions.Remove(cancelled) }, at);
                return "occurrenceCancelled";
            case < 80:
                Set(item, "subject", $"{random.Pick(Words.Topics)} {random.Below(10_000)} (neu)", at);
                return "eventChanged";
            case < 85 when calendars.Count > 1:
                mailbox.MoveItem(item, random.Pick(calendars), at);
                return "eventMoved";
            case >= 92 and < 97:
                var group = mailbox.WellKnownItem("calendargroup");
                mailbox.AddItem(ItemKind.Calendar, group, CalendarEndpoints.Defaults($"{random.Pick(Words.Folders)} {random.Below(1000)}", cast.Owner.Name, cast.Owner.Address), at);
                return "calendarMade";
            case >= 97 when Own(calendars) is { Count: > 2 } own:
                mailbox.DeleteItem(random.Pick(own), at);
                return "calendarDeleted";
            default:
                mailbox.DeleteItem(item, at);
                return "eventDeleted";
        }
    }

    private string Contact(ref SeededRandom random, DateTimeOffset at)
    {
        var folders = mailbox.Items(ItemKind.ContactFolder).ToList();
        var kind = random.Below(100);
        if (kind < 40 || Pick(ItemKind.Contact, ref random) is not { } item)
        {
            ItemGenerator.AddContact(mailbox, random.Pick(folders), random.Next(), at);
            return "contactMade";
        }
        switch (kind)
        {
            case < 60:
                Set(item, "mobilePhone", $"+49 171 {random.Below(999_999)}", at);
                return "contactChanged";
            case < 68:
                mailbox.ChangeItem(item, version => version with { Photo = version.Photo is null ? new byte[] { 0xFF, 0xD8, 0xFF, (byte)(version.Sequence & 0xFF), 1, 2, 3 } : default(ReadOnlyMemory<byte>?) }, at);
                return "photoChanged";
            case < 80 when folders.Count > 1:
                mailbox.MoveItem(item, random.Pick(folders), at);
                return "contactMoved";
            case >= 92 and < 97:
                mailbox.AddItem(ItemKind.ContactFolder, random.Pick(folders), new JsonObject { ["displayName"] = $"{random.Pick(Words.Folders)} {random.Below(1000)}" }, at);
                return "contactFolderMade";
            case >= 97 when Own(folders) is { Count: > 2 } own:
                mailbox.DeleteItem(random.Pick(own), at);
                return "contactFolderDeleted";
            default:
                mailbox.DeleteItem(item, at);
                return "contactDeleted";
        }
    }

    private string Task(ref SeededRandom random, DateTimeOffset at)
    {
        var lists = mailbox.Items(ItemKind.TaskList).ToList();
        var kind = random.Below(100);
        if (kind < 40 || Pick(ItemKind.Task, ref random) is not { } item)
        {
            ItemGenerator.AddTask(mailbox, random.Pick(lists), random.Next(), at, at);
            return "taskMade";
        }
        switch (kind)
        {
            case < 60:
                Set(item, "status", (string?)item.Latest.Properties["status"] == "inProgress" ? "deferred" : "inProgress", at);
                return "taskChanged";
            case < 70:
                var step = new JsonObject { ["id"] = $"step-x{random.Below(10_000)}", ["displayName"] = random.Pick(Words.Topics), ["isChecked"] = false };
                mailbox.ChangeItem(item, version =>
                {
                    var properties = version.Properties.DeepClone().AsObject();
                    properties["checklistItems"]!.AsArray().Add(step);
                    return version with { Properties = properties };
                }, at);
                return "stepMade";
            case >= 92 and < 97:
                mailbox.AddItem(ItemKind.TaskList, null, TaskEndpoints.ListProperties($"{random.Pick(Words.Folders)} {random.Below(1000)}"), at);
                return "listMade";
            case >= 97 when Own(lists) is { Count: > 2 } own:
                mailbox.DeleteItem(random.Pick(own), at);
                return "listDeleted";
            default:
                mailbox.DeleteItem(item, at);
                return "taskDeleted";
        }
    }

    private static List<MailboxItem> Own(List<MailboxItem> containers) => [.. containers.Where(container => container.WellKnownName is null)];

    private void Set(MailboxItem item, string name, string value, DateTimeOffset at) => mailbox.ChangeItem(item, version =>
    {
        var properties = version.Properties.DeepClone().AsObject();
        properties[name] = value;
        return version with { Properties = properties };
    }, at);

    private MailboxItem? Pick(ItemKind kind, ref SeededRandom random)
    {
        var all = mailbox.Items(kind).ToList();
        return all.Count == 0 ? null : random.Pick(all);
    }
}
