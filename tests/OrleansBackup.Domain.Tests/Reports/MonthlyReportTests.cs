using System.Collections.Immutable;
using OrleansBackup.Domain.Checks;
using OrleansBackup.Domain.Coverage;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Notices;
using OrleansBackup.Domain.Plans;
using OrleansBackup.Domain.Reports;
using OrleansBackup.Domain.Schedule;
using OrleansBackup.Domain.Scope;

namespace OrleansBackup.Domain.Tests.Reports;

/// <summary>The monthly report says what is in the backup and what is not, and says the same for ever.</summary>
public sealed class MonthlyReportTests
{
    private static readonly ContractCalendar Calendar = ContractCalendar.Amsterdam;
    private static readonly TenantId Tenant = new(new Guid("00000000-0000-4000-8000-000000000001"));
    private static readonly ReportMonth March = ReportMonth.Parse("2026-03");

    public static TheoryData<NoticeLanguage> Languages => [NoticeLanguage.Nl, NoticeLanguage.En];

    [Fact]
    public void Listed_is_exactly_what_was_protected_at_some_moment_of_the_month()
    {
        var random = new Random(7);
        for (var round = 0; round < 500; round++)
        {
            // A life of changes, hour by hour the truth of it, and the spans that a tenant would keep.
            var (changes, state) = (new SortedSet<int>(Enumerable.Range(0, random.Next(6)).Select(_ => random.Next(1, 24 * 90))), random.Next(2) == 0);
            var (first, start, spans, at) = (state, 0, new List<ProtectionSpan>(), Hour(0));
            foreach (var change in changes)
            {
                if (state)
                    spans.Add(new(at, Hour(change)));
                (state, at) = (!state, Hour(change));
            }
            var (begins, ends) = (March.Begins(Calendar), March.Ends(Calendar));
            var truth = Enumerable.Range(start, 24 * 90).Any(hour => Hour(hour) >= begins && Hour(hour) < ends && first ^ changes.Count(change => change <= hour) % 2 == 1);
            var report = Of(Facts(Mailbox(1) with { Protected = state, Since = at, Spans = [.. spans] }));

            Assert.True(truth == report.Protected.Any(), $"round {round}: {first}, {string.Join(',', changes)}");
        }

        DateTimeOffset Hour(int hour) => new DateTimeOffset(2026, 2, 1, 0, 0, 0, TimeSpan.Zero).AddHours(hour);
    }

    [Fact]
    public void Trap_3_a_renamed_mailbox_is_the_same_and_one_made_anew_is_another()
    {
        var before = Of(Facts(Mailbox(1), Mailbox(2)) with { Month = March.Previous });
        var renamed = Mailbox(1) with { Name = "Robin Jansen", Address = "robin.jansen@example.nl" };
        var gone = Mailbox(2) with { Protected = false, Since = Day(10), VanishedAt = Day(10), Reason = "No longer in Microsoft 365; …", Spans = [new(Day(-40), Day(10))] };
        var anew = Mailbox(3) with { Name = gone.Name, Address = gone.Address, Protected = false, Since = Day(11), Reason = "Not part of the selection; new mailboxes do not join a selection by themselves." };
        var report = Of(Facts(renamed, gone, anew) with { Before = before, Scope = Selection });

        Assert.Equal([LineState.Vanished, LineState.Protected], report.Protected.OrderBy(line => line.Name, StringComparer.Ordinal).Select(line => line.State));
        Assert.Equal((anew.Resource.LocalName, WhoActs.Customer), (Assert.Single(report.NotProtected).Id, report.NotProtected[0].Who));
        Assert.Equal(renamed.Resource.LocalName, Assert.Single(report.Difference!.Renamed).Id);
        Assert.Empty(report.Difference.Joined);
        Assert.Contains("Person 2", Assert.Single(report.Difference.Left), StringComparison.Ordinal);
        Assert.True(report.AsksConfirmation);
    }

    [Theory, MemberData(nameof(Languages))]
    public void Trap_10_a_report_that_is_made_into_a_document_again_gives_the_same_bytes(NoticeLanguage language)
    {
        var facts = Facts([.. Enumerable.Range(1, 20).Select(Mailbox)]) with { Plan = Plan("accensys"), GrantedPermissions = ["B", "A"] };
        var frozen = FrozenReport.Of(Of(facts));
        var (html, csv) = (HtmlReport.Render(frozen.Thaw(), language, Calendar), CsvReport.Render(frozen.Thaw(), language, Calendar));

        Assert.Equal(frozen, FrozenReport.Of(Of(facts with { Resources = [.. facts.Resources.Reverse()], GrantedPermissions = ["A", "B"] })));
        Assert.Equal(frozen, FrozenReport.Of(frozen.Thaw()));
        Assert.Equal((html, csv), (HtmlReport.Render(frozen.Thaw(), language, Calendar), CsvReport.Render(frozen.Thaw(), language, Calendar)));
        Assert.Throws<InvalidDataException>(() => (frozen with { Text = frozen.Text.Replace("Person 7", "Person 8", StringComparison.Ordinal) }).Thaw());
    }

