using System.Security.Cryptography;
using System.Text;
using Orleans;
using OrleansBackup.Domain.Audit;
using OrleansBackup.Domain.Calendar;
using OrleansBackup.Domain.Contracts;
using OrleansBackup.Domain.Invoicing;
using OrleansBackup.Domain.Keeping;
using OrleansBackup.Domain.Retention;
using OrleansBackup.Domain.Schedule;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Audit;
using OrleansBackup.GrainInterfaces.Billing;
using OrleansBackup.GrainInterfaces.Contracts;
using OrleansBackup.GrainInterfaces.Keeping;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.GrainInterfaces.Tenants;
using OrleansBackup.Grains.Ledger;
using OrleansBackup.Grains.Tests.Given;
using OrleansBackup.GraphSimulator.Generation;

namespace OrleansBackup.Grains.Tests.Actors;

/// <summary>The provider's documents are there as long as the law wants, and gone the day after, with evidence; a hold keeps them; what is older than the ledgers comes into them.</summary>
public sealed class DocumentKeepingTests(SimulatorFixture simulator) : IClassFixture<SimulatorFixture>
{
    private const string First = "first-key", Second = "second-key", Director = "person1@example.nl";
    private static readonly CancellationToken Never = CancellationToken.None;
    private static readonly TenantRecipe Small = new() { Users = 1, MessagesPerMailbox = 3 };
    private static readonly string[] Steps = ["document-keeping", "invoice-book", "billing-account", "billing-month", "contract", "contract-evidence", "audit"];

