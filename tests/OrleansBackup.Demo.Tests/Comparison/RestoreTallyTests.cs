using OrleansBackup.Demo.Comparison;

namespace OrleansBackup.Demo.Tests.Comparison;

public sealed class RestoreTallyTests
{
    private static readonly string[] Asked = ["a", "b", "c"];
    private static readonly TalliedRestore Good = new(3, 2, 1, 0, ["a", "b"], ["c"], []);

    [Fact]
    public void Figures_that_add_up_have_no_mismatch() => Assert.Empty(RestoreTally.Check("job", Good, Asked).Mismatches);

    [Fact]
    public void Figures_that_do_not_add_up_are_noticed() => Noticed(Good with { Skipped = 0, SkippedItems = [] });

    [Fact]
    public void A_job_that_forgot_an_item_altogether_is_noticed() => Noticed(new TalliedRestore(2, 2, 0, 0, ["a", "b"], [], []));

    [Fact]
    public void A_count_without_outcomes_is_noticed() => Noticed(Good with { RestoredItems = ["a"] });

    [Fact]
    public void An_item_with_two_outcomes_is_noticed() => Noticed(Good with { SkippedItems = ["a"] });

    [Fact]
    public void An_outcome_for_an_item_that_nobody_asked_for_is_noticed() => Noticed(Good with { SkippedItems = ["x"] });

    private static void Noticed(TalliedRestore figures) => Assert.NotEmpty(RestoreTally.Check("job", figures, Asked).Mismatches);
}
