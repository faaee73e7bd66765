using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using NSubstitute;
using Orleans;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Rehearsals;
using OrleansBackup.Domain.Requests;
using OrleansBackup.Domain.Runs;
using OrleansBackup.GrainInterfaces.Points;
using OrleansBackup.GrainInterfaces.Requests;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.GrainInterfaces.Restores;
using OrleansBackup.GrainInterfaces.Tenants;

namespace OrleansBackup.Portal.Tests.Hosting;

/// <summary>A mailbox with restore points, letters in them that try everything, a restore under way and one that was asked for.</summary>
internal sealed class Mailbag
{
    public const string Inbox = "AAMk/in+box=", Letter = "AAMk/letter+1=", Meeting = "AAMk-event-1", Person = "AAMk-contact-1", TextFile = "AAMk-file-1", Document = "AAMk-file-2", Post = "AAMk-post-1";

    public static readonly ResourceId Resource = new(Estate.Id(3), ResourceKind.Mailbox, "20000000-0000-0000-0000-000000000000");
    public static readonly RestoreJobId Job = RestoreJobId.TryParse("60000000-0000-0000-0000-000000000001", out var job) ? job : default;
    public static readonly Guid RequestId = Guid.Parse("61000000-0000-0000-0000-000000000001");

    private static readonly RunId Run = new(Guid.Parse("33333333-3333-3333-3333-333333333333"));

    /// <summary>The HTML of the letter; a test may write another.</summary>
    public string Html { get; set; } = $"<p style=\"color:#990000;position:fixed\">Beste collega,</p><p>Zie <a href=\"https://evil.example/x\">https://bank.example</a> en <img src=\"cid:logo\" alt=\"Logo\"><img src=\"https://evil.example/pixel.png\" alt=\"pixel\"></p>{Estate.HostileName}<table border=1><tr><td>Eén<td>Twee</table>";

    public static readonly ImmutableArray<FolderAtPoint> Folders =
    [
        new(Inbox, null, "Postvak IN", ["Postvak IN"], false, "inbox"), new("f-sent", null, "Verzonden items", ["Verzonden items"], false, "sentitems"),
        new("f-project", Inbox, Estate.HostileName, ["Postvak IN", Estate.HostileName], false, null), new("f-deep", "f-project", "2026", ["Postvak IN", Estate.HostileName, "2026"], false, null),
        new("c-1", null, "Agenda", ["Agenda"], false, null) { Kind = "calendar" }, new("p-1", null, "Contactpersonen", ["Contactpersonen"], false, null) { Kind = "contact-folder" },
        new("t-1", null, "Taken", ["Taken"], false, null) { Kind = "task-list" },
    ];

    public static readonly ImmutableArray<ItemAtPoint> Items =
    [
        Message(Letter, Estate.HostileName, "Jan de Vries <jan@fabrikam.example>", -3) with
        {
            Attachments = [new("logo.png", "image/png", "file", 70, true, null), new($"../../{Estate.HostileName}.exe", "text/html", "file", 12_345, false, null), new("weg.docx", "application/msword", "file", 0, false, "Microsoft 365 answered 404.")],
            Contents = [new("message", 4_000), new("mime", 9_000), new("attachment-0", 70), new("attachment-0-properties", 30), new("attachment-1", 12_345)],
            Warnings = ["One attachment could not be read."],
        },
        .. Enumerable.Range(2, 24).Select(number => Message($"AAMk/letter+{number}=", $"Offerte {number}: verbouwing kantoor Amsterdam-Zuidoost, tweede fase", $"Leverancier {number % 5} <verkoop{number % 5}@contoso.example>", -number * 7) with
        {
            IsRead = number % 3 != 0, Attachments = number % 4 == 0 ? [new("offerte.pdf", "application/pdf", "file", 220_000, false, null)] : [],
        }),
    ];

    /// <summary>A PNG of one point.</summary>
    public static readonly byte[] Pixel = Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");

