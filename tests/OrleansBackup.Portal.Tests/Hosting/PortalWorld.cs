using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using NSubstitute;
using NSubstitute.ClearExtensions;
using NSubstitute.ExceptionExtensions;
using Orleans;
using OrleansBackup.Domain.Audit;
using OrleansBackup.Domain.Identity;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Access;
using OrleansBackup.GrainInterfaces.Audit;
using OrleansBackup.GrainInterfaces.Checks;
using OrleansBackup.GrainInterfaces.Notices;
using OrleansBackup.GrainInterfaces.Operations;
using OrleansBackup.GrainInterfaces.Rehearsals;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.GrainInterfaces.Tenants;

namespace OrleansBackup.Portal.Tests.Hosting;

/// <summary>The grains behind the portal, substituted: an estate of some tenants in every state. A test may teach them otherwise, and count how often they were asked.</summary>
internal sealed class PortalWorld
{
    public PortalWorld(int tenants = 12)
    {
        Tenants = Estate.Of(tenants);
        Grains.GetGrain<IProviderGrain>(GrainKeys.Provider).Returns(Provider);
        Grains.GetGrain<ITenantGrain>(Arg.Any<string>()).Returns(call => TenantOf(call.ArgAt<string>(0)));
        Grains.GetGrain<INoticeBookGrain>(Arg.Any<string>()).Returns(NoticeBook);
        Grains.GetGrain<ICheckDiaryGrain>(GrainKeys.CheckDiary).Returns(CheckDiary);
        Grains.GetGrain<IDailyCheckGrain>(Arg.Any<string>()).Returns(DailyCheck);
        Grains.GetGrain<IRehearsalGrain>(Arg.Any<string>()).Returns(call => call.ArgAt<string>(0) == GrainKeys.Provider ? Rehearsals : TenantRehearsals);
        Grains.GetGrain<IProcessBoardGrain>(GrainKeys.ProcessBoard).Returns(Board);
        Grains.GetGrain<IAuditGrain>(Arg.Any<string>()).Returns(Audit);
        Provider.ListStandings(Any).Returns(_ => Tenants);
        Provider.ListTenants(Any).Returns(_ => [.. Tenants.Select(tenant => tenant.Listing)]);
        CheckDiary.ListDays(Arg.Any<DateOnly?>(), Arg.Any<int>(), Any).Returns([Diary.Check.Day]);
        CheckDiary.ListIncidents(Any).Returns([Diary.Incident]);
        DailyCheck.Get(Any).Returns(Diary.Check);
        DailyCheck.Acknowledge(Arg.Any<string>(), Arg.Any<string>(), Arg.Any<ImmutableArray<string>>(), Any).Returns(Diary.Check);
        NoticeBook.ListNotices(Arg.Any<Guid?>(), Arg.Any<int>(), Any).Returns(new NoticePage(Diary.Notices, null));
        NoticeBook.GetContacts(Any).Returns(Ledger.Contacts);
        foreach (var book in new[] { Rehearsals, TenantRehearsals })
        {
            book.List(Any).Returns([Evidence.Listing]);
            book.Get(Evidence.Name, Any).Returns(Evidence.Listing);
            book.Begin(Arg.Any<string>(), Arg.Any<string>(), Arg.Any<int?>(), Any).Returns(Evidence.Listing);
            book.ReadRecord(Evidence.Name, Any).Returns(Evidence.File);
            book.ReadInventory(Evidence.Name, Any).Returns(_ => Streamed<ReadOnlyMemory<byte>>([Evidence.InventoryFile]));
        }
        Provider.GetDeletionKey(Any).Returns(Evidence.PublicKey);
        Provider.ListPermissions(Any).Returns(Estate.Permissions);
        Provider.ListStores(Any).Returns([new StoreListing("amsterdam", "NL", true), new StoreListing("frankfurt", "DE", false)]);
        Provider.GetKeyRotation(Any).Returns(new ProviderJobStatus(new("first-key", "Yearly", Estate.Now.AddHours(-1)), 12, [.. Tenants.Take(4).Select(tenant => tenant.Listing.Tenant)], [], null, null));
        Provider.GetRecovery(Any).ThrowsAsync(new NotFoundException("None was ever asked for."));
        Board.Read(Any).Returns([Work.Process]);
        Grains.GetGrain<IMailboxGrain>(Arg.Any<string>()).Returns(Mailbox);
        Mailbox.GetStatus(Any).Returns(Work.Status);
        Mailbox.WatchRun(Arg.Any<RunId>(), Any).Returns(_ => Streamed([Work.Progress, Work.Progress with { Counts = Work.Progress.Counts with { Added = 900 } }]));
        var sessions = Substitute.For<ISessionBookGrain>();
        Grains.GetGrain<ISessionBookGrain>(Arg.Any<string>()).Returns(sessions);
        sessions.Begin(Arg.Do<string>(hash => _session = hash), Arg.Do<BrowserSession>(session => _signedIn = session), Any).Returns(Task.CompletedTask);
        sessions.Find(Arg.Any<string>(), Any).Returns(call => call.ArgAt<string>(0) == _session ? _signedIn : null);
        Mailbag.Teach(this);
        Agreements.Teach(this);
        Ledger.Teach(this);
        Listeners.Teach(this);
        Audit.List(Arg.Any<long?>(), Arg.Any<int>(), Any).Returns(new AuditPage(Evidence.Book, null));
        Audit.Export(Any).Returns(_ => Streamed<ReadOnlyMemory<byte>>([Evidence.BookFile]));
        Audit.Append(Arg.Any<AuditNote>(), Any).Returns(call =>
        {
            if (!call.Arg<AuditNote>().Act.StartsWith("access.", StringComparison.Ordinal))
                Notes.Add(call.Arg<AuditNote>());
            var note = call.Arg<AuditNote>();
            return AuditChain.Next("provider", new AuditEnd(Notes.Count, AuditEntry.NothingBefore), Estate.Now, note.Actor, note.Act, note.Subject, note.Facts);
        });
    }

