using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using OrleansBackup.Domain.Checks;
using OrleansBackup.Domain.Runs;
using OrleansBackup.GrainInterfaces.Resources;

namespace OrleansBackup.ClientApi.Resources;

/// <summary>What a resource waits for in plain Dutch: the service says it in English, sentence by sentence, and each of its sentences stands here.</summary>
/// <remarks>
/// A test reads the sentences out of the service's source, so that none is added without its translation. What others said in English (an answer of
/// Microsoft 365) is not translated: the catalogue of faults tells the same in both languages.
/// </remarks>
internal static partial class WaitingWords
{
    /// <summary>How the sentence begins that goes on with what an answer of Microsoft 365 said.</summary>
    public const string LastRunFailed = "The last run failed and will be tried again by itself.";

    /// <summary>Sentences with holes, {0} and on; the first that fits is the one.</summary>
    private static readonly ImmutableArray<(Regex English, string Dutch)> Sentences =
    [
        .. new (string English, string Dutch)[]
        {
            ("Its next daily run.", "De volgende dagelijkse run."),
            ("It is not protected.", "Dit onderdeel wordt niet beschermd."),
            ("The run is starting.", "De run begint."),
            ("Starting", "De run begint."),
            ("Somebody to look at its changes: {0} Runs go on, but no restore point expires until the brake is released.",
                "Iemand die naar de wijzigingen kijkt: {0} De runs gaan door, maar er verloopt geen herstelpunt totdat de rem is vrijgegeven."),
            ("Somebody to look at its changes:  Runs go on, but no restore point expires until the brake is released.",
                "Iemand die naar de wijzigingen kijkt. De runs gaan door, maar er verloopt geen herstelpunt totdat de rem is vrijgegeven."),
            ("{0} of {1} items were {2} between restore points {3} and {4}.", "{0} van {1} items zijn {2} tussen herstelpunt {3} en {4}."),
            ("Waiting until a rehearsal has cleared what it restored", "Wacht tot een herstelproef heeft opgeruimd wat hij terugzette."),
            ("Waiting at this process's gate for a place among the runs under way", "Wacht op een plaats tussen de runs die nu gaande zijn."),
            ("Opening the vault", "De kluis wordt geopend."),
            ("Signing in to Microsoft 365", "Er wordt aangemeld bij Microsoft 365."),
            ("Sealing the restore point", "Het herstelpunt wordt verzegeld."),
            ("Reading the tree of folders", "De mappenstructuur wordt gelezen."),
            ("Reading changes of {0} folders", "De wijzigingen van {0} mappen worden gelezen."),
            ("Comparing {0} folders with an independent listing", "{0} mappen worden met een onafhankelijke lijst vergeleken."),
            ("Downloading {0} messages again whose stored bytes are damaged", "{0} berichten waarvan de opgeslagen bytes beschadigd zijn, worden opnieuw opgehaald."),
            ("Trying {0} messages again that could not be read before", "{0} berichten die eerder niet te lezen waren, worden opnieuw geprobeerd."),
            ("Exporting what is new", "Wat nieuw is wordt geëxporteerd."),
            ("Exporting older items", "Oudere items worden geëxporteerd."),
            ("Looking for the OneDrive", "De OneDrive wordt opgezocht."),
            ("Downloading files again whose stored bytes are damaged", "Bestanden waarvan de opgeslagen bytes beschadigd zijn, worden opnieuw opgehaald."),
            ("Trying {0} files again that could not be read before", "{0} bestanden die eerder niet te lezen waren, worden opnieuw geprobeerd."),
            ("Reading the changes of list '{0}'", "De wijzigingen van lijst '{0}' worden gelezen."),
            ("Reading the changes of {0}", "De wijzigingen van {0} worden gelezen."),
            ("Comparing the lists with plain listings", "De lijsten worden met gewone opsommingen vergeleken."),
            ("Comparing {0} with listings of its folders", "{0} wordt vergeleken met opsommingen van de mappen."),
            ("Looking for the libraries of the site", "De bibliotheken van de site worden opgezocht."),
            ("Opening the site", "De site wordt geopend."),
            ("Reading the pages of the site", "De pagina's van de site worden gelezen."),
            ("Reading the lists of the site", "De lijsten van de site worden gelezen."),
            ("Trying {0} list items again", "{0} lijstitems worden opnieuw geprobeerd."),
            ("Reading the team", "Het team wordt gelezen."),
            ("Reading channel '{0}'", "Kanaal '{0}' wordt gelezen."),
            ("Reading {0}", "{0} wordt gelezen."),
            ("Of this customer no {0} are backed up.", "Van deze klant worden geen {0} in de back-up genomen."),
            ("Left out of the backup on request.", "Op verzoek buiten de back-up gelaten."),
            ("Resources of the purpose '{0}' are left out of the backup on request.", "Onderdelen met het doel '{0}' worden op verzoek buiten de back-up gelaten."),
            ("The whole environment is protected.", "De hele omgeving wordt beschermd."),
            ("Chosen for protection.", "Gekozen om te beschermen."),
            ("Not part of the selection; new {0} do not join a selection by themselves.", "Niet gekozen; nieuwe {0} komen niet vanzelf bij een selectie."),
            ("No longer in Microsoft 365; its restore points stay until their retention ends.", "Niet meer in Microsoft 365; de herstelpunten blijven tot hun bewaartermijn om is."),
            ("As it was when the database was lost.", "Zoals het was toen de database verloren ging."),
        }.Select(sentence => (Pattern(sentence.English), sentence.Dutch)),
    ];

