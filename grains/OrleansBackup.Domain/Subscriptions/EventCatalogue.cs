using System.Collections.Immutable;
using OrleansBackup.Domain.Notices;

namespace OrleansBackup.Domain.Subscriptions;

/// <summary>A kind of event in words.</summary>
/// <param name="OfTenant">Whether it concerns one tenant, so that a subscription of that tenant can have it; else it is the provider's only.</param>
/// <param name="Meaning">When exactly it is sent.</param>
public sealed record EventDescription(EventKind Kind, bool OfTenant, BothLanguages Title, BothLanguages Meaning);

/// <summary>Every kind of event that can be subscribed to, in Dutch and English. The one place; what lists kinds for a choice reads it.</summary>
public static class EventCatalogue
{
    public static readonly ImmutableArray<EventDescription> All =
    [
        Tenant(EventKind.RunFailed, "Een back-up is mislukt", "A backup run failed",
            "Bij elke mislukte poging. De service probeert het daarna zelf opnieuw.", "At every attempt that failed. The service tries again by itself."),
        Tenant(EventKind.RestoreEnded, "Een herstel is klaar", "A restore ended",
            "Als een herstel klaar is, ook als het mislukt of is afgebroken.", "When a restore is over, also when it failed or was cancelled."),
        Tenant(EventKind.MoveEnded, "Een verhuizing is klaar", "A move to another store ended",
            "Als alles van een tenant in een andere opslag staat en de oude leeg is.", "When everything of a tenant is in another store and the old one is empty."),
        Provider(EventKind.DestructionEnded, "Een tenant is vernietigd", "A tenant was destroyed",
            "Als de sleutel en de objecten van een tenant weg zijn.", "When the key and the objects of a tenant are gone."),
        Tenant(EventKind.RehearsalEnded, "Een oefening is klaar", "A rehearsal ended",
            "Als een hersteloefening is ondertekend.", "When the record of a rehearsal is signed."),
        Tenant(EventKind.ErasureEnded, "Een verwijdering is klaar", "An erasure ended",
            "Als de back-ups van één onderdeel op verzoek zijn gewist.", "When the backups of one resource were erased on request."),
        Provider(EventKind.ProviderJobEnded, "Een taak van de aanbieder is klaar", "A job of the provider ended",
            "Als een sleutelwissel of een herstel van de database klaar is.", "When a rotation of the provider's key or a recovery of the database is over."),
        Tenant(EventKind.ExportEnded, "Een export is klaar", "An export ended",
            "Als alles van een tenant of onderdeel klaarstaat om te worden meegenomen.", "When everything of a tenant or resource is ready to be taken along."),
        Provider(EventKind.ConfirmationWanted, "Iets wacht op een tweede persoon", "Something waits for a second person",
            "Als iemand voorstelt om iets te vernietigen.", "When somebody proposes to destroy something."),
        Tenant(EventKind.CriticalFaultBegan, "Een kritieke storing is begonnen", "A critical fault began",
            "Eén keer, zodra de storing wordt gezien.", "Once, as soon as the fault is seen."),
        Tenant(EventKind.CriticalFaultEnded, "Een kritieke storing is voorbij", "A critical fault ended",
            "Eén keer, zodra de storing niet meer wordt gezien.", "Once, as soon as the fault is not seen any more."),
        Tenant(EventKind.FaultFound, "De dagcontrole vond een storing", "The daily check found a fault",
            "Voor elke groep storingen die er bij de vorige controle niet was, hoe ernstig ook.", "For every group of faults that was not in the check before, however severe."),
        Tenant(EventKind.ReportReady, "Een maandrapport staat klaar", "A monthly report is ready",
            "Als het rapport van een maand is vastgelegd.", "When the report of a month is frozen."),
        Tenant(EventKind.InvoiceReady, "Een factuur staat klaar", "An invoice is ready",
            "Als een factuur of creditnota een nummer heeft.", "When an invoice or a credit note has its number."),
        Provider(EventKind.CheckDue, "De dagcontrole wacht op een mens", "The daily check waits for a person",
            "Als de controle van een werkdag is gemaakt.", "When the check of a working day is made."),
        Provider(EventKind.CheckMissed, "Een dagcontrole is overgeslagen", "A daily check was missed",
            "Als een controle niet is gemaakt, of niet bevestigd vóór de volgende.", "When a check was not made, or not acknowledged before the next one."),
        Provider(EventKind.CheckCaughtUp, "Een overgeslagen dagcontrole is ingehaald", "A missed daily check was made up for",
            "Als de controle die de overgeslagen dagen meeneemt helemaal is bevestigd.", "When the check that takes the missed days along is acknowledged as a whole."),
        Provider(EventKind.CheckFindings, "De dagcontrole heeft bevindingen", "The daily check has findings",
            "Als de controle van een werkdag is gemaakt en er iets in staat.", "When the check of a working day is made and there is something in it."),
        Provider(EventKind.KeyChanged, "Een API-sleutel is veranderd", "An API key changed",
            "Als een sleutel wordt gemaakt, vervangen of ingetrokken.", "When a key is made, replaced or withdrawn."),
        Provider(EventKind.SignIn, "Iemand meldde zich aan", "Somebody signed in",
            "Bij aanmelden, afmelden en geweigerde pogingen, zoals het auditboek ze noemt.", "At signing in, signing out and refused attempts, as the audit book names them."),
        Tenant(EventKind.CertificateEnds, "Een certificaat loopt af", "A certificate ends",
            "30, 14, 7, 3 en 1 dag voor het einde van het certificaat waarmee bij Microsoft 365 wordt aangemeld, en op de dag zelf.",
            "30, 14, 7, 3 and 1 day before the certificate ends with which the service signs in to Microsoft 365, and on that day."),
        Tenant(EventKind.Test, "Proefbericht", "Test",
            "Alleen als iemand erom vraagt.", "Only when a person asks for it."),
    ];

    public static EventDescription Of(EventKind kind) => All.First(description => description.Kind == kind);

    private static EventDescription Tenant(EventKind kind, string nl, string en, string meaningNl, string meaningEn) => new(kind, true, new(nl, en), new(meaningNl, meaningEn));

    private static EventDescription Provider(EventKind kind, string nl, string en, string meaningNl, string meaningEn) => new(kind, false, new(nl, en), new(meaningNl, meaningEn));
}
