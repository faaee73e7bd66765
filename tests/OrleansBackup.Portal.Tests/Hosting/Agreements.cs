using System.Collections.Immutable;
using NSubstitute;
using NSubstitute.Extensions;
using Orleans;
using OrleansBackup.Domain.Access;
using OrleansBackup.Domain.Contracts;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Invoicing;
using OrleansBackup.Domain.Metering;
using OrleansBackup.Domain.Notices;
using OrleansBackup.Domain.Plans;
using OrleansBackup.Domain.Calendar;
using OrleansBackup.GrainInterfaces.Access;
using OrleansBackup.GrainInterfaces.Billing;
using OrleansBackup.GrainInterfaces.Contracts;
using OrleansBackup.GrainInterfaces.Notices;
using OrleansBackup.GrainInterfaces.Reports;
using OrleansBackup.GrainInterfaces.Tenants;

namespace OrleansBackup.Portal.Tests.Hosting;

/// <summary>A contract with something that waits for a second person, users of a month, an invoice, reports, contacts and keys.</summary>
internal sealed class Agreements
{
    public static readonly PlanCatalog Plans = PlanCatalog.Read([Path.Combine(AppContext.BaseDirectory, "plans")], out _);

    private static readonly CalendarMonth Month = CalendarMonth.Of(Estate.Today);

    public IContractGrain Contract { get; } = Substitute.For<IContractGrain>();

    public IMonthlyReportGrain Report { get; } = Substitute.For<IMonthlyReportGrain>();

    public IWorkOrderBookGrain Work { get; } = Substitute.For<IWorkOrderBookGrain>();

    public IAccessKeyBookGrain Keys { get; } = Substitute.For<IAccessKeyBookGrain>();

    public static ContractRecord Record
    {
        get
        {
            var made = ContractDecisions.Make(new DateOnly(2025, 6, 1), PlanFile.Write(Plans.Find("accensys")!), [], ImmutableSortedDictionary<string, string>.Empty.Add("m365-service", "Contract M-1"), "Contract 2025-1");
            var proposed = new ActProposed(1, ActKind.Suspend, "{}", $"Not paid {Estate.HostileName}", 12, 640, Estate.Today.AddDays(3), Estate.Today.AddDays(80), "hash", "notice");
            return new ContractRecord([.. new ContractEvent[] { made, proposed }.Select((one, at) => ContractJournal.Write(new(at + 1, Estate.Now.AddDays(-40 + at), "jo@provider.example", one)))], Estate.Today, ["The processing agreement is not signed."]);
        }
    }

    private static CancellationToken Any => PortalWorld.Any;

    public void Teach(PortalWorld world)
    {
        var (billing, account, book, prices) = (Substitute.For<IBillingGrain>(), Substitute.For<IBillingAccountGrain>(), Substitute.For<IInvoiceBookGrain>(), Substitute.For<IPriceBookGrain>());
        world.Grains.GetGrain<IContractGrain>(Arg.Any<string>()).Returns(Contract);
        world.Grains.GetGrain<IBillingGrain>(Arg.Any<string>()).Returns(billing);
        world.Grains.GetGrain<IBillingAccountGrain>(Arg.Any<string>()).Returns(account);
        world.Grains.GetGrain<IInvoiceBookGrain>(Arg.Any<string>()).Returns(book);
        world.Grains.GetGrain<IPriceBookGrain>(Arg.Any<string>()).Returns(prices);
        world.Grains.GetGrain<IMonthlyReportGrain>(Arg.Any<string>()).Returns(Report);
        world.Grains.GetGrain<IAccessKeyBookGrain>(Arg.Any<string>()).Returns(Keys);
        Contract.ReturnsForAll(Task.FromResult(Record)); // every act answers with the contract
        Contract.Get(Any).Returns(_ => Record);
        Contract.GetTimeline(Any).Returns((ContractTimeline?)null);
        Contract.Foresee(Arg.Any<ActOrder>(), Any).Returns(new ConsequenceReport(12, 640, Estate.Today, Estate.Today.AddDays(80), 12, "hash", Ledger.List));
        Contract.ReadConsequences(Arg.Any<int>(), Any).Returns(Ledger.List);
        Contract.Propose(Arg.Any<ActOrder>(), Arg.Any<string>(), Any).Returns(_ => Record);
        Contract.Confirm(Arg.Any<int>(), Arg.Any<string>(), Any).Returns(_ => Record);
        billing.GetUsage(Any).Returns(Usage);
        prices.List(Any).Returns([]);
        world.Grains.GetGrain<IWorkOrderBookGrain>(Arg.Any<string>()).Returns(Work);
        var order = new WorkOrder(Guid.Parse("74000000-0000-0000-0000-000000000001"), WorkKind.CustomerFault, "PermissionMissing", new("Toestemming ontbreekt", "A permission is missing"), "checks/2026-03-12", Estate.Now.AddDays(-2));
        Work.List(Any).Returns([order, order with { Id = Guid.Parse("74000000-0000-0000-0000-000000000002"), Kind = WorkKind.Restore, Subject = Estate.HostileName, Closing = new WorkClosing(Estate.Now.AddDays(-1), 25, true) }]);
        account.GetProfile(Any).Returns((BillingProfile?)null);
        account.GetStanding(Any).Returns(new BillingStanding(null, [], [], ["The price list 'accensys' has no price for 2026."], [], null));
        book.List(Arg.Any<TenantId?>(), Any).Returns([new BookedInvoice("2026-0007", Estate.Id(3), Month.Previous, Estate.Today.AddDays(-40), Estate.Today.AddDays(-10), Money.Exactly(1_234.56m), "hash", null, [])]);
        book.ListPayments(Arg.Any<TenantId?>(), Any).Returns([]);
        Report.GetSummary(Any).Returns(new ReportSummary(Month.Previous.ToString(), Estate.Now.AddDays(-13), "hash", true, null, Estate.Now.AddDays(-13)));
        Report.Confirm(Arg.Any<string>(), Arg.Any<string>(), Arg.Any<string>(), Any).Returns(new ReportSummary(Month.Previous.ToString(), Estate.Now, "hash", true, null, null));
        Keys.List(Any).Returns([new AccessKey(Guid.Parse("70000000-0000-0000-0000-000000000001"), "nightly-report", [Role.Auditor], null, TimeSpan.FromDays(90), "first-key", Estate.Now.AddDays(-80), Estate.Now.AddDays(10), null, null, Estate.Now.AddHours(-3), null, null)]);
        world.NoticeBook.ListWebhooks(Any).Returns([new WebhookListing(Guid.Parse("71000000-0000-0000-0000-000000000001"), new WebhookSettings("https://hooks.fabrikam.example/backup", [NoticeKind.CriticalFault], true), Estate.Now.AddDays(-9))]);
    }

    public static void Teach(ITenantGrain tenant)
    {
        tenant.ListReports(PortalWorld.Any).Returns([Month.Previous]);
        tenant.GetPlace(PortalWorld.Any).Returns(new TenantPlace("amsterdam", null));
        tenant.ListMoves(PortalWorld.Any).Returns([]);
    }

    private static MonthUsage Usage => Enumerable.Range(1, 13).Aggregate(MonthUsage.Empty(Month), (month, day) => month.With(Month.First.AddDays(day - 1), Enumerable.Range(0, 30 + day).Select(number =>
        new MeteredAccount($"a-{number}", number == 4 ? Estate.HostileName : $"Medewerker {number}", $"medewerker{number}@fabrikam.example", number % 9 != 0, number == 2, number % 7 != 0, number == 11 ? "shared" : "user"))));
}
