using OrleansBackup.GraphSimulator.Admin;
using OrleansBackup.GraphSimulator.Content;
using OrleansBackup.GraphSimulator.World;

namespace OrleansBackup.GraphSimulator.Generation;

/// <summary>Plays days on a tenant: what people do with their mail, and who joins and leaves. Seeded.</summary>
public static class Life
{
    /// <summary>Lives from now through the days of the recipe; the clock then stands at their end.</summary>
    public static LifeReport Play(SimulatedTenant tenant, LifeRecipe recipe, SimulatorClock clock)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(recipe.Days, 1);
        var from = clock.GetUtcNow();
        var counts = new SortedDictionary<string, int>(StringComparer.Ordinal);
        for (var day = 0; day < recipe.Days; day++)
        {
            var start = from.AddDays(day);
            var random = new SeededRandom(SeededRandom.Mix(SeededRandom.Mix(tenant.Seed, recipe.Seed), (ulong)day));
            foreach (var user in tenant.Directory.Users)
            {
                if (user.MailboxRefusal is null && tenant.Directory.FindMailbox(user.Id) is { } mailbox)
                {
                    var cast = MailboxGenerator.CastOf(mailbox, tenant);
                    var daySeed = random.Next();
                    new MailboxLife(mailbox, cast, counts).PlayDay(start, recipe.Intensity, daySeed);
                    if (recipe.ItemIntensity > 0)
                        new ItemLife(mailbox, cast, counts).PlayDay(start, recipe.ItemIntensity, SeededRandom.Mix(daySeed, 0x17E35));
                }
            }
            foreach (var drive in tenant.Drives.All)
                new DriveLife(drive, tenant, counts).PlayDay(start, recipe.Intensity, SeededRandom.Mix(SeededRandom.Mix(recipe.Seed, (ulong)day), StableHash.Of(drive.Id)));
            foreach (var site in tenant.Collaboration.Sites)
                new SiteLife(site, tenant, counts).PlayDay(start, recipe.Intensity, SeededRandom.Mix(SeededRandom.Mix(recipe.Seed, (ulong)day), StableHash.Of(site.Id)));
            PeopleComeAndGo(tenant, clock, start.AddHours(23), random.Next(), counts);
        }
        clock.Advance(TimeSpan.FromDays(recipe.Days));
        return new LifeReport(from, from.AddDays(recipe.Days), counts);
    }

    private static void PeopleComeAndGo(SimulatedTenant tenant, SimulatorClock clock, DateTimeOffset at, ulong seed, SortedDictionary<string, int> counts)
    {
        var random = new SeededRandom(seed);
        if (random.Chance(0.1))
        {
            TenantGenerator.Join(tenant, random.Next(), clock, at);
            counts["userJoined"] = counts.GetValueOrDefault("userJoined") + 1;
        }
        var people = tenant.Directory.Users.Where(user => user is { Purpose: "user", UserType: "Member", IsLicensed: true }).ToList();
        if (people.Count > 2 && random.Chance(0.05))
        {
            tenant.Directory.Put(random.Pick(people) with { IsDeleted = true }, at);
            counts["userLeft"] = counts.GetValueOrDefault("userLeft") + 1;
        }
    }
}

/// <summary>One mailbox's day.</summary>
internal sealed class MailboxLife(Mailbox mailbox, MailCast cast, SortedDictionary<string, int> counts)
{
    public void PlayDay(DateTimeOffset start, double intensity, ulong seed)
    {
        var random = new SeededRandom(seed);
        var count = Math.Max(1, (int)(intensity * (0.5 + random.Fraction())));
        var times = new List<DateTimeOffset>(count);
        for (var i = 0; i < count; i++)
            times.Add(start.AddSeconds(random.Below(22 * 3600)));
        times.Sort();
        mailbox.Read(() =>
        {
            foreach (var at in times)
            {
                var kind = Change(ref random, at);
                counts[kind] = counts.GetValueOrDefault(kind) + 1;
            }
            return true;
        });
    }

