using System.Net;
using System.Net.ServerSentEvents;
using System.Text.Json;
using NSubstitute;
using NSubstitute.ExceptionExtensions;
using OrleansBackup.ClientApi.Tests.Hosting;
using OrleansBackup.Domain.Identity;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Restores;

namespace OrleansBackup.ClientApi.Tests.Restores;

public sealed class RestoreEndpointsTests : ApiHost
{
    private const string StatusNames =
        "id state asked restored skipped failed withLosses receivedAt startedAt endedAt step problem request imported";

    private static CancellationToken Any => Arg.Any<CancellationToken>();

    private static string RestoresPath => $"{Sample.TenantPath}/restores";

    private static string JobPath => $"{RestoresPath}/{Sample.Job}";

    [Theory]
    [InlineData("6", 6)]
    [InlineData("\"6\"", 6)]
    [InlineData("\"2026-03-13\"", 5)]
    [InlineData("\"latest\"", 7)]
    public async Task A_restore_is_asked_for_from_the_point_that_is_named(string point, long sequence)
    {
        var answer = await SendAsync(HttpMethod.Post, RestoresPath, Body(point: point), HttpStatusCode.Accepted);
        Assert.Equal(Sample.Job.ToString(), answer.Text("id"));
        await Service.Tenant.Received(1).StartRestore(
            Arg.Is<RestoreRequest>(asked => asked.Point.Resource == Sample.Mailbox && asked.Point.Sequence == sequence && asked.Selection.Everything
                && asked.TargetResource == null && asked.TargetFolder.IsEmpty && asked.Conflict == ConflictPolicy.Skip && asked.RequestedBy == "first-key"),
            Arg.Any<CancellationToken>());
    }

    [Fact]
    public async Task A_restore_of_single_things_to_another_place_passes_on_what_was_asked()
    {
        var body = Body(
            selection: """{"folderIds":["f1"],"itemIds":["i1","i2"]}""", conflict: "\"overwrite\"",
            target: """{"resource":"mailbox-other","folder":["Back","from / March"]}""");
        await SendAsync(HttpMethod.Post, RestoresPath, body, HttpStatusCode.Accepted);
        await Service.Tenant.Received(1).StartRestore(
            Arg.Is<RestoreRequest>(asked => !asked.Selection.Everything && asked.Selection.FolderIds.SequenceEqual(new[] { "f1" })
                && asked.Selection.ItemIds.SequenceEqual(new[] { "i1", "i2" }) && asked.TargetResource!.Value.ObjectId == "other"
                && asked.TargetResource!.Value.Tenant == Sample.Tenant && asked.TargetFolder.SequenceEqual(new[] { "Back", "from / March" })
                && asked.Conflict == ConflictPolicy.Overwrite),
            Arg.Any<CancellationToken>());
    }

    [Fact]
    public async Task A_preview_tells_what_would_come_back_and_starts_nothing()
    {
        Service.Point.PreviewRestore(Arg.Any<RestoreRequest>(), Arg.Any<CancellationToken>())
            .Returns(new RestorePreview([new PreviewedKind("file", 3, 4_096)], 1, [new PreviewedLoss("permissions", 2, ["Plan.docx"])]));
        var body = Body().TrimEnd('}') + ""","permissions":true,"removeNewer":true}""";
        var preview = await SendAsync(HttpMethod.Post, $"{RestoresPath}/preview", body, HttpStatusCode.OK);
        Assert.Equal(("file", 3, 4_096), (preview.First("kinds").Text("kind"), preview.First("kinds").At("items").GetInt32(), preview.First("kinds").At("bytes").GetInt32()));
        Assert.Equal("permissions", preview.First("losses").Text("kind"));
        Assert.Equal(1, preview.At("neverHandedOver").GetInt32());
        await Service.Point.Received(1).PreviewRestore(Arg.Is<RestoreRequest>(asked => asked.Permissions && asked.RemoveNewer), Arg.Any<CancellationToken>());
        await Service.Tenant.DidNotReceive().StartRestore(Arg.Any<RestoreRequest>(), Arg.Any<CancellationToken>());
    }

    [Fact]
    public async Task Its_location_leads_to_the_job()
    {
        using var response = await SignedIn.PostAsync(
            new Uri(RestoresPath, UriKind.Relative), new StringContent(Body(), System.Text.Encoding.UTF8, "application/json"));
        Assert.Equal(JobPath, response.Headers.Location?.OriginalString);
    }

