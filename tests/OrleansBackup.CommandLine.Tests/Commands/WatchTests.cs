using Microsoft.AspNetCore.Http;
using OrleansBackup.CommandLine.Tests.Hosting;

namespace OrleansBackup.CommandLine.Tests.Commands;

/// <summary>Watching is looking on: it survives cuts, and ending it ends nothing else.</summary>
public sealed class WatchTests : CommandTest
{
    private const string Tenant = "275b7bce-b115-cc55-1168-43965f673560", Job = "019cb564-f572-77ed-8443-aec93758d45e";
    private const string Events = $"GET /api/v1/tenants/{Tenant}/restores/{Job}/events";

    [Fact]
    public async Task Steps_are_told_once_each_and_then_the_end()
    {
        Server.OnEvents(Events, ("progress", """{"step":"Finding","asked":0}"""), ("progress", """{"step":"Restoring","asked":9,"restored":1}"""), ("progress", """{"step":"Restoring","asked":9,"restored":2}"""),
            ("end", """{"id":"j","state":"completed","asked":9,"restored":9,"skipped":0,"failed":0,"step":"Done"}"""));

        var ran = await RunAsync("restore", "watch", Tenant, Job);

        Assert.Equal(ExitCode.Done, ran.Exit);
        Assert.StartsWith("restore: Finding (0 items)\nrestore: Restoring (1 of 9 items)\nrestore: Done (9 of 9 items)\n", ran.Out, StringComparison.Ordinal);
        Assert.Contains("restored  9", ran.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_gets_an_object_a_line()
    {
        Server.OnEvents(Events, ("progress", """{"step":"Finding"}"""), ("end", """{"state":"completed"}"""));

        var ran = await RunAsync("restore", "watch", Tenant, Job, "--json");

        Assert.Equal("""
            {"event":"progress","data":{"step":"Finding"}}
            {"event":"end","data":{"state":"completed"}}

            """.ReplaceLineEndings("\n"), ran.Out);
    }

    [Fact]
    public async Task A_stream_that_was_cut_is_asked_for_again()
    {
        Server.OnEvents(Events, ("progress", """{"step":"Restoring"}""")).On(Events, context => { context.Abort(); return Task.CompletedTask; }).OnEvents(Events, ("end", """{"state":"completed"}"""));

        var ran = await RunAsync("restore", "watch", Tenant, Job);

        Assert.Equal(ExitCode.Done, ran.Exit);
        Assert.Equal(3, Server.Seen.Count);
        Assert.Equal([TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2)], Time.Waits);
    }

    [Fact]
    public async Task A_connection_that_is_cut_again_and_again_is_6()
    {
        Server.OnEvents(Events);

        var ran = await RunAsync("restore", "watch", Tenant, Job);

        Assert.Equal(ExitCode.Unreachable, ran.Exit);
        Assert.Equal(6, Server.Seen.Count);
    }

    [Fact]
    public async Task A_problem_in_the_stream_ends_the_watching_with_its_number()
    {
        Server.OnEvents(Events, ("problem", """{"title":"The vault cannot serve","detail":"It is away.","status":503}"""));

        var ran = await RunAsync("restore", "watch", Tenant, Job);

        Assert.Equal(ExitCode.Unreachable, ran.Exit);
        Assert.Contains("It is away.", ran.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Whoever_stops_watching_stops_nothing_else_and_is_told_so(bool isTerminal)
    {
        IsTerminal = isTerminal;
        using var leaving = new CancellationTokenSource();
        Server.On(Events, async context =>
        {
            context.Response.ContentType = "text/event-stream";
            await context.Response.WriteAsync("event: progress\ndata: {\"step\":\"Restoring\"}\n\n");
            await context.Response.Body.FlushAsync();
            await leaving.CancelAsync();
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        });

        var ran = await RunAsync(leaving.Token, "restore", "watch", Tenant, Job);

        Assert.Equal(ExitCode.Interrupted, ran.Exit);
        Assert.Equal($"Stopped watching. The restore goes on; watch it again with: orleansbackup restore watch {Tenant} {Job}\n", ran.Error);
        Assert.Equal(["GET"], Server.Seen.Select(asked => asked.Method));
    }

    [Fact]
    public async Task A_bar_is_drawn_for_a_person_and_takes_no_markup_from_a_step()
    {
        IsTerminal = true;
        Server.OnEvents(Events, ("progress", """{"step":"Restoring [red]\u001b]0;x\u0007 [/]","asked":4,"restored":2}"""), ("end", """{"state":"completed","asked":4,"restored":4,"step":"Done [red]\u001b]0;x\u0007 [/]"}"""));

        var ran = await RunAsync("restore", "watch", Tenant, Job);

        Assert.Equal(ExitCode.Done, ran.Exit);
        Assert.Contains("Done [red]", ran.Out, StringComparison.Ordinal);
        Assert.Contains("100%", ran.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("\u001b]", ran.Out, StringComparison.Ordinal);
    }
}
