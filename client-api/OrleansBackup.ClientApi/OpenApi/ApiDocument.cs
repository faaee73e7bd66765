using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using OrleansBackup.ClientApi.Security;

namespace OrleansBackup.ClientApi.OpenApi;

/// <summary>What the published description says beyond what the code shows by itself: how to sign in, what the parameters mean, how spans are written.</summary>
internal static class ApiDocument
{
    private const string Bearer = "bearer";
    private const string Header = "apiKeyHeader";

    /// <summary>One meaning per name: a parameter is called the same wherever it stands.</summary>
    private static readonly Dictionary<string, (string Meaning, string? Format)> Parameters = new()
    {
        ["tenant"] = ("The directory id of a tenant.", "uuid"),
        ["resource"] = ("A kind and the id in Microsoft 365, such as mailbox-00000000-0000-0000-0000-000000000001.", null),
        ["run"] = ("The id of a run.", "uuid"),
        ["job"] = ("The id of a restore job.", "uuid"),
        ["notice"] = ("The id of a notice.", "uuid"),
        ["request"] = ("The id of a restore request.", "uuid"),
        ["rehearsal"] = ("The name of a rehearsal: a period such as 2026-Q4, or an id.", null),
        ["webhook"] = ("The id of a webhook.", "uuid"),
        ["subscription"] = ("The id of a subscription.", "uuid"),
        ["state"] = ("How it stands: pending, delivered, failed or givenUp; absent for all.", null),
        ["delivery"] = ("The id of a delivery, as the list gives it.", "uuid"),
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
        ["page"] = ("Counted from 0; default 0.", null),
    };

    public static void Configure(OpenApiOptions options)
    {
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new OpenApiInfo
            {
                Title = "OrleansBackup",
                Version = "v1",
                Description = "Takes the Microsoft 365 mailboxes of a provider's customers into daily backup and puts back what was deleted. "
                    + "Every error is a problem document (RFC 9457): its type is stable, its detail says what to do, and its field names the part of a request that is wrong.",
            };
            document.Servers = []; // the server that was asked; it is known under more than one address
            document.Components ??= new OpenApiComponents();
            document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
            {
                [Bearer] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "An API key of this server." },
                [Header] = new OpenApiSecurityScheme
                {
                    Type = SecuritySchemeType.ApiKey, In = ParameterLocation.Header, Name = ApiKeyAuthentication.HeaderName, Description = "An API key of this server.",
                },
            };
            return Task.CompletedTask;
        });
        options.AddOperationTransformer((operation, context, _) =>
        {
            foreach (var parameter in operation.Parameters?.OfType<OpenApiParameter>() ?? [])
            {
                if (parameter.Name is null || !Parameters.TryGetValue(parameter.Name, out var known))
                    continue;
                parameter.Description = known.Meaning;
                if (known.Format is { } format && parameter.Schema is OpenApiSchema schema)
                    schema.Format = format;
            }
            if (!context.Description.ActionDescriptor.EndpointMetadata.OfType<IAllowAnonymous>().Any())
                operation.Security = [Requirement(Bearer, context.Document), Requirement(Header, context.Document)];
            return Task.CompletedTask;
        });
        options.AddSchemaTransformer((schema, context, _) =>
        {
            var type = Nullable.GetUnderlyingType(context.JsonTypeInfo.Type) ?? context.JsonTypeInfo.Type;
            if (type == typeof(TimeSpan))
                (schema.Type, schema.Pattern, schema.Description) = (JsonSchemaType.String, @"^(\d+\.)?\d{2}:\d{2}:\d{2}(\.\d{1,7})?$", "A span of time: hh:mm:ss, with days in front where there are any.");
            if (type == typeof(Points.PointAddress))
                (schema.Type, schema.Properties, schema.Description) = (JsonSchemaType.String | JsonSchemaType.Integer, null, Parameters["point"].Meaning);
            if (type.IsEnum)
                (schema.Type, schema.Enum) = (JsonSchemaType.String, [.. Enum.GetNames(type).Select(name => (System.Text.Json.Nodes.JsonNode)System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(name))]);
            if (type == typeof(Microsoft.AspNetCore.Mvc.ProblemDetails))
                AddExtensions(schema);
            return Task.CompletedTask;
        });
    }

    private static OpenApiSecurityRequirement Requirement(string scheme, OpenApiDocument? document) => new() { [new OpenApiSecuritySchemeReference(scheme, document)] = [] };

    private static void AddExtensions(OpenApiSchema problem)
    {
        problem.Properties ??= new Dictionary<string, IOpenApiSchema>();
        problem.Properties["field"] = new OpenApiSchema { Type = JsonSchemaType.String, Description = "The part of the request that is wrong; with status 400." };
        problem.Properties["traceId"] = new OpenApiSchema { Type = JsonSchemaType.String, Description = "What the server's log knows this request by." };
    }
}
