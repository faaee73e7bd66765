using System.Collections.Immutable;
using OrleansBackup.Domain.Calendar;
using OrleansBackup.Domain.Contracts;
using OrleansBackup.Domain.Invoicing;
using OrleansBackup.Domain.Notices;
using OrleansBackup.Domain.Reports;
using OrleansBackup.Domain.Retention;
using OrleansBackup.Domain.Schedule;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Billing;
using OrleansBackup.GrainInterfaces.Contracts;
using OrleansBackup.GrainInterfaces.Rehearsals;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.GrainInterfaces.Restores;
using OrleansBackup.GrainInterfaces.Tenants;
using OrleansBackup.Grains.Tests.Given;
using OrleansBackup.GraphSimulator.Generation;
using Plain = OrleansBackup.Domain.Tests.Invoicing.Given;

namespace OrleansBackup.Grains.Tests.Actors;

/// <summary>The parts of the service know of each other: what one does stands in the report, the work orders and the recovery of another.</summary>
public sealed class ServiceWiringTests(SimulatorFixture simulator) : IClassFixture<SimulatorFixture>
{
    private const string Operator = "first-key", Director = "person1@example.nl";
    private static readonly CancellationToken Never = CancellationToken.None;
    private static readonly ContractCalendar Calendar = ContractCalendar.Amsterdam;

    [Fact]
    public async Task A_report_tells_the_basis_of_the_invoice_with_its_names_and_what_was_restored_and_rehearsed()
    {
        await using var scene = await ServiceScene.StartAsync(simulator);
        await MadeAsync(scene);
        await scene.UntilPointsAsync(1);
        var restored = await scene.RestoreAsync(new RestoreRequest(new RestorePointId(scene.Mailbox(), (await scene.Resource().ListPoints(Never))[0].Sequence), RestoreSelection.All, null, [], ConflictPolicy.Skip, "test") { CustomerRequest = Guid.NewGuid() });
        var own = await HeldAsync(scene.Grains.Rehearsals(scene.Tenant), 20);
        var estate = await HeldAsync(scene.Grains.Rehearsals(), null);
        var today = Calendar.DayOf(scene.Clock.GetUtcNow());

        var reading = await scene.Grains.MonthlyReport(scene.Tenant, CalendarMonth.Of(today)).Read(Never);
        var report = new FrozenReport(reading.Text, reading.Sha256).Thaw();

        Assert.Equal((2, new DayCount(today, 2)), (report.Billing!.Figure, report.Billing.Days[^1])); // the shared mailbox is no user
        Assert.Equal(2, report.Billing.Accounts.Length);
        Assert.All(report.Billing.Accounts, account => Assert.Contains("@", account.Address, StringComparison.Ordinal));
        Assert.Equal(restored.Restored, Assert.Single(report.Restores).Restored);
        Assert.Equal([(false, estate.Drawn, $"rehearsals/{estate.Name}/record"), (true, own.Drawn, $"tenants/{scene.Tenant}/rehearsals/{own.Name}/record")],
            report.Rehearsals.OrderBy(line => line.IsOfThisTenant).Select(line => (line.IsOfThisTenant, line.Items, line.Record)));
        Assert.Equal(50, estate.Minimum); // as the plan promises
    }

    [Fact]
    public async Task A_change_with_work_and_a_rehearsal_on_request_close_their_work_orders_by_themselves()
    {
        await using var scene = await ServiceScene.StartAsync(simulator, new TenantRecipe { Users = 1, MessagesPerMailbox = 5 });
        await MadeAsync(scene);
        await scene.UntilPointsAsync(1);
        var contract = scene.Grains.Contract(scene.Tenant);
        foreach (var what in new[] { "Another mailbox", "No work at all", "Refused" })
            await contract.RequestChange(ChangeKind.Add, what, null, Director, Operator, Never);
        var today = Calendar.DayOf(scene.Clock.GetUtcNow());
        await Assert.ThrowsAsync<InvalidRequestException>(() => contract.CloseChange(1, today, "Done", 0, Operator, Never));
        await contract.CloseChange(1, today, "Done", 25, Operator, Never);
        await contract.CloseChange(2, today, "Done", null, Operator, Never);
        await contract.CloseChange(3, null, "Not possible", 10, Operator, Never);
        await Assert.ThrowsAsync<NotPossibleNowException>(() => contract.CloseChange(1, today, "Again", 30, Operator, Never));
        var held = await HeldAsync(scene.Grains.Rehearsals(scene.Tenant), 5);

        var orders = await scene.Grains.WorkOrders(scene.Tenant).List(Never);

        Assert.Equal([("contract/0/changes/1", 25, true), ("contract/0/changes/3", 10, false)],
            orders.Where(order => order.Kind == WorkKind.Change).Select(order => (order.Subject, order.Closing!.Minutes, order.Closing.Delivered)).Order());
        var rehearsal = Assert.Single(orders, order => order.Kind == WorkKind.Rehearsal);
        Assert.Equal((held.WorkOrder, true), (rehearsal.Id, rehearsal.Closing!.Delivered));
        Assert.Equal((int)Math.Ceiling((held.EndedAt!.Value - held.Ordered.At).TotalMinutes), rehearsal.Closing.Minutes);
    }

