namespace OrleansBackup.ClientApi.OpenApi;

/// <summary>What parameters mean. One meaning per name: a parameter is called the same wherever it stands.</summary>
internal static class ParameterMeanings
{
    public static readonly Dictionary<string, (string Meaning, string? Format)> ByName = new()
    {
        ["tenant"] = ("The directory id of a tenant.", "uuid"),
        ["resource"] = ("A kind and the id in Microsoft 365, such as mailbox-00000000-0000-0000-0000-000000000001.", null),
        ["run"] = ("The id of a run.", "uuid"),
        ["job"] = ("The id of a restore job.", "uuid"),
        ["notice"] = ("The id of a notice.", "uuid"),
        ["request"] = ("The id of a restore request.", "uuid"),
        ["key"] = ("The id of an API key.", "uuid"),
        ["rehearsal"] = ("The name of a rehearsal: a period such as 2026-Q4, or an id.", null),
        ["webhook"] = ("The id of a webhook.", "uuid"),
        ["invoice"] = ("The number of an invoice or credit note, such as 2026-00001.", null),
        ["order"] = ("The id of a work order.", "uuid"),
        ["list"] = ("The id of a price list.", null),
        ["month"] = ("A month such as 2026-03; absent for the present one.", null),
        ["asOf"] = ("A day such as 2026-03-14; absent for today.", "date"),
        ["months"] = ("How many months count; absent for as many as the contract says.", "int32"),
        ["profile"] = ("peppol or nlcius; default peppol.", null),
        ["language"] = ("nl or en; default nl.", null),
        ["date"] = ("A working day such as 2026-03-16.", "date"),
        ["incident"] = ("The id of an incident.", "uuid"),
        ["point"] = ("A sequence number, a day such as 2026-03-14 (its newest point), or latest.", null),
        ["folderId"] = ("The id of a folder, percent-encoded.", null),
        ["itemId"] = ("The id of an item, percent-encoded.", null),
        ["role"] = ("The role of a content, as the item lists it: json, content, photo, permissions…", null),
        ["n"] = ("The number of an attachment, counted from 0.", "int32"),
        ["after"] = ("What the part before gave as next; absent for the first part.", null),
        ["limit"] = ($"At most so many: from 1 to {AddressParts.MaxLimit}; default {AddressParts.DefaultLimit}.", null),
        ["text"] = ("Words that must all occur in subject, sender or the name of an attachment; several words in double quotes are one.", null),
        ["day"] = ("The newest restore point on or before this day; absent for the newest of all.", "date"),
        ["from"] = ("Received at this time or later, such as 2026-03-14T00:00:00+01:00.", "date-time"),
        ["until"] = ("Received before this time.", "date-time"),
        ["before"] = ("What the part before gave as next; absent for the first part, which is the newest.", "int64"),
        ["plan"] = ("The id of a plan.", null),
        ["number"] = ("The number of an invoice or of a change request, as the list gives it.", null),
        ["act"] = ("The number of a proposal.", "int32"),
        ["users"] = ("How many users amounts are forecast for.", "int32"),
        ["type"] = ("The last part of the type of a problem document, such as not-found.", null),
        ["sort"] = ("What to sort by; a hyphen in front turns the order round. An address takes the names that its description lists.", null),
        ["page"] = ("Counted from 0; default 0.", null),
    };
}