    [Fact]
    public void A_mailbox_that_left_Microsoft_365_is_listed_as_that_and_not_as_unprotected()
    {
        var report = Of(Facts(Mailbox(1) with { Protected = false, Since = Day(10), VanishedAt = Day(10), Reason = "No longer in Microsoft 365", Spans = [new(Day(-40), Day(10))] }));

        Assert.Equal(LineState.Vanished, Assert.Single(report.Protected).State);
        Assert.Empty(report.NotProtected);
        Assert.Contains("niet meer in Microsoft 365", HtmlReport.Render(report, NoticeLanguage.Nl, Calendar), StringComparison.Ordinal);
        Assert.Empty(Of(Facts(Mailbox(1) with { Protected = false, Since = Day(10), VanishedAt = Day(10), Spans = [new(Day(-40), Day(10))] }) with { Month = March.Next }).Protected);
    }

    [Fact]
    public void What_was_sealed_after_the_month_is_no_part_of_it()
    {
        var mailbox = Mailbox(1) with { Points = [Point(5, 100, 0), Point(30, 200, 3), Point(31, 900, 0)] };
        var line = Assert.Single(Of(Facts(mailbox)).Protected);

        Assert.Equal((2, 200, 3), (line.Points, line.Bytes, line.Owed));
        Assert.Equal(Day(30), line.LastGood);
    }

    [Fact]
    public void Failures_are_told_with_their_cause_what_was_done_and_who_must_act()
    {
        var cut = new Incident(Guid.NewGuid(), FaultKind.ForceMajeure, new("stroomstoring", "power cut"), Day(20), Day(21), [], "ticket 7", "the director", Day(21));
        var mailbox = Mailbox(1) with
        {
            FailedRuns = [Failed(3, FaultKind.MicrosoftFails), Failed(4, FaultKind.MicrosoftFails), Failed(20, FaultKind.StoreAway), Failed(25, FaultKind.NoMailbox)],
            Missed = [new(Day(3), FaultKind.MicrosoftFails, new RunId(Guid.NewGuid()), null), new(Day(28), FaultKind.NoRun, null, null)],
            GoodStarts = [Day(5), Day(22)],
        };
        var report = Of(Facts(mailbox) with { Incidents = [cut] });

        Assert.Equal([FaultKind.MicrosoftFails, FaultKind.ForceMajeure, FaultKind.NoMailbox, FaultKind.NoRun], report.Failures.Select(line => line.Fault));
        Assert.Equal((2, 1, Day(5)), (report.Failures[0].Times, report.Failures[0].Missed, report.Failures[0].GoodAgainAt!.Value));
        Assert.Equal((cut.Id, Day(22)), (report.Failures[1].Incident, report.Failures[1].GoodAgainAt));
        Assert.Equal((WhoActs.Customer, (DateTimeOffset?)null), (report.Failures[2].Who, report.Failures[2].GoodAgainAt));
        Assert.Equal((0, 1), (report.Failures[3].Times, report.Failures[3].Missed));
        var page = HtmlReport.Render(report, NoticeLanguage.Nl, Calendar);
        Assert.All((string[])["overmacht", "stroomstoring", "Vanzelf opnieuw geprobeerd", "licentie van de klant"], text => Assert.Contains(text, page, StringComparison.Ordinal));
    }

