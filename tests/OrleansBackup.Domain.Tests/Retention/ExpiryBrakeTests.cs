using OrleansBackup.Domain.Retention;

namespace OrleansBackup.Domain.Tests.Retention;

public sealed class ExpiryBrakeTests
{
    private static readonly BrakeOptions Options = new();

    [Fact]
    public void A_mailbox_that_lives_as_mailboxes_do_never_meets_the_brake() =>
        Assert.Empty(ExpiryBrake.Judge([.. Enumerable.Range(1, 30).Select(day => new ChangeSample(day, 10_000 + day * 20, 40, 150))], Options));

    [Fact]
    public void Mass_deletion_in_one_day_puts_it_on_and_says_how_much() =>
        Assert.Equal("4000 of 10000 items were gone between restore points 1 and 2.", Assert.Single(ExpiryBrake.Judge([new(1, 10_000, 0, 0), new(2, 6_000, 0, 4_000)], Options)));

    [Fact]
    public void Mass_rewriting_puts_it_on() =>
        Assert.Contains("rewritten", Assert.Single(ExpiryBrake.Judge([new(1, 10_000, 0, 0), new(2, 10_000, 3_500, 0)], Options)), StringComparison.Ordinal);

    [Fact]
    public void Small_steps_over_a_week_count_together() =>
        Assert.Single(ExpiryBrake.Judge([.. Enumerable.Range(0, 8).Select(day => new ChangeSample(day + 1, 10_000 - day * 500, 0, day == 0 ? 0 : 500))], Options));

    [Fact]
    public void What_is_gone_shows_in_the_points_when_a_run_lost_count() =>
        Assert.Single(ExpiryBrake.Judge([new(1, 10_000, 0, 0), new(2, 2_000, 0, 0)], Options));

    [Fact]
    public void Replacing_everything_shows_although_as_many_are_there() =>
        Assert.Single(ExpiryBrake.Judge([new(1, 10_000, 0, 0), new(2, 10_000, 0, 10_000)], Options));

    [Fact]
    public void A_small_mailbox_and_a_first_point_are_never_suspicious()
    {
        Assert.Empty(ExpiryBrake.Judge([new(1, 99, 0, 0), new(2, 0, 0, 99)], Options));
        Assert.Empty(ExpiryBrake.Judge([new(1, 10_000, 10_000, 10_000)], Options));
        Assert.Empty(ExpiryBrake.Judge([], Options));
    }
}
