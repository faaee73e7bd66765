using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using OrleansBackup.Domain.Calendar;
using OrleansBackup.Domain.Contracts;
using OrleansBackup.Domain.Invoicing;
using OrleansBackup.Domain.Notices;
using OrleansBackup.Domain.Plans;
using OrleansBackup.Domain.Retention;
using OrleansBackup.Domain.Schedule;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Billing;
using OrleansBackup.GrainInterfaces.Contracts;
using OrleansBackup.GrainInterfaces.Notices;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.GrainInterfaces.Tenants;
using OrleansBackup.Grains.Tests.Given;
using OrleansBackup.GraphSimulator.Generation;
using OrleansBackup.Vault;
using OrleansBackup.Vault.Stores;
using Plain = OrleansBackup.Domain.Tests.Invoicing.Given;

namespace OrleansBackup.Grains.Tests.Actors;

/// <summary>What a business has to keep outlives the database, and its customer's data outlives nothing.</summary>
public sealed class LedgerRecoveryTests(SimulatorFixture simulator) : IClassFixture<SimulatorFixture>
{
    private const string First = "first-key", Second = "second-key", Director = "person1@example.nl";
    private static readonly CancellationToken Never = CancellationToken.None;
    private static readonly TenantRecipe Small = new() { Users = 2, MessagesPerMailbox = 5 };

    [Fact]
    public async Task With_the_database_lost_documents_payments_prices_contract_lists_work_and_reports_come_back_byte_for_byte_and_the_numbers_go_on()
    {
        await using var scene = await ServiceScene.StartAsync(simulator, Small, settings: BillingTests.Provider);
        await MadeAsync(scene);
        await scene.UntilPointsAsync(1);
        var contract = scene.Grains.Contract(scene.Tenant);
        var prices = await scene.Grains.PriceBook().Index("accensys", Today(scene).AddDays(40), 3.5m, "Costs", "the director", Never);
        await BilledAsync(scene, months: 2);
        var book = scene.Grains.InvoiceBook();
        var number = (await book.List(null, Never))[0].Number;
        await book.Pay(scene.Tenant, new("bank 1/ä", number, Today(scene), Money.Exactly(1.50m), "the bookkeeper"), Never);
        await scene.Grains.BillingAccount(scene.Tenant).Credit(number, [new(1, 1)], "one user less", "the director", Never);
        var order = await scene.Grains.WorkOrders(scene.Tenant).Open(WorkKind.Change, "change/1", new("Wijziging", "Change"), null, Never);
        await scene.Grains.WorkOrders(scene.Tenant).Close(order.Id, 30, delivered: true, Never);
        var proposed = await contract.Propose(new ActOrder(ActKind.Settings, "He asks for it") { Settings = TenantSettings.Default with { Retention = RetentionRule.OfDays(20) } }, First, Never);
        var month = CalendarMonth.Of(Today(scene)).Previous;
        await scene.Grains.MonthlyReport(scene.Tenant, month).Make(Never);
        await scene.Grains.MonthlyReport(scene.Tenant, month).Confirm("the director", First, "", Never);
        var before = await KeptAsync(scene, month);
        Assert.True(before.Length > 8, string.Join('\n', before));
        await scene.StopAsync();
        RecoveryTests.LoseTheDatabase(scene);
        await scene.StartServiceAsync();
        Assert.Empty(await scene.Grains.InvoiceBook().List(null, Never));

        Assert.Empty((await RecoveredAsync(scene)).Problems);

        Assert.Equal(before, await KeptAsync(scene, month));
        Assert.Contains(month, await scene.TenantGrain.ListReports(Never));
        Assert.Equal(prices.Versions.Length, (await scene.Grains.PriceBook().List(Never)).First(list => list.Id == "accensys").Versions.Length);
        Assert.Equal(ConsequencesOf(proposed), Domain.Contracts.Consequences.ConsequenceList.HashOf(await scene.Grains.Contract(scene.Tenant).ReadConsequences(1, Never)));
        await scene.Grains.BillingAccount(scene.Tenant).BillWhatIsDue(Never);
        Assert.Equal(before, await KeptAsync(scene, month)); // nothing is charged again
        await BilledAsync(scene, months: 1);
        var numbers = (await scene.Grains.InvoiceBook().List(null, Never)).Select(one => one.Number).ToList();
        Assert.All(numbers.GroupBy(one => one[..4]), year => Assert.Equal(Enumerable.Range(1, year.Count()).Select(one => $"{year.Key}-{one:00000}"), year));
        Assert.Equal(4, numbers.Count);
        await scene.Grains.Contract(scene.Tenant).Confirm(1, Second, Never); // goes on where it stood
    }

