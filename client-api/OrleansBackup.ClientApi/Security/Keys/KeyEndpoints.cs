using System.Collections.Immutable;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Orleans;
using OrleansBackup.ClientApi.Audit;
using OrleansBackup.ClientApi.Changes;
using OrleansBackup.ClientApi.Lists;
using OrleansBackup.ClientApi.Problems;
using OrleansBackup.Domain.Access;
using OrleansBackup.Domain.Audit;
using OrleansBackup.Domain.Identity;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Access;

namespace OrleansBackup.ClientApi.Security.Keys;

/// <summary>API keys over the API. Nobody makes, renews, ends or sees a key that could do more than he can himself.</summary>
internal static class KeyEndpoints
{
    private static readonly TimeSpan UsualLife = TimeSpan.FromDays(90);
    private static readonly TimeSpan UsualGrace = TimeSpan.FromDays(1);

    private static readonly ListOrder<AccessKey> Order = new(
        key => $"{key.Id:D}", ("name", key => key.Name), ("madeAt", key => SortText.Of(key.MadeAt)), ("expiresAt", key => SortText.Of(key.ExpiresAt)), ("lastUsedAt", key => SortText.Of(key.LastUsedAt)));

    public static void MapKeys(this IEndpointRouteBuilder api)
    {
        var keys = api.MapGroup("/keys").WithTags("Access");
        keys.MapGet("", List).Needs(Permission.ManageAccess, Reach.CallersTenants).WithSummary("Lists the API keys that the caller may manage, also those that have ended.");
        keys.MapPost("", Create).Needs(Permission.ManageAccess, Reach.CallersTenants).Audited(AuditActs.CreateKey, withBody: true).WithMetadata(new AnswerHoldsSecret())
            .WithSummary("Makes an API key and shows its secret this once. It can do no more than its maker, and acts for him.");
        keys.MapGet("/{key}", Get).Needs(Permission.ManageAccess, Reach.CallersTenants).WithSummary("Describes an API key, never its secret.");
        keys.MapPost("/{key}/rotations", Rotate).Needs(Permission.ManageAccess, Reach.CallersTenants).Audited(AuditActs.RotateAccessKey, withBody: true).WithMetadata(new AnswerHoldsSecret())
            .WithSummary("Gives a key another secret, shown this once, and its whole life anew; the secret before is taken for a while.");
        keys.MapDelete("/{key}", Revoke).Needs(Permission.ManageAccess, Reach.CallersTenants).Audited(AuditActs.RevokeKey).WithSummary("Ends a key at once and for ever. Safe to repeat.");
        api.MapGet("/me", Me).Needs(Permission.SeeCatalogue, Reach.Nothing).WithTags("Access").WithSummary("Says who the caller is here: roles, tenants and what he may.");
    }

    private static Ok<CallerBody> Me(HttpContext context) => TypedResults.Ok(CallerBody.Of(context.Caller()));

    public static async Task<Ok<KeyListBody>> List(
        HttpContext context, IGrainFactory grains, TimeProvider time, CancellationToken cancellation, bool? valid = null, string? name = null, string? sort = null, string? after = null, int? limit = null)
    {
        var (caller, now) = (context.Caller(), time.GetUtcNow());
        var keys = (await grains.AccessKeys().List(cancellation)).Where(key => caller.Covers(key.Roles, key.Tenants) && (valid is null || key.IsLive(now) == valid) && ListParts.Passes(name, key.Name));
        var (part, next) = Order.Take(keys, sort, after, ListParts.Limit(limit));
        return TypedResults.Ok(new KeyListBody([.. part.Select(key => KeyBody.Of(key, now))]) { Next = next });
    }

    private static async Task<Ok<KeyBody>> Get(string key, HttpContext context, IGrainFactory grains, TimeProvider time, CancellationToken cancellation) =>
        TypedResults.Ok(KeyBody.Of(await FindAsync(key, context.Caller(), grains, cancellation), time.GetUtcNow()));

