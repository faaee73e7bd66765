using System.Collections.Frozen;
using OrleansBackup.Domain.Checks;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Notices;
using OrleansBackup.Domain.Plans;

namespace OrleansBackup.Domain.Reports;

/// <summary>What the service says in English only, in both languages: reasons, limits, coverage. Pure.</summary>
/// <remarks>What has no Dutch wording here stands in English in both: nothing is left out because of its language. A test holds this against the coverage table and the scope's reasons.</remarks>
public static class ReportWords
{
    private static readonly FrozenDictionary<string, string> Dutch = DutchCoverage.Texts.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The beginnings of the reasons why something is not protected, their Dutch wording and who can change it. The rest of a sentence that goes on is kept.</summary>
    private static readonly (string Begins, string Dutch, WhoActs Who)[] Reasons =
    [
        ("Not part of the selection", "Geen deel van de afgesproken selectie; wat er nieuw bij komt, doet niet vanzelf mee.", WhoActs.Customer),
        ("Left out of the backup on request", "Op verzoek buiten de backup gelaten.", WhoActs.Nobody),
        ("Resources of the purpose", "Onderdelen met dit doel zijn op verzoek buiten de backup gelaten.", WhoActs.Nobody),
        ("Of this customer no", "Van deze klant wordt deze soort niet meegenomen.", WhoActs.Nobody),
        ("A guest has no mailbox", "Een gast heeft geen postvak in deze omgeving.", WhoActs.Nobody),
        ("Microsoft 365 says that this account has no mailbox", "Volgens Microsoft 365 heeft dit account geen postvak; mogelijk ontbreekt een licentie.", WhoActs.Customer),
        ("Microsoft 365 says that this account has no OneDrive", "Volgens Microsoft 365 heeft dit account geen OneDrive meer.", WhoActs.Customer),
        ("It could not be found out", "Het kon niet worden vastgesteld of er iets te beschermen is; bij de volgende inventarisatie wordt het opnieuw gevraagd.", WhoActs.Provider),
        ("The site is archived", "De site is gearchiveerd in Microsoft 365 en kan niet worden gelezen tot die wordt teruggehaald.", WhoActs.Customer),
        ("No longer in Microsoft 365", "Niet meer in Microsoft 365; de herstelpunten blijven tot hun bewaartermijn eindigt.", WhoActs.Nobody),
    ];

    public static IEnumerable<string> KnownReasons => Reasons.Select(reason => reason.Begins);

    public static (BothLanguages Reason, WhoActs Who) ReasonOf(string reason)
    {
        foreach (var (begins, dutch, who) in Reasons)
            if (reason.StartsWith(begins, StringComparison.Ordinal))
                return (new(dutch, reason), who);
        return (new(reason, reason), WhoActs.Provider);
    }

    /// <summary>A text of the coverage table.</summary>
    public static BothLanguages CoverageOf(string english) => new(Dutch.GetValueOrDefault(english, english), english);

    public static BothLanguages LimitationOf(ResourceKind kind) => CoverageOf(kind.Limitation() ?? "");

    public static BothLanguages PluralOf(ResourceKind kind) => new(Capabilities.DutchPlural(kind), kind.Plural());

    public static BothLanguages NameOf(ResourceKind kind) => kind switch
    {
        ResourceKind.Mailbox => new("Postvak", "Mailbox"),
        ResourceKind.OneDrive => new("OneDrive", "OneDrive"),
        ResourceKind.Site => new("SharePoint-site", "SharePoint site"),
        ResourceKind.Team => new("Team", "Team"),
        _ => PluralOf(kind),
    };

    /// <summary>What Microsoft 365 says a mailbox is for.</summary>
    public static BothLanguages PurposeOf(string purpose) => purpose switch
    {
        "user" => new("medewerker", "employee"),
        "shared" => new("gedeeld", "shared"),
        "room" => new("ruimte", "room"),
        "equipment" => new("apparaat", "equipment"),
        "subsite" => new("subsite", "subsite"),
        _ => new(purpose, purpose),
    };

    /// <summary>How a restore stands, as <see cref="RestoreLine.Outcome"/> says it.</summary>
    public static BothLanguages OutcomeOf(string outcome) => outcome switch
    {
        "completed" => new("gelukt", "completed"),
        "completedWithFailures" => new("gedeeltelijk gelukt", "completed with failures"),
        "failed" => new("mislukt", "failed"),
        "cancelled" => new("afgebroken", "cancelled"),
        "running" => new("bezig", "running"),
        _ => new(outcome, outcome),
    };

    public static BothLanguages NameOf(LineState state) => state switch
    {
        LineState.Protected => new("in de backup", "in the backup"),
        LineState.Released => new("uit de backup gegaan", "left the backup"),
        _ => new("niet meer in Microsoft 365", "no longer in Microsoft 365"),
    };

    public static BothLanguages TermOf(TermLength length)
    {
        var one = length.Count == 1;
        return length.Unit switch
        {
            TermUnit.Days => new($"{length.Count} {(one ? "dag" : "dagen")}", $"{length.Count} {(one ? "day" : "days")}"),
            TermUnit.WorkingDays => new($"{length.Count} {(one ? "werkdag" : "werkdagen")}", $"{length.Count} working {(one ? "day" : "days")}"),
            TermUnit.Years => new($"{length.Count} jaar", $"{length.Count} {(one ? "year" : "years")}"),
            _ => new($"{length.Count} {(one ? "kalendermaand" : "kalendermaanden")}", $"{length.Count} calendar {(one ? "month" : "months")}"),
        };
    }
}
