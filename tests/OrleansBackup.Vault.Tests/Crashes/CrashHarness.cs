using OrleansBackup.Vault.Tests.Given;

namespace OrleansBackup.Vault.Tests.Crashes;

/// <summary>Days of a mailbox's life, each a run and a prune; the n-th call of one day is interrupted, for every n and every day.</summary>
/// <remarks>The truth is <see cref="ALife"/>; who looks is the independent reader, which knows nothing of how the product recovers.</remarks>
internal static class CrashHarness
{
    private const int Days = 5, KeptDays = 2, PrunedFrom = 3;
    private static readonly VaultOptions Options = AVault.SmallSizes with { GracePeriod = TimeSpan.FromHours(30), SegmentsBeforeBase = 2 };

    /// <returns>How many interruptions were played.</returns>
    public static async Task<int> PlayAsync(Interruption interruption)
    {
        var (before, clock, played) = (new MemoryBlobStore(), new ManualClock(), 0);
        await AVault.OnAsync(before, Options, clock: clock);
        for (var day = 1; day <= Days; day++)
        {
            for (var at = 0; ; at++, played++)
            {
                var store = before.Copy();
                var interrupted = new InterruptedBlobStore(store, at, interruption);
                var acknowledged = false;
                await TryAsync(() => LiveAsync(AVault.Existing(interrupted, Options, clock: clock), day, () => acknowledged = true));
                if (!interrupted.Played)
                    break;
                try { await VerifyAsync(store, day, acknowledged, clock.GetUtcNow()); }
                catch (Exception e) { throw new InvalidOperationException($"{interruption} at call {at} of day {day}: {e.Message}", e); }
            }
            await LiveAsync(AVault.Existing(before, Options, clock: clock), day);
            clock.Advance(TimeSpan.FromDays(1));
        }
        return played;
    }

    /// <summary>One day: a run unless it was sealed already, then a prune that keeps the last days.</summary>
    private static async Task LiveAsync(AVault vault, int day, Action? whenSealed = null)
    {
        await using (var run = await vault.BeginAsync())
            if (run.Resumed || run.Previous?.Details["day"] != $"{day}")
                await ALife.BringAsync(run, day);
        whenSealed?.Invoke();
        if (day >= PrunedFrom)
            await PruneAsync(vault);
    }

    private static async Task PruneAsync(AVault vault)
    {
        var mailbox = await vault.OpenAsync();
        var points = await mailbox.ListPointsAsync(default);
        await mailbox.PruneAsync(points.TakeLast(KeptDays).Select(p => p.Sequence).ToHashSet(), default);
    }

    private static async Task TryAsync(Func<Task> act)
    {
        try { await act(); }
        catch (Exception e) when (e is StoppedException or StoreFullException) { }
    }

    private static async Task VerifyAsync(MemoryBlobStore store, int day, bool acknowledged, DateTimeOffset now)
    {
        // What was sealed and is owed is there; whatever else is there is the truth too, today's point included if it came to be.
        var isSealed = IndependentReading.Of(store).Open("contoso", "mailbox-1").Points.Any(p => p.Details["day"] == $"{day}");
        Assert.True(isSealed || !acknowledged, "a point that was acknowledged is not there");
        AssertOwed(store, Enumerable.Range(1, isSealed ? day : day - 1).TakeLast(KeptDays));

        // The next run and prune succeed, whatever was left behind.
        var clock = new ManualClock(now);
        clock.Advance(TimeSpan.FromMinutes(10));
        var vault = AVault.Existing(store, Options, clock: clock);
        await LiveAsync(vault, day);
        AssertOwed(store, Enumerable.Range(1, day).TakeLast(KeptDays));

        // What does not pay at each prune is done after MergeAfter. Once grace has passed then, nothing is left that nobody needs, and nothing is missing.
        foreach (var time in new[] { Options.GracePeriod, Options.MergeAfter, Options.GracePeriod, Options.GracePeriod })
        {
            clock.Advance(time);
            await PruneAsync(vault);
        }
        var resource = IndependentReading.Of(store).Open("contoso", "mailbox-1");
        Assert.Empty(resource.Garbage());
        Assert.DoesNotContain(store.Objects.Keys, n => resource.Condemned.Contains(n.Value));
        Assert.Empty((await (await vault.OpenAsync()).CheckAsync(CheckDepth.Full, null, default)).Findings);
        AssertOwed(store, Enumerable.Range(1, day).TakeLast(KeptDays));
    }

    private static void AssertOwed(MemoryBlobStore store, IEnumerable<int> owed)
    {
        var resource = IndependentReading.Of(store).Open("contoso", "mailbox-1");
        ALife.AssertAllDays(resource);
        Assert.Subset(resource.Points.Select(p => p.Details["day"]).ToHashSet(), owed.Select(d => $"{d}").ToHashSet());
    }
}

public sealed class DyingBeforeTests
{
    [Fact]
    public async Task A_process_that_dies_before_any_call_costs_no_point_and_leaves_no_garbage_for_ever() =>
        Assert.InRange(await CrashHarness.PlayAsync(Interruption.DiesBefore), 200, 5000);
}

public sealed class DyingAfterTests
{
    [Fact]
    public async Task A_process_that_dies_after_any_call_costs_no_point_and_leaves_no_garbage_for_ever() =>
        Assert.InRange(await CrashHarness.PlayAsync(Interruption.DiesAfter), 200, 5000);
}

public sealed class FailingCallTests
{
    [Fact]
    public async Task A_call_that_fails_costs_no_point_and_leaves_no_garbage_for_ever() =>
        Assert.InRange(await CrashHarness.PlayAsync(Interruption.Fails), 200, 5000);

    [Fact]
    public async Task A_reply_that_is_lost_costs_no_point_and_leaves_no_garbage_for_ever() =>
        Assert.InRange(await CrashHarness.PlayAsync(Interruption.ReplyLost), 200, 5000);
}

public sealed class DiskFullTests
{
    [Fact]
    public async Task A_disk_that_is_full_at_any_call_costs_no_point_and_leaves_no_garbage_for_ever() =>
        Assert.InRange(await CrashHarness.PlayAsync(Interruption.DiskFull), 200, 5000);
}
