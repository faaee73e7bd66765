using System.Globalization;
using System.Text.Json.Nodes;
using OrleansBackup.GraphSimulator.Contacts;

namespace OrleansBackup.GraphSimulator.Generation;

/// <summary>Turns the cards of a vCard file into what Exchange would hold of them. What it cannot hold is left out.</summary>
public static class VcfReader
{
    public static IEnumerable<(JsonObject Properties, ReadOnlyMemory<byte>? Photo)> Contacts(byte[] file)
    {
        List<ContentLine>? open = null;
        foreach (var line in ContentLine.Read(file))
        {
            if (line.Name == "BEGIN" && line.Value.Trim().Equals("VCARD", StringComparison.OrdinalIgnoreCase))
                open = [];
            else if (line.Name == "END" && line.Value.Trim().Equals("VCARD", StringComparison.OrdinalIgnoreCase))
            {
                if (open is not null)
                    yield return Contact(open);
                open = null;
            }
            else
                open?.Add(line);
        }
    }

    private static (JsonObject, ReadOnlyMemory<byte>?) Contact(List<ContentLine> lines)
    {
        var name = First("N")?.Parts ?? [];
        var organization = First("ORG")?.Parts ?? [];
        var given = new JsonObject
        {
            ["surname"] = Part(name, 0),
            ["givenName"] = Part(name, 1),
            ["middleName"] = Part(name, 2),
            ["title"] = Part(name, 3),
            ["generation"] = Part(name, 4),
            ["displayName"] = First("FN")?.Text ?? First("N")?.Text.Replace(';', ' ').Trim() ?? "",
            ["nickName"] = First("NICKNAME")?.Text,
            ["companyName"] = Part(organization, 0),
            ["department"] = Part(organization, 1),
            ["jobTitle"] = First("TITLE")?.Text,
            ["profession"] = First("ROLE")?.Text,
            ["personalNotes"] = First("NOTE")?.Text ?? "",
            ["businessHomePage"] = First("URL")?.Text,
            ["mobilePhone"] = Phones("CELL").FirstOrDefault(),
            ["businessPhones"] = Strings(Phones("WORK")),
            ["homePhones"] = Strings(Phones("HOME")),
            ["birthday"] = First("BDAY") is { } birthday && DateTime.TryParse(birthday.Value, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
                ? day.ToString("yyyy-MM-dd'T'11:59:00'Z'", CultureInfo.InvariantCulture) : null,
            ["emailAddresses"] = new JsonArray([.. lines.Where(line => line.Name == "EMAIL").Take(3).Select(line => (JsonNode)new JsonObject { ["name"] = line.Text, ["address"] = line.Text })]),
            ["categories"] = new JsonArray([.. lines.Where(line => line.Name == "CATEGORIES").SelectMany(line => line.Items).Distinct().Select(item => (JsonNode)item)]),
        };
        foreach (var line in lines.Where(line => line.Name == "ADR"))
        {
            var kind = Has(line, "WORK") ? "businessAddress" : Has(line, "HOME") ? "homeAddress" : "otherAddress";
            given[kind] = new JsonObject { ["street"] = Part(line.Parts, 2), ["city"] = Part(line.Parts, 3), ["state"] = Part(line.Parts, 4), ["postalCode"] = Part(line.Parts, 5), ["countryOrRegion"] = Part(line.Parts, 6) };
        }
        return (ContactJson.New(given), Photo(First("PHOTO")));

        ContentLine? First(string wanted) => lines.Find(line => line.Name == wanted);

        IEnumerable<string> Phones(string kind) => lines.Where(line => line.Name == "TEL" && Has(line, kind)).Select(line => line.Text);
    }

    private static ReadOnlyMemory<byte>? Photo(ContentLine? line)
    {
        if (line is null)
            return null;
        var text = line.Value[(line.Value.IndexOf(',', StringComparison.Ordinal) + 1)..].Trim();
        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out var length) && length > 0 ? bytes.AsMemory(0, length) : default(ReadOnlyMemory<byte>?);
    }

    private static bool Has(ContentLine line, string type) => line.Parameters.GetValueOrDefault("TYPE")?.Contains(type, StringComparison.OrdinalIgnoreCase) == true;

    private static string? Part(IReadOnlyList<string> parts, int index) => index < parts.Count && parts[index].Length > 0 ? parts[index] : null;

    private static JsonArray Strings(IEnumerable<string> values) => new([.. values.Select(value => (JsonNode)value)]);
}
