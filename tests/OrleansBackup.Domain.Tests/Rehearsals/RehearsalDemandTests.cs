using OrleansBackup.Domain.Plans;
using OrleansBackup.Domain.Rehearsals;
using Xunit;

namespace OrleansBackup.Domain.Tests.Rehearsals;

/// <summary>One rehearsal serves all customers: it is as frequent and as large as the most demanding of them was promised.</summary>
public sealed class RehearsalDemandTests
{
    private static readonly RehearsalDemand Otherwise = new(4, 50);

    [Fact]
    public void The_greatest_promise_counts_and_where_none_is_made_the_configuration_does()
    {
        RehearsalTerms none = new(0, RehearsalScope.None, 0, true), often = new(12, RehearsalScope.Estate, 20, true), large = new(2, RehearsalScope.Estate, 200, true);
        Assert.Equal(new(12, 200), RehearsalDemand.Of([none, often, large], Otherwise));
        Assert.Equal(new(2, 200), RehearsalDemand.Of([none, large], Otherwise));
        Assert.Equal(Otherwise, RehearsalDemand.Of([none], Otherwise));
        Assert.Equal(Otherwise, RehearsalDemand.Of([], Otherwise));
    }
}
