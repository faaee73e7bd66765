using OrleansBackup.Microsoft365.Limits;
using OrleansBackup.Microsoft365.Tests.Fixtures;

namespace OrleansBackup.Microsoft365.Tests.Limits;

public sealed class MailboxLimiterTests
{
    [Fact]
    public async Task Four_run_at_once_and_the_fifth_waits_for_a_place()
    {
        using var limiter = new MailboxLimiter(new GraphClientOptions(), new ManualClock());
        var slots = new List<MailboxLimiter.Slot>();
        for (var i = 0; i < 4; i++) slots.Add(await limiter.EnterAsync(1, 1, 0, CancellationToken.None));

        var fifth = limiter.EnterAsync(1, 1, 0, CancellationToken.None).AsTask();
        Assert.False(fifth.IsCompleted);
        slots[0].Dispose();

        await fifth.WaitAsync(Hang.Limit);
    }

    [Fact]
    public async Task Callers_pass_in_the_order_of_their_coming()
    {
        using var limiter = new MailboxLimiter(new GraphClientOptions { RequestsPerMailbox = 1 }, new ManualClock());
        var slot = await limiter.EnterAsync(1, 1, 0, CancellationToken.None);
        var waiting = Enumerable.Range(0, 10).Select(_ => limiter.EnterAsync(1, 1, 0, CancellationToken.None).AsTask()).ToList();

        foreach (var next in waiting)
        {
            slot.Dispose();
            slot = await next.WaitAsync(Hang.Limit);
        }
    }

    [Fact]
    public async Task No_window_of_ten_minutes_ever_holds_more_than_the_limit()
    {
        var clock = new ManualClock { SkipsWaits = true };
        using var limiter = new MailboxLimiter(new GraphClientOptions { RequestsPerWindow = 100 }, clock);
        var random = new Random(7);
        var times = new List<DateTimeOffset>();
        for (var i = 0; i < 1_500; i++)
        {
            using (await limiter.EnterAsync(1, 1, 0, CancellationToken.None)) times.Add(clock.GetUtcNow());
            clock.Advance(TimeSpan.FromMilliseconds(random.Next(0, 9_000)));
        }

        for (var i = 100; i < times.Count; i++)
        {
            Assert.True(times[i] - times[i - 100] >= TimeSpan.FromMinutes(10), $"Request {i} came too early.");
        }

        // And it does not dawdle: 1,500 requests at 100 in ten minutes and a sixtieth take about two and a half hours.
        Assert.True(clock.GetUtcNow() - ManualClock.Start < TimeSpan.FromMinutes(165));
    }

    [Fact]
    public async Task Upload_volume_has_its_own_window()
    {
        var clock = new ManualClock { SkipsWaits = true };
        using var limiter = new MailboxLimiter(new GraphClientOptions(), clock);
        for (var i = 0; i < 40; i++) (await limiter.EnterAsync(1, 1, 4_000_000, CancellationToken.None)).Dispose();

        Assert.True(clock.GetUtcNow() - ManualClock.Start >= TimeSpan.FromMinutes(5)); // 160 MB
        using var reading = await limiter.EnterAsync(1, 1, 0, CancellationToken.None);
    }

    [Fact]
    public async Task A_pause_stops_all_traffic_of_the_mailbox_and_of_no_other()
    {
        var clock = new ManualClock();
        var limiters = new MailboxLimiters(new GraphClientOptions(), clock);
        limiters.Get("t", "a").Pause(TimeSpan.FromSeconds(30));

        var paused = limiters.Get("t", "a").EnterAsync(1, 1, 0, CancellationToken.None).AsTask();
        using var other = await limiters.Get("t", "b").EnterAsync(1, 1, 0, CancellationToken.None);
        Assert.False(paused.IsCompleted);
        clock.Advance(TimeSpan.FromSeconds(29));
        Assert.False(paused.IsCompleted);
        clock.Advance(TimeSpan.FromSeconds(2));

        using var slot = await paused.WaitAsync(Hang.Limit);
    }

