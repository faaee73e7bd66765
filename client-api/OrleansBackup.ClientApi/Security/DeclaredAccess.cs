using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using OrleansBackup.Domain.Access;
using OrleansBackup.Domain.Identity;

namespace OrleansBackup.ClientApi.Security;

/// <summary>The one rule of the whole service: what the endpoint declares, the role table and the caller's tenants must agree.</summary>
internal sealed class DeclaredAccess : AuthorizationHandler<DeclaredAccess.Requirement>
{
    internal sealed class Requirement : IAuthorizationRequirement;

    public static AuthorizationPolicy Policy { get; } = new AuthorizationPolicyBuilder().RequireAuthenticatedUser().AddRequirements(new Requirement()).Build();

    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, Requirement requirement)
    {
        if (context.Resource is HttpContext http && CallerClaims.Read(context.User) is { } caller && Refusal(http, caller) is null)
            context.Succeed(requirement);
        return Task.CompletedTask;
    }

    /// <returns>Why the caller may not; null: he may.</returns>
    /// <remarks>Asks nothing of any grain: a tenant of somebody else is refused alike whether it exists or not.</remarks>
    public static string? Refusal(HttpContext http, Caller caller)
    {
        // Without an endpoint, or with the framework's own for a wrong method or content type, there is nothing to protect: they say so themselves.
        if (http.GetEndpoint() is not RouteEndpoint endpoint)
            return null;
        if (endpoint.Metadata.GetMetadata<Declaration>() is not { } declared)
            return "This address is open to nobody: it does not say who may use it. This is a fault of the server.";
        if (!caller.May(declared.Permission))
            return $"This takes one of these roles: {string.Join(", ", Roles.All.Where(role => role.Allows(declared.Permission)).Select(role => role.Token()))}. Ask an administrator for an API key or a sign-in with it.";
        if (declared.Reach != Reach.Address || caller.AllTenants)
            return null;
        if (ReachesTenantOf(http, caller) is { } tenant)
            return caller.May(declared.Permission, tenant) ? null
                : "What is in the backups of this tenant is open to those of its contacts only who may ask for restores. Ask whoever manages its contacts.";
        return http.Request.RouteValues.ContainsKey("tenant") ? "This is not one of the tenants that you may see."
            : "This concerns all tenants, and you may see only some.";
    }

    private static TenantId? ReachesTenantOf(HttpContext http, Caller caller) =>
        TenantId.TryParse(http.Request.RouteValues["tenant"]?.ToString(), out var tenant) && caller.Reaches(tenant) ? tenant : null;
}
