using System.Collections.Immutable;
using System.Globalization;
using OrleansBackup.GraphSimulator.Identity;
using OrleansBackup.GraphSimulator.World;

namespace OrleansBackup.GraphSimulator.Generation;

/// <summary>Gives a tenant its groups, sites and teams from the recipe. What is in them is made when it is first looked at.</summary>
public static class CollaborationGenerator
{
    private static readonly string[] ChannelNames = ["Planning", "Support", "Releases", "Kundenprojekt", "Budget", "Lunch & Learn"];

    public static void Fill(SimulatedTenant tenant, TenantRecipe recipe, SimulatorClock clock)
    {
        if (recipe.Permissions is null)
            tenant.Permissions = tenant.Permissions.Union(CollaborationPermissions.All);
        tenant.Collaboration = new SimulatedCollaboration(clock);
        var random = new SeededRandom(SeededRandom.Mix(recipe.Seed, StableHash.Of(recipe.Domain + "/collaboration")));
        var making = new Making(tenant, recipe, clock, [.. tenant.Directory.Users.Where(user => user is { IsLicensed: true, Purpose: "user" })]);
        foreach (var person in making.People)
            making.Site(ref random, SiteKind.Personal, person.UserPrincipalName.Replace('@', '_').Replace('.', '_'), person.DisplayName);
        for (var i = 0; i < recipe.Sites; i++)
            making.AloneSite(ref random, i);
        for (var i = 0; i < recipe.Groups + recipe.Teams; i++)
            making.Group(ref random, i, isTeam: i >= recipe.Groups);
        if (recipe.Groups + recipe.Teams > 0)
            making.SecurityGroup(ref random);
    }

    /// <summary>A site, empty, as when a tenant makes one or a channel gets its own.</summary>
    public static SimulatedSite NewSite(SimulatedTenant tenant, SimulatorClock clock, ulong seed, SiteKind kind, string name, SimulatedSite? parent = null)
    {
        var random = new SeededRandom(seed);
        return new Making(tenant, new TenantRecipe { Domain = tenant.Domain, Seed = tenant.Seed, ItemsPerList = 0, PagesPerSite = 0 }, clock, []).Site(ref random, kind, name, name, parent: parent);
    }

    /// <summary>The moment at which people began to talk in every channel of a tenant: message ids of different channels are equal.</summary>
    internal static DateTimeOffset FirstWords(SimulatedTenant tenant) => new(tenant.CreatedAt.UtcDateTime.Date.AddDays(-420).AddHours(8), TimeSpan.Zero);

    private sealed class Making(SimulatedTenant tenant, TenantRecipe recipe, SimulatorClock clock, IReadOnlyList<SimulatedUser> people)
    {
        private readonly string _host = tenant.Domain.Split('.')[0] + ".sharepoint.example";

        public IReadOnlyList<SimulatedUser> People => people;

        public SimulatedSite Site(ref SeededRandom random, SiteKind kind, string name, string? displayName, Guid? group = null, SimulatedSite? parent = null)
        {
            var ids = parent?.Id.Split(',');
            var host = kind == SiteKind.Personal ? _host.Replace(".sharepoint", "-my.sharepoint", StringComparison.Ordinal) : _host;
            var seed = random.Next();
            var site = new SimulatedSite($"{host},{ids?[1] ?? random.NextGuid().ToString()},{random.NextGuid()}", kind, clock,
                kind == SiteKind.Personal ? null : made => new SiteGenerator(made, tenant, recipe, people, seed).Fill())
            {
                Name = name, DisplayName = displayName, CreatedAt = tenant.CreatedAt.AddDays(-500), GroupId = group, Parent = parent,
                Permissions = kind == SiteKind.Personal ? [] : [new SitePermission("aTowaS50fG1zLnNwLmV4dHw" + random.Below(10_000).ToString(CultureInfo.InvariantCulture), "read", random.NextGuid().ToString(), "Reporting")],
            };
            tenant.Collaboration.Add(site);
            if (kind != SiteKind.Personal)
                tenant.Drives.Attach(DriveGenerator.Library(site.Id, "Documents", recipe.Seed, recipe.FilesPerLibrary, tenant, clock));
            return site;
        }

        public void AloneSite(ref SeededRandom random, int number)
        {
            var kind = number % 2 == 0 ? SiteKind.Communication : SiteKind.Team;
            var name = string.Create(CultureInfo.InvariantCulture, $"site{number + 1}");
            var site = Site(ref random, kind, name, number % 4 == 3 ? null : $"{random.Pick(Words.Topics)} {number + 1}");
            site.ArchiveStatus = number % 4 == 2 ? "fullyArchived" : null;
            if (number == 0)
            {
                var below = Site(ref random, SiteKind.Subsite, "below", "Below", parent: site);
                Site(ref random, SiteKind.Subsite, "deeper", "Deeper", parent: below);
            }
        }

        public void Group(ref SeededRandom random, int number, bool isTeam)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"{(isTeam ? "team" : "group")}{number + 1}");
            ImmutableArray<Guid> all = [.. people.Select(person => person.Id)];
            var group = new SimulatedGroup
            {
                Id = random.NextGuid(), DisplayName = number % 5 == 4 ? null : $"{random.Pick(Words.Topics)} {name}", Mail = $"{name}@{tenant.Domain}", Visibility = random.Chance(0.5) ? "Private" : "Public",
                IsTeam = isTeam, CreatedAt = tenant.CreatedAt.AddDays(-450), Owners = all[..Math.Min(1, all.Length)], Members = all,
            };
            tenant.Collaboration.Groups.Add((_, _) => group, _ => group.Id.ToString(), tenant.CreatedAt);
            var site = Site(ref random, SiteKind.Team, name, group.DisplayName, group.Id);
            if (isTeam)
                Team(ref random, group, site);
        }

        public void SecurityGroup(ref SeededRandom random)
        {
            var group = new SimulatedGroup { Id = random.NextGuid(), DisplayName = "Everybody", IsUnified = false, CreatedAt = tenant.CreatedAt };
            tenant.Collaboration.Groups.Add((_, _) => group, _ => group.Id.ToString(), tenant.CreatedAt);
        }

        private void Team(ref SeededRandom random, SimulatedGroup group, SimulatedSite site)
        {
            var seed = random.Next();
            var closed = Site(ref random, SiteKind.Channel, $"{site.Name}-Leads", $"{site.DisplayName}-Leads");
            var shared = Site(ref random, SiteKind.Channel, $"{site.Name}-Partners", $"{site.DisplayName}-Partners");
            tenant.Collaboration.Add(new SimulatedTeam(group.Id, clock, team => new TeamGenerator(team, tenant, recipe, people, seed).Fill(group,
            [
                (group.DisplayName is null ? null : "General", "standard", site.Id), (ChannelNames[seed % 6], "standard", site.Id), ("Quiet", "standard", site.Id),
                ("Leads", "private", closed.Id), ("Partners", "shared", shared.Id),
            ]))
            {
                CreatedAt = group.CreatedAt,
                Apps = [("com.microsoft.teamspace.tab.web", "Website"), ("14d6962d-6eeb-4f48-8890-de55454bb136", "Activity")],
            });
        }
    }
}
