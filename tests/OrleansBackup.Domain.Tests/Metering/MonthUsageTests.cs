using OrleansBackup.Domain.Metering;
using OrleansBackup.Domain.Plans;

namespace OrleansBackup.Domain.Tests.Metering;

/// <summary>Who counts on which day, and what the maximum of a month is.</summary>
public sealed class MonthUsageTests
{
    private static readonly BillingMonth March = new(2026, 3);
    private static readonly UserRule Default = new(false, false, false, true);

    private static MeteredAccount Member(string id) => new(id, id, $"{id}@example.nl", true, false, true, "user");

    private static DateOnly Day(int day) => new(2026, 3, day);

    [Fact]
    public void Trap_2_the_maximum_is_that_of_the_days_and_not_the_count_at_the_end_of_the_month()
    {
        var usage = MonthUsage.Empty(March);
        for (var day = 1; day <= 31; day++)
            usage = usage.With(Day(day), Enumerable.Range(0, day is >= 10 and <= 12 ? 9 : 4).Select(number => Member($"p{number}")));

        Assert.Equal(4, usage.CountOn(Day(31), Default));
        Assert.Equal(new UsageMaximum(Day(10), 9, false), usage.Maximum(March.First, March.Last, Default));
    }

    [Fact]
    public void Trap_4_a_user_who_becomes_a_shared_mailbox_leaves_the_bill_the_next_day_and_stays_in_the_list()
    {
        var shared = Member("b") with { Purpose = "shared", Enabled = false, Licensed = false };
        var usage = MonthUsage.Empty(March)
            .With(Day(1), [Member("a"), Member("b")])
            .With(Day(2), [Member("a"), Member("b")]).With(Day(2), [Member("a"), shared])
            .With(Day(3), [Member("a"), shared]);

        Assert.Equal([2, 2, 1], Enumerable.Range(1, 3).Select(day => usage.CountOn(Day(day), Default)));
        var after = usage.On(Day(3), Default);
        Assert.Equal(["a", "b"], after.Accounts.Select(one => one.Account.Id));
        Assert.Equal(CountReason.SharedMailbox, after.Accounts[1].Reason);
        Assert.Equal(1, usage.Maximum(Day(3), Day(31), Default)!.Count);
    }

    [Fact]
    public void A_user_who_was_there_for_a_part_of_a_day_counts_for_that_day_and_not_for_the_next()
    {
        var usage = MonthUsage.Empty(March).With(Day(5), [Member("a"), Member("b")]).With(Day(5), [Member("a")]).With(Day(6), [Member("a")]);

        Assert.Equal(2, usage.CountOn(Day(5), Default));
        Assert.Equal(1, usage.CountOn(Day(6), Default));
    }

    [Theory]
    [InlineData(true, false, false, true, false)]
    [InlineData(false, false, false, true, true)]
    [InlineData(true, true, false, true, true)]
    [InlineData(true, false, true, true, true)]
    [InlineData(true, false, false, false, true)]
    public void Each_rule_is_a_switch(bool enabled, bool guest, bool shared, bool licensed, bool isSpecial)
    {
        var account = new MeteredAccount("x", "x", "", enabled, guest, licensed, shared ? "room" : "user");
        var (none, all) = (new UserRule(false, false, false, false), new UserRule(true, true, true, true));

        Assert.Equal(isSpecial ? CountReason.Counts : UserCounting.Decide(account, none), UserCounting.Decide(account, all));
        Assert.Equal(!isSpecial, UserCounting.Decide(account, none) == CountReason.Counts);
        var one = none with { DisabledAccounts = !enabled, Guests = guest, SharedMailboxes = shared, UnlicensedAccounts = !licensed };
        Assert.Equal(CountReason.Counts, UserCounting.Decide(account, one));
    }

    [Fact]
    public void The_names_behind_a_count_are_those_who_count_first_and_all_others_with_their_reason()
    {
        var usage = MonthUsage.Empty(March).With(Day(1), [
            Member("b"), Member("a"), Member("g") with { Guest = true }, Member("d") with { Enabled = false }, Member("r") with { Purpose = "room", Enabled = false }]);

        var day = usage.On(Day(1), Default);

        Assert.Equal(2, day.Count);
        Assert.Equal(["a:Counts", "b:Counts", "d:Disabled", "g:Guest", "r:SharedMailbox"], day.Accounts.Select(one => $"{one.Account.Id}:{one.Reason}"));
    }

    [Fact]
    public void A_day_without_a_look_raises_nothing_and_a_month_without_any_goes_on_from_the_last_count()
    {
        var history = new UsageHistory([MonthUsage.Empty(new(2026, 1)).With(new(2026, 1, 30), [Member("a"), Member("b"), Member("c")]), MonthUsage.Empty(March).With(Day(9), [Member("a")])]);

        Assert.Equal(new UsageMaximum(Day(9), 1, false), history.Maximum(March.First, March.Last, Default));
        Assert.Equal(new UsageMaximum(new(2026, 1, 30), 3, true), history.Maximum(new(2026, 2, 1), new(2026, 2, 28), Default));
        Assert.Equal(new UsageMaximum(new(2026, 1, 30), 3, true), history.Maximum(Day(1), Day(8), Default));
        Assert.Null(history.Maximum(new(2026, 1, 1), new(2026, 1, 29), Default));
        Assert.Equal(new UsageMaximum(Day(9), 1, true), history.Last(new(2026, 4, 1), Default));
    }
}
