using OrleansBackup.Demo;
using OrleansBackup.Demo.Clients;
using OrleansBackup.Demo.Output;
using OrleansBackup.Demo.Processes;
using OrleansBackup.Demo.Story;

namespace OrleansBackup.Benchmarks.Mail;

/// <summary>A server and a simulator without limits, in a folder of their own that vanishes: what is measured is the server, not the waiting.</summary>
internal sealed class MeasuredSystem : IAsyncDisposable
{
    private readonly DemoFolder _folder;

    private MeasuredSystem(DemoFolder folder, DemoWorld world) => (_folder, World) = (folder, world);

    public DemoWorld World { get; }

    public string ServerFolder => _folder.Server;

    public static async Task<MeasuredSystem> StartAsync(CancellationToken cancellation)
    {
        var folder = DemoFolder.Open(Directory.CreateTempSubdirectory("orleansbackup-bench-").FullName);
        var simulator = new DemoSimulator(folder);
        // 10,000 requests in a second instead of in ten minutes: the limit of one mailbox would be measured and not the server.
        var server = new DemoServer(folder, simulator, "--Graph:Client:RequestWindow", "00:00:01");
        var system = new MeasuredSystem(folder, new DemoWorld(DemoOptions.Default, new PlainOutput(TextWriter.Null), server, simulator));
        try
        {
            await simulator.StartAsync(Timeline.FirstEvening, limits: false, cancellation);
            await server.StartAsync(Timeline.FirstEvening, cancellation);
            return system;
        }
        catch
        {
            await system.DisposeAsync();
            throw;
        }
    }

    public ProcessCost ServerCost() => ProcessCost.Of(World.Server.ProcessId);

    /// <summary>Waits for every mailbox's point of a day.</summary>
    public async Task<DayFigures> BackUpAsync(OnboardedTenant tenant, int day, CancellationToken cancellation)
    {
        DayFigures? figures = null;
        await World.Output.ProgressAsync(async board =>
            figures = await new DayOfBackups(World, tenant).WaitAsync(Timeline.Day(day), "measured run", board, null, cancellation));
        return figures!;
    }

    /// <summary>Moves both clocks on by one day, on which nothing happens.</summary>
    public async Task PassDayAsync(CancellationToken cancellation)
    {
        await World.Simulator.Api.AdvanceClockAsync(TimeSpan.FromDays(1), cancellation);
        await World.Api.PostAsync<ClockAnswer>("/operations/clock", new { set = await World.Simulator.Api.NowAsync(cancellation) }, cancellation);
    }

    public long StoredBytes() => new DirectoryInfo(Path.Combine(ServerFolder, "vault")).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);

    public async ValueTask DisposeAsync()
    {
        await World.Server.DisposeAsync();
        await World.Simulator.DisposeAsync();
        _folder.Dispose();
        Directory.Delete(_folder.Root, recursive: true);
    }
}