    public Mailbag Mailbag { get; } = new();

    public Agreements Agreements { get; } = new();

    public Ledger Ledger { get; } = new();

    public Listeners Listeners { get; } = new();

    public ImmutableArray<ListedStanding> Tenants { get; set; }

    public IGrainFactory Grains { get; } = Substitute.For<IGrainFactory>();

    public IProviderGrain Provider { get; } = Substitute.For<IProviderGrain>();

    public INoticeBookGrain NoticeBook { get; } = Substitute.For<INoticeBookGrain>();

    public ICheckDiaryGrain CheckDiary { get; } = Substitute.For<ICheckDiaryGrain>();

    public IDailyCheckGrain DailyCheck { get; } = Substitute.For<IDailyCheckGrain>();

    public IRehearsalGrain Rehearsals { get; } = Substitute.For<IRehearsalGrain>();

    /// <summary>Of any single tenant.</summary>
    public IRehearsalGrain TenantRehearsals { get; } = Substitute.For<IRehearsalGrain>();

    public IProcessBoardGrain Board { get; } = Substitute.For<IProcessBoardGrain>();

    public IMailboxGrain Mailbox { get; } = Substitute.For<IMailboxGrain>();

    public IAuditGrain Audit { get; } = Substitute.For<IAuditGrain>();

    /// <summary>What was written into the audit books, oldest first; that somebody signed in left out.</summary>
    public List<AuditNote> Notes { get; } = [];

    /// <summary>How often any grain was asked anything.</summary>
    public int Calls => new object[] { Provider, NoticeBook, CheckDiary, DailyCheck, Rehearsals, Board, Audit, Mailbox }.Concat(_tenants.Values).Sum(grain => grain.ReceivedCalls().Count());

    private readonly Dictionary<string, ITenantGrain> _tenants = [];
    private string? _session;
    private BrowserSession? _signedIn;

    public static CancellationToken Any => Arg.Any<CancellationToken>();

    public static async IAsyncEnumerable<T> Streamed<T>(IEnumerable<T> values, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        foreach (var value in values)
        {
            await Task.Yield();
            cancellation.ThrowIfCancellationRequested();
            yield return value;
        }
    }

    /// <summary>As <see cref="Streamed"/>, of something that goes on after its last news until nobody watches any more.</summary>
    public static async IAsyncEnumerable<T> Going<T>(IEnumerable<T> values, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var value in Streamed(values, cancellation))
            yield return value;
        await Task.Delay(Timeout.Infinite, cancellation);
    }

    public void ForgetCalls()
    {
        foreach (var grain in new object[] { Provider, NoticeBook, CheckDiary, DailyCheck, Rehearsals, Board, Audit, Mailbox }.Concat(_tenants.Values))
            grain.ClearReceivedCalls();
    }

    public ITenantGrain Tenant(TenantId tenant) => TenantOf(GrainKeys.Of(tenant));

    private ITenantGrain TenantOf(string key)
    {
        if (_tenants.TryGetValue(key, out var known))
            return known;
        var grain = _tenants[key] = Substitute.For<ITenantGrain>();
        var listed = Tenants.FirstOrDefault(tenant => GrainKeys.Of(tenant.Listing.Tenant) == key);
        if (listed is null)
        {
            var unknown = new NotFoundException("There is no such tenant; onboard it first.");
            grain.GetOverview(Any).ThrowsAsync(unknown);
            grain.GetName(Any).ThrowsAsync(unknown);
            return grain;
        }
        grain.GetName(Any).Returns(listed.Listing.Name);
        grain.GetOverview(Any).Returns(Estate.Overview(listed));
        grain.GetMeasures(Any).Returns(Estate.Measures());
        grain.ListResources(Arg.Any<string?>(), Arg.Any<int>(), Any).Returns(new ResourcePage(Estate.Resources(listed), null));
        grain.CheckPermissions(Any).Returns(Estate.Permissions);
        Mailbag.Teach(grain, listed);
        Agreements.Teach(grain);
        Ledger.Teach(grain, listed);
        return grain;
    }
}
