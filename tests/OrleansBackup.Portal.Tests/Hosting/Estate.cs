using System.Collections.Immutable;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Results;
using OrleansBackup.Domain.Runs;
using OrleansBackup.Domain.Checks;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.GrainInterfaces.Tenants;

namespace OrleansBackup.Portal.Tests.Hosting;

/// <summary>An estate as its grains would tell it, the same every time: tenants in every state, and names that try to be HTML.</summary>
internal static class Estate
{
    /// <summary>A name that must show as what it is.</summary>
    public const string HostileName = "<script>document.title='taken'</script><img src=x onerror=\"document.title='taken'\">";

    public static readonly DateTimeOffset Now = new(2026, 3, 14, 11, 0, 0, TimeSpan.Zero);
    public static readonly DateOnly Today = new(2026, 3, 14);

    private static readonly string[] Names =
    [
        "Van Dijk Notarissen", "Bakkerij De Molen", "Huisartsenpraktijk Oost", "Stichting Het Groene Hart", "Zuidas Legal", "Fabrikam Nederland", "Tandartsen Waterland",
        "Woningcorporatie De Brug", "Noorderlicht Architecten", "Contoso Logistics", "Muziekschool Crescendo",
    ];

    public static readonly ImmutableArray<PermissionState> Permissions =
    [
        new("User.Read.All", true, true, true, "Find the users and shared mailboxes of the tenant."), new("Mail.Read", true, true, true, "Read folders, messages and attachments."),
        new("Mail.ReadWrite", false, false, true, "Put messages and folders back."), new("Calendars.Read", true, false, false, "Back calendars up."),
    ];

    public static TenantId Id(int number) => TenantId.Parse($"10000000-0000-0000-0000-{number:d12}");

    /// <summary>The second is hindered, the fourth overdue, the fifth failing, the sixth new, the seventh has not told, the eighth has the hostile name.</summary>
    public static ImmutableArray<ListedStanding> Of(int tenants) => [.. Enumerable.Range(0, tenants).Select(One).OrderBy(one => one.Listing.Name, StringComparer.OrdinalIgnoreCase)];

    public static TenantOverview Overview(ListedStanding tenant)
    {
        var counts = tenant.Standing?.Resources ?? ResourceCounts.None;
        return new(tenant.Listing.Tenant, tenant.Listing.Name, TenantSettings.Default, Now.AddDays(-200), Now.AddHours(-2), counts.Protected, counts.Unprotected, counts.Healthy, counts.Running,
            counts.Failing, Permissions, tenant.Standing?.Problem) { Store = "amsterdam", OverdueResources = counts.Overdue, SweptAt = Now.AddDays(-2) };
    }

    public static ImmutableArray<DayMeasure> Measures() =>
        [.. Enumerable.Range(0, 60).Select(day => new DayMeasure(Today.AddDays(day - 59), 80_000_000_000 + day * 350_000_000L, 400_000 + day * 700, 500 + day % 7 * 60, 120 + day % 5 * 30, 40 + day % 3 * 20))];

    public static ImmutableArray<ResourceListing> Resources(ListedStanding tenant) => [.. Enumerable.Range(0, 40).Select(number => Resource(tenant, number))];

    private static ResourceListing Resource(ListedStanding tenant, int number)
    {
        var kind = number % 10 == 9 ? ResourceKind.Team : number % 10 >= 7 ? ResourceKind.Site : number % 2 == 1 ? ResourceKind.OneDrive : ResourceKind.Mailbox;
        var id = new ResourceId(tenant.Listing.Tenant, kind, $"20000000-0000-0000-0000-{number:d12}");
        var isFailing = number % 17 == 3 && tenant.Standing is { Resources.Overdue: > 0 };
        var name = number == 5 ? HostileName : $"{(kind == ResourceKind.Site ? "Projecten" : kind == ResourceKind.Team ? "Team Verkoop" : "Medewerker")} {number + 1}";
        var health = new ResourceHealth(id, isFailing ? RunOutcome.Failed : RunOutcome.Succeeded, Now.AddHours(isFailing ? -60 : -10), Now.AddHours(-9), Now.AddHours(12), 90, 4_000 + number * 31, 900_000_000L + number * 7_000_000,
            number % 11 == 0 ? 2 : 0, number == 2, isFailing ? "The mailbox is on legal hold & <b>locked</b>." : null, isFailing ? FaultCause.Microsoft : FaultCause.None)
        {
            Results = new ResultDays(Today, new string([.. Enumerable.Range(0, 31).Select(day => day < number % 6 ? '-' : isFailing && day > 27 ? 'f' : (day * 7 + number) % 37 == 0 ? 'm' : (day + number) % 13 == 0 ? 'n' : day == 30 ? 'o' : 'g')])),
        };
        return number == 7
            ? new(id, name, "https://fabrikam.sharepoint.com/sites/archief", "site", false, "It is excluded by the settings.", Now.AddDays(-90), null, null)
            : new(id, name, $"medewerker{number + 1}@fabrikam.example", "user", true, "The whole environment is protected.", Now.AddDays(-200), null, health);
    }

    private static ListedStanding One(int number)
    {
        var name = number == 7 ? HostileName : number < Names.Length ? Names[number] : $"Klant {number + 1:d4}";
        return new ListedStanding(new TenantListing(Id(number), name), number == 6 ? null : Standing(number));
    }

    private static TenantStanding Standing(int number)
    {
        var size = 20 + number * 37 % 180;
        var (overdue, failing) = (number % 50 == 3 ? 3 : 0, number % 50 is 3 or 4 ? 4 : 0);
        var days = Enumerable.Range(0, 31).Select(day => number == 5 && day < 22 ? default : DayOf(number, day, size, overdue));
        return new TenantStanding(new ResourceCounts(size, number % 9, size - failing, overdue, failing, number % 13 == 0 ? 1 : 0), number % 50 == 1)
        {
            Results = new ResultTally(Today, [.. days]), LogicalBytes = size * 3_100_000_000L, Problem = number % 50 == 1 ? "2 notices have nobody to go to: give this tenant a contact." : null,
        };
    }

    private static DayTally DayOf(int number, int day, int size, int overdue) => day switch
    {
        30 => new DayTally(size / 3, 0, 0, size - size / 3),
        > 27 when overdue > 0 => new DayTally(size - overdue, 0, overdue, 0),
        11 when number % 3 == 0 => new DayTally(size / 5, 0, size - size / 5, 0),
        _ when (day + number * 5) % 29 == 0 => new DayTally(size - 1, 0, 1, 0),
        _ when (day * 3 + number) % 11 == 0 => new DayTally(size - 2, 2, 0, 0),
        _ => new DayTally(size, 0, 0, 0),
    };
}
