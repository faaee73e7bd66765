using OrleansBackup.Domain.Notices;

namespace OrleansBackup.Domain.Subscriptions;

/// <summary>An event in the words of one language, for a mail. Pure.</summary>
public static class EventText
{
    /// <param name="customer">The tenant's name; null: it concerns no single one.</param>
    public static NoticeText Of(ServiceEvent happened, NoticeLanguage language, string? customer)
    {
        var (nl, description) = (language == NoticeLanguage.Nl, EventCatalogue.Of(happened.Kind));
        var title = description.Title.In(language);
        var about = string.IsNullOrEmpty(customer) ? title : $"{title}: {PlainLine.Of(customer)}";
        return new NoticeText(language, about, [$"{about}."],
            [
                $"{(nl ? "Onderwerp" : "Subject")}: {PlainLine.Of(happened.Subject)}",
                $"{(nl ? "Tijdstip" : "Time")}: {happened.OccurredAt.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z",
                .. happened.Facts.Select(fact => $"{PlainLine.Of(fact.Key)}: {PlainLine.Of(fact.Value)}"),
            ],
            [nl ? "Dit bericht is automatisch verstuurd, omdat dit adres ervoor is opgegeven." : "This message was sent automatically, because this address was named for it."]);
    }
}