    private static readonly ItemAtPoint Event = Message(Meeting, "Kwartaaloverleg", "", -20) with
    {
        FolderId = "c-1", Kind = "event", HasMime = false, Contents = [new("json", 600)],
        Facts = ImmutableSortedDictionary<string, string>.Empty.Add("start", "2026-03-20T09:00:00.0000000").Add("location", "Vergaderzaal 2").Add("from", "directie@fabrikam.example"),
    };

    private static readonly ItemAtPoint Contact = Message(Person, "Sanne Bakker", "", -90) with
    {
        FolderId = "p-1", Kind = "contact", HasMime = false, Contents = [new("json", 400)], Facts = ImmutableSortedDictionary<string, string>.Empty.Add("companyName", "Contoso").Add("email", "sanne@contoso.example"),
    };

    private static readonly ItemAtPoint File = Message(TextFile, "notulen.html", "", -9) with { FolderId = "d-1", Kind = "file", HasMime = false, Contents = [new("content", 60)] };

    private static readonly ItemAtPoint Post1 = Message(Post, "Kijk eens", "Sanne Bakker", -5) with { FolderId = "d-2", Kind = "channel-message", HasMime = false, Contents = [new("json", 900), new("hosted-aWQ9MQ==", 70), new("hosted-script", 60)] };

    /// <summary>A file whose name and bytes a test chooses.</summary>
    public (string Name, byte[] Bytes) File2 { get; set; } = ("leeg.docx", []);

    public static ImmutableArray<RestorePointSummary> Points => [.. Enumerable.Range(0, 70).Where(back => back is not (6 or 21)).Select(back => Point(90 - back))];

    public IRestorePointGrain PointGrain { get; } = Substitute.For<IRestorePointGrain>();

    public IRestoreGrain Restore { get; } = Substitute.For<IRestoreGrain>();

    public IRestoreRequestBookGrain Requests { get; } = Substitute.For<IRestoreRequestBookGrain>();

    public static RestoreRequest Order { get; } = new(new RestorePointId(Resource, 90), RestoreSelection.Folder(Inbox), null, ["Hersteld"], ConflictPolicy.Skip, "first-key");

    public RestoreStatus Status { get; set; } = new(Estate.Id(3), Job, Order, RestoreState.Running, 1_200, 430, 12, 2, 5, Estate.Now.AddMinutes(-4), Estate.Now.AddMinutes(-3), null, "Putting messages back", null, 1);

    public RequestListing Request { get; set; } = new(RequestId, RequestStage.Received, "office@fabrikam.example", $"Graag mijn map terug {Estate.HostileName}", Order, Estate.Now.AddHours(-2), Foreseen);

    private static RestorePreview Foreseen => new([new("message", 1_180, 92_000_000), new("event", 20, 400_000)], 1, [new("headers", 40, ["Offerte 2", Estate.HostileName])]);

    public static RestorePointSummary Point(long sequence) => new(
        sequence, Estate.Today.AddDays((int)sequence - 90), Estate.Now.AddDays(sequence - 90).AddHours(-12), Estate.Now.AddDays(sequence - 90).AddHours(-11), Run, 4_000 + sequence, 40, 900_000_000 + sequence * 1_000_000, sequence % 17 == 0 ? 3 : 0,
        sequence % 30 == 0, Estate.Today.AddDays((int)sequence))
    {
        Lacks = sequence == 88 ? [new("calendar", "The app lacks <b>Calendars.Read</b>.")] : [],
    };

    private static CancellationToken Any => PortalWorld.Any;

