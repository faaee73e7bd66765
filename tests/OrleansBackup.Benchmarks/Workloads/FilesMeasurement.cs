using System.Diagnostics;
using System.Globalization;
using OrleansBackup.Demo.Clients;

namespace OrleansBackup.Benchmarks.Workloads;

/// <summary>A OneDrive of a simulator in its own process, backed up and put back by this one.</summary>
internal static class FilesMeasurement
{
    public static async Task<IReadOnlyList<Figure>> LargeAsync(long bytes, CancellationToken cancellation)
    {
        await using var drive = await MeasuredDrive.StartAsync(new SimulatedRecipe { Users = 1, LargeFileBytes = bytes }, cancellation);
        await drive.ListAsync(cancellation); // the simulator works its hash out once; that is no part of a backup
        var watch = Stopwatch.StartNew();
        await drive.BackUpAsync(cancellation);
        return
        [
            new Figure("first backup: MB/s", Number(bytes / 1e6 / watch.Elapsed.TotalSeconds)),
            new Figure("greatest memory of the process", Number(ProcessCost.Of(Environment.ProcessId).PeakMemoryBytes / 1e6) + " MB", "under 200 MB for 5 GB"),
        ];
    }

    public static async Task<IReadOnlyList<Figure>> EverydayAsync(int files, CancellationToken cancellation)
    {
        await using var drive = await MeasuredDrive.StartAsync(new SimulatedRecipe { Users = 1, FilesPerDrive = files }, cancellation);
        await drive.ListAsync(cancellation);
        var (before, watch) = (drive.Statistics, Stopwatch.StartNew());
        var point = await drive.BackUpAsync(cancellation);
        var (first, firstTime) = (drive.Statistics.Since(before), watch.Elapsed);
        (before, watch) = (drive.Statistics, Stopwatch.StartNew());
        await drive.BackUpAsync(cancellation);
        var (second, secondTime) = (drive.Statistics.Since(before), watch.Elapsed);
        (before, watch) = (drive.Statistics, Stopwatch.StartNew());
        var restored = await drive.RestoreAsync(point, cancellation);
        var (third, thirdTime) = (drive.Statistics.Since(before), watch.Elapsed);
        return
        [
            new Figure("first backup: files/s", Number(files / firstTime.TotalSeconds)),
            new Figure("first backup: MB/s", Number(first.BytesReceived / 1e6 / firstTime.TotalSeconds)),
            new Figure("first backup: requests per file", Number((double)first.Requests / files, "0.00")),
            new Figure("no-change run: requests", Number(second.Requests, "0")),
            new Figure("no-change run: time", Number(secondTime.TotalMilliseconds, "0") + " ms"),
            new Figure("restore: files/s", Number(restored / thirdTime.TotalSeconds)),
            new Figure("restore: requests per file", Number((double)third.Requests / restored, "0.00")),
            new Figure("files/s that 1,250 resource units a minute allow at one each", Number(1_250 / 60.0)),
        ];
    }

    private static string Number(double value, string form = "0.0") => value.ToString(form, CultureInfo.InvariantCulture);
}
