using System.Collections.Immutable;
using OrleansBackup.ClientApi.Problems;
using OrleansBackup.Domain.Notices;
using OrleansBackup.GrainInterfaces.Notices;

namespace OrleansBackup.ClientApi.Notices;

/// <summary>From bodies to contacts and webhooks; what makes no sense is a problem of the field that says it.</summary>
internal static class NoticeReader
{
    private static readonly ImmutableSortedSet<NoticeKind> All = [NoticeKind.FoundUnprotected, NoticeKind.CriticalFault, NoticeKind.ConsequenceAhead];

    public static ImmutableArray<Contact> Contacts(ContactListBody body)
    {
        if (body.Contacts is not { IsDefault: false } given)
            throw new ProblemException(Problem.FieldMissing("contacts"));
        return [.. given.Select(ContactOf)];
    }

    public static WebhookSettings Webhook(WebhookRequestBody body) => new(
        string.IsNullOrWhiteSpace(body.Url) ? throw new ProblemException(Problem.FieldMissing("url")) : body.Url.Trim(), Told(body.Told), body.Enabled ?? true);

    private static Contact ContactOf(ContactBody body, int at)
    {
        if (body is null)
            throw new ProblemException(Problem.FieldMissing($"contacts[{at}]"));
        var contact = new Contact((body.Name ?? "").Trim(), (body.Email ?? "").Trim(), body.Language ?? NoticeLanguage.Nl, Told(body.Told), body.Authority is { IsDefault: false } authority ? [.. authority] : []);
        return contact.Problem() is { } wrong ? throw new ProblemException(Problem.InvalidField($"contacts[{at}].{wrong.Field}", wrong.Problem)) : contact;
    }

    private static ImmutableSortedSet<NoticeKind> Told(ImmutableArray<NoticeKind>? told) => told is { IsDefault: false } given ? [.. given] : All;
}
