using System.Net;
using System.Net.ServerSentEvents;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using NSubstitute;
using NSubstitute.ExceptionExtensions;
using OrleansBackup.ClientApi.Tests.Hosting;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Exports;
using OrleansBackup.GrainInterfaces.Rehearsals;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.GrainInterfaces.Tenants;

namespace OrleansBackup.ClientApi.Tests.Streams;

/// <summary>Every job that is watched by asking how it stands: what a watcher hears, when he comes late, comes back, goes away, and when the work cannot be asked.</summary>
public sealed class JobEventsTests : ApiHost
{
    private static readonly Guid Export = Guid.Parse("019a0000-0000-7000-8000-000000000009");
    private static readonly PersonsDecision Asked = new("first-key", "asked", Sample.Noon);

    private readonly ITenantExportGrain _exports = Substitute.For<ITenantExportGrain>();

    public static TheoryData<string> Jobs => [.. Routes.Keys];

    /// <summary>By the name of a job: its address.</summary>
    private static Dictionary<string, string> Routes => new()
    {
        ["rehearsal of the estate"] = "/api/v1/rehearsals/2026-Q4/events",
        ["rehearsal of a tenant"] = $"{Sample.TenantPath}/rehearsals/2026-Q4/events",
        ["export"] = $"{Sample.TenantPath}/exports/{Export}/events",
        ["move"] = $"{Sample.TenantPath}/moves/latest/events",
        ["destruction"] = $"{Sample.TenantPath}/destruction/events",
        ["rotation"] = "/operations/key-rotations/latest/events",
        ["recovery"] = "/operations/recoveries/latest/events",
    };

    [Theory]
    [MemberData(nameof(Jobs))]
    public async Task A_watcher_hears_of_each_change_once_and_of_the_end(string job)
    {
        Teach(_ => Standing.Going, _ => Standing.Going, _ => Standing.Further, _ => Standing.Further, _ => Standing.Ended);
        var events = await EventsAsync(job);
        Assert.Equal(["progress", "progress", "progress", "end"], events.Select(one => one.EventType));
        Assert.Equal(3, events.Select(one => one.Data).Distinct().Count());
        Assert.Equal(events[2], events[3] with { EventType = "progress" });
        Assert.All(events, one => Assert.False(string.IsNullOrEmpty(one.Id)));
        Assert.All(events[..2], one => Assert.Equal(JsonValueKind.Null, JsonDocument.Parse(one.Data).RootElement.At("endedAt").ValueKind));
    }

    [Theory]
    [MemberData(nameof(Jobs))]
    public async Task Of_a_job_that_has_ended_already_a_watcher_hears_that_and_the_stream_is_over(string job)
    {
        Teach(_ => Standing.Ended);
        Assert.Equal(["progress", "end"], (await EventsAsync(job)).Select(one => one.EventType));
    }

    [Theory]
    [MemberData(nameof(Jobs))]
    public async Task Who_comes_back_hears_nothing_that_he_knows(string job)
    {
        Teach(_ => Standing.Going, _ => Standing.Further, _ => Standing.Ended);
        var first = await EventsAsync(job);
        Teach(_ => Standing.Further, _ => Standing.Ended);
        Assert.Equal(first[2..], await EventsAsync(job, first[1].Id)); // what he heard last still stood, and then it ended
        Teach(_ => Standing.Ended);
        Assert.Equal(first[3..], await EventsAsync(job, first[3].Id)); // also who knows the end is told that it is the end
        Teach(_ => Standing.Ended);
        Assert.Equal(["progress", "end"], (await EventsAsync(job, "of-another-job")).Select(one => one.EventType));
    }

    [Theory]
    [MemberData(nameof(Jobs))]
    public async Task When_the_watcher_goes_away_nobody_asks_any_more_and_the_job_is_left_alone(string job)
    {
        var gone = new TaskCompletionSource();
        Teach(cancellation =>
        {
            cancellation.Register(() => gone.TrySetResult());
            return Standing.Going;
        });
        using (var response = await SignedIn.GetAsync(new Uri(Routes[job], UriKind.Relative), HttpCompletionOption.ResponseHeadersRead))
            Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        await gone.Task.WaitAsync(Hang.Limit); // fails when the asking outlives its watcher
    }

    [Theory]
    [MemberData(nameof(Jobs))]
    public async Task What_was_never_begun_cannot_be_watched(string job)
    {
        Service.Rehearsals.Get(Arg.Any<string>(), Any).ThrowsAsync(new NotFoundException("There is no such rehearsal."));
        _exports.List(Any).Returns([]);
        Service.Tenant.ListMoves(Any).Returns([]);
        Service.Tenant.GetDestruction(Any).ThrowsAsync(new NotFoundException("Nobody ordered it."));
        Service.Provider.GetKeyRotation(Any).ThrowsAsync(new NotFoundException("There was none."));
        Service.Provider.GetRecovery(Any).ThrowsAsync(new NotFoundException("There was none."));
        await RefusedAsync(HttpMethod.Get, Routes[job], null, HttpStatusCode.NotFound, "not-found");
    }

