using System.Text.Json;
using OrleansBackup.Chaos.Plan;

namespace OrleansBackup.Chaos.Tests;

public sealed class ChaosPlanTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(9)]
    [InlineData(30)]
    public void Every_kind_of_act_comes_and_the_first_is_a_kill(int days)
    {
        var plan = ChaosPlan.Make(seed: 7, days, ChaosPlan.ForCluster);

        Assert.Equal(days + 1, plan.Length);
        Assert.Equal(ActKind.Kill, plan[0][0].Kind);
        Assert.Equal(ChaosPlan.ForCluster.Order(), plan.SelectMany(day => day).Select(act => act.Kind).Distinct().Order());
        Assert.All(plan, day => Assert.NotEmpty(day));
    }

    [Fact]
    public void A_seed_gives_the_same_plan_again_and_another_seed_another()
    {
        Assert.Equal(Text(1), Text(1));
        Assert.NotEqual(Text(1), Text(2));

        static string Text(int seed) => JsonSerializer.Serialize(ChaosPlan.Make(seed, 20, ChaosPlan.ForCluster));
    }
}
