using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using NSubstitute;
using NSubstitute.ExceptionExtensions;
using NSubstitute.Extensions;
using Orleans;
using OrleansBackup.Domain.Audit;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Rehearsals;
using OrleansBackup.Domain.Runs;
using OrleansBackup.Domain.Storage;
using OrleansBackup.Domain.Subscriptions;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Audit;
using OrleansBackup.GrainInterfaces.Billing;
using OrleansBackup.GrainInterfaces.Budget;
using OrleansBackup.GrainInterfaces.Changes;
using OrleansBackup.GrainInterfaces.Checks;
using OrleansBackup.GrainInterfaces.Notices;
using OrleansBackup.GrainInterfaces.Operations;
using OrleansBackup.GrainInterfaces.Points;
using OrleansBackup.GrainInterfaces.Reports;
using OrleansBackup.GrainInterfaces.Rehearsals;
using OrleansBackup.GrainInterfaces.Requests;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.GrainInterfaces.Restores;
using OrleansBackup.GrainInterfaces.Subscriptions;
using OrleansBackup.GrainInterfaces.Tenants;

namespace OrleansBackup.ClientApi.Tests.Hosting;

/// <summary>The grains behind the API, substituted: <see cref="Sample"/> is what they know, and each test may teach them otherwise.</summary>
internal sealed class FakeService
{
    public FakeService()
    {
        Grains.GetGrain<IProviderGrain>(GrainKeys.Provider).Returns(Provider);
        Grains.GetGrain<ITenantGrain>(GrainKeys.Of(Sample.Tenant)).Returns(Tenant);
        Grains.GetGrain<ITenantGrain>(GrainKeys.Of(Sample.UnknownTenant)).Returns(UnknownTenant);
        Grains.GetGrain<INoticeBookGrain>(GrainKeys.Of(Sample.Tenant)).Returns(NoticeBook);
        Grains.GetGrain<ISubscriptionBookGrain>(GrainKeys.Of(Sample.Tenant)).Returns(TenantSubscriptions);
        Grains.GetGrain<ISubscriptionBookGrain>(GrainKeys.Provider).Returns(Subscriptions);
        Grains.GetGrain<IEventOutboxGrain>(Arg.Any<string>()).Returns(Outbox);
        Outbox.GetStanding(Any).Returns(new OutboxStanding(0, 0, 0, null, null));
        Outbox.List(Arg.Any<long?>(), Arg.Any<int>(), Arg.Any<EventDeliveryState?>(), Any).Returns(new EventDeliveryPage([], null));
        Subscriptions.List(Any).Returns([]);
        TenantSubscriptions.List(Any).Returns([]);
        Grains.GetGrain<ICheckDiaryGrain>(GrainKeys.CheckDiary).Returns(CheckDiary);
        Grains.GetGrain<IDailyCheckGrain>(Arg.Any<string>()).Returns(DailyCheck);
        Grains.GetGrain<IMonthlyReportGrain>(Arg.Any<string>()).Returns(MonthlyReport);
        Grains.GetGrain<IMailboxGrain>(GrainKeys.Of(Sample.Mailbox)).Returns(Mailbox);
        Grains.GetGrain<IRestorePointGrain>(Arg.Any<string>()).Returns(Point);
        Grains.GetGrain<IRestoreGrain>(GrainKeys.Of(Sample.Tenant, Sample.Job)).Returns(Restore);

        Grains.GetGrain<IAuditGrain>(Arg.Any<string>()).Returns(call => call.ArgAt<string>(0) == GrainKeys.Provider ? ProviderAudit : TenantAudit);
        TenantAudit.Append(Arg.Any<AuditNote>(), Any).Returns(call => Audited(TenantAudit, call.Arg<AuditNote>()));
        ProviderAudit.Append(Arg.Any<AuditNote>(), Any).Returns(call => Audited(ProviderAudit, call.Arg<AuditNote>()));
        TenantAudit.List(Arg.Any<long?>(), Arg.Any<int>(), Any).Returns(_ => new AuditPage([.. Notes.Select(Entry).Reverse()], null));
        ProviderAudit.List(Arg.Any<long?>(), Arg.Any<int>(), Any).Returns(new AuditPage([], null));
        TenantAudit.Export(Any).Returns(_ => Streamed<ReadOnlyMemory<byte>>("{}\n"u8.ToArray()));
        ProviderAudit.Export(Any).Returns(_ => Streamed<ReadOnlyMemory<byte>>("{}\n"u8.ToArray()));

        Grains.GetGrain<IRestoreRequestBookGrain>(GrainKeys.Of(Sample.Tenant)).Returns(Requests);
        Grains.GetGrain<IChangeTurnGrain>(Arg.Any<string>()).Returns(Substitute.For<IChangeTurnGrain>()); // turns are tested with real grains
        Grains.GetGrain<IRehearsalGrain>(Arg.Any<string>()).Returns(Rehearsals);
        Grains.GetGrain<IPriceBookGrain>(GrainKeys.Provider).Returns(Prices);
        Prices.List(Any).Returns([]);
        Provider.ListTenants(Any).Returns([new TenantListing(Sample.Tenant, "Fabrikam")]);
        UnknownTenant.GetName(Any).ThrowsAsync(new NotFoundException("There is no such tenant; onboard it first."));
        UnknownTenant.GetOverview(Any).ThrowsAsync(new NotFoundException("There is no such tenant; onboard it first."));
        UnknownTenant.GetForecast(Any).ThrowsAsync(new NotFoundException("There is no such tenant; onboard it first."));
        TeachTenant();
        TeachMailbox();
        TeachPoint();
        TeachRestore();
        Grains.GetGrain<IProcessBoardGrain>(GrainKeys.ProcessBoard).Returns(Board);
        Grains.GetGrain<IGraphBudgetGrain>(GrainKeys.Of(Sample.Tenant)).Returns(Budget);
        Provider.GetEstate(Any).Returns(new EstateStanding(new ResourceCounts(40, 3, 37, 1, 2, 1), 2, 0, 2));
        Budget.GetUsage(Any).Returns(new BudgetUsage(12.5, 7_654, 3, null));
        Board.Read(Any).Returns([]);
        Operations.ReadRemindersAsync(Any).Returns(new ReminderOverview(17, 2, 5));
        Operations.ReadProcessAsync(Any).Returns(new ProcessSnapshot(
            "host-a process 1", "Bundled", "1.2.3", Sample.Noon.AddDays(-1), Sample.Noon, [new ActivationCount("mailbox", 42)],
            [new CallStatistics("tenant", "GetOverview", 1_000, 3, TimeSpan.FromMilliseconds(1.5), TimeSpan.FromMilliseconds(90))],
            new AdmissionOverview(4, [new AdmittedRun(Sample.Mailbox, "backup <b>", Sample.Noon.AddMinutes(-5))], [], 0)));
    }