    [Fact]
    public async Task A_bad_field_of_a_restore_is_named_and_nothing_starts()
    {
        var tooMany = string.Join(',', Enumerable.Repeat("\"i\"", 10_001));
        (string Body, string Field)[] wrong =
        [
            ("{}", "resource"),
            (Body(resource: "\"robin\""), "resource"),
            (Body(point: "null"), "point"),
            (Body(selection: "null"), "selection"),
            (Body(selection: "{}"), "selection"),
            (Body(selection: """{"everything":false,"itemIds":[]}"""), "selection"),
            (Body(selection: """{"everything":true,"itemIds":["i"]}"""), "selection"),
            (Body(selection: """{"itemIds":[" "]}"""), "selection.itemIds"),
            (Body(selection: $$"""{"itemIds":[{{tooMany}}]}"""), "selection.itemIds"),
            (Body(selection: """{"folderIds":["","a"]}"""), "selection.folderIds"),
            (Body(conflict: "null"), "conflict"),
            (Body(target: """{"resource":"robin"}"""), "target.resource"),
            (Body(target: """{"folder":["a",""]}"""), "target.folder"),
        ];
        foreach (var (body, field) in wrong)
            await RefusedAsync(HttpMethod.Post, RestoresPath, body, HttpStatusCode.BadRequest, "invalid-request", field);
        (string Body, string Field)[] unreadable =
        [
            (Body(point: "\"yesterday\""), "point"),
            (Body(point: "1.5"), "point"),
            (Body(conflict: "\"replace\""), "conflict"),
            (Body(selection: """{"itemIds":"i"}"""), "selection.itemIds"),
        ];
        foreach (var (body, field) in unreadable)
            await RefusedAsync(HttpMethod.Post, RestoresPath, body, HttpStatusCode.BadRequest, "malformed-json", field);
        await Service.Tenant.DidNotReceiveWithAnyArgs().StartRestore(default!, default);
    }

    [Fact]
    public async Task A_point_that_is_not_there_is_refused_and_nothing_starts()
    {
        await RefusedAsync(HttpMethod.Post, RestoresPath, Body(point: "99"), HttpStatusCode.NotFound, "not-found");
        await Service.Tenant.DidNotReceiveWithAnyArgs().StartRestore(default!, default);
    }

    [Fact]
    public async Task A_target_that_the_service_refuses_is_named()
    {
        Service.Tenant.StartRestore(Arg.Any<RestoreRequest>(), Arg.Any<CancellationToken>())
            .ThrowsAsync(new InvalidRequestException("target.resource", "There is no such mailbox."));
        await RefusedAsync(HttpMethod.Post, RestoresPath, Body(), HttpStatusCode.BadRequest, "invalid-request", "target.resource");
    }

    [Fact]
    public async Task Jobs_are_listed_and_each_tells_how_it_stands()
    {
        var listed = (await GetAsync(RestoresPath)).First("restores");
        Assert.Equal(StatusNames, listed.Names());
        Assert.Equal("resource point selection target conflict permissions removeNewer requestedBy", listed.At("request").Names());
        Assert.Equal("everything folderIds itemIds", listed.At("request").At("selection").Names());
        Assert.Equal(Sample.Mailbox.LocalName, listed.At("request").At("target").Text("resource"));
        Assert.Equal(listed.GetRawText(), (await GetAsync(JobPath)).GetRawText());
    }

    [Fact]
    public async Task The_newest_jobs_come_first_up_to_the_limit_and_in_their_order()
    {
        RestoreJobId[] jobs = [.. Enumerable.Range(1, 40).Select(n => new RestoreJobId(new Guid(n, 0, 0, new byte[8])))];
        Service.Tenant.ListRestores(Arg.Any<CancellationToken>()).Returns([.. jobs]);
        foreach (var job in jobs)
        {
            var grain = Substitute.For<IRestoreGrain>();
            grain.GetStatus(Arg.Any<CancellationToken>()).Returns(Sample.Restored with { Job = job });
            Service.Grains.GetGrain<IRestoreGrain>(GrainKeys.Of(Sample.Tenant, job)).Returns(grain);
        }
        var listed = (await GetAsync($"{RestoresPath}?limit=33")).At("restores").EnumerateArray();
        Assert.Equal(jobs.Take(33).Select(job => job.ToString()), listed.Select(job => job.Text("id")!));
    }

    [Fact]
    public async Task A_job_is_watched_until_its_end()
    {
        Service.Restore.GetStatus(Arg.Any<CancellationToken>()).Returns(Sample.Restored);
        await using var stream = await SignedIn.GetStreamAsync(new Uri($"{JobPath}/events", UriKind.Relative));
        var events = new List<SseItem<string>>();
        await foreach (var item in SseParser.Create(stream).EnumerateAsync())
            events.Add(item);
        Assert.Equal(["progress", "progress", "end"], events.Select(item => item.EventType));
        Assert.Equal("running", JsonDocument.Parse(events[0].Data).RootElement.Text("state"));
        Assert.Equal("completedWithFailures", JsonDocument.Parse(events[2].Data).RootElement.Text("state"));
    }

