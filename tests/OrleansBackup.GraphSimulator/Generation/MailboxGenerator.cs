using OrleansBackup.GraphSimulator.Content;
using OrleansBackup.GraphSimulator.World;

namespace OrleansBackup.GraphSimulator.Generation;

/// <summary>Fills a mailbox on first use: the folders every mailbox has, some of its own, generated and real messages.</summary>
public sealed class MailboxGenerator(ulong seed, TenantRecipe recipe, IReadOnlyList<MailAddress> people, DateTimeOffset now, IReadOnlyList<(string File, string Folder)> files)
{
    private static readonly TimeSpan Past = TimeSpan.FromDays(730);

    private static readonly (string WellKnown, string Name, bool Hidden)[] Standard =
    [
        ("inbox", "Inbox", false), ("drafts", "Drafts", false), ("sentitems", "Sent Items", false), ("deleteditems", "Deleted Items", false),
        ("archive", "Archive", false), ("junkemail", "Junk Email", false), ("outbox", "Outbox", false), ("conversationhistory", "Conversation History", false),
        ("clutter", "Clutter", true), ("scheduled", "Scheduled", true),
    ];

    public void Fill(Mailbox mailbox)
    {
        var random = new SeededRandom(seed);
        var start = now - Past;
        var root = mailbox.CreateFolder("Top of Information Store", null, wellKnownName: "msgfolderroot", at: start);
        foreach (var (wellKnown, name, hidden) in Standard)
            mailbox.CreateFolder(name, root, hidden, wellKnown, start);
        AddSyncIssues(mailbox, root, start);
        var recoverable = mailbox.CreateFolder("Recoverable Items", null, isHidden: true, "recoverableitemsroot", start);
        foreach (var name in new[] { "Deletions", "Purges", "Versions" })
            mailbox.CreateFolder(name, recoverable, isHidden: true, "recoverableitems" + name.ToLowerInvariant(), start);
        var finder = mailbox.CreateFolder("Finder", null, isHidden: true, "searchfolders", start);
        mailbox.CreateFolder("Unread Mail", finder, at: start, isSearchFolder: true);
        mailbox.CreateFolder("Large Mail", root, at: start, isSearchFolder: true);
        var own = new List<MailFolder>();
        for (var i = 0; i < 3 + random.Below(5); i++)
        {
            var parent = own.Count == 0 || random.Chance(0.5) ? (random.Chance(0.5) ? root : mailbox.WellKnown("inbox")) : random.Pick(own);
            var name = random.Pick(Words.Folders);
            if (!mailbox.Children(parent).Any(child => child.Latest.DisplayName == name))
                own.Add(mailbox.CreateFolder(name, parent, at: start));
        }
        AddOddFolders(mailbox, own, ref random, start);
        AddGenerated(mailbox, own, ref random);
        AddFiles(mailbox, root);
        new ItemGenerator(seed, recipe, people, now).Fill(mailbox, start);
    }

    private static void AddSyncIssues(Mailbox mailbox, MailFolder root, DateTimeOffset start)
    {
        var issues = mailbox.CreateFolder("Sync Issues", root, isHidden: true, "syncissues", start);
        foreach (var name in new[] { "Conflicts", "Local Failures", "Server Failures" })
            mailbox.CreateFolder(name, issues, isHidden: true, name.Replace(" ", "", StringComparison.Ordinal).ToLowerInvariant(), start);
    }

    // Names that the service itself would not let anybody make today, and that are there all the same.
    private static void AddOddFolders(Mailbox mailbox, List<MailFolder> own, ref SeededRandom random, DateTimeOffset start)
    {
        var inbox = mailbox.WellKnown("inbox");
        if (random.Chance(0.5))
        {
            own.Add(mailbox.CreateFolder("Twins", inbox, at: start));
            own.Add(mailbox.CreateFolder("Twins", inbox, at: start));
        }
        if (random.Chance(0.3))
            own.Add(mailbox.CreateFolder(@"..\a/b: ""c""" + "\t\u0001", inbox, at: start));
        if (random.Chance(0.2))
            own.Add(mailbox.CreateFolder(new string('n', 300), inbox, at: start));
        if (random.Chance(0.2))
            own.Add(mailbox.CreateFolder("", inbox, at: start));
    }

