using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using OrleansBackup.Domain.Contracts;
using OrleansBackup.Domain.Notices;
using OrleansBackup.Domain.Plans;
using OrleansBackup.Domain.Retention;
using OrleansBackup.Domain.Schedule;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Contracts;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.GrainInterfaces.Tenants;
using OrleansBackup.Grains.Admission;
using OrleansBackup.Grains.Contracts;
using OrleansBackup.Grains.Tests.Given;
using OrleansBackup.GraphSimulator.Generation;

namespace OrleansBackup.Grains.Tests.Actors;

/// <summary>A contract and the backups under it: nothing becomes unrecoverable that nobody has seen, and what is agreed happens by itself.</summary>
public sealed class ContractTests(SimulatorFixture simulator) : IClassFixture<SimulatorFixture>
{
    private const string First = "first-key", Second = "second-key", Director = "person1@example.nl";
    private static readonly CancellationToken Never = CancellationToken.None;
    private static readonly TenantRecipe OneMailbox = new() { Users = 1, MessagesPerMailbox = 5 };
    private static readonly PlanOverride Anywhere = new("storage.countries", "[]", "Annex 1", "the director", new DateOnly(2026, 1, 1));

    [Fact]
    public async Task Trap_5_Shorter_retention_expires_nothing_before_a_second_person_has_confirmed_the_list()
    {
        await using var scene = await ServiceScene.StartAsync(simulator, OneMailbox);
        await MadeAsync(scene, "accensys");
        await scene.UntilPointsAsync(1);
        var old = (await scene.Resource().ListPoints(Never))[^1].Sequence;
        scene.Clock.Shift(TimeSpan.FromDays(40));
        await scene.RunAsync();
        var month = TenantSettings.Default with { Retention = RetentionRule.OfDays(30) };

        Assert.Contains("contract", (await Assert.ThrowsAsync<NotPossibleNowException>(() => scene.TenantGrain.ChangeSettings(month, Never))).Message, StringComparison.Ordinal);
        var order = new ActOrder(ActKind.Settings, "The customer asks for it") { Settings = month };
        var foreseen = await scene.Grains.Contract(scene.Tenant).Foresee(order, Never);
        var today = ContractCalendar.Amsterdam.DayOf(scene.Clock.GetUtcNow());
        Assert.Contains(foreseen.Csv.Split('\n'), line => line.StartsWith($"{scene.Mailbox().LocalName},{old},", StringComparison.Ordinal) && line.Contains($",{today:yyyy-MM-dd},", StringComparison.Ordinal));

        var record = await scene.Grains.Contract(scene.Tenant).Propose(order, First, Never);
        Assert.Equal(foreseen.Hash, Read(record).Acts.Single().Proposed.ListHash);
        Assert.Equal(foreseen.Csv, await scene.Grains.Contract(scene.Tenant).ReadConsequences(1, Never));
        Assert.Contains((await scene.Grains.NoticeBook(scene.Tenant).ListNotices(null, 50, Never)).Notices, notice => notice.Notice.Kind == NoticeKind.ConsequenceAhead);
        await Assert.ThrowsAsync<NotPossibleNowException>(() => scene.Grains.Contract(scene.Tenant).Confirm(1, First, Never));
        Assert.Empty((await scene.Resource().ExpirePoints(Never)).Gone);
        Assert.Contains(await scene.Resource().ListPoints(Never), point => point.Sequence == old);

        await scene.Grains.Contract(scene.Tenant).Confirm(1, Second, Never);
        Assert.Equal(RetentionRule.OfDays(30), (await scene.TenantGrain.GetOverview(Never)).Settings.Retention);
        await scene.Resource().ExpirePoints(Never);
        Assert.DoesNotContain(await scene.Resource().ListPoints(Never), point => point.Sequence == old);
    }

