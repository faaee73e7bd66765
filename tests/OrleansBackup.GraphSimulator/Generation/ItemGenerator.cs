using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using OrleansBackup.GraphSimulator.Calendar;
using OrleansBackup.GraphSimulator.Contacts;
using OrleansBackup.GraphSimulator.Content;
using OrleansBackup.GraphSimulator.Tasks;
using OrleansBackup.GraphSimulator.World;

namespace OrleansBackup.GraphSimulator.Generation;

/// <summary>Fills a mailbox with what lies beside mail: the calendar, contact folder and list that everybody has, and seeded ones with content.</summary>
/// <remarks>Everything that is awkward in real mailboxes is among it: see <see cref="GeneratedEvent"/>.</remarks>
internal sealed class ItemGenerator(ulong seed, TenantRecipe recipe, IReadOnlyList<MailAddress> people, DateTimeOffset now)
{
    public void Fill(Mailbox mailbox, DateTimeOffset start)
    {
        var random = new SeededRandom(SeededRandom.Mix(seed, 0xCA1E));
        var owner = people.FirstOrDefault(person => person.Address == mailbox.Address) ?? new MailAddress(mailbox.Address, mailbox.Address);
        var group = mailbox.AddItem(ItemKind.CalendarGroup, null, CalendarEndpoints.GroupProperties("My Calendars"), start, "calendargroup").Item;
        var calendar = mailbox.AddItem(ItemKind.Calendar, group, Calendar("Calendar", owner), start, "calendar").Item;
        calendar.Latest.Properties["isDefaultCalendar"] = true;
        calendar.Latest.Properties["isRemovable"] = false;
        var contacts = mailbox.AddItem(ItemKind.ContactFolder, null, new JsonObject { ["displayName"] = "Contacts" }, start, "contacts").Item;
        var tasks = mailbox.AddItem(ItemKind.TaskList, null, TaskEndpoints.ListProperties("Tasks"), start, "tasks").Item;
        tasks.Latest.Properties["wellknownListName"] = "defaultList";
        var calendars = new List<MailboxItem> { calendar };
        var folders = new List<MailboxItem> { contacts };
        var lists = new List<MailboxItem> { tasks };
        if (recipe.EventsPerMailbox > 0)
            AddCalendars(mailbox, group, calendars, owner, start);
        if (recipe.ContactsPerMailbox > 0)
        {
            folders.Add(mailbox.AddItem(ItemKind.ContactFolder, contacts, new JsonObject { ["displayName"] = "Kunden & Partner" }, start).Item);
            folders.Add(mailbox.AddItem(ItemKind.ContactFolder, folders[1], new JsonObject { ["displayName"] = "Süd" }, start).Item);
        }
        if (recipe.TasksPerMailbox > 0)
            lists.Add(mailbox.AddItem(ItemKind.TaskList, null, TaskEndpoints.ListProperties("Einkauf"), start).Item);
        for (var i = 0; i < recipe.EventsPerMailbox; i++)
            AddEvent(mailbox, random.Pick(calendars), owner, people, random.Next(), At(i, recipe.EventsPerMailbox), now);
        for (var i = 0; i < recipe.ContactsPerMailbox; i++)
            AddContact(mailbox, random.Pick(folders), random.Next(), At(i, recipe.ContactsPerMailbox));
        for (var i = 0; i < recipe.TasksPerMailbox; i++)
            AddTask(mailbox, random.Pick(lists), random.Next(), At(i, recipe.TasksPerMailbox), now);
        RealItems.Add(mailbox, recipe, owner, now);

        DateTimeOffset At(int index, int count) => start + (now - start) * ((index + 1) / (double)(count + 1));
    }

    public static void AddEvent(Mailbox mailbox, MailboxItem calendar, MailAddress owner, IReadOnlyList<MailAddress> people, ulong eventSeed, DateTimeOffset at, DateTimeOffset around) =>
        mailbox.AddItem(ItemKind.Event, calendar, GeneratedEvent.Properties(eventSeed, mailbox, owner, people, around), at,
            and: version => GeneratedEvent.Finish(version, eventSeed));