    public IGrainFactory Grains { get; } = Substitute.For<IGrainFactory>();

    public IProviderGrain Provider { get; } = Substitute.For<IProviderGrain>();

    public ITenantGrain Tenant { get; } = Substitute.For<ITenantGrain>();

    public ITenantGrain UnknownTenant { get; } = Substitute.For<ITenantGrain>();

    public INoticeBookGrain NoticeBook { get; } = Substitute.For<INoticeBookGrain>();

    public ISubscriptionBookGrain Subscriptions { get; } = Substitute.For<ISubscriptionBookGrain>();

    public ISubscriptionBookGrain TenantSubscriptions { get; } = Substitute.For<ISubscriptionBookGrain>();

    public IEventOutboxGrain Outbox { get; } = Substitute.For<IEventOutboxGrain>();

    public IPriceBookGrain Prices { get; } = Substitute.For<IPriceBookGrain>();
    public ICheckDiaryGrain CheckDiary { get; } = Substitute.For<ICheckDiaryGrain>();

    public IDailyCheckGrain DailyCheck { get; } = Substitute.For<IDailyCheckGrain>();

    public IMonthlyReportGrain MonthlyReport { get; } = Substitute.For<IMonthlyReportGrain>();

    public IMailboxGrain Mailbox { get; } = Substitute.For<IMailboxGrain>();

    public IRestorePointGrain Point { get; } = Substitute.For<IRestorePointGrain>();

    public IRestoreGrain Restore { get; } = Substitute.For<IRestoreGrain>();

    public IAuditGrain TenantAudit { get; } = Substitute.For<IAuditGrain>();

    public IAuditGrain ProviderAudit { get; } = Substitute.For<IAuditGrain>();

    /// <summary>What was written into the tenant's audit book, oldest first.</summary>
    public List<AuditNote> Notes { get; } = [];

    /// <summary>Who signed in, or failed to: in the provider's book as well.</summary>
    public List<AuditNote> SignIns { get; } = [];

    /// <summary>What was written into the provider's.</summary>
    public List<AuditNote> ProviderNotes { get; } = [];

    public IRestoreRequestBookGrain Requests { get; } = Substitute.For<IRestoreRequestBookGrain>();

    public IRehearsalGrain Rehearsals { get; } = Substitute.For<IRehearsalGrain>();

    public IOperationsSource Operations { get; } = Substitute.For<IOperationsSource>();

    public IProcessBoardGrain Board { get; } = Substitute.For<IProcessBoardGrain>();

    public IGraphBudgetGrain Budget { get; } = Substitute.For<IGraphBudgetGrain>();

    private static CancellationToken Any => Arg.Any<CancellationToken>();

    /// <summary>What a grain streams; an exception among the values is thrown at its place.</summary>
    public static async IAsyncEnumerable<T> Streamed<T>(IEnumerable<Func<T>> values, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        foreach (var value in values)
        {
            await Task.Yield();
            cancellation.ThrowIfCancellationRequested();
            yield return value();
        }
    }