    private string Change(ref SeededRandom random, DateTimeOffset at)
    {
        var kind = random.Below(100);
        if (kind < 40 || Pick(ref random) is not { } message)
            return Arrive(ref random, at);
        switch (kind)
        {
            case < 55:
                mailbox.Change(message, version => version with { IsRead = !version.IsRead }, at);
                return "read";
            case < 60:
                var status = message.Latest.Flag.Status == "flagged" ? "complete" : "flagged";
                var completed = status == "complete" ? new ZonedTime(at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.0000000", System.Globalization.CultureInfo.InvariantCulture), "UTC") : null;
                mailbox.Change(message, version => version with { Flag = new FollowupFlag(status, Completed: completed) }, at);
                return "flagged";
            case < 64:
                var category = random.Pick(["Blue category", "Projekt", "Green category"]);
                mailbox.Change(message, version => version with { Categories = version.Categories.Contains(category) ? version.Categories.Remove(category) : version.Categories.Add(category) }, at);
                return "categorised";
            case < 75:
                mailbox.Move(message, Target(ref random, message.Latest.Folder!), at);
                return "moved";
            case < 85:
                mailbox.Move(message, mailbox.WellKnown("deleteditems"), at);
                return "deletedToBin";
            case < 90:
                mailbox.Delete(message, hard: random.Chance(0.5), at);
                return "deletedHard";
            case < 94:
                return EditDraft(ref random, at);
            default:
                return ChangeFolders(ref random, at);
        }
    }

    private string Arrive(ref SeededRandom random, DateTimeOffset at)
    {
        var name = random.Below(10) switch { < 6 => "inbox", < 9 => "sentitems", _ => "drafts" };
        mailbox.Add(MailboxGenerator.Arrival(cast, mailbox.WellKnown(name), at, ref random) with { IsRead = name != "inbox" }, at);
        return name switch { "inbox" => "received", "sentitems" => "sent", _ => "drafted" };
    }

    private string EditDraft(ref SeededRandom random, DateTimeOffset at)
    {
        if (mailbox.WellKnown("drafts").Sorted() is not { Length: > 0 } drafts)
            return Arrive(ref random, at);
        var draft = random.Pick(drafts);
        var text = Words.Paragraphs(ref random, 200, "\r\n");
        mailbox.Change(draft, version =>
        {
            var content = ComposedContent.From(version.Content, (ulong)version.Message.Number);
            return version with { Content = content.With(content.Detail with { BodyType = "text", Body = text }) };
        }, at);
        return "draftEdited";
    }

    private string ChangeFolders(ref SeededRandom random, DateTimeOffset at)
    {
        var own = Own();
        var kind = own.Count == 0 ? 0 : random.Below(5);
        var name = $"{random.Pick(Words.Folders)} {random.Below(1000)}";
        switch (kind)
        {
            case 0 or 1:
                mailbox.CreateFolder(name, own.Count == 0 || random.Chance(0.5) ? mailbox.WellKnown("msgfolderroot") : random.Pick(own), at: at);
                return "folderCreated";
            case 2:
                mailbox.ChangeFolder(random.Pick(own), name, at: at);
                return "folderRenamed";
            case 3:
                var folder = random.Pick(own);
                var parent = random.Chance(0.3) ? mailbox.WellKnown("deleteditems") : random.Chance(0.5) ? mailbox.WellKnown("inbox") : mailbox.WellKnown("msgfolderroot");
                mailbox.ChangeFolder(folder, parent: parent, at: at);
                return parent.WellKnownName == "deleteditems" ? "folderToBin" : "folderMoved";
            default:
                if (own.Count < 4)
                    goto case 2;
                mailbox.DeleteFolder(random.Pick(own), hard: random.Chance(0.5), at);
                return "folderDeleted";
        }
    }

    private List<MailFolder> Own() =>
        [.. mailbox.Folders.Where(folder => folder.WellKnownName is null && !folder.IsSearchFolder && folder.IsInTree)];

    private MailFolder Target(ref SeededRandom random, MailFolder from)
    {
        var targets = Own();
        targets.Add(mailbox.WellKnown("inbox"));
        targets.Add(mailbox.WellKnown("archive"));
        targets.Remove(from);
        return random.Pick(targets);
    }

    private MailMessage? Pick(ref SeededRandom random)
    {
        var folders = mailbox.Folders.Where(folder => folder.Messages.Count > 0 && folder.IsInTree).ToList();
        return folders.Count == 0 ? null : random.Pick(random.Pick(folders).Sorted());
    }
}
