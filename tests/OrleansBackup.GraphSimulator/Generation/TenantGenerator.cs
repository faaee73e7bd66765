using System.Collections.Immutable;
using System.Globalization;
using OrleansBackup.GraphSimulator.Content;
using OrleansBackup.GraphSimulator.Identity;
using OrleansBackup.GraphSimulator.World;

namespace OrleansBackup.GraphSimulator.Generation;

/// <summary>Makes a tenant from its recipe: people, rooms, guests, and mailboxes that fill themselves when first opened.</summary>
public static class TenantGenerator
{
    public static SimulatedTenant Create(TenantRecipe recipe, SimulatorClock clock)
    {
        var random = new SeededRandom(SeededRandom.Mix(recipe.Seed, StableHash.Of(recipe.Domain)));
        var tenant = new SimulatedTenant
        {
            Id = random.NextGuid(),
            Name = recipe.Name,
            Domain = recipe.Domain,
            Seed = recipe.Seed,
            CreatedAt = clock.GetUtcNow(),
            Directory = new SimulatedDirectory(clock),
            App = new AppRegistration(random.NextGuid(), string.Create(CultureInfo.InvariantCulture, $"sim~{random.Next():x16}{random.Next():x16}")),
            OffersSharePoint = recipe.SharePoint ?? (recipe.FilesPerDrive > 0 || recipe.FilesDirectory is not null),
            Permissions = (recipe.Permissions ?? KnownPermissions.All).ToImmutableHashSet(),
        };
        var users = People(recipe, ref random, tenant);
        var cast = users.Where(user => user.Mail is not null).Select(user => new MailAddress(user.DisplayName, user.Mail!)).ToList();
        var withMailbox = users.Where(user => user.MailboxRefusal is null).ToList();
        var files = EmlFolder.List(recipe.MailDirectory);
        for (var i = 0; i < withMailbox.Count; i++)
        {
            var user = withMailbox[i];
            var seed = SeededRandom.Mix(recipe.Seed, StableHash.Of(user.UserPrincipalName));
            var mine = files.Where((_, index) => index % withMailbox.Count == i).ToList();
            var generator = new MailboxGenerator(seed, recipe, cast, tenant.CreatedAt, mine);
            tenant.Directory.Attach(new Mailbox(user.Id, user.Mail!, clock, generator.Fill) { ExpectedMessages = recipe.MessagesPerMailbox + mine.Count });
        }
        AddDrives(tenant, recipe, users, clock);
        return tenant;
    }

    private static void AddDrives(SimulatedTenant tenant, TenantRecipe recipe, List<SimulatedUser> users, SimulatorClock clock)
    {
        var owners = users.Where(user => user is { IsLicensed: true, Purpose: "user" }).ToList();
        var files = FileFolder.List(recipe.FilesDirectory);
        for (var i = 0; i < owners.Count; i++)
        {
            var mine = files.Where((_, index) => index % owners.Count == i).ToList();
            var drive = DriveGenerator.OneDrive(owners[i], tenant, recipe.FilesPerDrive, mine, clock);
            if (recipe.LargeFileBytes > 0)
                drive.CreateFile(drive.Root, "large.bin", new SeededFile(recipe.Seed, recipe.LargeFileBytes));
            tenant.Drives.Attach(drive);
        }
    }

    /// <summary>Adds one person with an empty mailbox, as when somebody joins.</summary>
    public static SimulatedUser Join(SimulatedTenant tenant, ulong seed, SimulatorClock clock, DateTimeOffset at)
    {
        var random = new SeededRandom(seed);
        var user = Person(ref random, tenant.Domain, tenant.Directory.EverSeen + 1, "user", tenant.CreatedAt) with { CreatedAt = at, HasSharePointPlan = tenant.OffersSharePoint };
        tenant.Directory.Put(user, at);
        var recipe = new TenantRecipe { Domain = tenant.Domain, MessagesPerMailbox = 0, Seed = tenant.Seed };
        var generator = new MailboxGenerator(seed, recipe, [new MailAddress(user.DisplayName, user.Mail!)], at, []);
        tenant.Directory.Attach(new Mailbox(user.Id, user.Mail!, clock, generator.Fill));
        tenant.Drives.Attach(DriveGenerator.OneDrive(user, tenant, files: 0, [], clock));
        return user;
    }

    private static List<SimulatedUser> People(TenantRecipe recipe, ref SeededRandom random, SimulatedTenant tenant)
    {
        var users = new List<SimulatedUser>();
        foreach (var (kind, count) in new[] { ("user", recipe.Users), ("shared", recipe.SharedMailboxes), ("room", recipe.Rooms), ("equipment", recipe.Equipment) })
        {
            for (var i = 0; i < count; i++)
            {
                var person = Person(ref random, recipe.Domain, users.Count + 1, kind, tenant.CreatedAt);
                // Very old accounts have no type, and some are disabled without having lost their mailbox.
                users.Add(kind == "user" ? person with { UserType = i % 7 == 6 ? null : "Member", AccountEnabled = i % 5 != 4, OnPremisesSyncEnabled = i % 3 == 2 ? true : null, HasSharePointPlan = tenant.OffersSharePoint } : person);
            }
        }
        for (var i = 0; i < recipe.UnlicensedUsers; i++)
            users.Add(Person(ref random, recipe.Domain, users.Count + 1, "user", tenant.CreatedAt) with { IsLicensed = false, MailboxRefusal = MailboxRefusal.NotEnabled });
        for (var i = 0; i < recipe.Guests; i++)
        {
            var guest = Person(ref random, recipe.Domain, users.Count + 1, "user", tenant.CreatedAt);
            users.Add(guest with
            {
                UserType = "Guest",
                IsLicensed = false,
                UserPrincipalName = $"guest{i}_partner.example#EXT#@{recipe.Domain}",
                Mail = $"guest{i}@partner.example",
                MailboxRefusal = MailboxRefusal.NotEnabled,
            });
        }
        foreach (var user in users)
            tenant.Directory.Put(user, tenant.CreatedAt);
        return users;
    }

    private static SimulatedUser Person(ref SeededRandom random, string domain, int number, string kind, DateTimeOffset now)
    {
        var given = random.Pick(Words.GivenNames);
        var surname = random.Pick(Words.Surnames);
        var name = kind == "user" ? string.Create(CultureInfo.InvariantCulture, $"user{number}") : string.Create(CultureInfo.InvariantCulture, $"{kind}{number}");
        return new SimulatedUser
        {
            Id = random.NextGuid(),
            UserPrincipalName = $"{name}@{domain}",
            DisplayName = kind == "user" ? $"{given} {surname}" : string.Create(CultureInfo.InvariantCulture, $"{char.ToUpperInvariant(kind[0])}{kind[1..]} {number}"),
            GivenName = kind == "user" ? given : null,
            Surname = kind == "user" ? surname : null,
            Mail = $"{name}@{domain}",
            Purpose = kind,
            AccountEnabled = kind == "user",
            IsLicensed = kind == "user",
            CreatedAt = now.AddDays(-800),
        };
    }
}
