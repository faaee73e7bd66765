using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using OrleansBackup.ClientApi.Problems;

namespace OrleansBackup.ClientApi.OpenApi;

/// <summary>An example of every body, so that whoever reads the description sees what it looks like: some written by hand, the others made from their schemas.</summary>
/// <remarks>A test checks each against its schema, and that the server can read each that is of a request.</remarks>
internal static class Examples
{
    private const int Deepest = 6;

    /// <summary>What a text is like, by the name of its member.</summary>
    private static readonly Dictionary<string, string> Texts = new(StringComparer.Ordinal)
    {
        ["id"] = "00000000-0000-0000-0000-000000000001", ["resource"] = "mailbox-00000000-0000-0000-0000-000000000001", ["name"] = "Fabrikam", ["displayName"] = "Robin", ["address"] = "robin@fabrikam.example",
        ["email"] = "robin@fabrikam.example", ["askedBy"] = "robin@fabrikam.example", ["by"] = "robin@fabrikam.example", ["from"] = "robin@fabrikam.example", ["url"] = "https://fabrikam.example/notices",
        ["subject"] = "Minutes of Monday", ["why"] = "Ticket 4711", ["reason"] = "Ticket 4711", ["reference"] = "Letter of 14 March", ["note"] = "Looked at, nothing to do.", ["plan"] = "standard", ["store"] = "main",
        ["month"] = "2026-03", ["act"] = "run.start", ["actor"] = "first-key", ["next"] = "bWFpbGJveC0x", ["csv"] = "resource,day\r\n", ["nl"] = "Een kabel is geraakt", ["en"] = "A cable was cut",
        ["country"] = "NL", ["path"] = "retention.keep", ["text"] = "The folder Projects as it was on Monday.", ["type"] = "https://orleansbackup.dev/problems/not-found",
    };

    /// <summary>Requests whose members only make sense together.</summary>
    private static readonly Dictionary<string, string> Written = new(StringComparer.Ordinal)
    {
        ["OnboardBody"] = """{"id":"00000000-0000-0000-0000-000000000001","name":"Fabrikam","clientId":"00000000-0000-0000-0000-000000000002","clientSecret":"the app's secret","storage":{"countries":["NL"]}}""",
        ["CertificateOrderBody"] = """{"days":365}""",
        ["SettingsBody"] = """{"scope":{"mode":"everything","excluded":["mailbox-00000000-0000-0000-0000-000000000003"]},"retention":{"days":90,"keep":{"weeks":8,"months":12}},"window":{"start":"20:00:00","length":"08:00:00"}}""",
        ["RestoreBody"] = """{"resource":"mailbox-00000000-0000-0000-0000-000000000001","point":"2026-03-14","selection":{"folderIds":["AAMkAGI1"]},"target":{"folder":["Restored"]},"conflict":"skip"}""",
        ["ErasureOrderBody"] = """{"itemIds":["AAMkAGI1"],"why":"Request of 14 March","confirmation":"erase for ever"}""",
        ["ErasureSearchOrderBody"] = """{"address":"robin@fabrikam.example","why":"Request of 14 March"}""",
        ["PersonErasureBody"] = """{"list":"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08","whole":["mailbox-00000000-0000-0000-0000-000000000001"],"allFound":true,"except":[{"resource":"mailbox-00000000-0000-0000-0000-000000000002","itemIds":["AAMkAGI1"]}],"why":"Request of 14 March","confirmation":"erase for ever"}""",
        ["KeyOrderBody"] = """{"name":"monitoring","roles":["auditor"],"tenants":["00000000-0000-0000-0000-000000000001"],"life":"90.00:00:00"}""",
        ["KeyRotationBody"] = """{"grace":"1.00:00:00"}""",
        ["DestructionRequestBody"] = """{"confirmation":"destroy 00000000-0000-0000-0000-000000000001","why":"The contract ended."}""",
        ["ContactListBody"] = """{"contacts":[{"name":"Robin","email":"robin@fabrikam.example","language":"nl","authority":["requestRestore"]}]}""",
        ["SubscriptionRequestBody"] = """{"name":"tickets","address":"https://fabrikam.example/events","kinds":["runFailed","criticalFaultBegan"]}""",
        ["ContractRequestBody"] = """{"plan":"standard","start":"2026-03-01","reference":"Contract 2026-17"}""",
    };

    private static readonly IDictionary<string, OpenApiMediaType> None = new Dictionary<string, OpenApiMediaType>();

    public static void Add(OpenApiDocument document)
    {
        foreach (var operation in ApiDocument.Operations(document))
        {
            foreach (var (type, content) in operation.RequestBody?.Content ?? None)
                if (type == "application/json" && content.Schema is { } schema)
                    content.Example = Of(schema, "", 0);
            foreach (var (status, response) in operation.Responses ?? new OpenApiResponses())
                foreach (var (type, content) in response.Content ?? None)
                    content.Example = type switch
                    {
                        "application/json" when content.Schema is { } schema => Of(schema, "", 0),
                        "application/problem+json" => OfProblem(status),
                        _ => content.Example,
                    };
        }
    }

    private static JsonObject? OfProblem(string status) => ProblemCatalogue.All.FirstOrDefault(type => $"{type.Status}" == status) is { } type
        ? new JsonObject
        {
            ["type"] = type.Uri, ["title"] = type.Title.En, ["status"] = type.Status, ["detail"] = type.Cure.En, ["traceId"] = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        }
        : null;

    private static JsonNode? Of(IOpenApiSchema schema, string name, int depth)
    {
        if (schema is OpenApiSchemaReference { Reference.Id: { } id } && Written.TryGetValue(id, out var written))
            return JsonNode.Parse(written);
        if (schema.OneOf?.FirstOrDefault(one => one.Type != JsonSchemaType.Null) is { } first)
            return depth < Deepest ? Of(first, name, depth) : null;
        if (schema.Enum is [{ } word, ..])
            return word.DeepClone();
        var type = (schema.Type ?? JsonSchemaType.Object) & ~JsonSchemaType.Null;
        return type switch
        {
            _ when type.HasFlag(JsonSchemaType.String) => TextOf(schema, name),
            JsonSchemaType.Integer => 3,
            JsonSchemaType.Number => 12.5,
            JsonSchemaType.Boolean => true,
            JsonSchemaType.Array => schema.Items is { } items && depth < Deepest && Of(items, name.TrimEnd('s'), depth + 1) is { } item ? new JsonArray(item) : new JsonArray(),
            _ => ObjectOf(schema, depth),
        };
    }

    private static JsonObject ObjectOf(IOpenApiSchema schema, int depth)
    {
        var example = new JsonObject();
        foreach (var (name, property) in schema.Properties ?? new Dictionary<string, IOpenApiSchema>())
            example[name] = Of(property, name, depth + 1);
        if (schema.AdditionalProperties is { } values && schema.Properties is null or { Count: 0 })
            example["example"] = Of(values!, "", depth + 1);
        return example;
    }

    private static string TextOf(IOpenApiSchema schema, string name) => schema.Format switch
    {
        "uuid" => Texts["id"],
        "date" => "2026-03-14",
        "date-time" => "2026-03-14T12:00:00+00:00",
        "uri" => Texts["url"],
        _ when schema.Pattern is not null => "08:00:00",
        _ => Texts.GetValueOrDefault(name, "text"),
    };
}