    public void Teach(PortalWorld world)
    {
        world.Grains.GetGrain<IRestorePointGrain>(Arg.Any<string>()).Returns(PointGrain);
        world.Grains.GetGrain<IRestoreGrain>(Arg.Any<string>()).Returns(Restore);
        world.Grains.GetGrain<IRestoreRequestBookGrain>(Arg.Any<string>()).Returns(Requests);
        var (drive, site, team) = (Substitute.For<IOneDriveGrain>(), Substitute.For<ISiteGrain>(), Substitute.For<ITeamGrain>());
        world.Grains.GetGrain<IOneDriveGrain>(Arg.Any<string>()).Returns(drive);
        world.Grains.GetGrain<ISiteGrain>(Arg.Any<string>()).Returns(site);
        world.Grains.GetGrain<ITeamGrain>(Arg.Any<string>()).Returns(team);
        drive.ListPoints(Any).Returns([]);
        site.ListPoints(Any).Returns([]);
        team.ListPoints(Any).Returns([]);
        world.Mailbox.ListPoints(Any).Returns(Points);
        world.Mailbox.ListRuns(Any).Returns([Of(RunOutcome.Running, 0), Of(RunOutcome.Succeeded, 1), Of(RunOutcome.SucceededWithWarnings, 2), Of(RunOutcome.Failed, 3)]);
        world.Mailbox.ListDebts(Any).Returns([new ItemDebt("x", Inbox, Estate.HostileName, "ErrorItemCorrupt <b>", Estate.Now.AddDays(-4), 4)]);
        world.Mailbox.GetRestorability(Any).Returns(new Restorability(Estate.Now, 0.986, 30, 0, Estate.Now.AddDays(-40), Estate.Now.AddDays(-12)));
        world.Mailbox.GetExpiryStanding(Any).Returns(new ExpiryStanding(new BrakeRecord(Estate.Now.AddDays(-1), 89, ["1,200 of 4,000 items were gone between restore points 88 and 89."], null, 0), null, false));
        PointGrain.ListFolders(Any).Returns(Folders);
        PointGrain.ListItems(Arg.Any<string>(), Arg.Any<string?>(), Arg.Any<int>(), Any).Returns(call => new ItemPage(call.ArgAt<string>(0) switch { "c-1" => [Event], "p-1" => [Contact], _ => Items }, null));
        PointGrain.GetItem(Arg.Any<string>(), Any).Returns(call => Items.Add(Event).Add(Contact).Add(File).Add(Post1).Add(File with { Id = Document, Subject = File2.Name, Contents = [new("content", File2.Bytes.Length)] }).First(item => item.Id == call.ArgAt<string>(0)));
        PointGrain.Search(Arg.Any<ItemSearch>(), Any).Returns(_ => PortalWorld.Streamed<ImmutableArray<ItemAtPoint>>([Items]));
        PointGrain.Compare(Arg.Any<long>(), Arg.Any<string?>(), Any).Returns(_ => PortalWorld.Streamed<ImmutableArray<PointChange>>([
            [new(PointChangeKind.Added, null, Items[0], []), new(PointChangeKind.Changed, Items[1], Items[1] with { Subject = "Anders", Size = 10 }, [ItemDifference.Renamed, ItemDifference.Content]), new(PointChangeKind.Removed, Items[2], null, [])]]));
        PointGrain.PreviewRestore(Arg.Any<RestoreRequest>(), Any).Returns(Foreseen);
        PointGrain.ReadContent(Arg.Any<string>(), Arg.Any<string>(), Any).Returns(call => PortalWorld.Streamed<ReadOnlyMemory<byte>>([Content(call.ArgAt<string>(0), call.ArgAt<string>(1))]));
        PointGrain.ReadStretch(Arg.Any<string>(), Arg.Any<string>(), Arg.Any<long>(), Arg.Any<long>(), Any).Returns(call => PortalWorld.Streamed<ReadOnlyMemory<byte>>([Content(call.ArgAt<string>(0), call.ArgAt<string>(1))]));
        Restore.GetStatus(Any).Returns(_ => Status);
        Restore.Watch(Any).Returns(call => PortalWorld.Going([Status, Status with { Restored = 800 }], call.Arg<CancellationToken>()));
        Restore.ListOutcomes(Arg.Any<int>(), Any).Returns([
            new ItemOutcome(Letter, OutcomeKind.Restored, Estate.HostileName, "new-1", null, ["Its internet headers are not all as they were."]), new ItemOutcome("2", OutcomeKind.Skipped, "Offerte 2", null, "It is still there.", []),
            new ItemOutcome("3", OutcomeKind.Failed, "Offerte 3", null, "Microsoft 365 never handed it over.", [])]);
        Requests.List(Arg.Any<int>(), Any).Returns(_ => [Request]);
        Requests.Get(Arg.Any<Guid>(), Any).Returns(_ => Request);
        Requests.Make(Arg.Any<string>(), Arg.Any<string>(), Arg.Any<RestoreRequest>(), Any).Returns(_ => Request);
    }

