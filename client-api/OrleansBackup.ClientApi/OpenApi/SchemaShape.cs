using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using OrleansBackup.ClientApi.Points;
using OrleansBackup.Domain.Invoicing;

namespace OrleansBackup.ClientApi.OpenApi;

/// <summary>What bodies look like where the framework cannot see it: values with converters of their own, names that two types share, and what may be left out.</summary>
internal static class SchemaShape
{
    /// <summary>Bodies that are called the same in different parts of the API: two descriptions under one name would be one lost.</summary>
    private static readonly ImmutableHashSet<string> Shared =
        [.. typeof(SchemaShape).Assembly.GetTypes().Where(type => type.IsPublic).GroupBy(type => type.Name).Where(group => group.Count() > 1).Select(group => group.Key)];

    public static string? NameOf(JsonTypeInfo type) => (Nullable.GetUnderlyingType(type.Type) ?? type.Type) == typeof(JsonElement) ? null : OpenApiOptions.CreateDefaultSchemaReferenceId(type) is { } name && Shared.Contains(name)
        ? $"{type.Type.Namespace!.Split('.')[^1].TrimEnd('s')}{name}"
        : OpenApiOptions.CreateDefaultSchemaReferenceId(type);

    public static void Complete(OpenApiSchema schema, Type declared)
    {
        var type = Nullable.GetUnderlyingType(declared) ?? declared;
        if (type == typeof(TimeSpan))
            (schema.Type, schema.Pattern, schema.Description) = (JsonSchemaType.String, @"^(\d+\.)?\d{2}:\d{2}:\d{2}(\.\d{1,7})?$", "A span of time: hh:mm:ss, with days in front where there are any.");
        if (type == typeof(PointAddress))
            (schema.Type, schema.Properties, schema.Description) = (JsonSchemaType.String | JsonSchemaType.Integer, null, ParameterMeanings.ByName["point"].Meaning);
        if (type == typeof(Money))
            (schema.Type, schema.Description) = (JsonSchemaType.Number, "An amount in euros.");
        if (type.IsEnum)
            (schema.Type, schema.Enum) = (JsonSchemaType.String, Words(type));
        if (ElementOf(type) is { IsEnum: true } element && schema.Items is null)
            schema.Items = OfEnum(element);
        if (type is { IsGenericType: true, GenericTypeArguments: [{ IsEnum: true }, { IsEnum: true } value] })
            (schema.Type, schema.AdditionalProperties) = (declared == type ? JsonSchemaType.Object : JsonSchemaType.Object | JsonSchemaType.Null, OfEnum(value));
        if (type == typeof(ProblemDetails))
            AddExtensions(schema);
    }

    /// <summary>Once more over everything: the framework leaves out what lies in arrays that may be null.</summary>
    public static void CompleteAll(OpenApiDocument document, IReadOnlyDictionary<string, Type> types)
    {
        foreach (var (name, component) in document.Components?.Schemas ?? new Dictionary<string, IOpenApiSchema>())
        {
            if (component is not OpenApiSchema schema || !types.TryGetValue(name, out var type))
                continue;
            Complete(schema, type);
            foreach (var property in type.GetProperties())
                if (schema.Properties?.TryGetValue(JsonNamingPolicy.CamelCase.ConvertName(property.Name), out var inner) == true && inner is OpenApiSchema { Items: null } incomplete)
                    Complete(incomplete, property.PropertyType);
        }
    }

    /// <summary>What may be null in a request may be left out as well; an answer always has all of its members.</summary>
    public static void RequireWhatAlwaysIs(OpenApiDocument document)
    {
        var (seen, open) = (new HashSet<string>(), new Stack<IOpenApiSchema>(ApiDocument.Operations(document)
            .SelectMany(operation => operation.RequestBody?.Content is { } content ? content.Values : Enumerable.Empty<OpenApiMediaType>()).Select(content => content.Schema).OfType<IOpenApiSchema>()));
        while (open.TryPop(out var next))
        {
            if (next is OpenApiSchemaReference reference && !seen.Add(reference.Reference.Id!))
                continue;
            foreach (var property in next.Properties?.Values ?? [])
                open.Push(property);
            foreach (var part in new[] { next.Items, next.AdditionalProperties }.Concat(next.OneOf ?? []).Concat(next.AllOf ?? []).Concat(next.AnyOf ?? []).OfType<IOpenApiSchema>())
                open.Push(part);
            foreach (var name in next.Properties?.Where(property => MayBeNull(property.Value)).Select(property => property.Key) ?? [])
                next.Required?.Remove(name);
        }
    }

    private static bool MayBeNull(IOpenApiSchema schema) => schema.Type?.HasFlag(JsonSchemaType.Null) == true || schema.OneOf?.Any(one => one.Type == JsonSchemaType.Null) == true || schema is { Type: null, OneOf: null } and not OpenApiSchemaReference;

    private static Type? ElementOf(Type type) => type.IsGenericType && type.GenericTypeArguments is [var only] && typeof(System.Collections.IEnumerable).IsAssignableFrom(type) ? only : type.GetElementType();

    private static OpenApiSchema OfEnum(Type type) => new() { Type = JsonSchemaType.String, Enum = Words(type) };

    private static List<JsonNode> Words(Type type) => [.. Enum.GetNames(type).Select(name => (JsonNode)JsonNamingPolicy.CamelCase.ConvertName(name))];

    private static void AddExtensions(OpenApiSchema problem)
    {
        problem.Properties ??= new Dictionary<string, IOpenApiSchema>();
        problem.Properties["field"] = new OpenApiSchema { Type = JsonSchemaType.String, Description = "The part of the request that is wrong; with status 400." };
        problem.Properties["currentTag"] = new OpenApiSchema { Type = JsonSchemaType.String, Description = "The ETag of the present state; with status 412." };
        problem.Properties["traceId"] = new OpenApiSchema { Type = JsonSchemaType.String, Description = "What the server's log knows this request by." };
    }
}
