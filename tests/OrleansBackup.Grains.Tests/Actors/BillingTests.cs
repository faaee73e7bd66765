using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using OrleansBackup.Domain.Calendar;
using OrleansBackup.Domain.Contracts;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Invoicing;
using OrleansBackup.Domain.Metering;
using OrleansBackup.Domain.Schedule;
using OrleansBackup.Domain.Tests.Invoicing;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Billing;
using OrleansBackup.Grains.Billing;
using OrleansBackup.Grains.Tests.Given;
using Plain = OrleansBackup.Domain.Tests.Invoicing.Given;

namespace OrleansBackup.Grains.Tests.Actors;

/// <summary>Tenants tell billing by themselves, months close, and the documents are those of a plain calculation, numbered without a gap and never changed.</summary>
public sealed class BillingTests(SimulatorFixture simulator) : IClassFixture<SimulatorFixture>
{
    private static readonly CancellationToken Never = CancellationToken.None;

    /// <summary>As many as let two years pass in well under a minute.</summary>
    private const int TenantsOfAPlan = 5;

    internal static readonly Dictionary<string, string?> Provider = new()
    {
        ["Billing:Name"] = Plain.Provider.Name, ["Billing:Street"] = Plain.Provider.Street, ["Billing:City"] = Plain.Provider.City, ["Billing:PostalCode"] = Plain.Provider.PostalCode,
        ["Billing:Registration"] = Plain.Provider.Registration, ["Billing:Vat"] = Plain.Provider.Vat, ["Billing:Iban"] = Plain.Provider.Iban,
    };

    [Fact]
    public async Task A_discovery_tells_billing_who_was_there_with_what_each_mailbox_is_for()
    {
        await using var scene = await ServiceScene.StartAsync(simulator);
        await scene.OnboardAsync();

        var today = ContractCalendar.Amsterdam.DayOf(scene.Clock.GetUtcNow());
        var day = (await scene.Grains.Billing(scene.Tenant, CalendarMonth.Of(today)).GetUsage(Never)).On(today, new(false, false, false, true));

        Assert.True(day.Observed);
        Assert.Equal(2, day.Count);
        Assert.Single(day.Accounts, one => one.Reason == CountReason.SharedMailbox);
    }

    [Fact]
    public async Task Two_years_of_tenants_on_both_plans_give_the_documents_and_the_figures_of_reports_of_a_plain_calculation_without_a_gap_in_their_numbers()
    {
        var contracts = new SimulatedContracts();
        await using var scene = await StartAsync(contracts, SimulatedCustomer.First);
        foreach (var (list, percent) in new[] { ("accensys", 3.5m), ("jp-ict", 2.5m) })
            await scene.Grains.PriceBook().Index(list, new(2027, 1, 1), percent, "Costs", "the director", Never);
        var early = Enumerable.Range(1, 200).Select(seed => new SimulatedCustomer(seed)).Where(customer => customer.Start < new DateOnly(2026, 3, 1)).GroupBy(customer => customer.Plans[0].Plan);
        foreach (var customer in early.SelectMany(plan => plan.Take(TenantsOfAPlan)))
        {
            customer.Work.Clear();
            contracts.Customers.Add(new TenantId(Guid.NewGuid()), customer);
            await scene.Grains.BillingAccount(contracts.Customers.Last().Key).SetProfile(Plain.Customer, Never);
        }

        var figures = 0;
        var plain = contracts.Customers.ToDictionary(one => one.Key, one => new PlainBilling(one.Value));
        for (var (month, day) = (new CalendarMonth(2026, 1), SimulatedCustomer.First); month < new CalendarMonth(2028, 1); month = month.Next)
        {
            for (; day <= month.First; day = day.AddDays(1))
                foreach (var (tenant, customer) in contracts.Customers.Where(one => !one.Value.NotLooked.Contains(day)))
                    await scene.Grains.BillingAccount(tenant).TellUsage(ContractCalendar.Amsterdam.At(day, TimeSpan.FromHours(9)), [.. customer.SeenOn(day)], Never);
            contracts.Today = month.First;
            ClockTo(scene, ContractCalendar.Amsterdam.At(month.First, TimeSpan.FromHours(13)));
            foreach (var (tenant, customer) in contracts.Customers)
            {
                await scene.Grains.BillingAccount(tenant).BillWhatIsDue(Never);
                Assert.Equal(plain[tenant].Run(month.First).Gross, (await OwedOfAsync(scene, tenant, month)).Euros);
                var basis = await new MeteredBasisSource(contracts).OfAsync(scene.Grains, tenant, month.Previous, Never);
                if (plain[tenant].MostOfAWholeMonth(month.Previous.First, month.First) is { } most)
                    figures += basis!.Figure == most ? 1 : throw new InvalidOperationException($"The report of {month.Previous} over {tenant} says {basis.Figure} instead of {most}.");
                if (customer.Start > month.First)
                    continue;
                var order = await scene.Grains.WorkOrders(tenant).Open((WorkKind)(1 + (month.Number % 5)), month.ToString(), new("Werk", "Work"), null, Never);
                customer.Work.Add(await scene.Grains.WorkOrders(tenant).Close(order.Id, 10 * month.Number, month.Number % 4 != 0, Never));
            }
        }

        var book = await scene.Grains.InvoiceBook().List(null, Never);
        Assert.True(figures > 12 * TenantsOfAPlan, $"{figures} figures prove little.");
        Assert.True(book.Length > 15 * TenantsOfAPlan, $"{book.Length} documents prove little.");
        Assert.All(book.GroupBy(one => one.IssuedOn.Year), year => Assert.Equal(Enumerable.Range(1, year.Count()).Select(number => $"{year.Key}-{number:00000}"), year.Select(one => one.Number)));
        await StaysAsItIsAsync(scene, contracts, book);
    }

