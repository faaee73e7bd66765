using System.Net;
using System.Text.Json.Nodes;
using OrleansBackup.GraphSimulator.Generation;
using OrleansBackup.GraphSimulator.Limits;
using OrleansBackup.GraphSimulator.Tests.Given;

namespace OrleansBackup.GraphSimulator.Tests;

/// <summary>The service's limits, on a clock that the test moves.</summary>
public sealed class LimitTests : IAsyncLifetime
{
    private readonly ManualTime _time = new();
    private SimulatedGraph _graph = null!;

    public async Task InitializeAsync() => _graph = await SimulatedGraph.StartAsync(new TenantRecipe { Users = 2, MessagesPerMailbox = 0 }, new GraphSimulatorOptions { Time = _time });

    public async Task DisposeAsync() => await _graph.DisposeAsync();

    private string Inbox => $"/users/{_graph.User}/mailFolders/inbox";

    [Fact]
    public async Task Over_the_requests_of_a_window_a_mailbox_throttles_until_the_window_has_passed()
    {
        Set(new LimitSettings { MailboxRequests = 3 });
        for (var i = 0; i < 3; i++)
            await _graph.GetAsync(Inbox);
        using var refused = await _graph.SendAsync(HttpMethod.Get, Inbox);
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        await _graph.GetAsync($"/users/{_graph.Tenant.Mailboxes[1].UserId}/mailFolders/inbox"); // another mailbox has its own budget
        _time.Advance(refused.Headers.RetryAfter!.Delta!.Value);
        await _graph.GetAsync(Inbox);
    }

    [Fact]
    public async Task Without_the_header_the_client_has_to_guess()
    {
        Set(new LimitSettings { MailboxRequests = 0, SendRetryAfter = false });
        using var refused = await _graph.SendAsync(HttpMethod.Get, Inbox);
        Assert.Equal((HttpStatusCode.TooManyRequests, null), (refused.StatusCode, refused.Headers.RetryAfter));
    }

    [Fact]
    public async Task A_fifth_request_at_once_is_over_the_concurrency_of_the_mailbox()
    {
        Set(new LimitSettings { MailboxConcurrency = 4 });
        _graph.Host.World.Faults.Add(new Faults.Fault { Kind = Faults.FaultKind.Delay, DelayMilliseconds = 3_600_000, Count = 4 });
        using var stop = new CancellationTokenSource();
        var held = Enumerable.Range(0, 4).Select(_ => _graph.Client.GetAsync(new Uri("/v1.0" + Inbox, UriKind.Relative), stop.Token)).ToList();
        while (_graph.Host.World.Statistics.View().MostConcurrent.GetValueOrDefault(_graph.User) < 4)
            await Task.Yield();
        Assert.Equal((HttpStatusCode.TooManyRequests, "ApplicationThrottled"), await _graph.RefusedAsync(HttpMethod.Get, Inbox));
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.WhenAll(held));
    }

    [Fact]
    public async Task What_is_uploaded_counts_by_bytes()
    {
        Set(new LimitSettings { UploadBytes = 1000 });
        var message = new JsonObject { ["subject"] = new string('x', 600) };
        Assert.Equal(HttpStatusCode.Created, (await _graph.PostAsync($"/users/{_graph.User}/messages", message.DeepClone())).Status);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await _graph.PostAsync($"/users/{_graph.User}/messages", message.DeepClone())).Status);
        _time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(HttpStatusCode.Created, (await _graph.PostAsync($"/users/{_graph.User}/messages", message.DeepClone())).Status);
    }

    [Fact]
    public async Task The_directory_has_its_own_bucket_with_costs()
    {
        Set(new LimitSettings { DirectoryUnits = 5 });
        await _graph.GetAsync("/users"); // 2
        await _graph.GetAsync("/users?$select=id"); // 1
        await _graph.GetAsync("/organization"); // 1
        Assert.Equal((HttpStatusCode.TooManyRequests, "TooManyRequests"), await _graph.RefusedAsync(HttpMethod.Get, "/users"));
        await _graph.GetAsync(Inbox);
        _time.Advance(TimeSpan.FromSeconds(11));
        await _graph.GetAsync("/users");
    }

    [Fact]
    public async Task Statistics_tell_requests_by_operation_and_what_was_throttled()
    {
        Set(new LimitSettings { MailboxRequests = 1 });
        _graph.Host.World.Statistics.Reset();
        await _graph.GetAsync(Inbox);
        await _graph.RefusedAsync(HttpMethod.Get, Inbox);
        var view = _graph.Host.World.Statistics.View();
        Assert.Equal([200, 429], view.Endpoints.Where(count => count.Template == "/users/{user}/mailFolders/{folder}").Select(count => count.Status));
        Assert.Equal((2, 1), (view.Requests, view.Throttled));
    }

    [Fact]
    public async Task A_batch_takes_no_more_than_twenty_requests_and_keeps_dependencies()
    {
        JsonObject Part(int id, string url, params string[] dependsOn)
        {
            var part = new JsonObject { ["id"] = $"{id}", ["method"] = "GET", ["url"] = url };
            if (dependsOn.Length > 0)
                part["dependsOn"] = new JsonArray([.. dependsOn.Select(name => (JsonNode)name)]);
            return part;
        }
        var (tooMany, _) = await _graph.PostAsync("/$batch", new JsonObject { ["requests"] = new JsonArray([.. Enumerable.Range(1, 21).Select(id => (JsonNode)Part(id, Inbox))]) });
        Assert.Equal(HttpStatusCode.BadRequest, tooMany);
        var (_, body) = await _graph.PostAsync("/$batch", new JsonObject { ["requests"] = new JsonArray(Part(1, "/users/nobody"), Part(2, Inbox, "1"), Part(3, Inbox)) });
        Assert.Equal([(1, 404), (2, 424), (3, 200)], body!["responses"]!.AsArray().Select(part => (int.Parse((string)part!["id"]!, System.Globalization.CultureInfo.InvariantCulture), (int)part["status"]!)).Order());
    }

    private void Set(LimitSettings settings) => _graph.Host.World.Limits.Current = settings;
}