    [Fact]
    public async Task Trap_8_A_suspension_stops_runs_and_expiry_and_when_it_is_lifted_all_catch_up_through_the_gate()
    {
        await using var scene = await ServiceScene.StartAsync(simulator, new TenantRecipe { Users = 8, MessagesPerMailbox = 3 }, settings: new() { ["Backup:Admission:ConcurrentRuns"] = "2" });
        await MadeAsync(scene, "jp-ict", Anywhere);
        var resources = (await scene.UntilPointsAsync(1)).Where(resource => resource.Protected).Select(resource => scene.Grains.Resource(resource.Resource)).ToList();
        var contract = scene.Grains.Contract(scene.Tenant);
        await contract.WarnOfSuspension("Invoice 12 is not paid", First, Never);
        await Assert.ThrowsAsync<NotPossibleNowException>(() => contract.Propose(new(ActKind.Suspend, "Not paid"), First, Never)); // the warning is younger than fourteen days
        scene.Clock.Shift(TimeSpan.FromDays(14));
        await scene.TenantGrain.SweepOverdue(Never);
        await scene.UntilPointsAsync(2);
        var proposed = await contract.Propose(new(ActKind.Suspend, "Not paid"), First, Never);
        await contract.Confirm(Read(proposed).Acts[^1].Proposed.Number, Second, Never);
        foreach (var resource in resources)
            await resource.Quiesce(Never);
        var points = new List<int>();
        foreach (var resource in resources)
            points.Add((await resource.ListPoints(Never)).Length);

        scene.Clock.Shift(TimeSpan.FromDays(45)); // longer than the retention of a month
        await scene.TenantGrain.SweepOverdue(Never);
        Assert.Contains("suspended", (await Assert.ThrowsAsync<NotPossibleNowException>(() => scene.RunAsync())).Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<NotPossibleNowException>(() => scene.Resource().ExpirePoints(Never));
        Assert.Equal(0, await scene.TenantGrain.SweepOverdue(Never));
        for (var at = 0; at < resources.Count; at++)
            Assert.Equal(points[at], (await resources[at].ListPoints(Never)).Length);

        await contract.LiftSuspension("Paid", First, Never);
        var gate = scene.Services.GetRequiredService<AdmissionGate>();
        for (var at = 0; at < resources.Count;)
        {
            Assert.InRange(gate.Overview().Running.Length, 0, 2);
            if ((await resources[at].ListRuns(Never))[0].Progress is { Outcome: not Domain.Runs.RunOutcome.Running } last && last.StartedAt > scene.Clock.GetUtcNow().AddDays(-1))
                at++;
            else
                await Hang.MomentAsync();
        }
        foreach (var resource in resources)
            Assert.Single(await resource.ListRuns(Never), run => run.Progress.StartedAt > scene.Clock.GetUtcNow().AddDays(-1)); // one each
    }

    [Fact]
    public async Task Trap_9_A_legal_hold_refuses_the_destruction_on_the_agreed_day_and_nothing_is_half_erased()
    {
        await using var scene = await ServiceScene.StartAsync(simulator, OneMailbox);
        await MadeAsync(scene, "accensys");
        await scene.UntilPointsAsync(1);
        var contract = scene.Grains.Contract(scene.Tenant);
        await Assert.ThrowsAsync<InvalidRequestException>(() => contract.ReceiveNotice(null, "stranger@example.nl", "Letter 1", First, Never));
        await contract.ReceiveNotice(null, Director, "Letter 1", First, Never);
        var ends = Read(await contract.ProcessNotice(First, Never));
        Assert.Contains((await scene.Grains.NoticeBook(scene.Tenant).ListNotices(null, 50, Never)).Notices, notice => notice.Dutch.AsPlain().Contains("opzegging", StringComparison.Ordinal));
        await Assert.ThrowsAsync<NotPossibleNowException>(() => scene.TenantGrain.StartDestruction(new($"destroy {scene.Tenant}", First, "Now"), Never)); // not before its day
        await contract.Confirm(Read(await contract.Propose(new(ActKind.End, "Notice"), First, Never)).Acts.Single().Proposed.Number, Second, Never);
        await scene.Resource().PlaceLegalHold(First, "Court order", Never);

        scene.Clock.Shift(TimeSpan.FromDays(ends.DestructionOn(Domain.Calendar.WorkingCalendar.Netherlands)!.Value.DayNumber - ContractCalendar.Amsterdam.DayOf(scene.Clock.GetUtcNow()).DayNumber));
        await contract.Attend(Never);

        var refused = await contract.Get(Never);
        Assert.Contains("legal hold", Read(refused).Refused!.Why, StringComparison.Ordinal);
        Assert.Contains(refused.Problems, problem => problem.Contains("legal hold", StringComparison.Ordinal));
        Assert.NotNull((await scene.TenantGrain.GetOverview(Never)).Problem);
        await Assert.ThrowsAsync<NotFoundException>(() => scene.TenantGrain.GetDestruction(Never));
        Assert.Empty((await scene.Resource().CheckVault(everyByte: true, Never)).Findings);
        await Assert.ThrowsAsync<NotPossibleNowException>(() => scene.RunAsync()); // the contract is over all the same

        await scene.Resource().LiftLegalHold(First, "Case closed", Never);
        while (Read(await contract.Get(Never)).Destroyed is null)
        {
            await contract.Attend(Never);
            await Hang.MomentAsync();
        }
        Assert.Equal($"{First} and {Second}", (await scene.TenantGrain.GetDestruction(Never)).Ordered.Who);
        Assert.False(Directory.Exists(Path.Combine(scene.Folder, "vault", scene.Tenant.ToString())) && Directory.EnumerateFiles(Path.Combine(scene.Folder, "vault", scene.Tenant.ToString()), "*", SearchOption.AllDirectories).Any());
        Assert.NotNull(await contract.GetTimeline(Never)); // what was agreed and done is kept
    }

    [Fact]
    public async Task Where_the_plan_says_the_Netherlands_a_store_elsewhere_is_refused_and_there_is_no_contract()
    {
        await using var scene = await ServiceScene.StartAsync(simulator, OneMailbox);
        await scene.OnboardAsync();
        await ContactsAsync(scene);
        await Assert.ThrowsAsync<InvalidRequestException>(() => scene.Grains.Contract(scene.Tenant).Make(Order("jp-ict"), First, Never));
        await Assert.ThrowsAsync<NotFoundException>(() => scene.Grains.Contract(scene.Tenant).Get(Never));
        Assert.Equal("plan", (await Assert.ThrowsAsync<InvalidRequestException>(() => scene.Grains.Contract(scene.Tenant).Make(Order("unknown"), First, Never))).Field);
    }

    [Fact]
    public async Task A_contract_brings_the_plan_to_the_tenant_and_its_days_survive_a_restart()
    {
        await using var scene = await ServiceScene.StartAsync(simulator, OneMailbox, behind: TimeSpan.FromDays(500));
        await scene.OnboardAsync(TenantSettings.Default with { Retention = RetentionRule.OfDays(10) });
        await ContactsAsync(scene);
        var start = ContractCalendar.Amsterdam.DayOf(scene.Clock.GetUtcNow()).AddDays(-10);
        var made = await scene.Grains.Contract(scene.Tenant).Make(Order("accensys") with { Start = start }, First, Never);
        var rules = Read(made).RulesOn(start, Domain.Calendar.WorkingCalendar.Netherlands);
        Assert.Equal(RetentionRule.OfDays(90), (await scene.TenantGrain.GetOverview(Never)).Settings.Retention);
        Assert.Contains(made.Problems, problem => problem.Contains("processing agreement", StringComparison.Ordinal));

        await scene.StopAsync();
        scene.Clock.Shift(TimeSpan.FromDays(rules.LastNoticeDay(rules.Term(0)).DayNumber - start.DayNumber - 15)); // five days before the last one for notice
        await scene.StartServiceAsync();
        await scene.Grains.Contract(scene.Tenant).Attend(Never);
        await scene.Grains.Contract(scene.Tenant).Attend(Never);

        Assert.Single((await scene.Grains.NoticeBook(scene.Tenant).ListNotices(null, 50, Never)).Notices, notice => notice.Notice.Key.Contains("will-renew", StringComparison.Ordinal));
    }

    [Fact]
    public void What_was_proposed_is_read_from_the_journal_as_it_was()
    {
        var settings = TenantSettings.Default with
        {
            Scope = TenantSettings.Default.Scope with { Excluded = ["id1"], Kinds = TenantSettings.Default.Scope.Kinds.Add(Domain.Identity.ResourceKind.Site, Domain.Scope.KindRule.Nothing) },
            Retention = RetentionRule.OfCalendarMonths(3) with { Keep = new(1, 2, 3) },
        };
        var details = new ActDetails(settings, new PlanOrder("jp-ict", new DateOnly(2026, 3, 1), [Anywhere], true, "Annex 2"), "{}");
        var read = ActDetails.Read(details.Write());
        Assert.Equal(details.Write(), read.Write());
        Assert.False(AgreedSettings.CanLose(settings, read.Settings!) || AgreedSettings.CanLose(read.Settings!, settings));
        Assert.Equal(settings.Retention, read.Settings!.Retention);
        Assert.Equal(settings.Window, read.Settings.Window);
    }

    private static Contract Read(ContractRecord record) => Contract.Of(record.Journal.Select(line => ContractJournal.Read(line).Event));

    private static ContractOrder Order(string plan, params PlanOverride[] overrides) =>
        new(plan, new DateOnly(2025, 7, 15), [.. overrides], ImmutableSortedDictionary<string, string>.Empty.Add("m365-service", "Contract M-1"), "Contract 2025-1");

    private static async Task MadeAsync(ServiceScene scene, string plan, params PlanOverride[] overrides)
    {
        var retention = plan == "jp-ict" ? RetentionRule.OfCalendarMonths(1) : RetentionRule.OfDays(90);
        await scene.OnboardAsync(TenantSettings.Default with { Retention = retention });
        await ContactsAsync(scene);
        await scene.Grains.Contract(scene.Tenant).Make(Order(plan, overrides), First, Never);
    }

    private static Task<ImmutableArray<Contact>> ContactsAsync(ServiceScene scene) => scene.Grains.NoticeBook(scene.Tenant).SetContacts(
        [new Contact("The director", Director, NoticeLanguage.Nl, [NoticeKind.ConsequenceAhead], [ContactAuthority.EndContract, ContactAuthority.ChangeScope])], Never);
}