    [Fact]
    public async Task When_a_customer_is_destroyed_his_data_and_key_are_gone_and_his_invoices_and_contract_outlive_the_database_too()
    {
        await using var scene = await ServiceScene.StartAsync(simulator, Small, settings: BillingTests.Provider);
        await MadeAsync(scene);
        await scene.UntilPointsAsync(1);
        var contract = scene.Grains.Contract(scene.Tenant);
        await BilledAsync(scene, months: 1);
        await contract.ReceiveNotice(null, Director, "Letter 1", First, Never);
        var ends = Read(await contract.ProcessNotice(First, Never));
        await contract.Confirm(Read(await contract.Propose(new(ActKind.End, "Notice"), First, Never)).Acts.Single().Proposed.Number, Second, Never);
        scene.Clock.Shift(TimeSpan.FromDays(ends.DestructionOn(WorkingCalendar.Netherlands)!.Value.DayNumber - Today(scene).DayNumber));
        while (Read(await contract.Get(Never)).Destroyed is null)
        {
            await contract.Attend(Never);
            await Hang.MomentAsync();
        }
        var (invoices, journal) = (await InvoicesAsync(scene), (await contract.Get(Never)).Journal);
        Assert.NotEmpty(invoices);
        Assert.Empty(Directory.Exists(Of(scene)) ? Directory.GetFiles(Of(scene), "*", SearchOption.AllDirectories) : []);
        await scene.StopAsync();
        RecoveryTests.LoseTheDatabase(scene);
        await scene.StartServiceAsync();

        Assert.Empty((await RecoveredAsync(scene)).Problems);

        Assert.Equal(invoices, await InvoicesAsync(scene));
        Assert.Equal<string>(journal, (await scene.Grains.Contract(scene.Tenant).Get(Never)).Journal);
        Assert.Empty(await scene.Grains.Provider().ListTenants(Never));
    }

    [Fact]
    public async Task A_document_missing_from_the_ledger_is_told_and_the_rest_comes_back()
    {
        await using var scene = await ServiceScene.StartAsync(simulator, Small, settings: BillingTests.Provider);
        await MadeAsync(scene);
        await scene.Grains.PriceBook().Index("accensys", Today(scene).AddDays(400), 3.5m, "Costs", "the director", Never);
        await BilledAsync(scene, months: 4);
        var invoices = await InvoicesAsync(scene);
        var gone = (await scene.Grains.InvoiceBook().List(null, Never))[^2].Number; // three are issued within one year at least, or it is the last of a year
        await scene.StopAsync();
        RecoveryTests.LoseTheDatabase(scene);
        Directory.Delete(Path.Combine(scene.Folder, "vault", "provider", "ledger", "invoices", gone), recursive: true);
        foreach (var file in Directory.GetFiles(Path.Combine(scene.Folder, "vault", "provider", "ledger", "prices"), "*", SearchOption.AllDirectories))
            File.WriteAllBytes(file, [1, 2, 3]);
        await scene.StartServiceAsync();

        var problems = (await RecoveredAsync(scene)).Problems;

        Assert.Contains(problems, problem => problem.Contains(gone, StringComparison.Ordinal));
        Assert.Contains(problems, problem => problem.Contains("prices/", StringComparison.Ordinal));
        Assert.Equal(invoices.Where(one => !one.StartsWith(gone, StringComparison.Ordinal)), await InvoicesAsync(scene));
    }

