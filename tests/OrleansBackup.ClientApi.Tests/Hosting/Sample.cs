using System.Collections.Immutable;
using OrleansBackup.Domain.Forecast;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Retention;
using OrleansBackup.Domain.Runs;
using OrleansBackup.Domain.Schedule;
using OrleansBackup.Domain.Storage;
using OrleansBackup.GrainInterfaces.Points;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.GrainInterfaces.Restores;
using OrleansBackup.GrainInterfaces.Tenants;

namespace OrleansBackup.ClientApi.Tests.Hosting;

/// <summary>One customer with one mailbox, as the grains would tell it.</summary>
internal static class Sample
{
    public static readonly DateTimeOffset Noon = new(2026, 3, 14, 12, 0, 0, TimeSpan.Zero);
    public static readonly TenantId Tenant = TenantId.Parse("11111111-1111-1111-1111-111111111111");
    public static readonly TenantId UnknownTenant = TenantId.Parse("99999999-9999-9999-9999-999999999999");
    public static readonly ResourceId Mailbox = new(Tenant, ResourceKind.Mailbox, "22222222-2222-2222-2222-222222222222");
    public static readonly RunId Run = new(Guid.Parse("33333333-3333-3333-3333-333333333333"));
    public static readonly RestoreJobId Job = new(Guid.Parse("44444444-4444-4444-4444-444444444444"));

    public static readonly PermissionState Permission = new("Mail.ReadWrite", Granted: true, NeededForBackup: true, NeededForRestore: true, "Reads and restores mail.");

    public static readonly TenantOverview Overview = new(
        Tenant, "Fabrikam", TenantSettings.Default, Noon.AddDays(-9), Noon.AddHours(-1), 3, 1, 2, 1, 0, [Permission], Problem: null) { Store = "home", Storage = StorageDemand.Netherlands };

    public static readonly TenantForecastReport Forecast = new(
        Noon,
        new TenantOutlook(TimeSpan.FromHours(5), TimeSpan.FromHours(4), TimeSpan.FromHours(7), Bottleneck.GraphBudget, LimitedService.Files,
            [new KindOutlook(ResourceKind.OneDrive, 10, 2, 3, 600, 6_000, 900, TimeSpan.FromSeconds(300), TimeSpan.FromHours(9))]),
        8, [new PermitFlow(LimitedService.Files, 15.6, 312)]);

    public static readonly ResourceHealth Health = new(
        Mailbox, RunOutcome.SucceededWithWarnings, Noon.AddHours(-14), Noon.AddHours(-13), Noon.AddHours(10), 2, 120, 9_000, 1, Running: false, null, FaultCause.None);

    public static readonly ResourceListing Listing = new(
        Mailbox, "Robin", "robin@fabrikam.example", "user", Protected: true, "The whole environment is protected.", Noon.AddDays(-9), null, Health);

    public static readonly ResourceSettings Settings = new("Robin", "robin@fabrikam.example", RetentionRule.OfDays(90), BackupWindow.Default, HiddenFolders: true);

    public static readonly WaitingReason Waiting = new("Its next moment", Noon.AddHours(-13), Noon.AddHours(10));

    public static readonly RunProgress Progress = new(
        Run, RunReason.Requested, RunOutcome.Running, Noon, null, RunCounts.Zero with { Added = 5, DownloadedBytes = 512 }, 10, "Reading Inbox", null, FaultCause.None);

    public static readonly RunRecord EndedRun = new(
        Progress with { Outcome = RunOutcome.SucceededWithWarnings, EndedAt = Noon.AddMinutes(3), Step = "Sealed" }, SealedPoint: 7, ["One item could not be read."]);

    public static readonly ResourceStatus Status = new(Mailbox, Settings, Protected: true, Health, Progress, Waiting);

    public static readonly RestorePointSummary Newest = new(
        7, new DateOnly(2026, 3, 14), Noon, Noon.AddMinutes(3), Run, 120, 8, 9_000, 1, ComparedWithListing: true, new DateOnly(2026, 6, 11));

    public static readonly RestorePointSummary SameDayBefore = Newest with { Sequence = 6, ComparedWithListing = false };

    public static readonly RestorePointSummary DayBefore = Newest with { Sequence = 5, Day = new DateOnly(2026, 3, 13) };

    public static readonly FolderAtPoint Inbox = new("inbox-id=", null, "Inbox", ["Inbox"], Hidden: false, "inbox");

    public static readonly FolderAtPoint Below = new("below/id", "inbox-id=", "../Up: \u202Egone", ["Inbox", "../Up: \u202Egone"], Hidden: false, null);

    public static readonly AttachmentAtPoint Attachment = new("../a\"b.pdf", "application/pdf", "file", 4, IsInline: false, null);

    public static readonly ItemAtPoint Item = new(
        "item/1=", "inbox-id=", "Grüße: 日本", "kim@contoso.example", Noon.AddDays(-2), Noon.AddDays(-2), 2_048, IsRead: true, IsDraft: false, "normal",
        ["Blue"], "notFlagged", HasMime: true, [Attachment, Attachment with { Problem = "Microsoft 365 answered 404." }], []);

    public static readonly RestoreRequest RestoreRequest = new(
        new RestorePointId(Mailbox, 7), RestoreSelection.Item("item/1="), null, ["Back", "Again"], ConflictPolicy.Skip, "first-key");

    public static readonly RestoreStatus Restoring = new(
        Tenant, Job, RestoreRequest, RestoreState.Running, 3, 1, 0, 0, 0, Noon, Noon, null, "Putting back", null, 1);

    public static readonly RestoreStatus Restored = Restoring with { State = RestoreState.CompletedWithFailures, Restored = 1, Skipped = 1, Failed = 1, EndedAt = Noon.AddMinutes(1) };

    public static readonly ItemOutcome Outcome = new("item/1=", OutcomeKind.Failed, "Grüße", null, "Refused by Microsoft 365.", ["An attachment had no content in the backup."])
    {
        LossFacts = [new LossFact("attachment", "a.pdf", null)],
    };

    public static string TenantPath => $"/api/v1/tenants/{Tenant}";

    public static string MailboxPath => $"{TenantPath}/resources/{Mailbox.LocalName}";

    public static ImmutableArray<RestorePointSummary> Points => [Newest, SameDayBefore, DayBefore];
}
