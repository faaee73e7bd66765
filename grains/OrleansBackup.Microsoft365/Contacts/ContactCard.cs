using System.Globalization;
using System.Text;
using System.Text.Json;
using OrleansBackup.Microsoft365.Items;

namespace OrleansBackup.Microsoft365.Contacts;

/// <summary>Makes vCards of contacts as Graph sent them, with their pictures.</summary>
/// <remarks>Version 3.0 (RFC 2426): what every address book reads. Where it has no word, the words that Outlook and others use (<c>X-…</c>).</remarks>
public static class ContactCard
{
    private static readonly (string Property, string Type)[] Addresses = [("businessAddress", "WORK"), ("homeAddress", "HOME"), ("otherAddress", "OTHER")];

    private static readonly (string Property, string Name)[] Texts =
    [
        ("nickName", "NICKNAME"), ("jobTitle", "TITLE"), ("profession", "ROLE"), ("personalNotes", "NOTE"), ("manager", "X-MS-MANAGER"), ("assistantName", "X-MS-ASSISTANT"),
        ("spouseName", "X-MS-SPOUSE"), ("yomiGivenName", "X-PHONETIC-FIRST-NAME"), ("yomiSurname", "X-PHONETIC-LAST-NAME"), ("yomiCompanyName", "X-PHONETIC-ORG"),
    ];

    /// <param name="json">The contact.</param>
    /// <param name="photo">Its picture; null: none.</param>
    /// <returns>The card in UTF-8. Cards one after the other are a file of many.</returns>
    public static byte[] Of(ReadOnlyMemory<byte> json, ReadOnlyMemory<byte>? photo)
    {
        using var document = JsonBody.Parse(json);
        var contact = document.RootElement;
        var card = new ContentLineWriter();
        card.Line("BEGIN", "VCARD");
        card.Line("VERSION", "3.0");
        card.Line("N", Structured(contact, "surname", "givenName", "middleName", "title", "generation"));
        card.Line("FN", ContentLineWriter.Escape(NameOf(contact)));
        foreach (var (property, name) in Texts) card.Text(name, TolerantJson.GetText(contact, property));
        if (Any(contact, "companyName", "department", "officeLocation")) card.Line("ORG", Structured(contact, "companyName", "department", "officeLocation"));
        foreach (var address in List(contact, "emailAddresses")) card.Text("EMAIL;TYPE=INTERNET", TolerantJson.GetText(address, "address"));
        foreach (var phone in List(contact, "businessPhones")) card.Text("TEL;TYPE=WORK,VOICE", TolerantJson.GetText(phone));
        foreach (var phone in List(contact, "homePhones")) card.Text("TEL;TYPE=HOME,VOICE", TolerantJson.GetText(phone));
        card.Text("TEL;TYPE=CELL,VOICE", TolerantJson.GetText(contact, "mobilePhone"));
        foreach (var address in List(contact, "imAddresses")) card.Text("X-MS-IMADDRESS", TolerantJson.GetText(address));
        foreach (var child in List(contact, "children")) card.Text("X-MS-CHILD", TolerantJson.GetText(child));
        foreach (var (property, type) in Addresses)
        {
            if (contact.TryGetProperty(property, out var address) && address.ValueKind == JsonValueKind.Object && Any(address, "street", "city", "state", "postalCode", "countryOrRegion"))
                card.Line($"ADR;TYPE={type}", ";;" + Structured(address, "street", "city", "state", "postalCode", "countryOrRegion"));
        }

        card.Text("URL;TYPE=WORK", TolerantJson.GetText(contact, "businessHomePage"));
        if (DateTimeOffset.TryParse(TolerantJson.GetText(contact, "birthday"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var birthday))
            card.Line("BDAY", birthday.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        var categories = List(contact, "categories").Select(TolerantJson.GetText).OfType<string>().ToList();
        if (categories.Count > 0) card.Line("CATEGORIES", string.Join(',', categories.Select(ContentLineWriter.Escape)));
        if (photo is { IsEmpty: false } picture)
            card.Line($"PHOTO;ENCODING=b;TYPE={(picture.Span[0] == 0x89 ? "PNG" : "JPEG")}", Convert.ToBase64String(picture.Span));
        card.Text("UID", TolerantJson.GetText(contact, "id"));
        if (DateTimeOffset.TryParse(TolerantJson.GetText(contact, "lastModifiedDateTime"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var changed))
            card.Line("REV", changed.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
        card.Line("END", "VCARD");
        return Encoding.UTF8.GetBytes(card.ToString());
    }

    // A card without a name is none: whatever identifies the contact stands in for it.
    private static string NameOf(JsonElement contact)
    {
        foreach (var property in new[] { "displayName", "fileAs", "companyName" })
        {
            if (TolerantJson.GetText(contact, property) is { } name && !string.IsNullOrWhiteSpace(name)) return name;
        }

        return List(contact, "emailAddresses").Select(address => TolerantJson.GetText(address, "address")).FirstOrDefault(address => !string.IsNullOrEmpty(address)) ?? "Unnamed";
    }

    private static string Structured(JsonElement item, params string[] names) => string.Join(';', names.Select(name => ContentLineWriter.Escape(TolerantJson.GetText(item, name) ?? "")));

    private static bool Any(JsonElement item, params string[] names) => Array.Exists(names, name => !string.IsNullOrEmpty(TolerantJson.GetText(item, name)));

    private static List<JsonElement> List(JsonElement item, string name) =>
        item.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array ? [.. list.EnumerateArray()] : [];
}
