using System.Collections.Frozen;
using OrleansBackup.Domain.Notices;
using OrleansBackup.Domain.Runs;

namespace OrleansBackup.Domain.Checks;

/// <summary>One kind of fault: on whose side it lies, how bad it is, and who has to do what.</summary>
/// <param name="Severity">Of one missed day; more of them are worse (<see cref="SeverityRules"/>).</param>
public sealed record FaultEntry(FaultKind Kind, FaultCause Cause, FaultSeverity Severity, WhoActs Who, BothLanguages What, BothLanguages Advice);

/// <summary>Every kind of fault with its cause, severity and advice: the one source for check, report, notices and work orders.</summary>
/// <remarks>Source: terms, 5.1, 5.2, 6.4 and 10.2 (configuration and licences are the customer's), 16 (force majeure); service description, "oplossen van problemen".</remarks>
public static class FaultCatalogue
{
    private static readonly FrozenDictionary<FaultKind, FaultEntry> Entries = ((FaultEntry[])
    [
        Of(FaultKind.None, FaultCause.None, FaultSeverity.Information, WhoActs.Nobody, "Niets aan de hand", "Nothing is wrong", "Er hoeft niets te gebeuren.", "Nothing has to be done."),
        Of(FaultKind.CredentialRefused, FaultCause.CustomerConfiguration, FaultSeverity.Critical, WhoActs.Customer, "Het geheim van de app wordt geweigerd", "The app's secret is refused",
            "De beheerder van de klant maakt een nieuw geheim; de dienstverlener voert het in.", "The customer's administrator makes a new secret; the provider enters it."),
        Of(FaultKind.ConsentMissing, FaultCause.CustomerConfiguration, FaultSeverity.Critical, WhoActs.Customer, "De toestemming voor de app is ingetrokken", "Consent to the app was withdrawn",
            "De beheerder van de klant geeft de app opnieuw toestemming.", "The customer's administrator consents to the app again."),
        Of(FaultKind.PermissionMissing, FaultCause.CustomerConfiguration, FaultSeverity.Critical, WhoActs.Customer, "Een machtiging ontbreekt", "A permission is missing",
            "De beheerder van de klant kent de genoemde machtiging toe.", "The customer's administrator grants the permission that is named."),
        Of(FaultKind.TenantBlocked, FaultCause.CustomerConfiguration, FaultSeverity.Critical, WhoActs.Customer, "De Microsoft 365-omgeving laat de app niet toe", "The Microsoft 365 environment keeps the app out",
            "De beheerder van de klant controleert of de omgeving bestaat, actief is en de app niet blokkeert.", "The customer's administrator checks that the environment exists, is active and does not block the app."),
        Of(FaultKind.NoMailbox, FaultCause.CustomerLicence, FaultSeverity.Warning, WhoActs.Customer, "Er is geen postvak (meer)", "There is no mailbox (any more)",
            "De klant kent weer een licentie toe, of laat weten dat het postvak niet meer nodig is.", "The customer assigns a licence again, or says that the mailbox is no longer needed."),
        Of(FaultKind.NoDrive, FaultCause.CustomerLicence, FaultSeverity.Warning, WhoActs.Customer, "Er is geen OneDrive (meer)", "There is no OneDrive (any more)",
            "De klant kent weer een licentie toe, of laat weten dat de OneDrive niet meer nodig is.", "The customer assigns a licence again, or says that the OneDrive is no longer needed."),
        Of(FaultKind.NoSiteOrTeam, FaultCause.CustomerConfiguration, FaultSeverity.Warning, WhoActs.Customer, "De site of het team is er niet meer", "The site or team is no longer there",
            "De klant laat weten of dit de bedoeling was; zo niet, dan kan er worden teruggezet.", "The customer says whether this was intended; if not, it can be restored."),
        Of(FaultKind.NoSharePoint, FaultCause.CustomerLicence, FaultSeverity.Warning, WhoActs.Customer, "De omgeving heeft geen SharePoint", "The environment has no SharePoint",
            "De klant controleert de licenties.", "The customer checks the licences."),
        Of(FaultKind.Locked, FaultCause.CustomerConfiguration, FaultSeverity.Warning, WhoActs.Customer, "Vergrendeld of gearchiveerd", "Locked or archived",
            "De klant heft de vergrendeling op, of laat weten dat die blijft.", "The customer lifts the lock, or says that it stays."),
        Of(FaultKind.AccessDenied, FaultCause.CustomerConfiguration, FaultSeverity.Warning, WhoActs.Customer, "De app wordt hier geweerd", "The app is kept out of this one",
            "De beheerder van de klant past het toegangsbeleid aan.", "The customer's administrator changes the access policy."),
        Of(FaultKind.TemporarilyMissing, FaultCause.Microsoft, FaultSeverity.Warning, WhoActs.Microsoft, "Microsoft 365 vindt het onderdeel nu niet", "Microsoft 365 does not find it at present",
            "Wordt vanzelf opnieuw geprobeerd; duurt het langer dan een dag, dan meldt de dienstverlener het bij Microsoft.", "Tried again by itself; after more than a day the provider reports it to Microsoft."),
        Of(FaultKind.MicrosoftFails, FaultCause.Microsoft, FaultSeverity.Warning, WhoActs.Microsoft, "Microsoft 365 antwoordt niet of met fouten", "Microsoft 365 does not answer, or with errors",
            "Wordt vanzelf opnieuw geprobeerd; de dienstverlener kijkt naar de servicestatus van Microsoft.", "Tried again by itself; the provider looks at Microsoft's service status."),
        Of(FaultKind.MicrosoftThrottles, FaultCause.Microsoft, FaultSeverity.Warning, WhoActs.Microsoft, "Microsoft 365 beperkt de snelheid te lang", "Microsoft 365 limits requests for too long",
            "Wordt vanzelf opnieuw geprobeerd; blijft het, dan verruimt de dienstverlener het backupvenster.", "Tried again by itself; if it stays so, the provider widens the backup window."),
        Of(FaultKind.MicrosoftRefuses, FaultCause.Microsoft, FaultSeverity.Warning, WhoActs.Provider, "Microsoft 365 weigert een verzoek", "Microsoft 365 refuses a request",
            "De dienstverlener zoekt uit waarom.", "The provider finds out why."),
        Of(FaultKind.VaultRolledBack, FaultCause.Provider, FaultSeverity.Critical, WhoActs.Provider, "De backupopslag is ouder dan bekend was", "The backup storage is older than remembered",
            "De dienstverlener zoekt uit waarom en beslist of de runs verdergaan.", "The provider finds out why and decides whether runs go on."),
        Of(FaultKind.VaultDamaged, FaultCause.Provider, FaultSeverity.Critical, WhoActs.Provider, "Opgeslagen gegevens zijn beschadigd", "Stored data is damaged",
            "De dienstverlener onderzoekt de opslag; de volgende run leest opnieuw wat nog bestaat.", "The provider examines the store; the next run reads again what still exists."),
        Of(FaultKind.VaultRefuses, FaultCause.Provider, FaultSeverity.Warning, WhoActs.Provider, "De backupopslag weigert", "The backup storage refuses", "De dienstverlener onderzoekt de melding.", "The provider examines the message."),
        Of(FaultKind.StoreFull, FaultCause.Provider, FaultSeverity.Critical, WhoActs.Provider, "De backupopslag is vol", "The backup storage is full", "De dienstverlener maakt ruimte.", "The provider makes room."),
        Of(FaultKind.StoreAway, FaultCause.Provider, FaultSeverity.Warning, WhoActs.Provider, "De backupopslag is niet bereikbaar", "The backup storage cannot be reached",
            "Wordt vanzelf opnieuw geprobeerd; de dienstverlener controleert de opslag.", "Tried again by itself; the provider checks the store."),
        Of(FaultKind.StoreUnusable, FaultCause.Provider, FaultSeverity.Critical, WhoActs.Provider, "De backupopslag is niet bruikbaar", "The backup storage cannot be used",
            "De dienstverlener herstelt de instellingen of rechten van de opslag.", "The provider corrects the store's settings or rights."),
        Of(FaultKind.KeyUnusable, FaultCause.Provider, FaultSeverity.Critical, WhoActs.Provider, "De sleutel is niet bruikbaar", "The key cannot be used", "De dienstverlener zet de juiste sleutel terug.", "The provider puts the right key back."),
        Of(FaultKind.RunStuck, FaultCause.Provider, FaultSeverity.Warning, WhoActs.Provider, "De run gaf geen teken van leven meer", "The run gave no sign of life",
            "De volgende poging gaat verder; herhaalt het zich, dan onderzoekt de dienstverlener het.", "The next attempt goes on; if it recurs the provider examines it."),
        Of(FaultKind.NoPlaceAtGate, FaultCause.Provider, FaultSeverity.Warning, WhoActs.Provider, "Er was geen plaats voor de run", "There was no place for the run",
            "Wordt vanzelf opnieuw geprobeerd; de dienstverlener breidt de capaciteit uit als het blijft.", "Tried again by itself; the provider adds capacity if it stays so."),
        Of(FaultKind.ServiceRefuses, FaultCause.Provider, FaultSeverity.Warning, WhoActs.Provider, "De dienst weigert", "The service refuses", "De dienstverlener onderzoekt de melding.", "The provider examines the message."),
        Of(FaultKind.Unexpected, FaultCause.Provider, FaultSeverity.Warning, WhoActs.Provider, "Onverwachte fout", "Unexpected error", "De dienstverlener onderzoekt de melding.", "The provider examines the message."),
        Of(FaultKind.NoRun, FaultCause.Provider, FaultSeverity.Warning, WhoActs.Provider, "Er is geen run geweest", "There was no run",
            "De dienstverlener controleert of de dienst draaide en haalt de run in.", "The provider checks that the service was running and makes up for the run."),
        Of(FaultKind.TenantNotAsked, FaultCause.Provider, FaultSeverity.Warning, WhoActs.Provider, "De klant kon niet worden gecontroleerd", "The tenant could not be checked",
            "De dienstverlener zoekt uit waarom; de volgende controle kijkt verder terug.", "The provider finds out why; the next check looks back further."),
        Of(FaultKind.PartLacking, FaultCause.CustomerConfiguration, FaultSeverity.Warning, WhoActs.Customer, "Een deel ontbreekt in de backup", "A part is missing from the backup",
            "De beheerder van de klant kent de genoemde machtiging toe.", "The customer's administrator grants the permission that is named."),
        Of(FaultKind.ItemsOwed, FaultCause.Microsoft, FaultSeverity.Information, WhoActs.Microsoft, "Enkele items konden niet worden gelezen", "Some items could not be read",
            "Elke run probeert ze opnieuw.", "Each run tries them again."),
        Of(FaultKind.CapabilityLost, FaultCause.CustomerConfiguration, FaultSeverity.Critical, WhoActs.Customer, "De backup kan minder dan eerst", "The backup can do less than before",
            "De klant en de dienstverlener gaan na of dit de bedoeling was, en herstellen het anders.", "Customer and provider find out whether it was intended, and put it right if not."),
        Of(FaultKind.ForceMajeure, FaultCause.ForceMajeure, FaultSeverity.Warning, WhoActs.Nobody, "Overmacht", "Force majeure", "Zie de beschrijving van het incident.", "See the description of the incident."),
        Of(FaultKind.ThirdParty, FaultCause.ThirdParty, FaultSeverity.Warning, WhoActs.Provider, "Storing bij een derde partij", "Failure at a third party", "De dienstverlener volgt het incident.", "The provider follows the incident."),
        Of(FaultKind.MicrosoftIncident, FaultCause.Microsoft, FaultSeverity.Warning, WhoActs.Microsoft, "Storing bij Microsoft", "Incident at Microsoft", "De dienstverlener volgt het incident.", "The provider follows the incident."),
    ]).ToFrozenDictionary(entry => entry.Kind);