    [Fact]
    public async Task Everything_of_a_customer_who_left_goes_after_seven_book_years_and_not_a_day_before_and_the_evidence_says_what_it_was()
    {
        await using var scene = await LeftAsync();
        var (booked, journal) = (await scene.Grains.InvoiceBook().List(null, Never), (await scene.Grains.Contract(scene.Tenant).Get(Never)).Journal);
        var years = booked.Select(one => one.IssuedOn.Year).Distinct().Order().ToList();
        Assert.True(years.Count > 1, "The life of this customer lies within one book year; nothing is told apart.");
        Assert.NotEmpty(Files(scene, "contracts"));
        Assert.NotEmpty(Files(scene, "consequences"));
        Assert.Single(Records(scene));
        var destroyed = Contract.Of(journal.Select(line => ContractJournal.Read(line).Event)).Destroyed!.On;
        foreach (var year in years.Append(destroyed.Year).Distinct())
        {
            await AttendedAsync(scene, new DateOnly(year + 7, 12, 31));
            Assert.Equal(booked.Where(one => one.IssuedOn.Year >= year).Select(one => one.Number), (await scene.Grains.InvoiceBook().List(null, Never)).Select(one => one.Number));
            Assert.Equal(destroyed.Year >= year, Files(scene, "contracts").Length > 0);
            Assert.Equal(destroyed.Year >= year, Records(scene).Length > 0);

            await AttendedAsync(scene, new DateOnly(year + 8, 1, 1));
            Assert.Equal(booked.Where(one => one.IssuedOn.Year > year).Select(one => one.Number), (await scene.Grains.InvoiceBook().List(null, Never)).Select(one => one.Number));
            Assert.Equal(booked.Where(one => one.IssuedOn.Year > year).Select(one => one.Number), Files(scene, "invoices").Select(file => Path.GetFileName(Path.GetDirectoryName(file))).Distinct().Order(StringComparer.Ordinal));
        }

        await AssertNothingLeftAsync(scene);
        var standing = await scene.Grains.DocumentKeeping().Get(Never);
        var evidence = new List<DeletedDocument>();
        var notes = (await scene.Grains.ProviderAudit().List(null, 1_000, Never)).Entries.Where(entry => entry.Act == AuditActs.DeletedDocuments).ToDictionary(entry => entry.Subject);
        foreach (var name in standing.Deletions)
        {
            var text = await scene.Grains.DocumentKeeping().ReadDeletion(name, Never);
            Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text))), notes[name].Facts["evidence"]);
            evidence.AddRange(LedgerJson.Read<DocumentDeletion>(text).Documents);
        }
        Assert.Equal(booked.Select(one => (one.Number, one.Sha256)), evidence.Where(one => one.Kind == KeptKind.Invoice).Select(one => (one.Name, one.Sha256)).Order());
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(journal.Select(line => line + "\n"))))), Assert.Single(evidence, one => one.Kind == KeptKind.Contract).Sha256);
        Assert.Equal([KeptKind.Invoice, KeptKind.Payment, KeptKind.Contract, KeptKind.Account, KeptKind.DeletionRecord, KeptKind.Audit], evidence.Select(one => one.Kind).Distinct().Order());
        Assert.Equal(evidence.Count, standing.Deleted);
        Assert.DoesNotContain("bank", string.Concat(evidence), StringComparison.Ordinal); // the bank's ids may name persons
    }

    [Fact]
    public async Task A_hold_keeps_everything_also_after_the_loss_of_the_database_until_it_is_lifted()
    {
        await using var scene = await LeftAsync();
        var keeping = scene.Grains.DocumentKeeping();
        var count = (await scene.Grains.InvoiceBook().List(null, Never)).Length;
        await keeping.PlaceHold(scene.Tenant, First, "The tax office asks.", Never);
        var all = await keeping.PlaceHold(null, First, "A court asks.", Never);
        await keeping.LiftHold(all.Id, Never);
        var held = await AttendedAsync(scene, Today(scene).AddYears(9));
        Assert.True(held.Held > count, $"{held}");
        Assert.Empty(held.Deletions);
        Assert.Equal(count, (await scene.Grains.InvoiceBook().List(null, Never)).Length);

        await scene.StopAsync();
        RecoveryTests.LoseTheDatabase(scene);
        await scene.StartServiceAsync();
        Assert.Empty((await LedgerRecoveryTests.RecoveredAsync(scene)).Problems);
        held = await AttendedAsync(scene, Today(scene).AddDays(1));
        Assert.Equal(("The tax office asks.", count), (Assert.Single(held.Holds).Why, (await scene.Grains.InvoiceBook().List(null, Never)).Length));

        await scene.Grains.DocumentKeeping().LiftHold(held.Holds[0].Id, Never);
        await AttendedAsync(scene, Today(scene).AddDays(1));
        await AssertNothingLeftAsync(scene, hasAudit: false);
    }

    [Fact]
    public async Task Of_a_customer_in_service_old_invoices_go_his_legal_hold_keeps_them_and_neither_the_contract_nor_any_number_is_lost()
    {
        await using var scene = await ServiceScene.StartAsync(simulator, Small, settings: BillingTests.Provider);
        await LedgerRecoveryTests.MadeAsync(scene);
        await LedgerRecoveryTests.BilledAsync(scene, months: 2);
        for (var at = 0; at < 130; at++)
            await scene.Grains.Audit(scene.Tenant).NoteAsync(First, AuditActs.ReadContent, $"item {at}", Never);
        var old = await scene.Grains.InvoiceBook().List(null, Never);
        await scene.Grains.InvoiceBook().Pay(scene.Tenant, new("bank", old[0].Number, Today(scene), Money.Exactly(1m), "b"), Never);
        var charged = (await scene.Grains.BillingAccount(scene.Tenant).GetStanding(Never)).Charged;
        await scene.Resource().PlaceLegalHold(First, "A court asks.", Never);
        var far = new DateOnly(Today(scene).Year + 8, 1, 1);
        Assert.True((await AttendedAsync(scene, far)).Held >= old.Length);
        Assert.Equal(old.Length, (await scene.Grains.InvoiceBook().List(null, Never)).Length);

        await scene.Resource().LiftLegalHold(First, "It was decided.", Never);
        await AttendedAsync(scene, far.AddDays(1));

        Assert.Empty((await scene.Grains.InvoiceBook().List(null, Never)).Select(one => one.Number).Intersect(old.Select(one => one.Number)));
        Assert.Empty(await scene.Grains.InvoiceBook().ListPayments(null, Never));
        Assert.DoesNotContain(Files(scene, "invoices"), file => old.Any(one => file.Contains(one.Number, StringComparison.Ordinal)));
        Assert.Equal(charged, (await scene.Grains.BillingAccount(scene.Tenant).GetStanding(Never)).Charged.Take(charged.Length));
        Assert.NotEmpty((await scene.Grains.Contract(scene.Tenant).Get(Never)).Journal);
        Assert.NotEmpty(Files(scene, "contracts"));
        var verifier = new AuditVerifier(await scene.Grains.Provider().GetDeletionKey(Never), null);
        foreach (var line in (await ExportAsync(scene)).TrimEnd('\n').Split('\n'))
            verifier.Read(Encoding.UTF8.GetBytes(line));
        var verdict = verifier.Finish();
        Assert.Empty(verdict.Problems);
        Assert.Equal(128, verdict.Head!.Deleted!.Value.Count);
        var page = await scene.Grains.Audit(scene.Tenant).List(null, 1_000, Never);
        Assert.Equal((129L, (long?)null), (page.Entries[^1].Sequence, page.Next));
        await scene.StopAsync();
        RecoveryTests.LoseTheDatabase(scene);
        await scene.StartServiceAsync();
        Assert.DoesNotContain((await LedgerRecoveryTests.RecoveredAsync(scene)).Problems, problem => problem.Contains(old[0].Number, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_kill_before_or_after_any_write_of_the_deletion_leaves_nothing_half_deleted()
    {
        const int Kills = 10;
        var (_, places) = await KilledAsync(int.MaxValue);
        Assert.True(places > 40, $"The deletion has only {places} places to die at.");
        for (var kill = 0; kill < Kills; kill++)
            Assert.True((await KilledAsync((places * kill / Kills / 2 * 2) + 1 + (kill % 2))).IsKilled, $"kill {kill} of {places} places"); // before a write and after one by turns
    }

    [Fact]
    public async Task What_was_issued_before_there_were_ledgers_is_entered_once_and_then_outlives_the_database()
    {
        await using var scene = await ServiceScene.StartAsync(simulator, Small, settings: BillingTests.Provider);
        await LedgerRecoveryTests.MadeAsync(scene);
        await scene.UntilPointsAsync(1);
        await scene.Grains.PriceBook().Index("accensys", Today(scene).AddDays(400), 3.5m, "Costs", "the director", Never);
        var order = await scene.Grains.WorkOrders(scene.Tenant).Open(WorkKind.Change, "change/1", new("Wijziging", "Change"), null, Never);
        await scene.Grains.WorkOrders(scene.Tenant).Close(order.Id, 30, delivered: true, Never);
        await LedgerRecoveryTests.BilledAsync(scene, months: 2);
        await scene.Grains.InvoiceBook().Pay(scene.Tenant, new("bank-1", (await scene.Grains.InvoiceBook().List(null, Never))[0].Number, Today(scene), Money.Exactly(1.50m), "b"), Never);
        await scene.Grains.Contract(scene.Tenant).Propose(new ActOrder(ActKind.Settings, "He asks") { Settings = TenantSettings.Default with { Retention = RetentionRule.OfDays(20) } }, First, Never);
        var month = CalendarMonth.Of(Today(scene)).Previous;
        await scene.Grains.MonthlyReport(scene.Tenant, month).Make(Never);
        await scene.Grains.MonthlyReport(scene.Tenant, month).Confirm("the director", First, "", Never);
        await AttendedAsync(scene, Today(scene));
        var (before, names) = (await LedgerRecoveryTests.KeptAsync(scene, month), Ledgers(scene));
        await scene.StopAsync();
        foreach (var ledger in new[] { scene.Tenant.ToString(), "provider" })
            Directory.Delete(Path.Combine(scene.Folder, "vault", ledger, "ledger"), recursive: true); // as a release without ledgers left it
        await scene.StartServiceAsync();

        await scene.Grains.DocumentKeeping().EnterAgain(Never);
        await AttendedAsync(scene, Today(scene));
        Assert.Equal(string.Join('\n', names), string.Join('\n', Ledgers(scene)));
        await scene.Grains.DocumentKeeping().EnterAgain(Never);
        await AttendedAsync(scene, Today(scene));
        Assert.Equal(string.Join('\n', names), string.Join('\n', Ledgers(scene))); // not a second edition of anything

        await scene.StopAsync();
        RecoveryTests.LoseTheDatabase(scene);
        await scene.StartServiceAsync();
        Assert.Empty((await LedgerRecoveryTests.RecoveredAsync(scene)).Problems);
        Assert.Equal(before, await LedgerRecoveryTests.KeptAsync(scene, month));
        await scene.Grains.BillingAccount(scene.Tenant).BillWhatIsDue(Never);
        Assert.Equal(before, await LedgerRecoveryTests.KeptAsync(scene, month)); // nothing is charged again
    }

    [Fact]
    public async Task An_account_that_the_lost_database_does_not_know_is_not_taken_for_one_that_has_ended()
    {
        await using var scene = await ServiceScene.StartAsync(simulator, Small, settings: BillingTests.Provider);
        await scene.OnboardAsync();
        await scene.Grains.BillingAccount(scene.Tenant).SetProfile(Domain.Tests.Invoicing.Given.Customer, Never); // neither a contract nor an invoice yet
        Assert.NotEmpty(Files(scene, "accounts"));
        await scene.StopAsync();
        RecoveryTests.LoseTheDatabase(scene);
        await scene.StartServiceAsync();

        await AttendedAsync(scene, Today(scene));

        Assert.NotEmpty(Files(scene, "accounts"));
        Assert.Empty((await LedgerRecoveryTests.RecoveredAsync(scene)).Problems);
        Assert.Equal(Domain.Tests.Invoicing.Given.Customer, await scene.Grains.BillingAccount(scene.Tenant).GetProfile(Never));
    }

    /// <summary>How often it could have been killed as well: before and after each write.</summary>
    private async Task<(bool IsKilled, int Places)> KilledAsync(int at)
    {
        await using var scene = await LeftAsync();
        var (count, reached) = (0, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        scene.AroundWrite = async (state, _) =>
        {
            if (!Steps.Contains(state) || Interlocked.Increment(ref count) != at)
                return;
            reached.SetResult();
            await new TaskCompletionSource().Task; // what has died goes on with nothing
        };
        await AttendedAsync(scene, Today(scene).AddYears(9), reached.Task);
        var isKilled = reached.Task.IsCompleted;
        if (isKilled)
        {
            await scene.KillAsync();
            scene.AroundWrite = null;
            await scene.StartServiceAsync();
            await AttendedAsync(scene, Today(scene));
        }
        await AssertNothingLeftAsync(scene);
        return (isKilled, count);
    }

    /// <summary>A customer who was billed over the turn of a year, paid, gave notice, and whose backups are destroyed.</summary>
    private async Task<ServiceScene> LeftAsync()
    {
        var scene = await ServiceScene.StartAsync(simulator, Small, settings: BillingTests.Provider);
        await LedgerRecoveryTests.MadeAsync(scene);
        await scene.UntilPointsAsync(1);
        await LedgerRecoveryTests.BilledAsync(scene, months: 1);
        var contract = scene.Grains.Contract(scene.Tenant);
        await scene.Grains.InvoiceBook().Pay(scene.Tenant, new("bank line 7", (await scene.Grains.InvoiceBook().List(null, Never))[0].Number, Today(scene), Money.Exactly(1.50m), "b"), Never);
        await contract.ReceiveNotice(null, Director, "Letter 1", First, Never);
        var ends = Read(await contract.ProcessNotice(First, Never));
        await contract.Confirm(Read(await contract.Propose(new(ActKind.End, "Notice"), First, Never)).Acts.Single().Proposed.Number, Second, Never);
        scene.Clock.Shift(TimeSpan.FromDays(ends.DestructionOn(WorkingCalendar.Netherlands)!.Value.DayNumber - Today(scene).DayNumber));
        while (Read(await contract.Get(Never)).Destroyed is null)
        {
            await contract.Attend(Never);
            await Hang.MomentAsync();
        }
        await scene.Grains.BillingAccount(scene.Tenant).BillWhatIsDue(Never);
        return scene;
    }

    private static async Task AssertNothingLeftAsync(ServiceScene scene, bool hasAudit = true)
    {
        Assert.Empty(await scene.Grains.InvoiceBook().List(null, Never));
        Assert.Empty(await scene.Grains.InvoiceBook().ListPayments(null, Never));
        foreach (var kind in new[] { "invoices", "payments", "contracts", "consequences", "accounts" })
            Assert.Empty(Files(scene, kind));
        Assert.Empty(Records(scene));
        await Assert.ThrowsAsync<NotFoundException>(() => scene.Grains.Contract(scene.Tenant).Get(Never));
        await Assert.ThrowsAsync<NotFoundException>(() => scene.Grains.GetGrain<IEvidenceGrain>(GrainKeys.OfEvidence(scene.Tenant, 0, 1)).Read(Never));
        Assert.Empty((await scene.Grains.BillingAccount(scene.Tenant).GetStanding(Never)).Charged);
        Assert.Null(await scene.Grains.BillingAccount(scene.Tenant).GetProfile(Never));
        if (hasAudit)
            Assert.Empty((await scene.Grains.Audit(scene.Tenant).List(null, 1_000, Never)).Entries);
    }

    /// <summary>Waits until the work of this day is done.</summary>
    private static async Task<DocumentKeeping> AttendedAsync(ServiceScene scene, DateOnly day, Task? orThis = null)
    {
        using var patience = new CancellationTokenSource(Hang.Limit);
        scene.Clock.Shift(TimeSpan.FromDays(day.DayNumber - Today(scene).DayNumber));
        var standing = await scene.Grains.DocumentKeeping().Attend(patience.Token);
        while ((standing.DoneOn != Today(scene) || standing.CaughtUpAt is null) && orThis is not { IsCompleted: true })
        {
            await Hang.MomentAsync(patience.Token);
            standing = await scene.Grains.DocumentKeeping().Attend(patience.Token); // as the hour's tick does: an attempt may have begun the day before
            Assert.Null(standing.Problem);
        }
        return standing;
    }

    private static async Task<string> ExportAsync(ServiceScene scene)
    {
        var text = new StringBuilder();
        await foreach (var piece in scene.Grains.Audit(scene.Tenant).Export(Never))
            text.Append(Encoding.UTF8.GetString(piece.Span));
        return text.ToString();
    }

    private static string Place(ServiceScene scene, string kind) => Path.Combine(scene.Folder, "vault", "provider", "ledger", kind);

    private static string[] Files(ServiceScene scene, string kind) => Directory.Exists(Place(scene, kind)) ? Directory.GetFiles(Place(scene, kind), "*", SearchOption.AllDirectories) : [];

    private static string[] Records(ServiceScene scene) => Directory.GetFiles(Path.Combine(scene.Folder, "deletion-records"), "*.zip", SearchOption.AllDirectories);

    private static string[] Ledgers(ServiceScene scene) =>
        [.. new[] { scene.Tenant.ToString(), "provider" }.SelectMany(ledger => Directory.GetFiles(Path.Combine(scene.Folder, "vault", ledger, "ledger"), "*", SearchOption.AllDirectories))
            .Select(file => Path.GetRelativePath(scene.Folder, Path.GetDirectoryName(file)!)).Distinct().Order(StringComparer.Ordinal)];

    private static DateOnly Today(ServiceScene scene) => ContractCalendar.Amsterdam.DayOf(scene.Clock.GetUtcNow());

    private static Contract Read(ContractRecord record) => Contract.Of(record.Journal.Select(line => ContractJournal.Read(line).Event));
}