    public static async Task<Created<KeyWithSecretBody>> Create(KeyOrderBody body, HttpContext context, ApiKeys configured, IGrainFactory grains, TimeProvider time, CancellationToken cancellation)
    {
        var caller = context.Caller();
        var name = string.IsNullOrWhiteSpace(body.Name) ? throw new ProblemException(Problem.FieldMissing("name")) : body.Name;
        var roles = body.Roles is { IsDefault: false } given ? given.Select(ReadRole).ToImmutableArray() : throw new ProblemException(Problem.FieldMissing("roles"));
        ImmutableArray<TenantId>? tenants = body.Tenants is { IsDefault: false } some ? [.. some.Select((tenant, at) => AddressParts.Tenant(tenant, $"tenants[{at}]"))] : null;
        if (KeyRules.Problem(name, roles, tenants, body.Life ?? UsualLife) is var (field, problem))
            throw new ProblemException(Problem.InvalidField(field, problem));
        if (!caller.Covers(roles, tenants))
            throw new ProblemException(Problem.NotAllowed("A key can do no more than its maker: leave out roles that you do not have, and name only tenants that you reach."));
        if (configured.IsHolder(name))
            throw new ProblemException(Problem.InvalidField("name", $"A configured key is called '{name}' already."));
        var secret = KeySecret.New();
        var order = new AccessKeyOrder(name, roles, tenants, body.Life ?? UsualLife, caller.Name);
        var key = await grains.AccessKeys().Create(order, new AccessSecret(KeySecret.Hash(secret), caller.Person), cancellation);
        return TypedResults.Created($"/api/v1/keys/{key.Id}", WithSecret(context, key, secret, time));
    }

    public static async Task<Ok<KeyWithSecretBody>> Rotate(string key, KeyRotationBody? body, HttpContext context, IGrainFactory grains, TimeProvider time, CancellationToken cancellation)
    {
        var caller = context.Caller();
        var found = await FindAsync(key, caller, grains, cancellation);
        var secret = KeySecret.New();
        var rotated = await grains.AccessKeys().Rotate(found.Id, new AccessSecret(KeySecret.Hash(secret), caller.Person), body?.Grace ?? UsualGrace, cancellation);
        return TypedResults.Ok(WithSecret(context, rotated, secret, time));
    }

    public static async Task<Ok<KeyBody>> Revoke(string key, HttpContext context, IGrainFactory grains, TimeProvider time, CancellationToken cancellation)
    {
        var found = await FindAsync(key, context.Caller(), grains, cancellation);
        return TypedResults.Ok(KeyBody.Of(await grains.AccessKeys().Revoke(found.Id, context.Caller().Name, cancellation), time.GetUtcNow()));
    }

    private static KeyWithSecretBody WithSecret(HttpContext context, AccessKey key, string secret, TimeProvider time)
    {
        context.Response.Headers.CacheControl = "no-store";
        return new(KeyBody.Of(key, time.GetUtcNow()), secret);
    }

    /// <summary>A key that could do more than the caller is as one that there is not.</summary>
    private static async Task<AccessKey> FindAsync(string key, Caller caller, IGrainFactory grains, CancellationToken cancellation)
    {
        var id = Guid.TryParseExact(key, "D", out var parsed) ? parsed : throw new ProblemException(Problem.InvalidField("key", "'key' must be an id as the list gives it: a GUID."));
        var found = (await grains.AccessKeys().List(cancellation)).FirstOrDefault(one => one.Id == id);
        return found is not null && caller.Covers(found.Roles, found.Tenants) ? found : throw new NotFoundException("There is no such API key among those that you may manage.");
    }

    private static Role ReadRole(string text, int at) => Roles.TryParse(text, out var role) ? role
        : throw new ProblemException(Problem.InvalidField($"roles[{at}]", $"A role is one of: {Roles.Choices}."));
}
