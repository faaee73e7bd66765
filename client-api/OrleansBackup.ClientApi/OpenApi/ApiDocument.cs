using System.Collections.Concurrent;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;
using OrleansBackup.ClientApi.Security;
using OrleansBackup.ClientApi.Security.OpenId;

namespace OrleansBackup.ClientApi.OpenApi;

/// <summary>What the published description says beyond what the code shows by itself: how to sign in, what belongs together, and an example of everything.</summary>
internal static class ApiDocument
{
    internal const string Bearer = "bearer";
    internal const string Header = "apiKeyHeader";
    internal const string OpenIdConnect = "openIdConnect";

    private static readonly Dictionary<string, string> Tags = new()
    {
        ["Tenants"] = "Customers: taking one into service, its settings, where its backups lie, and its end.",
        ["Resources"] = "What is protected, mailboxes, drives, sites and teams: how each stands, what it waits for, and its upkeep.",
        ["Runs"] = "Attempts to back up a resource: starting, watching and stopping them.",
        ["Restore points"] = "Sealed states by number or by day: browsing, searching, comparing and downloading.",
        ["Openings"] = "Restore points opened for some hours, to be read with a file manager or a mail program.",
        ["Restores"] = "Jobs that put things back: previewed, started, watched, with an outcome for each item.",
        ["Restore requests"] = "Restores that a customer asked for, from the request to its confirmation.",
        ["Rehearsals"] = "Proof that what is stored comes back: samples that nobody could choose, and signed records.",
        ["Coverage"] = "What is in the backup, how it comes back, and what Microsoft makes impossible.",
        ["Subscriptions"] = "Who hears of which events, by signed calls or by mail, and whether that arrived.",
        ["Notices"] = "Whom of a customer to tell things, what was told, and by which ways.",
        ["Audit"] = "Who did what, in books that anybody can verify.",
        ["Billing"] = "Usage, invoices, payments, work that was done, and prices.",
        ["Contracts"] = "What was agreed with a customer, what follows from it, and what is sold.",
        ["Reports"] = "Months as they were, frozen: what is and what is not in the backup.",
        ["Checks"] = "The check of every working day, and the incidents that failures are put down to.",
        ["Operations"] = "The provider's own work over all tenants.",
        ["Erasure searches"] = "Finding what names one person in all restore points, and taking it out, by two persons.",
        ["Documents"] = "How long the provider keeps his own documents, and what was deleted after its term.",
        ["Exports"] = "Everything of a customer in open files, with a signed list of hashes.",
        ["Access"] = "Who may sign in, and with which keys.",
        ["Problems"] = "Every kind of error with its cause and its cure.",
        ["Health"] = "Whether a process lives and should get requests.",
    };

    public static void Configure(OpenApiOptions options)
    {
        var types = new ConcurrentDictionary<string, Type>();
        options.CreateSchemaReferenceId = type =>
        {
            var name = SchemaShape.NameOf(type);
            if (name is not null)
                types[name] = Nullable.GetUnderlyingType(type.Type) ?? type.Type;
            return name;
        };
        options.AddSchemaTransformer((schema, context, _) =>
        {
            SchemaShape.Complete(schema, context.JsonTypeInfo.Type);
            return Task.CompletedTask;
        });
        options.AddOperationTransformer((operation, context, _) =>
        {
            OperationShape.Complete(operation, context.Description, context.Document);
            return Task.CompletedTask;
        });
        options.AddDocumentTransformer((document, context, _) =>
        {
            Describe(document, context.ApplicationServices.GetRequiredService<IConfiguration>());
            SchemaShape.CompleteAll(document, types);
            SchemaShape.RequireWhatAlwaysIs(document);
            Examples.Add(document);
            return Task.CompletedTask;
        });
    }

    public static IEnumerable<OpenApiOperation> Operations(OpenApiDocument document) => document.Paths.Values.SelectMany(path => path.Operations is { } operations ? operations.Values : Enumerable.Empty<OpenApiOperation>());

    private static void Describe(OpenApiDocument document, IConfiguration configuration)
    {
        document.Info = new OpenApiInfo
        {
            Title = "OrleansBackup",
            Version = "v1",
            Description = "Takes the Microsoft 365 tenants of a provider's customers into daily backup and puts back what was deleted. "
                + "Every error is a problem document (RFC 9457): its type is stable, its detail says what to do, and its field names the part of a request that is wrong; /api/v1/problems explains every type. "
                + "Lists are read in parts: give what a part gives as next as after. Every POST takes an Idempotency-Key; what has an ETag takes If-Match when it is changed. Times are RFC 3339.",
            Contact = new OpenApiContact { Name = "The provider that runs this server" },
        };
        document.Servers = [new OpenApiServer { Url = "/", Description = "The server that was asked; it is known under more than one address." }];
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
        {
            [Bearer] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "An API key of this server, or a token of its OpenID Connect provider." },
            [Header] = new OpenApiSecurityScheme { Type = SecuritySchemeType.ApiKey, In = ParameterLocation.Header, Name = CallerAuthentication.HeaderName, Description = "An API key of this server." },
        };
        DescribeOpenId(document, configuration[$"{OpenIdOptions.Section}:{nameof(OpenIdOptions.Authority)}"]);
        var used = Operations(document).SelectMany(operation => operation.Tags ?? new HashSet<OpenApiTagReference>()).Select(tag => tag.Name).ToHashSet();
        document.Tags = Tags.Where(tag => used.Contains(tag.Key)).Select(tag => new OpenApiTag { Name = tag.Key, Description = tag.Value }).ToHashSet();
    }

    /// <summary>A server without a provider takes no tokens: then nothing says that it does.</summary>
    private static void DescribeOpenId(OpenApiDocument document, string? authority)
    {
        if (!string.IsNullOrEmpty(authority))
        {
            document.Components!.SecuritySchemes![OpenIdConnect] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.OpenIdConnect, Description = "Signing in with the provider that this server is configured with.",
                OpenIdConnectUrl = new Uri($"{authority.TrimEnd('/')}/.well-known/openid-configuration"),
            };
            return;
        }
        foreach (var operation in Operations(document))
            foreach (var requirement in operation.Security?.Where(requirement => requirement.Keys.Any(scheme => scheme.Reference.Id == OpenIdConnect)).ToArray() ?? [])
                operation.Security!.Remove(requirement);
    }
}
