using System.Collections.Immutable;
using OrleansBackup.GraphSimulator.World;

namespace OrleansBackup.GraphSimulator.Generation;

/// <summary>One site's day: items and pages come, change and go, and now and then a list does.</summary>
internal sealed class SiteLife(SimulatedSite site, SimulatedTenant tenant, SortedDictionary<string, int> counts)
{
    public void PlayDay(DateTimeOffset start, double intensity, ulong seed)
    {
        if (site.Kind == SiteKind.Personal || site.ArchiveStatus is not null || site.IsDeleted)
            return;
        var random = new SeededRandom(seed);
        var people = tenant.Directory.Users.Where(user => user is { IsLicensed: true, Purpose: "user" }).ToList();
        var generator = new SiteGenerator(site, tenant, new TenantRecipe(), people, seed);
        var count = Math.Max(1, (int)(intensity * (0.5 + random.Fraction())));
        for (var i = 0; i < count; i++)
        {
            var kind = Change(ref random, generator, start.AddSeconds(i * 60_000.0 / count));
            counts[kind] = counts.GetValueOrDefault(kind) + 1;
        }
    }

    private string Change(ref SeededRandom random, SiteGenerator generator, DateTimeOffset at)
    {
        var kind = random.Below(100);
        var lists = site.Lists.Living.Where(list => list.State is { Template: "genericList", IsSystem: false, IsHidden: false } && list.State.Columns.Any(column => column.Name == "State")).ToList();
        if (lists.Count == 0 || kind >= 97)
            return NewList(ref random, at);
        var items = site.Items(random.Pick(lists).Id);
        switch (kind)
        {
            case < 35:
                var made = generator.NewItem(ref random, at, isFolder: false);
                items.Add((_, _) => made, at: at);
                return "itemAdded";
            case < 60 when items.Count > 0:
                var fields = SiteGenerator.Fields(ref random, at);
                var who = generator.By(ref random);
                items.Change(random.Pick(items.Living).Id, (state, _) => state with { Fields = state.IsFolder ? state.Fields : fields, Modified = at, ModifiedBy = who }, at);
                return "itemChanged";
            case < 72 when items.Count > 0:
                items.Delete(random.Pick(items.Living).Id, at);
                return "itemDeleted";
            case < 82:
                var page = generator.NewPage(ref random, random.Below(1_000), at);
                var id = random.NextGuid().ToString();
                site.Pages.Add((_, _) => page, _ => id, at);
                return "pageAdded";
            case < 90 when site.Pages.Count > 0:
                var canvas = SiteGenerator.Canvas(ref random);
                site.Pages.Change(random.Pick(site.Pages.Living).Id, (state, _) => state with { Canvas = canvas, IsPublished = true, Modified = at }, at);
                return "pageChanged";
            case < 93 when site.Pages.Count > 0:
                site.Pages.Delete(random.Pick(site.Pages.Living).Id, at);
                return "pageDeleted";
            case < 95 when lists.Count > 1:
                site.Lists.Delete(random.Pick(lists).Id, at);
                return "listDeleted";
            default:
                var renamed = $"Work {random.Below(100_000)}";
                site.Lists.Change(random.Pick(lists).Id, (state, _) => state with { DisplayName = renamed }, at);
                return "listRenamed";
        }
    }

    private string NewList(ref SeededRandom random, DateTimeOffset at)
    {
        var name = $"List {random.Below(1_000_000)}";
        var id = random.NextGuid().ToString();
        site.Lists.Add((_, _) => new SiteListState { Name = name, DisplayName = name, CreatedAt = at, Columns = SiteGenerator.WorkColumns() }, _ => id, at);
        return "listAdded";
    }
}
