using System.Globalization;
using OrleansBackup.Domain.Contracts;
using OrleansBackup.Domain.Notices;

namespace OrleansBackup.Grains.Contracts;

/// <summary>What a customer is told of his contract, in both languages.</summary>
internal static class ContractTexts
{
    private static readonly string[] DutchMonths = ["januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november", "december"];

    public static BothLanguages WillRenew(DateOnly renewal, DateOnly lastNotice) => new(
        $"op {Nl(renewal)} wordt het verlengd. Wilt u dat niet? Zeg dan uiterlijk op {Nl(lastNotice)} op.",
        $"it will be renewed on {En(renewal)}. If you do not want that, give notice on {En(lastNotice)} at the latest.");

    public static BothLanguages Renewed(DateOnly from, DateOnly? until) => until is { } end
        ? new($"het is op {Nl(from)} verlengd tot en met {Nl(end)}.", $"it was renewed on {En(from)}, until {En(end)}.")
        : new($"de minimale looptijd is voorbij; vanaf {Nl(from)} loopt het per maand door.", $"the minimum term is over; since {En(from)} it goes on from month to month.");

    public static BothLanguages NoticeProcessed(DateOnly processed, DateOnly end, DateOnly destruction) => new(
        $"uw opzegging is op {Nl(processed)} verwerkt. Het loopt tot en met {Nl(end)}. Vanaf nu kunt u een export van alles krijgen; op {Nl(destruction)} worden de back-ups vernietigd.",
        $"your notice was processed on {En(processed)}. It runs until {En(end)}. From now on you can have an export of everything; on {En(destruction)} the backups are destroyed.");

    public static BothLanguages NoticeWithdrawn() => new("uw opzegging is ingetrokken. Alles blijft zoals het was.", "your notice is withdrawn. Everything stays as it was.");

    public static BothLanguages NewTerms(string version, DateOnly from, string document) => new(
        $"vanaf {Nl(from)} gelden nieuwe voorwaarden (versie {version}): {document}", $"from {En(from)} on new conditions apply (version {version}): {document}");

    public static BothLanguages SuspensionAhead(DateOnly earliest) => new(
        $"vanwege een betalingsachterstand kan de dienst vanaf {Nl(earliest)} worden opgeschort. Er worden dan geen nieuwe back-ups gemaakt; wat daarna verloren gaat, kan niet worden teruggezet.",
        $"because of late payment the service may be suspended from {En(earliest)} on. No new backups are made then; what is lost after that cannot be put back.");

    public static BothLanguages SuspensionCalledOff() => new("de aangekondigde opschorting gaat niet door.", "the suspension that was announced does not take place.");

    public static BothLanguages Suspended(DateOnly from) => new($"de dienst is sinds {Nl(from)} opgeschort. Er worden geen nieuwe back-ups gemaakt.", $"the service has been suspended since {En(from)}. No new backups are made.");

    public static BothLanguages SuspensionLifted() => new("de opschorting is voorbij. Er worden weer back-ups gemaakt.", "the suspension is over. Backups are made again.");

    public static BothLanguages EndReminder(DateOnly destruction) => new(
        $"op {Nl(destruction)} worden al uw back-ups vernietigd. Stel vóór die dag veilig wat u wilt houden; vraag ons om een export.",
        $"on {En(destruction)} all your backups are destroyed. Secure before that day what you want to keep; ask us for an export.");

    public static BothLanguages Ended(DateOnly end, DateOnly destruction) => new(
        $"het is op {Nl(end)} geëindigd. Er worden geen back-ups meer gemaakt; op {Nl(destruction)} worden de bestaande vernietigd.",
        $"it ended on {En(end)}. No backups are made any more; on {En(destruction)} those that exist are destroyed.");

