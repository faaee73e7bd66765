using System.CommandLine;

namespace OrleansBackup.Benchmarks.Engine;

/// <summary>What the actor engine costs by itself: calls, activations, state and reminders on one machine. About a minute.</summary>
public static class EngineBenchmark
{
    public static Command Command()
    {
        var command = new Command("engine", $"Calls, activations, state writes and reminders of the engine of this build: {EngineOfTheBuild.Name}.");
        command.SetAction((_, cancellation) => RunAsync(cancellation));
        return command;
    }

    private static async Task<int> RunAsync(CancellationToken cancellation)
    {
        Console.WriteLine($"Engine: {EngineOfTheBuild.Name}");
        var folder = Directory.CreateTempSubdirectory("engine-benchmark-").FullName;
        try
        {
            await using (var silo = await MeasuredSilo.StartAsync(folder, cancellation))
            {
                Tell("state and reminders, on SQLite", await StorageMeasurement.RunAsync(silo, cancellation));
                Tell("calls and activations", await CallMeasurement.RunAsync(silo, cancellation));
            }
            Tell("start", await StorageMeasurement.StartAsync(Directory.CreateDirectory(Path.Combine(folder, "reminders")).FullName, cancellation));
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Tell(string title, IReadOnlyList<Figure> figures)
    {
        Console.WriteLine($"{Environment.NewLine}{title}");
        foreach (var figure in figures)
            Console.WriteLine($"  {figure}");
    }
}
