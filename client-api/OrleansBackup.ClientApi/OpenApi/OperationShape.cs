using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.OpenApi;
using OrleansBackup.ClientApi.Changes;
using OrleansBackup.ClientApi.Security;
using OrleansBackup.Domain.Access;

namespace OrleansBackup.ClientApi.OpenApi;

/// <summary>What an operation says of itself: its id, who may call it, and the headers that it takes and gives.</summary>
internal static partial class OperationShape
{
    public static void Complete(OpenApiOperation operation, ApiDescription description, OpenApiDocument? document)
    {
        var (path, method, metadata) = ($"/{description.RelativePath}", description.HttpMethod!, description.ActionDescriptor.EndpointMetadata);
        operation.OperationId = IdOf(method, path);
        CompleteParameters(operation, path);
        var anonymous = metadata.OfType<IAllowAnonymous>().Any();
        var declared = metadata.OfType<Declaration>().LastOrDefault();
        operation.Description = string.Join(' ', new[]
        {
            operation.Summary,
            anonymous ? "Open to everybody." : declared is null ? "Needs a sign-in."
                : $"Needs the permission {JsonNamingPolicy.CamelCase.ConvertName(declared.Permission.ToString())}, which have: {string.Join(", ", Roles.All.Where(role => role.Allows(declared.Permission)).Select(role => role.Token()))}.",
        });
        if (anonymous)
        {
            operation.Responses?.Remove("401");
            operation.Responses?.Remove("403");
        }
        else
            operation.Security = [.. new[] { ApiDocument.Bearer, ApiDocument.Header, ApiDocument.OpenIdConnect }.Select(scheme => new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(scheme, document)] = [] })];
        if (method == HttpMethods.Post && !anonymous)
            AddHeader(operation, IdempotentRequests.HeaderName, "A key of your choice, such as a random UUID: the same request with the same key is carried out once and answered alike for 24 hours.");
        if (metadata.OfType<TaggedRoute>().LastOrDefault() is { } tagged)
            CompleteTags(operation, tagged, document);
        if (operation.RequestBody is not null)
        {
            AddProblem(operation, StatusCodes.Status413PayloadTooLarge, "Content Too Large", document);
            AddProblem(operation, StatusCodes.Status415UnsupportedMediaType, "Unsupported Media Type", document);
        }
    }

    private static void CompleteParameters(OpenApiOperation operation, string path)
    {
        operation.Parameters ??= [];
        // What a handler takes from the address by itself is a parameter all the same.
        foreach (var name in Placeholder().Matches(path).Select(match => match.Groups[1].Value).Where(name => !operation.Parameters.Any(parameter => parameter.Name == name && parameter.In == ParameterLocation.Path)))
            operation.Parameters.Insert(0, new OpenApiParameter { Name = name, In = ParameterLocation.Path, Required = true, Schema = new OpenApiSchema { Type = JsonSchemaType.String } });
        foreach (var parameter in operation.Parameters.OfType<OpenApiParameter>())
        {
            if (parameter.Name is null || !ParameterMeanings.ByName.TryGetValue(parameter.Name, out var known))
                continue;
            parameter.Description = known.Meaning;
            if (known.Format is { } format && parameter.Schema is OpenApiSchema schema)
                schema.Format = format;
        }
    }

    private static void CompleteTags(OpenApiOperation operation, TaggedRoute tagged, OpenApiDocument? document)
    {
        AddHeader(operation, tagged.Changes ? "If-Match" : "If-None-Match",
            tagged.Changes ? "The ETag that you read: with another state by now nothing is changed, and the answer is 412. Absent: whatever the state is." : "The ETag that you have: if it is still the state, the answer is 304.");
        foreach (var response in operation.Responses!.Where(response => response.Key.StartsWith('2')).Select(response => response.Value).OfType<OpenApiResponse>())
            (response.Headers ??= new Dictionary<string, IOpenApiHeader>())["ETag"] = new OpenApiHeader { Description = "The tag of the state.", Schema = new OpenApiSchema { Type = JsonSchemaType.String } };
        if (tagged.Changes)
            AddProblem(operation, StatusCodes.Status412PreconditionFailed, "Precondition Failed", document);
        else
            operation.Responses!["304"] = new OpenApiResponse { Description = "Not Modified" };
    }

    private static void AddHeader(OpenApiOperation operation, string name, string meaning) => operation.Parameters!.Add(
        new OpenApiParameter { Name = name, In = ParameterLocation.Header, Required = false, Description = meaning, Schema = new OpenApiSchema { Type = JsonSchemaType.String } });

    private static void AddProblem(OpenApiOperation operation, int status, string description, OpenApiDocument? document) => operation.Responses!.TryAdd($"{status}", new OpenApiResponse
    {
        Description = description,
        Content = new Dictionary<string, OpenApiMediaType> { ["application/problem+json"] = new() { Schema = new OpenApiSchemaReference("ProblemDetails", document) } },
    });

    // getTenantsByTenantResources: made of the address, which is contract, so that it never changes either.
    private static string IdOf(string method, string path) => method.ToLowerInvariant() + string.Concat(path.Replace("/api/v1", "", StringComparison.Ordinal).Split(['/', '-', '.'], StringSplitOptions.RemoveEmptyEntries)
        .Select(part => part.StartsWith('{') ? $"By{Capital(part.Trim('{', '}'))}" : Capital(part)));

    private static string Capital(string word) => char.ToUpperInvariant(word[0]) + word[1..];

    [GeneratedRegex(@"\{(\w+)\}", RegexOptions.NonBacktracking)]
    private static partial Regex Placeholder();
}