    [Fact]
    public async Task Row_33_refusals_narrow_down_to_one_and_good_answers_widen_again()
    {
        var clock = new ManualClock();
        using var limiter = new MailboxLimiter(new GraphClientOptions { SuccessesToWiden = 10 }, clock);
        var wait = TimeSpan.FromSeconds(5);
        foreach (var expected in new[] { 2, 1, 1 })
        {
            limiter.Refused(wait);
            Assert.Equal(expected, limiter.Granted);
            clock.Advance(wait + TimeSpan.FromSeconds(1));
        }

        for (var i = 0; i < 30; i++)
        {
            using var slot = await limiter.EnterAsync(1, 1, 0, CancellationToken.None);
            slot.Succeeded();
        }

        Assert.Equal(4, limiter.Granted);
    }

    [Fact]
    public void Refusals_of_one_burst_count_once()
    {
        using var limiter = new MailboxLimiter(new GraphClientOptions(), new ManualClock());
        for (var i = 0; i < 4; i++) limiter.Refused(TimeSpan.FromSeconds(5));

        Assert.Equal(2, limiter.Granted);
    }

    [Fact]
    public async Task The_queue_has_an_end()
    {
        using var limiter = new MailboxLimiter(new GraphClientOptions { RequestsPerMailbox = 1, MaxWaitingPerMailbox = 2 }, new ManualClock());
        using var cancel = new CancellationTokenSource();
        using var slot = await limiter.EnterAsync(1, 1, 0, CancellationToken.None);
        var waiting = new[] { limiter.EnterAsync(1, 1, 0, cancel.Token).AsTask(), limiter.EnterAsync(1, 1, 0, cancel.Token).AsTask() };

        await Assert.ThrowsAsync<GraphTransientException>(async () => await limiter.EnterAsync(1, 1, 0, CancellationToken.None));

        await cancel.CancelAsync();
        foreach (var each in waiting) await Assert.ThrowsAnyAsync<OperationCanceledException>(() => each);
    }

    [Fact]
    public async Task A_cancelled_caller_leaves_the_queue_working()
    {
        using var limiter = new MailboxLimiter(new GraphClientOptions { RequestsPerMailbox = 1 }, new ManualClock());
        var slot = await limiter.EnterAsync(1, 1, 0, CancellationToken.None);
        using var cancel = new CancellationTokenSource();
        var first = limiter.EnterAsync(1, 1, 0, cancel.Token).AsTask();
        var second = limiter.EnterAsync(1, 1, 0, CancellationToken.None).AsTask();

        await cancel.CancelAsync();
        slot.Dispose();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        using var passed = await second.WaitAsync(Hang.Limit);
    }

    [Fact]
    public async Task Mailboxes_out_of_use_are_forgotten_and_those_in_use_are_not()
    {
        var clock = new ManualClock();
        var limiters = new MailboxLimiters(new GraphClientOptions(), clock);
        var used = limiters.Get("t", "used");
        var slot = await used.EnterAsync(1, 1, 0, CancellationToken.None);
        for (var i = 0; i < 100; i++) limiters.Get("t", $"m{i}");

        clock.Advance(TimeSpan.FromHours(2));
        limiters.Get("t", "new");

        Assert.Equal(2, limiters.Count);
        Assert.Same(used, limiters.Get("t", "used"));
        slot.Dispose();
    }

    [Fact]
    public void One_mailbox_of_one_tenant_has_one_limiter_whoever_asks()
    {
        var limiters = new MailboxLimiters(new GraphClientOptions(), new ManualClock());

        Assert.Same(limiters.Get("t", "m"), limiters.Get("t", "m"));
        Assert.NotSame(limiters.Get("t", "m"), limiters.Get("t2", "m"));
    }
}
