using System.Collections.Immutable;
using OrleansBackup.Domain.Contracts;
using OrleansBackup.Domain.Plans;
using OrleansBackup.Domain.Retention;
using OrleansBackup.Domain.Schedule;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Contracts;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.GrainInterfaces.Tenants;
using OrleansBackup.Grains.Tests.Given;
using OrleansBackup.GraphSimulator.Generation;

namespace OrleansBackup.Grains.Tests.Actors;

/// <summary>What persons decide on a contract, through its grain: once, and what it means for the backups.</summary>
public sealed class ContractActsTests(SimulatorFixture simulator) : IClassFixture<SimulatorFixture>
{
    private const string First = "first-key", Second = "second-key", Third = "third-key";
    private static readonly CancellationToken Never = CancellationToken.None;
    private static readonly TenantRecipe OneMailbox = new() { Users = 1, MessagesPerMailbox = 5 };
    private static readonly PlanOverride Anywhere = new("storage.countries", "[]", "Annex 1", "the director", new DateOnly(2026, 1, 1));

    [Fact]
    public async Task Two_persons_who_confirm_at_once_do_it_once()
    {
        await using var scene = await ReadyAsync();
        var contract = scene.Grains.Contract(scene.Tenant);
        scene.Clock.Shift(TimeSpan.FromDays(40));
        await scene.RunAsync();
        await contract.Propose(new(ActKind.Settings, "He asks for it") { Settings = TenantSettings.Default with { Retention = RetentionRule.OfDays(30) } }, First, Never);

        var confirmations = await Task.WhenAll(new[] { Second, Third, Second }.Select(who => Refusals(contract.Confirm(1, who, Never))));

        Assert.Equal(2, confirmations.Count(refused => refused is NotPossibleNowException));
        Assert.Single((await contract.Get(Never)).Journal, line => ContractJournal.Read(line).Event is ActConfirmed);
        Assert.Equal(RetentionRule.OfDays(30), (await scene.TenantGrain.GetOverview(Never)).Settings.Retention);
    }

    [Fact]
    public async Task While_suspended_nothing_expires_until_a_person_decides_and_then_it_does()
    {
        await using var scene = await ReadyAsync("jp-ict");
        var contract = scene.Grains.Contract(scene.Tenant);
        await Assert.ThrowsAsync<NotPossibleNowException>(() => contract.DecideFreeze(null, "Too early", First, Never)); // nothing is suspended
        await contract.WarnOfSuspension("Invoice 12 is not paid", First, Never);
        scene.Clock.Shift(TimeSpan.FromDays(14));
        await scene.RunAsync();
        await contract.Confirm(Read(await contract.Propose(new(ActKind.Suspend, "Not paid"), First, Never)).Acts[^1].Proposed.Number, Second, Never);
        scene.Clock.Shift(TimeSpan.FromDays(200));
        await Assert.ThrowsAsync<NotPossibleNowException>(() => scene.Resource().ExpirePoints(Never));
        var before = (await scene.Resource().ListPoints(Never)).Length;

        await contract.DecideFreeze(null, "The customer does not answer", First, Never);

        await scene.Resource().ExpirePoints(Never);
        Assert.True((await scene.Resource().ListPoints(Never)).Length < before);
        Assert.Single((await contract.Get(Never)).Journal, line => ContractJournal.Read(line).Event is FreezeDecided { FrozenUntil: null });
    }

    [Fact]
    public async Task A_move_to_a_plan_that_keeps_less_is_done_on_its_day_when_a_second_person_has_seen_the_list()
    {
        await using var scene = await ReadyAsync();
        var contract = scene.Grains.Contract(scene.Tenant);
        scene.Clock.Shift(TimeSpan.FromDays(40));
        await scene.RunAsync();
        var today = ContractCalendar.Amsterdam.DayOf(scene.Clock.GetUtcNow());
        var proposed = Read(await contract.Propose(new(ActKind.Plan, "He wants the other service") { Plan = new PlanOrder("jp-ict", today, [Anywhere], false, "Annex 2") }, First, Never)).Acts.Single();
        Assert.Null(proposed.ConfirmedOn);
        Assert.Equal(RetentionRule.OfDays(90), (await scene.TenantGrain.GetOverview(Never)).Settings.Retention);

        await contract.Confirm(1, Second, Never);

        Assert.Equal(RetentionRule.OfCalendarMonths(1), (await scene.TenantGrain.GetOverview(Never)).Settings.Retention);
        Assert.Equal("jp-ict", (await contract.GetTimeline(Never))!.PlanOn(today)!.Id);
        Assert.NotEmpty((await scene.Resource().ExpirePoints(Never)).Gone);
    }

    private async Task<ServiceScene> ReadyAsync(string plan = "accensys")
    {
        var scene = await ServiceScene.StartAsync(simulator, OneMailbox);
        await LedgerRecoveryTests.MadeAsync(scene, plan, Anywhere);
        await scene.UntilPointsAsync(1);
        return scene;
    }

    private static async Task<Exception?> Refusals(Task confirmation)
    {
        try
        {
            await confirmation;
            return null;
        }
        catch (NotPossibleNowException refused)
        {
            return refused;
        }
    }

    private static Contract Read(ContractRecord record) => Contract.Of(record.Journal.Select(line => ContractJournal.Read(line).Event));
}
