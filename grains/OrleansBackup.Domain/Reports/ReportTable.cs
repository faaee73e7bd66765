using System.Collections.Immutable;
using System.Globalization;
using OrleansBackup.Domain.Checks;
using OrleansBackup.Domain.Notices;
using OrleansBackup.Domain.Schedule;

namespace OrleansBackup.Domain.Reports;

/// <summary>One table of a report in one language: what HTML and CSV have in common, so that neither says more than the other.</summary>
/// <param name="Name">Never translated; stands in the CSV.</param>
/// <param name="Explanation">A sentence above it; empty: none.</param>
/// <param name="Empty">What stands there when it has no rows.</param>
/// <param name="Figures">Columns of numbers, by place.</param>
public sealed record ReportTable(string Name, string Title, string Explanation, string Empty, ImmutableArray<string> Columns, ImmutableArray<ImmutableArray<string>> Rows, ImmutableArray<int> Figures)
{
    /// <summary>Every table of a report, in the order in which it is read.</summary>
    public static ImmutableArray<ReportTable> Of(MonthlyReport report, NoticeLanguage language, ContractCalendar calendar) => new Writer(report, language, calendar).All();

    private sealed class Writer(MonthlyReport report, NoticeLanguage language, ContractCalendar calendar)
    {
        private readonly bool _nl = language == NoticeLanguage.Nl;
        private readonly ReportFormat _format = new(language, calendar);

        public ImmutableArray<ReportTable> All() =>
        [
            Protected(), NotProtected(), Unprotectable(), NotComingBack(), Failures(), Incidents(), Restores(), Rehearsals(), .. report.Billing is { } billing ? [Billing(billing), Accounts(billing)] : (ReadOnlySpan<ReportTable>)[],
            .. report.Difference is { } difference ? [Differences(difference)] : (ReadOnlySpan<ReportTable>)[],
        ];

        private ReportTable Protected() => Table("protected", T("In de backup", "In the backup"),
            T("Alles wat op enig moment in deze maand in de backup zat. Wat hier niet staat, zat er niet in.", "Everything that was in the backup at some moment of this month. What is not listed here was not."),
            T("Er was niets in de backup.", "Nothing was in the backup."),
            [T("Omschrijving", "Description"), T("Adres", "Address"), T("Soort", "Kind"), T("Status", "State"), T("Laatste goede backup", "Last good backup"), T("Herstelpunten", "Restore points"), T("Omvang", "Size"), T("Bijzonderheden", "Remarks")],
            report.Protected.Select(line => Row(line.Name, line.Address, $"{Word(ReportWords.NameOf(line.Kind))}{(line.Purpose.Length == 0 || Word(ReportWords.PurposeOf(line.Purpose)) is not { Length: > 0 } purpose || !IsPerson(line) ? "" : $" ({purpose})")}",
                Word(ReportWords.NameOf(line.State)), line.LastGood is { } good ? _format.Moment(good) : T("geen", "none"), _format.Number(line.Points), _format.Size(line.Bytes), Remarks(line))), 5, 6);

        private static bool IsPerson(ProtectedLine line) => line.Kind == Identity.ResourceKind.Mailbox;

        private string Remarks(ProtectedLine line)
        {
            var remarks = new List<string>();
            if (line.From is { } from)
                remarks.Add(T($"in de backup sinds {_format.Day(from)}", $"in the backup since {_format.Day(from)}"));
            if (line.Until is { } until)
                remarks.Add(T($"tot {_format.Day(until)}", $"until {_format.Day(until)}"));
            if (line.Owed > 0)
                remarks.Add(T($"{line.Owed} items nog niet door Microsoft 365 afgegeven", $"{line.Owed} items not handed over by Microsoft 365 yet"));
            if (!line.Lacking.IsEmpty)
                remarks.Add(T("ontbreekt: ", "lacks: ") + string.Join(", ", line.Lacking.Select(part => Word(Capabilities.NameOf($"part:{part}")))));
            return string.Join("; ", remarks);
        }

