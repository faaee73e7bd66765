using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Runs;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.Grains.Resources;
using OrleansBackup.Grains.Tests.Given;

namespace OrleansBackup.Grains.Tests.Resources;

/// <summary>What a run foretells of itself.</summary>
public sealed class RunBoardTests
{
    private readonly ManualClock _clock = new(new DateTimeOffset(2026, 3, 2, 20, 0, 0, TimeSpan.Zero));

    [Fact]
    public void The_wait_for_a_place_is_no_part_of_what_a_run_foretells()
    {
        var board = new RunBoard(new RunId(Guid.Empty), RunReason.Scheduled, _clock.GetUtcNow(), _clock);
        board.Step("Waiting");
        _clock.Advance(TimeSpan.FromHours(9));
        board.Admitted();
        board.Update(progress => progress with { ItemsExpected = 1_000 });
        for (var i = 1; i <= 10; i++)
        {
            _clock.Advance(TimeSpan.FromSeconds(10));
            board.Count(counts => counts with { Added = 10 * i, DownloadedBytes = 1_000_000 * i });
        }
        Assert.Equal(_clock.GetUtcNow() + TimeSpan.FromSeconds(900), board.Current.ExpectedEnd!.Value);
        Assert.Equal(TimeSpan.FromSeconds(100), board.Worked);
    }

    [Fact]
    public void What_an_ended_run_worked_does_not_grow()
    {
        var board = new RunBoard(new RunId(Guid.Empty), RunReason.Scheduled, _clock.GetUtcNow(), _clock);
        _clock.Advance(TimeSpan.FromSeconds(7));
        var end = board.Current with { Outcome = RunOutcome.Succeeded, EndedAt = _clock.GetUtcNow() };
        board.Update(_ => end);
        _clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(TimeSpan.FromSeconds(7), board.Worked);
    }
}
