using OrleansBackup.Domain.Invoicing;
using static OrleansBackup.Domain.Tests.Invoicing.Given;

namespace OrleansBackup.Domain.Tests.Invoicing;

/// <summary>Who pays for which work, by plan and by a person's decision.</summary>
public sealed class WorkChargingTests
{
    [Theory]
    [InlineData(WorkKind.Restore, true, true, WorkReason.ChargedByPlan)]
    [InlineData(WorkKind.Restore, false, false, WorkReason.NotDelivered)]
    [InlineData(WorkKind.Change, true, true, WorkReason.ChargedByPlan)]
    [InlineData(WorkKind.Rehearsal, true, true, WorkReason.ChargedByPlan)]
    [InlineData(WorkKind.CustomerFault, true, true, WorkReason.ChargedByPlan)]
    [InlineData(WorkKind.ProviderFault, true, false, WorkReason.IncludedByPlan)]
    public void The_plan_says_who_pays(WorkKind kind, bool delivered, bool charged, WorkReason reason) =>
        Assert.Equal(new WorkVerdict(charged, reason), WorkCharging.Decide(Work(kind, "2026-03-01", 30, delivered), WorkOf(Accensys)));

    [Theory]
    [InlineData(WorkKind.Restore)]
    [InlineData(WorkKind.Change)]
    [InlineData(WorkKind.Rehearsal)]
    [InlineData(WorkKind.CustomerFault)]
    public void What_the_conditions_do_not_say_is_not_charged_without_an_agreement(WorkKind kind)
    {
        var order = Work(kind, "2026-03-01", 30);
        Assert.Equal(new WorkVerdict(false, WorkReason.NotAgreed), WorkCharging.Decide(order, WorkOf(JpIct)));

        var decision = new WorkDecision(true, "asked for by the customer", null, "the director", DateTimeOffset.UnixEpoch);
        Assert.NotNull(WorkCharging.Problem(order, decision, WorkOf(JpIct)));
        Assert.Null(WorkCharging.Problem(order, decision with { Agreement = "quote 12" }, WorkOf(JpIct)));
        Assert.True(WorkCharging.Decide(order with { Decision = decision }, WorkOf(JpIct)).Charged);
    }

    [Fact]
    public void A_restore_that_did_not_deliver_is_charged_only_when_a_person_gives_a_reason()
    {
        var order = Work(WorkKind.Restore, "2026-03-01", 30, delivered: false);
        Assert.NotNull(WorkCharging.Problem(order, new(true, " ", null, "the director", DateTimeOffset.UnixEpoch), WorkOf(Accensys)));
        Assert.Equal(new WorkVerdict(true, WorkReason.Decided),
            WorkCharging.Decide(order with { Decision = new(true, "the customer named the wrong mailbox", null, "the director", DateTimeOffset.UnixEpoch) }, WorkOf(Accensys)));
    }

    [Fact]
    public void What_is_charged_by_rule_can_be_given_away() =>
        Assert.False(WorkCharging.Decide(Work(WorkKind.Restore, "2026-03-01", 30) with { Decision = new(false, "goodwill", null, "the director", DateTimeOffset.UnixEpoch) }, WorkOf(Accensys)).Charged);
}