        private ReportTable NotProtected() => Table("not-protected", T("Niet in de backup", "Not in the backup"),
            T("Dit is in Microsoft 365 en wordt niet bewaard; het kan niet worden teruggezet.", "This is in Microsoft 365 and is not kept; it cannot be put back."),
            T("Alles wat beschermd kan worden, zit in de backup.", "Everything that can be protected is in the backup."),
            [T("Omschrijving", "Description"), T("Adres", "Address"), T("Soort", "Kind"), T("Sinds", "Since"), T("Waarom", "Why"), T("Wie kan dit veranderen", "Who can change this")],
            report.NotProtected.Select(line => Row(line.Name, line.Address, Word(ReportWords.NameOf(line.Kind)), _format.Day(line.Since), Word(line.Reason), Word(FaultCatalogue.NameOf(line.Who)))));

        private ReportTable Unprotectable() => Table("unprotectable", T("Kan niet in een backup", "Cannot be backed up"), T("Wat Microsoft niet toelaat of niet is afgesproken, van welke klant ook.", "What Microsoft does not allow, whoever the customer is."), "",
            [T("Wat", "What"), T("Waarom", "Why")], report.Unprotectable.Select(line => Row(Word(line.What), Word(line.Reason))));

        private ReportTable NotComingBack() => Table("losses", T("Wat bij een restore niet of anders terugkomt", "What a restore does not bring back, or otherwise"), "", T("Niets.", "Nothing."),
            [T("Soort", "Kind"), T("Wat", "What"), T("Komt terug", "Comes back"), T("Toelichting", "To know")],
            report.NotComingBack.Select(line => Row(Word(ReportWords.NameOf(line.Kind)), Word(line.What), line.ComesBack ? T("ja, met wat hiernaast staat", "yes, with what is named") : T("nee", "no"), Word(line.Note))));

        private ReportTable Failures() => Table("failures", T("Mislukte backups", "Failed backups"), "", T("Er is in deze maand geen backup mislukt.", "No backup failed in this month."),
            [T("Omschrijving", "Description"), T("Soort", "Kind"), T("Wat", "What"), T("Oorzaak bij", "Cause lies with"), T("Mislukte runs", "Failed runs"), T("Dagen zonder", "Days without"), T("Eerste", "First"), T("Laatste", "Last"), T("Wat er is gedaan", "What was done"), T("Wie moet handelen", "Who has to act")],
            report.Failures.Select(line => Row(line.Name, Word(ReportWords.NameOf(line.Kind)), Word(FaultCatalogue.Of(line.Fault).What), Word(FaultCatalogue.NameOf(line.Cause)), _format.Number(line.Times), _format.Number(line.Missed),
                _format.Moment(line.First), _format.Moment(line.Last), line.GoodAgainAt is { } good
                    ? T($"Vanzelf opnieuw geprobeerd; weer goed sinds {_format.Moment(good)}", $"Tried again by itself; good again since {_format.Moment(good)}")
                    : Word(FaultCatalogue.Of(line.Fault).Advice),
                line.GoodAgainAt is null ? Word(FaultCatalogue.NameOf(line.Who)) : Word(FaultCatalogue.NameOf(WhoActs.Nobody)))), 4, 5);

        private ReportTable Incidents() => Table("incidents", T("Incidenten", "Incidents"), T("Waaraan mislukte backups zijn toegeschreven.", "What failed backups are put down to."), T("Geen.", "None."),
            [T("Wat", "What"), T("Oorzaak", "Cause"), T("Van", "From"), T("Tot", "Until"), T("Verwijzing", "Reference")],
            report.Incidents.Select(one => Row(Word(one.What), Word(FaultCatalogue.NameOf(FaultCatalogue.Of(one.Kind).Cause)), _format.Moment(one.From), one.Until is { } until ? _format.Moment(until) : "", one.Reference)));

