using OrleansBackup.GrainInterfaces.Budget;
using OrleansBackup.Grains.Budget;

namespace OrleansBackup.Grains.Tests.Budget;

/// <summary>What each service grants, and who is left without first when it is little.</summary>
public sealed class ServiceBudgetTests
{
    private static readonly DateTimeOffset Start = DateTimeOffset.UnixEpoch;

    [Theory]
    [InlineData(0, 1_250, 1_200_000)]
    [InlineData(1_000, 1_250, 1_200_000)]
    [InlineData(1_001, 2_500, 2_400_000)]
    [InlineData(50_001, 6_250, 6_000_000)]
    public void The_limits_of_files_follow_from_the_licences(int licences, int perMinute, int perDay) =>
        Assert.Equal((perMinute, perDay), FileLimits.Of(licences));

    [Fact]
    public void No_minute_and_no_day_of_files_ever_takes_more_than_is_granted()
    {
        var budget = ServiceBudget.OfFiles(licences: 100, Start);
        var taken = new List<(DateTimeOffset At, int Permits)>();
        for (var now = Start; now < Start.AddHours(30); now = now.AddSeconds(5))
            taken.Add((now, budget.Take(WorkPriority.Restore, 10_000, now).Permits));
        Assert.InRange(Most(TimeSpan.FromMinutes(1)), 900, 1_250);
        Assert.InRange(Most(TimeSpan.FromDays(1)), 1_000_000, 1_200_000);

        int Most(TimeSpan window)
        {
            int sum = 0, most = 0, first = 0;
            for (var last = 0; last < taken.Count; last++)
            {
                sum += taken[last].Permits;
                while (taken[last].At - taken[first].At >= window)
                    sum -= taken[first++].Permits;
                most = Math.Max(most, sum);
            }
            return most;
        }
    }

    [Fact]
    public void Where_permits_are_few_a_restore_finds_some_and_a_rehearsal_none()
    {
        var budget = ServiceBudget.OfRate(100, Start);
        Assert.Equal(50, budget.Take(WorkPriority.Rehearsal, 1_000, Start).Permits);
        Assert.Equal(30, budget.Take(WorkPriority.Backup, 1_000, Start).Permits);
        Assert.Equal((0, true), Waits(WorkPriority.Rehearsal));
        Assert.Equal((0, true), Waits(WorkPriority.Backup));
        Assert.Equal(20, budget.Take(WorkPriority.Restore, 1_000, Start).Permits);

        (int, bool) Waits(WorkPriority priority) => budget.Take(priority, 1_000, Start) is var (permits, wait) ? (permits, wait > TimeSpan.Zero) : default;
    }

    [Fact]
    public void While_a_restore_wants_everything_it_gets_everything_and_afterwards_backups_go_on()
    {
        var budget = ServiceBudget.OfRate(100, Start);
        var now = Start;
        budget.Take(WorkPriority.Restore, 1_000, now);
        for (var second = 1; second <= 10; second++)
        {
            now = Start.AddSeconds(second * 0.15);
            Assert.Equal(0, budget.Take(WorkPriority.Backup, 1_000, now).Permits);
            Assert.InRange(budget.Take(WorkPriority.Restore, 1_000, now).Permits, 14, 16);
        }
        Assert.True(budget.Take(WorkPriority.Backup, 1_000, now.AddSeconds(0.5)).Permits > 0);
    }

    [Fact]
    public void Where_only_one_permit_lies_ready_nobody_is_kept_out_for_ever()
    {
        var budget = ServiceBudget.OfRate(1, Start);
        Assert.Equal(1, budget.Take(WorkPriority.Rehearsal, 1, Start).Permits);
        Assert.Equal(1, budget.Take(WorkPriority.Rehearsal, 1, Start.AddSeconds(1)).Permits);
    }

    [Fact]
    public void What_the_wait_says_is_enough()
    {
        var budget = ServiceBudget.OfRate(10, Start);
        budget.Take(WorkPriority.Backup, 1_000, Start);
        var wait = budget.Take(WorkPriority.Backup, 1, Start).Wait;
        Assert.Equal(1, budget.Take(WorkPriority.Backup, 1, Start + wait).Permits);
    }
}
