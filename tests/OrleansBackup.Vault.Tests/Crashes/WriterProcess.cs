using OrleansBackup.Vault.Keys;
using OrleansBackup.Vault.Stores;
using OrleansBackup.Vault.Tests.Given;

namespace OrleansBackup.Vault.Tests.Crashes;

/// <summary>The test assembly started as a program: backs up day after day into a folder until somebody kills it.</summary>
internal static class WriterProcess
{
    private const string Verb = "write";

    /// <summary>Says <c>sealed n</c> for each day, after the vault has said so.</summary>
    public static async Task<int> Main(string[] arguments)
    {
        if (arguments is not [Verb, var folder, var key])
            return 2; // this assembly's tests are run by the test host
        var vault = AVault.Existing(new FolderBlobStore(folder), CrashOptions, KeyFile.Open(key));
        while (true)
        {
            int day;
            await using (var run = await vault.BeginAsync())
            {
                day = run.Previous is { } point ? int.Parse(point.Details["day"], System.Globalization.CultureInfo.InvariantCulture) + 1 : 1;
                await ALife.BringAsync(run, day);
            }
            Console.WriteLine($"sealed {day}");
            var mailbox = await vault.OpenAsync();
            await mailbox.PruneAsync((await mailbox.ListPointsAsync(default)).TakeLast(KeptPoints).Select(p => p.Sequence).ToHashSet(), default);
        }
    }

    public const int KeptPoints = 4;

    /// <summary>No grace: there is no other reader, and deleting is to be killed too.</summary>
    public static VaultOptions CrashOptions { get; } = AVault.SmallSizes with { SegmentsBeforeBase = 2, GracePeriod = TimeSpan.Zero };

    public static string[] ArgumentsFor(string folder, string key) => [typeof(WriterProcess).Assembly.Location, Verb, folder, key];
}
