using System.CommandLine;
using OrleansBackup.Demo.Clients;

namespace OrleansBackup.Benchmarks.Workloads;

/// <summary>What a site's lists and pages and a team's channels in daily backup cost, and how much of Graph's own limits that is.</summary>
public static class CollaborationBenchmark
{
    // Source: throttling limits, SharePoint (up to 1,000 licences) and Microsoft Teams (requests to one team).
    private const double UnitsPerMinute = 1_250;
    private const double TeamRequestsPerSecond = 4;

    public static Command Command()
    {
        var items = new Option<int>("--items") { Description = "items of the measured list", DefaultValueFactory = _ => 5_000 };
        var pages = new Option<int>("--pages") { Description = "pages of the measured site", DefaultValueFactory = _ => 200 };
        var messages = new Option<int>("--messages") { Description = "posts in each channel of the measured team, beside their replies", DefaultValueFactory = _ => 1_000 };
        var command = new Command("collaboration", "First backup and run without change of a site and of a team.") { items, pages, messages };
        command.SetAction((parsed, cancellation) => RunAsync(parsed.GetValue(items), parsed.GetValue(pages), parsed.GetValue(messages), cancellation));
        return command;
    }

    public static async Task<int> RunAsync(int items, int pages, int messages, CancellationToken cancellation)
    {
        await using var scene = await MeasuredCollaboration.StartAsync(new SimulatedRecipe { Users = 3, Sites = 1, Teams = 1, ItemsPerList = items, PagesPerSite = pages, MessagesPerChannel = messages }, cancellation);
        await TellAsync($"a site of {items} list items and {pages} pages", scene, scene.SiteAsync, ["list-item", "page"], requests => UnitsPerMinute / 60 / requests, "1,250 resource units a minute, one a request,", cancellation);
        await TellAsync($"a team of {messages} posts a channel", scene, scene.TeamAsync, ["channel-message", "channel-event"], requests => TeamRequestsPerSecond / requests, "4 requests a second to one team", cancellation);
        return 0;
    }

    private static async Task TellAsync(
        string title, MeasuredCollaboration scene, Func<CancellationToken, Task<OrleansBackup.Vault.RestorePoint>> backUp, string[] kinds, Func<double, double> itemsAtLimit, string limit, CancellationToken cancellation)
    {
        Console.WriteLine($"{Environment.NewLine}{title}");
        foreach (var figure in await FirstAndUnchanged.MeasureAsync(() => scene.Statistics, backUp, kinds, itemsAtLimit, limit, cancellation))
            Console.WriteLine($"  {figure}");
    }
}
