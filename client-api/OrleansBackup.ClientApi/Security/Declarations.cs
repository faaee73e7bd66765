using Microsoft.AspNetCore.Builder;
using OrleansBackup.Domain.Access;

namespace OrleansBackup.ClientApi.Security;

/// <summary>Which tenants an address concerns, and so how far its caller must reach.</summary>
public enum Reach
{
    /// <summary>The tenant in the address. An address without one concerns all: only callers of all tenants may.</summary>
    Address = 0,

    /// <summary>The endpoint itself gives and changes only what <see cref="Caller.Reaches"/>: lists across tenants.</summary>
    CallersTenants,

    /// <summary>Nothing of any tenant.</summary>
    Nothing,
}

/// <summary>What an endpoint needs of its caller. An endpoint without this, and not open to strangers, answers nobody.</summary>
public sealed record Declaration(Permission Permission, Reach Reach);

/// <summary>How an endpoint says what it needs.</summary>
public static class Declarations
{
    /// <summary>Only for callers whose role has the permission, and who reach the tenant in the address.</summary>
    public static TBuilder Needs<TBuilder>(this TBuilder endpoint, Permission permission, Reach reach = Reach.Address)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new Declaration(permission, reach));
}