    [Theory]
    [MemberData(nameof(Jobs))]
    public async Task Work_that_cannot_be_asked_on_the_way_is_told_as_a_problem_and_never_as_the_end(string job)
    {
        Teach(_ => Standing.Going, _ => throw new VaultUnavailableException("The disk is full."));
        var events = await EventsAsync(job);
        Assert.Equal(["progress", "problem"], events.Select(one => one.EventType));
        Assert.EndsWith("vault-unavailable", JsonDocument.Parse(events[1].Data).RootElement.Text("type"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_job_is_watched_here()
    {
        var watched = (await GetAsync("/openapi/v1.json")).At("paths").EnumerateObject().Select(path => path.Name).Where(path => path.EndsWith("/events", StringComparison.Ordinal)).Order(StringComparer.Ordinal);
        string[] streamed = ["/compare/{other}/events", "/restores/{job}/events", "/runs/{run}/events"]; // what tells its changes by itself has tests of its own
        Assert.Equal(Routes.Count, watched.Count(path => !streamed.Any(end => path.EndsWith(end, StringComparison.Ordinal))));
    }

    protected override void Register(IServiceCollection services)
    {
        Service.Grains.GetGrain<ITenantExportGrain>(GrainKeys.Of(Sample.Tenant)).Returns(_exports);
        services.AddSingleton<TimeProvider>(new HurriedClock());
    }

    private static CancellationToken Any => Arg.Any<CancellationToken>();

    private enum Standing
    {
        Going,
        Further,
        Ended,
    }

    /// <summary>What each job answers, one after the other; the last answer stays.</summary>
    private void Teach(params Func<CancellationToken, Standing>[] standings)
    {
        var asked = 0;
        Service.Rehearsals.Get("2026-Q4", Any).Returns(call => Rehearsal(Next(call.Arg<CancellationToken>())));
        _exports.List(Any).Returns(call => [ExportAt(Next(call.Arg<CancellationToken>()))]);
        Service.Tenant.ListMoves(Any).Returns(call => [Move(Next(call.Arg<CancellationToken>()))]);
        Service.Tenant.GetDestruction(Any).Returns(call => Destruction(Next(call.Arg<CancellationToken>())));
        Service.Provider.GetKeyRotation(Any).Returns(call => ProviderJob(Next(call.Arg<CancellationToken>())));
        Service.Provider.GetRecovery(Any).Returns(call => ProviderJob(Next(call.Arg<CancellationToken>())));

        Standing Next(CancellationToken cancellation) => standings[Math.Min(asked++, standings.Length - 1)](cancellation);
    }

    private static RehearsalListing Rehearsal(Standing standing) => new(
        "2026-Q4", standing == Standing.Ended ? RehearsalStage.Done : RehearsalStage.Reading, Asked, 50, null, 3, 1, 50, (int)standing, 0, EndOf(standing), null, 0, null);

    private static TenantExportStatus ExportAt(Standing standing) => new(new TenantExportOrder(Export, null, null, Asked), (int)standing, [], null, null, EndOf(standing), IsDeleted: false);

    private static TenantMoveStatus Move(Standing standing) => new(
        "ireland", "home", Asked, standing == Standing.Ended ? MoveState.Done : MoveState.WaitingForRetention, "Waiting", null, Sample.Noon, EndOf(standing), (int)standing, 4_096, 8, 0, 2, [], 0, null);

    private static TenantDestructionStatus Destruction(Standing standing) => new(
        Asked, standing == Standing.Ended ? DestructionState.Done : DestructionState.Destroying, "Goes on", null, EndOf(standing), (int)standing, 4_096, 0, null, true, 0, null);

    private static ProviderJobStatus ProviderJob(Standing standing) => new(Asked, 2, [Sample.Tenant], standing == Standing.Further ? ["One has another key."] : [], EndOf(standing), null);

    private static DateTimeOffset? EndOf(Standing standing) => standing == Standing.Ended ? Sample.Noon.AddHours(1) : null;

    private sealed record Heard(string EventType, string Data, string? Id);

    private async Task<Heard[]> EventsAsync(string job, string? lastId = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(Routes[job], UriKind.Relative));
        if (lastId is not null)
            request.Headers.Add("Last-Event-ID", lastId);
        using var response = await SignedIn.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var events = new List<Heard>();
        await foreach (var item in SseParser.Create(await response.Content.ReadAsStreamAsync()).EnumerateAsync())
            events.Add(new(item.EventType, item.Data, item.EventId));
        return [.. events];
    }
}
