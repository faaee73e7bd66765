using OrleansBackup.Chaos.Play;
using Xunit.Abstractions;

namespace OrleansBackup.Chaos.Tests;

/// <summary>One process over a folder, killed, frozen, put forward in time and refused by Microsoft 365, day after day; every point is compared with the truth.</summary>
public sealed class BundledChaosTests(ITestOutputHelper output) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("orleansbackup-chaos-").FullName;

    [Fact]
    public async Task Whatever_is_done_to_the_process_every_day_of_every_mailbox_is_as_it_was()
    {
        using var told = new StringWriter();

        var result = await ChaosRun.TellAsync(new ChaosOptions { Data = _folder, Days = 3, Users = 2, Messages = 12, Seed = 20260302 }, told, CancellationToken.None);

        output.WriteLine(told.ToString());
        Assert.True(result.IsGood, told.ToString());
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