    private void AddGenerated(Mailbox mailbox, List<MailFolder> own, ref SeededRandom random)
    {
        var cast = Cast(mailbox);
        for (var i = 0; i < recipe.MessagesPerMailbox; i++)
        {
            // In the order of arrival, evenly spread with the last an hour ago.
            var at = now - TimeSpan.FromHours(1) - Past * (0.98 * (recipe.MessagesPerMailbox - i - 1) / Math.Max(1, recipe.MessagesPerMailbox));
            var kind = random.Below(20);
            var folder = kind switch
            {
                < 9 => mailbox.WellKnown("inbox"),
                < 13 => mailbox.WellKnown("sentitems"),
                13 => mailbox.WellKnown("drafts"),
                14 => mailbox.WellKnown("deleteditems"),
                _ => own.Count == 0 ? mailbox.WellKnown("inbox") : random.Pick(own),
            };
            mailbox.Add(Arrival(cast, folder, at, ref random), at);
        }
    }

    /// <summary>The people around a mailbox, for more messages later.</summary>
    public static MailCast CastOf(Mailbox mailbox, SimulatedTenant tenant)
    {
        var people = tenant.Directory.Users.Where(user => user.Mail is not null).Select(user => new MailAddress(user.DisplayName, user.Mail!)).ToList();
        var seed = SeededRandom.Mix(tenant.Seed, StableHash.Of(mailbox.Address));
        var owner = people.Find(person => person.Address == mailbox.Address) ?? new MailAddress(mailbox.Address, mailbox.Address);
        return new MailCast(seed, tenant.Seed, tenant.Domain, owner, people.Count == 0 ? [owner] : people, Threads: 500);
    }

    /// <summary>One generated message for a folder.</summary>
    public static NewMessage Arrival(MailCast cast, MailFolder folder, DateTimeOffset at, ref SeededRandom random)
    {
        var isDraft = folder.WellKnownName == "drafts";
        var isSent = folder.WellKnownName == "sentitems";
        return new NewMessage(folder, new GeneratedContent(random.Next(), cast, at.AddSeconds(-5), isSent, isDraft))
        {
            ReceivedAt = at,
            SentAt = at.AddSeconds(-5),
            IsRead = isDraft || isSent || random.Chance(0.7),
            IsDraft = isDraft,
            Flag = random.Chance(0.05) ? new FollowupFlag("flagged") : null,
            Categories = random.Chance(0.1) ? [random.Chance(0.5) ? "Red category" : "Kunde"] : [],
            InferenceClassification = random.Chance(0.2) ? "other" : "focused",
        };
    }

    private MailCast Cast(Mailbox mailbox)
    {
        var owner = people.FirstOrDefault(person => person.Address == mailbox.Address) ?? new MailAddress(mailbox.Address, mailbox.Address);
        return new MailCast(seed, recipe.Seed, recipe.Domain, owner, people, Math.Max(4, recipe.MessagesPerMailbox / 4));
    }

    private void AddFiles(Mailbox mailbox, MailFolder root)
    {
        var folders = new Dictionary<string, MailFolder>(StringComparer.Ordinal);
        foreach (var (file, path) in files)
        {
            var folder = path == "." ? mailbox.WellKnown("inbox") : FolderOf(path);
            var content = new MimeContent(File.ReadAllBytes(file));
            var date = content.Detail.Date is { } written && written < now ? written : now;
            mailbox.Add(new NewMessage(folder, content)
            {
                ReceivedAt = date,
                SentAt = date,
                IsRead = true,
                Importance = content.Detail.Importance,
            }, now);
        }

        MailFolder FolderOf(string path)
        {
            if (folders.TryGetValue(path, out var known))
                return known;
            var parent = Path.GetDirectoryName(path) is { Length: > 0 } above ? FolderOf(above) : root;
            return folders[path] = mailbox.CreateFolder(Path.GetFileName(path), parent, at: now);
        }
    }
}
