using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Runs;
using OrleansBackup.Grains.Resources;
using OrleansBackup.Grains.Tests.Given;

namespace OrleansBackup.Grains.Tests.Resources;

/// <summary>A run that is stuck must not look alive; one that works or waits for an announced end must not be ended.</summary>
public sealed class RunWatchdogTests
{
    private readonly ManualClock _clock = new(DateTimeOffset.UnixEpoch);
    private readonly CancellationTokenSource _end = new();

    private RunBoard Board() => new(new RunId(Guid.Empty), RunReason.Scheduled, _clock.GetUtcNow(), _clock);

    [Fact]
    public void A_run_without_a_sign_of_life_is_ended_and_the_reason_says_where_it_was()
    {
        var board = Board();
        using var watchdog = new RunWatchdog(board, patienceMinutes: 5, _end, _clock);
        board.Step("reading folder x");
        _clock.Advance(TimeSpan.FromMinutes(5));
        Assert.False(_end.IsCancellationRequested);
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.True(_end.IsCancellationRequested);
        Assert.Contains("reading folder x", watchdog.Verdict!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_that_ended_and_let_go_of_its_source_is_not_cancelled_any_more()
    {
        using var watchdog = new RunWatchdog(Board(), patienceMinutes: 5, _end, _clock);
        _end.Dispose();
        _clock.Advance(TimeSpan.FromMinutes(6)); // throws when the watchdog cancels what is gone
        Assert.NotNull(watchdog.Verdict);
    }

    [Fact]
    public void Any_progress_starts_the_patience_anew()
    {
        var board = Board();
        using var watchdog = new RunWatchdog(board, patienceMinutes: 5, _end, _clock);
        for (var minute = 0; minute < 60; minute += 4)
        {
            _clock.Advance(TimeSpan.FromMinutes(4));
            board.Count(counts => counts with { Added = counts.Added + 1 });
        }
        Assert.False(_end.IsCancellationRequested);
    }

    [Fact]
    public void A_wait_with_an_announced_end_is_no_silence()
    {
        var board = Board();
        using var watchdog = new RunWatchdog(board, patienceMinutes: 5, _end, _clock);
        board.Step("Microsoft 365 asked to wait", _clock.GetUtcNow().AddMinutes(20));
        _clock.Advance(TimeSpan.FromMinutes(20));
        Assert.False(_end.IsCancellationRequested);
        _clock.Advance(TimeSpan.FromMinutes(10));
        Assert.True(_end.IsCancellationRequested);
    }
}
