using System.Net;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using NSubstitute;
using NSubstitute.ExceptionExtensions;
using OrleansBackup.ClientApi.Tests.Hosting;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Runs;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Resources;

namespace OrleansBackup.ClientApi.Tests.Runs;

public sealed class RunEndpointsTests : ApiHost
{
    private const string RunNames = "id reason outcome startedAt endedAt counts itemsExpected bytesExpected expectedEnd step problem cause sealedPoint warnings";

    private static string RunsPath => $"{Sample.MailboxPath}/runs";

    [Fact]
    public async Task Runs_are_listed_and_one_is_found_among_them()
    {
        var listed = (await GetAsync(RunsPath)).First("runs");
        Assert.Equal(RunNames, listed.Names());
        Assert.Equal("added changed propertiesChanged removed failed healed folders downloadedBytes requests throttled segments", listed.At("counts").Names());
        Assert.Equal(7, listed.At("sealedPoint").GetInt64());
        Assert.Equal(listed.GetRawText(), (await GetAsync($"{RunsPath}/{Sample.Run}")).GetRawText());
        await RefusedAsync(HttpMethod.Get, $"{RunsPath}/{Guid.Empty}", null, HttpStatusCode.NotFound, "not-found");
    }

    [Theory]
    [InlineData("""{"compareListing":true}""", true)]
    [InlineData("{}", false)]
    [InlineData(null, false)]
    public async Task A_run_is_started_as_asked_and_can_be_watched_at_its_location(string? body, bool compareListing)
    {
        using var content = body is null ? null : new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        using var response = await SignedIn.PostAsync(new Uri(RunsPath, UriKind.Relative), content);
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.Equal($"{RunsPath}/{Sample.Run}", response.Headers.Location?.OriginalString);
        await Service.Mailbox.Received(1).StartRun(RunReason.Requested, compareListing, Arg.Any<CancellationToken>());
    }

    [Fact]
    public async Task A_run_that_cannot_start_now_is_a_conflict()
    {
        Service.Mailbox.StartRun(default, default, default).ThrowsAsyncForAnyArgs(new NotPossibleNowException("Not protected."));
        await RefusedAsync(HttpMethod.Post, RunsPath, null, HttpStatusCode.Conflict, "not-possible-now");
    }

    [Fact]
    public async Task The_run_that_is_going_can_be_cancelled_and_none_is_a_conflict()
    {
        await SendAsync(HttpMethod.Delete, $"{RunsPath}/current", null, HttpStatusCode.Accepted);
        Service.Mailbox.CancelRun(Arg.Any<CancellationToken>()).Returns(false);
        await RefusedAsync(HttpMethod.Delete, $"{RunsPath}/current", null, HttpStatusCode.Conflict, "not-possible-now");
    }

    [Fact]
    public async Task A_run_is_watched_until_its_end()
    {
        var events = await EventsAsync($"{RunsPath}/{Sample.Run}/events");
        Assert.Equal(["progress", "progress", "end"], events.Select(item => item.EventType));
        Assert.All(events, item => Assert.Equal(RunNames, JsonDocument.Parse(item.Data).RootElement.Names()));
        Assert.Equal("Sealing", JsonDocument.Parse(events[1].Data).RootElement.Text("step"));
        Assert.Equal(7, JsonDocument.Parse(events[2].Data).RootElement.At("sealedPoint").GetInt64());
    }

    [Fact]
    public async Task Watching_a_run_that_is_not_known_is_not_found()
    {
        Service.Mailbox.WatchRun(Arg.Any<RunId>(), Arg.Any<CancellationToken>())
            .Returns(_ => FakeService.Streamed<RunProgress>([() => throw new NotFoundException("No such run.")]));
        await RefusedAsync(HttpMethod.Get, $"{RunsPath}/{Sample.Run}/events", null, HttpStatusCode.NotFound, "not-found");
    }

    [Fact]
    public async Task Watching_that_fails_on_the_way_ends_with_a_problem_and_never_with_an_end()
    {
        Service.Mailbox.WatchRun(Arg.Any<RunId>(), Arg.Any<CancellationToken>())
            .Returns(_ => FakeService.Streamed<RunProgress>([() => Sample.Progress, () => throw new VaultUnavailableException("The disk is full.")]));
        var events = await EventsAsync($"{RunsPath}/{Sample.Run}/events");
        Assert.Equal(["progress", "problem"], events.Select(item => item.EventType));
        Assert.EndsWith("vault-unavailable", JsonDocument.Parse(events[1].Data).RootElement.Text("type"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_watcher_that_goes_away_ends_the_watching()
    {
        var ended = new TaskCompletionSource();
        Service.Mailbox.WatchRun(Arg.Any<RunId>(), Arg.Any<CancellationToken>()).Returns(call => Endless(ended, call.Arg<CancellationToken>()));
        using (var response = await SignedIn.GetAsync(new Uri($"{RunsPath}/{Sample.Run}/events", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead))
            Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        await ended.Task.WaitAsync(Hang.Limit); // fails when the watching outlives its watcher
    }

    [Fact]
    public async Task A_server_that_stops_does_not_wait_for_watchers()
    {
        var ended = new TaskCompletionSource();
        Service.Mailbox.WatchRun(Arg.Any<RunId>(), Arg.Any<CancellationToken>()).Returns(call => Endless(ended, call.Arg<CancellationToken>()));
        using var response = await SignedIn.GetAsync(new Uri($"{RunsPath}/{Sample.Run}/events", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);
        Stopping();
        await ended.Task.WaitAsync(Hang.Limit); // fails when the stream holds the server up
        Assert.DoesNotContain("event: end", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private static async IAsyncEnumerable<RunProgress> Endless(TaskCompletionSource ended, [EnumeratorCancellation] CancellationToken cancellation)
    {
        try
        {
            yield return Sample.Progress;
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellation);
        }
        finally
        {
            ended.TrySetResult();
        }
    }

    private async Task<SseItem<string>[]> EventsAsync(string path)
    {
        await using var stream = await SignedIn.GetStreamAsync(new Uri(path, UriKind.Relative));
        var events = new List<SseItem<string>>();
        await foreach (var item in SseParser.Create(stream).EnumerateAsync())
            events.Add(item);
        return [.. events];
    }
}