    [Fact]
    public async Task Outcomes_are_read_part_by_part_over_the_pages_in_which_they_are_kept()
    {
        Service.Restore.GetStatus(Any).Returns(Sample.Restored with { OutcomePages = 3 });
        Service.Restore.ListOutcomes(Arg.Any<int>(), Any).Returns(call => [.. Enumerable.Range(0, 4).Select(number => Sample.Outcome with
        {
            ItemId = $"{call.Arg<int>()}-{number}", Kind = number == 2 ? OutcomeKind.Failed : OutcomeKind.Restored,
        })]);
        var read = new List<string?>();
        for (var address = $"{JobPath}/outcomes?limit=5"; address is not null;)
        {
            var part = await GetAsync(address);
            read.AddRange(part.At("outcomes").EnumerateArray().Select(one => one.Text("itemId")));
            address = part.Text("next") is { } next ? $"{JobPath}/outcomes?limit=5&after={next}" : null;
        }
        Assert.Equal(Enumerable.Range(0, 12).Select(number => $"{number / 4}-{number % 4}"), read);
        Assert.Equal(["0-2", "1-2"], (await GetAsync($"{JobPath}/outcomes?outcome=failed&limit=2")).At("outcomes").EnumerateArray().Select(one => one.Text("itemId")));
        foreach (var wrong in new[] { "x", "1", "-1.0", "1.2.3", "1.x" })
            await RefusedAsync(HttpMethod.Get, $"{JobPath}/outcomes?after={wrong}", null, HttpStatusCode.BadRequest, "invalid-request", "after");
        await RefusedAsync(HttpMethod.Get, $"{JobPath}/outcomes?outcome=lost", null, HttpStatusCode.BadRequest, "invalid-request", "outcome");
    }

    [Fact]
    public async Task Whoever_looks_for_few_outcomes_among_many_gets_an_answer_before_all_are_read()
    {
        Service.Restore.GetStatus(Any).Returns(Sample.Restored with { OutcomePages = 1_000 });
        Service.Restore.ListOutcomes(Arg.Any<int>(), Any).Returns([Sample.Outcome with { Kind = OutcomeKind.Restored }]);
        var part = await GetAsync($"{JobPath}/outcomes?outcome=failed");
        Assert.Equal((0, "40.0"), (part.At("outcomes").GetArrayLength(), part.Text("next")));
        await Service.Restore.Received(40).ListOutcomes(Arg.Any<int>(), Any);
    }

    [Fact]
    public async Task An_outcome_says_what_became_of_an_item_and_what_of_it_is_lost()
    {
        var outcome = (await GetAsync($"{JobPath}/outcomes")).First("outcomes");
        Assert.Equal("itemId kind subject newId reason losses way wayReason", outcome.Names());
        Assert.Equal("failed", outcome.Text("kind"));
        Assert.Equal(("kind name count text", "attachment", "a.pdf", "An attachment had no content in the backup."),
            (outcome.First("losses").Names(), outcome.First("losses").Text("kind"), outcome.First("losses").Text("name"), outcome.First("losses").Text("text")));
    }

    [Fact]
    public async Task A_job_that_is_going_can_be_cancelled_and_one_that_has_ended_cannot()
    {
        await SendAsync(HttpMethod.Delete, JobPath, null, HttpStatusCode.Accepted);
        await Service.Restore.Received(1).Cancel(Arg.Any<CancellationToken>());
        Service.Restore.GetStatus(Arg.Any<CancellationToken>()).Returns(Sample.Restored);
        await RefusedAsync(HttpMethod.Delete, JobPath, null, HttpStatusCode.Conflict, "not-possible-now");
    }

    [Fact]
    public async Task An_unknown_job_is_not_found()
    {
        Service.Restore.GetStatus(Arg.Any<CancellationToken>()).ThrowsAsync(new NotFoundException("No such job."));
        await RefusedAsync(HttpMethod.Get, JobPath, null, HttpStatusCode.NotFound, "not-found");
    }

    private static string Body(
        string? resource = null, string point = "7", string selection = """{"everything":true}""", string target = "null", string conflict = "\"skip\"") =>
        $$"""{"resource":{{resource ?? $"\"{Sample.Mailbox.LocalName}\""}},"point":{{point}},"selection":{{selection}},"target":{{target}},"conflict":{{conflict}}}""";
}
