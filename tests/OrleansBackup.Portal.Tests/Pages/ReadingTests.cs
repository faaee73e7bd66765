using System.Collections.Immutable;
using System.Net;
using OrleansBackup.Domain.Results;
using OrleansBackup.GrainInterfaces.Points;
using OrleansBackup.Portal.Pages.Points;
using OrleansBackup.Portal.Pages.Resources;
using OrleansBackup.Portal.Tests.Hosting;

namespace OrleansBackup.Portal.Tests.Pages;

/// <summary>The timeline, the tree of folders, and the lists of what is in a point.</summary>
public sealed class ReadingTests
{
    [Fact]
    public void The_timeline_shows_each_day_once_with_its_newest_point_and_what_was_missed()
    {
        var results = new ResultDays(Estate.Today, new string('g', 24) + "f" + new string('g', 6));

        var (months, earlier) = Timeline.Of(Mailbag.Points, results, Estate.Today, 0);
        var days = months.SelectMany(month => month.Weeks.SelectMany(week => week)).OfType<TimelineDay>().ToDictionary(day => day.Day);

        Assert.Equal([(2026, 3), (2026, 2), (2026, 1)], months.Select(month => (month.Year, month.Month)));
        Assert.False(earlier);
        Assert.All(months, month => Assert.All(month.Weeks, week => Assert.Equal(7, week.Length)));
        Assert.Equal(TimelineState.Whole, days[Estate.Today].State);
        Assert.Equal((TimelineState.Missed, null), (days[Estate.Today.AddDays(-6)].State, days[Estate.Today.AddDays(-6)].Point));
        Assert.Equal(TimelineState.Lacking, days[Estate.Today.AddDays(-2)].State);
        Assert.Equal(TimelineState.Nothing, days[Estate.Today.AddDays(3)].State);
        Assert.Equal(31 + 28 + 31, days.Count);
    }

    [Fact]
    public void Earlier_months_are_a_page_of_their_own()
    {
        var points = Enumerable.Range(0, 300).Select(back => Mailbag.Point(90 - back)).ToImmutableArray();

        var (newest, earlier) = Timeline.Of(points, default, Estate.Today, 0);
        var (older, evenEarlier) = Timeline.Of(points, default, Estate.Today, 8);

        Assert.Equal((Timeline.MonthsShown, true), (newest.Length, earlier));
        Assert.Equal(((2025, 7), (2025, 5), false), ((older[0].Year, older[0].Month), (older[^1].Year, older[^1].Month), evenEarlier));
    }

    [Fact]
    public void The_tree_opens_on_the_way_to_the_folder_that_is_shown_and_nowhere_else()
    {
        var top = FolderTree.Of(Mailbag.Folders, Mailbag.Folders[1]);
        var deep = FolderTree.Of(Mailbag.Folders, Mailbag.Folders[3]);

        Assert.DoesNotContain(top, line => line.Folder.Id == "f-project");
        Assert.Equal([(Mailbag.Inbox, 0, true), ("f-project", 1, true), ("f-deep", 2, true)], deep.Take(3).Select(line => (line.Folder.Id, line.Depth, line.IsOpen)));
    }

    [Fact]
    public void A_tree_that_bites_its_own_tail_is_drawn_once()
    {
        ImmutableArray<FolderAtPoint> folders = [new("a", "b", "A", ["A"], false, null), new("b", "a", "B", ["B"], false, null), new("c", "c", "C", ["C"], false, null), new("d", null, "D", ["D"], false, null)];

        Assert.Equal(["c", "d"], FolderTree.Of(folders, folders[0]).Select(line => line.Folder.Id));
    }

    [Fact]
    public async Task Ids_with_slashes_and_signs_lead_back_to_their_items()
    {
        await using var host = await PortalHost.StartAsync();
        using var client = host.Client();

        var page = await client.GetStringAsync(new Uri($"{ContentPages.Point}?folder={Uri.EscapeDataString(Mailbag.Inbox)}&item={Uri.EscapeDataString(Mailbag.Letter)}", UriKind.Relative));

        Assert.Contains($"/preview?item={Uri.EscapeDataString(Mailbag.Letter)}\"", page, StringComparison.Ordinal);
        Assert.Contains($"/api/v1{ContentPages.Point}/items/{Uri.EscapeDataString(Mailbag.Letter)}/content\"", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script>document", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/points/7000")]
    [InlineData("/points/90?folder=none")]
    [InlineData("/points/yesterday")]
    [InlineData("/points/89/compare/7000")]
    public async Task What_is_not_there_is_said_to_be_so(string address)
    {
        await using var host = await PortalHost.StartAsync();
        using var client = host.Client();

        var answer = await client.GetAsync(new Uri(ContentPages.Resource + address, UriKind.Relative));

        Assert.Contains(answer.StatusCode, new[] { HttpStatusCode.NotFound, HttpStatusCode.BadRequest });
        Assert.Contains("<h1>", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }
}
