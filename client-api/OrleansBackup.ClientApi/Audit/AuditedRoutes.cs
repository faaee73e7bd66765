using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans;
using OrleansBackup.ClientApi.Security;
using OrleansBackup.Domain.Access;
using OrleansBackup.Domain.Identity;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Audit;
using OrleansBackup.GrainInterfaces.Resources;

namespace OrleansBackup.ClientApi.Audit;

/// <summary>Which act a route is, for the audit book.</summary>
/// <param name="WithBody">Whether the body is written down as well: only of routes whose bodies hold no secret and nobody's personal data.</param>
internal sealed record AuditedAct(string Act, bool WithBody);

/// <summary>A form of a page that says the same as a body of the API.</summary>
internal interface IAuditedForm
{
    /// <summary>What to write down of it; null: it says nothing that can be read.</summary>
    object? Asked { get; }
}

/// <summary>Writes privileged acts into the tenant's audit book, or the provider's, before they are done; and that they were refused.</summary>
/// <remarks>An act that cannot be written down is not done: the caller gets the error of the book.</remarks>
internal static class AuditedRoutes
{
    private const string Root = "/api/v1/";

    public static RouteHandlerBuilder Audited(this RouteHandlerBuilder route, string act, bool withBody = false)
    {
        route.WithMetadata(new AuditedAct(act, withBody));
        route.AddEndpointFilter(new Func<EndpointFilterInvocationContext, EndpointFilterDelegate, ValueTask<object?>>(InvokeAsync));
        return route;
    }

    private static async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        var (act, cancellation) = (http.GetEndpoint()!.Metadata.GetRequiredMetadata<AuditedAct>(), http.RequestAborted);
        var grains = http.RequestServices.GetRequiredService<IGrainFactory>();
        var (actor, subject) = (http.User.Identity?.Name ?? "", SubjectOf(http.Request));
        var (book, facts) = await BookAsync(http, grains, cancellation);
        if (http.Request.QueryString.HasValue)
            facts.Add(("query", Uri.UnescapeDataString(http.Request.QueryString.Value!)));
        if (http.CallerOrNull() is { } caller && caller.Person != Person.Canonical(caller.Name))
            facts.Add(("person", caller.Person));
        if (act.WithBody && context.Arguments.Select(AskedIn).FirstOrDefault(asked => asked is not null) is { } body)
            facts.Add(("asked", JsonSerializer.Serialize(body, body.GetType(), http.RequestServices.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions)));
        await book.NoteAsync(actor, act.Act, subject, cancellation, [.. facts]);
        try
        {
            return await next(context);
        }
        catch (Exception exception) when (!cancellation.IsCancellationRequested)
        {
            await book.NoteAsync(actor, act.Act, subject, cancellation, ("outcome", "refused"), ("problem", exception.GetType().Name));
            throw;
        }
    }

    private static object? AskedIn(object? argument) => argument is IAuditedForm form ? form.Asked
        : argument?.GetType().Namespace?.StartsWith(typeof(ClientApiHosting).Namespace!, StringComparison.Ordinal) == true ? argument : null;

    /// <summary>Entries about tenants that there are not must not make books of their own.</summary>
    private static async Task<(IAuditGrain Book, List<(string, string)> Facts)> BookAsync(HttpContext http, IGrainFactory grains, CancellationToken cancellation)
    {
        if (!TenantId.TryParse(http.Request.RouteValues["tenant"]?.ToString(), out var tenant))
            return (grains.ProviderAudit(), []);
        try
        {
            await grains.Tenant(tenant).GetName(cancellation);
            return (grains.Audit(tenant), []);
        }
        catch (NotFoundException)
        {
            return (grains.ProviderAudit(), [("tenant", "unknown")]);
        }
    }

    private static string SubjectOf(HttpRequest request)
    {
        var path = Uri.UnescapeDataString(request.Path.Value ?? "");
        return path.StartsWith(Root, StringComparison.Ordinal) ? path[Root.Length..] : path.TrimStart('/');
    }
}
