using System.CommandLine;

namespace OrleansBackup.Benchmarks.Workloads;

/// <summary>What files in daily backup cost: many small ones, and one that is far larger than the memory it may take.</summary>
public static class FilesBenchmark
{
    public static Command Command()
    {
        var files = new Option<int>("--files") { Description = "generated files of the everyday measurement", DefaultValueFactory = _ => 2_000 };
        var large = new Option<long>("--large") { Description = "megabytes of the one large file; 0 leaves it out", DefaultValueFactory = _ => 5_000 };
        var command = new Command("files", "First backup, run without change and restore of a OneDrive; memory with a large file.") { files, large };
        command.SetAction((parsed, cancellation) => RunAsync(parsed.GetValue(files), parsed.GetValue(large), cancellation));
        return command;
    }

    public static async Task<int> RunAsync(int files, long largeMegabytes, CancellationToken cancellation)
    {
        // The large one first: the greatest memory that a process ever held cannot be set back.
        if (largeMegabytes > 0)
            await TellAsync($"one file of {largeMegabytes} MB", FilesMeasurement.LargeAsync(largeMegabytes * 1_000_000, cancellation));
        await TellAsync($"a OneDrive of {files} generated files", FilesMeasurement.EverydayAsync(files, cancellation));
        return 0;
    }

    private static async Task TellAsync(string title, Task<IReadOnlyList<Figure>> measurement)
    {
        Console.WriteLine($"{Environment.NewLine}{title}");
        foreach (var figure in await measurement)
            Console.WriteLine($"  {figure}");
    }
}