    [Fact]
    public async Task While_the_store_cannot_be_written_nothing_is_issued_or_paid_and_the_contract_says_what_is_not_kept_yet()
    {
        var isDown = false;
        await using var scene = await ServiceScene.StartAsync(simulator, Small, settings: BillingTests.Provider, services: services =>
            services.AddSingleton<IBlobStore>(provider => new HookedBlobStore(new FolderBlobStore(Path.Combine(provider.GetRequiredService<Microsoft.Extensions.Options.IOptions<Grains.Composition.DataOptions>>().Value.Folder, "vault")))
            {
                BeforePut = name => isDown && name.Value.StartsWith("provider/", StringComparison.Ordinal) ? throw new StoreUnavailableException("test", "it is down") : Task.CompletedTask,
            }));
        await MadeAsync(scene);
        await BilledAsync(scene, months: 1);
        var number = Assert.Single(await scene.Grains.InvoiceBook().List(null, Never)).Number;
        isDown = true;

        await Assert.ThrowsAsync<VaultUnavailableException>(() => BilledAsync(scene, months: 1));
        Assert.Single(await scene.Grains.InvoiceBook().List(null, Never));
        await Assert.ThrowsAsync<VaultUnavailableException>(() => scene.Grains.InvoiceBook().Pay(scene.Tenant, new("bank-1", number, Today(scene), Money.Exactly(1m), "b"), Never));
        Assert.Empty(await scene.Grains.InvoiceBook().ListPayments(null, Never));
        await Assert.ThrowsAsync<VaultUnavailableException>(() => scene.Grains.PriceBook().Index("accensys", Today(scene).AddDays(40), 3.5m, "Costs", "the director", Never));
        var told = await scene.Grains.Contract(scene.Tenant).KeepProcessingAgreement(Today(scene), "Drawer 4", First, Never);
        Assert.Contains(told.Problems, problem => problem.Contains("not written beside the backups", StringComparison.Ordinal));

        isDown = false;
        await scene.Grains.BillingAccount(scene.Tenant).BillWhatIsDue(Never);
        await scene.Grains.Contract(scene.Tenant).Attend(Never);
        Assert.Equal(2, (await scene.Grains.InvoiceBook().List(null, Never)).Length);
        Assert.DoesNotContain((await scene.Grains.Contract(scene.Tenant).Get(Never)).Problems, problem => problem.Contains("not written beside the backups", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Who_was_reminded_of_an_invoice_is_not_reminded_of_the_same_again_after_the_loss_of_the_database()
    {
        await using var scene = await ServiceScene.StartAsync(simulator, Small, settings: BillingTests.Provider);
        await MadeAsync(scene);
        await BilledAsync(scene, months: 1);
        var invoice = Assert.Single(await scene.Grains.InvoiceBook().List(null, Never));
        scene.Clock.Shift(ContractCalendar.Amsterdam.At(invoice.DueOn.AddDays(invoice.ReminderDays[0]), TimeSpan.FromHours(15)) - scene.Clock.GetUtcNow());
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(120));
        while (!(await AccountAsync()).Contains($"\"reminded\":{{\"{invoice.Number}\":1}}", StringComparison.Ordinal))
            await Task.Delay(5, patience.Token); // the account's own tick tells it
        var before = await AccountAsync();
        await scene.StopAsync();
        RecoveryTests.LoseTheDatabase(scene);
        await scene.StartServiceAsync();
        Assert.Empty((await RecoveredAsync(scene)).Problems);

        await scene.Grains.BillingAccount(scene.Tenant).BillWhatIsDue(Never); // writes down how the account stands

        Assert.Equal(before, await AccountAsync());

        async Task<string> AccountAsync() => (await scene.Services.GetRequiredService<Ledger.Ledgers>().ReadAsync(Ledger.LedgerNames.Account(scene.Tenant), Never))!.Text;
    }

    [Fact]
    public async Task An_invoice_that_was_entered_just_before_everything_was_lost_is_known_from_itself_and_neither_its_days_nor_its_work_are_charged_again()
    {
        var isDown = false;
        await using var scene = await ServiceScene.StartAsync(simulator, Small, settings: BillingTests.Provider, services: services =>
            services.AddSingleton<IBlobStore>(provider => new HookedBlobStore(new FolderBlobStore(Path.Combine(provider.GetRequiredService<Microsoft.Extensions.Options.IOptions<Grains.Composition.DataOptions>>().Value.Folder, "vault")))
            {
                BeforePut = name => isDown && name.Value.Contains("/ledger/work", StringComparison.Ordinal) ? throw new StoreUnavailableException("test", "it is down") : Task.CompletedTask,
            }));
        await MadeAsync(scene);
        await BilledAsync(scene, months: 1);
        var order = await scene.Grains.WorkOrders(scene.Tenant).Open(WorkKind.Change, "change/1", new("Wijziging", "Change"), null, Never);
        await scene.Grains.WorkOrders(scene.Tenant).Close(order.Id, 30, delivered: true, Never);
        isDown = true;
        await Assert.ThrowsAsync<VaultUnavailableException>(() => BilledAsync(scene, months: 1)); // the document is entered; who does not know of it are the work, the book and the account
        Assert.Single(await scene.Grains.InvoiceBook().List(null, Never));
        await scene.StopAsync();
        RecoveryTests.LoseTheDatabase(scene);
        isDown = false;
        await scene.StartServiceAsync();

        Assert.Empty((await RecoveredAsync(scene)).Problems);
        await scene.Grains.BillingAccount(scene.Tenant).BillWhatIsDue(Never);

        var booked = await scene.Grains.InvoiceBook().List(null, Never);
        Assert.Equal(2, booked.Length);
        Assert.Equal(booked[1].Number, Assert.Single(await scene.Grains.WorkOrders(scene.Tenant).List(Never)).Invoice);
        var charged = (await scene.Grains.BillingAccount(scene.Tenant).GetStanding(Never)).Charged;
        Assert.Equal(booked.Select(one => one.Number), charged.Select(one => one.Invoice));
    }

    private static string Of(ServiceScene scene) => Path.Combine(scene.Folder, "vault", scene.Tenant.ToString());

    private static DateOnly Today(ServiceScene scene) => ContractCalendar.Amsterdam.DayOf(scene.Clock.GetUtcNow());

    private static Contract Read(ContractRecord record) => Contract.Of(record.Journal.Select(line => ContractJournal.Read(line).Event));

    private static string ConsequencesOf(ContractRecord record) => Read(record).Acts.Single().Proposed.ListHash;

    internal static async Task MadeAsync(ServiceScene scene, string plan = "accensys", params PlanOverride[] overrides)
    {
        await scene.OnboardAsync();
        await scene.Grains.NoticeBook(scene.Tenant).SetContacts([new Contact("Person", Director, NoticeLanguage.Nl, [NoticeKind.ConsequenceAhead, NoticeKind.ContractNews], [ContactAuthority.EndContract])], Never);
        await scene.Grains.Contract(scene.Tenant).Make(new ContractOrder(plan, Today(scene), [.. overrides], ImmutableSortedDictionary<string, string>.Empty.Add("m365-service", "Contract 7"), "Contract 1"), First, Never);
        await scene.Grains.BillingAccount(scene.Tenant).SetProfile(Plain.Customer, Never);
    }

    /// <summary>Somebody looks on a day of each month, and each is billed on the first of the next.</summary>
    internal static async Task BilledAsync(ServiceScene scene, int months)
    {
        for (var at = 0; at < months; at++)
        {
            await scene.Grains.BillingAccount(scene.Tenant).TellUsage(scene.Clock.GetUtcNow(), [Plain.Member("m1"), Plain.Member("m2")], Never);
            scene.Clock.Shift(ContractCalendar.Amsterdam.At(CalendarMonth.Of(Today(scene)).Next.First, TimeSpan.FromHours(13)) - scene.Clock.GetUtcNow());
            await scene.Grains.BillingAccount(scene.Tenant).BillWhatIsDue(Never);
        }
    }

    private static async Task<string[]> InvoicesAsync(ServiceScene scene)
    {
        var documents = new List<string>();
        foreach (var one in await scene.Grains.InvoiceBook().List(scene.Tenant, Never))
            documents.Add($"{one.Number} {one.Sha256} {one.Owed} {one.DueOn} {one.Corrects} {(await scene.Grains.BillingAccount(scene.Tenant).GetDocument(one.Number, Never)).Json}");
        return [.. documents];
    }

    /// <summary>Everything that must be the same afterwards, line by line.</summary>
    internal static async Task<string[]> KeptAsync(ServiceScene scene, CalendarMonth month)
    {
        var account = scene.Grains.BillingAccount(scene.Tenant);
        var (standing, report) = (await account.GetStanding(Never), await scene.Grains.MonthlyReport(scene.Tenant, month).Read(Never));
        return
        [
            .. await InvoicesAsync(scene),
            .. (await scene.Grains.InvoiceBook().ListPayments(null, Never)).Select(one => one.ToString()),
            .. standing.Charged.Select(one => one.ToString()), $"closed until {standing.ClosedUntil}", $"{await account.GetProfile(Never)}",
            .. (await scene.Grains.Contract(scene.Tenant).Get(Never)).Journal,
            .. (await scene.Grains.WorkOrders(scene.Tenant).List(Never)).Select(one => one.ToString()),
            $"{(await scene.Grains.Billing(scene.Tenant, month).GetUsage(Never)).Accounts.Length} accounts", report.Text, $"{report.Summary}",
        ];
    }

    internal static async Task<ProviderJobStatus> RecoveredAsync(ServiceScene scene)
    {
        using var patience = new CancellationTokenSource(Hang.Limit);
        var job = await scene.Grains.Provider().StartRecovery("robin", "The disk is gone.", patience.Token);
        for (; job.IsOpen; job = await scene.Grains.Provider().GetRecovery(patience.Token))
            patience.Token.ThrowIfCancellationRequested();
        return job;
    }
}