    public static IEnumerable<FaultEntry> All => Entries.Values.OrderBy(entry => entry.Kind);

    /// <exception cref="ArgumentOutOfRangeException">A kind that this release does not know.</exception>
    public static FaultEntry Of(FaultKind kind) => Entries.GetValueOrDefault(kind) ?? throw new ArgumentOutOfRangeException(nameof(kind), kind, "This kind of fault is not in the catalogue.");

    /// <summary>The kind that says at least as much as is known of a failure: a record of an earlier release tells its cause only.</summary>
    public static FaultKind KindOf(FaultKind kind, FaultCause cause) => kind != FaultKind.None ? kind : cause switch
    {
        FaultCause.CustomerConfiguration => FaultKind.AccessDenied,
        FaultCause.CustomerLicence => FaultKind.NoMailbox,
        FaultCause.Microsoft => FaultKind.MicrosoftFails,
        FaultCause.ThirdParty => FaultKind.ThirdParty,
        FaultCause.ForceMajeure => FaultKind.ForceMajeure,
        FaultCause.Provider => FaultKind.Unexpected,
        _ => FaultKind.NoRun,
    };

    public static BothLanguages NameOf(FaultCause cause) => cause switch
    {
        FaultCause.Provider => new("dienstverlener", "provider"),
        FaultCause.CustomerConfiguration => new("configuratie van de klant", "customer's configuration"),
        FaultCause.CustomerLicence => new("licentie van de klant", "customer's licence"),
        FaultCause.Microsoft => new("Microsoft", "Microsoft"),
        FaultCause.ThirdParty => new("derde partij", "third party"),
        FaultCause.ForceMajeure => new("overmacht", "force majeure"),
        _ => new("geen", "none"),
    };

    public static BothLanguages NameOf(WhoActs who) => who switch
    {
        WhoActs.Provider => new("dienstverlener", "provider"),
        WhoActs.Customer => new("klant", "customer"),
        WhoActs.Microsoft => new("Microsoft", "Microsoft"),
        _ => new("niemand", "nobody"),
    };

    private static FaultEntry Of(FaultKind kind, FaultCause cause, FaultSeverity severity, WhoActs who, string nl, string en, string adviceNl, string adviceEn) =>
        new(kind, cause, severity, who, new(nl, en), new(adviceNl, adviceEn));
}
