using OrleansBackup.Domain.Notices;

namespace OrleansBackup.Domain.Requests;

/// <summary>Where a customer's request for a restore stands.</summary>
public enum RequestStage
{
    /// <summary>Asked by somebody who may, checked, and waiting for the provider.</summary>
    Received = 1,

    /// <summary>The provider said no.</summary>
    Declined = 2,

    /// <summary>Approved; its restore job is under way or about to begin.</summary>
    Running = 3,

    /// <summary>The job has ended; nobody has confirmed yet what came of it.</summary>
    Finished = 4,

    /// <summary>Somebody confirmed whether the customer has what he asked for.</summary>
    Confirmed = 5,
}

/// <summary>Who may ask for a restore, and when one counts as delivered. Pure.</summary>
/// <remarks>Source: JP ICT 8.2, "uitsluitend op verzoek van geautoriseerde contactpersonen"; Accensys, chargeable work: never for a restore that did not deliver.</remarks>
public static class RequestRules
{
    /// <returns>The contact who asks; null: nobody of this customer who may.</returns>
    public static Contact? Authorised(IEnumerable<Contact> contacts, string email) => contacts.FirstOrDefault(contact =>
        string.Equals(contact.Email, email, StringComparison.OrdinalIgnoreCase) && contact.Authority.Contains(ContactAuthority.RequestRestore));

    /// <summary>Whether the customer got what he asked for: something is back, and he does not say otherwise.</summary>
    /// <param name="back">Items that are where they were asked for: restored, or there already.</param>
    public static bool Delivered(long back, bool confirmed) => confirmed && back > 0;

    /// <summary>How it ended, for whoever asked: done, in part, or not at all, with the figures.</summary>
    /// <param name="asked">In his words.</param>
    public static BothLanguages EndOf(string asked, long restored, long skipped, long failed)
    {
        var (nl, en) = (restored + skipped, failed) switch
        {
            ( > 0, 0) => ("gelukt", "done"),
            ( > 0, _) => ("gedeeltelijk gelukt", "done in part"),
            (0, 0) => ("er was niets om terug te zetten", "there was nothing to put back"),
            _ => ("mislukt", "failed"),
        };
        var what = PlainLine.Of(asked);
        return new($"{nl}: {restored} teruggezet, {skipped} stonden er al, {failed} niet gelukt. U vroeg: {what}", $"{en}: {restored} put back, {skipped} were there already, {failed} failed. You asked: {what}");
    }

    /// <returns>Why this step cannot follow; null: it can.</returns>
    public static string? WhyNot(RequestStage from, RequestStage to) => (from, to) switch
    {
        (RequestStage.Received, RequestStage.Running or RequestStage.Declined) => null,
        (RequestStage.Running, RequestStage.Finished) => null,
        (RequestStage.Finished, RequestStage.Confirmed) => null,
        (RequestStage.Declined, _) => "The request was declined; the customer may ask again.",
        (_, RequestStage.Confirmed) => "The restore has not ended; only its end can be confirmed.",
        _ => "It was decided on already.",
    };
}