    public static void Teach(ITenantGrain tenant, ListedStanding listed)
    {
        tenant.GetResource(Arg.Any<ResourceId>(), PortalWorld.Any).Returns(call => Estate.Resources(listed).First(one => one.Resource == call.Arg<ResourceId>()));
        tenant.ListRestores(PortalWorld.Any).Returns([Job]);
        tenant.StartRestore(Arg.Any<RestoreRequest>(), PortalWorld.Any).Returns(Job);
    }

    private byte[] Content(string item, string role) => role switch
    {
        "attachment-0-properties" => Encoding.UTF8.GetBytes("{\"contentId\":\"<logo>\"}"),
        "attachment-0" or "hosted-aWQ9MQ==" => Pixel,
        "hosted-script" => Encoding.UTF8.GetBytes("<svg onload=\"document.title='taken'\"></svg>"),
        "content" when item == Document => File2.Bytes,
        "content" => Encoding.UTF8.GetBytes("<script>document.title='taken'</script><h1>Notulen</h1>"),
        _ => JsonSerializer.SerializeToUtf8Bytes(item switch
        {
            Meeting => (object)new { subject = "Kwartaaloverleg", start = new { dateTime = "2026-03-20T09:00:00.0000000", timeZone = "UTC" }, location = new { displayName = "Vergaderzaal 2" }, body = new { contentType = "html", content = "<b>Agenda</b><ul><li>Cijfers<li>Rondvraag</ul>" } },
            Post => new { body = new { contentType = "html", content = "<p>Kijk: <img src=\"https://graph.microsoft.com/v1.0/teams/t/channels/c/messages/1/hostedContents/aWQ9MQ==/$value\" alt=\"foto\"><img src=\"https://graph.microsoft.com/v1.0/teams/t/channels/c/messages/1/hostedContents/script/$value\"><img src=\"https://evil.example/hostedContents/none/$value\"></p>" } },
            Person => new { displayName = "Sanne Bakker", companyName = "Contoso", emailAddresses = new[] { new { name = "Sanne", address = "sanne@contoso.example" } } },
            _ => new { from = new { emailAddress = new { name = "Jan", address = "jan@fabrikam.example" } }, toRecipients = new[] { new { emailAddress = new { name = Estate.HostileName, address = "a@fabrikam.example" } } }, body = new { contentType = "html", content = Html } },
        }),
    };

    private static ItemAtPoint Message(string id, string subject, string from, int hours) => new(
        id, Inbox, subject, from, Estate.Now.AddHours(hours), Estate.Now.AddHours(hours), 48_000 + subject.Length * 900, true, false, "normal", [], "notFlagged", true, [], []) { Contents = [new("message", 4_000), new("mime", 9_000)] };

    private static RunRecord Of(RunOutcome outcome, int days) => new(
        new RunProgress(new RunId(Guid.Parse($"33333333-3333-3333-3333-{days:d12}")), days == 3 ? RunReason.Retry : RunReason.Scheduled, outcome, Estate.Now.AddDays(-days).AddHours(-1), days == 0 ? null : Estate.Now.AddDays(-days),
            RunCounts.Zero with { Added = 120, Changed = 14, Removed = 3, DownloadedBytes = 31_000_000 }, 0, "Sealing", outcome == RunOutcome.Failed ? "The service answered 503 <i>." : null, FaultCause.Microsoft), 90 - days, outcome == RunOutcome.SucceededWithWarnings ? ["Healed 2 items."] : []);
}
