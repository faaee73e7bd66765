using Microsoft.AspNetCore.Http;
using OrleansBackup.CommandLine.Tests.Hosting;

namespace OrleansBackup.CommandLine.Tests.Commands;

/// <summary>Ctrl-C on the real program, as a terminal sends it.</summary>
public sealed class InterruptionTests : CommandTest
{
    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public async Task The_program_ends_with_130_and_the_run_goes_on(string signal)
    {
        if (OperatingSystem.IsWindows())
            return; // has no signals to send
        const string run = "/api/v1/tenants/275b7bce-b115-cc55-1168-43965f673560/resources/mailbox-1/runs/r1/events";
        var watched = new TaskCompletionSource();
        Server.On($"GET {run}", async context =>
        {
            context.Response.ContentType = "text/event-stream";
            await context.Response.WriteAsync("event: progress\ndata: {\"step\":\"Reading\"}\n\n");
            await context.Response.Body.FlushAsync();
            watched.SetResult();
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        });
        using var program = OwnProgram.Start(OwnProgram.File, ["run", "watch", "275b7bce-b115-cc55-1168-43965f673560", "mailbox-1", "r1"],
            ("ORLEANSBACKUP_SERVER", Server.Address.ToString()), ("ORLEANSBACKUP_KEY", Key));
        await watched.Task;
        Assert.Equal("run: Reading (0 items)", await program.StandardOutput.ReadLineAsync());

        using var kill = OwnProgram.Start("kill", [$"-{signal}", $"{program.Id}"]);
        var said = await program.StandardError.ReadToEndAsync();
        await program.WaitForExitAsync();

        Assert.Equal(130, program.ExitCode);
        Assert.Equal("Stopped watching. The run goes on; watch it again with: orleansbackup run watch 275b7bce-b115-cc55-1168-43965f673560 mailbox-1 r1\n", said);
        Assert.Equal(["GET"], Server.Seen.Select(asked => asked.Method));
    }
}
