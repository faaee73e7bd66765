using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Retention;
using OrleansBackup.Domain.Runs;
using OrleansBackup.Domain.Schedule;
using OrleansBackup.GrainInterfaces.Operations;
using OrleansBackup.GrainInterfaces.Resources;

namespace OrleansBackup.Portal.Tests.Hosting;

/// <summary>Work under way in one process: two runs and one that waits.</summary>
internal static class Work
{
    public static readonly ResourceId Mailbox = new(Estate.Id(0), ResourceKind.Mailbox, "20000000-0000-0000-0000-000000000000");

    private static readonly AdmittedRun Run = new(Mailbox, "backup", Estate.Now.AddMinutes(-5));

    public static readonly ProcessOnBoard Process = new(new ProcessSnapshot(
        "host-a process 1", "Bundled", "1.2.3", Estate.Now.AddDays(-1), Estate.Now, [], [],
        new AdmissionOverview(8, [Run, Run with { Resource = Mailbox with { ObjectId = "20000000-0000-0000-0000-000000000002" }, Since = Estate.Now.AddMinutes(-2) }],
            [Run with { Resource = Mailbox with { Tenant = Estate.Id(7), ObjectId = "20000000-0000-0000-0000-000000000004" }, Since = Estate.Now.AddMinutes(-1) }], 1)), null);

    public static readonly RunProgress Progress = new(
        new RunId(Guid.Parse("33333333-3333-3333-3333-333333333333")), RunReason.Scheduled, RunOutcome.Running, Estate.Now.AddMinutes(-5), null,
        RunCounts.Zero with { Added = 420, DownloadedBytes = 31_000_000 }, 1_000, "Reading Inbox", null, FaultCause.None);

    public static readonly ResourceStatus Status = new(
        Mailbox, new ResourceSettings("Medewerker 1", "medewerker1@fabrikam.example", RetentionRule.OfDays(90), BackupWindow.Default, true), true,
        new ResourceHealth(Mailbox, RunOutcome.Running, Estate.Now.AddHours(-20), Estate.Now.AddHours(-19), Estate.Now.AddHours(9), 90, 4_000, 900_000_000, 0, true, null, FaultCause.None),
        Progress, new WaitingReason("It is running.", Estate.Now.AddMinutes(-5), null));
}
