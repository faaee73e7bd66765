using System.Net;
using System.Net.Http.Headers;
using NSubstitute;
using OrleansBackup.ClientApi.Tests.Hosting;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Points;
using OrleansBackup.GrainInterfaces.Resources;

namespace OrleansBackup.ClientApi.Tests.Points;

public sealed class PointEndpointsTests : ApiHost
{
    private const string PointNames = "sequence day startedAt sealedAt run items folders logicalBytes debts comparedWithListing owedUntil lacks";

    private static string PointsPath => $"{Sample.MailboxPath}/points";

    [Fact]
    public async Task Points_are_listed_newest_first()
    {
        var points = (await GetAsync(PointsPath)).At("points");
        Assert.Equal([7L, 6, 5], points.EnumerateArray().Select(point => point.At("sequence").GetInt64()));
        Assert.Equal(PointNames, points[0].Names());
        Assert.Equal("2026-03-14", points[0].Text("day"));
    }

    [Theory]
    [InlineData("6", 6)]
    [InlineData("latest", 7)]
    [InlineData("2026-03-14", 7)]
    [InlineData("2026-03-13", 5)]
    public async Task A_point_is_found_by_number_by_day_and_as_the_latest(string address, long sequence)
    {
        Assert.Equal(sequence, (await GetAsync($"{PointsPath}/{address}")).At("sequence").GetInt64());
        await GetAsync($"{PointsPath}/{address}/folders");
        Service.Grains.Received().GetGrain<IRestorePointGrain>(GrainKeys.Of(new RestorePointId(Sample.Mailbox, sequence)));
        Service.Grains.DidNotReceive().GetGrain<IRestorePointGrain>(Arg.Is<string>(key => key != GrainKeys.Of(new RestorePointId(Sample.Mailbox, sequence))));
    }

    [Theory]
    [InlineData("8")]
    [InlineData("2026-03-12")]
    public async Task A_point_that_is_not_there_is_not_found_and_never_another_one(string address) =>
        await RefusedAsync(HttpMethod.Get, $"{PointsPath}/{address}/folders", null, HttpStatusCode.NotFound, "not-found");

    [Fact]
    public async Task A_resource_without_points_has_no_latest()
    {
        Service.Mailbox.ListPoints(Arg.Any<CancellationToken>()).Returns([]);
        await RefusedAsync(HttpMethod.Get, $"{PointsPath}/latest", null, HttpStatusCode.NotFound, "not-found");
    }

    [Fact]
    public async Task Folders_and_items_answer_in_their_shapes()
    {
        var folders = (await GetAsync($"{PointsPath}/7/folders")).At("folders");
        Assert.Equal("id kind parentId name path hidden wellKnownName", folders[1].Names());
        Assert.Equal(["Inbox", "../Up: \u202Egone"], folders[1].At("path").EnumerateArray().Select(name => name.GetString()!));

        var page = await GetAsync($"{PointsPath}/7/folders/inbox-id%3D/items?limit=5");
        Assert.Equal("item/1=", page.Text("next"));
        var item = page.First("items");
        Assert.Equal(
            "id kind folderId subject from received sent size isRead isDraft importance categories flagStatus hasMime attachments warnings facts contents", item.Names());
        Assert.Equal("name contentType kind size isInline problem", item.First("attachments").Names());
        await Service.Point.Received(1).ListItems("inbox-id=", null, 5, Arg.Any<CancellationToken>());
    }

    [Fact]
    public async Task An_id_with_a_slash_arrives_as_it_is()
    {
        Assert.Equal("Grüße: 日本", (await GetAsync($"{PointsPath}/7/items/item%2F1%3D")).Text("subject"));
        await GetAsync($"{PointsPath}/7/folders/below%2Fid/items?after=item%2F1%3D");
        await Service.Point.Received(1).ListItems("below/id", "item/1=", Arg.Any<int>(), Arg.Any<CancellationToken>());
    }

