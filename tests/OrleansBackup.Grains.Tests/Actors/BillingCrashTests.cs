using OrleansBackup.Domain.Calendar;
using OrleansBackup.Domain.Invoicing;
using OrleansBackup.Domain.Notices;
using OrleansBackup.Domain.Schedule;
using OrleansBackup.GrainInterfaces.Billing;
using OrleansBackup.GrainInterfaces.Notices;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.Grains.Tests.Given;
using OrleansBackup.GraphSimulator.Generation;
using Plain = OrleansBackup.Domain.Tests.Invoicing.Given;

namespace OrleansBackup.Grains.Tests.Actors;

/// <summary>However the process dies while an invoice is issued, it is issued once, under one number, with every day and every piece of work on it once.</summary>
public sealed class BillingCrashTests(SimulatorFixture simulator) : IClassFixture<SimulatorFixture>
{
    private static readonly CancellationToken Never = CancellationToken.None;
    private static readonly TenantRecipe Small = new() { Users = 1, MessagesPerMailbox = 2 };
    private static readonly string[] Steps = ["billing-account", "billing-month", "invoice-book", "work-order-book"];

    [Fact]
    public async Task A_kill_before_or_after_any_write_of_issuing_charges_nothing_twice_and_loses_no_number()
    {
        var kill = 1;
        for (; await IsKilledAsync(kill); kill++)
            Assert.InRange(kill, 1, 100);
        Assert.True(kill > 10, $"Issuing has only {kill - 1} places to die at.");
    }

    [Fact]
    public async Task Two_runs_of_one_month_at_once_issue_one_invoice()
    {
        await using var scene = await DueAsync();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => scene.Grains.BillingAccount(scene.Tenant).BillWhatIsDue(Never)));
        await AssertIssuedOnceAsync(scene);
    }

    [Fact]
    public async Task Who_does_not_pay_is_reminded_by_itself_once_for_each_reminder_of_his_plan()
    {
        await using var scene = await DueAsync();
        await scene.Grains.BillingAccount(scene.Tenant).BillWhatIsDue(Never);
        var invoice = Assert.Single(await scene.Grains.InvoiceBook().List(null, Never));
        Assert.NotEmpty(invoice.ReminderDays);
        for (var reminder = 1; reminder <= invoice.ReminderDays.Length; reminder++)
        {
            scene.Clock.Shift(ContractCalendar.Amsterdam.At(invoice.DueOn.AddDays(invoice.ReminderDays[reminder - 1]), TimeSpan.FromHours(15)) - scene.Clock.GetUtcNow());
            while (await RemindersAsync(scene, invoice.Number) < reminder)
                await Hang.MomentAsync(); // nobody asks: the account's own tick does it
        }
        await scene.Grains.BillingAccount(scene.Tenant).BillWhatIsDue(Never);
        Assert.Equal(invoice.ReminderDays.Length, await RemindersAsync(scene, invoice.Number));
    }

    private async Task<bool> IsKilledAsync(int at)
    {
        await using var scene = await DueAsync();
        var (count, reached) = (0, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        scene.AroundWrite = async (state, _) =>
        {
            if (!Steps.Contains(state) || Interlocked.Increment(ref count) != at)
                return;
            reached.SetResult();
            await new TaskCompletionSource().Task; // what has died goes on with nothing
        };
        var billing = scene.Grains.BillingAccount(scene.Tenant).BillWhatIsDue(Never);
        var isKilled = await Task.WhenAny(billing, reached.Task) == reached.Task;
        if (isKilled)
            await scene.KillAsync();
        scene.AroundWrite = null;
        if (isKilled)
        {
            await scene.StartServiceAsync();
        }
        await scene.Grains.BillingAccount(scene.Tenant).BillWhatIsDue(Never);
        await AssertIssuedOnceAsync(scene);
        return isKilled;
    }

    /// <summary>A tenant with a month to be billed and work to be charged; nothing is billed yet.</summary>
    private async Task<ServiceScene> DueAsync()
    {
        var scene = await ServiceScene.StartAsync(simulator, Small, settings: BillingTests.Provider);
        await LedgerRecoveryTests.MadeAsync(scene);
        await scene.Grains.BillingAccount(scene.Tenant).TellUsage(scene.Clock.GetUtcNow(), [Plain.Member("m1"), Plain.Member("m2")], Never);
        var order = await scene.Grains.WorkOrders(scene.Tenant).Open(WorkKind.Change, "change/1", new("Wijziging", "Change"), null, Never);
        await scene.Grains.WorkOrders(scene.Tenant).Close(order.Id, 30, delivered: true, Never);
        scene.Clock.Shift(ContractCalendar.Amsterdam.At(CalendarMonth.Of(Today(scene)).Next.First, TimeSpan.FromHours(13)) - scene.Clock.GetUtcNow());
        return scene;
    }

    private static async Task AssertIssuedOnceAsync(ServiceScene scene)
    {
        var booked = Assert.Single(await scene.Grains.InvoiceBook().List(null, Never));
        var standing = await scene.Grains.BillingAccount(scene.Tenant).GetStanding(Never);
        var document = Assert.Single(await scene.Grains.Billing(scene.Tenant, booked.Month).ListDocuments(Never));
        Assert.Equal(($"{booked.IssuedOn.Year}-00001", booked.Number, booked.Sha256), (booked.Number, document.Number, document.Sha256));
        Assert.Equal(booked.Number, Assert.Single(standing.Invoices).Number);
        Assert.All(standing.Charged, period => Assert.Equal(booked.Number, period.Invoice));
        Assert.Equal(booked.Number, Assert.Single(await scene.Grains.WorkOrders(scene.Tenant).List(Never)).Invoice);
        Assert.Equal(2, InvoiceFile.Read(document.Json).Lines.Length); // users and work
        await LedgerRecoveryTests.BilledAsync(scene, months: 1);
        var next = (await scene.Grains.InvoiceBook().List(null, Never))[^1];
        Assert.Equal(next.IssuedOn.Year == booked.IssuedOn.Year ? $"{next.IssuedOn.Year}-00002" : $"{next.IssuedOn.Year}-00001", next.Number);
        Assert.Single(InvoiceFile.Read((await scene.Grains.BillingAccount(scene.Tenant).GetDocument(next.Number, Never)).Json).Lines);
    }

    private static async Task<int> RemindersAsync(ServiceScene scene, string number) =>
        (await scene.Grains.NoticeBook(scene.Tenant).ListNotices(null, 100, Never)).Notices.Count(notice => notice.Notice.Kind == NoticeKind.ContractNews && notice.Dutch.AsPlain().Contains($"Factuur {number} had", StringComparison.Ordinal));

    private static DateOnly Today(ServiceScene scene) => ContractCalendar.Amsterdam.DayOf(scene.Clock.GetUtcNow());
}
