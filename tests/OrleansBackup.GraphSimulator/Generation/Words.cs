using System.Text;

namespace OrleansBackup.GraphSimulator.Generation;

/// <summary>Words for names, subjects and text. Invented, with accents and other scripts among them, as real mail has.</summary>
internal static class Words
{
    public static readonly string[] GivenNames = ["Ada", "Björn", "Chiara", "Dmitri", "Élodie", "Farid", "Greta", "Hana", "Ines", "Jörg",
        "Keiko", "Luca", "Márta", "Nils", "Oona", "Pavel", "Quinn", "Rosa", "Søren", "Tomás", "Ulla", "Vera", "Wim", "Ximena", "Yusuf", "Zoë"];

    public static readonly string[] Surnames = ["Abel", "Brandt", "Čapek", "Duarte", "Eklund", "Fontaine", "Gruber", "Hofer", "Ivanov", "Jansen",
        "Keller", "Lindqvist", "Moreau", "Nagy", "Okafor", "Petrović", "Quist", "Rossi", "Schäfer", "Tanaka", "Urban", "Vogel", "Weiß", "Yılmaz", "Ziegler"];

    public static readonly string[] Topics = ["Angebot", "invoice", "quarterly report", "Lieferung", "meeting notes", "Vertrag", "budget", "maintenance window",
        "travel", "Rechnung", "project plan", "hiring", "backup report", "Reklamation", "newsletter", "Kundentermin", "price list", "résumé", "会議", "отчёт"];

    public static readonly string[] Folders = ["Projects", "Invoices", "Kunden", "Archive 2024", "Newsletter", "Lieferanten", "To read", "Travel/Reisen",
        "HR", "Support", "Privat", "Vorlagen", "R&D", "Personal", "Tickets"];

    private static readonly string[] Text = ["please", "find", "the", "attached", "report", "for", "this", "week", "we", "will", "deliver", "on", "Monday",
        "bitte", "prüfen", "Sie", "die", "Zahlen", "bis", "morgen", "thanks", "regards", "customer", "order", "number", "meeting", "agenda", "next", "steps",
        "contract", "signed", "open", "questions", "budget", "approved", "server", "migration", "finished", "without", "errors", "und", "mit", "freundlichen", "Grüßen"];

    public static string Paragraphs(ref SeededRandom random, int characters, string lineEnd)
    {
        var text = new StringBuilder(characters + 32);
        while (text.Length < characters)
        {
            text.Append(random.Pick(Text)).Append(' ');
            if (random.Below(14) == 0)
                text.Append(lineEnd);
        }
        return text.ToString();
    }
}
