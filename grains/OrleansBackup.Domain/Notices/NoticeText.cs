using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Text;
using Orleans;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Schedule;

namespace OrleansBackup.Domain.Notices;

/// <summary>A notice in the words of one language, as plain text and as HTML that loads nothing from anywhere.</summary>
[GenerateSerializer, Immutable, Alias("notice-text")]
public sealed record NoticeText(
    [property: Id(0)] NoticeLanguage Language,
    [property: Id(1)] string Subject,
    [property: Id(2)] ImmutableArray<string> Opening,
    [property: Id(3)] ImmutableArray<string> List,
    [property: Id(4)] ImmutableArray<string> Closing)
{
    /// <summary>So many resources are listed in a message; the rest is counted.</summary>
    public const int MostListed = 200;

    public string AsPlain()
    {
        var text = new StringBuilder();
        foreach (var paragraph in Opening)
            text.Append(paragraph).Append("\r\n\r\n");
        foreach (var line in List)
            text.Append("- ").Append(line).Append("\r\n");
        if (!List.IsEmpty)
            text.Append("\r\n");
        return text.AppendJoin("\r\n\r\n", Closing).Append("\r\n").ToString();
    }

    public string AsHtml()
    {
        var html = new StringBuilder("<!DOCTYPE html>\r\n<html lang=\"").Append(Language == NoticeLanguage.Nl ? "nl" : "en")
            .Append("\"><head><meta charset=\"utf-8\"><title>").Append(WebUtility.HtmlEncode(Subject)).Append("</title></head>\r\n<body>\r\n");
        foreach (var paragraph in Opening)
            html.Append("<p>").Append(WebUtility.HtmlEncode(paragraph)).Append("</p>\r\n");
        if (!List.IsEmpty)
            html.Append("<ul>\r\n").AppendJoin("", List.Select(line => $"<li>{WebUtility.HtmlEncode(line)}</li>\r\n")).Append("</ul>\r\n");
        foreach (var paragraph in Closing)
            html.Append("<p>").Append(WebUtility.HtmlEncode(paragraph)).Append("</p>\r\n");
        return html.Append("</body></html>\r\n").ToString();
    }

    /// <param name="customer">The tenant's name.</param>
    public static NoticeText Of(Notice notice, NoticeLanguage language, string customer, ContractCalendar calendar)
    {
        var (nl, name, matter) = (language == NoticeLanguage.Nl, PlainLine.Of(customer), PlainLine.Of(notice.Matter?.In(language)));
        var day = Day(calendar.DayOf(notice.CreatedAt), nl);
        ImmutableArray<string> signature = [nl ? "Dit bericht is automatisch verstuurd door de back-up van uw Microsoft 365-omgeving." : "This message was sent automatically by the backup of your Microsoft 365 environment."];
        return notice.Kind switch
        {
            NoticeKind.FoundUnprotected => new(language,
                nl ? $"Niet in de back-up van {name}: {Counted(notice.Count, nl)}" : $"Not in the backup of {name}: {Counted(notice.Count, nl)}",
                [nl
                    ? $"Op {day} zijn in Microsoft 365 onderdelen gevonden die NIET in de back-up zitten. Voor {name} is een selectie afgesproken, en wat er nieuw bij komt doet dan niet vanzelf mee."
                    : $"On {day} resources were found in Microsoft 365 that are NOT in the backup. For {name} a selection was agreed, and what is new does not join a selection by itself.",
                 nl ? "Wat hieronder staat, wordt niet bewaard en kan niet worden teruggezet:" : "What stands below is not kept and cannot be put back:"],
                Listed(notice, nl),
                [nl ? "Moet hiervan iets mee in de back-up? Laat het ons weten." : "Should any of this be in the backup? Let us know.", .. signature]),
            NoticeKind.CriticalFault => new(language,
                nl ? $"Storing in de back-up van {name}: {matter}" : $"Fault in the backup of {name}: {matter}",
                [nl ? $"Sinds {day} is er een storing in de back-up van {name}:" : $"Since {day} there has been a fault in the backup of {name}:", matter],
                Listed(notice, nl),
                [nl ? "Er wordt aan gewerkt. U krijgt bericht zodra het is opgelost." : "It is being worked on. You will be told as soon as it is over.", .. signature]),
            NoticeKind.FaultEnded => new(language,
                nl ? $"Opgelost in de back-up van {name}: {matter}" : $"Over in the backup of {name}: {matter}",
                [nl ? $"Op {day} is deze storing in de back-up van {name} opgelost:" : $"On {day} this fault in the backup of {name} came to its end:", matter],
                Listed(notice, nl), signature),
            NoticeKind.ConsequenceAhead => new(language,
                nl ? $"Let op, in de back-up van {name}: {matter}" : $"Take note, in the backup of {name}: {matter}",
                [notice.HappensAt is not { } at ? matter : nl ? $"Op {Day(calendar.DayOf(at), nl)} gebeurt in de back-up van {name}: {matter}" : $"On {Day(calendar.DayOf(at), nl)}, in the backup of {name}: {matter}"],
                Listed(notice, nl),
                [nl ? "Dit kan daarna niet meer ongedaan worden gemaakt. Klopt het niet? Laat het ons vóór die dag weten." : "After that it cannot be undone. Is it not as intended? Let us know before that day.", .. signature]),
            NoticeKind.ReportReady => new(language,
                nl ? $"Maandrapportage van de back-up van {name}: {matter}" : $"Monthly report of the backup of {name}: {matter}",
                [matter], Listed(notice, nl), signature),
            NoticeKind.RestoreEnded => new(language,
                nl ? $"Terugzetten uit de back-up van {name}: {matter}" : $"Restore from the backup of {name}: {matter}",
                [nl ? $"Op {day} is het terugzetten geëindigd waar u om vroeg: {matter}" : $"On {day} the restore that you asked for came to its end: {matter}"],
                Listed(notice, nl), [nl ? "Klopt het niet? Laat het ons weten." : "Is it not what you asked for? Let us know.", .. signature]),
            NoticeKind.ContractNews => new(language,
                nl ? $"Uw back-upcontract ({name}): {matter}" : $"Your backup contract ({name}): {matter}",
                [matter],
                Listed(notice, nl), signature),
            var kind => throw new InvalidOperationException($"Unknown kind of notice {kind}."),
        };
    }

    private static ImmutableArray<string> Listed(Notice notice, bool nl)
    {
        var shown = notice.Resources.Take(MostListed).Select(resource =>
            $"{KindName(resource.Kind, nl)}: {PlainLine.Of(resource.Name)}{(resource.Address is { Length: > 0 } address ? $" ({PlainLine.Of(address)})" : "")}").ToImmutableArray();
        var rest = notice.Count - shown.Length;
        return rest == 0 ? shown : shown.Add(nl ? $"en nog {Counted(rest, nl)}" : $"and {Counted(rest, nl)} more");
    }

    private static string Counted(int count, bool nl) => nl ? (count == 1 ? "1 onderdeel" : $"{count} onderdelen") : count == 1 ? "1 resource" : $"{count} resources";

    private static string KindName(ResourceKind kind, bool nl) => kind switch
    {
        ResourceKind.Mailbox => nl ? "Postvak" : "Mailbox",
        ResourceKind.OneDrive => "OneDrive",
        ResourceKind.Site => nl ? "SharePoint-site" : "SharePoint site",
        ResourceKind.Team => "Team",
        _ => kind.ToString(),
    };

    private static string Day(DateOnly day, bool nl) => nl
        ? string.Create(CultureInfo.InvariantCulture, $"{day.Day} {DutchMonths[day.Month - 1]} {day.Year}")
        : day.ToString("d MMMM yyyy", CultureInfo.InvariantCulture);

    private static readonly string[] DutchMonths =
        ["januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november", "december"];
}
