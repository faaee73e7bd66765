using System.Diagnostics;
using System.Text;
using System.Text.Json;
using OrleansBackup.Grains.Points;
using OrleansBackup.Grains.Runs;
using OrleansBackup.Grains.Tests.Given;
using OrleansBackup.Grains.Tests.Mailboxes.Items;
using OrleansBackup.GraphSimulator.Generation;
using OrleansBackup.GraphSimulator.World;
using Xunit.Abstractions;
using RestorePoint = OrleansBackup.Vault.RestorePoint;

namespace OrleansBackup.Grains.Tests.Points;

/// <summary>Calendar and card files are read back: line by line here, and by libraries of others where the machine has them.</summary>
public sealed class ItemFileTests(SimulatorFixture simulator, ITestOutputHelper output) : IClassFixture<SimulatorFixture>
{
    [Fact]
    public async Task A_calendar_file_holds_every_event_with_its_zone_rule_and_exceptions()
    {
        await using var items = await ItemScene.StartAsync(simulator, seed: 4, events: 80);
        var point = (await items.RunAsync()).Point;

        var file = await FileAsync(items, point, ItemIds.Calendar, ItemFile.Calendar);

        var lines = ContentLine.Read(file).ToList();
        var events = items.Truth().Items.Where(item => item.Kind == ItemKind.Event).ToList();
        Assert.Equal(events.Count + events.Sum(item => item.Exceptions.Count), Count("BEGIN", "VEVENT"));
        Assert.Equal(events.Count(item => item.Held.GetProperty("recurrence").ValueKind == JsonValueKind.Object), lines.Count(line => line.Name == "RRULE" && !IsZone(line)));
        Assert.Equal(events.Sum(item => item.Exceptions.Count), lines.Count(line => line.Name == "RECURRENCE-ID"));
        Assert.Equal(events.Sum(item => item.Cancelled.Count), lines.Count(line => line.Name == "EXDATE"));
        Assert.Equal(events.Select(item => item.Held.GetProperty("subject").GetString()).Order(StringComparer.Ordinal),
            Events(lines).Where(lines => !lines.Exists(line => line.Name == "RECURRENCE-ID")).Select(lines => lines.Find(line => line.Name == "SUMMARY")?.Text).Order(StringComparer.Ordinal));
        var declared = lines.Where(line => line.Name == "TZID").Select(line => line.Value).ToHashSet();
        Assert.All(lines.Where(line => line.Parameters.ContainsKey("TZID")), line => Assert.Contains(line.Parameters["TZID"], declared));
        Assert.DoesNotContain(lines, line => line.Name == "METHOD");
        Assert.All(Encoding.UTF8.GetString(file).Split("\r\n"), line => Assert.InRange(Encoding.UTF8.GetByteCount(line), 0, 75));
        ReadBack(file, "import sys, icalendar\nc = icalendar.Calendar.from_ical(sys.stdin.buffer.read())\nprint(sum(1 for e in c.walk('VEVENT') if e.decoded('DTSTART') is not None))", Count("BEGIN", "VEVENT"));
        ReadBack(file, "import sys, vobject\nc = vobject.readOne(sys.stdin.buffer.read().decode('utf-8'))\nprint(len(c.vevent_list))", Count("BEGIN", "VEVENT"));

        int Count(string name, string value) => lines.Count(line => line.Name == name && line.Value == value);

        bool IsZone(ContentLine rule) => lines.GetRange(0, lines.IndexOf(rule)).FindLast(line => line.Name == "BEGIN")!.Value is "STANDARD" or "DAYLIGHT";
    }

