using System.Diagnostics;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Runs;
using OrleansBackup.Domain.Schedule;
using OrleansBackup.Demo.Output;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.GrainInterfaces.Tenants;

namespace OrleansBackup.Benchmarks.Cluster;

/// <summary>Tenants are taken into service, and each of their mailboxes into protection, by their grains: state, reminder and what is kept beside the backups.</summary>
internal static class Registration
{
    private const int AtOnce = 64;

    /// <summary>It opens soon, so that a quarter of all reminders lies within two hours, as in the middle of a night; and not before the measurement has ended.</summary>
    private static readonly TimeSpan UntilWindow = TimeSpan.FromMinutes(75);

    private static readonly TimeSpan LengthOfWindow = TimeSpan.FromHours(3);

    public static async Task<IReadOnlyList<Figure>> RunAsync(MeasuredServer server)
    {
        var estate = server.Plan.Estate;
        var (begin, processor, database) = (Stopwatch.GetTimestamp(), MeasuredServer.Processor, await server.ReadTrafficAsync());
        begin = Stopwatch.GetTimestamp();
        var calm = await OnboardAsync(server, estate);
        var (elapsed, used) = (Stopwatch.GetElapsedTime(begin), MeasuredServer.Processor - processor);
        var written = await server.ReadTrafficAsync() - database;
        var operations = server.Meter.StoreOperations;
        var size = await server.ReadSizeAsync();
        var reminders = (await server.Reminders.ReadRows(0, 0)).Reminders.Count;
        if (reminders < estate.Mailboxes || calm < estate.Mailboxes)
            throw new InvalidOperationException($"Of {estate.Mailboxes} mailboxes {calm} are protected and {reminders} have a reminder.");
        await ReportAsync(server, estate, wellBackedUp: true);
        return
        [
            new Figure("registered by onboarding: mailboxes/s", Figures.Count((long)(estate.Mailboxes / elapsed.TotalSeconds))) { Number = estate.Mailboxes / elapsed.TotalSeconds },
            Costs.Milliseconds("registered: processor ms per mailbox, server", used, estate.Mailboxes),
            Costs.Milliseconds("registered: processor ms per mailbox, database", written.Processor, estate.Mailboxes),
            Costs.Each("registered: state writes per mailbox", written.StateWrites, estate.Mailboxes),
            Costs.Each("registered: reminder writes per mailbox", written.ReminderWrites, estate.Mailboxes),
            Costs.Each("registered: store operations per mailbox", operations, estate.Mailboxes),
            new Figure($"size of {size.What}", Figures.Bytes(size.Bytes)) { Number = size.Bytes },
        ];
    }

    /// <returns>Mailboxes in protection.</returns>
    public static async Task<int> OnboardAsync(MeasuredServer server, MeasuredEstate estate)
    {
        var calendar = ContractCalendar.Amsterdam;
        var opens = TimeProvider.System.GetUtcNow() + UntilWindow;
        var window = new BackupWindow(opens - calendar.At(calendar.DayOf(opens), TimeSpan.Zero), LengthOfWindow);
        var mailboxes = 0;
        foreach (var tenant in estate.AllTenants)
        {
            var request = new TenantOnboarding($"Tenant {tenant}", Guid.Empty.ToString(), "no secret", TenantSettings.Default with { Window = window });
            mailboxes += (await server.Grains.Tenant(tenant).Onboard(request, CancellationToken.None)).ProtectedResources;
        }
        return mailboxes;
    }

    /// <summary>Has every tenant know how its mailboxes stand, as they tell it after each run.</summary>
    /// <param name="wellBackedUp">False: none of them has a restore point, so all are overdue.</param>
    public static Task ReportAsync(MeasuredServer server, MeasuredEstate estate, bool wellBackedUp)
    {
        var now = TimeProvider.System.GetUtcNow();
        return Parallel.ForEachAsync(estate.All, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (mailbox, cancellation) =>
            await server.Grains.Tenant(mailbox.Tenant).ReportHealth(
                new ResourceHealth(mailbox, RunOutcome.Succeeded, wellBackedUp ? now : null, now, now + TimeSpan.FromDays(1), 1, 0, 0, 0, false, null, FaultCause.None), cancellation));
    }
}
