using OrleansBackup.Domain.Plans;
using OrleansBackup.Domain.Retention;
using OrleansBackup.Domain.Storage;

namespace OrleansBackup.Domain.Tests.Plans;

/// <summary>A plan is data: the two that are sold are read as they stand, what is misspelt is refused, and a deviation needs a written agreement.</summary>
public sealed class PlanFileTests
{
    private static readonly DateOnly Day = new(2026, 3, 1);

    public static TheoryData<string> BuiltIn => ["accensys", "jp-ict"];

    private static string Text(string id) => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "plans", $"{id}.json"));

    [Theory, MemberData(nameof(BuiltIn))]
    public void A_built_in_plan_is_read_and_written_as_it_stands(string id)
    {
        var plan = PlanFile.Read(Text(id));

        Assert.Equal(id, plan.Id);
        Assert.Equal(PlanFile.Write(plan), PlanFile.Write(PlanFile.Read(PlanFile.Write(plan))));
        Assert.Empty(plan.Problems());
    }

    [Fact]
    public void Both_plans_say_what_their_descriptions_say()
    {
        var (accensys, jp) = (PlanFile.Read(Text("accensys")), PlanFile.Read(Text("jp-ict")));

        Assert.Equal(RetentionRule.OfDays(90), accensys.Retention.Rule());
        Assert.Equal(RetentionRule.OfCalendarMonths(1), jp.Retention.Rule());
        Assert.Equal(TermLength.Parse("P1CM"), accensys.Contract.Notice);
        Assert.Equal(TermLength.Parse("P30D"), jp.Contract.Notice);
        Assert.Equal((BillingCycle.Monthly, BillingCycle.Yearly), (accensys.Billing.Cycle, jp.Billing.Cycle));
        Assert.Equal(4, accensys.Rehearsal.PerYear);
        Assert.Equal(StorageDemand.Netherlands, jp.Storage.Demand());
        Assert.Equal((14, 3), (jp.Payment.TermDays, jp.Liability.CapMonths));
    }

    [Theory]
    [InlineData("\"perDay\": 1", "\"perDya\": 1", "perDya")]
    [InlineData("\"perDay\": 1", "\"perDay\": 2", "schedule.perDay")]
    [InlineData("\"P90D\"", "\"90 days\"", "retention.keep")]
    [InlineData("\"P90D\"", "\"P2WD\"", "retention.keep")]
    [InlineData("\"P1CM\"", "\"P2WD\"", "contract.notice")]
    [InlineData("\"directChats\": false", "\"directChats\": true", "scope.directChats")]
    [InlineData("\"cycle\": \"monthly\"", "\"cycle\": \"weekly\"", "billing.cycle")]
    [InlineData("\"month\": null", "\"month\": 1", "billing.month")]
    [InlineData("\"graceHours\": 6,", "", "graceHours")]
    public void What_makes_no_sense_is_refused_by_its_path(string written, string instead, string named)
    {
        var text = Text("accensys");
        Assert.Contains(written, text, StringComparison.Ordinal);

        var wrong = Assert.Throws<PlanProblemException>(() => PlanFile.Read(text.Replace(written, instead, StringComparison.Ordinal)));

        Assert.Contains(named, wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_deviation_changes_one_parameter_and_leaves_the_plan_alone()
    {
        var plan = PlanFile.Read(Text("accensys"));

        var agreed = PlanOverride.Apply(plan, [new("retention.keep", "\"P1Y\"", "Contract 2026-17, paragraph 3", "the director", Day)]);

        Assert.Equal(RetentionRule.OfCalendarMonths(12), agreed.Retention.Rule());
        Assert.Equal(RetentionRule.OfDays(90), plan.Retention.Rule());
        Assert.Equal(plan.Contract.Notice, agreed.Contract.Notice);
    }

    [Theory]
    [InlineData("retention.keep", "\"P1Y\"", "", "written agreement")]
    [InlineData("retention.length", "\"P1Y\"", "letter", "no such parameter")]
    [InlineData("id", "\"other\"", "letter", "no such parameter")]
    [InlineData("retention.keep", "P1Y", "letter", "not JSON")]
    [InlineData("retention.keep", "\"P2WD\"", "letter", "retention.keep")]
    [InlineData("storage.encryptionRequired", "false", "letter", "always encrypted")]
    public void A_deviation_that_makes_no_sense_is_refused(string path, string value, string reference, string said)
    {
        var plan = PlanFile.Read(Text("accensys"));

        var wrong = Assert.Throws<PlanProblemException>(() => PlanOverride.Apply(plan, [new(path, value, reference, "the director", Day)]));

        Assert.Contains(said, wrong.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("P30D", 30, TermUnit.Days)]
    [InlineData("P1CM", 1, TermUnit.CalendarMonths)]
    [InlineData("P12M", 12, TermUnit.Months)]
    [InlineData("P2WD", 2, TermUnit.WorkingDays)]
    [InlineData("P1Y", 1, TermUnit.Years)]
    public void A_length_is_read_and_written(string text, int count, TermUnit unit)
    {
        Assert.Equal(new TermLength(count, unit), TermLength.Parse(text));
        Assert.Equal(text, TermLength.Parse(text).ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("P")]
    [InlineData("PD")]
    [InlineData("P0D")]
    [InlineData("P-1D")]
    [InlineData("30D")]
    [InlineData("P1W")]
    public void Other_texts_are_no_lengths(string text) => Assert.Throws<FormatException>(() => TermLength.Parse(text));
}