    [Theory, MemberData(nameof(Languages))]
    public void Nothing_that_a_customer_calls_himself_gets_out_of_its_place(NoticeLanguage language)
    {
        const string evil = "</td><script>alert(1)</script>\u202E\"'&";
        var report = Of(Facts(Mailbox(1) with { Name = evil, Address = "=HYPERLINK(\"http://x\")" }, Mailbox(2) with { Name = "-1+1", Address = "@SUM(A1)" }, Mailbox(3) with { Name = "\u200B=1+1;2", Address = "\t+7" })
            with { TenantName = "<b>Fabrikam</b>" });
        var (html, csv) = (HtmlReport.Render(report, language, Calendar), CsvReport.Render(report, language, Calendar));

        Assert.DoesNotContain("<script", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("<b>", html, StringComparison.Ordinal);
        Assert.DoesNotContain('\u202E', html);
        Assert.DoesNotContain("src=", html, StringComparison.Ordinal);
        Assert.All(csv.Split("\r\n").SelectMany(line => line.Split(';', ',')), cell => Assert.DoesNotMatch("^[\"\\p{Cf}\\s]*[=+\\-@]", cell));
        Assert.Contains("'=1+1", csv, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Languages))]
    public void The_page_says_what_was_agreed_what_cannot_be_protected_and_what_does_not_come_back(NoticeLanguage language)
    {
        var plan = Plan("jp-ict");
        var page = System.Net.WebUtility.HtmlDecode(HtmlReport.Render(Of(Facts(Mailbox(1)) with { Plan = plan, Deviations = [new("retention.keep", "\"P90D\"", "contract 12", "the director", new(2026, 1, 5))] }), language, Calendar));

        Assert.All(plan.Terms.Statements, statement => Assert.Contains(statement.In(language), page, StringComparison.Ordinal));
        Assert.All(plan.Terms.Glossary.Where(noun => noun.Key is "customer" or "backupServices"), noun => Assert.Contains(noun.Value.In(language), page, StringComparison.Ordinal));
        Assert.All(ResourceKinds.Unprotectable, kind => Assert.Contains(ReportWords.LimitationOf(kind).In(language), page, StringComparison.Ordinal));
        Assert.All(CoverageTable.All.Where(entry => entry.Kind == ResourceKind.Mailbox && entry.ComesBack != ComesBack.AsItWas), entry => Assert.Contains(ReportWords.CoverageOf(entry.What).In(language), page, StringComparison.Ordinal));
        Assert.Contains("contract 12", page, StringComparison.Ordinal);
        Assert.Contains(language == NoticeLanguage.Nl ? "<html lang=\"nl\">" : "<html lang=\"en\">", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Everything_that_the_service_says_of_coverage_has_a_Dutch_wording()
    {
        Assert.All(CoverageTable.All.SelectMany(entry => (string[])[entry.What, entry.Note]).Where(text => text.Length > 0 && !ResourceKinds.Unprotectable.Any(kind => kind.Plural() == text)),
            text => Assert.NotEqual(text, ReportWords.CoverageOf(text).Nl));
        Assert.All(ResourceKinds.Unprotectable, kind => Assert.NotEqual(ReportWords.LimitationOf(kind).En, ReportWords.LimitationOf(kind).Nl));
        foreach (var scope in (ProtectionScope[])[Selection, ProtectionScope.Everything with { Excluded = ["x"] }, ProtectionScope.Everything with { ExcludedPurposes = ["room"] },
            ProtectionScope.Everything with { Kinds = ImmutableSortedDictionary<ResourceKind, KindRule>.Empty.Add(ResourceKind.Mailbox, KindRule.Nothing) }])
            Assert.Contains(ReportWords.KnownReasons, begins => scope.Decide(new(Tenant, ResourceKind.Mailbox, "x"), "room").Reason.StartsWith(begins, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("2026-03-29T00:30:00Z", "29 maart 2026 01:30")] // before the clock goes forward
    [InlineData("2026-03-29T01:30:00Z", "29 maart 2026 03:30")]
    [InlineData("2026-10-25T00:30:00Z", "25 oktober 2026 02:30")] // the hour that comes twice
    [InlineData("2026-10-25T01:30:00Z", "25 oktober 2026 02:30")]
    [InlineData("2026-10-25T02:30:00Z", "25 oktober 2026 03:30")]
    [InlineData("2026-07-01T21:59:00Z", "1 juli 2026 23:59")]
    public void Moments_are_written_as_the_clock_on_the_wall_shows_them(string utc, string text) =>
        Assert.Equal(text, new ReportFormat(NoticeLanguage.Nl, Calendar).Moment(DateTimeOffset.Parse(utc, System.Globalization.CultureInfo.InvariantCulture)));

    [Fact]
    public void Sizes_and_numbers_are_written_as_each_language_does()
    {
        var (nl, en) = (new ReportFormat(NoticeLanguage.Nl, Calendar), new ReportFormat(NoticeLanguage.En, Calendar));
        Assert.Equal(("1.234.567", "1,234,567"), (nl.Number(1_234_567), en.Number(1_234_567)));
        Assert.Equal(("1,5 GB", "1.5 GB", "999 B", "120 MB"), (nl.Size(1_500_000_000), en.Size(1_500_000_000), nl.Size(999), nl.Size(120_400_000)));
    }

    private static ProtectionScope Selection => new(ScopeMode.Selection, [Mailbox(1).Resource.ObjectId], [], true);

    private static MonthlyReport Of(ReportFacts facts) => ReportAssembly.Assemble(facts, Calendar);

    private static ReportFacts Facts(params ResourceFacts[] resources) => new(Tenant, "Fabrikam", March, Day(32), ProtectionScope.Everything) { Resources = [.. resources] };

    private static ResourceFacts Mailbox(int number) => new(
        new(Tenant, ResourceKind.Mailbox, new Guid(number, 0, 0, new byte[8]).ToString()), $"Person {number}", $"person{number}@example.nl", "user", true, "The whole environment is protected.", Day(-60), null);

    private static PointFacts Point(int day, long bytes, long owed) => new(Day(day), Day(day).AddMinutes(5), bytes, owed, []);

    private static FailedRun Failed(int day, FaultKind kind) => new(new RunId(Guid.NewGuid()), Day(day), kind, null);

    /// <summary>Noon of a day of March, counted from 0.</summary>
    private static DateTimeOffset Day(int number) => Calendar.At(new DateOnly(2026, 3, 1).AddDays(number), TimeSpan.FromHours(12));

    private static ServicePlan Plan(string id) => PlanFile.Read(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "plans", $"{id}.json")));
}