    private static readonly ImmutableDictionary<string, string> Words = new Dictionary<string, string>
    {
        ["gone"] = "verdwenen", ["rewritten"] = "herschreven", ["mailboxes"] = "postvakken", ["OneDrives"] = "OneDrives", ["sites"] = "sites", ["teams"] = "teams", ["SharePoint sites"] = "SharePoint-sites",
        ["calendar"] = "De agenda", ["calendars"] = "De agenda", ["contacts"] = "De contactpersonen", ["tasks"] = "De takenlijst", ["the drive"] = "het station",
    }.ToImmutableDictionary(StringComparer.OrdinalIgnoreCase);

    /// <param name="fault">Of the run that failed last.</param>
    /// <param name="failed">It waits to be tried again.</param>
    public static string InDutch(WaitingReason waiting, FaultKind fault, bool failed)
    {
        if (!failed)
            return Dutch(waiting.For) ?? $"Alleen in het Engels bekend: “{waiting.For}”";
        var entry = FaultCatalogue.Of(fault);
        return fault == FaultKind.None ? "De laatste run is mislukt en wordt vanzelf opnieuw geprobeerd."
            : $"De laatste run is mislukt en wordt vanzelf opnieuw geprobeerd. {entry.What.Nl}. {entry.Advice.Nl}";
    }

    /// <returns>Null: no sentence of the service fits.</returns>
    internal static string? Dutch(string english)
    {
        foreach (var (pattern, dutch) in Sentences)
            if (pattern.Match(english) is { Success: true } match)
                return string.Format(CultureInfo.InvariantCulture, dutch, [.. match.Groups.Values.Skip(1).Select(group => Hole(group.Value))]);
        return null;
    }

    // A hole holds a number or a name, which stay as they are, a word, or sentences of their own.
    private static string Hole(string text) => Words.TryGetValue(text, out var word) ? word
        : !text.EndsWith('.') ? text
        : string.Join(' ', SentenceEnd().Split(text).Select(sentence => Dutch(sentence) ?? sentence));

    private static Regex Pattern(string english) => new($"^{HoleOfTemplate().Replace(Regex.Escape(english), "(.+?)")}$", RegexOptions.CultureInvariant | RegexOptions.Singleline);

    [GeneratedRegex(@"\\\{\d\}")]
    private static partial Regex HoleOfTemplate();

    [GeneratedRegex(@"(?<=\.) ")]
    private static partial Regex SentenceEnd();
}
