using OrleansBackup.Demo;
using OrleansBackup.Demo.Output;
using OrleansBackup.Demo.Processes;
using OrleansBackup.Demo.Story;
using Spectre.Console;

return await DemoOptions.InvokeAsync(args, RunAsync, CancellationToken.None);

// Tells the story and prints the verdict as the last line, whatever happens on the way.
static async Task<int> RunAsync(DemoOptions options, CancellationToken cancellation)
{
    try
    {
        using var folder = DemoFolder.Open(options.Data);
        await using var simulator = new DemoSimulator(folder);
        await using var server = new DemoServer(folder, simulator);
        IDemoOutput output = Console.IsOutputRedirected ? new PlainOutput(Console.Out) : new TerminalOutput(AnsiConsole.Console);
        output.Line($"everything is written below {folder.Root}; logs are in {folder.Logs}");
        await simulator.StartAsync(Timeline.FirstEvening, limits: true, cancellation);
        await server.StartAsync(Timeline.FirstEvening, cancellation);
        output.Line($"simulator: process {simulator.ProcessId} at {simulator.GraphEndpoint}; server: process {server.ProcessId} at {server.Api.Address}");
        var result = await new DemoStory(new DemoWorld(options, output, server, simulator), folder.Server).TellAsync(cancellation);
        if (!options.Exit)
            TellAddresses(output, server);
        Console.WriteLine(result.IsGood ? $"RESULT ok {result}" : $"RESULT failed {result.Reason}; {result}");
        if (!options.Exit)
            await StayUpAsync(cancellation);
        return result.IsGood ? 0 : 1;
    }
    catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
    {
        Console.WriteLine("RESULT failed interrupted");
        return 1;
    }
    catch (Exception e) // the last line tells the reason, whatever it is
    {
        if (e is not DemoFailedException)
            await Console.Error.WriteLineAsync(e.ToString());
        var lines = e.Message.Split('\n', 2);
        if (lines.Length == 2)
            Console.WriteLine(lines[1]);
        Console.WriteLine($"RESULT failed {lines[0].TrimEnd()}");
        return 1;
    }
}

static void TellAddresses(IDemoOutput output, DemoServer server)
{
    output.Heading("The server stays up until Ctrl-C");
    output.Line($"portal                 {server.Api.Address}");
    output.Line($"REST API               {new Uri(server.Api.Address, "/api/v1/tenants")}");
    output.Line($"its documentation      {new Uri(server.Api.Address, "/docs")}");
    output.Line($"operators' page        {new Uri(server.Api.Address, "/operations")}");
    output.Line($"API key, in this file  {server.ApiKeyFile}");
}

static async Task StayUpAsync(CancellationToken cancellation)
{
    try
    {
        await Task.Delay(Timeout.InfiniteTimeSpan, cancellation);
    }
    catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
    {
        // Ctrl-C is how one leaves; the verdict stands.
    }
}
