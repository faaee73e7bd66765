using System.Collections.Immutable;
using Microsoft.AspNetCore.Http;
using OrleansBackup.Domain.Notices;

namespace OrleansBackup.ClientApi.Problems;

/// <summary>Every kind of error there is. Answers take title and status from here, <c>/api/v1/problems</c> lists it, and the page on troubleshooting is made from it.</summary>
public static class ProblemCatalogue
{
    public static ImmutableArray<ProblemType> All { get; } =
    [
        Type("sign-in-required", StatusCodes.Status401Unauthorized,
            ("Aanmelden vereist", "Sign-in required"),
            ("Het verzoek bevatte geen sleutel, of een sleutel die deze server niet kent of niet meer aanneemt.", "The request carried no key, or one that this server does not know or no longer takes."),
            ("Stuur een API-sleutel van deze server mee in 'Authorization: Bearer <sleutel>' of 'X-Api-Key: <sleutel>'. De eerste sleutel staat in het bestand 'api-key' in de gegevensmap.",
                "Send an API key of this server in 'Authorization: Bearer <key>' or 'X-Api-Key: <key>'. The first key is in the file 'api-key' of the data folder.")),
        Type("no-such-address", StatusCodes.Status404NotFound,
            ("Onbekend adres", "No such address"),
            ("Geen onderdeel van de API heeft dit adres.", "No part of the API has this address."),
            ("Zoek het adres op in /openapi/v1.json of op /docs; let op hoofdletters en op procentcodering van namen.", "Look the address up in /openapi/v1.json or at /docs; mind upper case and the percent-encoding of names.")),
        Type("method-not-allowed", StatusCodes.Status405MethodNotAllowed,
            ("Methode niet toegestaan", "Method not allowed"),
            ("Het adres bestaat, maar niet met deze HTTP-methode.", "The address exists, but not with this HTTP method."),
            ("Gebruik een methode uit de header 'Allow' van het antwoord.", "Use a method that the header 'Allow' of the answer lists.")),
        Type("unsupported-content-type", StatusCodes.Status415UnsupportedMediaType,
            ("Inhoudstype niet ondersteund", "Unsupported content type"),
            ("De inhoud van het verzoek is niet als JSON verstuurd.", "The body of the request was not sent as JSON."),
            ("Stuur de inhoud als 'Content-Type: application/json' in UTF-8.", "Send the body as 'Content-Type: application/json' in UTF-8.")),
        Type("body-too-large", StatusCodes.Status413PayloadTooLarge,
            ("Inhoud te groot", "Body too large"),
            ("De inhoud van het verzoek is groter dan deze server aanneemt (4 MiB).", "The body of the request is larger than this server takes (4 MiB)."),
            ("Verdeel het werk over meer verzoeken, of noem mappen in plaats van losse items.", "Split the work over several requests, or name folders instead of single items.")),
        Type("request-too-slow", StatusCodes.Status408RequestTimeout,
            ("Verzoek te langzaam", "Request too slow"),
            ("De inhoud van het verzoek kwam langzamer binnen dan de server toelaat.", "The body of the request came in slower than the server allows."),
            ("Probeer het opnieuw over een betere verbinding.", "Try again over a better connection.")),
        Type("refused", StatusCodes.Status400BadRequest,
            ("Verzoek geweigerd", "The request was refused"),
            ("De server kan het verzoek niet als HTTP lezen: een teken in het adres of een header mag daar niet staan.", "The server cannot read the request as HTTP: a character in the address or a header may not stand there."),
            ("Codeer namen in het adres met procenttekens (UTF-8) en laat stuurtekens zoals %00 weg.", "Percent-encode names in the address (UTF-8) and leave out control characters such as %00.")),
        Type("not-found", StatusCodes.Status404NotFound,
            ("Niet gevonden", "Not found"),
            ("De klant, bron, het herstelpunt, het item of de taak bestaat niet, is verlopen of is gewist.", "The tenant, resource, restore point, item or job does not exist, has expired, or was erased."),
            ("Vraag de lijst op waar het in hoort te staan; die toont wat er nu is.", "Ask for the list that it should stand in; that shows what there is now.")),
        Type("invalid-request", StatusCodes.Status400BadRequest,
            ("Ongeldig verzoek", "Invalid request"),
            ("Een deel van het verzoek ontbreekt of kan niet kloppen; 'field' noemt welk.", "A part of the request is missing or cannot be right; 'field' names it."),
            ("Verbeter wat 'field' noemt zoals 'detail' zegt, en stuur het verzoek opnieuw.", "Mend what 'field' names as 'detail' says, and send the request again.")),
        Type("malformed-json", StatusCodes.Status400BadRequest,
            ("De inhoud is niet te lezen", "The body cannot be read"),
            ("De inhoud is geen geldige JSON, heeft ergens het verkeerde type, of bevat een naam die hier niet bekend is of dubbel staat.", "The body is no valid JSON, has the wrong type somewhere, or holds a name that is not known here or stands twice."),
            ("Kijk op de plaats die 'detail' noemt, en vergelijk met het voorbeeld op /docs.", "Look at the place that 'detail' names, and compare with the example at /docs.")),
        Type("not-possible-now", StatusCodes.Status409Conflict,
            ("Nu niet mogelijk", "Not possible now"),
            ("Het verzoek klopt, maar past niet bij hoe het er nu voor staat: er loopt al iets, er is een bewaarplicht, of een eerdere stap ontbreekt.", "The request is right but does not fit how things stand: something is under way, a legal hold is on, or an earlier step is missing."),
            ("Doe eerst wat 'detail' noemt, of wacht tot het voorbij is; vraag daarna opnieuw.", "Do what 'detail' names first, or wait until it is over; then ask again.")),
        Type("changed-meanwhile", StatusCodes.Status412PreconditionFailed,
            ("Intussen gewijzigd", "Changed meanwhile"),
            ("Iemand anders heeft dit gewijzigd sinds u het las: de ETag in 'If-Match' is niet die van nu. Er is niets gewijzigd.", "Somebody else has changed this since you read it: the ETag in 'If-Match' is not the present one. Nothing was changed."),
            ("Lees het opnieuw, breng uw wijziging daarin aan, en stuur die met de nieuwe ETag; de header 'ETag' van dit antwoord geeft de huidige.", "Read it again, make your change in that, and send it with the new ETag; the header 'ETag' of this answer gives the present one.")),
        Type("idempotency-key-reused", StatusCodes.Status422UnprocessableEntity,
            ("Sleutel al voor iets anders gebruikt", "Key used for something else"),
            ("Dezelfde 'Idempotency-Key' werd in de laatste 24 uur met een ander verzoek gestuurd.", "The same 'Idempotency-Key' was sent with another request in the last 24 hours."),
            ("Maak voor elk nieuw verzoek een nieuwe sleutel (bijvoorbeeld een willekeurige UUID) en herhaal alleen hetzelfde verzoek met dezelfde.", "Make a new key for each new request (a random UUID, for instance) and repeat only the same request with the same one.")),
        Type("idempotent-request-unsettled", StatusCodes.Status409Conflict,
            ("Eerste poging niet afgerond", "First attempt not settled"),
            ("Een verzoek met deze 'Idempotency-Key' is nog bezig, of is afgebroken zonder dat vaststaat of het gebeurd is.", "A request with this 'Idempotency-Key' is still under way, or broke off without it being certain whether it happened."),
            ("Wacht even en vraag opnieuw. Blijft dit antwoord komen, kijk dan in de lijst of het gebeurd is, en stuur anders het verzoek met een nieuwe sleutel.", "Wait a moment and ask again. If this answer stays, look in the list whether it happened, and otherwise send the request with a new key.")),
        Type("answer-not-kept", StatusCodes.Status409Conflict,
            ("Gedaan, antwoord niet bewaard", "Done, answer not kept"),
            ("Het verzoek met deze 'Idempotency-Key' is uitgevoerd. Het antwoord bevatte een geheim dat één keer getoond wordt, of was te groot om te bewaren.", "The request with this 'Idempotency-Key' was carried out. Its answer held a secret that is shown once, or was too large to keep."),
            ("Kijk in de lijst wat er gemaakt is. Is het geheim verloren gegaan, verwijder dan wat gemaakt is en maak een nieuw met een nieuwe sleutel.", "Look in the list at what was made. If the secret was lost, remove what was made and make another with a new key.")),
        Type("too-many-idempotency-keys", StatusCodes.Status429TooManyRequests,
            ("Te veel sleutels bewaard", "Too many keys kept"),
            ("Uw aanmelding heeft in 24 uur meer verzoeken met een 'Idempotency-Key' gedaan dan de server onthoudt. Er is niets gedaan.", "Your sign-in has made more requests with an 'Idempotency-Key' in 24 hours than the server remembers. Nothing was done."),
            ("Wacht tot oudere sleutels na 24 uur vervallen, of stuur het verzoek zonder de header.", "Wait until older keys lapse after 24 hours, or send the request without the header.")),
        Type("tenant-access-refused", StatusCodes.Status422UnprocessableEntity,
            ("De klantomgeving weigert toegang", "The tenant refused access"),
            ("Microsoft 365 weigert de aanmelding of een recht van de app bij deze klant: een geheim is verlopen, of toestemming ontbreekt.", "Microsoft 365 refuses the sign-in or a permission of the app in this tenant: a secret has expired, or consent is missing."),
            ("Vernieuw het geheim of geef de rechten die 'detail' noemt in Microsoft Entra, en controleer ze met '/api/v1/tenants/{tenant}/permissions'.", "Renew the secret or grant the permissions that 'detail' names in Microsoft Entra, and check them with '/api/v1/tenants/{tenant}/permissions'.")),
        Type("vault-unavailable", StatusCodes.Status503ServiceUnavailable,
            ("De kluis kan niet leveren", "The vault cannot serve"),
            ("De opslag of de sleutel is niet bereikbaar, de opslag is vol, of wat er staat is beschadigd.", "The store or the key cannot be reached, the store is full, or what it holds is damaged."),
            ("Doe wat 'detail' noemt: herstel de verbinding of de sleutel, maak ruimte, of laat de kluis nakijken. Wat verzegeld is blijft staan.", "Do what 'detail' names: mend the connection or the key, make room, or have the vault checked. What was sealed stays.")),
        Type("not-ready", StatusCodes.Status503ServiceUnavailable,
            ("Nog niet klaar", "Not ready"),
            ("Een deel van de dienst start, stopt of komt terug van een storing.", "A part of the service is starting, stopping or coming back from a failure."),
            ("Vraag het over enkele ogenblikken opnieuw; '/health/ready' zegt wanneer de dienst klaar is.", "Ask again in a moment; '/health/ready' says when the service is ready.")),
        Type("took-too-long", StatusCodes.Status504GatewayTimeout,
            ("Duurde te lang", "Took too long"),
            ("De dienst antwoordde niet op tijd. Wat gevraagd werd kan nog gebeuren.", "The service did not answer in time. What was asked may still happen."),
            ("Kijk eerst hoe het ervoor staat en vraag dan pas opnieuw; met een 'Idempotency-Key' kan het nooit dubbel gebeuren.", "Look at the state before asking again; with an 'Idempotency-Key' it can never happen twice.")),
        Type("unexpected", StatusCodes.Status500InternalServerError,
            ("Onverwachte fout", "Unexpected error"),
            ("De server kwam een fout tegen die hij niet kent.", "The server met an error that it does not know."),
            ("Zoek de 'traceId' van het antwoord op in het logboek van de server en meld wat daar staat.", "Look the 'traceId' of the answer up in the server's log and report what it says.")),
    ];

    private static readonly ImmutableDictionary<string, ProblemType> BySlug = All.ToImmutableDictionary(type => type.Slug, StringComparer.Ordinal);

    /// <returns>Null: there is no such kind.</returns>
    public static ProblemType? Find(string slug) => BySlug.GetValueOrDefault(slug);

    private static ProblemType Type(string slug, int status, (string Nl, string En) title, (string Nl, string En) cause, (string Nl, string En) cure) =>
        new(slug, status, new BothLanguages(title.Nl, title.En), new BothLanguages(cause.Nl, cause.En), new BothLanguages(cure.Nl, cure.En));
}