    [Fact]
    public async Task A_payment_is_booked_once_a_late_one_is_reminded_of_and_a_credit_note_takes_back()
    {
        var (contracts, tenant) = (new SimulatedContracts(), new TenantId(Guid.NewGuid()));
        contracts.Fixed = Plain.Contract("2026-02-01", null, ("2026-02-01", Plain.JpIct));
        await using var scene = await StartAsync(contracts, new(2026, 1, 20));
        var account = scene.Grains.BillingAccount(tenant);
        await account.TellUsage(ContractCalendar.Amsterdam.At(new(2026, 1, 31), TimeSpan.FromHours(9)), [.. Enumerable.Range(1, 10).Select(number => Plain.Member($"m{number}"))], Never);
        ClockTo(scene, ContractCalendar.Amsterdam.At(new(2026, 2, 1), TimeSpan.FromHours(13)));
        Assert.Contains("profile", (await account.BillWhatIsDue(Never)).Problem, StringComparison.Ordinal);
        Assert.Empty(await scene.Grains.InvoiceBook().List(tenant, Never));
        await account.SetProfile(Plain.Customer, Never);
        var number = Assert.Single((await account.BillWhatIsDue(Never)).Invoices).Number; // 10 users for 11 months at 3 euros: 330, with VAT 399.30

        var book = scene.Grains.InvoiceBook();
        var payment = new Payment("bank-1", number, new(2026, 2, 10), Money.Exactly(100m), "the bookkeeper");
        await book.Pay(tenant, payment, Never);
        await book.Pay(tenant, payment, Never);
        await Assert.ThrowsAsync<InvalidRequestException>(() => book.Pay(tenant, payment with { Amount = Money.Exactly(99m) }, Never));
        await Assert.ThrowsAsync<NotFoundException>(() => book.Pay(new TenantId(Guid.NewGuid()), payment with { Id = "bank-2" }, Never));
        Assert.Equal(Money.Exactly(100m), (await account.GetLiability(new(2026, 5, 9), 3, Never)).Paid);
        Assert.Equal(Money.Zero, (await account.GetLiability(new(2026, 5, 10), 3, Never)).Paid);

        Assert.Empty(await book.ListOverdue(new(2026, 2, 15), tenant, Never));
        Assert.Equal(Money.Exactly(299.30m), Assert.Single(await book.ListOverdue(new(2026, 2, 16), tenant, Never)).Open);

        var issued = await account.GetDocument(number, Never);
        await Assert.ThrowsAsync<InvalidRequestException>(() => account.Credit(number, [new(1, 111)], "too much", "the director", Never));
        var note = InvoiceFile.Read((await account.Credit(number, [new(1, 11)], "one user less", "the director", Never)).Json);
        Assert.Equal((DocumentKind.CreditNote, Money.Exactly(39.93m), number), (note.Kind, note.Gross, note.Corrects!.Invoice));
        Assert.Equal(Money.Exactly(259.37m), Assert.Single(await book.ListOverdue(new(2026, 2, 16), tenant, Never)).Open);
        Assert.Equal(issued, await account.GetDocument(number, Never));
    }

    private Task<ServiceScene> StartAsync(SimulatedContracts contracts, DateOnly day) => ServiceScene.StartAsync(simulator, services: services => services.AddSingleton<IContractTimelines>(contracts),
        settings: Provider, behind: TimeProvider.System.GetUtcNow() - ContractCalendar.Amsterdam.At(day, TimeSpan.Zero));

    private static void ClockTo(ServiceScene scene, DateTimeOffset at) => scene.Clock.Shift(at - scene.Clock.GetUtcNow());

    private static async Task<Money> OwedOfAsync(ServiceScene scene, TenantId tenant, CalendarMonth month) => Money.Sum((await scene.Grains.Billing(tenant, month).ListDocuments(Never)).Select(one => InvoiceFile.Read(one.Json).Owed));

    /// <summary>A restart, and asking again, make nothing new and change no byte.</summary>
    private static async Task StaysAsItIsAsync(ServiceScene scene, SimulatedContracts contracts, ImmutableArray<BookedInvoice> book)
    {
        await scene.StopAsync();
        await scene.StartServiceAsync();
        foreach (var tenant in contracts.Customers.Keys)
            await scene.Grains.BillingAccount(tenant).BillWhatIsDue(Never);
        Assert.Equal(book.Select(one => (one.Number, one.Sha256)), (await scene.Grains.InvoiceBook().List(null, Never)).Select(one => (one.Number, one.Sha256)));
        foreach (var one in book)
            Assert.Equal(one.Sha256, InvoiceFile.HashOf((await scene.Grains.BillingAccount(one.Tenant).GetDocument(one.Number, Never)).Json));
    }

    private sealed class SimulatedContracts : IContractTimelines
    {
        public Dictionary<TenantId, SimulatedCustomer> Customers { get; } = [];

        public ContractTimeline? Fixed { get; set; }

        public DateOnly Today { get; set; } = SimulatedCustomer.First;

        public Task<ContractTimeline?> OfAsync(TenantId tenant, CancellationToken cancellation) => Task.FromResult(
            Fixed ?? (Customers.TryGetValue(tenant, out var customer) && customer.Plans[0].KnownOn <= Today ? customer.ContractKnownOn(Today) : null));
    }
}