    [Fact]
    public async Task An_empty_folder_is_empty_and_an_unknown_one_is_not_found()
    {
        Assert.Equal(0, (await GetAsync($"{PointsPath}/7/folders/below%2Fid/items")).At("items").GetArrayLength());
        await RefusedAsync(HttpMethod.Get, $"{PointsPath}/7/folders/nowhere/items", null, HttpStatusCode.NotFound, "not-found");
        await RefusedAsync(HttpMethod.Get, $"{PointsPath}/7/items/nothing", null, HttpStatusCode.NotFound, "not-found");
    }

    [Fact]
    public async Task Content_under_a_number_may_be_kept_for_a_while_and_under_a_day_must_be_asked_for_again()
    {
        using var numbered = await SignedIn.GetAsync(new Uri($"{PointsPath}/7/folders", UriKind.Relative));
        Assert.True(numbered.Headers.CacheControl is { Private: true, MaxAge.TotalHours: 1 });
        Assert.Contains(numbered.Headers.CacheControl.Extensions, extension => extension.Name == "immutable");
        using var latest = await SignedIn.GetAsync(new Uri($"{PointsPath}/latest/folders", UriKind.Relative));
        Assert.True(latest.Headers.CacheControl is { Private: true, NoCache: true });
        Assert.Equal(numbered.Headers.ETag, latest.Headers.ETag);
    }

    [Theory]
    [InlineData("2026-03-13", true)] // a later point exists, so that no run of that day is still going
    [InlineData("2026-03-14", false)] // may still get another
    public async Task A_day_is_kept_like_a_number_once_it_can_get_no_other_point(string day, bool isSettled)
    {
        using var response = await SignedIn.GetAsync(new Uri($"{PointsPath}/{day}/folders", UriKind.Relative));
        Assert.Equal(isSettled, response.Headers.CacheControl!.ToString().Contains("immutable", StringComparison.Ordinal));
        Assert.Equal((true, !isSettled), (response.Headers.CacheControl.Private, response.Headers.CacheControl.NoCache));
    }

    [Fact]
    public async Task Points_are_listed_in_parts_of_some_days_and_in_another_order()
    {
        var part = await GetAsync($"{PointsPath}?limit=2&sort=sequence");
        Assert.Equal([5L, 6], part.At("points").EnumerateArray().Select(point => point.At("sequence").GetInt64()));
        var rest = await GetAsync($"{PointsPath}?limit=2&sort=sequence&after={part.Text("next")}");
        Assert.Equal([7L], rest.At("points").EnumerateArray().Select(point => point.At("sequence").GetInt64()));
        Assert.Null(rest.Text("next"));
        Assert.Equal([5L], (await GetAsync($"{PointsPath}?untilDay=2026-03-13")).At("points").EnumerateArray().Select(point => point.At("sequence").GetInt64()));
        await RefusedAsync(HttpMethod.Get, $"{PointsPath}?sort=colour", null, HttpStatusCode.BadRequest, "invalid-request", "sort");
    }

    [Fact]
    public async Task Who_has_the_content_already_is_told_so_until_the_point_is_gone()
    {
        var path = new Uri($"{PointsPath}/7/items/item%2F1%3D/properties", UriKind.Relative);
        using var first = await SignedIn.GetAsync(path);
        using var again = await IfNoneMatchAsync(path, first.Headers.ETag!);
        Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);

        Service.Mailbox.ListPoints(Arg.Any<CancellationToken>()).Returns([Sample.Newest with { Run = new(Guid.Parse("55555555-5555-5555-5555-555555555555")) }]);
        using var other = await IfNoneMatchAsync(path, first.Headers.ETag!);
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);

        Service.Mailbox.ListPoints(Arg.Any<CancellationToken>()).Returns([]);
        using var gone = await IfNoneMatchAsync(path, first.Headers.ETag!);
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
    }

    private async Task<HttpResponseMessage> IfNoneMatchAsync(Uri path, EntityTagHeaderValue tag)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.IfNoneMatch.Add(tag);
        return await SignedIn.SendAsync(request);
    }
}