        private ReportTable Restores() => Table("restores", T("Teruggezet", "Restores"), "", T("Er is niets teruggezet.", "Nothing was restored."),
            [T("Gevraagd op", "Asked on"), T("Door", "By"), T("Onderdeel", "Resource"), T("Uitkomst", "Outcome"), T("Gevraagd", "Asked"), T("Teruggezet", "Restored"), T("Overgeslagen", "Skipped"), T("Mislukt", "Failed"), T("Klaar op", "Ended")],
            report.Restores.Select(line => Row(_format.Moment(line.AskedAt), line.AskedBy, line.Resource, Word(ReportWords.OutcomeOf(line.Outcome)), _format.Number(line.Asked), _format.Number(line.Restored), _format.Number(line.Skipped), _format.Number(line.Failed),
                line.EndedAt is { } ended ? _format.Moment(ended) : "")), 4, 5, 6, 7);

        private ReportTable Rehearsals() => Table("rehearsals", T("Restoretests", "Restore rehearsals"), "", T("In deze maand geen.", "None in this month."),
            [T("Dag", "Day"), T("Over", "Over"), T("Items", "Items"), T("Verschillend", "Differing"), T("Bewijs", "Record")],
            report.Rehearsals.Select(line => Row(_format.Day(line.Day), line.IsOfThisTenant ? T("deze omgeving", "this environment") : T("alle omgevingen samen", "all environments together"), _format.Number(line.Items), _format.Number(line.Differing), line.Record)), 2, 3);

        private ReportTable Billing(BillingBasis billing) => Table("billing", T("Basis voor de factuur", "Basis of the invoice"),
            T($"{billing.Metric.Nl}: {billing.Figure}", $"{billing.Metric.En}: {billing.Figure}"), "", [T("Dag", "Day"), T("Aantal", "Count")],
            billing.Days.Select(day => Row(_format.Day(day.Day), _format.Number(day.Count))), 1);

        private ReportTable Accounts(BillingBasis billing) => Table("accounts", T("Wie er is geteld", "Who was counted"), "", T("Niemand.", "Nobody."), [T("Naam", "Name"), T("Adres", "Address"), T("Dagen", "Days")],
            billing.Accounts.Select(account => Row(account.Name, account.Address,
                string.Join(", ", account.Days.Select(span => span.From == span.Until ? _format.Day(span.From) : T($"{_format.Day(span.From)} t/m {_format.Day(span.Until)}", $"{_format.Day(span.From)} to {_format.Day(span.Until)}"))))));

        private ReportTable Differences(ReportDifference difference)
        {
            var rows = new List<ImmutableArray<string>>();
            rows.AddRange(difference.Joined.Select(name => Row(T("erbij gekomen", "joined"), name)));
            rows.AddRange(difference.Left.Select(name => Row(T("eruit gegaan", "left"), name)));
            rows.AddRange(difference.Renamed.Select(line => Row(T("andere naam", "renamed"), T($"{line.Before} heet nu {line.Now}", $"{line.Before} is now called {line.Now}"))));
            rows.AddRange(difference.CapabilitiesLost.Select(token => Row(T("LET OP, kan niet meer", "TAKE NOTE, no longer possible"), Word(Capabilities.NameOf(token)))));
            rows.AddRange(difference.CapabilitiesGained.Select(token => Row(T("kan nu wel", "possible now"), Word(Capabilities.NameOf(token)))));
            rows.Add(Row(T("omvang", "size"), T($"van {_format.Size(difference.BytesBefore)} naar {_format.Size(difference.BytesNow)}", $"from {_format.Size(difference.BytesBefore)} to {_format.Size(difference.BytesNow)}")));
            return Table("difference", T($"Anders dan in {_format.Month(difference.Since)}", $"Different from {_format.Month(difference.Since)}"), "", "", [T("Wat", "What"), T("Waarvan", "Of what")], rows);
        }

        private static ReportTable Table(string name, string title, string explanation, string empty, ImmutableArray<string> columns, IEnumerable<ImmutableArray<string>> rows, params ImmutableArray<int> figures) =>
            new(name, title, explanation, empty, columns, [.. rows], figures);

        private static ImmutableArray<string> Row(params ImmutableArray<string> cells) => cells;

        private string T(string nl, string en) => _nl ? nl : en;

        private string Word(BothLanguages text) => text.In(language);
    }
}
