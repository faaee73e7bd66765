using System.CommandLine;

namespace OrleansBackup.Benchmarks.Engine;

/// <summary>What the actor engine costs by itself: calls, activations, state and reminders on one machine. About a minute.</summary>
public static class EngineBenchmark
{
    public static Command Command()
    {
        var command = new Command("engine", $"Calls, activations, state writes and reminders of the engine of this build: {EngineOfTheBuild.Name}.");
        var book = new FigureBookOptions();
        book.AddTo(command);
        command.SetAction((parsed, cancellation) => RunAsync(book.Read(parsed), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(FigureBook book, CancellationToken cancellation)
    {
        Console.WriteLine($"Engine: {EngineOfTheBuild.Name}; {TimeProvider.System.GetUtcNow():yyyy-MM-dd}");
        book.Head();
        var folder = Directory.CreateTempSubdirectory("engine-benchmark-").FullName;
        try
        {
            await using (var silo = await MeasuredSilo.StartAsync(folder, cancellation))
            {
                book.Tell("state and reminders, on SQLite", await StorageMeasurement.RunAsync(silo, cancellation));
                book.Tell("calls and activations", await CallMeasurement.RunAsync(silo, cancellation));
            }
            book.Tell("start", await StorageMeasurement.StartAsync(Directory.CreateDirectory(Path.Combine(folder, "reminders")).FullName, cancellation));
            book.Save();
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