    public static void AddContact(Mailbox mailbox, MailboxItem folder, ulong contactSeed, DateTimeOffset at)
    {
        var random = new SeededRandom(contactSeed);
        var (given, surname) = (random.Pick(Words.GivenNames), random.Pick(Words.Surnames));
        var properties = ContactJson.New(new JsonObject
        {
            ["givenName"] = given,
            ["surname"] = surname,
            ["displayName"] = $"{given} {surname}",
            ["fileAs"] = $"{surname}, {given}",
            ["companyName"] = random.Chance(0.6) ? $"{surname} & Söhne GmbH" : null,
            ["jobTitle"] = random.Chance(0.4) ? random.Pick(Words.Topics) : null,
            ["nickName"] = random.Chance(0.1) ? given[..1] : null,
            ["birthday"] = random.Chance(0.3) ? new DateTime(1950 + random.Below(50), 1 + random.Below(12), 1 + random.Below(28), 11, 59, 0).ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture) : null,
            ["personalNotes"] = random.Chance(0.3) ? Words.Paragraphs(ref random, 80 + random.Below(400), "\r\n") : "",
            ["emailAddresses"] = new JsonArray([.. Enumerable.Range(0, random.Below(4)).Select(i => (JsonNode)new JsonObject { ["name"] = $"{given} {surname}", ["address"] = $"{i}.{contactSeed:x}@partner.example" })]),
            ["imAddresses"] = random.Chance(0.1) ? new JsonArray($"sip:{contactSeed:x}@partner.example") : new JsonArray(),
            ["businessPhones"] = new JsonArray([.. Enumerable.Range(0, random.Below(3)).Select(_ => (JsonNode)$"+49 30 {random.Below(9_999_999)}")]),
            ["homePhones"] = random.Chance(0.2) ? new JsonArray($"+43 1 {random.Below(999_999)}") : new JsonArray(),
            ["mobilePhone"] = random.Chance(0.6) ? $"+49 170 {random.Below(9_999_999)}" : null,
            ["businessAddress"] = random.Chance(0.5)
                ? new JsonObject { ["street"] = $"{random.Pick(Words.Surnames)}straße {random.Below(200)}\r\n2. Stock", ["city"] = "Köln", ["state"] = "NRW", ["postalCode"] = $"5{random.Below(9999):D4}", ["countryOrRegion"] = "Germany" }
                : new JsonObject(),
            ["spouseName"] = random.Chance(0.1) ? random.Pick(Words.GivenNames) : null,
            ["children"] = random.Chance(0.1) ? new JsonArray(random.Pick(Words.GivenNames), random.Pick(Words.GivenNames)) : new JsonArray(),
            ["categories"] = random.Chance(0.2) ? new JsonArray("Projekt") : new JsonArray(),
            ["businessHomePage"] = random.Chance(0.2) ? $"https://{contactSeed:x}.example/" : null,
        });
        ReadOnlyMemory<byte>? photo = random.Chance(0.3) ? Picture(contactSeed) : default(ReadOnlyMemory<byte>?);
        mailbox.AddItem(ItemKind.Contact, folder, properties, at, and: version => version with { Photo = photo });
    }

    public static void AddTask(Mailbox mailbox, MailboxItem list, ulong taskSeed, DateTimeOffset at, DateTimeOffset around)
    {
        var random = new SeededRandom(taskSeed);
        var due = around.UtcDateTime.Date.AddDays(random.Below(200) - 100);
        var status = random.Pick(["notStarted", "inProgress", "completed", "waitingOnOthers", "deferred"]);
        var properties = TaskJson.New(new JsonObject
        {
            ["title"] = $"{random.Pick(Words.Topics)} {random.Below(1000)}",
            ["status"] = status,
            ["importance"] = random.Pick(["low", "normal", "high"]),
            ["body"] = new JsonObject { ["contentType"] = "text", ["content"] = random.Chance(0.5) ? Words.Paragraphs(ref random, 120, "\r\n") : "" },
            ["categories"] = random.Chance(0.2) ? new JsonArray("Projekt") : new JsonArray(),
        });
        if (random.Chance(0.6))
            properties["dueDateTime"] = EventJson.Zoned(due, "UTC");
        if (random.Chance(0.2))
        {
            properties["isReminderOn"] = true;
            properties["reminderDateTime"] = EventJson.Zoned(due.AddHours(8), "UTC");
        }
        if (status == "completed")
            properties["completedDateTime"] = EventJson.Zoned(due, "UTC");
        if (properties["dueDateTime"] is not null && random.Chance(0.2))
            properties["recurrence"] = GeneratedEvent.Recurrence(ref random, DateOnly.FromDateTime(due), "UTC");
        for (var i = 0; i < (random.Chance(0.4) ? 1 + random.Below(4) : 0); i++)
        {
            properties["checklistItems"]!.AsArray().Add(new JsonObject
            {
                ["id"] = $"step-{i + 1}", ["displayName"] = $"{random.Pick(Words.Topics)} {i}", ["isChecked"] = random.Chance(0.5), ["createdDateTime"] = at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture),
            });
        }
        if (random.Chance(0.2))
            properties["linkedResources"]!.AsArray().Add(new JsonObject { ["id"] = "link-1", ["applicationName"] = "Tickets", ["displayName"] = "Ticket 17", ["externalId"] = $"{taskSeed:x}", ["webUrl"] = "https://tickets.example/17" });
        var attachments = random.Chance(0.15) ? ImmutableArray.Create(GeneratedEvent.File(1, random.Next())) : [];
        mailbox.AddItem(ItemKind.Task, list, properties, at, and: version => version with { Attachments = attachments });
    }

    private static void AddCalendars(Mailbox mailbox, MailboxItem group, List<MailboxItem> calendars, MailAddress owner, DateTimeOffset start)
    {
        calendars.Add(mailbox.AddItem(ItemKind.Calendar, group, Calendar("Urlaub", owner), start).Item);
        var other = mailbox.AddItem(ItemKind.CalendarGroup, null, CalendarEndpoints.GroupProperties("Projekte"), start).Item;
        calendars.Add(mailbox.AddItem(ItemKind.Calendar, other, Calendar("Rollout", owner), start).Item);
        // Somebody else's, shared with this mailbox: it is backed up where it belongs.
        var shared = Calendar("Team", new MailAddress("Somebody Else", "somebody@else.example"));
        shared["canEdit"] = false;
        mailbox.AddItem(ItemKind.Calendar, group, shared, start);
    }

    private static JsonObject Calendar(string name, MailAddress owner) => CalendarEndpoints.Defaults(name, owner.Name, owner.Address);

    private static byte[] Picture(ulong pictureSeed)
    {
        var random = new SeededRandom(pictureSeed ^ 0xF070);
        var bytes = new byte[500 + random.Below(8000)];
        for (var i = 0; i < bytes.Length; i++)
            bytes[i] = (byte)random.Next();
        ReadOnlySpan<byte> start = [0xFF, 0xD8, 0xFF, 0xE0];
        start.CopyTo(bytes);
        return bytes;
    }
}