    [Fact]
    public async Task An_occurrence_lies_at_the_same_moment_for_another_library_as_for_the_service()
    {
        await using var items = await ItemScene.StartAsync(simulator, seed: 6, events: 60);
        var point = (await items.RunAsync()).Point;
        var single = items.Truth().Items.First(item => item.Kind == ItemKind.Event && item.Held.GetProperty("recurrence").ValueKind != JsonValueKind.Object
            && !item.Held.GetProperty("isAllDay").GetBoolean() && item.Held.GetProperty("start").GetProperty("timeZone").GetString() == "W. Europe Standard Time");

        var file = await FileAsync(items, point, ItemIds.Of(ItemIds.Calendar, single.Id), ItemFile.Calendar);

        var start = Assert.Single(ContentLine.Read(file), line => line.Name == "DTSTART" && line.Parameters.ContainsKey("TZID"));
        Assert.Equal("Europe/Berlin", start.Parameters["TZID"]);
        Assert.Equal(DateTime.Parse(single.Held.GetProperty("start").GetProperty("dateTime").GetString()!, System.Globalization.CultureInfo.InvariantCulture).ToString("yyyyMMdd'T'HHmmss", System.Globalization.CultureInfo.InvariantCulture), start.Value);
        var zone = Encoding.UTF8.GetString(file);
        Assert.Contains("RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU", zone, StringComparison.Ordinal);
        Assert.Contains("RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU", zone, StringComparison.Ordinal);
        Assert.Contains("TZOFFSETTO:+0200", zone, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_card_file_holds_every_contact_and_its_picture()
    {
        await using var items = await ItemScene.StartAsync(simulator, contacts: 50);
        var point = (await items.RunAsync()).Point;

        var file = await FileAsync(items, point, ItemIds.Contacts, ItemFile.Card);

        var contacts = items.Truth().Items.Where(item => item.Kind == ItemKind.Contact).ToList();
        var read = VcfReader.Contacts(file).ToList();
        Assert.Equal(contacts.Select(contact => contact.Held.GetProperty("displayName").GetString()).Order(StringComparer.Ordinal), read.Select(card => (string?)card.Properties["displayName"]).Order(StringComparer.Ordinal));
        Assert.Equal(contacts.Select(contact => contact.PhotoSha256).OfType<string>().Order(StringComparer.Ordinal), read.Where(card => card.Photo is not null).Select(card => ItemScene.Hash(card.Photo!.Value.ToArray())).Order(StringComparer.Ordinal));
        Assert.Equal(contacts.Select(contact => contact.Held.GetProperty("personalNotes").GetString()!.ReplaceLineEndings("\n")).Order(StringComparer.Ordinal), read.Select(card => (string)card.Properties["personalNotes"]!).Order(StringComparer.Ordinal));
        ReadBack(file, "import sys, vobject\nprint(sum(1 for c in vobject.readComponents(sys.stdin.buffer.read().decode('utf-8')) if c.fn.value and c.n))", contacts.Count);
    }

    [Fact]
    public async Task A_task_file_holds_every_task_of_its_list()
    {
        await using var items = await ItemScene.StartAsync(simulator);
        var point = (await items.RunAsync()).Point;
        var list = items.Truth().Containers.First(container => container is { Kind: ItemKind.TaskList, WellKnownName: null });

        var file = await FileAsync(items, point, ItemIds.Of(ItemIds.Tasks, list.Id), ItemFile.Calendar);

        var tasks = items.Truth().Items.Count(item => item.ContainerId == list.Id);
        Assert.Equal(tasks, ContentLine.Read(file).Count(line => line is { Name: "BEGIN", Value: "VTODO" }));
        ReadBack(file, "import sys, icalendar\nc = icalendar.Calendar.from_ical(sys.stdin.buffer.read())\nprint(len(c.walk('VTODO')))", tasks);
    }

    private static IEnumerable<List<ContentLine>> Events(List<ContentLine> lines)
    {
        for (var start = lines.FindIndex(IsStart); start >= 0; start = lines.FindIndex(start + 1, IsStart))
            yield return lines.GetRange(start, lines.FindIndex(start, line => line is { Name: "END", Value: "VEVENT" }) - start);

        static bool IsStart(ContentLine line) => line is { Name: "BEGIN", Value: "VEVENT" };
    }

    private static async Task<byte[]> FileAsync(ItemScene items, RestorePoint point, string id, string role)
    {
        await using var reader = await (await items.Scene.VaultAsync()).OpenPointAsync(point.Sequence, CancellationToken.None);
        var folders = await FolderTree.ReadAsync(reader, CancellationToken.None);
        using var file = new MemoryStream();
        await foreach (var piece in ItemFile.MakeAsync(reader, folders, id, role, CancellationToken.None))
            await file.WriteAsync(piece);
        return file.ToArray();
    }

    /// <summary>Lets a library of others read the file and count; says what was left out where there is none.</summary>
    private void ReadBack(byte[] file, string program, int expected)
    {
        var library = program.Split('\n')[0].Split(' ')[^1];
        foreach (var python in new[] { "/usr/bin/python3", "python3" })
        {
            var start = new ProcessStartInfo(python) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
            start.ArgumentList.Add("-c");
            start.ArgumentList.Add(program);
            try
            {
                using var process = Process.Start(start)!;
                var (said, failed) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
                try
                {
                    process.StandardInput.BaseStream.Write(file);
                    process.StandardInput.Close();
                }
                catch (IOException)
                {
                    // It ended at once: without the library it reads nothing.
                }
                process.WaitForExit();
                if (failed.Result.Contains("ModuleNotFoundError", StringComparison.Ordinal))
                    continue;
                Assert.True(process.ExitCode == 0, failed.Result);
                Assert.Equal(expected, int.Parse(said.Result, System.Globalization.CultureInfo.InvariantCulture));
                return;
            }
            catch (System.ComponentModel.Win32Exception)
            {
                // No such program here.
            }
        }
        output.WriteLine($"Left out: the file was not read by python's {library}, which is not on this machine.");
    }
}
