using System.Text.Json.Nodes;
using OrleansBackup.GraphSimulator.Http;
using OrleansBackup.GraphSimulator.Items;
using OrleansBackup.GraphSimulator.Mail;
using OrleansBackup.GraphSimulator.World;

namespace OrleansBackup.GraphSimulator.Contacts;

/// <summary>A contact as Graph shows it, and as a client posts it.</summary>
internal static class ContactJson
{
    public static ItemShape Shape { get; } = ItemShape.Of("contact",
        "displayName givenName middleName surname nickName initials title generation fileAs companyName department jobTitle profession officeLocation manager assistantName spouseName children "
            + "birthday personalNotes emailAddresses imAddresses businessPhones homePhones mobilePhone homeAddress businessAddress otherAddress businessHomePage yomiGivenName yomiSurname "
            + "yomiCompanyName categories primaryEmailAddress secondaryEmailAddress tertiaryEmailAddress",
        "createdDateTime lastModifiedDateTime", "changeKey parentFolderId");

    private static readonly string[] Lists = ["children", "emailAddresses", "imAddresses", "businessPhones", "homePhones", "categories"];
    private static readonly string[] Addresses = ["homeAddress", "businessAddress", "otherAddress"];

    public static JsonObject Show(Mailbox mailbox, ItemVersion version, bool immutable)
    {
        var changeKey = MessageProperties.ChangeKey(mailbox, version.Sequence);
        var shown = new JsonObject
        {
            ["@odata.etag"] = $"W/\"{changeKey}\"",
            ["id"] = ItemAccess.Id(mailbox, version, immutable),
            ["createdDateTime"] = ItemLists.Time(version.CreatedAt),
            ["lastModifiedDateTime"] = ItemLists.Time(version.At),
            ["changeKey"] = changeKey,
            ["parentFolderId"] = ItemAccess.Id(mailbox, version.Container!),
        };
        foreach (var (name, value) in version.Properties)
            shown[name] = value?.DeepClone();
        return shown;
    }

    /// <summary>A whole contact: everything that was not given is null or empty.</summary>
    public static JsonObject New(JsonObject given)
    {
        var created = new JsonObject();
        foreach (var name in Shape.Writable)
            created[name] = Lists.Contains(name) ? new JsonArray() : Addresses.Contains(name) ? new JsonObject() : null;
        created["fileAs"] = "";
        created["personalNotes"] = "";
        Set(created, given);
        if (created["displayName"] is null)
            created["displayName"] = string.Join(' ', new[] { (string?)created["givenName"], (string?)created["surname"] }.Where(part => !string.IsNullOrEmpty(part)));
        return created;
    }

    public static JsonObject Read(JsonObject body)
    {
        var given = Shape.Read(body, "singleValueExtendedProperties");
        if (given["emailAddresses"] is JsonArray { Count: > 3 })
            throw new GraphErrorException(400, "ErrorInvalidRequest", "A contact has three e-mail addresses at most.");
        if (given["birthday"] is { } birthday && !DateTimeOffset.TryParse((string?)birthday, System.Globalization.CultureInfo.InvariantCulture, out _))
            throw new GraphErrorException(400, "RequestBodyRead", "birthday is no time.");
        return given;
    }

    public static void Set(JsonObject properties, JsonObject given)
    {
        foreach (var (name, value) in given)
            properties[name] = value?.DeepClone();
        // The first three of the list are also shown one by one.
        if (given.ContainsKey("emailAddresses") || !properties.ContainsKey("primaryEmailAddress"))
        {
            var addresses = properties["emailAddresses"] as JsonArray ?? [];
            foreach (var (name, index) in new[] { ("primaryEmailAddress", 0), ("secondaryEmailAddress", 1), ("tertiaryEmailAddress", 2) })
                properties[name] = index < addresses.Count ? addresses[index]?.DeepClone() : null;
        }
    }
}