    [Fact]
    public async Task A_lost_database_does_not_lose_the_contract()
    {
        await using var scene = await ServiceScene.StartAsync(simulator, new TenantRecipe { Users = 1, MessagesPerMailbox = 5 });
        await MadeAsync(scene);
        await scene.UntilPointsAsync(1);
        var contract = scene.Grains.Contract(scene.Tenant);
        await contract.ReceiveNotice(null, Director, "Letter 1", Operator, Never);
        await contract.ProcessNotice(Operator, Never);
        await contract.Attend(Never);
        var before = await contract.Get(Never);
        await scene.StopAsync();
        RecoveryTests.LoseTheDatabase(scene);
        await scene.StartServiceAsync();

        await scene.Grains.Provider().StartRecovery("robin", "The disk is gone.", Never);
        ProviderJobStatus job;
        while ((job = await scene.Grains.Provider().GetRecovery(Never)).IsOpen)
            await Hang.MomentAsync();
        Assert.Empty(job.Problems);

        Assert.Equal<string>(before.Journal, (await scene.Grains.Contract(scene.Tenant).Get(Never)).Journal);
        await scene.Grains.Contract(scene.Tenant).Attend(Never);
        var again = Contract.Of((await scene.Grains.Contract(scene.Tenant).Get(Never)).Journal.Select(line => ContractJournal.Read(line).Event));
        Assert.NotNull(again.Notice!.EndsOn);
        Assert.Contains("contract", (await Assert.ThrowsAsync<NotPossibleNowException>(
            () => scene.TenantGrain.ChangeSettings(TenantSettings.Default with { Retention = RetentionRule.OfDays(30) }, Never))).Message, StringComparison.Ordinal); // it protects as it did
    }

    [Fact]
    public async Task With_the_tenant_the_names_behind_the_counts_go_once_the_last_invoice_is_issued_and_the_invoices_stay()
    {
        await using var scene = await ServiceScene.StartAsync(simulator, new TenantRecipe { Users = 1, MessagesPerMailbox = 5 }, settings: new(BillingTests.Provider), behind: TimeSpan.FromDays(400));
        var start = CalendarMonth.Of(Calendar.DayOf(scene.Clock.GetUtcNow())).Next;
        scene.Clock.Shift(start.Begins(Calendar).AddDays(3) - scene.Clock.GetUtcNow());
        await MadeAsync(scene, start.First.AddDays(-40));
        await scene.UntilPointsAsync(1);
        var account = scene.Grains.BillingAccount(scene.Tenant);
        await account.SetProfile(Plain.Customer, Never);
        await account.BillWhatIsDue(Never);
        var contract = scene.Grains.Contract(scene.Tenant);
        await contract.ReceiveNotice(null, Director, "Letter 1", Operator, Never);
        await contract.ProcessNotice(Operator, Never);
        var end = (await contract.GetTimeline(Never))!.End!.Value;

        await account.End(Never); // the tenant goes before its last month is invoiced
        Assert.NotEqual("", await NameAsync());
        scene.Clock.Shift(CalendarMonth.Of(end).Ends(Calendar).AddHours(13) - scene.Clock.GetUtcNow());
        var standing = await account.BillWhatIsDue(Never);

        Assert.Equal("", await NameAsync());
        var usage = await scene.Grains.Billing(scene.Tenant, start).GetUsage(Never);
        Assert.Equal(1, usage.CountOn(start.First.AddDays(3), new(false, false, false, true))); // how many there were is kept
        Assert.NotEmpty(standing.Invoices);
        foreach (var place in standing.Invoices)
            Assert.Contains(Plain.Customer.Customer.Name, InvoiceFile.Read((await account.GetDocument(place.Number, Never)).Json).Customer.Name, StringComparison.Ordinal);

        async Task<string> NameAsync() => (await scene.Grains.Billing(scene.Tenant, start).GetUsage(Never)).Accounts[0].Account.Name;
    }

    [Fact]
    public async Task A_destroyed_tenant_leaves_no_names_in_its_billing()
    {
        await using var scene = await ServiceScene.StartAsync(simulator, new TenantRecipe { Users = 1, MessagesPerMailbox = 5 });
        await scene.OnboardAsync();
        await scene.UntilPointsAsync(1);
        var month = CalendarMonth.Of(Calendar.DayOf(scene.Clock.GetUtcNow()));
        Assert.NotEqual("", (await scene.Grains.Billing(scene.Tenant, month).GetUsage(Never)).Accounts[0].Account.Name);
        await scene.TenantGrain.StartDestruction(new($"destroy {scene.Tenant}", Operator, "The contract ended."), Never);
        while ((await scene.TenantGrain.GetDestruction(Never)).IsOpen)
            await Hang.MomentAsync();

        Assert.All((await scene.Grains.Billing(scene.Tenant, month).GetUsage(Never)).Accounts, one => Assert.Equal(("", ""), (one.Account.Name, one.Account.Address)));
    }

    private static async Task MadeAsync(ServiceScene scene, DateOnly? start = null)
    {
        await scene.OnboardAsync(TenantSettings.Default with { Retention = RetentionRule.OfDays(90) });
        await scene.Grains.NoticeBook(scene.Tenant).SetContacts(
            [new Contact("The director", Director, NoticeLanguage.Nl, [NoticeKind.ConsequenceAhead], [ContactAuthority.EndContract, ContactAuthority.ChangeScope])], Never);
        await scene.Grains.Contract(scene.Tenant).Make(new("accensys", start ?? new DateOnly(2025, 7, 15), [], ImmutableSortedDictionary<string, string>.Empty.Add("m365-service", "Contract M-1"), "Contract 2025-1"), Operator, Never);
    }

    private static async Task<RehearsalListing> HeldAsync(IRehearsalGrain book, int? minimum)
    {
        using var patience = new CancellationTokenSource(Hang.Limit);
        var begun = await book.Begin(Operator, "to see it", minimum, Never);
        while (true)
        {
            if (await book.Get(begun.Name, patience.Token) is { Stage: RehearsalStage.Done } ended)
                return ended;
            await Hang.MomentAsync(patience.Token);
        }
    }
}
