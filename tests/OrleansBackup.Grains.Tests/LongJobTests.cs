using Orleans.Runtime;

namespace OrleansBackup.Grains.Tests;

/// <summary>What a long job does with an attempt that breaks.</summary>
public sealed class LongJobTests : IDisposable
{
    private readonly CancellationTokenSource _leaving = new();
    private readonly TaskCompletionSource _work = new();
    private readonly List<Exception> _written = [];
    private int _attempts;

    public void Dispose() => _leaving.Dispose();

    [Fact]
    public async Task An_attempt_that_breaks_while_the_process_ends_writes_nothing_down()
    {
        var job = Job();
        job.GoOn();
        await _leaving.CancelAsync();
        _work.SetException(new ObjectDisposedException("the store of a process that ends"));
        await job.Going;
        Assert.Empty(_written);
    }

    [Fact]
    public async Task An_attempt_that_breaks_otherwise_is_written_down_and_one_is_going_at_a_time()
    {
        var job = Job();
        job.GoOn();
        job.GoOn();
        Assert.True(job.IsGoing);
        _work.SetException(new IOException("the disk"));
        await job.Going;
        Assert.Equal((1, "the disk"), (_attempts, Assert.Single(_written).Message));
        job.GoOn();
        await job.Going;
        Assert.Equal(2, _attempts);
    }

    [Fact]
    public async Task An_attempt_that_meets_the_death_of_another_process_writes_nothing_down_and_the_next_goes_on()
    {
        var job = Job();
        job.GoOn();
        _work.SetException(new SiloUnavailableException("The process of that grain has died."));
        await job.Going;
        job.GoOn();
        await job.Going;
        Assert.Equal((2, 0), (_attempts, _written.Count));
    }

    [Fact]
    public void A_failed_attempt_rests_unless_the_clock_was_set_back()
    {
        var now = new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
        Assert.True(LongJob.HasRested(null, TimeSpan.FromHours(1), now));
        Assert.False(LongJob.HasRested(now.AddMinutes(-59), TimeSpan.FromHours(1), now));
        Assert.True(LongJob.HasRested(now.AddHours(-1), TimeSpan.FromHours(1), now));
        Assert.True(LongJob.HasRested(now.AddDays(1), TimeSpan.FromHours(1), now));
    }

    // It needs its grain for the reminder and for a lost ownership only.
    private LongJob Job() => new(null!, _leaving.Token)
    {
        Reminder = "job",
        IsOpen = () => true,
        Attempt = _ =>
        {
            _attempts++;
            return _work.Task;
        },
        Failed = exception =>
        {
            _written.Add(exception);
            return Task.CompletedTask;
        },
    };
}
