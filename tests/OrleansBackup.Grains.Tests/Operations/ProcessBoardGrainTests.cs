using OrleansBackup.GrainInterfaces.Operations;
using OrleansBackup.Grains.Operations;
using OrleansBackup.Grains.Tests.Given;

namespace OrleansBackup.Grains.Tests.Operations;

public sealed class ProcessBoardGrainTests
{
    private static readonly DateTimeOffset Noon = DateTimeOffset.Parse("2026-03-01T12:00:00Z");
    private readonly ManualClock _clock = new(Noon);

    [Fact]
    public async Task A_process_that_falls_silent_is_marked_and_then_goes_and_one_that_leaves_goes_at_once()
    {
        var board = new ProcessBoardGrain(_clock);
        foreach (var name in new[] { "silent", "living", "leaving" })
            await board.Tell(Of(name), CancellationToken.None);
        await board.Leave("leaving", CancellationToken.None);
        Assert.Equal([("living", null), ("silent", null)], await ReadAsync(board));
        for (var round = 0; round < 3; round++)
        {
            _clock.Advance(TimeSpan.FromSeconds(5));
            await board.Tell(Of("living"), CancellationToken.None);
        }
        Assert.Equal([("living", null), ("silent", 15)], await ReadAsync(board));
        _clock.Advance(ProcessBoardGrain.GoneAfter - TimeSpan.FromSeconds(15));
        await board.Tell(Of("living"), CancellationToken.None);
        Assert.Equal([("living", null)], await ReadAsync(board));
    }

    [Fact]
    public async Task A_process_that_was_only_frozen_is_heard_of_again()
    {
        var board = new ProcessBoardGrain(_clock);
        await board.Tell(Of("frozen"), CancellationToken.None);
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal([("frozen", 60)], await ReadAsync(board));
        await board.Tell(Of("frozen"), CancellationToken.None);
        Assert.Equal([("frozen", null)], await ReadAsync(board));
    }

    private static async Task<IEnumerable<(string, int?)>> ReadAsync(ProcessBoardGrain board) =>
        (await board.Read(CancellationToken.None)).Select(process => (process.Snapshot.Name, (int?)process.SilentFor?.TotalSeconds));

    private static ProcessSnapshot Of(string name) => new(name, "Bundled", "1", Noon, Noon, [], [], new AdmissionOverview(1, [], [], 0));
}
