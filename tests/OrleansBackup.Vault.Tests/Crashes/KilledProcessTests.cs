using System.Diagnostics;
using System.Globalization;
using OrleansBackup.Vault.Keys;
using OrleansBackup.Vault.Stores;
using OrleansBackup.Vault.Tests.Given;
using OrleansBackup.Vault.Tests.IndependentReader;

namespace OrleansBackup.Vault.Tests.Crashes;

/// <summary>A real process on a real folder, killed without warning: what it said was sealed is there, and the next process goes on.</summary>
public sealed class KilledProcessTests
{
    private const int Rounds = 6;

    [Fact]
    public async Task What_a_killed_process_had_sealed_is_whole_and_the_next_one_goes_on()
    {
        using var folder = new TemporaryFolder();
        var (store, key, random) = (folder.Of("store"), folder.Of("key"), new Random(1));
        await AVault.OnAsync(new FolderBlobStore(store), WriterProcess.CrashOptions, KeyFile.Create(key));
        var lastSealed = 0;
        for (var round = 0; round < Rounds; round++)
        {
            lastSealed = Math.Max(lastSealed, await RunAndKillAsync(store, key, days: random.Next(1, 5), spin: random.Next(0, 2_000_000)));
            var resource = IndependentVault.OfFolder(store, await File.ReadAllTextAsync(key)).Open("contoso", "mailbox-1");
            ALife.AssertAllDays(resource);
            var days = resource.Points.Select(p => int.Parse(p.Details["day"], CultureInfo.InvariantCulture)).ToArray();
            Assert.InRange(days[^1], lastSealed, lastSealed + 1); // one more may have been sealed before its line was written
            Assert.Superset(Enumerable.Range(1, days[^1] - 1).TakeLast(WriterProcess.KeptPoints - 1).ToHashSet(), days.ToHashSet());
            var mailbox = await AVault.Existing(new FolderBlobStore(store), WriterProcess.CrashOptions, KeyFile.Open(key)).OpenAsync();
            Assert.True((await mailbox.CheckAsync(CheckDepth.Full, null, default)).IsSound);
        }
        Assert.True(lastSealed > Rounds);
    }

    /// <returns>The last day that the process said it had sealed.</returns>
    private static async Task<int> RunAndKillAsync(string store, string key, int days, int spin)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true };
        foreach (var argument in WriterProcess.ArgumentsFor(store, key))
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        var day = 0;
        for (var line = 0; line < days; line++)
            day = int.Parse((await process.StandardOutput.ReadLineAsync())!.Split(' ')[1], CultureInfo.InvariantCulture);
        Thread.SpinWait(spin); // somewhere in the next day; where exactly is the machine's affair, and any place must do
        process.Kill();
        while (await process.StandardOutput.ReadLineAsync() is { } rest)
            if (rest.Split(' ') is ["sealed", var number])
                day = int.Parse(number, CultureInfo.InvariantCulture);
        await process.WaitForExitAsync();
        return day;
    }
}
