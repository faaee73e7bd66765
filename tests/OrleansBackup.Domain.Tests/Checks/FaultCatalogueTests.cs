using OrleansBackup.Domain.Checks;
using OrleansBackup.Domain.Runs;

namespace OrleansBackup.Domain.Tests.Checks;

/// <summary>Every fault has a side on which it lies, and somebody who is told what to do.</summary>
public sealed class FaultCatalogueTests
{
    [Fact]
    public void Every_kind_of_fault_has_a_cause_and_advice_in_both_languages() => Assert.All(Enum.GetValues<FaultKind>(), kind =>
    {
        var entry = FaultCatalogue.Of(kind);
        Assert.Equal(kind == FaultKind.None, entry.Cause == FaultCause.None);
        Assert.All((string[])[entry.What.Nl, entry.What.En, entry.Advice.Nl, entry.Advice.En], text => Assert.False(string.IsNullOrWhiteSpace(text)));
        Assert.Equal(FaultCatalogue.All.Count(), Enum.GetValues<FaultKind>().Length);
    });

    [Fact]
    public void Every_cause_is_one_of_six_and_all_occur() =>
        Assert.Equal(Enum.GetValues<FaultCause>().Order(), FaultCatalogue.All.Select(entry => entry.Cause).Distinct().Order());

    [Theory]
    [InlineData(FaultCause.CustomerConfiguration, WhoActs.Customer)]
    [InlineData(FaultCause.CustomerLicence, WhoActs.Customer)]
    [InlineData(FaultCause.Provider, WhoActs.Provider)]
    public void What_lies_on_one_side_is_put_right_by_that_side(FaultCause cause, WhoActs who) =>
        Assert.All(FaultCatalogue.All.Where(entry => entry.Cause == cause), entry => Assert.Equal(who, entry.Who));

    [Fact]
    public void Of_a_run_of_an_earlier_release_the_cause_stays_what_it_was() => Assert.All(
        Enum.GetValues<FaultCause>().Where(cause => cause != FaultCause.None), cause => Assert.Equal(cause, FaultCatalogue.Of(FaultCatalogue.KindOf(FaultKind.None, cause)).Cause));
}