    public static IAsyncEnumerable<T> Streamed<T>(params T[] values) => Streamed(values.Select(value => (Func<T>)(() => value)));

    private AuditEntry Audited(IAuditGrain book, AuditNote note)
    {
        (note.Act.StartsWith("access.sign-", StringComparison.Ordinal) ? SignIns : book == TenantAudit ? Notes : ProviderNotes).Add(note);
        return Entry(note, 0);
    }

    private static AuditEntry Entry(AuditNote note, int at) =>
        AuditChain.Next(Sample.Tenant.ToString(), new AuditEnd(at, AuditEntry.NothingBefore), Sample.Noon, note.Actor, note.Act, note.Subject, note.Facts);

    private void TeachTenant()
    {
        Tenant.GetOverview(Any).Returns(Sample.Overview);
        Tenant.Onboard(Arg.Any<TenantOnboarding>(), Any).Returns(Sample.Overview);
        Tenant.ChangeSettings(Arg.Any<TenantSettings>(), Any).Returns(Sample.Overview);
        Tenant.ChangeStorage(Arg.Any<StorageDemand>(), Any).Returns(Sample.Overview);
        Tenant.CheckPermissions(Any).Returns([Sample.Permission]);
        Tenant.Discover(Any).Returns(new DiscoveryResult(4, 1, 0, 3, 1, ["One mailbox has no licence."]));
        Tenant.GetForecast(Any).Returns(Sample.Forecast);
        Tenant.SweepOverdue(Any).Returns(2);
        Tenant.ListResources(Arg.Any<string?>(), Arg.Any<int>(), Any).Returns(new ResourcePage([Sample.Listing], "next-mark"));
        Tenant.GetResource(Sample.Mailbox, Any).Returns(Sample.Listing);
        Tenant.StartRestore(Arg.Any<RestoreRequest>(), Any).Returns(Sample.Job);
        Tenant.ListRestores(Any).Returns([Sample.Job]);
    }

    private void TeachMailbox()
    {
        Mailbox.GetStatus(Any).Returns(Sample.Status);
        Mailbox.GetRestorability(Any).Returns(new Restorability(Sample.Noon, 0.75, 30, 0, Sample.Noon.AddDays(-3), null));
        Mailbox.Erase(Arg.Any<ErasureOrder>(), Any).Returns(call => new ErasureOutcome(call.Arg<ErasureOrder>().Id, 1, 5, Sample.Noon.AddDays(7)));
        Mailbox.Why(Any).Returns(Sample.Waiting);
        Mailbox.ListRuns(Any).Returns([Sample.EndedRun]);
        Mailbox.StartRun(Arg.Any<RunReason>(), Arg.Any<bool>(), Any).Returns(Sample.Run);
        Mailbox.CancelRun(Any).Returns(true);
        Mailbox.ListPoints(Any).Returns(Sample.Points);
        Mailbox.ListDebts(Any).Returns([new ItemDebt("item/9=", null, "Broken", "ErrorItemCorrupt", Sample.Noon, 3)]);
        Mailbox.ExpirePoints(Any).Returns(new ExpiryResult([1, 2], 5, 4_096));
        Mailbox.CheckVault(Arg.Any<bool>(), Any).Returns(call => new VaultCheck(call.Arg<bool>(), 10, 20, []));
        Mailbox.WatchRun(Arg.Any<RunId>(), Any).Returns(_ => Streamed(Sample.Progress, Sample.Progress with { Step = "Sealing" }));
    }

    private void TeachPoint()
    {
        Point.GetSummary(Any).Returns(Sample.Newest);
        Point.ListFolders(Any).Returns([Sample.Inbox, Sample.Below]);
        Point.ListItems(Arg.Any<string>(), Arg.Any<string?>(), Arg.Any<int>(), Any).Returns(new ItemPage([], null));
        Point.ListItems(Sample.Inbox.Id, null, Arg.Any<int>(), Any).Returns(new ItemPage([Sample.Item], "item/1="));
        Point.GetItem(Arg.Any<string>(), Any).ThrowsAsync(new NotFoundException("The restore point has no such item."));
        Point.Configure().GetItem(Sample.Item.Id, Any).Returns(Sample.Item);
        Point.GetItemProperties(Sample.Item.Id, Any).Returns(_ => Task.FromResult<ReadOnlyMemory<byte>>("{\"id\":\"item/1=\"}"u8.ToArray()));
    }

    private void TeachRestore()
    {
        Restore.GetStatus(Any).Returns(Sample.Restoring);
        Restore.Watch(Any).Returns(_ => Streamed(Sample.Restoring, Sample.Restored));
        Restore.ListOutcomes(Arg.Any<int>(), Any).Returns([Sample.Outcome]);
    }
}