    public static BothLanguages Consequence(ActKind act, long points, int resources, int stopped) => act switch
    {
        ActKind.Settings => new($"de instellingen worden aangepast. {LostNl(points, resources, stopped)}", $"the settings are changed. {LostEn(points, resources, stopped)}"),
        ActKind.Plan => new($"het contract gaat over naar een andere dienst. {LostNl(points, resources, stopped)}", $"the contract moves to another service. {LostEn(points, resources, stopped)}"),
        ActKind.Suspend => new($"de dienst wordt opgeschort. {LostNl(points, resources, stopped)}", $"the service is suspended. {LostEn(points, resources, stopped)}"),
        _ => new($"na het einde van het contract worden de back-ups vernietigd. {LostNl(points, resources, stopped)}", $"after the end of the contract the backups are destroyed. {LostEn(points, resources, stopped)}"),
    };

    /// <summary>What the invoice says of the work on a change request.</summary>
    public static BothLanguages ChangeWork(int number) => new($"Wijziging op verzoek {Number(number)}", $"Change on request {Number(number)}");

    /// <summary>What waits for a person at the provider.</summary>
    public static BothLanguages ForAPerson(ContractDuty duty) => duty.Kind switch
    {
        DutyKind.NoticeOverdue => new(
            $"De opzegging van de klant moest uiterlijk op {duty.About:yyyy-MM-dd} zijn verwerkt: verwerk haar.", $"The customer's notice had to be processed by {duty.About:yyyy-MM-dd}: process it."),
        DutyKind.ChangeOverdue => new(
            $"Een wijzigingsverzoek moest uiterlijk op {duty.About:yyyy-MM-dd} zijn uitgevoerd: voer het uit en sluit het.", $"A change request had to be carried out by {duty.About:yyyy-MM-dd}: carry it out and close it."),
        DutyKind.FreezeOver => new(
            $"De bevriezing van de opschorting eindigde op {duty.About:yyyy-MM-dd}: beslis of oude herstelpunten vervallen. Tot die tijd vervalt er geen.",
            $"The freeze of the suspension ended on {duty.About:yyyy-MM-dd}: decide whether old restore points expire. Until then none does."),
        DutyKind.SuspensionPossible => new(
            $"De klant is gewaarschuwd; sinds {duty.About:yyyy-MM-dd} mag de dienst worden opgeschort: schort haar op of zie ervan af.",
            $"The customer was warned; since {duty.About:yyyy-MM-dd} the service may be suspended: suspend it or call it off."),
        DutyKind.ProcessingAgreementMissing => new("Er is geen verwerkersovereenkomst met de klant vastgelegd: leg haar vast.", "No processing agreement with the customer is registered: register it."),
        DutyKind.EndUnconfirmed => new(
            $"De backups worden op {duty.About:yyyy-MM-dd} vernietigd, en geen tweede persoon heeft de lijst bevestigd van wat verdwijnt: stel het einde voor en bevestig het.",
            $"The backups are to be destroyed on {duty.About:yyyy-MM-dd}, and no second person has confirmed the list of what goes: propose and confirm the end."),
        var kind => throw new ArgumentOutOfRangeException(nameof(duty), kind, "This needs no person."),
    };

    private static string LostNl(long points, int resources, int stopped) =>
        $"{Number(points)} herstelpunten van {Number(resources)} onderdelen zijn daarna niet meer terug te zetten{(stopped == 0 ? "" : $"; van {Number(stopped)} onderdelen worden geen nieuwe herstelpunten meer gemaakt")}.";

    private static string LostEn(long points, int resources, int stopped) =>
        $"{Number(points)} restore points of {Number(resources)} resources cannot be put back after that{(stopped == 0 ? "" : $"; of {Number(stopped)} resources no new restore points are made any more")}.";

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Nl(DateOnly day) => string.Create(CultureInfo.InvariantCulture, $"{day.Day} {DutchMonths[day.Month - 1]} {day.Year}");

    private static string En(DateOnly day) => day.ToString("d MMMM yyyy", CultureInfo.InvariantCulture);
}
